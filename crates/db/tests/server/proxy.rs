//! A network between this process and a server that can lose what is on its way.

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Passes on connections to a server.
pub(crate) struct Proxy {
    /// The URL of the database by way of the proxy.
    pub(crate) url: String,
    silences: watch::Sender<()>,
}

impl Proxy {
    /// Starts one before the server of a URL of the form `<scheme>://<user>@<host>:<port>/<database>`.
    pub(crate) async fn before(url: &str) -> Self {
        let (user, rest) = url.split_once('@').expect("the URL names a user");
        let (server, database) = rest.split_once('/').expect("the URL names a database");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let here = listener.local_addr().expect("it has a port");
        let (silences, silenced) = watch::channel(());
        tokio::spawn(accept(listener, server.to_owned(), silenced));
        Self { url: format!("{user}@{here}/{database}"), silences }
    }

    /// Passes on nothing more over the connections that there are, without closing them; new ones work.
    pub(crate) fn silence(&self) {
        self.silences.send_replace(());
    }
}

async fn accept(listener: TcpListener, server: String, silenced: watch::Receiver<()>) {
    while let Ok((client, _)) = listener.accept().await {
        let mut silenced = silenced.clone();
        silenced.mark_unchanged();
        let server = server.clone();
        tokio::spawn(async move {
            let mut client = client;
            let mut server = TcpStream::connect(server).await.expect("the server is there");
            tokio::select! {
                _ = copy_bidirectional(&mut client, &mut server) => {}
                // Both ends stay open.
                _ = silenced.changed() => std::future::pending().await,
            }
        });
    }
}
