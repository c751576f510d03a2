//! What holds in a room, as its hosts have it, and what is on their desk.

use serde::{Deserialize, Serialize};

use crate::{Act, Line, Member, MemberId, MessageId, Waiting};

/// An end that never comes: the last second of the year 9999, UTC, in milliseconds since 1970.
pub const FOR_EVER: i64 = 253_402_300_799_000;
/// Seconds. Slower than this is no talk.
pub const MAX_SLOW: u32 = 60 * 60;

/// Who comes in that is no member yet. A host's link opens every room, an invitation every one that is not
/// locked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// Whoever has the address.
    #[default]
    Open,
    /// Who knocks, and is let in by a host.
    Knock,
    /// Nobody.
    Locked,
}

/// Who writes in a room; hosts always do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voices {
    #[default]
    Everyone,
    Hosts,
}

/// What its hosts have settled, beside a room's name, its lifetime and whether it is listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// What is talked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<Line>,
    #[serde(skip_serializing_if = "is_default")]
    pub admission: Admission,
    /// Who is no member yet has to know one.
    #[serde(skip_serializing_if = "is_default")]
    pub password: bool,
    /// Members at most, where that is fewer than the server allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// Seconds between two messages of one who is no host; 0: as fast as the server allows.
    #[serde(skip_serializing_if = "is_default")]
    pub slow: u32,
    #[serde(skip_serializing_if = "is_default")]
    pub voices: Voices,
}

impl Rules {
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// Whoever has the address may read along and join.
    pub fn is_open(&self) -> bool {
        self.admission == Admission::Open && !self.password
    }

    /// How many members a room may have where none has more than `capacity`.
    pub fn most(&self, capacity: u32) -> u32 {
        self.capacity.map_or(capacity, |most| most.min(capacity))
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Something on a room's desk, as it is now. What happens there last has the highest `rev`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub rev: u64,
    /// When it came there first: milliseconds since 1970, UTC.
    pub at: i64,
    pub matter: Matter,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    Knock(Knock),
    Report(Report),
    Curb(Curb),
    Link(Link),
    Logged(Logged),
}

/// Somebody who wants to come in. Refused or let in, they are a member by this id, if they ever come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Knock {
    pub member: MemberId,
    /// What they say to the hosts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<Line>,
    /// Whether they may come in, once a host has said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<bool>,
}

/// A message that hosts should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub message: MessageId,
    pub seq: u32,
    pub author: MemberId,
    /// Who reported it, the first ten of them.
    pub by: Vec<MemberId>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settled: bool,
}

/// What somebody may not do, and until when; over when it is past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Curb {
    pub member: MemberId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barred: Option<i64>,
    /// Who said so last; `None`: who runs the server.
    pub by: Option<MemberId>,
}

/// Who has it comes in. What makes it work is in the link alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Counted in the room.
    pub id: u32,
    /// They are a host then.
    pub host: bool,
    pub by: Option<MemberId>,
    pub until: i64,
    /// How many may come in by it yet; `None`: as many as like.
    pub left: Option<u32>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub revoked: bool,
}

/// What a host did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logged {
    /// `None`: who runs the server; or, if it is `automatic`, the server itself.
    pub by: Option<MemberId>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
    pub act: Act,
    /// What makes it undone, where that can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<Act>,
}

impl Matter {
    /// What it is and which: of two items with one key, the one with the higher `rev` is the newer.
    pub fn key(&self, rev: u64) -> (Kind, u64) {
        match self {
            Self::Knock(knock) => (Kind::Knock, knock.member.0.into()),
            Self::Report(report) => (Kind::Report, report.seq.into()),
            Self::Curb(curb) => (Kind::Curb, curb.member.0.into()),
            Self::Link(link) => (Kind::Link, link.id.into()),
            Self::Logged(_) => (Kind::Logged, rev),
        }
    }

    /// Of those who are in it, hosts too.
    pub fn members(&self) -> Vec<MemberId> {
        let members = match self {
            Self::Knock(knock) => vec![Some(knock.member)],
            Self::Report(report) => {
                report.by.iter().copied().map(Some).chain([Some(report.author)]).collect()
            }
            Self::Curb(curb) => vec![Some(curb.member), curb.by],
            Self::Link(link) => vec![link.by],
            Self::Logged(logged) => vec![logged.by, logged.act.member()],
        };
        members.into_iter().flatten().collect()
    }

    /// Somebody has to see to it.
    pub fn waits(&self) -> bool {
        match self {
            Self::Knock(knock) => knock.answer.is_none(),
            Self::Report(report) => !report.settled,
            Self::Curb(_) | Self::Link(_) | Self::Logged(_) => false,
        }
    }
}

impl Waiting {
    /// Of those who knock that are named.
    const NAMED: usize = 50;

    /// What of these waits; who came first stands first.
    pub fn of<'a>(
        items: impl IntoIterator<Item = &'a Item>,
        named: impl Fn(MemberId) -> Option<Member>,
    ) -> Self {
        let mut knocks: Vec<(i64, MemberId)> = Vec::new();
        let mut reports = 0;
        for item in items.into_iter().filter(|item| item.matter.waits()) {
            match &item.matter {
                Matter::Knock(knock) => knocks.push((item.at, knock.member)),
                Matter::Report(_) => reports += 1,
                Matter::Curb(_) | Matter::Link(_) | Matter::Logged(_) => {}
            }
        }
        knocks.sort_unstable();
        let knocking = u32::try_from(knocks.len()).unwrap_or(u32::MAX);
        let knocks = knocks.into_iter().filter_map(|(_, id)| named(id)).take(Self::NAMED);
        Self { knocks: knocks.collect(), knocking, reports }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Knock,
    Report,
    Curb,
    Link,
    Logged,
}
