//! The addresses of pages, for the server's routes and for the browser alike.

use std::fmt;

use crate::{MemberId, RoomCode};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    Lobby,
    Room(RoomCode),
    NewRoom,
    Settings,
    /// For a room's hosts: what waits for them, and what they did.
    Desk(RoomCode),
    /// For a room's hosts: what holds in it.
    Rules(RoomCode),
    Devices,
}

impl Page {
    pub fn parse(path: &str) -> Option<Self> {
        match path.trim_end_matches('/') {
            "" => Some(Self::Lobby),
            "/new" => Some(Self::NewRoom),
            "/settings" => Some(Self::Settings),
            "/devices" => Some(Self::Devices),
            path => {
                let path = path.strip_prefix("/r/")?;
                let (code, rest) = path.split_once('/').unwrap_or((path, ""));
                let page = match rest {
                    "" => Self::Room,
                    "desk" => Self::Desk,
                    "rules" => Self::Rules,
                    _ => return None,
                };
                RoomCode::parse(code).map(page)
            }
        }
    }

    pub fn path(&self) -> String {
        match self {
            Self::Lobby => "/".into(),
            Self::Room(code) => format!("/r/{code}"),
            Self::NewRoom => "/new".into(),
            Self::Settings => "/settings".into(),
            Self::Desk(code) => format!("/r/{code}/desk"),
            Self::Rules(code) => format!("/r/{code}/rules"),
            Self::Devices => "/devices".into(),
        }
    }

    /// The address of what was done in a room before this entry of its log, for its hosts.
    pub fn log_before(code: &RoomCode, rev: u64) -> String {
        format!("/r/{code}/desk?before={rev}")
    }

    /// The address of somebody in a room, for its hosts.
    pub fn person(code: &RoomCode, member: MemberId) -> String {
        format!("/r/{code}/people/{}", member.0)
    }

    /// The address at which something can be done about a message.
    pub fn about(code: &RoomCode, seq: u32) -> String {
        format!("/r/{code}/m/{seq}")
    }

    /// The address of one message: the page around it, which opens at it.
    pub fn message(code: &RoomCode, seq: u32) -> String {
        format!("/r/{code}{}#m{seq}", Place::At(seq))
    }
}

const NEWEST: &str = "newest";

/// Which part of a room's log is wanted: the query of a room's page and of its history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Where the reader left off, or else the newest.
    #[default]
    Start,
    Newest,
    /// The messages before this `seq`.
    Before(u32),
    /// Those after it.
    After(u32),
    /// It and those around it: the address of one message.
    At(u32),
    /// From the first message of this day on, in the reader's zone.
    On(Day),
}

impl Place {
    /// The first pair of the query that names a place.
    ///
    /// # Errors
    /// One that names a place and none that there can be.
    pub fn parse(query: &str) -> Result<Self, &'static str> {
        let place = |pair: &str| {
            let (key, value) = pair.split_once('=')?;
            let seq = || value.parse().map_err(|_| "not the number of a message");
            Some(match key {
                "before" => seq().map(Self::Before),
                "after" => seq().map(Self::After),
                "at" if value == NEWEST => Ok(Self::Newest),
                "at" => seq().map(Self::At),
                "on" => Day::parse(value).map(Self::On).ok_or("not a day"),
                _ => return None,
            })
        };
        query.split('&').find_map(place).unwrap_or(Ok(Self::Start))
    }
}

/// As it stands behind an address: empty, or with its question mark.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => Ok(()),
            Self::Newest => write!(f, "?at={NEWEST}"),
            Self::Before(seq) => write!(f, "?before={seq}"),
            Self::After(seq) => write!(f, "?after={seq}"),
            Self::At(seq) => write!(f, "?at={seq}"),
            Self::On(day) => write!(f, "?on={}", day.0),
        }
    }
}

/// A day in the calendar as HTML's date input writes it: `2026-10-13`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day(String);

impl Day {
    /// Checks the form only: whether there is such a day, a calendar knows.
    pub fn parse(text: &str) -> Option<Self> {
        let figure = |(i, b): (usize, u8)| {
            if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() }
        };
        let valid = text.len() == 10 && text.bytes().enumerate().all(figure);
        valid.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_found_again_by_its_query() {
        let on = Day::parse("2026-10-13").map(Place::On);
        let places =
            [Place::Start, Place::Newest, Place::Before(1), Place::After(0), Place::At(u32::MAX)];
        for place in places.into_iter().chain(on) {
            let address = place.to_string();
            assert_eq!(Place::parse(address.strip_prefix('?').unwrap_or("")), Ok(place));
        }
        assert_eq!(Place::parse("data&at=7&before=9"), Ok(Place::At(7)));
        for strange in
            ["at=", "at=-1", "at=4294967296", "before=x", "on=13.10.2026", "on=2026-1-13"]
        {
            assert!(Place::parse(strange).is_err(), "{strange}");
        }
        for other in ["", "data", "a=b", "att=7", "utm=on"] {
            assert_eq!(Place::parse(other), Ok(Place::Start), "{other}");
        }
    }

    #[test]
    fn every_page_is_found_again_by_its_path() {
        let rooms = [Page::Room, Page::Desk, Page::Rules];
        let rooms = rooms.iter().filter_map(|page| RoomCode::parse("kmrt").map(page));
        for page in
            [Page::Lobby, Page::NewRoom, Page::Settings, Page::Devices].into_iter().chain(rooms)
        {
            assert_eq!(Page::parse(&page.path()), Some(page));
        }
        for strange in ["/r/", "/r/too_long", "/r/AB/C", "/setting", "/r/ÄÖÜS", "/r/K%4DRT"] {
            assert_eq!(Page::parse(strange), None, "{strange}");
        }
    }
}
