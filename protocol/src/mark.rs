//! What tells the people of a room apart when their names do not: a colour and a word that nobody else in
//! the room has. It follows from ids that are never used twice, so it is neither stored nor sent.

use std::fmt;

use crate::{MemberId, RoomId};

const HUES: u32 = 10;
/// The spelling alphabet of the ITU and of ships' flags. It is the same in every language, so what is read
/// out in one is found by a reader of another.
const WORDS: [&str; 26] = [
    "alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett",
    "kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango",
    "uniform", "victor", "whiskey", "x-ray", "yankee", "zulu",
];
const ALL: u32 = HUES * WORDS.len() as u32;
/// Steps through the words that meet each of them.
const STEPS: [u32; 12] = [1, 3, 5, 7, 9, 11, 15, 17, 19, 21, 23, 25];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    /// One of ten.
    pub hue: u32,
    pub word: &'static str,
    /// How often all words in all hues were given out before, and one more.
    pub round: u32,
}

impl Mark {
    /// Of nobody else in this room. Where it begins is each room's own, so that the first who come are not
    /// called alike everywhere.
    pub fn of(room: RoomId, member: MemberId) -> Self {
        let start = hash(room.0);
        let (round, nth) = ((member.0.wrapping_sub(1)) / ALL, (member.0.wrapping_sub(1)) % ALL);
        let (turn, step) = (nth / WORDS.len() as u32, STEPS[(start % 12) as usize]);
        // Each word comes once a turn. From turn to turn its hue moves by 26 + 1, which meets all ten.
        let word = (nth % WORDS.len() as u32 * step + (start >> 8)) % WORDS.len() as u32;
        let hue = (nth + turn + (start >> 24)) % HUES;
        Self { hue, word: WORDS[word as usize], round: round + 1 }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.round {
            1 => f.write_str(self.word),
            round => write!(f, "{} {round}", self.word),
        }
    }
}

/// FNV-1a. People know each other by it, so it must not change.
fn hash(room: u32) -> u32 {
    let bytes = room.to_le_bytes();
    bytes.iter().fold(0x811c_9dc5, |hash, b| (hash ^ u32::from(*b)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn marks(room: u32, members: u32) -> impl Iterator<Item = Mark> {
        (1..=members).map(move |member| Mark::of(RoomId(room), MemberId(member)))
    }

    #[test]
    fn nobody_else_in_a_room_has_it() {
        for room in [1, 2, 3, 77, 65_536, 2_000_000_000] {
            let all: BTreeSet<Mark> = marks(room, 10_000).collect();
            assert_eq!(all.len(), 10_000, "room {room}");
            let first: BTreeSet<&str> = marks(room, 26).map(|mark| mark.word).collect();
            assert_eq!(
                first.len(),
                26,
                "room {room}: while few came, the word alone tells them apart"
            );
        }
    }

    #[test]
    fn it_is_the_same_for_ever() {
        let told = |mark: Mark| format!("{} {mark}", mark.hue);
        let some = [(1, 1), (1, 2), (1, 260), (1, 261), (2, 1), (7, 3), (9, 5000)];
        let found = some.map(|(room, member)| told(Mark::of(RoomId(room), MemberId(member))));
        assert_eq!(
            found,
            ["1 india", "2 bravo", "9 papa", "1 india 2", "5 lima", "3 x-ray", "5 x-ray 20"]
        );
    }

    #[test]
    fn rooms_begin_with_different_words() {
        let first: BTreeSet<&str> =
            (1..=100).flat_map(|room| marks(room, 1)).map(|m| m.word).collect();
        assert!(first.len() > 15, "{first:?}");
    }
}
