//! A person's own stream: what they are in their rooms, and how far they have read.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::{collections::BTreeMap, time::Duration};

use futures::future::join_all;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use protocol::{Changes, Membership, PersonPage, Point, Reset, RoomId, Value};
use tokio::{sync::mpsc::Receiver, time::timeout};

use super::{catch_up::pages, create, join, joins, person, post, say};
use crate::store::{
    Applied, Commit, Door, Op, PersonId, Since, Store, StoreError, Stream, TOO_FAR,
};

/// What one of their devices holds: applies values as the protocol says.
#[derive(Clone, Debug, Default)]
struct Device {
    memberships: BTreeMap<RoomId, Membership>,
    complete: u64,
}

impl Device {
    fn take(&mut self, value: Value) {
        let Value::Membership(new) = value else { panic!("not of this stream: {value:?}") };
        let old = self.memberships.get(&new.room);
        if old.is_none_or(|old| old.rev < new.rev) {
            assert!(old.is_none_or(|old| old.read <= new.read), "back from {old:?} to {new:?}");
            self.memberships.insert(new.room, new);
        }
    }

    fn apply(&mut self, changes: Changes) {
        assert!(changes.after <= self.complete, "a gap");
        changes.values.into_iter().for_each(|value| self.take(value));
        self.complete = self.complete.max(changes.upto);
    }

    fn joined(&self) -> Vec<Membership> {
        let mut joined: Vec<_> =
            self.memberships.values().filter(|one| one.joined).copied().collect();
        joined.sort_by_key(|one| one.rev);
        joined
    }
}

async fn page(store: &dyn Store, person: PersonId) -> PersonPage {
    let found = store.since(Stream::Person(person), None).await.unwrap();
    let Since::Reset(Reset::Person(page)) = found else { panic!("{found:?}") };
    page
}

async fn read(store: &dyn Store, room: RoomId, person: PersonId, seq: u32) -> (u32, bool) {
    let applied = store.apply(Op::Read { room, person, seq }).await.unwrap();
    let Applied::Read { membership, fresh, .. } = applied else { panic!("{applied:?}") };
    (membership.read, fresh)
}

pub(super) async fn a_place_in_a_room_is_counted_from_joining_on(store: &dyn Store) {
    let (ann, bob) = (person(store).await, person(store).await);
    let entry = create(store, ann, 10).await;
    let room = entry.room.id;
    say(store, room, ann, "before Bob").await;
    join(store, room, bob, "Bob").await.unwrap();
    let unread = async |person| {
        let links = store.rooms(person).await.unwrap();
        links.into_iter().map(|link| link.unread).collect::<Vec<_>>()
    };
    let place = async |person| store.entry(Door::Id(room), person).await.unwrap().unwrap().read;
    assert_eq!((unread(ann).await, unread(bob).await), (vec![1], vec![0]));
    for text in ["a", "b", "c"] {
        say(store, room, ann, text).await;
    }
    assert_eq!((unread(ann).await, unread(bob).await), (vec![4], vec![3]));
    assert_eq!((place(Some(bob)).await, place(None).await), (Some(1), None));
    for (seq, outcome) in [(3, (3, true)), (2, (3, false)), (3, (3, false)), (99, (4, true))] {
        assert_eq!(read(store, room, bob, seq).await, outcome, "{seq}");
    }
    assert_eq!((place(Some(bob)).await, place(Some(ann)).await), (Some(4), Some(0)));
    assert_eq!((unread(ann).await, unread(bob).await), (vec![4], vec![0]));
    let stranger = person(store).await;
    let refused = store.apply(Op::Read { room, person: stranger, seq: 1 }).await;
    assert_eq!(refused, Err(StoreError::NotAMember));
    assert_eq!(page(store, stranger).await.memberships, []);
}

#[derive(Clone, Debug)]
enum Step {
    Say,
    Read(u32),
    Leave,
    Join(u8),
}

fn steps() -> impl Strategy<Value = Vec<(u8, u8, Step)>> {
    let step = prop_oneof![
        4 => Just(Step::Say),
        6 => (0..8_u32).prop_map(Step::Read),
        1 => Just(Step::Leave),
        2 => (0..6_u8).prop_map(Step::Join),
    ];
    prop::collection::vec((0..3_u8, 0..3_u8, step), 1..80)
}

pub(super) async fn any_story_is_told_to_the_one_whose_it_is(
    store: &dyn Store,
    commits: &mut Receiver<Commit>,
) {
    let mut runner = TestRunner::deterministic();
    for _ in 0..20 {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        for at_once in [1, 7] {
            tell(store, commits, &steps, at_once).await;
        }
    }
}

async fn tell(
    store: &dyn Store,
    commits: &mut Receiver<Commit>,
    steps: &[(u8, u8, Step)],
    at_once: usize,
) {
    let mut people = vec![];
    let mut rooms = vec![];
    for _ in 0..3 {
        people.push(person(store).await);
        rooms.push(create(store, people[0], 10).await.room.id);
    }
    for steps in steps.chunks(at_once) {
        let ops = steps.iter().map(|(who, which, step)| {
            let (person, room) = (people[usize::from(*who)], rooms[usize::from(*which)]);
            match step {
                Step::Say => post(room, person, "hi"),
                Step::Read(seq) => Op::Read { room, person, seq: *seq },
                Step::Leave => Op::Leave { room, person },
                Step::Join(n) => joins(room, person, &format!("Name {n}")),
            }
        });
        for answer in join_all(ops.map(|op| store.apply(op))).await {
            let refused =
                matches!(answer, Ok(_) | Err(StoreError::NotAMember | StoreError::NameTaken));
            assert!(refused, "{answer:?}");
        }
    }
    let mut heard: BTreeMap<PersonId, Device> = BTreeMap::new();
    let mut heads = vec![];
    for person in &people {
        let page = page(store, *person).await;
        resumes_from_every_rev(store, *person, &page).await;
        heads.push((*person, page));
    }
    while heads
        .iter()
        .any(|(person, page)| heard.get(person).map_or(0, |device| device.complete) < page.at.rev)
    {
        let commit = timeout(Duration::from_secs(5), commits.recv()).await.unwrap().unwrap();
        for (stream, changes) in commit {
            let Stream::Person(person) = stream else { continue };
            let device = heard.entry(person).or_default();
            assert_eq!(changes.after, device.complete, "published in order, without holes");
            device.apply(changes);
        }
    }
    for (person, page) in heads {
        let device = heard.remove(&person).unwrap_or_default();
        assert_eq!((device.joined(), device.complete), (page.memberships, page.at.rev));
    }
}

/// What a device held at that rev, and what changed since, is what there is now.
async fn resumes_from_every_rev(store: &dyn Store, person: PersonId, now: &PersonPage) {
    let stream = Stream::Person(person);
    let all = pages(store, stream, Point { rev: 0, ..now.at }).await;
    let mut values: Vec<Value> = all.into_iter().flat_map(|page| page.values).collect();
    values.sort_by_key(Value::rev);
    for rev in 0..=now.at.rev {
        let mut device = Device { complete: rev, ..Device::default() };
        values.iter().filter(|value| value.rev() <= rev).cloned().for_each(|one| device.take(one));
        for changes in pages(store, stream, Point { rev, ..now.at }).await {
            device.apply(changes);
        }
        assert_eq!((device.joined(), device.complete), (now.memberships.clone(), now.at.rev));
    }
}

pub(super) async fn who_is_too_far_starts_anew(store: &dyn Store) {
    let (ann, bob) = (person(store).await, person(store).await);
    let room = create(store, ann, 10).await.room.id;
    let elsewhere = create(store, ann, 10).await.room.id;
    join_all((0..TOO_FAR).map(|_| store.apply(post(room, ann, "hi")))).await;
    let seqs = 1..=TOO_FAR as u32;
    join_all(seqs.map(|seq| store.apply(Op::Read { room, person: ann, seq }))).await;
    let page = page(store, ann).await;
    let rooms: Vec<RoomId> = page.memberships.iter().map(|one| one.room).collect();
    assert_eq!(rooms, [elsewhere, room]);
    let Point { epoch, rev } = page.at;
    for (point, starts_anew) in [
        (Point { epoch, rev: rev - TOO_FAR }, false),
        (Point { epoch, rev: rev - TOO_FAR - 1 }, true),
        (Point { epoch, rev }, false),
        (Point { epoch, rev: rev + 1 }, true),
        (Point { epoch: epoch + 1, rev }, true),
    ] {
        match store.since(Stream::Person(ann), Some(point)).await.unwrap() {
            Since::Reset(reset) => {
                assert_eq!((starts_anew, reset), (true, Reset::Person(page.clone())), "{point:?}");
            }
            Since::Changes(_) => assert!(!starts_anew, "{point:?}"),
        }
    }
    // Their own: it says nothing of Bob, who is in more rooms than fit a page of changes.
    for _ in 0..250 {
        create(store, bob, 10).await;
    }
    let found = pages(store, Stream::Person(bob), Point { epoch, rev: 0 }).await;
    assert_eq!(found.iter().map(|page| page.values.len()).collect::<Vec<_>>(), [200, 50]);
}
