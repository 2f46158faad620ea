//! The adapter on PostgreSQL, where `SAOMA_TEST_POSTGRES_URL` names a server (see the package saoma-servers).

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests are allowed to, but with a harness of its own this is not known for one"
)]

mod server;

use std::process::ExitCode;

use saoma_db::{ConnectError, PostgresStore};
use saoma_servers::{PgBouncer, Postgres};
use server::{Kind, OtherProgram, Own};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

enum OnPostgres {}

impl Kind for OnPostgres {
    const VARIABLE: &'static str = "SAOMA_TEST_POSTGRES_URL";
    const COPIES: bool = true;
    type Store = PostgresStore;
    type Own = Postgres;
    type OtherProgram = Client;

    async fn connect(url: &str) -> Result<PostgresStore, ConnectError> {
        PostgresStore::connect(url).await
    }

    async fn start(settings: &[&str], files: &[(&str, &str)]) -> Postgres {
        Postgres::start_with(settings, files).unwrap_or_else(|error| panic!("{error}"))
    }

    fn tls_settings() -> &'static [&'static str] {
        &["ssl=on", "ssl_cert_file=name.pem", "ssl_key_file=name.key"]
    }

    async fn other(url: &str) -> Client {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("the server is there");
        tokio::spawn(connection);
        client
    }

    async fn schema(other: &mut Client) -> Vec<String> {
        let query = "SELECT concat_ws(' ', table_name, column_name, data_type, collation_name, is_nullable, \
                 column_default, is_identity) AS line \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'saoma_migrations' \
             UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'saoma_migrations' \
             UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint \
                 WHERE connamespace = 'public'::regnamespace AND contype = 'f' \
             ORDER BY line";
        other.texts(query).await
    }
}

impl Own for Postgres {
    fn url(&self) -> String {
        Postgres::url(self, "saoma")
    }

    fn kill(&mut self) {
        Postgres::kill(self);
    }

    async fn restart(&mut self) {
        Postgres::restart(self).unwrap_or_else(|error| panic!("{error}"));
    }
}

impl OtherProgram for Client {
    async fn run(&mut self, sql: &str) {
        self.batch_execute(sql).await.expect("the statement is right");
    }

    async fn texts(&mut self, sql: &str) -> Vec<String> {
        let messages = self.simple_query(sql).await.expect("the statement is right");
        let row = |message: &SimpleQueryMessage| {
            let SimpleQueryMessage::Row(row) = message else { return None };
            row.get(0).map(str::to_owned)
        };
        messages.iter().filter_map(row).collect()
    }
}

async fn a_pooler_that_shares_sessions_is_noticed_and_no_server_is_taken_for_one() {
    let direct = std::env::var(OnPostgres::VARIABLE).expect("a server is given");
    assert_eq!(saoma_db::advice(&direct).await.unwrap(), None);
    let port = url::Url::parse(&direct).unwrap().port().unwrap();
    let Some(pooler) = PgBouncer::before(port).unwrap() else {
        println!("left out: pgbouncer is not installed");
        return;
    };
    let behind = direct.replace(&format!(":{port}/"), &format!(":{}/", pooler.port()));
    match saoma_db::advice(&behind).await {
        Ok(advice) => assert!(advice.is_some_and(|advice| advice.contains("ALTER ROLE")), "1.21 and newer"),
        Err(error) => assert!(error.to_string().contains("max_prepared_statements"), "{error}"),
    }
}

async fn tables_can_be_in_a_schema_of_ones_choice() {
    let url = server::empty::<OnPostgres>().await;
    let mut other = OnPostgres::other(&url).await;
    let in_schema = |name: &str| format!("{url}{}schema={name}", if url.contains('?') { '&' } else { '?' });
    let made = saoma_contract::all_at_once((0..4).map(|_| {
        let url = in_schema("log_in");
        async move {
            let database = saoma_db::connect(&url).await.expect("the schema is made");
            database.migrate().await.expect("the tables are made").len()
        }
    }));
    let changes: usize = made.await.into_iter().sum();
    let elsewhere = saoma_db::connect(&in_schema("second")).await.unwrap();
    assert_eq!(elsewhere.migrate().await.unwrap().len(), changes, "two services share a database");
    let tables = "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename LIKE 'saoma\\_%' ORDER BY 1";
    assert_eq!(other.texts(tables).await, ["log_in", "second"]);
}

fn main() -> ExitCode {
    server::main::<OnPostgres>(vec![
        ("tables_can_be_in_a_schema_of_ones_choice", || Box::pin(tables_can_be_in_a_schema_of_ones_choice())),
        ("a_pooler_that_shares_sessions_is_noticed_and_no_server_is_taken_for_one", || {
            Box::pin(a_pooler_that_shares_sessions_is_noticed_and_no_server_is_taken_for_one())
        }),
    ])
}
