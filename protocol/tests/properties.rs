//! For any value: what is encoded is decoded again. For any text: an error at worst.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod mutations;
mod targets;

use proptest::{collection::vec, option, prelude::*, sample::select};
use protocol::*;

fn point() -> impl Strategy<Value = Point> {
    any::<(u32, u64)>().prop_map(|(epoch, rev)| Point { epoch, rev })
}

fn stream() -> impl Strategy<Value = Audience> {
    prop_oneof![
        any::<u32>().prop_map(|id| Audience::Room(RoomId(id))),
        Just(Audience::Person),
        any::<u32>().prop_map(|id| Audience::Desk(RoomId(id))),
        Just(Audience::Lobby),
    ]
}

fn name() -> impl Strategy<Value = PersonName> {
    "\\PC{1,8}".prop_filter_map("visible", |text| PersonName::parse(&text).ok())
}

fn body() -> impl Strategy<Value = Body> {
    ".{1,80}".prop_filter_map("visible", |text| Body::parse(&text).ok())
}

fn message_id() -> impl Strategy<Value = MessageId> {
    any::<u128>().prop_map(|bits| {
        let version_7 = (bits & !(0xf << 76)) | (7 << 76);
        let variant = (version_7 & !(0b11 << 62)) | (0b10 << 62);
        let hex = format!("{variant:032x}");
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-").parse().unwrap()
    })
}

fn message() -> impl Strategy<Value = Message> {
    (message_id(), any::<u32>(), any::<u64>(), any::<u32>(), any::<u32>(), body(), any::<i64>())
        .prop_map(|(id, seq, rev, version, author, body, created_at)| {
            let (author, content) = (MemberId(author), Content::Text(body));
            Message { id, seq, rev, version, author, content, created_at }
        })
}

fn member() -> impl Strategy<Value = Member> {
    let role = select(vec![Role::Member, Role::Host]);
    (any::<u32>(), name(), role, any::<u64>()).prop_map(|(id, name, role, rev)| Member {
        id: MemberId(id),
        name,
        role,
        rev,
    })
}

fn code() -> impl Strategy<Value = RoomCode> {
    "[A-HJKMNPR-Z]{4,5}".prop_map(|text| RoomCode::parse(&text).unwrap())
}

fn room() -> impl Strategy<Value = Room> {
    let name =
        option::of("\\PC{1,8}").prop_map(|text| text.and_then(|text| RoomName::parse(&text).ok()));
    let lifetime = proptest::sample::select(Lifetime::ALL.to_vec());
    (any::<u32>(), code(), name, any::<bool>(), lifetime, any::<u64>()).prop_map(
        |(id, code, name, listed, lifetime, rev)| Room {
            id: RoomId(id),
            code,
            name,
            listed,
            lifetime,
            rules: Rules::default(),
            rev,
        },
    )
}

fn membership() -> impl Strategy<Value = Membership> {
    any::<(u32, bool, u32, u64)>().prop_map(|(room, joined, read, rev)| Membership {
        room: RoomId(room),
        joined,
        read,
        muted: None,
        rev,
    })
}

fn value() -> impl Strategy<Value = protocol::Value> {
    prop_oneof![
        message().prop_map(protocol::Value::Message),
        member().prop_map(protocol::Value::Member),
        room().prop_map(protocol::Value::Room),
        membership().prop_map(protocol::Value::Membership),
    ]
}

fn changes() -> impl Strategy<Value = Changes> {
    (stream(), any::<u32>(), any::<u64>(), any::<u64>(), vec(value(), 0..6), any::<bool>())
        .prop_map(|(stream, epoch, after, upto, values, more)| Changes {
            stream,
            epoch,
            after,
            upto,
            values,
            more,
        })
}

fn reset() -> impl Strategy<Value = Reset> {
    let of_person = (vec(membership(), 0..4), point());
    prop_oneof![
        page().prop_map(Reset::Room),
        of_person.prop_map(|(memberships, at)| Reset::Person(PersonPage { memberships, at })),
    ]
}

fn page() -> impl Strategy<Value = RoomPage> {
    let place = proptest::option::of(any::<u32>());
    (room(), vec(message(), 0..4), vec(member(), 0..4), any::<u32>(), place, point()).prop_map(
        |(room, messages, members, head, found, at)| RoomPage {
            room,
            messages,
            members,
            head,
            found,
            at,
        },
    )
}

fn link() -> impl Strategy<Value = RoomLink> {
    (room(), any::<(u32, u32)>()).prop_map(|(Room { id, code, name, .. }, (unread, head))| {
        RoomLink { id, code, name, unread, head }
    })
}

fn present() -> impl Strategy<Value = Vec<Present>> {
    let one = (member(), any::<bool>()).prop_map(|(member, away)| Present { member, away });
    vec(one, 0..4)
}

fn presence() -> impl Strategy<Value = Presence> {
    let counts = || (any::<u32>().prop_map(RoomId), any::<u32>(), any::<u32>());
    prop_oneof![
        (counts(), present()).prop_map(|((room, total, away), people)| {
            Presence::All { room, here: Here { total, away, people } }
        }),
        (counts(), present(), present(), vec(member(), 0..4)).prop_map(
            |((room, total, away), came, changed, went)| {
                Presence::Moved { room, total, away, came, changed, went }
            }
        ),
        counts().prop_map(|(room, total, away)| Presence::Counted { room, total, away }),
    ]
}

fn refusal() -> impl Strategy<Value = Refusal> {
    prop_oneof![
        Just(Refusal::Malformed),
        Just(Refusal::IdConflict),
        any::<u32>().prop_map(|max| Refusal::BodyTooLong { max }),
        any::<u32>().prop_map(|retry_ms| Refusal::TooFast { retry_ms }),
        any::<u32>().prop_map(|retry_ms| Refusal::Busy { retry_ms }),
        any::<String>().prop_map(|id| Refusal::Internal { id }),
    ]
}

fn listed() -> impl Strategy<Value = Listed> {
    let open = (code(), any::<u32>(), any::<i64>()).prop_map(|(code, here, last_at)| OpenRoom {
        code,
        name: None,
        here,
        last_at,
    });
    (any::<i64>(), vec(open, 0..3), option::of(vec(code(), 0..3))).prop_map(|(at, rooms, gone)| {
        match gone {
            Some(gone) => Listed::Moved { at, rooms, gone },
            None => Listed::All { at, rooms },
        }
    })
}

fn event() -> impl Strategy<Value = Event> {
    let reason = select(vec![Reason::Expired, Reason::Burned, Reason::Removed, Reason::Left]);
    prop_oneof![
        (any::<u32>(), any::<String>(), any::<(u32, u32)>()).prop_map(
            |(version, build, (burst, every_ms))| {
                Event::Hello(Hello { version, build, rate: Rate { burst, every_ms } })
            }
        ),
        changes().prop_map(Event::Changes),
        reset().prop_map(Event::Reset),
        presence().prop_map(Event::Presence),
        (any::<u32>(), vec(member(), 0..4))
            .prop_map(|(room, who)| Event::Typing(Typing { room: RoomId(room), who })),
        (any::<Option<u32>>(), refusal())
            .prop_map(|(n, refusal)| Event::Refused(Refused { n, refusal })),
        vec(link(), 0..3).prop_map(Event::Rooms),
        listed().prop_map(Event::Listed),
        any::<(u32, u32)>().prop_map(|(room, head)| Event::News(News { room: RoomId(room), head })),
        (stream(), reason).prop_map(|(stream, reason)| Event::Closed(Closed { stream, reason })),
        Just(Event::Beat),
        Just(Event::Announced(Line::parse("Back in a minute").unwrap())),
    ]
}

fn request() -> impl Strategy<Value = Request> {
    let command =
        prop_oneof![
            (stream(), option::of(point())).prop_map(|(stream, since)| Command::Watch {
                stream,
                since,
                code: None
            }),
            (any::<u32>(), message_id(), any::<String>())
                .prop_map(|(room, id, body)| Command::Post { room: RoomId(room), id, body }),
            (any::<u32>(), any::<String>())
                .prop_map(|(room, name)| Command::SetName { room: RoomId(room), name }),
            any::<u32>().prop_map(|room| Command::Leave { room: RoomId(room) }),
            stream().prop_map(|stream| Command::Unwatch { stream }),
            vec(any::<u32>().prop_map(RoomId), 0..4).prop_map(|of| Command::News { of }),
            (any::<u32>(), any::<bool>())
                .prop_map(|(room, on)| Command::Typing { room: RoomId(room), on }),
            any::<bool>().prop_map(|away| Command::Away { away }),
            any::<(u32, u32)>().prop_map(|(room, seq)| Command::Read { room: RoomId(room), seq }),
            Just(Command::Beat),
        ];
    (any::<u32>(), command).prop_map(|(n, command)| Request { n, command })
}

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
