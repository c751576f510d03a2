//! From where nobody is let in, because whoever runs the server said so: asked before every request is answered; and
//! which sockets are open from where, so that a ban closes them. It survives a restart in the store.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use delivery::ConnectionId;
use ipnet::IpNet;

use crate::{address::Network, store::Ban};

#[derive(Clone)]
pub(crate) struct Bans(Arc<Mutex<Book>>);

struct Book {
    bans: Vec<Ban>,
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
    pub(crate) fn new(bans: Vec<Ban>) -> Self {
        Self(Arc::new(Mutex::new(Book { bans, open: BTreeSet::new() })))
    }

    /// Until when nobody comes from there, if so.
    pub(crate) fn until(&self, from: Option<Network>, at: i64) -> Option<i64> {
        let from = from?;
        let book = self.book();
        let hit = book.bans.iter().filter(|ban| ban.until > at && from.is_in(ban.network));
        hit.map(|ban| ban.until).max()
    }

    /// Whoever asks `until` after this misses no ban: it finds it, or is told by `set`.
    pub(crate) fn enter(&self, from: Option<Network>, connection: ConnectionId) -> Open {
        let key = from.map(|from| (from, connection));
        self.book().open.extend(key);
        Open { bans: self.clone(), key }
    }

    /// The sockets that are open from there.
    pub(crate) fn set(&self, network: IpNet, until: Option<i64>) -> Vec<ConnectionId> {
        let mut book = self.book();
        book.bans.retain(|ban| ban.network != network);
        let Some(until) = until else { return Vec::new() };
        book.bans.push(Ban { network, until });
        let open = book.open.iter().filter(|(from, _)| from.is_in(network));
        open.map(|(_, connection)| *connection).collect()
    }

    /// Those that are not over.
    pub(crate) fn all(&self, at: i64) -> Vec<Ban> {
        self.book().bans.iter().filter(|ban| ban.until > at).copied().collect()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::address::Proxies;

    fn from(ip: &str) -> Option<Network> {
        Proxies::new(Vec::new(), false).of_socket(ip.parse().unwrap())
    }

    #[test]
    fn a_ban_holds_where_it_reaches_and_until_it_ends_or_is_undone() {
        let bans = Bans::new(Vec::new());
        for (network, until) in
            [("203.0.113.0/24", 50), ("203.0.113.5/32", 90), ("2001:db8::/48", 90)]
        {
            assert_eq!(bans.set(network.parse().unwrap(), Some(until)), []);
        }
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
        bans.set("203.0.113.5/32".parse().unwrap(), None);
        assert_eq!(bans.until(from("203.0.113.5"), 50), None);
        assert_eq!(bans.all(50).len(), 1);
    }

    #[test]
    fn a_ban_names_the_sockets_that_are_open_from_there() {
        let bans = Bans::new(Vec::new());
        let open = [("203.0.113.5", 1), ("203.0.113.5", 2), ("198.51.100.1", 3), ("127.0.0.1", 4)];
        let mut open: Vec<Open> =
            open.iter().map(|(ip, n)| bans.enter(from(ip), ConnectionId(*n))).collect();
        drop(open.remove(0));
        let hit = bans.set("203.0.0.0/16".parse().unwrap(), Some(9));
        assert_eq!(hit, [ConnectionId(2)]);
        drop(open);
        assert!(bans.book().open.is_empty());
    }
}
