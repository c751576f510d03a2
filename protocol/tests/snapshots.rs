//! The wire as it is, to the letter: each variant of what clients read and write. A change here is
//! a change for every client there is; `docs/protocol.md` has each of these too.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod devices;
mod samples;

use std::collections::BTreeSet;

use protocol::*;
use samples::*;

#[test]
fn commands() {
    let since = Some(Point { epoch: 1, rev: 41 });
    for (n, command, json) in [
        (
            1,
            Command::Watch { stream: ROOM, since: None, code: None },
            r#"{"n":1,"command":{"watch":{"stream":{"room":7},"since":null}}}"#,
        ),
        (
            2,
            Command::Watch { stream: ROOM, since, code: RoomCode::parse("KMRT") },
            r#"{"n":2,"command":{"watch":{"stream":{"room":7},"since":{"epoch":1,"rev":41},"code":"KMRT"}}}"#,
        ),
        (
            3,
            Command::Post { room: RoomId(7), id: id(), body: "Hello".into() },
            r#"{"n":3,"command":{"post":{"room":7,"id":"018f4d1e-8c5a-7b3e-9f21-6a0d4c2b8e17","body":"Hello"}}}"#,
        ),
        (
            4,
            Command::SetName { room: RoomId(7), name: "Ana".into() },
            r#"{"n":4,"command":{"set_name":{"room":7,"name":"Ana"}}}"#,
        ),
        (5, Command::Leave { room: RoomId(7) }, r#"{"n":5,"command":{"leave":{"room":7}}}"#),
        (
            6,
            Command::Typing { room: RoomId(7), on: true },
            r#"{"n":6,"command":{"typing":{"room":7,"on":true}}}"#,
        ),
        (7, Command::Away { away: true }, r#"{"n":7,"command":{"away":{"away":true}}}"#),
        (
            8,
            Command::Read { room: RoomId(7), seq: 12 },
            r#"{"n":8,"command":{"read":{"room":7,"seq":12}}}"#,
        ),
        (
            9,
            Command::Watch { stream: Audience::Person, since: None, code: None },
            r#"{"n":9,"command":{"watch":{"stream":"person","since":null}}}"#,
        ),
        (10, Command::Beat, r#"{"n":10,"command":"beat"}"#),
        (
            14,
            Command::Report { room: RoomId(7), message: id() },
            r#"{"n":14,"command":{"report":{"room":7,"message":"018f4d1e-8c5a-7b3e-9f21-6a0d4c2b8e17"}}}"#,
        ),
    ] {
        check_command(n, command, json);
    }
}

#[test]
fn each_command_is_called_as_on_the_wire() {
    assert_eq!(variants::<Command>(), Command::NAMES.map(str::to_owned).into());
}

#[test]
fn commands_about_several_rooms() {
    for (n, command, json) in [
        (
            11,
            Command::Unwatch { stream: ROOM },
            r#"{"n":11,"command":{"unwatch":{"stream":{"room":7}}}}"#,
        ),
        (
            12,
            Command::News { of: vec![RoomId(7), RoomId(9)] },
            r#"{"n":12,"command":{"news":{"of":[7,9]}}}"#,
        ),
        (
            13,
            Command::Watch { stream: Audience::Lobby, since: None, code: None },
            r#"{"n":13,"command":{"watch":{"stream":"lobby","since":null}}}"#,
        ),
    ] {
        check_command(n, command, json);
    }
}

#[test]
fn streams() {
    check(&Audience::Room(RoomId(7)), r#"{"room":7}"#);
    check(&Audience::Person, r#""person""#);
    check(&Audience::Desk(RoomId(7)), r#"{"desk":7}"#);
    check(&Audience::Lobby, r#""lobby""#);
}

#[test]
fn values() {
    check(
        &Value::Message(message()),
        r#"{"message":{"id":"018f4d1e-8c5a-7b3e-9f21-6a0d4c2b8e17","seq":12,"rev":42,"version":1,"author":3,"content":{"text":"Hello"},"created_at":1715270000000}}"#,
    );
    check(&Value::Member(ana()), r#"{"member":{"id":3,"name":"Ana","role":"member","rev":40}}"#);
    check(&Value::Member(bo()), r#"{"member":{"id":1,"name":"Bo","role":"host","rev":0}}"#);
    check(
        &Value::Room(room()),
        r#"{"room":{"id":7,"code":"KMRT","name":"Tea","listed":false,"lifetime":"month","rev":1}}"#,
    );
    check(
        &Value::Room(Room { name: None, ..room() }),
        r#"{"room":{"id":7,"code":"KMRT","name":null,"listed":false,"lifetime":"month","rev":1}}"#,
    );
    check(
        &Value::Membership(membership()),
        r#"{"membership":{"room":7,"joined":true,"read":12,"rev":5}}"#,
    );
}

#[test]
fn events() {
    let hello = Hello { version: VERSION, build: "0.1.0".into(), rate: Rate::default() };
    check(
        &Event::Hello(hello),
        r#"{"hello":{"version":6,"build":"0.1.0","rate":{"burst":10,"every_ms":1000}}}"#,
    );
    let values = vec![Value::Member(ana()), Value::Message(message())];
    let changes = Changes { stream: ROOM, epoch: 1, after: 41, upto: 42, values, more: false };
    let long = Changes { values: Vec::new(), upto: 43, after: 42, more: true, ..changes.clone() };
    check(
        &Event::Changes(changes),
        r#"{"changes":{"stream":{"room":7},"epoch":1,"after":41,"upto":42,"values":[{"member":{"id":3,"name":"Ana","role":"member","rev":40}},{"message":{"id":"018f4d1e-8c5a-7b3e-9f21-6a0d4c2b8e17","seq":12,"rev":42,"version":1,"author":3,"content":{"text":"Hello"},"created_at":1715270000000}}]}}"#,
    );
    check(
        &Event::Changes(long),
        r#"{"changes":{"stream":{"room":7},"epoch":1,"after":42,"upto":43,"values":[],"more":true}}"#,
    );
    check(
        &Event::Reset(Reset::Room(page())),
        r#"{"reset":{"room":{"room":{"id":7,"code":"KMRT","name":"Tea","listed":false,"lifetime":"month","rev":1},"messages":[{"id":"018f4d1e-8c5a-7b3e-9f21-6a0d4c2b8e17","seq":12,"rev":42,"version":1,"author":3,"content":{"text":"Hello"},"created_at":1715270000000}],"members":[{"id":3,"name":"Ana","role":"member","rev":40}],"head":12,"at":{"epoch":1,"rev":42}}}}"#,
    );
    check(
        &Event::Refused(Refused { n: Some(3), refusal: Refusal::NotAMember }),
        r#"{"refused":{"n":3,"refusal":"not_a_member"}}"#,
    );
    check(
        &Event::Refused(Refused { n: None, refusal: Refusal::Malformed }),
        r#"{"refused":{"n":null,"refusal":"malformed"}}"#,
    );
    check(
        &Event::Closed(Closed { stream: ROOM, reason: Reason::Left }),
        r#"{"closed":{"stream":{"room":7},"reason":"left"}}"#,
    );
    check(&Event::Beat, r#""beat""#);
    check(
        &Event::Announced(Line::parse("Back in a minute").unwrap()),
        r#"{"announced":"Back in a minute"}"#,
    );
}

#[test]
fn who_is_here() {
    let room = RoomId(7);
    let here = Here { total: 2, away: 1, people: vec![present(ana(), false), present(bo(), true)] };
    check(
        &here,
        r#"{"total":2,"away":1,"people":[{"member":{"id":3,"name":"Ana","role":"member","rev":40}},{"member":{"id":1,"name":"Bo","role":"host","rev":0},"away":true}]}"#,
    );
    check(
        &Event::Presence(Presence::All { room, here }),
        r#"{"presence":{"all":{"room":7,"here":{"total":2,"away":1,"people":[{"member":{"id":3,"name":"Ana","role":"member","rev":40}},{"member":{"id":1,"name":"Bo","role":"host","rev":0},"away":true}]}}}}"#,
    );
    let (came, went) = (vec![present(ana(), false)], vec![bo()]);
    check(
        &Event::Presence(Presence::Moved { room, total: 1, away: 0, came, changed: vec![], went }),
        r#"{"presence":{"moved":{"room":7,"total":1,"away":0,"came":[{"member":{"id":3,"name":"Ana","role":"member","rev":40}}],"changed":[],"went":[{"id":1,"name":"Bo","role":"host","rev":0}]}}}"#,
    );
    check(
        &Event::Presence(Presence::Counted { room, total: 412, away: 31 }),
        r#"{"presence":{"counted":{"room":7,"total":412,"away":31}}}"#,
    );
    check(
        &Event::Typing(Typing { room, who: vec![ana()] }),
        r#"{"typing":{"room":7,"who":[{"id":3,"name":"Ana","role":"member","rev":40}]}}"#,
    );
}

#[test]
fn what_is_only_mine() {
    let at = Point { epoch: 1, rev: 5 };
    let mine = PersonPage { memberships: vec![membership()], at };
    check(
        &Event::Reset(Reset::Person(mine)),
        r#"{"reset":{"person":{"memberships":[{"room":7,"joined":true,"read":12,"rev":5}],"at":{"epoch":1,"rev":5}}}}"#,
    );
    let code = RoomCode::parse("WXYZ").unwrap();
    let nameless = RoomLink { id: RoomId(9), code, name: None, unread: 0, head: 0 };
    check(
        &Event::Rooms(vec![link(), nameless]),
        r#"{"rooms":[{"id":7,"code":"KMRT","name":"Tea","unread":3,"head":12},{"id":9,"code":"WXYZ","name":null,"unread":0,"head":0}]}"#,
    );
    let at = 1_715_270_030_000;
    check(
        &Event::Listed(Listed::All { at, rooms: vec![open()] }),
        r#"{"listed":{"all":{"at":1715270030000,"rooms":[{"code":"KMRT","name":"Tea","here":2,"last_at":1715270000000}]}}}"#,
    );
    check(
        &Event::Listed(Listed::Moved { at, rooms: vec![], gone: vec![open().code] }),
        r#"{"listed":{"moved":{"at":1715270030000,"rooms":[],"gone":["KMRT"]}}}"#,
    );
    check(&Event::News(News { room: RoomId(7), head: 13 }), r#"{"news":{"room":7,"head":13}}"#);
    let left = Membership { joined: false, rev: 6, ..membership() };
    let mine = Changes {
        stream: Audience::Person,
        epoch: 1,
        after: 5,
        upto: 6,
        values: vec![Value::Membership(left)],
        more: false,
    };
    check(
        &Event::Changes(mine),
        r#"{"changes":{"stream":"person","epoch":1,"after":5,"upto":6,"values":[{"membership":{"room":7,"joined":false,"read":12,"rev":6}}]}}"#,
    );
}

#[test]
fn reasons() {
    for (reason, json) in [
        (Reason::Expired, r#""expired""#),
        (Reason::Burned, r#""burned""#),
        (Reason::Removed, r#""removed""#),
        (Reason::Left, r#""left""#),
        (Reason::Locked, r#""locked""#),
    ] {
        check(&reason, json);
    }
}

#[test]
fn refusals() {
    let all = samples::refusals();
    let codes: BTreeSet<String> = all.iter().map(|(refusal, _)| variant(refusal)).collect();
    assert_eq!(codes, variants::<Refusal>(), "each is here");
    for (refusal, json) in &all {
        check(refusal, json);
        let row = format!(
            "| `{json}` | {} |",
            if refusal.is_retryable() { "retryable" } else { "final" }
        );
        assert!(document().contains(&row), "docs/protocol.md lacks the row\n{row}");
    }
}

#[test]
fn close_codes() {
    for (close, code) in [
        (Close::Protocol, 1002),
        (Close::Unsupported, 1003),
        (Close::NotText, 1007),
        (Close::TooBig, 1009),
        (Close::Restart, 1012),
        (Close::TooMany, 1013),
        (Close::Slow, 4000),
        (Close::Outdated, 4001),
        (Close::Silent, 4002),
        (Close::Abuse, 4003),
        (Close::SignedOut, 4004),
        (Close::Banned, 4005),
    ] {
        assert_eq!(close.code(), code);
        assert!(document().contains(&format!("| `{code}` |")), "docs/protocol.md lacks {code}");
    }
}

#[test]
fn rooms_that_are_over_and_rooms_to_come() {
    let at = 1_715_270_000_000;
    let ended = Ended {
        id: RoomId(7),
        code: code(),
        name: room().name,
        lifetime: Lifetime::Day,
        burned: false,
        at,
    };
    check(
        &Door { ended: Some(ended), ..Door::default() },
        r#"{"code":"","ended":{"id":7,"code":"KMRT","name":"Tea","lifetime":"day","at":1715270000000}}"#,
    );
    let new = NewRoom {
        name: "Quiet Otter".into(),
        room_name: "Copper Harbour".into(),
        listed: false,
        lifetime: Lifetime::Month,
        longest: Lifetime::ForEver,
        refusal: None,
    };
    check(
        &PageData { look: Look::default(), view: View::NewRoom(new) },
        r#"{"look":{"theme":null,"zone":null},"view":{"new_room":{"name":"Quiet Otter","room_name":"Copper Harbour","listed":false,"lifetime":"month","longest":"for-ever","refusal":null}}}"#,
    );
}

#[test]
fn pages() {
    let look =
        Look { theme: Some(Theme::Dark), zone: Zone::parse("Europe/Berlin"), ..Look::default() };
    let rooms = vec![link()];
    let lobby = Lobby {
        name: "Quiet Otter".into(),
        code: "KMRS".into(),
        rooms: rooms.clone(),
        open: vec![open()],
        refusal: Some(Refusal::NameEmpty),
    };
    check(
        &PageData { look: look.clone(), view: View::Lobby(lobby) },
        r#"{"look":{"theme":"dark","zone":"Europe/Berlin"},"view":{"lobby":{"name":"Quiet Otter","code":"KMRS","rooms":[{"id":7,"code":"KMRT","name":"Tea","unread":3,"head":12}],"open":[{"code":"KMRT","name":"Tea","here":2,"last_at":1715270000000}],"refusal":"name_empty"}}}"#,
    );
    let door = Door { code: "KMRS".into(), ..Door::default() };
    check(
        &PageData { look: Look::default(), view: View::Door(door) },
        r#"{"look":{"theme":null,"zone":null},"view":{"door":{"code":"KMRS","ended":null}}}"#,
    );
    let (hours, language) = (Some(Hours::Twelve), Some(Language::English));
    let look = Look { hours, quiet: true, sound: true, notify: true, language, ..look };
    let settings = Settings { name: Some("Quiet Otter".into()), refusal: None };
    check(
        &PageData { look, view: View::Settings(settings) },
        r#"{"look":{"theme":"dark","zone":"Europe/Berlin","hours":"12","quiet":true,"sound":true,"notify":true,"language":"en"},"view":{"settings":{"name":"Quiet Otter","refusal":null}}}"#,
    );
    check(&WhoAmI::Member(ana()), r#"{"member":{"id":3,"name":"Ana","role":"member","rev":40}}"#);
    check(
        &RefusedName {
            name: "Bo".into(),
            refusal: Refusal::NameTaken { free: PersonName::parse("Bo 2").ok() },
        },
        r#"{"name":"Bo","refusal":{"name_taken":{"free":"Bo 2"}}}"#,
    );
    check(&WhoAmI::Visitor { name: "Quiet Otter".into() }, r#"{"visitor":{"name":"Quiet Otter"}}"#);
    let view = RoomView {
        page: page(),
        me: WhoAmI::Visitor { name: "Quiet Otter".into() },
        here: Here { total: 1, away: 0, people: vec![present(ana(), false)] },
        read: None,
        rooms,
        link: "http://192.168.1.5:3000/r/KMRT".into(),
        form_id: id(),
        refusal: None,
        draft: String::new(),
        refused_name: None,
        muted: None,
        desk: None,
    };
    let look = Look { theme: Some(Theme::Light), ..Look::default() };
    check(
        &PageData { look, view: View::Room(Box::new(view)) },
        r#"{"look":{"theme":"light","zone":null},"view":{"room":{"page":{"room":{"id":7,"code":"KMRT","name":"Tea","listed":false,"lifetime":"month","rev":1},"messages":[{"id":"018f4d1e-8c5a-7b3e-9f21-6a0d4c2b8e17","seq":12,"rev":42,"version":1,"author":3,"content":{"text":"Hello"},"created_at":1715270000000}],"members":[{"id":3,"name":"Ana","role":"member","rev":40}],"head":12,"at":{"epoch":1,"rev":42}},"me":{"visitor":{"name":"Quiet Otter"}},"read":null,"here":{"total":1,"away":0,"people":[{"member":{"id":3,"name":"Ana","role":"member","rev":40}}]},"rooms":[{"id":7,"code":"KMRT","name":"Tea","unread":3,"head":12}],"link":"http://192.168.1.5:3000/r/KMRT","form_id":"018f4d1e-8c5a-7b3e-9f21-6a0d4c2b8e17","refusal":null,"draft":"","refused_name":null}}}"#,
    );
}

#[test]
fn a_part_of_the_log() {
    check(
        &RoomPage { found: Some(12), ..page() },
        r#"{"room":{"id":7,"code":"KMRT","name":"Tea","listed":false,"lifetime":"month","rev":1},"messages":[{"id":"018f4d1e-8c5a-7b3e-9f21-6a0d4c2b8e17","seq":12,"rev":42,"version":1,"author":3,"content":{"text":"Hello"},"created_at":1715270000000}],"members":[{"id":3,"name":"Ana","role":"member","rev":40}],"head":12,"found":12,"at":{"epoch":1,"rev":42}}"#,
    );
}

#[test]
fn what_a_newer_server_adds_to_a_value_is_no_error() {
    let json = r#"{"hello":{"version":6,"build":"9.9.9","rate":{"burst":10,"every_ms":1000},"motd":"hi"}}"#;
    let hello = Hello { version: VERSION, build: "9.9.9".into(), rate: Rate::default() };
    assert_eq!(decode::<Event>(json).unwrap(), Event::Hello(hello));
}
