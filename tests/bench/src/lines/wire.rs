//! What a login sends to PostgreSQL and to Redis.

use super::{Bench, row};
use crate::{
    counting::{Commands, Messages},
    http::Connection,
    load::count,
    logins,
    product::{Product, Urls},
    rows::Database,
    stores::Beside,
};

/// How many logins are counted.
const LOGINS: u64 = 200;

pub(super) async fn measure(bench: &Bench) {
    let direct = bench.stores.urls(Beside::Servers);
    let messages = Messages::before(bench.stores.postgres.port()).await;
    let database = Some(format!("postgres://saoma@127.0.0.1:{}/saoma", messages.port));
    let product = Product::start(&bench.program, &Urls { database, ..direct.clone() }, &[]).await;
    Database::postgres(&direct.database.unwrap()).await.add_persons(0..LOGINS).await;
    let commands = Commands::of(bench.stores.redis.port()).await;
    let mut connection = Connection::open(product.address).await.unwrap();
    // What is sent once only: statements are prepared, scripts are loaded.
    for person in 0..LOGINS / 2 {
        logins::whole(&mut connection, person).await;
    }
    let before = (messages.seen(), commands.seen());
    for person in 0..LOGINS {
        logins::whole(&mut connection, person).await;
    }
    let after = (messages.seen(), commands.seen());
    let a_login =
        |before: usize, after: usize| vec![count(after - before) / count(LOGINS.try_into().unwrap())];
    row(
        "statements of a login, with `BEGIN` and `COMMIT`",
        "PostgreSQL",
        a_login(before.0.statements, after.0.statements),
        "",
    );
    row("round trips of a login", "PostgreSQL", a_login(before.0.round_trips, after.0.round_trips), "");
    row("commands sent for a login", "Redis", a_login(before.1.0, after.1.0), "");
    row("commands that scripts call for a login", "Redis", a_login(before.1.1, after.1.1), "");
}
