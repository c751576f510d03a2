//! From where nobody is let in, because whoever runs the server said so: asked before every request is answered; and
//! which sockets are open from where, so that a ban closes them. It survives a restart in the store.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use delivery::ConnectionId;
use futures::future::try_join_all;
use ipnet::IpNet;
use protocol::Close;

use crate::{
    Server,
    address::Network,
    store::{Ban, Op, Result, Store},
};

#[derive(Clone)]
pub(crate) struct Bans(Arc<Mutex<Book>>);

struct Book {
    bans: Vec<Ban>,
    /// How often one was set or undone.
    changes: u64,
    open: BTreeSet<(Network, ConnectionId)>,
}

/// A socket that is open, until it is dropped.
pub(crate) struct Open {
    bans: Bans,
    key: Option<(Network, ConnectionId)>,
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(key) = &self.key {
            self.bans.book().open.remove(key);
        }
    }
}

impl Bans {
    /// Of these the ones that are not over.
    pub(crate) fn new(mut bans: Vec<Ban>, at: i64) -> Self {
        bans.retain(|ban| ban.until > at);
        Self(Arc::new(Mutex::new(Book { bans, changes: 0, open: BTreeSet::new() })))
    }

    /// Until when nobody comes from there, if so.
    pub(crate) fn until(&self, from: Option<Network>, at: i64) -> Option<i64> {
        let from = from?;
        let book = self.book();
        let hit = book.bans.iter().filter(|ban| ban.until > at && from.is_in(ban.network));
        hit.map(|ban| ban.until).max()
    }

    /// Whoever asks `until` after this misses no ban: it finds it, or is among those that are `open` after `set`.
    pub(crate) fn enter(&self, from: Option<Network>, connection: ConnectionId) -> Open {
        let key = from.map(|from| (from, connection));
        self.book().open.extend(key);
        Open { bans: self.clone(), key }
    }

    /// Lets nobody in from there until then, or lets them in again, as soon as that is kept; and keeps no more what is
    /// over.
    pub(crate) async fn set(
        &self,
        store: &dyn Store,
        network: IpNet,
        until: Option<i64>,
        at: i64,
    ) -> Result<()> {
        let kept = store.bans().await?.into_iter();
        let over = kept.filter(|ban| ban.until <= at && ban.network != network);
        let all = over.map(|ban| (ban.network, None)).chain([(network, until)]);
        try_join_all(all.map(|(network, until)| store.apply(Op::Ban { network, until, at })))
            .await?;
        let mut book = self.book();
        book.changes += 1;
        book.bans.retain(|ban| ban.network != network && ban.until > at);
        book.bans.extend(until.map(|until| Ban { network, until }));
        Ok(())
    }

    /// As they are kept, whatever was known of them. Returns those that were not.
    pub(crate) async fn renew(&self, store: &dyn Store, at: i64) -> Result<Vec<Ban>> {
        loop {
            let before = self.book().changes;
            let kept = store.bans().await?;
            if let Some(new) = self.book().take(before, kept, at) {
                return Ok(new);
            }
        }
    }

    /// The sockets that are open from where this says.
    pub(crate) fn open(&self, from: impl Fn(Network) -> bool) -> Vec<ConnectionId> {
        let book = self.book();
        let open = book.open.iter().filter(|(network, _)| from(*network));
        open.map(|(_, connection)| *connection).collect()
    }

    /// The sockets that are open from these places.
    pub(crate) fn beside(&self, places: &BTreeSet<Network>) -> Vec<ConnectionId> {
        let book = self.book();
        let of = |place: &Network| {
            let (first, last) = (ConnectionId(0), ConnectionId(u64::MAX));
            book.open.range((*place, first)..=(*place, last))
        };
        places.iter().flat_map(of).map(|(_, connection)| *connection).collect()
    }

    /// From where these sockets are open.
    pub(crate) fn places(&self, of: &[ConnectionId]) -> BTreeSet<Network> {
        let book = self.book();
        let open = book.open.iter().filter(|(_, connection)| of.contains(connection));
        open.map(|(place, _)| *place).collect()
    }

    /// Those that are not over.
    pub(crate) fn all(&self, at: i64) -> Vec<Ban> {
        self.book().bans.iter().filter(|ban| ban.until > at).copied().collect()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    /// `None` if one was set or undone while these were read: they may be older than that.
    fn take(&mut self, before: u64, mut kept: Vec<Ban>, at: i64) -> Option<Vec<Ban>> {
        if self.changes != before {
            return None;
        }
        kept.retain(|ban| ban.until > at);
        let known = std::mem::replace(&mut self.bans, kept.clone());
        kept.retain(|ban| !known.contains(ban));
        Some(kept)
    }
}

/// Nobody who is connected from there stays so. Returns how many they were.
pub(crate) fn send_away(server: &Server, network: IpNet) -> usize {
    let open = server.bans.open(|from| from.is_in(network));
    for connection in &open {
        server.hub.close(*connection, Close::Banned);
    }
    // Who counts as a proxy may come from there: they come back, and are asked again.
    for connection in server.bans.open(|from| server.proxies.are_in(from)) {
        server.hub.close(connection, Close::Restart);
    }
    open.len()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use tempfile::TempDir;
    use tokio::sync::mpsc::{self, Receiver};

    use super::*;
    use crate::{
        address::Proxies,
        store::{Commit, sqlite::Sqlite},
    };

    fn from(ip: &str) -> Option<Network> {
        Proxies::new(Vec::new(), false).of_socket(ip.parse().unwrap())
    }

    fn store(folder: &TempDir) -> (Sqlite, Receiver<Commit>) {
        let (commits, published) = mpsc::channel(64);
        (Sqlite::start(&folder.path().join("test.db"), commits).unwrap(), published)
    }

    async fn banned(store: &dyn Store, bans: &[(&str, i64)]) -> Bans {
        let book = Bans::new(Vec::new(), 0);
        for (network, until) in bans {
            book.set(store, network.parse().unwrap(), Some(*until), 0).await.unwrap();
        }
        book
    }

    #[tokio::test]
    async fn a_ban_holds_where_it_reaches_and_until_it_ends_or_is_undone() {
        let folder = TempDir::new().unwrap();
        let (store, _commits) = store(&folder);
        let networks = [("203.0.113.0/24", 50), ("203.0.113.5/32", 90), ("2001:db8::/48", 90)];
        let bans = banned(&store, &networks).await;
        for (ip, at, until) in [
            ("203.0.113.9", 49, Some(50)),
            ("203.0.113.9", 50, None),
            ("203.0.113.5", 10, Some(90)),
            ("203.0.112.5", 10, None),
            ("2001:db8:0:7::1", 10, Some(90)),
            ("2001:db8:1::1", 10, None),
            ("127.0.0.1", 10, None),
        ] {
            assert_eq!(bans.until(from(ip), at), until, "{ip} at {at}");
        }
        bans.set(&store, "203.0.113.5/32".parse().unwrap(), None, 10).await.unwrap();
        assert_eq!(bans.until(from("203.0.113.5"), 50), None);
        assert_eq!(bans.all(50).len(), 1);
    }

    #[tokio::test]
    async fn what_is_over_is_not_read_again_and_goes_when_something_is_banned() {
        let folder = TempDir::new().unwrap();
        let (store, _commits) = store(&folder);
        let networks = [("203.0.113.0/24", 50), ("198.51.100.0/24", 60), ("192.0.2.0/24", 90)];
        let bans = banned(&store, &networks).await;
        let again = "203.0.113.0/24".parse().unwrap();
        bans.set(&store, again, Some(80), 60).await.unwrap();
        let kept = |until: &[i64]| {
            let networks = ["192.0.2.0/24", "203.0.113.0/24"].map(|text| text.parse().unwrap());
            let bans = networks.into_iter().zip(until.iter().copied());
            bans.map(|(network, until)| Ban { network, until }).collect::<Vec<_>>()
        };
        assert_eq!(store.bans().await.unwrap(), kept(&[90, 80]));
        assert_eq!(bans.book().bans, kept(&[90, 80]));
        let bans = Bans::new(store.bans().await.unwrap(), 80);
        assert_eq!(bans.book().bans, kept(&[90]));
        bans.set(&store, "192.0.2.0/24".parse().unwrap(), Some(95), 80).await.unwrap();
        assert_eq!(store.bans().await.unwrap(), kept(&[95]));
    }

    #[tokio::test]
    async fn what_is_kept_and_was_not_known_is_found() {
        let folder = TempDir::new().unwrap();
        let (store, _commits) = store(&folder);
        let networks = [("203.0.113.0/24", 50), ("192.0.2.0/24", 90)];
        let bans = banned(&store, &networks).await;
        let op = |network: &str, until| {
            let network = network.parse().unwrap();
            store.apply(Op::Ban { network, until, at: 0 })
        };
        op("203.0.113.0/24", None).await.unwrap();
        op("198.51.100.0/24", Some(90)).await.unwrap();
        op("198.51.100.7/32", Some(60)).await.unwrap();
        let network = "198.51.100.0/24".parse().unwrap();
        assert_eq!(bans.renew(&store, 60).await, Ok(vec![Ban { network, until: 90 }]));
        assert_eq!(bans.renew(&store, 60).await, Ok(vec![]));
        let known = ["203.0.113.5", "198.51.100.7", "192.0.2.1"];
        assert_eq!(known.map(|ip| bans.until(from(ip), 0)), [None, Some(90), Some(90)]);
        // What was read before something was banned is out of date.
        let before = bans.book().changes;
        let kept = store.bans().await.unwrap();
        bans.set(&store, "203.0.113.0/24".parse().unwrap(), Some(80), 60).await.unwrap();
        assert_eq!(bans.book().take(before, kept, 60), None);
        assert_eq!(bans.until(from("203.0.113.5"), 60), Some(80));
    }

    #[tokio::test]
    async fn it_is_known_which_sockets_are_open_from_somewhere() {
        let folder = TempDir::new().unwrap();
        let (store, _commits) = store(&folder);
        let bans = banned(&store, &[]).await;
        let open = [("203.0.113.5", 1), ("203.0.113.5", 2), ("198.51.100.1", 3), ("127.0.0.1", 4)];
        let mut open: Vec<Open> =
            open.iter().map(|(ip, n)| bans.enter(from(ip), ConnectionId(*n))).collect();
        drop(open.remove(0));
        let network = "203.0.0.0/16".parse().unwrap();
        assert_eq!(bans.open(|from| from.is_in(network)), [ConnectionId(2)]);
        drop(open);
        assert!(bans.book().open.is_empty());
    }
}
