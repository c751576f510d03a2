//! What the server asks of its storage, in its own words, and the promises that storage keeps.
//! What an operation means is decided in `decide.rs`, without SQL; `group.rs` gathers operations
//! into transactions, `read.rs` says what is read and `check.rs` what must hold; `sqlite.rs` and
//! `postgres.rs` load, save and look up.

mod check;
mod decide;
mod devices;
mod group;
mod op;
mod operator;
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
pub use op::{Applied, By, Came, Effect, Op};
pub use operator::{Ban, Listing, Totals};

use std::{future::Future, io, pin::Pin, time::Duration};

pub use delivery::{Commit, PersonId, Stream};
use protocol::{
    Changes, DeskPage, Ended, Item, Kind, Line, Link, Member, MemberId, OpenRoom, PersonName,
    Point, Reset, Room, RoomCode, RoomId, RoomLink, RoomPage,
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
/// Knocks, reports, curbs and links on the newest page of a desk, of each. No more than that knock at a time: each is
/// a member that is kept, and nobody would see it.
pub const MAX_ITEMS: u32 = 200;
/// Acts on it.
pub const MAX_LOGGED: u32 = 100;
/// Milliseconds for which what was said in a message that is taken away can be had back.
pub const REGRET: i64 = 10_000;
/// Milliseconds for which nobody new comes from where somebody is barred: a day.
pub const ADDRESS_BARRED: i64 = 24 * 60 * 60 * 1000;
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

/// Of a link's key, or of a room and the address that somebody is barred from: keyed, so that neither can be found
/// again by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Secret(pub [u8; 32]);

/// Why a room should open to one who is no member yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    None,
    /// They knew the password that is kept as this.
    Password(String),
    Link(Secret),
}

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
    /// How many members are in it.
    pub joined: u32,
    /// `None` for a visitor, and for one who left.
    pub member: Option<Member>,
    /// The `seq` up to which the member has read; `None` as above.
    pub read: Option<u32>,
    /// The member says nothing until then.
    pub muted: Option<i64>,
    /// Of one who is no member: who they were here.
    pub past: Option<Past>,
    /// Later than this no address is barred.
    pub barred_until: i64,
}

/// Somebody who was in a room, or knocked there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    pub member: Member,
    /// They were in it, and did not only knock.
    pub was_in: bool,
    /// Not let in until then.
    pub barred: Option<i64>,
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
    /// That one alone, if it is there.
    Only(u32),
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
    /// Until when nobody new comes to the room from there, if so.
    fn barred(&self, room: RoomId, from: Secret) -> Answer<'_, Option<i64>>;
    /// What the room's password is kept as, if it has one.
    fn password(&self, room: RoomId) -> Answer<'_, Option<String>>;
    /// The link with this key, and its room, if it opens that at this moment.
    fn link(&self, key: Secret, at: i64) -> Answer<'_, Option<(RoomId, Link)>>;
    /// Something on the room's desk.
    fn item(&self, room: RoomId, kind: Kind, n: u64) -> Answer<'_, Option<Item>>;
    /// What was done in the room before this entry of its desk's log, as much as is on a page of that.
    fn logged(&self, room: RoomId, before: u64) -> Answer<'_, DeskPage>;
    /// Whose this member is.
    fn who(&self, room: RoomId, member: MemberId) -> Answer<'_, Option<PersonId>>;
    /// Who is or was called so in the room, or in a way that looks like it, or knocks there by that name.
    fn called(&self, room: RoomId, name: PersonName) -> Answer<'_, Option<MemberId>>;
    /// Whether a host of it has not left.
    fn is_hosted(&self, room: RoomId) -> Answer<'_, bool>;
    /// Those members of a room, in it or not, and whether they are.
    fn members(&self, room: RoomId, ids: Vec<MemberId>) -> Answer<'_, Vec<(Member, bool)>>;
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
    /// The rooms in whose code or name this stands, or all; first the one that was used last, at most so many.
    /// And how many there are.
    fn list(&self, with: Option<Line>, most: u32) -> Answer<'_, (Vec<Listing>, u64)>;
    fn totals(&self) -> Answer<'_, Totals>;
    /// Those that were not undone, also if they are over.
    fn bans(&self) -> Answer<'_, Vec<Ban>>;
    /// Whether a write would reach the disk now.
    fn ready(&self) -> Answer<'_, ()>;
    /// Resolves when a transaction has failed, since it was last asked, of which is not known whether it was stored:
    /// if so, nobody was told. Once the store is `ready` again it is known.
    fn doubt(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
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
    #[error("the room is full")]
    RoomFull,
    #[error("a host has to let them in")]
    KnockFirst,
    #[error("too many wait for a host")]
    TooManyKnock,
    #[error("the room has a password")]
    PasswordNeeded,
    #[error("the link opens nothing")]
    LinkVoid,
    /// Only to one who was in it once.
    #[error("the room is locked")]
    Locked,
    #[error("barred until {until}")]
    Barred { until: i64 },
    #[error("muted until {until}")]
    Muted { until: i64 },
    #[error("only hosts write here")]
    HostsOnly,
    #[error("the room is slow")]
    TooSoon { retry_ms: u32 },
    #[error("not a host")]
    NotAHost,
    #[error("there would be no host")]
    LastHost,
    #[error("no such member")]
    NoSuchMember,
    #[error("no such message")]
    NoSuchMessage,
    #[error("the log keeps no password there")]
    NoSuchEntry,
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
