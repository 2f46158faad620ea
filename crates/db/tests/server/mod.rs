//! What is tried on every kind of server alike.

mod connecting;
mod encryption;
mod locks;
mod losses;
mod migrations;
mod proxy;

use std::{
    pin::Pin,
    process::ExitCode,
    sync::atomic::{AtomicU32, Ordering},
};

use libtest_mimic::{Arguments, Trial};
use saoma_contract::{
    audit_chain, database, funnel, grants, health, journal, message_queue, one_time_codes, outbox,
    signing_keys,
};
use saoma_db::{ConnectError, Database, Migrations};
use saoma_domain::rules::Transactions;
use saoma_testing::MemoryDatabase;
use tokio::sync::OnceCell;

/// How many sequences of row operations are tried, each on a database of its own.
const SEQUENCES: u32 = 20;

/// A kind of server.
pub(crate) trait Kind: 'static {
    /// The variable with the URL of a database on a server to use.
    const VARIABLE: &'static str;
    /// Whether the server can make a database as a copy of another one.
    const COPIES: bool;
    /// The store of the dialect.
    type Store: Database + Transactions + Clone + 'static;
    /// A server that is started for one case.
    type Own: Own;
    /// Another program with a connection.
    type OtherProgram: OtherProgram;

    /// Opens a database.
    async fn connect(url: &str) -> Result<Self::Store, ConnectError>;
    /// Starts a server for one case.
    async fn start(settings: &[&str], files: &[(&str, &str)]) -> Self::Own;
    /// Returns the settings with which a server shows the certificate in the file `name.pem` with the key in
    /// `name.key` of its data directory.
    fn tls_settings() -> &'static [&'static str];
    /// Connects to a database.
    async fn other(url: &str) -> Self::OtherProgram;
    /// Describes the tables and indexes of a database.
    async fn schema(other: &mut Self::OtherProgram) -> Vec<String>;
}

/// A server that is started for one case.
pub(crate) trait Own {
    fn url(&self) -> String;
    fn kill(&mut self);
    async fn restart(&mut self);
}

/// Another program with a connection.
pub(crate) trait OtherProgram {
    /// Runs statements.
    async fn run(&mut self, sql: &str);
    /// Returns the only column of a query's rows.
    async fn texts(&mut self, sql: &str) -> Vec<String>;
}

type Async = Pin<Box<dyn Future<Output = ()>>>;

/// A case that asks for nothing.
pub(crate) type Case = (&'static str, fn() -> Async);

/// Makes a list of cases out of generic functions.
macro_rules! cases {
    ($kind:ident: $($group:ident: $($case:ident),+;)+) => {
        vec![$($((
            concat!(stringify!($group), "::", stringify!($case)),
            || Box::pin($group::$case::<$kind>()),
        )),+),+]
    };
}

fn common<K: Kind>() -> Vec<Case> {
    cases! { K:
        connecting:
            a_missing_database_is_named_and_no_password_shown,
            a_port_without_a_listener_is_named,
            a_server_that_says_nothing_is_given_up_soon,
            an_empty_database_is_not_called_healthy;
        encryption:
            a_certificate_of_a_trusted_root_is_accepted,
            a_certificate_of_an_unknown_root_is_refused,
            a_certificate_of_another_host_is_refused,
            a_server_without_tls_is_refused_unless_it_is_only_preferred;
        locks:
            a_short_lock_is_waited_out,
            a_long_lock_is_soon_called_unavailable_and_disturbs_no_other_row,
            the_victim_of_a_deadlock_starts_over,
            rows_that_another_transaction_holds_are_left_to_the_next_pruning;
        losses:
            what_was_acknowledged_outlives_the_server,
            a_restart_between_two_calls_is_not_noticed,
            connections_that_have_gone_silent_are_given_up_and_replaced,
            callers_during_an_outage_are_told_and_later_ones_are_served;
        migrations:
            going_back_and_up_again_leaves_the_same_schema,
            what_is_pending_is_named_until_it_is_made,
            several_nodes_may_start_on_a_new_database_at_once,
            the_tables_of_an_embedder_are_left_alone;
    }
}

/// Runs the suites and the common and given cases where there is a server, and says so where there is none.
pub(crate) fn main<K: Kind>(more: Vec<Case>) -> ExitCode {
    let trials = if std::env::var_os(K::VARIABLE).is_some() { trials::<K>(more) } else { left_out::<K>() };
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn left_out<K: Kind>() -> Vec<Trial> {
    let trial = Trial::test("left_out_because_no_server_is_given", || {
        Err(format!("{} is not set: see the package saoma-servers", K::VARIABLE).into())
    });
    vec![trial.with_ignored_flag(true)]
}

fn trials<K: Kind>(more: Vec<Case>) -> Vec<Trial> {
    let database = database::all().into_iter().map(|(name, case)| {
        trial(format!("database::{name}"), async move || {
            case(database::DatabaseStage::new(fresh::<K>().await)).await
        })
    });
    let one_time_codes = one_time_codes::all().into_iter().map(|(name, case)| {
        trial(format!("one_time_codes::{name}"), async move || {
            case(one_time_codes::OneTimeCodesStage::new(fresh::<K>().await)).await
        })
    });
    let message_queue = message_queue::all().into_iter().map(|(name, case)| {
        trial(format!("message_queue::{name}"), async move || {
            case(message_queue::MessageQueueStage::new(fresh::<K>().await)).await
        })
    });
    let outbox = outbox::all().into_iter().map(|(name, case)| {
        trial(format!("outbox::{name}"), async move || {
            case(outbox::OutboxStage::new(fresh::<K>().await)).await
        })
    });
    let journal = journal::all().into_iter().map(|(name, case)| {
        trial(format!("journal::{name}"), async move || {
            case(journal::JournalStage::new(fresh::<K>().await)).await
        })
    });
    let chain = audit_chain::all().into_iter().map(|(name, case)| {
        trial(format!("audit_chain::{name}"), async move || {
            case(audit_chain::AuditChainStage::new(fresh::<K>().await)).await
        })
    });
    let funnel = funnel::all().into_iter().map(|(name, case)| {
        trial(format!("funnel::{name}"), async move || {
            case(funnel::FunnelStage::new(fresh::<K>().await)).await
        })
    });
    let grants = grants::all().into_iter().map(|(name, case)| {
        trial(format!("grants::{name}"), async move || {
            case(grants::GrantsStage::new(fresh::<K>().await)).await
        })
    });
    let signing_keys = signing_keys::all().into_iter().map(|(name, case)| {
        trial(format!("signing_keys::{name}"), async move || {
            case(signing_keys::SigningKeysStage::new(fresh::<K>().await)).await
        })
    });
    let health = health::all().into_iter().map(|(name, case)| {
        trial(format!("health::{name}"), async move || {
            case(health::HealthStage::new(fresh::<K>().await)).await
        })
    });
    let agreement = Trial::test("agreement::rows_in_sql_are_kept_as_rows_in_maps", || {
        saoma_contract::databases_agree(SEQUENCES, async || (MemoryDatabase::new(), fresh::<K>().await));
        Ok(())
    });
    let own = common::<K>().into_iter().chain(more).map(|(name, case)| trial(name.to_owned(), case));
    database
        .chain(one_time_codes)
        .chain(message_queue)
        .chain(outbox)
        .chain(journal)
        .chain(funnel)
        .chain(grants)
        .chain(chain)
        .chain(signing_keys)
        .chain(health)
        .chain([agreement])
        .chain(own)
        .collect()
}

fn trial(name: String, case: impl AsyncFnOnce() + Send + 'static) -> Trial {
    Trial::test(name, move || {
        saoma_contract::run(case());
        Ok(())
    })
}

/// Returns the URL of an empty database of its own.
pub(crate) async fn empty<K: Kind>() -> String {
    made::<K>("").await
}

/// Makes a database with these options of `CREATE DATABASE`, and returns its URL.
async fn made<K: Kind>(options: &str) -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let given = std::env::var(K::VARIABLE).expect("a server is given");
    let name = format!("case_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    K::other(&given).await.run(&format!("CREATE DATABASE {name} {options}")).await;
    let (server, _) = given.rsplit_once('/').expect("the URL ends with a database");
    format!("{server}/{name}")
}

/// Returns an empty database that is up to date: a copy of one, where the server can copy.
pub(crate) async fn fresh<K: Kind>() -> K::Store {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    if !K::COPIES {
        return opened::<K>(&empty::<K>().await).await;
    }
    let template = TEMPLATE.get_or_init(async || {
        let url = empty::<K>().await;
        opened::<K>(&url).await;
        url
    });
    let (_, name) = template.await.rsplit_once('/').expect("the URL ends with a database");
    connected::<K>(&made::<K>(&format!("TEMPLATE {name}")).await).await
}

/// Opens a database and brings it up to date.
pub(crate) async fn opened<K: Kind>(url: &str) -> K::Store {
    let database = connected::<K>(url).await;
    database.migrate().await.expect("the database can be brought up to date");
    database
}

/// Opens a database. A busy machine may need more than one try.
async fn connected<K: Kind>(url: &str) -> K::Store {
    let mut tries = 0;
    loop {
        tries += 1;
        match K::connect(url).await {
            Ok(database) => return database,
            Err(ConnectError::NoConnection { .. }) if tries < 10 => {}
            Err(error) => panic!("the server is there: {error}"),
        }
    }
}
