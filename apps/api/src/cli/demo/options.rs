//! The arguments of the demo.

use std::{net::SocketAddr, path::PathBuf};

#[derive(clap::Args)]
pub(in crate::cli) struct Options {
    /// Where the API listens
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub(super) listen: SocketAddr,
    /// Where the operator's endpoints listen
    #[arg(long, default_value = "127.0.0.1:9090")]
    pub(super) admin_listen: SocketAddr,
    /// Where the simulated WeChat listens
    #[arg(long, default_value = "127.0.0.1:8081")]
    pub(super) sandbox_listen: SocketAddr,
    /// Where the database and the server key are kept from one start to the next
    #[arg(long, default_value = "saoma-demo")]
    pub(super) data: PathBuf,
}
