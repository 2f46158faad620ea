//! Each look-up of the site API goes by an index: whatever a table holds, few of its rows are read for one person.
//!
//! The statements are those that Diesel has sent; the database explains them.

use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_types::Text};
use saoma_contract::values::{app, at, binding, login, new_session, openid, phone, row_ids, scan, unionid};
use saoma_db::Database;
use saoma_domain::{
    account::{AccountId, ExternalId},
    actor::Actor,
    event::ReceiverName,
    journal::JournalFilter,
    ports::{
        Act, AuditFilter, Funnel, FunnelPeriod, Merge, MergeId, Outbox, PersonKey, ProfileClaim, Sessions,
        Undo,
    },
};
use tokio_postgres::{NoTls, SimpleQueryMessage};

use crate::counting::take_sent;

/// Makes the look-ups of the site API, and returns the statements that they took, each once.
async fn look_ups(database: &dyn Database) -> Vec<String> {
    database.take_scan(scan(login(301), "oIda")).await.unwrap();
    let binding = binding(login(301), 301);
    let account = binding.new_account;
    database.bind(binding).await.unwrap();
    database.issue(new_session(login(301), account, 301)).await.unwrap();
    let identity = database.identities(account).await.unwrap().first().unwrap().id;
    take_sent();
    find(database, account).await;
    database.last_login_of(identity).await.unwrap();
    Sessions::list(database, account).await.unwrap();
    let claim = ProfileClaim { account, followers_of: vec![app("main")], at: at(9) };
    database.claim_profiles(claim).await.unwrap();
    database.entries(account, 3).await.unwrap();
    let of_person =
        JournalFilter { app: Some(app("main")), openid: Some(openid("oIda")), ..JournalFilter::default() };
    database.list_entries(of_person, None, 3).await.unwrap();
    database.deliveries(None, 3).await.unwrap();
    Outbox::claim(database, &ReceiverName::embedder(), at(9), 3).await.unwrap();
    Funnel::counts(database, FunnelPeriod::Day, at(0), at(9)).await.unwrap();
    let merge = MergeId::generate(at(9), row_ids());
    let (from, actor) = (AccountId::from_store([7; 16]), Actor::Operator);
    database.merge(Merge { id: merge, into: account, from, dry_run: true, at: at(9), actor }).await.unwrap();
    database.undo_merge(Undo { merge, asked_by: None, at: at(9), actor: Actor::Operator }).await.unwrap();
    let act = Act { account, at: at(9), actor: Actor::Operator };
    database.export_person(act.clone()).await.unwrap();
    database.erase_person(act).await.unwrap();
    let mut sent = take_sent();
    sent.retain(|statement| statement.starts_with("SELECT") || statement.starts_with("DELETE"));
    let before = sent.len();
    sent.retain(|statement| !is_of_the_outbox(statement));
    assert_eq!(before - sent.len(), 1, "an erasure takes what waits for a receiver");
    sent.sort();
    sent.dedup();
    assert!(sent.len() > 20, "{sent:#?}");
    sent
}

/// Whether a statement removes what was to be told of an identity. It reads the whole outbox, which holds only what still
/// waits: an index for it would cost each event more than an erasure saves.
fn is_of_the_outbox(statement: &str) -> bool {
    statement.starts_with("DELETE FROM")
        && statement.contains("saoma_events")
        && statement.contains("identity_id")
}

async fn find(database: &dyn Database, account: AccountId) {
    let keys = [
        PersonKey::Id(account),
        PersonKey::Phone(phone(301).number().clone()),
        PersonKey::ExternalId(ExternalId::parse("c-301").unwrap()),
        PersonKey::OpenId(vec![app("main"), app("shop")], openid("oIda")),
        PersonKey::UnionId(unionid("uIda")),
    ];
    for key in keys {
        database.find_people(key).await.unwrap();
    }
    database.list_people(Some(account), 3).await.unwrap();
    let of_account = AuditFilter { account: Some(account), kind: None };
    database.records(of_account, None, 3).await.unwrap();
    database.records(AuditFilter::default(), Some(9), 3).await.unwrap();
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// Whether a statement looks in the journal for a person. SQLite has no index for that: it would cost each scan more than the
/// entry itself (decision 10).
fn is_of_a_person_in_the_journal(statement: &str) -> bool {
    statement.contains("saoma_journal") && statement.contains("openid` = ")
}

/// Checks the plans of SQLite: it searches tables, and scans none.
pub(crate) async fn on_sqlite() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("plans.db").display().to_string();
    let database = saoma_db::connect(&format!("sqlite://{file}")).await.expect("the database is there");
    database.migrate().await.expect("the schema can be made");
    let mut statements = look_ups(&*database).await;
    let before = statements.len();
    statements.retain(|statement| !is_of_a_person_in_the_journal(statement));
    assert_eq!(before - statements.len(), 2, "a list and an erasure look for a person");
    let mut connection = SqliteConnection::establish(&file).unwrap();
    for statement in statements {
        let plan: Vec<Step> =
            diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(&mut connection).unwrap();
        let scanned = plan.iter().find(|step| step.detail.starts_with("SCAN saoma_"));
        assert!(scanned.is_none(), "{statement}: {}", scanned.unwrap().detail);
    }
}

/// Checks the plans of PostgreSQL: where it may choose an index, it need not read a whole table.
pub(crate) async fn on_postgres(url: String) {
    let database = saoma_db::connect(&url).await.expect("the database is there");
    database.migrate().await.expect("the schema can be made");
    let statements = look_ups(&*database).await;
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    // A small table is read as a whole: what counts is whether there is another way.
    client.batch_execute("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan").await.unwrap();
    for (number, statement) in statements.iter().enumerate() {
        let values = (1..=99).rev().find(|at| statement.contains(&format!("${at}"))).unwrap_or(0);
        let values =
            if values == 0 { String::new() } else { format!("({})", vec!["NULL"; values].join(", ")) };
        client.batch_execute(&format!("PREPARE plan_{number} AS {statement}")).await.unwrap();
        let explained = client.simple_query(&format!("EXPLAIN EXECUTE plan_{number}{values}")).await.unwrap();
        let lines = explained.iter().filter_map(|message| {
            let SimpleQueryMessage::Row(row) = message else { return None };
            row.get(0).map(str::to_owned)
        });
        let plan = lines.collect::<Vec<_>>().join("\n");
        assert!(!plan.contains("Seq Scan"), "{statement}:\n{plan}");
    }
}
