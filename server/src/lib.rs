//! The server. `serve` is all of it, on a listener that is already bound, so that tests start the
//! real one on port 0. What a request can reach stands here; what it does, in the modules.

mod activity;
mod address;
mod admin;
mod admission;
mod answers;
mod bans;
mod clock;
mod config;
mod connection;
mod counts;
mod device;
mod export;
mod handlers;
mod health;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod house;
mod http;
mod keeping;
mod life;
mod limits;
mod links;
mod lobby;
mod names;
mod passwords;
mod presence;
mod rate;
mod reconcile;
mod secret;
mod seen;
mod session;
pub mod store;
mod telemetry;
mod transport;

use std::sync::Arc;

use delivery::{Commit, Hub};
use tokio::{
    net::TcpListener,
    sync::{mpsc, watch},
    task::JoinSet,
    time::timeout,
};

pub use admin::AdminCommand;
pub use config::{Command, Config, Provided};
pub use keeping::keep;
pub use links::Links;
pub use telemetry::init as init_telemetry;

use address::{Network, Proxies};
use admission::Admission;
use answers::Answers;
use bans::Bans;
use config::{Database, Origin};
use counts::Counts;
use limits::Limits;
use passwords::Passwords;
use presence::Presence;
use protocol::RoomId;
use seen::Seen;
use store::{Op, PROMISE, PersonId, Secret, Store, postgres::Postgres, sqlite::Sqlite};

/// Commits that may wait for the publisher; beyond it the writer waits, and so its callers.
const COMMITS: usize = 1024;

/// All that a request can reach.
pub(crate) struct Server {
    pub(crate) config: Config,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) hub: Hub,
    pub(crate) presence: Presence,
    pub(crate) answers: Answers,
    /// Where the rooms are listed that are open to everyone.
    pub(crate) board: lobby::Board,
    pub(crate) limits: Limits,
    pub(crate) proxies: Proxies,
    pub(crate) admission: Arc<Admission>,
    pub(crate) bans: Bans,
    pub(crate) counts: Counts,
    pub(crate) passwords: Passwords,
    pub(crate) seen: Seen,
    /// Tells that something was taken away.
    pub(crate) purging: mpsc::Sender<()>,
    pub(crate) sessions: session::Key,
    pub(crate) exports: Arc<export::Places>,
    /// True from the moment the server is told to stop.
    pub(crate) stopping: watch::Receiver<bool>,
    /// Only to be looked at: who holds one would keep the publisher from its end.
    commits: mpsc::WeakSender<Commit>,
}

pub(crate) type Shared = Arc<Server>;

impl Server {
    /// Transactions that wait for the publisher.
    pub(crate) fn backlog(&self) -> usize {
        self.commits.upgrade().map_or(0, |commits| commits.max_capacity() - commits.capacity())
    }

    /// Somebody comes to a room from there, which is remembered; and what the room would know that address by.
    pub(crate) fn come(
        &self,
        person: PersonId,
        from: Option<Network>,
        room: RoomId,
    ) -> Option<Secret> {
        self.seen.note(person, from);
        from.map(|from| self.sessions.address(room, from))
    }
}

/// A server with its data opened, which nobody can reach yet.
pub struct Opened {
    server: Shared,
    commits: mpsc::Receiver<Commit>,
    purging: mpsc::Receiver<()>,
    #[cfg(unix)]
    admin: Option<admin::Listening>,
    stop: watch::Sender<bool>,
}

/// # Errors
/// The data folder cannot be used, or holds what this program cannot read. Each is a sentence.
pub async fn open(config: Config) -> anyhow::Result<Opened> {
    secret::folder(&config.data)?;
    let sessions = secret::load(&config)?;
    let (sender, commits) = mpsc::channel(COMMITS);
    let waiting = sender.downgrade();
    let store: Arc<dyn Store> = match &config.database {
        Database::File(path) => Arc::new(Sqlite::start(path, sender)?),
        Database::Server(address) => {
            Arc::new(Postgres::start(address, &config.data, sender).await?)
        }
    };
    for Provided { code, name } in config.rooms.clone() {
        store.apply(Op::Provide { code, name, at: clock::now() }).await?;
    }
    let bans = Bans::new(store.bans().await?, clock::now());
    #[cfg(unix)]
    let admin = admin::listen(&config.admin_socket).await;
    #[cfg(unix)]
    let admin = admin
        .inspect_err(|error| tracing::warn!("parley admin will not find this server: {error:#}"));
    let (stop, stopping) = watch::channel(false);
    let (purging, purges) = mpsc::channel(1);
    let server = Server {
        limits: Limits::new(&config),
        // Nobody speaks TLS for us but a proxy.
        proxies: Proxies::new(
            config.trusted_proxies.clone(),
            config.public_url.as_ref().is_some_and(Origin::is_https),
        ),
        admission: Admission::new(&config.limits),
        bans,
        counts: Counts::new(),
        passwords: Passwords::default(),
        seen: Seen::default(),
        purging,
        exports: export::Places::new(&config.limits),
        config,
        store,
        hub: Hub::default(),
        presence: Presence::default(),
        answers: Answers::default(),
        board: lobby::Board::default(),
        sessions,
        stopping,
        commits: waiting,
    };
    Ok(Opened {
        server: Arc::new(server),
        commits,
        purging: purges,
        #[cfg(unix)]
        admin: admin.ok(),
        stop,
    })
}

impl Opened {
    /// Returns when `shutdown` has come and everyone was served or given up on.
    ///
    /// # Errors
    /// None of the ways in which one request fails.
    pub async fn run(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> anyhow::Result<()> {
        #[cfg(unix)]
        let admin = self.admin;
        let Self { server, commits, purging, stop, .. } = self;
        // Aborted when it is dropped, at the end.
        let mut tasks = JoinSet::new();
        tasks.spawn(delivery::publish(commits, server.hub.clone()));
        tasks.spawn(delivery::tell_news(server.hub.clone()));
        tasks.spawn(presence::announce(server.presence.clone(), server.hub.clone()));
        tasks.spawn(lobby::keep(server.clone()));
        tasks.spawn(reconcile::keep(server.clone()));
        tasks.spawn(connection::send_away(server.clone()));
        #[cfg(unix)]
        if let Some(admin) = admin {
            tasks.spawn(admin::serve(server.clone(), admin));
        }
        let (rested, clear) = mpsc::channel(1);
        tasks.spawn(life::let_go(server.clone(), clear));
        let ending = tokio::spawn(life::end(server.clone(), rested, purging));
        let router = http::router(server.clone());
        transport::run(router, listener, server, stop, shutdown).await;
        // It keeps who was where.
        let _ = timeout(PROMISE, ending).await;
        Ok(())
    }
}

/// The real server; returns when it was shut down cleanly.
///
/// # Errors
/// As `open`.
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    open(config).await?.run(listener, shutdown).await
}
