//! Nothing fails.

use std::sync::Arc;

use saoma_servers::{Postgres, RedisCluster};

use crate::{
    load::{Load, People},
    site::Site,
};

const LOGINS: usize = 500;

pub(super) async fn a_redis_cluster_and_postgresql_serve_five_hundred_logins() {
    let (cluster, postgres) = (RedisCluster::start().unwrap(), Postgres::start().unwrap());
    let site = Arc::new(Site::start(3, &cluster.url(), &postgres.url("saoma")).await);
    let people = People::register(&site).await;
    let report = Load::start(&site, &people, LOGINS).end().await;
    report.print("three nodes on a Redis Cluster and PostgreSQL");
    assert_eq!(report.logins, LOGINS);
}
