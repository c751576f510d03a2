//! What the server says to that, and how people read it.

use std::{collections::BTreeMap, fmt};

use app::LocalTime;
use serde::{Deserialize, Serialize};

use super::command::{Reach, Where};
use crate::clock::clock;

/// What to print; or why there is nothing.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reply {
    Done(String),
    Refused(String),
}

/// Moments are milliseconds since 1970, UTC.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    /// The first of so many.
    Rooms {
        rooms: Vec<Room>,
        total: u64,
    },
    RoomRemoved {
        room: Where,
        messages: u32,
    },
    MessageRemoved {
        room: Where,
        seq: u32,
    },
    PersonBanned {
        room: Where,
        until: i64,
    },
    PersonUnbanned {
        room: Where,
    },
    /// So many connections were closed.
    AddressBanned {
        network: Reach,
        until: i64,
        closed: usize,
    },
    AddressUnbanned {
        network: Reach,
    },
    Bans {
        bans: Vec<Ban>,
    },
    /// To so many connections.
    Announced {
        to: usize,
    },
    Stats(Box<Stats>),
}

#[derive(Serialize)]
pub(super) struct Room {
    pub(super) id: u32,
    pub(super) code: String,
    pub(super) name: Option<String>,
    pub(super) here: u32,
    pub(super) members: u32,
    pub(super) hosts: u32,
    pub(super) messages: u32,
    pub(super) used_at: i64,
    pub(super) flags: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Ban {
    pub(super) network: Reach,
    pub(super) until: i64,
}

#[derive(Serialize)]
pub(super) struct Stats {
    pub(super) version: String,
    pub(super) uptime_s: u64,
    pub(super) rooms: u64,
    pub(super) messages: u64,
    pub(super) people: u64,
    /// Those in rooms now; who is in two counts twice.
    pub(super) here: u32,
    pub(super) rooms_in_use: u32,
    /// Of all kinds, and the WebSockets among them.
    pub(super) connections: usize,
    pub(super) sockets: usize,
    /// Since the start, and in the last full minute.
    pub(super) posted: u64,
    pub(super) posted_last_minute: u32,
    pub(super) database_bytes: u64,
    /// Where the system says.
    pub(super) memory_bytes: Option<u64>,
    /// Transactions that wait to be told.
    pub(super) backlog: usize,
    /// Since the start, by their codes on the wire.
    pub(super) refused: BTreeMap<String, u64>,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rooms { rooms, total } => write_rooms(f, rooms, *total),
            Self::RoomRemoved { room, messages } => {
                write!(f, "{room} is removed, with everything in it (messages: {messages})")
            }
            Self::MessageRemoved { room, seq } => write!(f, "message {seq} of {room} is removed"),
            Self::PersonBanned { room, until } => {
                write!(f, "they are out of {room}, and banned {}", Until(*until))
            }
            Self::PersonUnbanned { room } => write!(f, "they may come back into {room}"),
            Self::AddressBanned { network, until, closed } => {
                let until = Until(*until);
                write!(f, "{network} is banned {until}; {closed} connections were closed")
            }
            Self::AddressUnbanned { network } => write!(f, "{network} is banned no more"),
            Self::Bans { bans } if bans.is_empty() => f.write_str("no address is banned"),
            Self::Bans { bans } => {
                let line = |ban: &Ban| vec![ban.network.to_string(), Until(ban.until).to_string()];
                table(f, &["ADDRESS", "BANNED"], bans.iter().map(line).collect())
            }
            Self::Announced { to } => write!(f, "said to {to} connections"),
            Self::Stats(stats) => stats.fmt(f),
        }
    }
}

fn write_rooms(f: &mut fmt::Formatter<'_>, rooms: &[Room], total: u64) -> fmt::Result {
    // The name last: how wide it is, no one can say.
    let head = ["CODE", "ID", "HERE", "MEMBERS", "HOSTS", "MESSAGES", "USED", "FLAGS", "NAME"];
    let line = |room: &Room| {
        let numbers = [room.here, room.members, room.hosts, room.messages];
        let flags = if room.flags.is_empty() { "-".into() } else { room.flags.join(",") };
        let mut line = vec![room.code.clone(), room.id.to_string()];
        line.extend(numbers.map(|number| number.to_string()));
        line.extend([minute(room.used_at), flags, room.name.clone().unwrap_or_default()]);
        line
    };
    table(f, &head, rooms.iter().map(line).collect())?;
    write!(f, "\n{} of {total} rooms", rooms.len())
}

fn table(f: &mut fmt::Formatter<'_>, head: &[&str], lines: Vec<Vec<String>>) -> fmt::Result {
    let head = head.iter().map(|word| (*word).to_owned()).collect();
    let lines: Vec<Vec<String>> = [vec![head], lines].concat();
    let widest = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
    let widths: Vec<usize> = (0..lines[0].len()).filter_map(widest).collect();
    for (n, line) in lines.iter().enumerate() {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        write!(f, "{}{}", if n > 0 { "\n" } else { "" }, line.trim_end())?;
    }
    Ok(())
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let memory = self.memory_bytes.map_or_else(|| "not known".into(), megabytes);
        let per_second = f64::from(self.posted_last_minute) / 60.0;
        let refused = self.refused.iter().map(|(code, count)| format!("{code} {count}"));
        let refused = refused.collect::<Vec<_>>().join(", ");
        let lines = [
            ("version", self.version.clone()),
            ("up for", span(self.uptime_s)),
            ("rooms", format!("{}, {} of them in use", self.rooms, self.rooms_in_use)),
            ("people", format!("{}, {} in rooms now", self.people, self.here)),
            ("connections", format!("{}, {} of them sockets", self.connections, self.sockets)),
            ("messages", self.messages.to_string()),
            (
                "posted",
                format!(
                    "{} since the start, {per_second:.1} a second in the last full minute",
                    self.posted
                ),
            ),
            ("database", megabytes(self.database_bytes)),
            ("memory", memory),
            ("backlog", format!("{} transactions", self.backlog)),
            ("refused", if refused.is_empty() { "nothing".into() } else { refused }),
        ];
        let line = |(name, value): &(&str, String)| format!("{name:12} {value}");
        f.write_str(&lines.iter().map(line).collect::<Vec<_>>().join("\n"))
    }
}

/// As `until 2026-11-22 18:55 UTC`.
struct Until(i64);

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 >= protocol::FOR_EVER {
            return f.write_str("for ever");
        }
        write!(f, "until {} UTC", minute(self.0))
    }
}

fn minute(at: i64) -> String {
    let LocalTime { year, month, day, hour, minute, .. } = (clock().local)(None, at);
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}")
}

fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}

fn span(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    format!("{days} d {hours} h {minutes} min")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_a_table_whose_columns_stand_in_line() {
        let room = |code: &str, id, name: &str| Room {
            id,
            code: code.into(),
            name: Some(name.into()),
            here: 2,
            members: 12,
            hosts: 1,
            messages: 1234,
            used_at: 1_715_270_000_000,
            flags: if id == 7 { vec!["listed".into(), "knock".into()] } else { vec![] },
        };
        let rooms = vec![room("KMRT", 7, "Tea"), room("physics", 12, "物理")];
        let said = Answer::Rooms { rooms, total: 9 }.to_string();
        let expected = "\
CODE     ID  HERE  MEMBERS  HOSTS  MESSAGES  USED              FLAGS         NAME
KMRT     7   2     12       1      1234      2024-05-09 15:53  listed,knock  Tea
physics  12  2     12       1      1234      2024-05-09 15:53  -             物理
2 of 9 rooms";
        assert_eq!(said, expected);
    }

    #[test]
    fn an_end_is_a_moment_or_never() {
        for (until, said) in
            [(1_715_270_000_000, "until 2024-05-09 15:53 UTC"), (protocol::FOR_EVER, "for ever")]
        {
            assert_eq!(Until(until).to_string(), said);
        }
    }
}
