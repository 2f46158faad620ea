//! New databases on the servers that the environment names.

use mysql_async::{Conn, prelude::Queryable};
use tokio_postgres::NoTls;

/// Makes a database on a PostgreSQL server.
pub(crate) async fn postgres(server: String, what: &str) -> String {
    let (client, connection) = tokio_postgres::connect(&server, NoTls).await.expect("the server is there");
    tokio::spawn(connection);
    let (name, url) = name(&server, what);
    client.batch_execute(&format!("CREATE DATABASE {name}")).await.expect("the name is free");
    url
}

/// Makes a database on a MySQL or MariaDB server.
pub(crate) async fn mariadb(server: String, what: &str) -> String {
    let mut connection = Conn::from_url(&server).await.expect("the server is there");
    let (name, url) = name(&server, what);
    connection.query_drop(format!("CREATE DATABASE {name}")).await.expect("the name is free");
    url
}

/// Returns the name of a database that is this process's own, for one purpose, and its URL.
fn name(server: &str, what: &str) -> (String, String) {
    let name = format!("statements_{what}_{}", std::process::id());
    let (server, _) = server.rsplit_once('/').expect("the URL ends with a database");
    let url = format!("{server}/{name}");
    (name, url)
}
