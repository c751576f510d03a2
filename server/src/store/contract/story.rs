//! Any story of a few people, as random as can be repeated: whoever reads along, from whatever
//! point on, by pages or live, holds the same in the end.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::{collections::BTreeMap, time::Duration};

use futures::future::join_all;
use proptest::{prelude::*, sample::Index, strategy::ValueTree, test_runner::TestRunner};
use protocol::{Changes, Content, Member, MemberId, Message, Point, RoomPage, Value};
use tokio::{sync::mpsc::Receiver, time::timeout};

use super::{catch_up::pages, create, joins, person, post, renames};
use crate::store::{Commit, Op, PersonId, Store, StoreError, Stream};

/// What a reader holds: applies values as the protocol says.
#[derive(Clone, Default)]
struct Reader {
    messages: BTreeMap<u32, Message>,
    members: BTreeMap<MemberId, Member>,
    complete: u64,
}

impl Reader {
    fn from(page: &RoomPage) -> Self {
        let mut reader = Self { complete: page.at.rev, ..Self::default() };
        page.messages.iter().cloned().for_each(|message| reader.take(Value::Message(message)));
        page.members.iter().cloned().for_each(|member| reader.take(Value::Member(member)));
        reader
    }

    fn take(&mut self, value: Value) {
        match value {
            Value::Message(new) => {
                let old = self.messages.get(&new.seq).map_or(0, |old| old.rev);
                if new.rev > old {
                    self.messages.insert(new.seq, new);
                }
            }
            Value::Member(new) => {
                let old = self.members.get(&new.id).map_or(0, |old| old.rev);
                if new.rev > old {
                    self.members.insert(new.id, new);
                }
            }
            Value::Room(_) => {}
            Value::Membership(_) | Value::Item(_) => {
                panic!("what is one person's or a desk's reached a room")
            }
        }
    }

    fn apply(&mut self, changes: Changes) {
        assert!(changes.after <= self.complete, "a gap");
        let newest = self.complete.max(changes.upto);
        changes.values.into_iter().for_each(|value| self.take(value));
        for message in self.messages.values() {
            assert!(self.members.contains_key(&message.author), "nobody to name");
        }
        self.complete = newest;
    }

    fn holds(&self, page: &RoomPage) {
        assert_eq!(self.complete, page.at.rev);
        let skipped = self.messages.len() - page.messages.len();
        let shown: Vec<_> = self.messages.values().skip(skipped).cloned().collect();
        assert_eq!(shown, page.messages);
        for member in &page.members {
            assert_eq!(self.members.get(&member.id), Some(member));
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Say,
    Again(Index),
    Rename(u8),
    Leave,
    Join(u8),
    /// A reader comes who stays until the end.
    Look,
}

fn steps() -> impl Strategy<Value = Vec<(u8, Step)>> {
    let step = prop_oneof![
        6 => Just(Step::Say),
        2 => any::<Index>().prop_map(Step::Again),
        2 => (0..6_u8).prop_map(Step::Rename),
        1 => Just(Step::Leave),
        2 => (0..6_u8).prop_map(Step::Join),
        1 => Just(Step::Look),
    ];
    prop::collection::vec((0..4_u8, step), 1..80)
}

pub(super) async fn any_story_is_told_the_same_way_to_everyone(
    store: &dyn Store,
    commits: &mut Receiver<Commit>,
) {
    let mut people = vec![];
    for _ in 0..4 {
        people.push(person(store).await);
    }
    let mut runner = TestRunner::deterministic();
    for _ in 0..40 {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        // Some are told one by one, some at once.
        for at_once in [1, 7] {
            tell(store, commits, &people, &steps, at_once).await;
        }
    }
}

async fn tell(
    store: &dyn Store,
    commits: &mut Receiver<Commit>,
    people: &[PersonId],
    steps: &[(u8, Step)],
    at_once: usize,
) {
    let room = create(store, people[0], 10).await.room.id;
    let mut readers = vec![Reader::from(&store.newest(room).await.unwrap())];
    let mut listener = Reader::default();
    let mut said: Vec<Op> = vec![];
    for steps in steps.chunks(at_once) {
        let mut ops = vec![];
        for (who, step) in steps {
            let person = people[usize::from(*who)];
            let called = |n: &u8| format!("Name {n}");
            match step {
                Step::Say => said.push(post(room, person, &format!("{}", said.len()))),
                Step::Again(_) | Step::Look => {}
                Step::Rename(n) => ops.push(renames(room, person, &called(n))),
                Step::Leave => ops.push(Op::Leave { room, person }),
                Step::Join(n) => ops.push(joins(room, person, &called(n))),
            }
            match step {
                Step::Say => ops.extend(said.last().cloned()),
                Step::Again(index) if !said.is_empty() => ops.push(index.get(&said).clone()),
                Step::Look => readers.push(Reader::from(&store.newest(room).await.unwrap())),
                Step::Again(_) | Step::Rename(_) | Step::Leave | Step::Join(_) => {}
            }
        }
        for answer in join_all(ops.into_iter().map(|op| store.apply(op))).await {
            let refused =
                matches!(answer, Ok(_) | Err(StoreError::NotAMember | StoreError::NameTaken));
            assert!(refused, "{answer:?}");
        }
    }
    let (here, page) = (Stream::Room(room), store.newest(room).await.unwrap());
    for mut reader in readers {
        let point = Point { rev: reader.complete, ..page.at };
        pages(store, here, point).await.into_iter().for_each(|page| reader.apply(page));
        reader.holds(&page);
    }
    while listener.complete < page.at.rev {
        let commit = timeout(Duration::from_secs(5), commits.recv()).await.unwrap().unwrap();
        for (_, changes) in commit.into_iter().filter(|(stream, _)| *stream == here) {
            assert_eq!(changes.after, listener.complete, "published in order, without holes");
            listener.apply(changes);
        }
    }
    listener.holds(&page);
    let seqs: Vec<u32> = listener.messages.keys().copied().collect();
    assert_eq!(seqs, (1..=seqs.len() as u32).collect::<Vec<_>>());
    let mut revs: Vec<u64> = listener.messages.values().map(|message| message.rev).collect();
    assert!(revs.is_sorted());
    revs.extend(listener.members.values().map(|member| member.rev));
    revs.sort_unstable();
    assert!(revs.windows(2).all(|pair| pair[0] < pair[1]), "no rev twice");
    assert!(listener.messages.values().all(|message| matches!(message.content, Content::Text(_))));
}
