//! Changes of the schema, there and back.

use saoma_contract::{
    all_at_once,
    values::{login, scan},
};
use saoma_db::{Migrations, connect};
use saoma_domain::ports::Logins;

use super::{Kind, OtherProgram, empty, fresh, opened};

pub(crate) async fn going_back_and_up_again_leaves_the_same_schema<K: Kind>() {
    let url = empty::<K>().await;
    let database = opened::<K>(&url).await;
    let mut other = K::other(&url).await;
    let up = K::schema(&mut other).await;
    assert!(up.iter().any(|line| line.contains("logins_prune_at")), "{up:#?}");

    let taken_back = database.revert_migrations().await.unwrap();
    assert_eq!(K::schema(&mut other).await, Vec::<String>::new());
    let mut made = database.migrate().await.unwrap();
    assert_eq!(K::schema(&mut other).await, up);
    made.reverse();
    assert_eq!(made, taken_back);
}

pub(crate) async fn what_is_pending_is_named_until_it_is_made<K: Kind>() {
    let database = K::connect(&empty::<K>().await).await.unwrap();
    let pending = database.migrations_pending().await.unwrap();
    assert!(pending.first().is_some_and(|name| name.ends_with("initial_schema")), "{pending:?}");
    assert_eq!(database.migrate().await.unwrap(), pending);
    assert!(database.migrations_pending().await.unwrap().is_empty());
    assert!(database.migrate().await.unwrap().is_empty());
}

pub(crate) async fn several_nodes_may_start_on_a_new_database_at_once<K: Kind>() {
    let url = empty::<K>().await;
    let starts = (0..8).map(|_| {
        let url = url.clone();
        async move {
            let database = connect(&url).await.expect("the server is there");
            database.migrate().await.expect("it is brought up to date").len()
        }
    });
    let made: usize = all_at_once(starts).await.into_iter().sum();
    let changes = fresh::<K>().await.revert_migrations().await.unwrap().len();
    assert_eq!(made, changes, "each change was made once");
}

pub(crate) async fn the_tables_of_an_embedder_are_left_alone<K: Kind>() {
    let url = empty::<K>().await;
    let mut other = K::other(&url).await;
    let theirs = ["accounts", "sessions", "__diesel_schema_migrations"];
    for table in theirs {
        other.run(&format!("CREATE TABLE {table} (theirs INT)")).await;
        other.run(&format!("INSERT INTO {table} VALUES (7)")).await;
    }
    let schema = K::schema(&mut other).await;
    let database = opened::<K>(&url).await;
    database.take_scan(scan(login(1), "oAnna")).await.unwrap();
    database.revert_migrations().await.unwrap();
    assert_eq!(K::schema(&mut other).await, schema);
    for table in theirs {
        assert_eq!(other.texts(&format!("SELECT CAST(theirs AS CHAR(1)) FROM {table}")).await, ["7"]);
    }
}
