//! Commits into frames: what waits for one stream becomes one frame, encoded once. Pure.

use std::collections::HashMap;

use protocol::{Changes, Event, Kind, MemberId, MessageId, RoomId, Value, encode};

use crate::{Frame, Stream};

/// Bytes of a frame that carries more than one value.
const MAX_FRAME: usize = 128 * 1024;

#[derive(PartialEq, Eq, Hash)]
enum Key {
    Message(MessageId),
    Member(MemberId),
    Room,
    Membership(RoomId),
    Item(Kind, u64),
}

/// One for each stream, as far as their ranges meet; in the order in which the streams changed.
pub(crate) fn merged(all: impl IntoIterator<Item = (Stream, Changes)>) -> Vec<(Stream, Changes)> {
    let mut merged: Vec<(Stream, Changes)> = Vec::new();
    let mut last: HashMap<Stream, usize> = HashMap::new();
    for (stream, next) in all {
        let before = last.get(&stream).and_then(|index| merged.get_mut(*index));
        match before.map(|(_, before)| before) {
            Some(before) if before.epoch == next.epoch && before.upto == next.after => {
                before.upto = next.upto;
                before.values.extend(next.values);
            }
            Some(_) | None => {
                last.insert(stream, merged.len());
                merged.push((stream, next));
            }
        }
    }
    for (_, changes) in &mut merged {
        keep_newest(&mut changes.values);
    }
    merged
}

/// Each value once, as it is last, in the order of revs.
fn keep_newest(values: &mut Vec<Value>) {
    let mut newest: HashMap<Key, u64> = HashMap::new();
    for value in &*values {
        let rev = newest.entry(key(value)).or_default();
        *rev = value.rev().max(*rev);
    }
    // Taken out as it is kept: an author who came with two commits is here twice with one rev.
    values.retain(|value| {
        let key = key(value);
        let kept = newest.get(&key) == Some(&value.rev());
        if kept {
            newest.remove(&key);
        }
        kept
    });
    values.sort_by_key(Value::rev);
}

fn key(value: &Value) -> Key {
    match value {
        Value::Message(message) => Key::Message(message.id),
        Value::Member(member) => Key::Member(member.id),
        Value::Room(_) => Key::Room,
        Value::Membership(membership) => Key::Membership(membership.room),
        Value::Item(item) => {
            let (kind, n) = item.matter.key(item.rev);
            Key::Item(kind, n)
        }
    }
}

/// One frame, or as many as it takes, each from where the one before ends.
pub(crate) fn frames(changes: Changes) -> Vec<Frame> {
    let event = Event::Changes(changes);
    let text = encode(&event);
    let Event::Changes(changes) = event else { return vec![text.into()] };
    if text.len() <= MAX_FRAME || changes.values.len() < 2 {
        return vec![text.into()];
    }
    let (former, latter) = halves(changes);
    let mut all = frames(former);
    all.extend(frames(latter));
    all
}

fn halves(mut changes: Changes) -> (Changes, Changes) {
    let latter = changes.values.split_off(changes.values.len() / 2);
    // An author's rev may lie outside.
    let last = changes.values.last().map_or(changes.after, Value::rev);
    let middle = last.clamp(changes.after, changes.upto.max(changes.after));
    let latter = Changes { after: middle, values: latter, ..changes.clone() };
    (Changes { upto: middle, more: false, ..changes }, latter)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use protocol::{Body, Content, Member, Membership, Message, PersonName, Role, decode};

    use super::*;
    use crate::PersonId;

    fn changes(room: u32, after: u64, upto: u64, values: Vec<Value>) -> (Stream, Changes) {
        of(Stream::Room(RoomId(room)), after, upto, values)
    }

    fn of(stream: Stream, after: u64, upto: u64, values: Vec<Value>) -> (Stream, Changes) {
        let audience = stream.audience();
        (stream, Changes { stream: audience, epoch: 1, after, upto, values, more: false })
    }

    fn read(room: u32, read: u32, rev: u64) -> Value {
        Value::Membership(Membership { room: RoomId(room), joined: true, read, muted: None, rev })
    }

    fn member(name: &str, rev: u64) -> Value {
        let name = PersonName::parse(name).unwrap();
        Value::Member(Member { id: MemberId(1), name, role: Role::Host, rev })
    }

    fn message(rev: u64, body: &str) -> Value {
        Value::Message(Message {
            id: MessageId::now(),
            seq: u32::try_from(rev).unwrap(),
            rev,
            version: 1,
            author: MemberId(1),
            content: Content::Text(Body::parse(body).unwrap()),
            created_at: 0,
        })
    }

    #[test]
    fn what_waits_for_one_room_is_one_frame_with_the_newest_of_each_value() {
        let (first, second, elsewhere) = (message(2, "a"), message(3, "b"), message(9, "c"));
        let all = [
            changes(1, 0, 2, vec![member("Ana", 1), first.clone()]),
            changes(2, 8, 9, vec![elsewhere.clone()]),
            changes(1, 2, 3, vec![member("Ana", 1), second.clone()]),
            changes(1, 3, 4, vec![member("Bo", 4)]),
        ];
        assert_eq!(
            merged(all),
            [
                changes(1, 0, 4, vec![first, second, member("Bo", 4)]),
                changes(2, 8, 9, vec![elsewhere])
            ]
        );
    }

    #[test]
    fn an_author_who_came_twice_is_there_once() {
        let (first, second) = (message(2, "a"), message(3, "b"));
        let all = [
            changes(1, 1, 2, vec![member("Ana", 1), first.clone()]),
            changes(1, 2, 3, vec![member("Ana", 1), second.clone()]),
        ];
        assert_eq!(merged(all), [changes(1, 1, 3, vec![member("Ana", 1), first, second])]);
    }

    #[test]
    fn what_is_one_persons_is_never_in_a_frame_with_anothers() {
        let [ana, bo] = [1, 2].map(|id| Stream::Person(PersonId(id)));
        let all = [
            of(ana, 0, 1, vec![read(7, 1, 1)]),
            of(bo, 1, 2, vec![read(7, 5, 2)]),
            of(ana, 1, 3, vec![read(8, 1, 2), read(7, 2, 3)]),
        ];
        assert_eq!(
            merged(all),
            [of(ana, 0, 3, vec![read(8, 1, 2), read(7, 2, 3)]), of(bo, 1, 2, vec![read(7, 5, 2)])]
        );
    }

    #[test]
    fn ranges_that_do_not_meet_stay_apart() {
        let mut restored = changes(1, 2, 3, vec![]);
        restored.1.epoch = 2;
        let all = [changes(1, 0, 1, vec![]), changes(1, 2, 3, vec![]), restored];
        assert_eq!(merged(all.clone()), all);
    }

    #[test]
    fn a_long_batch_is_split_into_frames_that_meet() {
        let mut values = vec![member("Ana", 3)];
        values.extend((10..60).map(|rev| message(rev, &"\"".repeat(4000))));
        let whole = changes(1, 9, 60, values);
        let split: Vec<(Stream, Changes)> = frames(whole.1.clone())
            .iter()
            .map(|frame| {
                let text = frame.to_string();
                assert!(text.len() <= MAX_FRAME);
                let Event::Changes(changes) = decode(&text).unwrap() else { panic!("{text}") };
                (whole.0, changes)
            })
            .collect();
        assert!(split.len() > 1);
        assert_eq!(merged(split), [whole]);
    }

    #[test]
    fn one_value_is_never_split() {
        let (_, whole) = changes(1, 9, 10, vec![message(10, &"x".repeat(4000))]);
        assert_eq!(frames(whole).len(), 1);
    }
}
