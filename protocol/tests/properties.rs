//! For any value: what is encoded is decoded again. For any text: an error at worst.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod mutations;
mod samples;
mod strategies;
mod targets;

use std::fmt::Debug;

use proptest::{
    collection::vec, prelude::*, sample::select, strategy::ValueTree, test_runner::TestRunner,
};
use protocol::*;
use serde::{Serialize, de::DeserializeOwned};
use strategies::{
    act, command, event, listed, matter, presence, reason, refusal, request, reset, stream, value,
};

/// JSON that is almost a request.
fn almost() -> impl Strategy<Value = String> {
    (request(), any::<prop::sample::Index>(), any::<char>()).prop_map(|(request, at, other)| {
        let mut text: Vec<char> = encode(&request).chars().collect();
        let at = at.index(text.len());
        text[at] = other;
        text.into_iter().collect()
    })
}

/// A frame that was valid before something in it was changed.
fn mutated() -> impl Strategy<Value = String> {
    let frame = prop_oneof![
        request().prop_map(|request| encode(&request)),
        event().prop_map(|event| encode(&event)),
    ];
    (frame, vec(mutations::mutation(), 1..4))
        .prop_map(|(frame, mutations)| mutations.iter().fold(frame, mutations::mutate))
}

/// Full of what cannot be seen, joins, turns around or climbs.
fn hiding() -> impl Strategy<Value = String> {
    let parts = [
        "a",
        "e",
        "A",
        " ",
        "\n",
        "\t",
        "\r",
        "\0",
        "\u{7f}",
        "\u{85}",
        "\u{a0}",
        "\u{ad}",
        "\u{300}",
        "\u{301}",
        "\u{317}",
        "\u{327}",
        "\u{334}",
        "\u{345}",
        "\u{34f}",
        "\u{5b0}",
        "\u{61c}",
        "\u{9c7}",
        "\u{9be}",
        "\u{1100}",
        "\u{1161}",
        "\u{11a8}",
        "\u{115f}",
        "\u{180e}",
        "\u{200b}",
        "\u{200c}",
        "\u{200d}",
        "\u{200e}",
        "\u{202e}",
        "\u{2028}",
        "\u{2066}",
        "\u{212b}",
        "\u{2329}",
        "\u{3000}",
        "\u{3164}",
        "\u{fe0f}",
        "\u{feff}",
        "\u{fff6}",
        "\u{fffe}",
        "\u{1f44d}",
        "\u{1f3fd}",
        "\u{1d15e}",
        "\u{e0041}",
        "ﷺ",
        "Ǆ",
        "ß",
    ];
    vec(select(parts.to_vec()), 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn an_event_survives_the_wire(event in event()) {
        prop_assert_eq!(decode::<Event>(&encode(&event)).unwrap(), event);
    }

    #[test]
    fn a_request_survives_the_wire(request in request()) {
        prop_assert_eq!(decode_request(&encode(&request)).unwrap(), request);
    }

    #[test]
    fn any_text_is_understood_as_it_is_said_or_refused(
        text in prop_oneof![any::<String>(), almost(), mutated()]
    ) {
        targets::codec(text.as_bytes());
    }

    #[test]
    fn any_bytes_are_understood_as_they_are_said_or_refused(bytes in vec(any::<u8>(), 0..200)) {
        targets::codec(&bytes);
    }

    #[test]
    fn any_text_that_is_accepted_stays_as_it_is(
        text in prop_oneof![any::<String>(), ".{0,400}", hiding()]
    ) {
        targets::text(text.as_bytes());
    }

    #[test]
    fn any_bytes_that_are_accepted_stay_as_they_are(bytes in vec(any::<u8>(), 0..200)) {
        targets::text(&bytes);
    }

    #[test]
    fn any_bytes_are_marked_in_a_measure(bytes in prop_oneof![
        vec(any::<u8>(), 0..200),
        vec(select(b"*_~`[](){}<>#!-+1. \\\n\thttps://a@".to_vec()), 0..400),
    ]) {
        targets::markup(&bytes);
    }
}

/// As many as would have each variant in them many times.
fn assert_each_variant<T: Serialize + DeserializeOwned + Debug>(
    strategy: impl Strategy<Value = T>,
) {
    let mut runner = TestRunner::deterministic();
    let made = (0..2000).map(|_| strategy.new_tree(&mut runner).unwrap().current());
    let made = made.map(|value| samples::variant(&value)).collect();
    assert_eq!(samples::variants::<T>(), made);
}

#[test]
fn each_variant_of_the_wire_is_among_the_values_that_are_tried() {
    assert_each_variant(command());
    assert_each_variant(act());
    assert_each_variant(event());
    assert_each_variant(stream());
    assert_each_variant(value());
    assert_each_variant(matter());
    assert_each_variant(reset());
    assert_each_variant(presence());
    assert_each_variant(listed());
    assert_each_variant(refusal());
    assert_each_variant(reason());
}

#[test]
fn deep_nesting_is_refused_and_harms_nobody() {
    for (open, close) in [("[", "]"), (r#"{"n":1,"command":{"a":"#, "}}"), (r#"{"command":"#, "}")]
    {
        for depth in [200, 10_000] {
            let text = open.repeat(depth) + "1" + &close.repeat(depth);
            assert_eq!(
                decode_request(&text),
                Err(Refused { n: None, refusal: Refusal::Malformed })
            );
            assert!(decode::<Event>(&text).is_err());
        }
    }
}

#[test]
fn a_frame_holds_the_longest_post() {
    let id = MessageId::now();
    // The most bytes for a character that a body may have, and the most that one is escaped with.
    for body in [
        "\"".repeat(4000),
        "\n".repeat(4000) + ".",
        "🐘".repeat(4000),
        "e\u{301}\u{302}\u{303}".repeat(2340),
    ] {
        assert!(Body::parse(&body).is_ok() || body.starts_with('\n'));
        let command = Command::Post { room: RoomId(u32::MAX), id, body };
        assert!(encode(&Request { n: u32::MAX, command }).len() <= MAX_FRAME);
    }
    // Even if each byte of the largest body were escaped by its number.
    let worst = "\u{1}".repeat(MAX_FRAME / 6 - 32);
    let command = Command::Post { room: RoomId(u32::MAX), id, body: worst };
    assert!(encode(&Request { n: u32::MAX, command }).len() <= MAX_FRAME);
}
