//! What can be done to what is kept, and what came of it.

use ipnet::IpNet;
use protocol::{
    Act, Body, Device, Lifetime, Line, Member, MemberId, Membership, Message, MessageId,
    PersonName, Room, RoomCode, RoomId, RoomName,
};

use super::{DeviceDone, DeviceOp, Entry, PersonId, Proof, Secret, SessionHash};

/// One change of the durable state. `at` is milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// A new person with their first session.
    Begin {
        session: SessionHash,
        name: PersonName,
        device: Device,
        at: i64,
    },
    Device(DeviceOp),
    /// A new room with its creator as host. `codes` are five letters each; of the first that is
    /// free the room takes four or, where codes are getting rare, five.
    Create {
        by: PersonId,
        name: Option<RoomName>,
        listed: bool,
        lifetime: Lifetime,
        called: PersonName,
        codes: Vec<RoomCode>,
        at: i64,
    },
    /// A room that this server always has, at this address and called so. Listed, and for ever.
    Provide {
        code: RoomCode,
        name: RoomName,
        at: i64,
    },
    /// Somebody was in these rooms until then. Nothing happens to those that have ended.
    Use {
        rooms: Vec<RoomId>,
        until: i64,
    },
    /// Be over, if its lifetime is with this `grace` of so many milliseconds. From then on it is as if it
    /// had never been, but for its code, which rests, and for its members, who may know that it ended.
    End {
        room: RoomId,
        at: i64,
        grace: i64,
    },
    /// Let go of a piece of a room that has ended: of its messages and, once its code has rested, of its
    /// members and of itself.
    Clear {
        room: RoomId,
        at: i64,
    },
    /// Be a member, by the first of these names that is free. One who is already keeps their name; one
    /// who left takes the new one. The first of all is what the person is called from now on.
    /// Where as many as `capacity` have not left, nobody comes in. `from` is where they come from, in this room.
    Join {
        room: RoomId,
        person: PersonId,
        names: Vec<PersonName>,
        capacity: u32,
        proof: Proof,
        from: Option<Secret>,
        at: i64,
    },
    /// Ask the room's hosts to be let in, by the first of these names that is free. Where nobody has to ask, join.
    Knock {
        room: RoomId,
        person: PersonId,
        names: Vec<PersonName>,
        says: Option<Line>,
        capacity: u32,
        from: Option<Secret>,
        at: i64,
    },
    /// Something that only a host does, or who runs the server. The password in it is what it is to be kept as.
    Host {
        room: RoomId,
        by: By,
        act: Act,
        /// Of the key of a link that is made.
        link: Option<Secret>,
        /// Where one who is barred came from.
        addresses: Vec<Secret>,
        capacity: u32,
        at: i64,
    },
    /// Let nobody in from there until then; `None`: let them in again.
    Ban {
        network: IpNet,
        until: Option<i64>,
        at: i64,
    },
    /// Tell the hosts of a message.
    Report {
        room: RoomId,
        person: PersonId,
        message: MessageId,
        at: i64,
    },
    /// Let go of what was said in messages that were taken away before this moment, and of addresses that were barred
    /// until then.
    Purge {
        before: i64,
    },
    Leave {
        room: RoomId,
        person: PersonId,
    },
    /// What somebody is called in rooms that they enter from now on.
    SetDefaultName {
        person: PersonId,
        name: PersonName,
    },
    SetName {
        room: RoomId,
        person: PersonId,
        name: PersonName,
        at: i64,
    },
    /// Has seen all up to `seq`, or up to the newest message if that is less.
    Read {
        room: RoomId,
        person: PersonId,
        seq: u32,
    },
    Post {
        room: RoomId,
        person: PersonId,
        id: MessageId,
        body: Body,
        at: i64,
    },
}

/// Who does what hosts do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// If they are a host.
    Person(PersonId),
    /// Who runs the server.
    Operator,
    /// The server itself, which looks first for a host who could undo it.
    Server,
}

impl By {
    pub(crate) fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(person) => Some(person),
            Self::Operator | Self::Server => None,
        }
    }
}

/// How somebody is a member now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// As they were before.
    Already,
    /// As they were, but for what they may do.
    Raised,
    /// Again: they had left.
    Back,
    First,
}

/// What came of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    Begun(PersonId),
    Device(DeviceDone),
    Created(Entry),
    Provided(Room),
    Used,
    /// Whether it did: somebody may have used it meanwhile.
    Ended(bool),
    /// Whether there is more of it to let go of now.
    Cleared {
        more: bool,
    },
    Joined {
        member: Member,
        came: Came,
        /// Nobody else has a place now.
        full: bool,
    },
    /// Waits for a host.
    Knocked,
    Acted(Effect),
    /// At this place in the room.
    Reported {
        seq: u32,
    },
    Purged,
    Banned,
    DefaultNameSet,
    /// The member who left, if they were one.
    Left(Option<MemberId>),
    Named {
        member: Member,
        epoch: u32,
    },
    /// `fresh`: false if they had read as far before; then nothing changed.
    Read {
        membership: Membership,
        epoch: u32,
        fresh: bool,
    },
    /// `fresh`: false for a retry, which changed nothing; this is the first result.
    Posted {
        message: Message,
        author: Member,
        epoch: u32,
        fresh: bool,
    },
}

/// What a host's act means for those who are connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// What the stream says is all.
    Said,
    /// The room is not for visitors any more.
    Closed,
    /// Is out of the room.
    Out { person: PersonId, member: MemberId },
    /// Is in it, and takes the last place if it is full then.
    In { person: PersonId, member: Member, full: bool },
    /// Is a host, or none any more.
    Appointed { person: PersonId, member: Member },
    /// The room is over.
    Over,
}
