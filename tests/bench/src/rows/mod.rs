//! Rows made by SQL: persons with accounts, and their sessions.

mod dialect;

use std::{ops::Range, path::Path};

use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
use tokio_postgres::NoTls;

use dialect::{Dialect, POSTGRES, SQLITE};

use crate::logins::OldSession;

/// The database of a service, beside it.
pub(crate) enum Database {
    Sqlite(String),
    Postgres(tokio_postgres::Client),
}

/// Returns the openid of a person who was made here.
pub(crate) fn openid(person: u64) -> String {
    format!("oBench{person:022}")
}

/// Returns the phone number of a person who was made here.
pub(crate) fn phone(person: u64) -> String {
    format!("+8613{person:09}")
}

/// Returns the site's own id of a person who was made here.
pub(crate) fn external_id(person: u64) -> String {
    format!("c{person:09}")
}

impl Database {
    /// Opens a file.
    pub(crate) fn sqlite(file: &Path) -> Self {
        Self::Sqlite(file.display().to_string())
    }

    /// Connects to a server.
    pub(crate) async fn postgres(url: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        Self::Postgres(client)
    }

    fn dialect(&self) -> &'static Dialect {
        match self {
            Self::Sqlite(_) => &SQLITE,
            Self::Postgres(_) => &POSTGRES,
        }
    }

    /// Adds persons, each with an account and an identity of the app `main`.
    pub(crate) async fn add_persons(&self, numbers: Range<u64>) {
        let dialect = self.dialect();
        self.run(&dialect.accounts(numbers.clone())).await;
        self.run(&dialect.identities(numbers)).await;
    }

    /// Adds a session for each person, of which no client has the token; past ones are to be pruned.
    pub(crate) async fn add_sessions(&self, numbers: Range<u64>, are_past: bool) {
        self.run(&self.dialect().sessions(numbers, are_past)).await;
    }

    /// Adds sessions whose tokens are known.
    pub(crate) async fn add_known_sessions(&self, sessions: &[OldSession]) {
        self.run(&self.dialect().known_sessions(sessions)).await;
    }

    /// Lets the planner see what there is.
    pub(crate) async fn analyze(&self) {
        self.run("ANALYZE").await;
    }

    /// Returns how many past sessions there are.
    pub(crate) async fn past_sessions(&self) -> i64 {
        let query = "SELECT count(*) AS number FROM saoma_sessions WHERE prune_at = 1";
        match self {
            Self::Sqlite(file) => {
                use diesel::RunQueryDsl;
                let counted: Counted = diesel::sql_query(query).get_result(&mut connect(file)).unwrap();
                counted.number
            }
            Self::Postgres(client) => client.query_one(query, &[]).await.unwrap().get(0),
        }
    }

    async fn run(&self, statement: &str) {
        match self {
            Self::Sqlite(file) => connect(file).batch_execute(statement).unwrap(),
            Self::Postgres(client) => client.batch_execute(statement).await.unwrap(),
        }
    }
}

#[derive(diesel::QueryableByName)]
struct Counted {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    number: i64,
}

fn connect(file: &str) -> SqliteConnection {
    let mut connection = SqliteConnection::establish(file).unwrap();
    connection.batch_execute("PRAGMA busy_timeout = 60000; PRAGMA synchronous = NORMAL").unwrap();
    connection
}
