//! Which connections are of which device, so that a device that is signed out is so at once.

use std::collections::{BTreeMap, BTreeSet};

use protocol::Close;

use super::{ConnectionId, Hub};
use crate::{PersonId, SessionId};

#[derive(Default)]
pub(super) struct Sessions {
    open: BTreeSet<(SessionId, ConnectionId)>,
    /// How often anybody was signed out, or may have been.
    ends: u64,
}

impl Sessions {
    pub(super) fn add(&mut self, session: Option<SessionId>, id: ConnectionId) {
        self.open.extend(session.map(|session| (session, id)));
    }

    pub(super) fn remove(&mut self, session: Option<SessionId>, id: ConnectionId) {
        if let Some(session) = session {
            self.open.remove(&(session, id));
        }
    }

    fn of(&self, session: SessionId) -> impl Iterator<Item = ConnectionId> {
        let range = (session, ConnectionId(0))..=(session, ConnectionId(u64::MAX));
        self.open.range(range).map(|(_, id)| *id)
    }
}

impl Hub {
    /// A number that changes whenever somebody is signed out, or may have been. Whoever was looked up before it changed may not
    /// be who they were, and whoever connects after it changed was not among those who were sent away.
    pub fn sign_outs(&self) -> u64 {
        self.streams().sessions.ends
    }

    /// These sessions have ended: what is open of them is closed, and says why.
    pub fn sign_out<'a>(&self, sessions: impl IntoIterator<Item = &'a SessionId>) {
        self.close_sessions(sessions, Close::SignedOut);
    }

    /// Whoever is connected by these comes back, and is looked up then.
    pub fn send_back<'a>(&self, sessions: impl IntoIterator<Item = &'a SessionId>) {
        self.close_sessions(sessions, Close::Restart);
    }

    fn close_sessions<'a>(&self, sessions: impl IntoIterator<Item = &'a SessionId>, close: Close) {
        let mut streams = self.streams();
        streams.sessions.ends += 1;
        for id in sessions.into_iter().flat_map(|session| streams.sessions.of(*session)) {
            if let Some(connection) = streams.connections.get(&id) {
                connection.out.close(close);
            }
        }
    }

    /// Everyone who is connected, and by which sessions. Whoever connects after this is looked up again, as after
    /// somebody was signed out, unless they were looked up after it.
    pub fn signed_in(&self) -> BTreeMap<PersonId, BTreeSet<SessionId>> {
        let mut streams = self.streams();
        streams.sessions.ends += 1;
        let mut all = BTreeMap::<_, BTreeSet<_>>::new();
        for connection in streams.connections.values() {
            if let Some(person) = connection.person {
                all.entry(person).or_default().extend(connection.session);
            }
        }
        all
    }

    /// Whether this device has anything open.
    pub fn is_here(&self, session: SessionId) -> bool {
        self.streams().sessions.of(session).next().is_some()
    }
}
