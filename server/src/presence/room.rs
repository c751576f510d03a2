//! Who is in one room, and what of it was not said yet. Pure: time is an argument.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use delivery::ConnectionId;
use protocol::{Event, Here, Member, MemberId, Presence, Present, RoomId};
use tokio::time::Instant;

use super::typing::Typing;

/// Between two frames about one room; and when somebody left, whom nobody should still see.
const QUIET: Duration = Duration::from_secs(1);
const QUIET_LEFT: Duration = Duration::from_millis(250);
/// Up to so many people are named; more are only counted.
const CROWD: usize = 200;
/// People on a page.
const SHOWN: usize = 50;

#[derive(Default)]
pub(super) struct Room {
    here: BTreeMap<MemberId, Person>,
    /// Everyone, as the last frames had them.
    said: BTreeMap<MemberId, Present>,
    /// Of whom there may be something new to say.
    touched: BTreeSet<MemberId>,
    /// Somebody among them left for good.
    urgent: bool,
    last: Option<Instant>,
    typing: Typing,
}

struct Person {
    present: Present,
    tabs: BTreeMap<ConnectionId, Tab>,
}

struct Tab {
    away: bool,
    /// Closed, and only counted until then: perhaps it is being loaded anew.
    until: Option<Instant>,
}

impl Room {
    pub(super) fn enter(&mut self, member: Member, connection: ConnectionId, away: bool) {
        let id = member.id;
        if !self.here.contains_key(&id) {
            // Who asked in between was told of a room without them.
            self.said.remove(&id);
        }
        let new =
            || Person { present: Present { member: member.clone(), away }, tabs: BTreeMap::new() };
        let person = self.here.entry(id).or_insert_with(new);
        person.tabs.insert(connection, Tab { away, until: None });
        person.present.member = member;
        person.settle();
        self.touched.insert(id);
    }

    /// The last tab to go takes its person with it, at `until`.
    pub(super) fn leave(&mut self, member: MemberId, connection: ConnectionId, until: Instant) {
        let tab = self.here.get_mut(&member).and_then(|person| person.tabs.get_mut(&connection));
        if let Some(tab) = tab {
            tab.until = Some(until);
        }
    }

    /// For good and at once. Returns the connections they had.
    pub(super) fn remove(&mut self, member: MemberId) -> Vec<ConnectionId> {
        self.urgent = true;
        self.drop(member).map(|person| person.tabs.into_keys().collect()).unwrap_or_default()
    }

    fn drop(&mut self, member: MemberId) -> Option<Person> {
        self.touched.insert(member);
        self.typing.stop(member);
        self.here.remove(&member)
    }

    pub(super) fn rename(&mut self, member: Member) {
        if let Some(person) = self.here.get_mut(&member.id) {
            self.touched.insert(member.id);
            person.present.member = member;
        }
    }

    pub(super) fn away(&mut self, member: MemberId, connection: ConnectionId, away: bool) {
        let Some(person) = self.here.get_mut(&member) else { return };
        if let Some(tab) = person.tabs.get_mut(&connection) {
            tab.away = away;
            person.settle();
            self.touched.insert(member);
        }
    }

    /// Says whether such a person is here.
    pub(super) fn typing(&mut self, member: MemberId, on: bool, now: Instant) -> bool {
        if on && self.here.contains_key(&member) {
            self.typing.start(member, now);
        } else {
            self.typing.stop(member);
        }
        self.here.contains_key(&member)
    }

    /// One page, from the beginning or from behind somebody.
    pub(super) fn here(&self, me: Option<MemberId>, after: Option<MemberId>) -> Here {
        let mut people: Vec<&Present> = self.here.values().map(|person| &person.present).collect();
        people.sort_by_key(|one| one.place(me));
        let start = after.map_or(0, |after| {
            let known = self.here.get(&after).map(|person| person.present.place(me));
            // Who is gone by now stood among the others, most likely.
            let place = known.unwrap_or((true, true, after));
            people.partition_point(|one| one.place(me) <= place)
        });
        let people = people.into_iter().skip(start).take(SHOWN).cloned().collect();
        let (total, away) = self.counts();
        Here { total, away, people }
    }

    /// When `due` has something to do.
    pub(super) fn next(&self, now: Instant) -> Option<Instant> {
        let tabs = self.here.values().flat_map(|person| person.tabs.values());
        let grace = tabs.filter_map(|tab| tab.until).min();
        self.say(now).into_iter().chain(grace).chain(self.typing.next(now)).min()
    }

    /// When the next frame about who is here goes out.
    fn say(&self, now: Instant) -> Option<Instant> {
        let urgent = self.urgent && !self.is_crowd();
        let quiet = if urgent { QUIET_LEFT } else { QUIET };
        (!self.touched.is_empty()).then(|| self.last.map_or(now, |last| last + quiet))
    }

    /// Lets those go whose grace is over, and says what changed since it was last said.
    pub(super) fn due(&mut self, room: RoomId, now: Instant) -> Vec<Event> {
        self.let_go(now);
        let moved = self.say(now).filter(|at| *at <= now).and_then(|_| self.moved(room));
        if moved.is_some() {
            self.last = Some(now);
        }
        let typing = self.typing.due(now).map(|who| {
            let member = |id| self.here.get(id).map(|person| person.present.member.clone());
            Event::Typing(protocol::Typing { room, who: who.iter().filter_map(member).collect() })
        });
        moved.map(Event::Presence).into_iter().chain(typing).collect()
    }

    fn let_go(&mut self, now: Instant) {
        let is_over = |tab: &Tab| tab.until.is_some_and(|until| until <= now);
        let mut gone = Vec::new();
        for (id, person) in &mut self.here {
            let tabs = person.tabs.len();
            person.tabs.retain(|_, tab| !is_over(tab));
            if person.tabs.is_empty() {
                gone.push(*id);
            } else if person.tabs.len() < tabs {
                // The others may have been away all the while.
                person.settle();
                self.touched.insert(*id);
            }
        }
        for member in gone {
            self.drop(member);
        }
    }

    fn moved(&mut self, room: RoomId) -> Option<Presence> {
        self.urgent = false;
        let (mut came, mut changed, mut went) = (Vec::new(), Vec::new(), Vec::new());
        for id in std::mem::take(&mut self.touched) {
            let present = self.here.get(&id).map(|person| person.present.clone());
            let said = match &present {
                Some(present) => self.said.insert(id, present.clone()),
                None => self.said.remove(&id),
            };
            match (said, present) {
                (Some(said), Some(present)) if said == present => {}
                (Some(_), Some(present)) => changed.push(present),
                (None, Some(present)) => came.push(present),
                (Some(said), None) => went.push(said.member),
                (None, None) => {}
            }
        }
        if came.is_empty() && changed.is_empty() && went.is_empty() {
            return None;
        }
        let (total, away) = self.counts();
        Some(if self.is_crowd() {
            Presence::Counted { room, total, away }
        } else {
            Presence::Moved { room, total, away, came, changed, went }
        })
    }

    /// Nobody is here and everybody knows it.
    pub(super) fn is_over(&self) -> bool {
        self.here.is_empty() && self.touched.is_empty() && self.typing.is_over()
    }

    fn is_crowd(&self) -> bool {
        self.here.len() > CROWD
    }

    /// How many are here, and how many of them are away.
    fn counts(&self) -> (u32, u32) {
        let away = self.here.values().filter(|person| person.present.away).count();
        let count = |people| u32::try_from(people).unwrap_or(u32::MAX);
        (count(self.here.len()), count(away))
    }
}

impl Person {
    /// Away is who is away in every tab.
    fn settle(&mut self) {
        self.present.away = self.tabs.values().all(|tab| tab.away);
    }
}
