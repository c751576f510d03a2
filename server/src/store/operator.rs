//! What whoever runs the server asks of its storage: which rooms there are, how much there is of everything, and from
//! where nobody is let in.

use ipnet::IpNet;
use protocol::Room;

use super::decide::RoomState;

/// A room as who runs the server sees it: nothing of what is said there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    pub room: Room,
    /// Members who have not left.
    pub members: u32,
    /// Those who are a host, also those who left.
    pub hosts: u32,
    /// The place of the newest message.
    pub messages: u32,
    /// When it was last known to be used: milliseconds since 1970, UTC.
    pub used_at: i64,
}

impl From<RoomState> for Listing {
    fn from(state: RoomState) -> Self {
        let used_at = state.used_at.max(state.last_at);
        let RoomState { room, joined: members, hosts, seq: messages, .. } = state;
        Self { room, members, hosts, messages, used_at }
    }
}

/// Of rooms that have not ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub rooms: u64,
    pub messages: u64,
    /// Who ever had a session.
    pub people: u64,
    /// Of the database.
    pub bytes: u64,
}

/// Nobody is let in from there until then: milliseconds since 1970, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ban {
    pub network: IpNet,
    pub until: i64,
}
