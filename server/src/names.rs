//! Names for guests: an adjective and an animal, kind in any combination, at most 20 characters. And for
//! rooms: an adjective and a place.

use std::sync::LazyLock;

use protocol::{Language, PersonName, Skeletons};

const ADJECTIVES: [&str; 80] = [
    "Able", "Active", "Airy", "Amber", "Autumn", "Azure", "Bold", "Brave", "Breezy", "Bright",
    "Brisk", "Calm", "Candid", "Cheerful", "Clear", "Clever", "Cosy", "Crimson", "Curious",
    "Dapper", "Daring", "Deft", "Dreamy", "Eager", "Early", "Earnest", "Easy", "Fair", "Fleet",
    "Gentle", "Glad", "Golden", "Graceful", "Happy", "Hardy", "Hearty", "Honest", "Humble",
    "Indigo", "Jaunty", "Jolly", "Jovial", "Joyful", "Keen", "Kind", "Lively", "Loyal", "Lucky",
    "Mellow", "Merry", "Mighty", "Mindful", "Misty", "Modest", "Neat", "Nimble", "Noble",
    "Patient", "Peaceful", "Plucky", "Polite", "Quick", "Quiet", "Ready", "Royal", "Rustic",
    "Sandy", "Scarlet", "Serene", "Silver", "Sincere", "Snowy", "Spring", "Steady", "Sunny",
    "Swift", "Tidy", "Trusty", "Warm", "Wise",
];

const ANIMALS: [&str; 80] = [
    "Alpaca",
    "Antelope",
    "Avocet",
    "Badger",
    "Beetle",
    "Bison",
    "Bluebird",
    "Bobcat",
    "Buffalo",
    "Bunting",
    "Capybara",
    "Caribou",
    "Chamois",
    "Cicada",
    "Condor",
    "Crane",
    "Cricket",
    "Curlew",
    "Deer",
    "Dolphin",
    "Dormouse",
    "Dragonfly",
    "Dunlin",
    "Egret",
    "Eider",
    "Elk",
    "Falcon",
    "Ferret",
    "Finch",
    "Firefly",
    "Fox",
    "Gannet",
    "Gazelle",
    "Gecko",
    "Giraffe",
    "Hare",
    "Hedgehog",
    "Heron",
    "Hoopoe",
    "Ibex",
    "Ibis",
    "Jackdaw",
    "Kestrel",
    "Kingfisher",
    "Kiwi",
    "Koala",
    "Ladybird",
    "Lark",
    "Lemur",
    "Linnet",
    "Lynx",
    "Magpie",
    "Manatee",
    "Marmot",
    "Marten",
    "Meerkat",
    "Merlin",
    "Moose",
    "Narwhal",
    "Newt",
    "Nuthatch",
    "Ocelot",
    "Oriole",
    "Osprey",
    "Otter",
    "Owl",
    "Panda",
    "Pelican",
    "Penguin",
    "Plover",
    "Puffin",
    "Quokka",
    "Raven",
    "Robin",
    "Seal",
    "Sparrow",
    "Squirrel",
    "Swallow",
    "Tortoise",
    "Wren",
];

const PLACES: [&str; 40] = [
    "Arbour",
    "Balcony",
    "Bay",
    "Beach",
    "Bridge",
    "Brook",
    "Cabin",
    "Clearing",
    "Corner",
    "Cove",
    "Deck",
    "Dune",
    "Field",
    "Fountain",
    "Garden",
    "Glade",
    "Grove",
    "Harbour",
    "Hearth",
    "Hill",
    "Island",
    "Kitchen",
    "Lagoon",
    "Lake",
    "Library",
    "Lighthouse",
    "Loft",
    "Lounge",
    "Meadow",
    "Orchard",
    "Pavilion",
    "Pier",
    "Porch",
    "River",
    "Salon",
    "Studio",
    "Terrace",
    "Valley",
    "Veranda",
    "Workshop",
];

/// A random one.
pub(crate) fn guest() -> String {
    random(&ANIMALS)
}

/// A name for a room, a random one too.
pub(crate) fn room() -> String {
    random(&PLACES)
}

fn random(nouns: &[&'static str]) -> String {
    // Without random numbers everyone is offered the same name, and may change it.
    let random = getrandom::u64().unwrap_or_default();
    name(random as usize % ADJECTIVES.len(), nouns, (random >> 32) as usize % nouns.len())
}

/// As a name that was parsed, which each of them can be.
pub(crate) fn guest_name() -> Option<PersonName> {
    PersonName::parse(&guest()).ok()
}

fn name(adjective: usize, nouns: &[&'static str], noun: usize) -> String {
    let word = |words: &[&'static str], at: usize| words.get(at).copied().unwrap_or_default();
    format!("{} {}", word(&ADJECTIVES, adjective), word(nouns, noun))
}

/// Whether it is one of those that are made here, with a number or without: nobody has chosen it.
pub(crate) fn is_guest(name: &PersonName) -> bool {
    let words = without_number(name.as_str()).split_once(' ');
    words.is_some_and(|(first, second)| ADJECTIVES.contains(&first) && ANIMALS.contains(&second))
}

/// Whether somebody who is called so would be taken for the server, for a host, or by each reader for
/// themselves: with a number or without.
pub(crate) fn is_reserved(name: &PersonName) -> bool {
    static RESERVED: LazyLock<Vec<Skeletons>> = LazyLock::new(|| {
        let of_language = |language| {
            let words = &app::catalogue(language).live;
            [words.you, words.host]
        };
        let all = Language::ALL.into_iter().flat_map(of_language).chain(OURS);
        all.map(Skeletons::of).collect()
    });
    let bare = Skeletons::of(without_number(name.as_str()));
    RESERVED.iter().any(|reserved| reserved.are_alike(&bare))
}

/// Names for whoever wants one that is taken: with the numbers that come next, and last a guest's.
pub(crate) fn like(name: &PersonName) -> Vec<PersonName> {
    with_numbers(name).chain(guest_name()).collect()
}

/// Whether it is this name with a number, or another one.
pub(crate) fn is_numbered(name: &PersonName, of: &PersonName) -> bool {
    with_numbers(of).any(|numbered| numbered == *name)
}

/// What speaks for a server elsewhere.
const OURS: [&str; 7] =
    [app::APP, "Admin", "Administrator", "Moderator", "Operator", "System", "Server"];

const NUMBERS: u32 = 20;

/// In the place of the one that it may have.
fn with_numbers(name: &PersonName) -> impl Iterator<Item = PersonName> {
    let name = without_number(name.as_str());
    (2..=NUMBERS).filter_map(move |number| numbered(name, number))
}

fn without_number(name: &str) -> &str {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    name.rsplit_once(' ').filter(|(_, last)| is_number(last)).map_or(name, |(rest, _)| rest)
}

/// Of a name that is too long for a number as much as fits.
fn numbered(name: &str, number: u32) -> Option<PersonName> {
    let ends = name.char_indices().map(|(at, _)| at).skip(1).chain([name.len()]);
    let parts: Vec<_> = ends.filter_map(|end| name.get(..end)).collect();
    parts.iter().rev().find_map(|part| PersonName::parse(&format!("{part} {number}")).ok())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeSet;

    use protocol::RoomName;

    use super::*;

    #[test]
    fn every_guest_name_is_valid_as_it_stands_and_no_two_are_alike() {
        let mut seen = [const { BTreeSet::new() }; 3];
        for adjective in 0..ADJECTIVES.len() {
            for animal in 0..ANIMALS.len() {
                let name = name(adjective, &ANIMALS, animal);
                assert!(name.chars().count() <= 20, "{name}");
                let parsed = PersonName::parse(&name).unwrap();
                assert_eq!(parsed.as_str(), name);
                for (seen, skeleton) in seen.iter_mut().zip(parsed.skeletons().each()) {
                    assert!(seen.insert(skeleton.to_owned()), "{name}");
                }
            }
        }
    }

    #[test]
    fn every_name_for_a_room_is_valid_as_it_stands() {
        for adjective in 0..ADJECTIVES.len() {
            for place in 0..PLACES.len() {
                let name = name(adjective, &PLACES, place);
                assert_eq!(RoomName::parse(&name).unwrap().as_str(), name);
            }
        }
    }

    #[test]
    fn two_guests_are_rarely_called_the_same() {
        let names: BTreeSet<_> = (0..100).map(|_| guest()).collect();
        assert!(names.len() > 80, "{names:?}");
    }

    #[test]
    fn who_wants_a_name_that_is_taken_gets_one_like_it() {
        for (wanted, first, last) in [
            ("Ana", "Ana 2", "Ana 20"),
            ("Maximilian Alexander", "Maximilian Alexand 2", "Maximilian Alexan 20"),
            ("👩‍👩‍👧‍👧", "👩‍👩‍👧‍👧 2", "👩‍👩‍👧‍👧 20"),
            ("Ana 2", "Ana 2", "Ana 20"),
            ("Ana 1999", "Ana 2", "Ana 20"),
            ("1999", "1999 2", "1999 20"),
            ("R2D2", "R2D2 2", "R2D2 20"),
        ] {
            let names = like(&PersonName::parse(wanted).unwrap());
            assert_eq!(names[0].as_str(), first);
            assert_eq!(names[18].as_str(), last);
            assert_eq!(names.len(), 20, "and a guest's");
        }
    }

    #[test]
    fn a_number_makes_no_other_name() {
        for (name, of, expected) in [
            ("Ana 2", "Ana", true),
            ("Ana 3", "Ana 2", true),
            ("Maximilian Alexand 2", "Maximilian Alexander", true),
            ("Ana", "Ana 2", false),
            ("Ana", "Ana", false),
            ("Anna 2", "Ana", false),
        ] {
            let [name, of] = [name, of].map(|text| PersonName::parse(text).unwrap());
            assert_eq!(is_numbered(&name, &of), expected, "{name:?} of {of:?}");
        }
    }

    #[test]
    fn a_guests_name_is_known_again() {
        for (name, expected) in [
            (guest().as_str(), true),
            ("Quiet Otter", true),
            ("Quiet Otter 3", true),
            ("Quiet Ana", false),
            ("Otter", false),
            ("Otter 3", false),
        ] {
            assert_eq!(is_guest(&PersonName::parse(name).unwrap()), expected, "{name}");
        }
    }
}
