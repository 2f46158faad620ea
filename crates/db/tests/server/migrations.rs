//! Changes of the schema, there and back.

use saoma_contract::{
    all_at_once,
    values::{link, login, scan, union},
};
use saoma_db::Database;
use saoma_domain::{
    account::IdentityId,
    ports::{Accounts, Logins, ScanTaken},
};

use super::{Kind, Stranger, empty, fresh, opened};

pub(crate) async fn going_back_and_up_again_leaves_the_same_schema<K: Kind>() {
    let url = empty::<K>().await;
    let database = opened(&url).await;
    let mut stranger = K::stranger(&url).await;
    let up = K::schema(&mut stranger).await;
    assert!(up.iter().any(|line| line.contains("logins_prune_at")), "{up:#?}");

    let taken_back = database.revert_migrations().await.unwrap();
    assert_eq!(K::schema(&mut stranger).await, Vec::<String>::new());
    let mut made = database.migrate().await.unwrap();
    assert_eq!(K::schema(&mut stranger).await, up);
    made.reverse();
    assert_eq!(made, taken_back);
}

pub(crate) async fn what_is_pending_is_named_until_it_is_made<K: Kind>() {
    let database = Database::connect(&empty::<K>().await).await.unwrap();
    let pending = database.migrations_pending().await.unwrap();
    assert!(pending.first().is_some_and(|name| name.ends_with("first_login")), "{pending:?}");
    assert_eq!(database.migrate().await.unwrap(), pending);
    assert!(database.migrations_pending().await.unwrap().is_empty());
    assert!(database.migrate().await.unwrap().is_empty());
}

pub(crate) async fn several_nodes_may_start_on_a_new_database_at_once<K: Kind>() {
    let url = empty::<K>().await;
    let starts = (0..8).map(|_| {
        let url = url.clone();
        async move {
            let database = Database::connect(&url).await.expect("the server is there");
            database.migrate().await.expect("it is brought up to date").len()
        }
    });
    let made: usize = all_at_once(starts).await.into_iter().sum();
    let changes = fresh::<K>().await.revert_migrations().await.unwrap().len();
    assert_eq!(made, changes, "each change was made once");
}

/// Writes an identity with a unionid as the version before does, which knows of no open-platform account.
async fn insert_as_before(stranger: &mut impl Stranger, id: &str, openid: &str, unionid: &str) {
    let row = format!("'{id}', 'shop', 'official_account', '{openid}', '{unionid}', 0, {}", i64::MAX);
    let columns = "id, app, channel, openid, unionid, created_at, prune_at";
    stranger.run(&format!("INSERT INTO identities ({columns}) VALUES ({row})")).await;
}

pub(crate) async fn a_unionid_from_before_is_of_the_usual_open_account<K: Kind>() {
    let url = empty::<K>().await;
    let database = opened(&url).await;
    let ScanTaken::First(record) = database.take_scan(scan(login(1), "oAnna")).await.unwrap() else {
        panic!("nobody scanned before");
    };
    database.link(link(login(1), record.identity, "uAnna")).await.unwrap();
    let mut stranger = K::stranger(&url).await;
    stranger.run(K::EVERY_DOOR_DOWN).await;
    stranger.run("DELETE FROM __diesel_schema_migrations WHERE version = '20261121100000'").await;
    let [before, beside] = ["00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"];
    insert_as_before(&mut stranger, before, "oBert", "uBert").await;

    assert_eq!(database.migrate().await.map(|made| made.len()), Ok(1));
    // While nodes are replaced, those of the version before write on.
    insert_as_before(&mut stranger, beside, "oCarl", "uCarl").await;
    let mut ids = vec![(record.identity, "uAnna")];
    ids.extend(
        [(before, "uBert"), (beside, "uCarl")].map(|(id, text)| (IdentityId::parse(id).unwrap(), text)),
    );
    for (id, text) in ids {
        let identity = database.identity(id).await.unwrap().unwrap();
        assert_eq!((identity.union, identity.unsubscribed_at), (Some(union(text)), None));
    }
}
