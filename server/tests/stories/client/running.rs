//! The real server on a free port, started, stopped and started again.

use std::{net::SocketAddr, path::Path};

use cluster::Cluster;
use server::Config;
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use super::soon;

/// This program tells its stories on PostgreSQL.
const ON_POSTGRES: bool = matches!(env!("CARGO_CRATE_NAME").as_bytes(), b"postgres");

/// A running server. Its data outlives a restart.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    data: TempDir,
    /// `None` for the one in the data folder.
    database: Option<String>,
    settings: &'static [&'static str],
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<anyhow::Result<()>>,
}

impl Running {
    /// Where people may talk as fast as they can.
    pub(crate) async fn start() -> Self {
        Self::with(&["--post-burst", "100000"]).await
    }

    pub(crate) async fn with(settings: &'static [&'static str]) -> Self {
        let data = TempDir::new().unwrap();
        if ON_POSTGRES {
            let database = Cluster::shared().unwrap().database().unwrap();
            Self::on(data, Some(database), settings).await
        } else {
            Self::on(data, None, settings).await
        }
    }

    /// On a database of the test's own.
    pub(crate) async fn on_database(url: String) -> Self {
        Self::on(TempDir::new().unwrap(), Some(url), &["--post-burst", "100000"]).await
    }

    async fn on(
        data: TempDir,
        database: Option<String>,
        settings: &'static [&'static str],
    ) -> Self {
        let folder = data.path().to_str().unwrap();
        let mut arguments = vec!["parley", "--data", folder, "--listen", "127.0.0.1:0"];
        arguments.extend(settings);
        arguments.extend(database.iter().flat_map(|url| ["--database-url", url]));
        let config = Config::try_parse_from(arguments).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(server::serve(config, listener, async {
            let _ = stopped.await;
        }));
        Self { address, data, database, settings, stop: Some(stop), served }
    }

    /// The folder with everything that lasts.
    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    /// Its URL, if it is not in that folder.
    pub(crate) fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// As SIGTERM does it. Returns while the server says goodbye.
    pub(crate) fn stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    /// Once more, with the same data.
    pub(crate) async fn again(self) -> Self {
        self.ended().await.again().await
    }

    /// What remains, when nobody serves it any more.
    pub(crate) async fn ended(self) -> Stopped {
        soon(self.served).await.unwrap().unwrap();
        Stopped { data: self.data, database: self.database, settings: self.settings }
    }
}

pub(crate) struct Stopped {
    data: TempDir,
    database: Option<String>,
    settings: &'static [&'static str],
}

impl Stopped {
    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    pub(crate) async fn again(self) -> Running {
        Running::on(self.data, self.database, self.settings).await
    }
}
