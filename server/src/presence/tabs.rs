//! A person's open connections to one room. Nearly everyone has one, and there are as many of these as
//! people in rooms: so it is a list, which has room for one, and no tree.

use delivery::ConnectionId;
use tokio::time::Instant;

/// In the order of ids.
#[derive(Default)]
pub(super) struct Tabs(Vec<(ConnectionId, Tab)>);

pub(super) struct Tab {
    pub(super) away: bool,
    /// Closed, and only counted until then: perhaps it is being loaded anew.
    pub(super) until: Option<Instant>,
}

impl Tabs {
    /// One that was there is as if it had just come.
    pub(super) fn insert(&mut self, id: ConnectionId, away: bool) {
        let tab = Tab { away, until: None };
        match self.find(id) {
            Ok(at) => self.0[at].1 = tab,
            Err(at) => {
                if self.0.is_empty() {
                    self.0.reserve_exact(1);
                }
                self.0.insert(at, (id, tab));
            }
        }
    }

    pub(super) fn get(&self, id: ConnectionId) -> Option<&Tab> {
        self.find(id).ok().map(|at| &self.0[at].1)
    }

    pub(super) fn get_mut(&mut self, id: ConnectionId) -> Option<&mut Tab> {
        self.find(id).ok().map(|at| &mut self.0[at].1)
    }

    pub(super) fn remove(&mut self, id: ConnectionId) {
        if let Ok(at) = self.find(id) {
            self.0.remove(at);
        }
    }

    pub(super) fn are_away(&self) -> bool {
        self.0.iter().all(|(_, tab)| tab.away)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn ids(&self) -> Vec<ConnectionId> {
        self.0.iter().map(|(id, _)| *id).collect()
    }

    fn find(&self, id: ConnectionId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&id, |(id, _)| *id)
    }
}
