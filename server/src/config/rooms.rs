//! Rooms that a server always has.

use std::{collections::BTreeSet, str::FromStr};

use protocol::{RoomCode, RoomName};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provided {
    /// Never of the shape that a room's code has otherwise.
    pub code: RoomCode,
    pub name: RoomName,
}

impl FromStr for Provided {
    type Err = String;

    /// `General`, or with an address of its own, `physics=物理`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, name) = match text.split_once('=') {
            Some((address, name)) => (Some(address.trim()), name),
            None => (None, text),
        };
        let name = RoomName::parse(name)
            .map_err(|_| format!("a room's name has 1 to {} characters", RoomName::MAX))?;
        let address = address.map_or_else(|| like(name.as_str()), str::to_owned);
        match RoomCode::parse(&address) {
            Some(code) if code.is_letters() => {
                Err(format!("{address} could be the code of another room: choose a longer one"))
            }
            Some(code) => Ok(Self { code, name }),
            None => Err(format!(
                "{} needs an address of 2 to 30 of the letters a to z, figures and hyphens, as in physics={}",
                name.as_str(),
                name.as_str()
            )),
        }
    }
}

/// The letters and figures of a name, and a hyphen for all that is between them.
fn like(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let address = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    let taken = RoomCode::parse(&address).is_some_and(|code| code.is_letters());
    if taken { format!("{address}-room") } else { address }
}

/// Each at an address of its own.
pub(super) fn apart(rooms: Vec<Provided>) -> Result<Vec<Provided>, String> {
    let mut seen = BTreeSet::new();
    match rooms.iter().find(|room| !seen.insert(&room.code)) {
        Some(room) => Err(format!("two rooms have the address {}", room.code)),
        None => Ok(rooms),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_room_has_an_address_like_its_name_or_the_one_that_is_said() {
        for (text, code, name) in [
            ("General", "general", "General"),
            (" Tea & cake ", "tea-cake", "Tea & cake"),
            ("News", "news-room", "News"),
            ("physics=物理", "physics", "物理"),
        ] {
            let room: Provided = text.parse().unwrap();
            assert_eq!((room.code.as_str(), room.name.as_str()), (code, name));
        }
    }

    #[test]
    fn what_cannot_be_an_address_is_refused_with_a_sentence() {
        for (text, why) in [
            ("", "1 to 30 characters"),
            ("数学", "needs an address"),
            ("a_b=Maths", "needs an address"),
            ("MATH=Maths", "could be the code"),
            ("news=News", "could be the code"),
            ("A name that is much longer than it may be", "1 to 30 characters"),
        ] {
            let refused = text.parse::<Provided>().unwrap_err();
            assert!(refused.contains(why), "{text}: {refused}");
        }
        let rooms = ["General", "general=Other"].map(|text| text.parse().unwrap());
        assert_eq!(apart(rooms.to_vec()), Err("two rooms have the address general".into()));
    }
}
