//! What the hosts of a room may do there.

use serde::{Deserialize, Serialize};

use crate::{
    Admission, Lifetime, Line, LinkKey, MemberId, MessageId, Password, Role, RoomName, Voices,
};

/// What a host does, absolute: to do it twice is to do it once. Times are milliseconds since 1970, UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Without a name the room goes by its code.
    Rename {
        name: Option<RoomName>,
    },
    Topic {
        topic: Option<Line>,
    },
    Lifetime {
        lifetime: Lifetime,
    },
    List {
        listed: bool,
    },
    /// As many members, at most.
    Capacity {
        most: Option<u32>,
    },
    /// In the desk's log only whether there is one since: it is empty there.
    Password {
        password: Option<Password>,
    },
    /// The one that held until this entry of the desk's log holds again. Only the server has it.
    RestorePassword {
        entry: u32,
    },
    Admission {
        admission: Admission,
    },
    /// Seconds from one message of a member to their next.
    Slow {
        seconds: u32,
    },
    Voices {
        voices: Voices,
    },
    /// What it said can be had back for 10 s.
    Remove {
        message: MessageId,
        removed: bool,
    },
    /// Says nothing until then; `None`: may speak.
    Mute {
        member: MemberId,
        until: Option<i64>,
    },
    /// Is out, and not let in until then; `None`: may come back.
    Bar {
        member: MemberId,
        until: Option<i64>,
    },
    /// Be a host, or one no more.
    Appoint {
        member: MemberId,
        role: Role,
    },
    /// To one who knocks.
    Answer {
        knock: MemberId,
        admit: bool,
    },
    /// A report needs nothing more.
    Settle {
        report: MessageId,
    },
    /// Make a link. Its key is made by who asks for it, and stands in no log.
    Link {
        key: LinkKey,
        host: bool,
        until: i64,
        uses: Option<u32>,
    },
    /// A link opens nothing any more.
    Revoke {
        link: u32,
    },
    /// The room ends now, with everything in it.
    Burn,
}

impl Act {
    /// Of all variants, as they are called on the wire.
    pub const NAMES: [&str; 19] = [
        "rename",
        "topic",
        "lifetime",
        "list",
        "capacity",
        "password",
        "restore_password",
        "admission",
        "slow",
        "voices",
        "remove",
        "mute",
        "bar",
        "appoint",
        "answer",
        "settle",
        "link",
        "revoke",
        "burn",
    ];

    /// As it is called on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Rename { .. } => "rename",
            Self::Topic { .. } => "topic",
            Self::Lifetime { .. } => "lifetime",
            Self::List { .. } => "list",
            Self::Capacity { .. } => "capacity",
            Self::Password { .. } => "password",
            Self::RestorePassword { .. } => "restore_password",
            Self::Admission { .. } => "admission",
            Self::Slow { .. } => "slow",
            Self::Voices { .. } => "voices",
            Self::Remove { .. } => "remove",
            Self::Mute { .. } => "mute",
            Self::Bar { .. } => "bar",
            Self::Appoint { .. } => "appoint",
            Self::Answer { .. } => "answer",
            Self::Settle { .. } => "settle",
            Self::Link { .. } => "link",
            Self::Revoke { .. } => "revoke",
            Self::Burn => "burn",
        }
    }

    /// Without what only its maker may know.
    pub fn redacted(self) -> Self {
        match self {
            Self::Password { password } => {
                Self::Password { password: password.map(|_| Password::hidden()) }
            }
            Self::Link { host, until, uses, .. } => {
                Self::Link { key: LinkKey::hidden(), host, until, uses }
            }
            Self::Rename { .. }
            | Self::Topic { .. }
            | Self::Lifetime { .. }
            | Self::List { .. }
            | Self::Capacity { .. }
            | Self::RestorePassword { .. }
            | Self::Admission { .. }
            | Self::Slow { .. }
            | Self::Voices { .. }
            | Self::Remove { .. }
            | Self::Mute { .. }
            | Self::Bar { .. }
            | Self::Appoint { .. }
            | Self::Answer { .. }
            | Self::Settle { .. }
            | Self::Revoke { .. }
            | Self::Burn => self,
        }
    }

    /// Whom it is about.
    pub fn member(&self) -> Option<MemberId> {
        match self {
            Self::Mute { member, .. } | Self::Bar { member, .. } | Self::Appoint { member, .. } => {
                Some(*member)
            }
            Self::Answer { knock, .. } => Some(*knock),
            Self::Rename { .. }
            | Self::Topic { .. }
            | Self::Lifetime { .. }
            | Self::List { .. }
            | Self::Capacity { .. }
            | Self::Password { .. }
            | Self::RestorePassword { .. }
            | Self::Admission { .. }
            | Self::Slow { .. }
            | Self::Voices { .. }
            | Self::Remove { .. }
            | Self::Settle { .. }
            | Self::Link { .. }
            | Self::Revoke { .. }
            | Self::Burn => None,
        }
    }
}
