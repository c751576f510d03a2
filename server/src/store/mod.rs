//! What the server asks of its storage, in its own words, and the promises that storage keeps.
//! What an operation means is decided in `decide.rs`, without SQL; `group.rs` gathers operations
//! into transactions, `read.rs` says what is read and `check.rs` what must hold; `sqlite.rs` and
//! `postgres.rs` load, save and look up.

mod check;
mod decide;
mod devices;
mod group;
pub mod postgres;
mod read;
mod run;
pub mod sqlite;
pub(crate) mod tokens;

#[cfg(test)]
mod contract;

pub use check::Report;
pub use devices::{
    DeviceDone, DeviceOp, MAX_DEVICES, SEEN, Session, SessionId, SignedIn, WayHash, Which,
};

use std::{future::Future, io, pin::Pin, time::Duration};

pub use delivery::{Commit, PersonId, Stream};
use protocol::{
    Body, Changes, Device, Ended, Lifetime, Member, MemberId, Membership, Message, MessageId,
    OpenRoom, PersonName, Point, Reset, Room, RoomCode, RoomId, RoomLink, RoomName, RoomPage,
};

/// Most operations in one transaction. Batches form only from what queued up while the commit
/// before was reaching the disk: no delay is ever added.
pub const MAX_BATCH: usize = 512;
/// Operations that may wait; beyond it they are refused as `Overloaded`.
pub const QUEUE: usize = 4096;
/// An operation that has not begun by then is refused unexecuted.
pub const DEADLINE: Duration = Duration::from_millis(1500);
/// Every caller hears something by then.
pub const PROMISE: Duration = Duration::from_millis(2000);
/// Messages of one page of a room's log.
pub const PAGE: u32 = 50;
/// Values and bytes of one page of catch-up.
pub const CATCH_UP_VALUES: usize = 200;
pub const CATCH_UP_BYTES: usize = 128 * 1024;
/// Revs behind which a client starts anew instead of catching up.
pub const TOO_FAR: u64 = 500;
/// A code rests this long after its room's end before it names another: 30 days, in milliseconds.
pub const CODE_RESTS: i64 = 30 * 24 * 60 * 60 * 1000;
/// Rooms of one person that are listed.
pub const MAX_ROOMS: u32 = 100;
/// Rooms that are listed for everyone.
pub const MAX_OPEN: u32 = 100;
/// Rooms that are seen to in one go: what is left waits for the next.
pub const MAX_DUE: u32 = 100;
/// Messages, or members, of a room that has ended that go in one operation: others' wait only for these.
pub const PIECE: u32 = 50;
/// Memberships on the newest page of a person's stream.
pub const MAX_MEMBERSHIPS: u32 = 1000;

pub type Result<T> = std::result::Result<T, StoreError>;
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Of a session's token. The token itself is only in the browser's cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionHash(pub [u8; 32]);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    /// What they called themselves last, without a number that they needed in one room; proposed for
    /// the next.
    pub name: PersonName,
}

/// A room by what the asker knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    Code(RoomCode),
    Id(RoomId),
}

/// A room and what somebody is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub room: Room,
    /// To which the room's stream has come.
    pub head: Point,
    /// `None` for a visitor, and for one who left.
    pub member: Option<Member>,
    /// The `seq` up to which the member has read; `None` as above.
    pub read: Option<u32>,
}

/// Which part of a room's log: at most `PAGE` messages and `CATCH_UP_BYTES`, but at least one
/// message if there is any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slice {
    Newest,
    /// Those that end before this `seq`.
    Before(u32),
    /// Those that begin after it.
    After(u32),
    /// As many before it as from it on, which is here in any case. Beyond the newest: the newest.
    Around(u32),
    /// Around the first message that is not older than this moment, in milliseconds since 1970.
    From(i64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Since {
    /// At most `CATCH_UP_VALUES` and `CATCH_UP_BYTES`, but at least one value if there is any.
    Changes(Changes),
    /// Without a point, or with one in another epoch, beyond the stream's head or more than
    /// `TOO_FAR` behind it.
    Reset(Reset),
}

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
    /// Where as many as `capacity` have not left, nobody comes in.
    Join {
        room: RoomId,
        person: PersonId,
        names: Vec<PersonName>,
        capacity: u32,
        at: i64,
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
    /// `fresh`: was not a member before.
    Joined {
        member: Member,
        fresh: bool,
    },
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

pub trait Store: Send + Sync + 'static {
    /// Resolves after the change is on disk; only then may it be shown to anyone.
    fn apply(&self, op: Op) -> Answer<'_, Applied>;
    fn session(&self, session: SessionHash) -> Answer<'_, Option<Session>>;
    /// Whose it is, if it has not ended.
    fn person(&self, session: SessionHash) -> Answer<'_, Option<Person>> {
        Box::pin(async move {
            let known = self.session(session).await?;
            Ok(known.filter(|session| !session.ended).map(|session| session.person))
        })
    }
    /// Where they are signed in, first where they were seen last.
    fn devices(&self, person: PersonId) -> Answer<'_, Vec<SignedIn>>;
    /// Whose device one becomes that goes this way at this moment.
    fn at_the_end_of(&self, way: WayHash, at: i64) -> Answer<'_, Option<Person>>;
    /// Rooms that they are a member of, the one with the newest message first; at most
    /// `MAX_ROOMS`.
    fn rooms(&self, person: PersonId) -> Answer<'_, Vec<RoomLink>>;
    fn entry(&self, door: Door, person: Option<PersonId>) -> Answer<'_, Option<Entry>>;
    /// Those that are listed, first those that are always there, and of each the one with the newest message;
    /// at most `MAX_OPEN`. Nobody is
    /// counted in them: who is there is not the store's to know.
    fn open(&self) -> Answer<'_, Vec<(RoomId, OpenRoom)>>;
    /// What went by this code last, if it has ended and this person was a member of it.
    fn ended(&self, code: RoomCode, person: PersonId) -> Answer<'_, Option<Ended>>;
    /// Rooms whose lifetime is over at this moment if nobody is in them, with this grace in milliseconds; only
    /// those that last while somebody is there, or all of them. At most `MAX_DUE`.
    fn over(&self, at: i64, grace: i64, all: bool) -> Answer<'_, Vec<RoomId>>;
    /// Rooms that have ended, of which there is something to let go of: messages, or all if they ended before
    /// this moment; at most `MAX_DUE`.
    fn to_clear(&self, rested: i64) -> Answer<'_, Vec<RoomId>>;
    /// The first of these names that this person could have in the room. Nobody keeps it free.
    fn free_name(
        &self,
        room: RoomId,
        person: Option<PersonId>,
        names: Vec<PersonName>,
    ) -> Answer<'_, Option<PersonName>>;
    /// A part of the log, its authors and the point they are complete to, read in one transaction.
    fn page(&self, room: RoomId, slice: Slice) -> Answer<'_, RoomPage>;
    fn newest(&self, room: RoomId) -> Answer<'_, RoomPage> {
        self.page(room, Slice::Newest)
    }
    /// What changed, in one page, read in one transaction; without a point, the newest page.
    fn since(&self, stream: Stream, point: Option<Point>) -> Answer<'_, Since>;
    /// Whether a write would reach the disk now.
    fn ready(&self) -> Answer<'_, ()>;
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("no such room")]
    NoSuchRoom,
    #[error("not a member")]
    NotAMember,
    #[error("somebody in the room has a name that looks like it")]
    NameTaken,
    #[error("another message has this id")]
    IdConflict,
    #[error("the room is full with {max}")]
    RoomFull { max: u32 },
    /// Refused before it was executed.
    #[error("too much to do")]
    Overloaded,
    /// Nothing was stored.
    #[error("the disk is full")]
    Full,
    /// Not acknowledged, and yet perhaps stored: a retry with the same id is safe.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
}

impl StoreError {
    fn silent() -> Self {
        Self::Unavailable("no answer in time".into())
    }

    fn stopped() -> Self {
        Self::Unavailable("stopped".into())
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        Self::Unavailable(error.to_string())
    }
}
