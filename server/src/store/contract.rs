//! What every database must do, as functions over `Store`: each has a test that runs them all.
//! They share one store, so each makes people and rooms of its own.
#![allow(clippy::unwrap_used, reason = "tests")]

mod catch_up;
mod devices;
pub(super) mod flaws;
mod history;
mod hosts;
mod knocks;
mod life;
mod mine;
pub(super) mod names;
mod search;
mod story;

use futures::future::join_all;
use protocol::{
    Body, Device, Lifetime, Member, MemberId, Message, MessageId, PersonName, Point, RoomCode,
    RoomId, RoomPage,
};
use tokio::sync::mpsc::Receiver;

use super::*;
pub(super) use search::Inside;

pub(super) async fn run(store: &dyn Store, inside: &impl Inside, commits: &mut Receiver<Commit>) {
    sessions_and_doors(store).await;
    devices::whoever_is_signed_out_is_nobody_and_never_again_somebody_by_that_token(store).await;
    devices::only_whose_they_are_signs_devices_out(store).await;
    devices::when_one_was_seen_is_kept_to_the_hour(store).await;
    devices::a_way_to_another_device_works_once_and_in_time(store).await;
    devices::of_several_ways_the_last_one_is_open(store).await;
    devices::what_shares_a_transaction_is_decided_in_its_order(store).await;
    rooms_are_listed_by_their_newest_message(store).await;
    a_taken_code_is_passed_over(store).await;
    retries_store_once(store).await;
    names::names_are_exchanged_in_one_moment(store).await;
    names::a_name_is_free_that_nobody_else_in_the_room_has(store).await;
    names::a_name_is_taken_in_whatever_case_it_looks_alike(store).await;
    names::of_those_who_want_to_look_alike_at_once_one_does(store).await;
    catch_up::catching_up_goes_by_pages(store).await;
    catch_up::what_was_changed_is_in_its_place_among_what_is_new(store).await;
    catch_up::who_is_too_far_starts_anew(store).await;
    history::any_part_of_the_log_is_a_page(store).await;
    history::a_page_has_its_bounds(store).await;
    history::a_moment_is_found(store).await;
    mine::a_place_in_a_room_is_counted_from_joining_on(store).await;
    mine::any_story_is_told_to_the_one_whose_it_is(store, commits).await;
    mine::who_is_too_far_starts_anew(store).await;
    life::a_room_ends_when_it_was_not_used_for_as_long_as_it_lasts(store).await;
    life::what_has_ended_goes_in_pieces_and_then_altogether(store).await;
    life::a_room_that_is_always_there_is_made_once_and_called_as_it_is_said(store).await;
    life::rooms_that_are_listed_are_so_by_their_newest_message(store).await;
    hosts::what_hosts_settle_is_kept(store).await;
    hosts::a_password_is_had_back_by_the_entry_that_keeps_it(store).await;
    hosts::who_knocks_is_let_in_by_a_host(store).await;
    knocks::no_more_wait_at_a_door_than_its_desk_shows(store).await;
    knocks::the_name_of_who_is_not_let_in_is_free_again(store).await;
    hosts::a_link_is_known_by_its_key_alone(store).await;
    hosts::a_link_is_none_once_it_opens_nothing(store).await;
    hosts::who_is_barred_is_kept_out_with_their_address(store).await;
    hosts::an_address_is_barred_when_the_ban_is_said_again(store).await;
    hosts::what_is_taken_away_can_be_had_back_until_it_is_purged(store).await;
    hosts::what_waits_longest_for_a_host_is_not_buried_under_what_came_after(store).await;
    hosts::what_was_done_is_read_back_to_the_first_of_it(store).await;
    hosts::what_is_burned_is_gone_and_who_was_there_may_know(store).await;
    store.ready().await.unwrap();
    story::any_story_is_told_the_same_way_to_everyone(store, commits).await;
    assert_eq!(inside.flaws().await, [""; 0]);
    search::what_was_said_is_found_by_each_of_its_words_and_in_its_room(store, inside).await;
    search::what_cannot_be_indexed_is_not_said(store, inside).await;
    search::only_new_words_touch_the_index(store, inside).await;
}

pub(super) fn name(text: &str) -> PersonName {
    PersonName::parse(text).unwrap()
}

pub(super) fn body(text: &str) -> Body {
    Body::parse(text).unwrap()
}

fn session() -> SessionHash {
    let mut hash = [0; 32];
    getrandom::fill(&mut hash).unwrap();
    SessionHash(hash)
}

pub(super) async fn person(store: &dyn Store) -> PersonId {
    let op =
        Op::Begin { session: session(), name: name("Somebody"), device: Device::default(), at: 1 };
    let Applied::Begun(person) = store.apply(op).await.unwrap() else { panic!() };
    person
}

fn code() -> RoomCode {
    let mut letters = [0; 5];
    getrandom::fill(&mut letters).unwrap();
    let letters = letters.map(|byte| RoomCode::ALPHABET[usize::from(byte) % 22]);
    RoomCode::parse(std::str::from_utf8(&letters).unwrap()).unwrap()
}

pub(super) async fn create(store: &dyn Store, by: PersonId, at: i64) -> Entry {
    create_for(store, by, at, false, Lifetime::ForEver).await
}

async fn create_for(
    store: &dyn Store,
    by: PersonId,
    at: i64,
    listed: bool,
    lifetime: Lifetime,
) -> Entry {
    let codes = (0..20).map(|_| code()).collect();
    let op = Op::Create { by, name: None, listed, lifetime, called: name("Ann"), codes, at };
    let Applied::Created(entry) = store.apply(op).await.unwrap() else { panic!() };
    entry
}

pub(super) fn joins(room: RoomId, person: PersonId, called: &str) -> Op {
    let (names, proof) = (vec![name(called)], Proof::None);
    Op::Join { room, person, names, capacity: 9, proof, from: None, at: 2 }
}

async fn join(store: &dyn Store, room: RoomId, person: PersonId, called: &str) -> Result<Member> {
    let op = joins(room, person, called);
    let Applied::Joined { member, .. } = store.apply(op).await? else { panic!() };
    Ok(member)
}

pub(super) fn renames(room: RoomId, person: PersonId, called: &str) -> Op {
    Op::SetName { room, person, name: name(called), at: 1 }
}

pub(super) fn post(room: RoomId, person: PersonId, text: &str) -> Op {
    Op::Post { room, person, id: MessageId::now(), body: body(text), at: 20 }
}

pub(super) async fn say(store: &dyn Store, room: RoomId, person: PersonId, text: &str) -> Message {
    let Applied::Posted { message, .. } = store.apply(post(room, person, text)).await.unwrap()
    else {
        panic!()
    };
    message
}

async fn sessions_and_doors(store: &dyn Store) {
    let session = session();
    assert_eq!(store.person(session).await, Ok(None));
    let op = Op::Begin { session, name: name("Zoe"), device: Device::default(), at: 1 };
    let Applied::Begun(id) = store.apply(op.clone()).await.unwrap() else { panic!() };
    assert_eq!(store.apply(op).await, Ok(Applied::Begun(id)));
    assert_eq!(store.person(session).await, Ok(Some(Person { id, name: name("Zoe") })));

    let entry = create(store, id, 10).await;
    assert_eq!(store.person(session).await.unwrap().map(|person| person.name), Some(name("Ann")));
    let doors = [Door::Id(entry.room.id), Door::Code(entry.room.code.clone())];
    let visitor = Entry { member: None, read: None, ..entry.clone() };
    for door in doors.clone() {
        assert_eq!(store.entry(door.clone(), Some(id)).await, Ok(Some(entry.clone())));
        assert_eq!(store.entry(door, None).await, Ok(Some(visitor.clone())));
    }
    let left = store.apply(Op::Leave { room: entry.room.id, person: id }).await;
    assert_eq!(left, Ok(Applied::Left(Some(MemberId(1)))));
    let past = Past { member: entry.member.clone().unwrap(), was_in: true, barred: None };
    let left = Entry { joined: 0, past: Some(past), ..visitor.clone() };
    for door in doors {
        assert_eq!(store.entry(door, Some(id)).await, Ok(Some(left.clone())));
    }
    assert_eq!(store.rooms(id).await, Ok(vec![]));

    let nowhere = RoomId(2_000_000_000);
    assert_eq!(store.entry(Door::Id(nowhere), None).await, Ok(None));
    assert_eq!(store.newest(nowhere).await, Err(StoreError::NoSuchRoom));
    let point = Point { epoch: 1, rev: 0 };
    let since = store.since(Stream::Room(nowhere), Some(point)).await;
    assert_eq!(since, Err(StoreError::NoSuchRoom));
    assert_eq!(store.apply(post(nowhere, id, "hi")).await, Err(StoreError::NotAMember));
}

async fn rooms_are_listed_by_their_newest_message(store: &dyn Store) {
    let ann = person(store).await;
    let mut rooms = vec![];
    for at in [30, 10, 20] {
        rooms.push(create(store, ann, at).await.room);
    }
    let listed = store.rooms(ann).await.unwrap();
    let codes = |order: [usize; 3]| order.map(|n| rooms[n].code.clone()).to_vec();
    assert_eq!(listed.into_iter().map(|link| link.code).collect::<Vec<_>>(), codes([0, 2, 1]));
    let mut op = post(rooms[1].id, ann, "hi");
    if let Op::Post { at, .. } = &mut op {
        *at = 40;
    }
    store.apply(op).await.unwrap();
    let listed = store.rooms(ann).await.unwrap();
    assert_eq!(listed.into_iter().map(|link| link.code).collect::<Vec<_>>(), codes([1, 0, 2]));
}

async fn a_taken_code_is_passed_over(store: &dyn Store) {
    let ann = person(store).await;
    let taken = create(store, ann, 10).await.room.code;
    let create = |codes| Op::Create {
        by: ann,
        name: None,
        listed: false,
        lifetime: Lifetime::ForEver,
        called: name("Ann"),
        codes,
        at: 10,
    };
    let again = RoomCode::parse(&format!("{taken}A")).unwrap();
    assert_eq!(store.apply(create(vec![again.clone()])).await, Err(StoreError::Overloaded));
    let codes = [again].into_iter().chain((0..20).map(|_| code())).collect();
    let Applied::Created(entry) = store.apply(create(codes)).await.unwrap() else { panic!() };
    assert_ne!(entry.room.code, taken);
}

async fn retries_store_once(store: &dyn Store) {
    let ann = person(store).await;
    let room = create(store, ann, 10).await.room.id;
    let ops: Vec<Op> = (0..200).map(|n| post(room, ann, &format!("message {n}"))).collect();
    let answers = join_all(ops.iter().chain(&ops).map(|op| store.apply(op.clone()))).await;
    let mut seqs = vec![];
    let mut fresh_ones = 0;
    for answer in answers {
        let Applied::Posted { message, author, fresh, .. } = answer.unwrap() else { panic!() };
        assert_eq!(author.rev, 2);
        fresh_ones += u32::from(fresh);
        seqs.push(message.seq);
    }
    seqs.sort_unstable();
    seqs.dedup();
    assert_eq!((fresh_ones, seqs), (200, (1..=200).collect()));

    // Later, and in another room.
    let Applied::Posted { fresh, .. } = store.apply(ops[0].clone()).await.unwrap() else {
        panic!()
    };
    assert!(!fresh);
    let mut elsewhere = ops[0].clone();
    if let Op::Post { room, .. } = &mut elsewhere {
        *room = create(store, ann, 10).await.room.id;
    }
    let Applied::Posted { message, fresh, .. } = store.apply(elsewhere).await.unwrap() else {
        panic!()
    };
    assert_eq!((message.seq, fresh), (1, true));
    let mut other = ops[0].clone();
    if let Op::Post { body: said, .. } = &mut other {
        *said = body("something else");
    }
    assert_eq!(store.apply(other).await, Err(StoreError::IdConflict));
}
