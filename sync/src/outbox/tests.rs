//! What leaves, in which order, and how fast.

use std::collections::VecDeque;

use proptest::{collection::vec, prelude::*};

use super::*;

const HERE: RoomId = RoomId(1);

fn entry(body: &str) -> Entry {
    Entry { id: MessageId::now(), room: HERE, body: body.into(), refusal: None }
}

fn outbox(bodies: &[&str]) -> (Outbox, Vec<MessageId>) {
    let mut outbox = Outbox::default();
    let ids = bodies.iter().map(|body| {
        let entry = entry(body);
        outbox.push(entry.clone());
        entry.id
    });
    let ids = ids.collect();
    (outbox, ids)
}

fn next(outbox: &mut Outbox, n: u32, now: u64) -> Option<String> {
    outbox.next(HERE, n, now).map(|entry| entry.body)
}

#[test]
fn one_is_in_flight_and_the_order_holds() {
    let (mut outbox, ids) = outbox(&["one", "two"]);
    assert_eq!(next(&mut outbox, 1, 0).as_deref(), Some("one"));
    assert_eq!(next(&mut outbox, 2, 0), None);
    assert!(outbox.confirm(ids[0]));
    assert!(!outbox.confirm(ids[0]), "once");
    assert_eq!(next(&mut outbox, 2, 0).as_deref(), Some("two"));
}

#[test]
fn rooms_do_not_wait_for_each_other() {
    let (mut outbox, _) = outbox(&["one"]);
    outbox.push(Entry { room: RoomId(2), ..entry("elsewhere") });
    assert_eq!(outbox.rooms(), [HERE, RoomId(2)]);
    assert!(outbox.next(HERE, 1, 0).is_some());
    assert_eq!(outbox.next(RoomId(2), 2, 0).map(|entry| entry.body).as_deref(), Some("elsewhere"));
}

#[test]
fn after_a_cut_the_same_goes_again() {
    let (mut outbox, _) = outbox(&["one", "two"]);
    next(&mut outbox, 1, 0);
    outbox.cut();
    assert_eq!(next(&mut outbox, 2, 0).as_deref(), Some("one"));
}

#[test]
fn a_retryable_refusal_holds_what_is_behind_it() {
    let (mut outbox, _) = outbox(&["one", "two"]);
    next(&mut outbox, 1, 0);
    outbox.refuse(1, &Refusal::Busy { retry_ms: 500 }, 100);
    assert_eq!(next(&mut outbox, 2, 599), None);
    assert_eq!(next(&mut outbox, 2, 600).as_deref(), Some("one"));
}

#[test]
fn a_final_refusal_parks_one_until_its_author_decides() {
    let (mut outbox, ids) = outbox(&["one", "two"]);
    next(&mut outbox, 1, 0);
    let parked = outbox.refuse(1, &Refusal::IdConflict, 0).cloned();
    assert_eq!(parked.and_then(|entry| entry.refusal), Some(Refusal::IdConflict));
    assert_eq!(next(&mut outbox, 2, 0).as_deref(), Some("two"));
    assert!(outbox.confirm(ids[1]));
    assert_eq!(next(&mut outbox, 3, 0), None);
    assert!(outbox.retry(ids[0]).is_some());
    assert_eq!(next(&mut outbox, 3, 0).as_deref(), Some("one"));
}

#[test]
fn a_refusal_of_something_else_changes_nothing() {
    let (mut outbox, _) = outbox(&["one"]);
    next(&mut outbox, 1, 0);
    assert_eq!(outbox.refuse(7, &Refusal::IdConflict, 0), None);
    assert_eq!(next(&mut outbox, 2, 0), None, "still in flight");
}

#[test]
fn adopted_messages_go_first_and_once() {
    let old = entry("old");
    let mut outbox = Outbox::default();
    outbox.push(entry("new"));
    outbox.adopt(vec![old.clone()]);
    outbox.adopt(vec![old]);
    let bodies: Vec<_> = outbox.entries(HERE).map(|entry| entry.body.as_str()).collect();
    assert_eq!(bodies, ["old", "new"]);
}

const RATE: Rate = Rate { burst: 3, every_ms: 1000 };

#[test]
fn over_the_limit_they_wait_and_go_by_themselves() {
    let (mut outbox, ids) = outbox(&["one", "two", "three", "four", "five"]);
    outbox.limit(RATE);
    // Two of the five, and one that would be written now.
    assert_eq!(outbox.wait(0), 3000);
    for (n, id) in (1..).zip(&ids[..3]) {
        assert!(next(&mut outbox, n, 0).is_some());
        assert!(outbox.confirm(*id));
    }
    assert_eq!(next(&mut outbox, 4, 999), None);
    assert_eq!(outbox.wait(999), 2001);
    assert_eq!(next(&mut outbox, 4, 1000).as_deref(), Some("four"));
    assert_eq!(outbox.wait(1000), 2000, "what is in flight waits no more");
    assert!(outbox.confirm(ids[3]));
    assert_eq!(next(&mut outbox, 5, 2000).as_deref(), Some("five"));
    assert_eq!(outbox.wait(2000), 1000);
    assert_eq!(outbox.wait(3000), 0);
}

#[test]
fn one_that_was_too_fast_waits_as_long_as_the_server_says_and_fails_never() {
    let (mut outbox, _) = outbox(&["one", "two"]);
    outbox.limit(RATE);
    next(&mut outbox, 1, 100);
    let refused = outbox.refuse(1, &Refusal::TooFast { retry_ms: 700 }, 100).cloned();
    assert_eq!(refused.and_then(|entry| entry.refusal), None);
    assert_eq!(outbox.wait(100), 2700);
    assert_eq!(next(&mut outbox, 2, 799), None);
    assert_eq!(next(&mut outbox, 2, 800).as_deref(), Some("one"));
}

#[test]
fn what_failed_makes_nobody_wait() {
    let (mut outbox, _) = outbox(&["one"]);
    outbox.limit(Rate { burst: 1, every_ms: 1000 });
    next(&mut outbox, 1, 0);
    outbox.refuse(1, &Refusal::IdConflict, 0);
    assert_eq!(outbox.wait(1000), 0);
}

/// Tabs of one person, the server behind them, and what each of both saw.
struct Talk {
    now: u64,
    tabs: [Outbox; 2],
    written: [Vec<MessageId>; 2],
    bucket: Bucket,
    stored: Vec<(usize, MessageId)>,
    sent: [Vec<u64>; 2],
    requests: u32,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Write(usize),
    /// A tab looks whether it may send; an answer comes at once, or never.
    Pump(usize, bool),
    Pass(u64),
}

impl Talk {
    fn new() -> Self {
        let mut tabs = [Outbox::default(), Outbox::default()];
        tabs.iter_mut().for_each(|tab| tab.limit(RATE));
        Self {
            now: 0,
            tabs,
            written: Default::default(),
            bucket: Bucket::default(),
            stored: Vec::new(),
            sent: Default::default(),
            requests: 0,
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Pass(ms) => self.now += ms,
            Step::Write(tab) => {
                let entry = entry("hi");
                self.written[tab].push(entry.id);
                self.tabs[tab].push(entry);
            }
            Step::Pump(tab, answered) => self.pump(tab, answered),
        }
    }

    fn pump(&mut self, tab: usize, answered: bool) {
        self.requests += 1;
        let Some(Entry { id, .. }) = self.tabs[tab].next(HERE, self.requests, self.now) else {
            return;
        };
        self.sent[tab].push(self.now);
        let taken = self.bucket.take(RATE, self.now);
        if taken.is_ok() && !self.stored.contains(&(tab, id)) {
            self.stored.push((tab, id));
        }
        if !answered {
            self.tabs[tab].cut();
        } else if let Err(wait) = taken {
            let retry_ms = u32::try_from(wait).unwrap_or(u32::MAX);
            self.tabs[tab].refuse(self.requests, &Refusal::TooFast { retry_ms }, self.now);
        } else {
            self.tabs[tab].confirm(id);
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0_usize..2).prop_map(Step::Write),
        (0_usize..2, prop::bool::weighted(0.9)).prop_map(|(tab, yes)| Step::Pump(tab, yes)),
        (0_u64..1500).prop_map(Step::Pass),
    ]
}

proptest! {
    #[test]
    fn all_goes_in_the_end_in_order_and_never_too_fast(steps in vec(step(), 0..200)) {
        let mut talk = Talk::new();
        steps.into_iter().for_each(|step| talk.step(step));
        let left = talk.written.iter().map(Vec::len).sum::<usize>();
        // Each second one goes, of either tab.
        for _ in 0..2 * left + 10 {
            talk.step(Step::Pass(1000));
            talk.step(Step::Pump(0, true));
            talk.step(Step::Pump(1, true));
        }
        for (tab, written) in talk.written.iter().enumerate() {
            let stored = talk.stored.iter().filter(|(by, _)| *by == tab).map(|(_, id)| *id);
            prop_assert_eq!(&stored.collect::<Vec<_>>(), written);
            prop_assert_eq!(talk.tabs[tab].entries(HERE).count(), 0);
        }
        for sent in talk.sent {
            let mut window = VecDeque::new();
            for at in sent {
                window.push_back(at);
                while at - window[0] >= 1000 {
                    window.pop_front();
                }
                // A window shorter than a token's time.
                prop_assert!(window.len() <= 1 + RATE.burst as usize, "{window:?}");
            }
        }
    }
}
