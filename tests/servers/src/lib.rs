//! Throw-away servers for tests: started from the machine's own programs on free ports of the loopback
//! interface, in temporary directories, and stopped by their process ids when their guard is dropped. No
//! service of the machine is touched, and a missing program is named together with its package.
//!
//! `saoma-servers exec --with redis,postgres -- cargo test …` starts them once, tells the command where they
//! are by the environment, and stops them afterwards:
//!
//! | server | variable |
//! |---|---|
//! | `redis` | `SAOMA_TEST_REDIS_URL` = `redis://…` |
//! | `sentinel` | `SAOMA_TEST_SENTINEL_URL` = `redis+sentinel://h1,h2,h3/name` |
//! | `cluster` | `SAOMA_TEST_CLUSTER_URL` = `redis+cluster://h1,h2,h3` |
//! | `postgres` | `SAOMA_TEST_POSTGRES_URL` = `postgres://…` |
//! | `mariadb` | `SAOMA_TEST_MARIADB_URL` = `mysql://…` |
//!
//! `SAOMA_TEST_SERVERS` names the servers that were started. Tests that stop or upset a server start one of
//! their own instead, so that they disturb no other test.
//!
//! Programs are found by `PATH`; `SAOMA_TEST_LIBRARIES` names the folders of shared libraries that they need and
//! the system does not have.
//!
//! [`eventually`] waits for what comes of them. [`FaultProxy`] is a network before any of them that delays, cuts,
//! resets, swallows, refuses and drops. [`SmallDisk`] is a disk that is soon full.

mod error;
mod patience;
mod ports;
mod process;
mod program;
mod proxy;
mod redis;
mod server;
mod small_disk;
mod sql;

pub use error::ServerError;
pub use patience::{PATIENCE, eventually};
pub use ports::free_port;
pub use process::Process;
pub use proxy::{Direction, Fault, FaultProxy};
pub use redis::{RedisCluster, RedisSentinel, RedisServer};
pub use server::Server;
pub use small_disk::SmallDisk;
pub use sql::{MariaDb, MariaDbEngine, PgBouncer, PgBouncerEngine, Postgres, PostgresEngine, SqlEngine};
