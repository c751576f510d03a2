//! A person's devices as the store has them: their sessions, and the one way to another device that each
//! person may have open. What is done to them is decided in `decide/devices.rs`.

pub use delivery::SessionId;
use protocol::Device;

use super::{Person, PersonId, SessionHash};

/// Devices that one person is signed in on.
pub const MAX_DEVICES: usize = 50;
/// When a device was last seen is right to this, in milliseconds: who only reads is not written down.
pub const SEEN: i64 = 60 * 60 * 1000;

impl SessionHash {
    /// What the session is called where nobody may learn its hash. Its person has no two of one name: that
    /// two hashes begin with the same 64 bits does not happen.
    pub fn id(&self) -> SessionId {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        SessionId(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }
}

/// Of the token of a way to another device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WayHash(pub [u8; 32]);

/// A session as whoever brings its token finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub person: Person,
    pub seen_at: i64,
    /// It was signed out: whoever still brings its token is nobody, and never again somebody by it.
    pub ended: bool,
}

/// A session as its person sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedIn {
    pub id: SessionId,
    pub device: Device,
    pub since: i64,
    pub seen_at: i64,
}

/// Which of a person's sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    One(SessionId),
    /// All but the one that asks.
    Others,
}

/// What is done to a person's devices. Whose they are is said by one of their sessions, which must not have
/// ended when it is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceOp {
    /// It was there at this moment.
    See { session: SessionHash, at: i64 },
    /// End sessions, and whatever way to another device is open: whoever was signed out may have opened it.
    SignOut { by: SessionHash, which: Which, at: i64 },
    /// A way to another device until that moment, in the place of the one that there was; or none.
    Open { by: SessionHash, way: Option<(WayHash, i64)> },
    /// A new session of whoever opened the way, which nobody else goes then. `was` is the session that the
    /// browser comes with, if any: it ends. The same session once more is the first one's answer.
    Arrive { way: WayHash, session: SessionHash, device: Device, was: Option<SessionHash>, at: i64 },
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceDone {
    Seen,
    /// Those that ended now.
    SignedOut(Vec<SessionId>),
    /// False where there are `MAX_DEVICES` already.
    Opened(bool),
    /// Whose the session is.
    Arrived(PersonId),
    /// There is no such way, or none any more.
    Nowhere,
}
