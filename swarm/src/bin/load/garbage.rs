//! Frames that nobody understands, of many kinds and none of them too long: by the rules of WebSockets each may be
//! sent. Pure; chance is an argument.

use protocol::{Command, MAX_FRAME, MessageId, Request, RoomId, encode};
use swarm::{
    chance::Chance,
    frame::{BINARY, TEXT},
};

type Kind = fn(&mut Chance) -> (u8, Vec<u8>);

const KINDS: [Kind; 5] = [half, strange, unknown, deep, long];
/// Of pieces of JSON that are whole, but no request.
const STRANGE: [&str; 6] =
    ["null", "[]", "{}", r#""post""#, r#"{"n":1}"#, r#"{"n":"1","command":"beat"}"#];
const UNKNOWN: [&str; 4] = ["shout", "Post", "admin", "__proto__"];

/// Text that is refused: an opcode, and what is in the frame.
pub(crate) fn garbage(chance: &mut Chance) -> (u8, Vec<u8>) {
    chance.pick(&KINDS).map_or_else(|| (TEXT, Vec::new()), |kind| kind(chance))
}

fn post(chance: &mut Chance) -> String {
    let body = "Hello ".repeat(chance.within(1..100));
    let command = Command::Post { room: RoomId(1), id: MessageId::now(), body };
    encode(&Request { n: 1, command })
}

/// Breaks off.
fn half(chance: &mut Chance) -> (u8, Vec<u8>) {
    let mut text = post(chance);
    text.truncate(chance.within(1..text.len()));
    (TEXT, text.into_bytes())
}

fn strange(chance: &mut Chance) -> (u8, Vec<u8>) {
    (TEXT, chance.pick(&STRANGE).copied().unwrap_or_default().into())
}

fn unknown(chance: &mut Chance) -> (u8, Vec<u8>) {
    let name = chance.pick(&UNKNOWN).copied().unwrap_or_default();
    (TEXT, format!(r#"{{"n":1,"command":{{"{name}":{{"room":1}}}}}}"#).into_bytes())
}

fn deep(chance: &mut Chance) -> (u8, Vec<u8>) {
    let depth = chance.within(100..MAX_FRAME);
    (TEXT, chance.pick(b"[{").map_or_else(Vec::new, |bracket| vec![*bracket; depth]))
}

/// As long as may be: a request with a room that is none.
fn long(chance: &mut Chance) -> (u8, Vec<u8>) {
    let (before, after) = (r#"{"n":1,"command":{"typing":{"room":""#, r#"","on":true}}}"#);
    let most = MAX_FRAME - before.len() - after.len();
    (TEXT, format!("{before}{}{after}", "7".repeat(chance.within(most / 2..most))).into_bytes())
}

/// In a frame that is none of texts, after which a line is closed at once.
pub(crate) fn bytes(chance: &mut Chance) -> (u8, Vec<u8>) {
    let byte = |_| u8::try_from(chance.within(0..256)).unwrap_or_default();
    (BINARY, (0..1000).map(byte).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use protocol::decode_request;

    use super::*;

    #[test]
    fn nobody_understands_it_and_every_frame_may_be_sent() {
        let mut chance = Chance::new(7);
        for kind in KINDS.into_iter().chain([bytes as Kind]) {
            let mut seen = BTreeSet::new();
            for _ in 0..200 {
                let (opcode, payload) = kind(&mut chance);
                assert!((1..=MAX_FRAME).contains(&payload.len()), "{}", payload.len());
                if opcode == TEXT {
                    let text = String::from_utf8_lossy(&payload);
                    assert!(decode_request(&text).is_err(), "{text}");
                }
                seen.insert(payload);
            }
            assert!(seen.len() > 3, "{seen:?}");
        }
    }

    #[test]
    fn a_seed_repeats_its_frames_and_they_are_of_several_kinds() {
        let lengths = |seed| {
            let mut chance = Chance::new(seed);
            (0..100).map(|_| garbage(&mut chance).1.len()).collect::<Vec<_>>()
        };
        assert_eq!(lengths(1), lengths(1));
        assert_ne!(lengths(1), lengths(2));
        assert!(lengths(1).iter().any(|length| *length > MAX_FRAME / 2));
    }
}
