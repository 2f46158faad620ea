//! The adapter on MariaDB, where `SAOMA_TEST_MARIADB_URL` names a server (see the package saoma-servers).

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests are allowed to, but with a harness of its own this is not known for one"
)]

mod server;

use std::process::ExitCode;

use mysql_async::{Conn, prelude::Queryable};
use saoma_db::{ConnectError, Migrations, MysqlStore};
use saoma_servers::MariaDb;
use server::{Kind, OtherProgram, Own, empty, opened};

enum OnMariaDb {}

impl Kind for OnMariaDb {
    const VARIABLE: &'static str = "SAOMA_TEST_MARIADB_URL";
    const COPIES: bool = false;
    type Store = MysqlStore;
    type Own = MariaDb;
    type OtherProgram = Conn;

    async fn connect(url: &str) -> Result<MysqlStore, ConnectError> {
        MysqlStore::connect(url).await
    }

    async fn start(settings: &[&str], files: &[(&str, &str)]) -> MariaDb {
        // A commit has to leave the process for the cases that kill it.
        let settings: Vec<_> = settings.iter().copied().chain(["innodb-flush-log-at-trx-commit=2"]).collect();
        MariaDb::start_with(&settings, files).unwrap_or_else(|error| panic!("{error}"))
    }

    fn tls_settings() -> &'static [&'static str] {
        &["ssl-cert=name.pem", "ssl-key=name.key"]
    }

    async fn other(url: &str) -> Conn {
        Conn::from_url(url).await.expect("the server is there")
    }

    async fn schema(other: &mut Conn) -> Vec<String> {
        let query = "SELECT CONCAT_WS(' ', table_name, column_name, column_type, collation_name, is_nullable, \
                 column_default, extra) AS line \
             FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name <> 'saoma_migrations' \
             UNION ALL SELECT CONCAT_WS(' ', table_name, index_name, non_unique, seq_in_index, column_name) \
             FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name <> 'saoma_migrations' \
             UNION ALL SELECT CONCAT_WS(' ', table_name, constraint_name, referenced_table_name) \
             FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() \
             ORDER BY line";
        other.texts(query).await
    }
}

impl Own for MariaDb {
    fn url(&self) -> String {
        MariaDb::url(self, "saoma")
    }

    fn kill(&mut self) {
        MariaDb::kill(self);
    }

    async fn restart(&mut self) {
        MariaDb::restart(self).unwrap_or_else(|error| panic!("{error}"));
    }
}

impl OtherProgram for Conn {
    async fn run(&mut self, sql: &str) {
        self.query_drop(sql).await.expect("the statement is right");
    }

    async fn texts(&mut self, sql: &str) -> Vec<String> {
        self.query(sql).await.expect("the statement is right")
    }
}

async fn a_change_that_was_cut_off_in_the_middle_is_finished() {
    let url = empty::<OnMariaDb>().await;
    let database = opened::<OnMariaDb>(&url).await;
    let mut other = OnMariaDb::other(&url).await;
    let whole = OnMariaDb::schema(&mut other).await;
    other.run("DELETE FROM saoma_migrations; DROP TABLE saoma_audit; DROP TABLE saoma_one_time_codes").await;
    let all = database.migrate().await.map(|made| made.len());
    assert_eq!(OnMariaDb::schema(&mut other).await, whole);

    // The last change may also have been made as a whole, without that being noted.
    other.run("DELETE FROM saoma_migrations ORDER BY name DESC LIMIT 1").await;
    assert_eq!(database.migrate().await.map(|made| made.len()), Ok(1));
    let down = database.revert_migrations().await.map(|made| made.len());
    assert_eq!(down, all);
    assert_eq!(database.migrate().await.map(|made| made.len()), all);
    assert_eq!(OnMariaDb::schema(&mut other).await, whole);
}

async fn a_wrong_password_is_refused_and_not_shown() {
    let url = empty::<OnMariaDb>().await.replace(":saoma@", ":hunter2@");
    let error = MysqlStore::connect(&url).await.expect_err("the password is wrong");
    assert!(matches!(error, ConnectError::NoConnection { .. }), "{error:?}");
    assert!(error.to_string().contains("Access denied"), "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
}

fn main() -> ExitCode {
    server::main::<OnMariaDb>(vec![
        ("a_change_that_was_cut_off_in_the_middle_is_finished", || {
            Box::pin(a_change_that_was_cut_off_in_the_middle_is_finished())
        }),
        ("a_wrong_password_is_refused_and_not_shown", || {
            Box::pin(a_wrong_password_is_refused_and_not_shown())
        }),
    ])
}
