//! What hosts do, and what it means for the others.

mod undo;

use protocol::{
    Act, Admission, FOR_EVER, Item, Line, LinkKey, Matter, MemberId, MessageId, Password, Voices,
};

use super::*;
use crate::store::{By, Secret, Stream};

/// The moment at which all of it happens.
const NOW: i64 = 1_000_000;
const LATER: i64 = NOW + 60_000;
const KEY: Secret = Secret([7; 32]);
const HOME: Secret = Secret([8; 32]);

fn act(person: i64, act: Act) -> Op {
    act_at(person, act, NOW)
}

fn act_at(person: i64, act: Act, at: i64) -> Op {
    act_by(By::Person(PersonId(person)), act, at)
}

fn act_by(by: By, act: Act, at: i64) -> Op {
    let link = matches!(act, Act::Link { .. }).then_some(KEY);
    Op::Host { room: ROOM, by, act, link, addresses: vec![HOME], capacity: CAPACITY, at }
}

fn come(person: i64, called: &str, proof: Proof, from: Option<Secret>, at: i64) -> Op {
    let (person, names) = (PersonId(person), vec![name(called)]);
    Op::Join { room: ROOM, person, names, capacity: CAPACITY, proof, from, at }
}

fn knock(person: i64, called: &str) -> Op {
    let (person, names, says) = (PersonId(person), vec![name(called)], Line::parse("let me").ok());
    Op::Knock { room: ROOM, person, names, says, capacity: CAPACITY, from: None, at: NOW }
}

fn report(person: i64, id: u8) -> Op {
    Op::Report { room: ROOM, person: PersonId(person), message: id_of(id), at: NOW }
}

fn id_of(n: u8) -> MessageId {
    let Op::Post { id, .. } = say(1, n, "x") else { unreachable!() };
    id
}

fn mute(member: u32, until: Option<i64>) -> Act {
    Act::Mute { member: MemberId(member), until }
}

fn bar(member: u32, until: Option<i64>) -> Act {
    Act::Bar { member: MemberId(member), until }
}

fn appoint(member: u32, role: Role) -> Act {
    Act::Appoint { member: MemberId(member), role }
}

fn answer(member: u32, admit: bool) -> Act {
    Act::Answer { knock: MemberId(member), admit }
}

fn admission(admission: Admission) -> Act {
    Act::Admission { admission }
}

fn items(batch: &Batch) -> Vec<Item> {
    let changes = batch.changes();
    let of_desk = changes.into_iter().filter(|(stream, _)| *stream == Stream::Desk(ROOM));
    let values = of_desk.flat_map(|(_, changes)| changes.values);
    values
        .filter_map(|value| if let Value::Item(item) = value { Some(*item) } else { None })
        .collect()
}

/// Who did what, in order, and what would undo it.
fn log(batch: &Batch) -> Vec<(Option<u32>, Act, Option<Act>)> {
    let logged = |item: Item| match item.matter {
        Matter::Logged(logged) => Some((logged.by.map(|by| by.0), logged.act, logged.undo)),
        Matter::Knock(_) | Matter::Report(_) | Matter::Curb(_) | Matter::Link(_) => None,
    };
    items(batch).into_iter().filter_map(logged).collect()
}

#[test]
fn only_hosts_act_and_what_was_so_before_is_not_logged() {
    let rename = |text: &str| Act::Rename { name: RoomName::parse(text).ok() };
    let batch = story(&[
        (join(2, "Bob"), "member 2 Bob @0"),
        (act(2, rename("Mine")), "NotAHost"),
        (act(3, rename("Mine")), "NotAMember"),
        (act(1, rename("Tea")), "Said"),
        (act(1, rename("Tea")), "Said"),
        (act(1, Act::Slow { seconds: 30 }), "Said"),
        (leave(1), "left Some(1)"),
        (act(1, rename("Gone")), "NotAMember"),
    ]);
    let undone = Act::Rename { name: None };
    assert_eq!(
        log(&batch),
        [
            (Some(1), rename("Tea"), Some(undone)),
            (Some(1), Act::Slow { seconds: 30 }, Some(Act::Slow { seconds: 0 })),
        ]
    );
}

#[test]
fn who_is_muted_keeps_their_name_until_it_is_over() {
    let called = |text, at| Op::SetName { room: ROOM, person: PersonId(2), name: name(text), at };
    let again = |text, at| come(2, text, Proof::None, None, at);
    story(&[
        (join(2, "Bob"), "member 2 Bob @0"),
        (act(1, mute(2, Some(LATER))), "Said"),
        (called("Ann is rude", LATER - 1), "Muted { until: 1060000 }"),
        (leave(2), "left Some(2)"),
        (again("Ann lies", LATER - 1), "member 2 Bob @0"),
        (called("Bobby", LATER), "member 2 Bobby @2"),
        (act(1, mute(2, Some(LATER + 9))), "Said"),
        (called("Rob", LATER), "Muted { until: 1060009 }"),
        (act(1, mute(2, None)), "Said"),
        (leave(2), "left Some(2)"),
        (again("Rob", LATER), "member 2 Rob @3"),
    ]);
}

#[test]
fn who_runs_the_server_acts_as_a_host_and_the_server_itself_only_has_people_knock() {
    let knock = admission(Admission::Knock);
    let by_server = || act_by(By::Server, knock.clone(), NOW);
    let batch = story(&[
        (act_by(By::Operator, Act::Slow { seconds: 30 }, NOW), "Said"),
        (act(1, admission(Admission::Locked)), "Closed"),
        (by_server(), "Closed"),
        (act(1, admission(Admission::Open)), "Said"),
        (by_server(), "Closed"),
        (by_server(), "Closed"),
    ]);
    let slow = Act::Slow { seconds: 0 };
    assert_eq!(
        log(&batch),
        [
            (None, Act::Slow { seconds: 30 }, Some(slow)),
            (Some(1), admission(Admission::Locked), Some(admission(Admission::Open))),
            (Some(1), admission(Admission::Open), Some(admission(Admission::Locked))),
            (None, knock.clone(), Some(admission(Admission::Open))),
        ]
    );
}

#[test]
fn who_runs_the_server_shuts_out_the_only_host_too_who_is_one_again_once_they_are_let_in() {
    let by_operator = |until| act_by(By::Operator, bar(1, until), NOW);
    story(&[
        (by_operator(Some(LATER)), "out 1"),
        (act(1, Act::Slow { seconds: 30 }), "NotAMember"),
        (join(1, "Ann"), "Barred { until: 1060000 }"),
        (by_operator(None), "Said"),
        (join(1, "Ann"), "member 1 Ann @0"),
        (act(1, Act::Slow { seconds: 30 }), "Said"),
    ]);
}

#[test]
fn who_is_muted_says_nothing_until_then_and_who_may_write_is_asked_each_time() {
    let voices = |voices| Act::Voices { voices };
    story(&[
        (join(2, "Bob"), "member 2 Bob @0"),
        (act(1, mute(2, Some(LATER))), "Said"),
        (say_at(2, 1, "hi", NOW), "Muted { until: 1060000 }"),
        (say_at(2, 1, "hi", LATER), "said 1 @3 by member 2 Bob @2"),
        (act(1, mute(2, Some(LATER + 9))), "Said"),
        (act(1, mute(2, None)), "Said"),
        (say_at(2, 2, "hi", LATER), "said 2 @4 by member 2 Bob @2"),
        (act(1, voices(Voices::Hosts)), "Said"),
        (say_at(2, 3, "hi", LATER), "HostsOnly"),
        (say_at(1, 4, "hi", LATER), "said 3 @7 by member 1 Ann @6"),
        (act(1, voices(Voices::Everyone)), "Said"),
        (act(1, Act::Slow { seconds: 30 }), "Said"),
        (say_at(2, 5, "hi", LATER), "said 4 @10 by member 2 Bob @2"),
        (say_at(2, 6, "hi", LATER + 10_000), "TooSoon { retry_ms: 20000 }"),
        (say_at(2, 6, "hi", LATER + 30_000), "said 5 @11 by member 2 Bob @2"),
        // A retry is no new message.
        (say_at(2, 6, "hi", LATER + 30_001), "said 5 @11 by member 2 Bob @2 already"),
        (say_at(1, 7, "hi", LATER), "said 6 @12 by member 1 Ann @6"),
        (say_at(1, 8, "hi", LATER), "said 7 @13 by member 1 Ann @6"),
    ]);
}

#[test]
fn who_is_barred_is_out_and_stays_out_and_so_is_for_a_day_who_comes_anew_from_there() {
    story(&[
        (join(2, "Bob"), "member 2 Bob @0"),
        (act(1, bar(1, Some(LATER))), "LastHost"),
        (act(1, bar(9, Some(LATER))), "NoSuchMember"),
        (act(1, bar(2, Some(FOR_EVER))), "out 2"),
        (say_at(2, 1, "hi", NOW), "NotAMember"),
        (come(2, "Bob", Proof::None, None, NOW), "Barred { until: 253402300799000 }"),
        (act(1, bar(2, None)), "Said"),
        (come(2, "Bob", Proof::None, None, NOW), "member 2 Bob @0"),
    ]);
    let mut batch = world();
    batch.barred.insert((ROOM, HOME), LATER);
    for (op, expected) in [
        (come(2, "Bob", Proof::None, Some(HOME), NOW), "Barred { until: 1060000 }"),
        (come(2, "Bob", Proof::None, Some(HOME), LATER), "member 2 Bob @0"),
        (come(3, "Cid", Proof::None, Some(Secret([9; 32])), NOW), "member 3 Cid @0"),
    ] {
        assert_eq!(outcome(&mut batch, &op), expected, "{op:?}");
    }
}

#[test]
fn however_long_somebody_is_barred_where_they_were_is_so_for_a_day_only() {
    let day = NOW + 24 * 60 * 60 * 1000;
    for (until, ends) in [(LATER, LATER), (day, day), (NOW + 7 * (day - NOW), day), (FOR_EVER, day)]
    {
        let from_there = |person, called, at| come(person, called, Proof::None, Some(HOME), at);
        let [barred, shut] = [until, ends].map(|until| format!("Barred {{ until: {until} }}"));
        let batch = story(&[
            (join(2, "Bob"), "member 2 Bob @0"),
            (act(1, bar(2, Some(until))), "out 2"),
            (from_there(3, "Cid", ends - 1), &shut),
            (from_there(3, "Cid", ends), "member 3 Cid @0"),
            (from_there(2, "Bob", until - 1), &barred),
        ]);
        let kept: Vec<_> = batch.new_barred.iter().map(|one| (one.address, one.until)).collect();
        assert_eq!(kept, [(HOME, ends)], "{until}");
    }
}

#[test]
fn a_host_who_is_barred_or_muted_is_none_any_more_and_there_is_always_one() {
    story(&[
        (act(1, appoint(1, Role::Member)), "LastHost"),
        (join(2, "Bob"), "member 2 Bob @0"),
        (act(1, appoint(2, Role::Host)), "Host member 2 Bob @2"),
        (act(2, appoint(1, Role::Member)), "Member member 1 Ann @3"),
        (act(1, appoint(1, Role::Host)), "NotAHost"),
        (act(2, appoint(1, Role::Host)), "Host member 1 Ann @4"),
        (act(1, mute(2, None)), "Said"),
        (act(2, Act::Slow { seconds: 5 }), "Said"),
        (act(1, mute(2, Some(LATER))), "Member member 2 Bob @6"),
        (act(1, appoint(2, Role::Host)), "Host member 2 Bob @7"),
        // Muted as before, and a host no more all the same.
        (act(1, mute(2, Some(LATER))), "Member member 2 Bob @8"),
        (act(1, bar(2, Some(LATER))), "out 2"),
        (act(1, bar(2, Some(LATER))), "out 2"),
        (act(2, Act::Slow { seconds: 9 }), "NotAMember"),
    ]);
}

#[test]
fn a_room_opens_as_its_hosts_say_and_to_hosts_always() {
    let kept = || Password::kept("kept".into());
    let knows = |text: &str| Proof::Password(text.into());
    story(&[
        (act(1, Act::Password { password: Some(kept()) }), "Closed"),
        (join(2, "Bob"), "PasswordNeeded"),
        (come(2, "Bob", knows("other"), None, NOW), "PasswordNeeded"),
        (come(2, "Bob", knows("kept"), None, NOW), "member 2 Bob @0"),
        (act(1, admission(Admission::Locked)), "Said"),
        (come(3, "Cid", knows("kept"), None, NOW), "NoSuchRoom"),
        (knock(3, "Cid"), "NoSuchRoom"),
        (leave(2), "left Some(2)"),
        (join(2, "Bob"), "Locked"),
        (leave(1), "left Some(1)"),
        (join(1, "Ann"), "member 1 Ann @0"),
        // Whom a host lets in needs to know no password.
        (act(1, admission(Admission::Knock)), "Said"),
        (come(3, "Cid", knows("kept"), None, NOW), "KnockFirst"),
        (knock(3, "Cid"), "Knocked"),
        (knock(3, "Cid"), "Knocked"),
        (act(1, answer(2, true)), "NoSuchMember"),
        (act(1, answer(3, false)), "Said"),
        (join(3, "Cid"), "KnockFirst"),
        (knock(3, "Cid"), "Knocked"),
        (act(1, answer(3, true)), "in member 3 Cid @0"),
        (act(1, answer(3, true)), "Said"),
        (say_at(3, 1, "hi", NOW), "said 1 @6 by member 3 Cid @5"),
    ]);
}

#[test]
fn a_link_opens_as_often_and_as_long_as_it_says() {
    let link = |host, uses| {
        let key = LinkKey::parse(&"k".repeat(32)).unwrap();
        Act::Link { key, host, until: LATER, uses }
    };
    let by_link = |person, called, at| come(person, called, Proof::Link(KEY), None, at);
    let batch = story(&[
        (act(1, admission(Admission::Knock)), "Closed"),
        (by_link(2, "Bob", NOW), "LinkVoid"),
        (act(1, link(false, Some(1))), "Said"),
        (by_link(2, "Bob", LATER), "LinkVoid"),
        (act(1, admission(Admission::Locked)), "Said"),
        (by_link(2, "Bob", NOW), "NoSuchRoom"),
        (act(1, admission(Admission::Open)), "Said"),
        (by_link(2, "Bob", NOW), "member 2 Bob @0"),
        (by_link(3, "Cid", NOW), "LinkVoid"),
    ]);
    let said =
        protocol::encode(&log(&batch).into_iter().map(|(_, act, _)| act).collect::<Vec<_>>());
    assert!(!said.contains("kkkk"), "the key is in no log");
    story(&[
        (act(1, admission(Admission::Locked)), "Closed"),
        (join(1, "Ann"), "member 1 Ann @0 already"),
        (act(1, link(true, None)), "Said"),
        (by_link(2, "Bob", NOW), "member 2 Bob @3"),
        (act(2, appoint(1, Role::Member)), "Member member 1 Ann @4"),
        // What a host made who is none any more makes nobody a host: not them either.
        (by_link(1, "Ann", NOW), "LinkVoid"),
        (by_link(3, "Cid", NOW), "LinkVoid"),
        (act(2, appoint(1, Role::Host)), "Host member 1 Ann @5"),
        (act(1, appoint(2, Role::Member)), "Member member 2 Bob @6"),
        // Who is in the room already becomes a host by it.
        (by_link(2, "Bob", NOW), "member 2 Bob @7"),
        (act(1, Act::Revoke { link: 2 }), "Said"),
        (by_link(3, "Cid", NOW), "LinkVoid"),
    ]);
}

#[test]
fn what_a_message_said_can_be_had_back_for_a_moment() {
    let remove = |removed| Act::Remove { message: id_of(1), removed };
    let batch = story(&[
        (act(1, remove(true)), "NoSuchMessage"),
        (say_at(1, 1, "hi", NOW), "said 1 @3 by member 1 Ann @2"),
        (join(2, "Bob"), "member 2 Bob @0"),
        (report(3, 1), "NotAMember"),
        (report(2, 9), "NoSuchMessage"),
        (report(2, 1), "Reported { seq: 1 }"),
        (report(2, 1), "Reported { seq: 1 }"),
        (act(1, remove(true)), "Said"),
        (act(1, remove(true)), "Said"),
        (say_at(1, 1, "hi", NOW), "said 1 @4 by member 1 Ann @2 already"),
        (act_at(1, remove(false), NOW + 10_001), "NoSuchMessage"),
        (act_at(1, remove(false), NOW + 10_000), "Said"),
        (act_at(1, remove(false), NOW + 10_000), "Said"),
    ]);
    let settled = |item: &Item| matches!(&item.matter, Matter::Report(report) if report.settled);
    assert!(items(&batch).iter().any(settled), "who removes it has seen to it");
    assert_eq!(log(&batch).len(), 2);
}

#[test]
fn a_room_that_is_burned_is_over_for_everyone() {
    story(&[
        (join(2, "Bob"), "member 2 Bob @0"),
        (act(2, Act::Burn), "NotAHost"),
        (act(1, Act::Burn), "Over"),
        (act(1, Act::Burn), "NoSuchRoom"),
        (say(2, 1, "hi"), "NoSuchRoom"),
    ]);
}
