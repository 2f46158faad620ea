//! Changes of the schema, there and back.

use diesel::{RunQueryDsl, sql_types::Text};
use saoma_contract::values::{binding, login, scan};
use saoma_db::{Migrations, SqliteStore};
use saoma_domain::ports::{Bound, Health, Logins};
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

/// Returns the statements that the changes of the initial schema make, each with the name of its change.
fn statements_of_changes(dialect: &str) -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(dialect);
    let mut names: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    let mut statements = Vec::new();
    names.retain(|name| !name.to_string_lossy().ends_with("_initial_schema"));
    for name in names {
        let text = std::fs::read_to_string(folder.join(&name).join("up.sql")).unwrap();
        let code: Vec<&str> = text.lines().map(|line| line.split("--").next().unwrap()).collect();
        let code = code.join(" ");
        let each = code.split(';').map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
        let name = name.into_string().unwrap();
        statements.extend(each.filter(|text| !text.is_empty()).map(|text| (name.clone(), text)));
    }
    statements
}

/// The one change that nodes of before cannot go on beside, which its file says: nothing was released with that table.
const BEFORE_THE_FIRST_RELEASE: (&str, &str) =
    ("2026-11-30-000310_journal_in_time_order", "DROP TABLE saoma_journal");

#[test]
fn a_change_only_adds_so_that_nodes_of_before_go_on_beside_those_of_after() {
    for dialect in ["sqlite", "postgres"] {
        let statements = statements_of_changes(dialect);
        assert!(statements.len() > 20, "{dialect}: {}", statements.len());
        for (change, statement) in &statements {
            let adds = |beginning: &str| statement.starts_with(beginning);
            let makes_table = |name: &str| {
                let begins = format!("CREATE TABLE {name} (");
                statements.iter().any(|(other, made)| other == change && made.starts_with(&begins))
            };
            let is_harmless = if adds("CREATE UNIQUE INDEX ") {
                // What nodes of before write may be twice.
                statement.split(" ON ").nth(1).and_then(|on| on.split(' ').next()).is_some_and(makes_table)
            } else if adds("ALTER TABLE ") {
                // Nodes of before write rows without the column.
                let columns = statement.matches("ADD COLUMN").count();
                let adds_columns = columns > 0 && statement.matches(" ADD ").count() == columns;
                let drops = [" DROP ", " RENAME ", " ALTER COLUMN ", " TYPE "]
                    .iter()
                    .any(|word| statement.contains(word));
                adds_columns && !drops && (!statement.contains("NOT NULL") || statement.contains("DEFAULT"))
            } else {
                adds("CREATE TABLE ") || adds("CREATE INDEX ")
            };
            let is_excused = (change.as_str(), statement.as_str()) == BEFORE_THE_FIRST_RELEASE;
            assert!(is_harmless || is_excused, "{dialect} {change}: {statement}");
        }
    }
}

#[tokio::test]
async fn a_node_of_before_works_on_the_tables_of_after() {
    let (database, directory) = on_disk().await;
    let mut other = OtherProgram::at(&directory);
    for table in ["saoma_accounts", "saoma_logins", "saoma_identities", "saoma_sessions", "saoma_audit"] {
        other.run(&format!("ALTER TABLE {table} ADD COLUMN of_tomorrow TEXT"));
    }
    other.run("CREATE TABLE saoma_tomorrow (id TEXT); INSERT INTO saoma_migrations (name) VALUES ('2099-01-01-000000_tomorrow')");
    drop(database);
    let before = SqliteStore::connect(&url(&directory)).await.unwrap();
    assert!(before.migrations_pending().await.unwrap().is_empty());
    assert!(before.migrate().await.unwrap().is_empty(), "what it does not know is left alone");
    before.ping().await.unwrap();
    before.take_scan(scan(login(1), "oAnna")).await.unwrap();
    let account = before.bind(binding(login(1), 1)).await.unwrap();
    assert!(matches!(account, Bound::Registered(_)), "{account:?}");
}
