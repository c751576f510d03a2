//! What is followed, and whose it is.

use protocol::{Audience, Changes, RoomId};

/// Somebody with a browser, in all rooms. Never leaves the server, so that nobody can match the
/// members of one room with those of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub i64);

/// One device of somebody's. It says which one, and opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

/// Whose values change: what `Audience` is on the wire, where a person is only ever "you".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    Room(RoomId),
    Person(PersonId),
    Desk(RoomId),
    /// What passes there: nothing of it is kept.
    Lobby,
}

impl Stream {
    pub fn audience(self) -> Audience {
        match self {
            Self::Room(room) => Audience::Room(room),
            Self::Person(_) => Audience::Person,
            Self::Desk(room) => Audience::Desk(room),
            Self::Lobby => Audience::Lobby,
        }
    }
}

/// What a transaction changed, a frame's worth per stream: in the order of revs, published as is.
pub type Commit = Vec<(Stream, Changes)>;
