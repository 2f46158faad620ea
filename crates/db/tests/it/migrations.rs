//! Changes of the schema, there and back.

use diesel::{RunQueryDsl, sql_types::Text};
use saoma_contract::values::{login, scan};
use saoma_db::{Migrations, SqliteStore};
use saoma_domain::ports::Logins;
use tempfile::TempDir;

use crate::support::{OtherProgram, on_disk, url};

#[derive(diesel::QueryableByName)]
struct Statement {
    #[diesel(sql_type = Text)]
    sql: String,
}

/// Returns how the tables and indexes were made, but for the table that says which changes were made.
fn schema(directory: &TempDir) -> Vec<String> {
    let query = "SELECT sql FROM sqlite_master \
                 WHERE sql IS NOT NULL AND name NOT IN ('saoma_migrations', 'sqlite_sequence') ORDER BY type, name";
    let mut other = OtherProgram::at(directory);
    let statements: Vec<Statement> = diesel::sql_query(query).load(other.connection()).unwrap();
    statements.into_iter().map(|statement| statement.sql).collect()
}

#[tokio::test]
async fn going_back_and_up_again_leaves_the_same_schema() {
    let (database, directory) = on_disk().await;
    let up = schema(&directory);
    assert!(up.iter().any(|sql| sql.starts_with("CREATE TABLE saoma_logins")), "{up:#?}");

    let taken_back = database.revert_migrations().await.unwrap();
    assert_eq!(schema(&directory), Vec::<String>::new());
    let mut made = database.migrate().await.unwrap();
    assert_eq!(schema(&directory), up);
    made.reverse();
    assert_eq!(made, taken_back);
}

#[tokio::test]
async fn what_is_pending_is_named_until_it_is_made() {
    let directory = tempfile::tempdir().unwrap();
    let database = SqliteStore::connect(&url(&directory)).await.unwrap();
    let pending = database.migrations_pending().await.unwrap();
    assert!(pending.first().is_some_and(|name| name.ends_with("initial_schema")), "{pending:?}");
    assert_eq!(database.migrate().await.unwrap(), pending);
    assert!(database.migrations_pending().await.unwrap().is_empty());
    assert!(database.migrate().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_tables_of_an_embedder_are_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let mut other = OtherProgram::at(&directory);
    for table in ["accounts", "sessions", "__diesel_schema_migrations"] {
        other.run(&format!("CREATE TABLE {table} (theirs TEXT); INSERT INTO {table} VALUES ('kept')"));
    }
    let theirs = schema(&directory);
    let database = SqliteStore::connect(&url(&directory)).await.unwrap();
    database.migrate().await.unwrap();
    database.take_scan(scan(login(1), "oAnna")).await.unwrap();
    database.revert_migrations().await.unwrap();
    assert_eq!(schema(&directory), theirs);
    for table in ["accounts", "sessions", "__diesel_schema_migrations"] {
        other.run(&format!("UPDATE {table} SET theirs = 'still' WHERE theirs = 'kept'"));
    }
}
