//! `saoma health`

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{command_error::CommandError, config_file::ConfigFile};

/// How long the service may take to say that it lives.
const TIME_LIMIT: Duration = Duration::from_secs(2);

/// Asks the service of this machine whether it lives, for the health check of a container, which has no other program.
pub(super) async fn health(file: &ConfigFile) -> Result<(), CommandError> {
    let mut address = file.load()?.server.listen;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let asked = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
        let mut head = [0; 12];
        stream.read_exact(&mut head).await?;
        Ok::<_, std::io::Error>(head)
    };
    match tokio::time::timeout(TIME_LIMIT, asked).await {
        Ok(Ok(head)) if head.ends_with(b" 200") => Ok(()),
        Ok(Ok(_)) => Err(CommandError::Failed(format!("{address} is not well"))),
        Ok(Err(error)) => Err(CommandError::Failed(format!("{address}: {error}"))),
        Err(_) => Err(CommandError::Failed(format!("{address}: no answer within 2 s"))),
    }
}
