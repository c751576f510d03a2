//! Which of the rooms that a connection follows it looks at. What passes, who is here and who types, is told
//! in full only of that one: in ten lively rooms it would be ten times as much as anybody can see.

use super::{ConnectionId, Follower, Hub, Streams, round::Round};
use crate::{Frame, Stream};

/// What a follower has for a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    /// It is the one that its connection began to follow last.
    Full,
    /// Its connection looks at another one.
    Partial,
}

impl Hub {
    /// From now on the connection looks at this room and at no other.
    pub(super) fn attend(&self, id: ConnectionId, stream: Stream) {
        let Stream::Room(_) = stream else { return };
        let Streams { connections, followers, .. } = &mut *self.streams();
        let Some(connection) = connections.get(&id) else { return };
        for followed in &connection.streams {
            if let Some(follower) = followers.get_mut(followed).and_then(|all| all.get_mut(&id)) {
                let is_this = *followed == stream;
                follower.attention = if is_this { Attention::Full } else { Attention::Partial };
            }
        }
    }

    /// To those who follow the stream now and have this much attention for it.
    pub fn send_to(&self, whom: Attention, stream: Stream, frame: &Frame) {
        let mut round = Round::new();
        let mut streams = self.streams();
        let followers = streams.followers.get_mut(&stream).into_iter().flatten();
        let with_it = followers.filter(|(_, follower)| follower.has(whom));
        with_it.for_each(|(_, follower)| follower.tell(frame.clone(), &mut round));
        drop(streams);
        round.write();
    }
}

impl Follower {
    /// Whoever is about to get an answer gets all that comes after it.
    fn has(&self, attention: Attention) -> bool {
        let now = if self.held.is_some() { Attention::Full } else { self.attention };
        now == attention
    }
}
