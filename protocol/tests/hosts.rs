//! The wire of hosts as it is, to the letter; `docs/protocol.md` has each of these too.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod samples;

use std::collections::BTreeSet;

use protocol::*;
use samples::*;

#[test]
fn what_hosts_do() {
    let (room, member) = (RoomId(7), MemberId(3));
    let until = Some(1_715_270_000_000);
    let mut named = BTreeSet::new();
    for (act, json) in [
        (Act::Rename { name: RoomName::parse("Tea").ok() }, r#"{"rename":{"name":"Tea"}}"#),
        (Act::Topic { topic: Line::parse("Tides").ok() }, r#"{"topic":{"topic":"Tides"}}"#),
        (Act::Lifetime { lifetime: Lifetime::Day }, r#"{"lifetime":{"lifetime":"day"}}"#),
        (Act::List { listed: true }, r#"{"list":{"listed":true}}"#),
        (Act::Capacity { most: Some(40) }, r#"{"capacity":{"most":40}}"#),
        (
            Act::Password { password: Password::parse("spring tide").ok() },
            r#"{"password":{"password":"spring tide"}}"#,
        ),
        (Act::RestorePassword { entry: 9 }, r#"{"restore_password":{"entry":9}}"#),
        (Act::Admission { admission: Admission::Knock }, r#"{"admission":{"admission":"knock"}}"#),
        (Act::Slow { seconds: 30 }, r#"{"slow":{"seconds":30}}"#),
        (Act::Voices { voices: Voices::Hosts }, r#"{"voices":{"voices":"hosts"}}"#),
        (
            Act::Remove { message: id(), removed: true },
            r#"{"remove":{"message":"018f4d1e-8c5a-7b3e-9f21-6a0d4c2b8e17","removed":true}}"#,
        ),
        (Act::Mute { member, until }, r#"{"mute":{"member":3,"until":1715270000000}}"#),
        (Act::Bar { member, until: None }, r#"{"bar":{"member":3,"until":null}}"#),
        (Act::Appoint { member, role: Role::Host }, r#"{"appoint":{"member":3,"role":"host"}}"#),
        (Act::Answer { knock: member, admit: true }, r#"{"answer":{"knock":3,"admit":true}}"#),
        (
            Act::Settle { report: id() },
            r#"{"settle":{"report":"018f4d1e-8c5a-7b3e-9f21-6a0d4c2b8e17"}}"#,
        ),
        (
            Act::Link {
                key: LinkKey::parse("vM3kQ0xJ7pT2sW9yB4nH6dFa").unwrap(),
                host: false,
                until: 1_715_270_000_000,
                uses: Some(5),
            },
            r#"{"link":{"key":"vM3kQ0xJ7pT2sW9yB4nH6dFa","host":false,"until":1715270000000,"uses":5}}"#,
        ),
        (Act::Revoke { link: 12 }, r#"{"revoke":{"link":12}}"#),
        (Act::Burn, r#""burn""#),
    ] {
        assert_eq!(act.name(), variant(&act));
        named.insert(variant(&act));
        check(&act, json);
    }
    assert_eq!(named, variants::<Act>(), "each act is here");
    assert_eq!(named, Act::NAMES.map(str::to_owned).into());
    check_command(
        15,
        Command::Host { room, act: Act::Mute { member, until: None } },
        r#"{"n":15,"command":{"host":{"room":7,"act":{"mute":{"member":3,"until":null}}}}}"#,
    );
}

#[test]
fn what_is_on_a_desk() {
    let at = 1_715_270_000_000;
    let (ana, bo) = (MemberId(3), MemberId(1));
    let knock = Knock { member: ana, says: Line::parse("It is me").ok(), answer: None };
    let report = Report { message: id(), seq: 12, author: ana, by: vec![bo], settled: false };
    let curb = Curb { member: ana, muted: Some(at), barred: None, by: Some(bo) };
    let link = Link { id: 12, host: false, by: Some(bo), until: at, left: Some(5), revoked: false };
    let act = Act::Slow { seconds: 30 };
    let logged =
        Logged { by: Some(bo), automatic: false, act, undo: Some(Act::Slow { seconds: 0 }) };
    for (matter, json) in [
        (
            Matter::Knock(knock),
            r#"{"rev":9,"at":1715270000000,"matter":{"knock":{"member":3,"says":"It is me"}}}"#,
        ),
        (
            Matter::Report(report),
            r#"{"rev":9,"at":1715270000000,"matter":{"report":{"message":"018f4d1e-8c5a-7b3e-9f21-6a0d4c2b8e17","seq":12,"author":3,"by":[1]}}}"#,
        ),
        (
            Matter::Curb(curb),
            r#"{"rev":9,"at":1715270000000,"matter":{"curb":{"member":3,"muted":1715270000000,"by":1}}}"#,
        ),
        (
            Matter::Link(link),
            r#"{"rev":9,"at":1715270000000,"matter":{"link":{"id":12,"host":false,"by":1,"until":1715270000000,"left":5}}}"#,
        ),
        (
            Matter::Logged(logged),
            r#"{"rev":9,"at":1715270000000,"matter":{"logged":{"by":1,"act":{"slow":{"seconds":30}},"undo":{"slow":{"seconds":0}}}}}"#,
        ),
    ] {
        check(&Item { rev: 9, at, matter }, json);
    }
    let desk =
        DeskPage { items: vec![], members: vec![self::bo()], at: Point { epoch: 1, rev: 9 } };
    check(
        &Event::Reset(Reset::Desk(desk)),
        r#"{"reset":{"desk":{"items":[],"members":[{"id":1,"name":"Bo","role":"host","rev":0}],"at":{"epoch":1,"rev":9}}}}"#,
    );
    let rules = Rules {
        topic: Line::parse("Tides").ok(),
        admission: Admission::Knock,
        password: true,
        capacity: Some(40),
        slow: 30,
        voices: Voices::Hosts,
    };
    check(
        &rules,
        r#"{"topic":"Tides","admission":"knock","password":true,"capacity":40,"slow":30,"voices":"hosts"}"#,
    );
    check(&Content::Removed, r#""removed""#);
    let muted = Membership { muted: Some(at), ..membership() };
    check(&muted, r#"{"room":7,"joined":true,"read":12,"muted":1715270000000,"rev":5}"#);
    let name = "Quiet Otter".to_owned();
    let gate =
        Gate { code: code(), room: None, way: Gateway::Knock, name, key: None, refusal: None };
    check(&gate, r#"{"code":"KMRT","way":"knock","name":"Quiet Otter","refusal":null}"#);
}
