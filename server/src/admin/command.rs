//! What may be asked, on the command line and on the socket alike: what is no such thing is neither.

use std::{fmt, net::IpAddr, str::FromStr};

use clap::{Subcommand, value_parser};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use protocol::{FOR_EVER, Line, PersonName, RoomCode, RoomId};
use serde::{Deserialize, Serialize};

/// Bytes of a request, with the end of its line.
pub(super) const MOST: usize = 16 * 1024;
/// Rooms in an answer.
pub(super) const MOST_ROOMS: u32 = 1000;

/// A line from the one who asks.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    pub(super) command: AdminCommand,
    /// To be answered as programs read it.
    pub(super) json: bool,
}

impl Request {
    /// `None`: it is none.
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        serde_json::from_str(str::from_utf8(line).ok()?).ok()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AdminCommand {
    /// List the rooms, the one that was used last first
    Rooms {
        /// Only those with this in their code or name
        #[arg(value_name = "TEXT", value_parser = line)]
        with: Option<Line>,
        /// So many at most
        #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = value_parser!(u32).range(1..=i64::from(MOST_ROOMS)))]
        limit: u32,
    },
    /// Remove a room now, with everything in it; or one message of it
    Remove {
        /// Its code, or id:NUMBER as the log calls it
        room: Where,
        /// The message's place, as in its address (?at=12)
        seq: Option<u32>,
    },
    /// Let somebody in no more: a person of a room into it, or an address into anything
    Ban {
        #[command(subcommand)]
        whom: Whom,
        /// For how long: as 30m, 12h, 7d or ever
        #[arg(long = "for", global = true, value_name = "TIME", default_value = "1d")]
        lasting: Lasting,
    },
    /// Let them in again
    Unban {
        #[command(subcommand)]
        whom: Whom,
    },
    /// List the addresses that are banned, and until when
    Bans,
    /// Say a sentence to everybody who is connected, once and now
    Announce {
        #[arg(value_parser = line)]
        text: Line,
    },
    /// Say how much there is of everything, and how the server is
    Stats,
}

#[derive(Clone, Debug, PartialEq, Eq, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Whom {
    /// Somebody in a room, as its hosts would: they are out of it, and not let in
    Person {
        /// Its code, or id:NUMBER as the log calls it
        room: Where,
        /// What they are called there
        #[arg(value_parser = name)]
        name: PersonName,
    },
    /// Everybody who comes from there: no page, no form and no socket is answered
    Address {
        /// An address or a network, as 203.0.113.5 or 2001:db8::/32. One of IPv6 is a /64
        network: Reach,
    },
}

impl AdminCommand {
    /// For the log.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Rooms { .. } => "rooms",
            Self::Remove { .. } => "remove",
            Self::Ban { .. } => "ban",
            Self::Unban { .. } => "unban",
            Self::Bans => "bans",
            Self::Announce { .. } => "announce",
            Self::Stats => "stats",
        }
    }
}

fn line(text: &str) -> Result<Line, String> {
    Line::parse(text).map_err(|_| format!("it takes 1 to {} characters", Line::MAX))
}

fn name(text: &str) -> Result<PersonName, String> {
    PersonName::parse(text).map_err(|_| format!("a name has 1 to {} characters", PersonName::MAX))
}

/// Read and written as the command line has it.
macro_rules! as_text {
    ($($name:ident),*) => {$(
        impl TryFrom<String> for $name {
            type Error = &'static str;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(it: $name) -> Self {
                it.to_string()
            }
        }
    )*};
}

as_text!(Where, Reach, Lasting);

/// A room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Where {
    Code(RoomCode),
    Id(RoomId),
}

impl FromStr for Where {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "it takes a room's code, as KMRT, or its number in the log, as id:7";
        let room = match text.strip_prefix("id:") {
            Some(id) => id.parse().ok().map(|id| Self::Id(RoomId(id))),
            None => RoomCode::parse(text).map(Self::Code),
        };
        room.ok_or(wrong)
    }
}

impl fmt::Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Id(id) => write!(f, "id:{}", id.0),
        }
    }
}

/// Where people come from, no narrower than the server tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reach(pub IpNet);

impl FromStr for Reach {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let one = text.parse().map(|ip: IpAddr| IpNet::from(ip.to_canonical()));
        let network = one.or_else(|_| text.parse());
        let network = network.map_err(|_| "it takes an address or a network, as 203.0.113.0/24")?;
        let network = match network {
            IpNet::V4(_) => network,
            IpNet::V6(net) => told_apart(net)?,
        };
        if network.prefix_len() == 0 {
            return Err("that would be everybody");
        }
        Ok(Self(network.trunc()))
    }
}

/// One of IPv6 by a /64, and one of IPv4 as that, however it is written.
fn told_apart(net: Ipv6Net) -> Result<IpNet, &'static str> {
    let Some(ip) = net.addr().to_ipv4_mapped() else {
        return Ok(Ipv6Net::new_assert(net.addr(), net.prefix_len().min(64)).into());
    };
    let prefix = net.prefix_len().checked_sub(96);
    let prefix =
        prefix.ok_or("that is all of IPv4 and more; write a network of it as 203.0.113.0/24")?;
    Ok(Ipv4Net::new_assert(ip, prefix).into())
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(network) = self;
        if network.prefix_len() == network.max_prefix_len() {
            write!(f, "{}", network.addr())
        } else {
            write!(f, "{network}")
        }
    }
}

/// For how long, in whole minutes; `None`: for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Lasting(Option<u32>);

impl Lasting {
    /// When it ends, in milliseconds since 1970.
    pub(super) fn from(self, at: i64) -> i64 {
        self.0.map_or(FOR_EVER, |minutes| at.saturating_add(i64::from(minutes) * 60_000))
    }
}

impl FromStr for Lasting {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "ever" {
            return Ok(Self(None));
        }
        let units = [("m", 1), ("h", 60), ("d", 24 * 60)];
        let parsed = units.iter().find_map(|(unit, minutes)| {
            let count: u32 = text.strip_suffix(unit)?.parse().ok()?;
            count.checked_mul(*minutes).filter(|minutes| *minutes > 0)
        });
        parsed
            .map(|minutes| Self(Some(minutes)))
            .ok_or("it takes a time as 30m, 12h or 7d, or ever")
    }
}

impl fmt::Display for Lasting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(minutes) => write!(f, "{minutes}m"),
            None => f.write_str("ever"),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests;
