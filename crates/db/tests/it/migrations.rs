//! Changes of the schema, there and back.

use diesel::{RunQueryDsl, sql_types::Text};
use saoma_contract::values::union;
use saoma_db::Database;
use saoma_domain::{account::IdentityId, ports::Accounts};
use tempfile::TempDir;

use crate::support::{Stranger, on_disk, url};

#[derive(diesel::QueryableByName)]
struct Statement {
    #[diesel(sql_type = Text)]
    sql: String,
}

/// Returns how the tables and indexes were made, but for the list of the changes itself.
fn schema(directory: &TempDir) -> Vec<String> {
    let query = "SELECT sql FROM sqlite_master \
                 WHERE sql IS NOT NULL AND name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' ORDER BY type, name";
    let mut stranger = Stranger::at(directory);
    let statements: Vec<Statement> = diesel::sql_query(query).load(stranger.connection()).unwrap();
    statements.into_iter().map(|statement| statement.sql).collect()
}

#[tokio::test]
async fn going_back_and_up_again_leaves_the_same_schema() {
    let (database, directory) = on_disk().await;
    let up = schema(&directory);
    assert!(up.iter().any(|sql| sql.starts_with("CREATE TABLE logins")), "{up:#?}");

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
    let database = Database::connect(&url(&directory)).await.unwrap();
    let pending = database.migrations_pending().await.unwrap();
    assert!(pending.first().is_some_and(|name| name.ends_with("first_login")), "{pending:?}");
    assert_eq!(database.migrate().await.unwrap(), pending);
    assert!(database.migrations_pending().await.unwrap().is_empty());
    assert!(database.migrate().await.unwrap().is_empty());
}

/// Writes an identity with a unionid as the version before does, which knows of no open-platform account.
fn insert_as_before(stranger: &mut Stranger, id: &str, unionid: &str) {
    let row = format!("'{id}', 'shop', 'official_account', 'o{unionid}', '{unionid}', 0, 1");
    let columns = "id, app, channel, openid, unionid, created_at, prune_at";
    stranger.run(&format!("INSERT INTO identities ({columns}) VALUES ({row})"));
}

#[tokio::test]
async fn a_unionid_from_before_is_of_the_usual_open_account() {
    let (database, directory) = on_disk().await;
    let mut stranger = Stranger::at(&directory);
    stranger.run(include_str!("../../../../migrations/sqlite/2026-11-21-100000_every_door/down.sql"));
    stranger.run("DELETE FROM __diesel_schema_migrations WHERE version = '20261121100000'");
    let [before, beside] = ["00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"];
    insert_as_before(&mut stranger, before, "uBert");

    assert_eq!(database.migrate().await.map(|made| made.len()), Ok(1));
    // While processes are replaced, those of the version before write on.
    insert_as_before(&mut stranger, beside, "uCarl");
    for (id, text) in [(before, "uBert"), (beside, "uCarl")] {
        let identity = database.identity(IdentityId::parse(id).unwrap()).await.unwrap().unwrap();
        assert_eq!((identity.union, identity.unsubscribed_at), (Some(union(text)), None));
    }
}
