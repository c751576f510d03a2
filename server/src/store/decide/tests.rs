//! Operations and what they mean, as data.
#![allow(clippy::unwrap_used, reason = "tests")]

mod host;
mod told;

use protocol::{Changes, Value};

use super::*;
use crate::store::{Proof, Stream};
use told::outcome;

mod life;

const ROOM: RoomId = RoomId(1);
const CAPACITY: u32 = 40;

/// Three people; the first is the host of a room.
fn world() -> Batch {
    let mut batch = Batch { epoch: 1, short_codes: Some(0), ..Batch::default() };
    for n in 1..=3 {
        batch
            .decide(&Op::Begin {
                session: SessionHash([n; 32]),
                name: name("Somebody"),
                device: Device::default(),
                at: 0,
            })
            .unwrap();
    }
    assert_eq!(outcome(&mut batch, &create(1, "Ann", &["ABCDE"])), "room 1 ABCD, member 1 Ann @0");
    batch
}

fn name(text: &str) -> PersonName {
    PersonName::parse(text).unwrap()
}

fn create(by: i64, called: &str, codes: &[&str]) -> Op {
    let codes = codes.iter().map(|code| RoomCode::parse(code).unwrap()).collect();
    Op::Create {
        by: PersonId(by),
        name: None,
        listed: false,
        lifetime: Lifetime::ForEver,
        called: name(called),
        codes,
        at: 1000,
    }
}

fn join(person: i64, called: &str) -> Op {
    join_as(person, &[called])
}

fn join_as(person: i64, called: &[&str]) -> Op {
    let names = called.iter().copied().map(name).collect();
    let (person, proof) = (PersonId(person), Proof::None);
    Op::Join { room: ROOM, person, names, capacity: CAPACITY, proof, from: None, at: 1 }
}

fn leave(person: i64) -> Op {
    Op::Leave { room: ROOM, person: PersonId(person) }
}

fn rename(person: i64, called: &str) -> Op {
    Op::SetName { room: ROOM, person: PersonId(person), name: name(called), at: 1_000_000 }
}

fn say(person: i64, id: u8, text: &str) -> Op {
    say_at(person, id, text, 2000)
}

fn say_at(person: i64, id: u8, text: &str, at: i64) -> Op {
    let id = MessageId::try_from([0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, id]).unwrap();
    Op::Post { room: ROOM, person: PersonId(person), id, body: Body::parse(text).unwrap(), at }
}

fn read(person: i64, seq: u32) -> Op {
    Op::Read { room: ROOM, person: PersonId(person), seq }
}

fn call(person: i64, called: &str) -> Op {
    Op::SetDefaultName { person: PersonId(person), name: name(called) }
}

fn story(steps: &[(Op, &str)]) -> Batch {
    let mut batch = world();
    for (n, (op, expected)) in steps.iter().enumerate() {
        assert_eq!(outcome(&mut batch, op), *expected, "step {n}: {op:?}");
    }
    batch
}

#[test]
fn a_member_is_stamped_by_the_first_message_and_by_each_new_name() {
    story(&[
        (rename(1, "Ann"), "member 1 Ann @0"),
        (rename(1, "Anna"), "member 1 Anna @2"),
        (say(1, 1, "hi"), "said 1 @3 by member 1 Anna @2"),
        (say(1, 2, "hi"), "said 2 @4 by member 1 Anna @2"),
        (rename(1, "Ann"), "member 1 Ann @5"),
        (rename(1, "Ann"), "member 1 Ann @5"),
        (join(2, "Bob"), "member 2 Bob @0"),
        (say(2, 3, "hi"), "said 3 @7 by member 2 Bob @6"),
    ]);
}

#[test]
fn the_same_id_again_is_the_first_result_or_a_conflict() {
    story(&[
        (join(2, "Bob"), "member 2 Bob @0"),
        (say(1, 1, "hi"), "said 1 @3 by member 1 Ann @2"),
        (say(1, 1, "hi"), "said 1 @3 by member 1 Ann @2 already"),
        (say(1, 1, "ho"), "IdConflict"),
        (say(2, 1, "hi"), "IdConflict"),
        (say(3, 1, "hi"), "NotAMember"),
        (leave(1), "left Some(1)"),
        (say(1, 1, "hi"), "said 1 @3 by member 1 Ann @2 already"),
        (say(1, 1, "ho"), "NotAMember"),
        (say(2, 2, "ho"), "said 2 @5 by member 2 Bob @4"),
    ]);
}

#[test]
fn only_members_act_and_who_left_comes_back_as_the_same() {
    story(&[
        (say(2, 1, "hi"), "NotAMember"),
        (rename(2, "Bob"), "NotAMember"),
        (leave(2), "left None"),
        (join(9, "Nobody"), "NotAMember"),
        (join(2, "Bob"), "member 2 Bob @0"),
        (join(2, "Robert"), "member 2 Bob @0 already"),
        (say(2, 1, "hi"), "said 1 @3 by member 2 Bob @2"),
        (leave(2), "left Some(2)"),
        (leave(2), "left None"),
        (say(2, 2, "hi"), "NotAMember"),
        (rename(2, "Rob"), "NotAMember"),
        (join(2, "Bob"), "member 2 Bob @2"),
        (leave(2), "left Some(2)"),
        (join(2, "Robert"), "member 2 Robert @4"),
        (say(2, 2, "hi"), "said 2 @5 by member 2 Robert @4"),
    ]);
}

#[test]
fn reading_goes_forward_and_no_further_than_what_was_said() {
    let mut nowhere = read(1, 1);
    if let Op::Read { room, .. } = &mut nowhere {
        *room = RoomId(9);
    }
    story(&[
        (read(1, 7), "read 0 @1 already"),
        (say(1, 1, "a"), "said 1 @3 by member 1 Ann @2"),
        (say(1, 2, "b"), "said 2 @4 by member 1 Ann @2"),
        (read(1, 1), "read 1 @2"),
        (read(1, 1), "read 1 @2 already"),
        (read(1, 0), "read 1 @2 already"),
        (read(1, u32::MAX), "read 2 @3"),
        (read(1, 2), "read 2 @3 already"),
        (read(2, 1), "NotAMember"),
        (read(9, 1), "NotAMember"),
        (nowhere, "NotAMember"),
    ]);
}

#[test]
fn what_was_said_before_one_came_is_not_new_to_them() {
    story(&[
        (say(1, 1, "a"), "said 1 @3 by member 1 Ann @2"),
        (join(2, "Bob"), "member 2 Bob @0"),
        (read(2, 9), "read 1 @1 already"),
        (say(1, 2, "b"), "said 2 @4 by member 1 Ann @2"),
        (leave(2), "left Some(2)"),
        (read(2, 2), "NotAMember"),
        (say(1, 3, "c"), "said 3 @5 by member 1 Ann @2"),
        (join(2, "Bob"), "member 2 Bob @0"),
        (read(2, 0), "read 3 @3 already"),
    ]);
}

#[test]
fn nobody_looks_like_another_author_not_even_like_one_who_left() {
    story(&[
        (join(2, "ann"), "NameTaken"),
        (join(2, "А n n"), "NameTaken"), // The first letter is Cyrillic.
        (join(2, "Bob"), "member 2 Bob @0"),
        (rename(2, "ANN"), "NameTaken"),
        (rename(1, "ANN"), "member 1 ANN @2"),
        (leave(1), "left Some(1)"),
        (rename(2, "Ann"), "NameTaken"),
        (join(3, "Ann"), "NameTaken"),
        (join(1, "Bob"), "NameTaken"),
        (join(1, "Ann"), "member 1 Ann @3"),
        (rename(1, "Zoe"), "member 1 Zoe @4"),
        (join(3, "Ann"), "member 3 Ann @0"),
        (rename(1, "Ann"), "NameTaken"),
    ]);
}

#[test]
fn a_message_is_never_older_than_the_one_before_it() {
    let mut batch = world();
    let mut times = vec![];
    for (n, at) in [(1, 500), (2, 3000), (3, 100), (4, 3001)] {
        let Applied::Posted { message, .. } = batch.decide(&say_at(1, n, "hi", at)).unwrap() else {
            panic!()
        };
        times.push(message.created_at);
    }
    assert_eq!(times, [1000, 3000, 3000, 3001]);
}

#[test]
fn a_room_takes_the_first_free_code_and_a_longer_one_when_they_get_rare() {
    let mut batch = world();
    let rest = ", member 1 Ann @0";
    for (taken, codes, expected) in [
        (0, &["ABCDF", "KMRTS"][..], "room 2 KMRT"),
        (0, &["KMRTS", "ABCDF"], "Overloaded"),
        (0, &[], "Overloaded"),
        (SHORT_CODES - 1, &["VWXYZ"], "room 3 VWXY"),
        (SHORT_CODES, &["VWXYZ"], "room 4 VWXYZ"),
        (SHORT_CODES, &["VWXYZ", "VWXYA"], "room 5 VWXYA"),
    ] {
        batch.short_codes = Some(taken);
        let outcome = outcome(&mut batch, &create(1, "Ann", codes));
        assert_eq!(outcome.trim_end_matches(rest), expected, "{taken} {codes:?}");
    }
}

#[test]
fn a_full_room_admits_nobody_until_someone_leaves() {
    let mut batch = world();
    batch.rooms.get_mut(&ROOM).unwrap().value.joined = CAPACITY - 1;
    for (op, expected) in [
        (join(2, "Bob"), "member 2 Bob @0, full"),
        (join(3, "Zoe"), "RoomFull"),
        (join(2, "Bob"), "member 2 Bob @0 already, full"),
        (leave(2), "left Some(2)"),
        (join(3, "Zoe"), "member 3 Zoe @0, full"),
        (join(2, "Bob"), "RoomFull"),
    ] {
        assert_eq!(outcome(&mut batch, &op), expected, "{op:?}");
    }
}

#[test]
fn a_session_begins_one_person_however_often_it_is_asked_to() {
    let mut batch = world();
    let op = Op::Begin {
        session: SessionHash([9; 32]),
        name: name("Zoe"),
        device: Device::default(),
        at: 0,
    };
    assert_eq!([outcome(&mut batch, &op), outcome(&mut batch, &op)], ["person 4", "person 4"]);
}

#[test]
fn what_a_person_was_called_last_is_proposed_next() {
    let mut batch =
        story(&[(join(2, "Bob"), "member 2 Bob @0"), (rename(1, "Zoe"), "member 1 Zoe @2")]);
    let called =
        |batch: &Batch, n| batch.persons[&PersonId(n)].value.person.name.as_str().to_owned();
    assert_eq!([1, 2, 3].map(|n| called(&batch, n)), ["Zoe", "Bob", "Somebody"]);
    for (op, expected, then) in [
        (rename(2, "zoe"), "NameTaken", "Bob"),
        (rename(2, "Bob 2"), "member 2 Bob 2 @3", "Bob"),
        (rename(2, "Rob 2"), "member 2 Rob 2 @4", "Rob 2"),
        (leave(2), "left Some(2)", "Rob 2"),
        // For all rooms to come, whatever number is in it; and in none it is taken by that.
        (call(2, "Ann 2"), "DefaultNameSet", "Ann 2"),
        (join_as(2, &["Zoe", "Zoe 2", "Quiet Otter"]), "member 2 Zoe 2 @5", "Zoe"),
    ] {
        assert_eq!(outcome(&mut batch, &op), expected, "{op:?}");
        assert_eq!(called(&batch, 2), then, "{op:?}");
    }
}

#[test]
fn who_would_take_one_of_several_names_gets_the_first_that_is_free() {
    story(&[
        (join_as(2, &[]), "NameTaken"),
        (join_as(2, &["Ann", "ANN"]), "NameTaken"),
        (join_as(2, &["Ann", "Ann 2", "Ann 3"]), "member 2 Ann 2 @0"),
        (join_as(2, &["Ann 3"]), "member 2 Ann 2 @0 already"),
        (join_as(3, &["Ann", "Ann 2", "Ann 3"]), "member 3 Ann 3 @0"),
        (leave(2), "left Some(2)"),
        (join_as(2, &["Ann", "Ann 2", "Ann 3"]), "member 2 Ann 2 @0"),
    ]);
}

#[test]
fn a_frame_holds_what_changed_and_the_authors_of_its_messages() {
    let mut batch = story(&[(say(1, 1, "hi"), "said 1 @3 by member 1 Ann @2")]);
    assert_eq!(of(&batch, Stream::Room(ROOM)), Some((0, 3, vec![1, 2, 3])));
    saved(&mut batch);
    assert_eq!(batch.changes(), []);
    for (op, frame) in [
        (join(2, "Bob"), None),
        (say(1, 2, "ho"), Some((3, 4, vec![2, 4]))),
        (rename(1, "Anna"), Some((3, 5, vec![4, 5]))),
    ] {
        batch.decide(&op).unwrap();
        assert_eq!(of(&batch, Stream::Room(ROOM)), frame, "{op:?}");
    }
}

#[test]
fn what_one_is_in_a_room_goes_to_their_own_stream_and_to_nobody_elses() {
    let mut batch = story(&[(say(1, 1, "hi"), "said 1 @3 by member 1 Ann @2")]);
    let [ann, bob] = [1, 2].map(|id| Stream::Person(PersonId(id)));
    assert_eq!(of(&batch, ann), Some((0, 1, vec![1])));
    saved(&mut batch);
    for (op, anns, bobs) in [
        (join(2, "Bob"), None, Some((0, 1, vec![1]))),
        (read(2, 1), None, None),
        (say(2, 2, "ho"), None, None),
        (read(1, 1), Some((1, 2, vec![2])), None),
        (read(2, 2), None, Some((1, 2, vec![2]))),
        (read(2, 1), None, None),
        (rename(2, "Robert"), None, None),
        (leave(2), None, Some((2, 3, vec![3]))),
        (leave(2), None, None),
        (join(2, "Bob"), None, Some((3, 4, vec![4]))),
        (create(2, "Bob", &["KMRTS"]), None, Some((4, 5, vec![5]))),
    ] {
        outcome(&mut batch, &op);
        assert_eq!((of(&batch, ann), of(&batch, bob)), (anns, bobs), "{op:?}");
        saved(&mut batch);
    }
    // Of what changed twice in one transaction, the last.
    for op in [say(1, 3, "a"), read(1, 2), say(1, 4, "b"), read(1, 4)] {
        batch.decide(&op).unwrap();
    }
    assert_eq!(of(&batch, ann), Some((2, 4, vec![4])));
}

/// From where to where, and the revs of its values.
fn of(batch: &Batch, stream: Stream) -> Option<(u64, u64, Vec<u64>)> {
    let revs = |values: &[Value]| values.iter().map(Value::rev).collect();
    let found = batch.changes().into_iter().find(|(of, _)| *of == stream);
    found.map(|(_, Changes { after, upto, values, .. })| (after, upto, revs(&values)))
}

/// The next transaction finds the rows as they were saved.
fn saved(batch: &mut Batch) {
    batch.rooms.values_mut().for_each(|row| row.value.before = row.value.rev);
    batch.persons.values_mut().for_each(|row| row.value.before = row.value.rev);
}
