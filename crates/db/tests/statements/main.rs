//! How many SQL statements each rule takes on each dialect, and how many round trips a login: a rule that takes another
//! number fails here.
//!
//! The statements are counted where Diesel sends them, in the whole process: that is why these cases have a test
//! target of their own and run one after the other.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests are allowed to, but with a harness of its own this is not known for one"
)]

mod accounts;
mod counting;
mod logins;
mod plans;
mod prepared;
mod servers;
mod sessions;
mod whole_login;

use std::process::ExitCode;

use counting::Counter;
use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    counting::begin();
    let arguments = Arguments { test_threads: Some(1), ..Arguments::from_args() };
    let trials = vec![
        Trial::test("sqlite", || run(check("sqlite::memory:".to_owned(), false))),
        Trial::test("sqlite_prepares_each_once", || run(check_prepared())),
        Trial::test("sqlite_looks_up_by_indexes", || run(plans::on_sqlite())),
        on_server("postgres", "postgres", |server| async {
            check(servers::postgres(server, "counts").await, true).await
        }),
        on_server("postgres", "postgres_looks_up_by_indexes", |server| async {
            plans::on_postgres(servers::postgres(server, "plans").await).await;
        }),
        on_server("mariadb", "mariadb", |server| async {
            check(servers::mariadb(server, "counts").await, true).await
        }),
    ];
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Makes a trial of a dialect whose server the environment names.
fn on_server<C>(dialect: &str, name: &'static str, case: fn(String) -> C) -> Trial
where
    C: Future<Output = ()> + 'static,
{
    let variable = format!("SAOMA_TEST_{}_URL", dialect.to_uppercase());
    match std::env::var(&variable) {
        Ok(server) => Trial::test(name, move || run(case(server))),
        Err(_) => {
            let left_out =
                move || Err(format!("{variable} is not set: see the package saoma-servers").into());
            Trial::test(name, left_out).with_ignored_flag(true)
        }
    }
}

fn run(case: impl Future<Output = ()>) -> Result<(), libtest_mimic::Failed> {
    saoma_contract::run(case);
    Ok(())
}

async fn check(url: String, on_server: bool) {
    let is_postgres = url.starts_with("postgres");
    let database = saoma_db::connect(&url).await.expect("the database is there");
    database.migrate().await.expect("the schema can be made");
    // What a new connection is told is no statement of a rule.
    database.ping().await.expect("the database answers");
    let mut counter = Counter { on_server, is_postgres, wrong: Vec::new() };
    logins::check(&*database, &mut counter).await;
    accounts::check(&*database, &mut counter).await;
    sessions::check(&*database, &mut counter).await;
    whole_login::check(&*database, &mut counter).await;
    assert_eq!(counter.wrong, Vec::<String>::new());
}

async fn check_prepared() {
    let database = saoma_db::connect("sqlite::memory:").await.expect("the database is there");
    database.migrate().await.expect("the schema can be made");
    prepared::check(&*database).await;
}
