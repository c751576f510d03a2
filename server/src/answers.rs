//! What those are told who come to a room at the same point of its log: read and encoded once for all of
//! them, for as long as nothing changes there. After a restart everyone in a room comes at once.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use delivery::Frame;
use protocol::{Event, Point, Reset, RoomId};

/// Bytes that are kept; beyond it all is read anew.
const LIMIT: usize = 8 * 1024 * 1024;

/// Bytes around an answer, about.
const OVERHEAD: usize = 256;

#[derive(Default)]
pub(crate) struct Answers(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// By where the asker stands.
    answers: HashMap<(RoomId, Option<Point>), Answer>,
    bytes: usize,
}

struct Answer {
    /// The room's head then.
    at: Point,
    frame: Frame,
}

impl Answers {
    /// What leads from `since` to the room's head, which is at `at` now.
    pub(crate) fn get(&self, room: RoomId, since: Option<Point>, at: Point) -> Option<Frame> {
        let kept = self.kept();
        let answer = kept.answers.get(&(room, since)).filter(|answer| answer.at == at)?;
        Some(answer.frame.clone())
    }

    /// Keeps it for the next who asks the same, if it leads to `at`.
    pub(crate) fn keep(
        &self,
        room: RoomId,
        since: Option<Point>,
        at: Point,
        event: &Event,
        frame: &Frame,
    ) {
        if leads_to(event) != Some(at) {
            return;
        }
        let mut kept = self.kept();
        if kept.bytes + weight(frame) > LIMIT {
            *kept = Kept::default();
        }
        kept.bytes += weight(frame);
        let answer = Answer { at, frame: frame.clone() };
        if let Some(old) = kept.answers.insert((room, since), answer) {
            kept.bytes -= weight(&old.frame);
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn weight(frame: &Frame) -> usize {
    frame.len() + OVERHEAD
}

/// The head of the stream when it was read, if it goes so far.
fn leads_to(event: &Event) -> Option<Point> {
    if let Event::Changes(changes) = event {
        let head = Point { epoch: changes.epoch, rev: changes.upto };
        (!changes.more).then_some(head)
    } else if let Event::Reset(Reset::Room(page)) = event {
        Some(page.at)
    } else {
        None
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use protocol::{Audience, Changes};

    use super::*;

    const ROOM: RoomId = RoomId(1);

    fn point(rev: u64) -> Point {
        Point { epoch: 1, rev }
    }

    fn changes(after: u64, upto: u64, more: bool) -> Event {
        let stream = Audience::Room(ROOM);
        Event::Changes(Changes { stream, epoch: 1, after, upto, values: vec![], more })
    }

    #[test]
    fn an_answer_is_for_those_alone_who_ask_from_there_while_nothing_changes() {
        let answers = Answers::default();
        let frame = Frame::from("5 to 9");
        answers.keep(ROOM, Some(point(5)), point(9), &changes(5, 9, false), &frame);
        for (room, since, at, found) in [
            (ROOM, Some(point(5)), point(9), true),
            (ROOM, Some(point(4)), point(9), false),
            (ROOM, None, point(9), false),
            (ROOM, Some(point(5)), point(10), false),
            (ROOM, Some(point(5)), Point { epoch: 2, rev: 9 }, false),
            (RoomId(2), Some(point(5)), point(9), false),
        ] {
            let got = answers.get(room, since, at);
            assert_eq!(got, found.then(|| frame.clone()), "{room:?} {since:?} {at:?}");
        }
    }

    #[test]
    fn what_leads_elsewhere_is_not_kept() {
        let answers = Answers::default();
        let frame = Frame::from("not to 9");
        // Something came between the two looks; it is only a part of it.
        for event in [changes(5, 10, false), changes(5, 9, true), Event::Beat] {
            answers.keep(ROOM, Some(point(5)), point(9), &event, &frame);
            assert_eq!(answers.get(ROOM, Some(point(5)), point(9)), None, "{event:?}");
        }
    }

    #[test]
    fn so_much_and_no_more_is_kept() {
        let answers = Answers::default();
        let frame = Frame::from("x".repeat(LIMIT / 4));
        for rev in 0..6 {
            answers.keep(ROOM, Some(point(rev)), point(9), &changes(rev, 9, false), &frame);
            // In the place of the same.
            answers.keep(ROOM, Some(point(rev)), point(9), &changes(rev, 9, false), &frame);
            let bytes: usize =
                answers.kept().answers.values().map(|answer| weight(&answer.frame)).sum();
            assert_eq!(answers.kept().bytes, bytes);
            assert!(bytes <= LIMIT);
            assert!(answers.get(ROOM, Some(point(rev)), point(9)).is_some());
        }
    }
}
