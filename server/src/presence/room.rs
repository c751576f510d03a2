//! Who is in one room, and what of it was not said yet. Pure: time is an argument.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
    time::Duration,
};

use delivery::{Attention, ConnectionId};
use protocol::{Event, Here, Member, MemberId, Presence, Present, RoomId};
use tokio::time::Instant;

use super::{tabs::Tabs, typing::Typing};

/// Between two frames about one room; and when somebody left, whom nobody should still see.
const QUIET: Duration = Duration::from_secs(1);
const QUIET_LEFT: Duration = Duration::from_millis(250);
/// And to those who look at another room.
const QUIET_ELSEWHERE: Duration = Duration::from_secs(10);
/// Up to so many people are named, in a room and in a frame; more are only counted.
const CROWD: usize = 200;
/// People on a page.
const SHOWN: usize = 50;

#[derive(Default)]
pub(super) struct Room {
    here: BTreeMap<MemberId, Person>,
    /// Of everyone who is here, by `Present::place` for a stranger: nobody who comes waits while all of
    /// a crowd are counted and sorted.
    places: BTreeSet<(bool, bool, MemberId)>,
    away: usize,
    /// Tabs that were closed, by the end of their grace. Some came back since.
    closing: BTreeSet<(Instant, MemberId, ConnectionId)>,
    /// Everyone, as the last frames had them.
    said: BTreeMap<MemberId, Present>,
    /// Of whom there may be something new to say.
    touched: BTreeSet<MemberId>,
    /// Somebody among them left for good.
    urgent: bool,
    last: Option<Instant>,
    /// How many are here, as those heard last who look at another room, and when.
    counted: Option<(Instant, (u32, u32))>,
    typing: Typing,
}

struct Person {
    present: Present,
    tabs: Tabs,
}

impl Person {
    /// What was asked for at the same time may come in another order.
    fn is_now(&mut self, member: Member) {
        if self.present.member.rev <= member.rev {
            self.present.member = member;
        }
    }
}

impl Room {
    pub(super) fn enter(&mut self, member: Member, connection: ConnectionId, away: bool) {
        let id = member.id;
        if !self.here.contains_key(&id) {
            // Who asked in between was told of a room without them.
            self.said.remove(&id);
            let present = Present { member: member.clone(), away };
            self.places.insert(present.place(None));
            self.away += usize::from(away);
            self.here.insert(id, Person { present, tabs: Tabs::default() });
        }
        self.change(id, |person| {
            person.tabs.insert(connection, away);
            person.is_now(member);
        });
    }

    /// The last tab to go takes its person with it, at `until`.
    pub(super) fn leave(&mut self, member: MemberId, connection: ConnectionId, until: Instant) {
        let tab = self.here.get_mut(&member).and_then(|person| person.tabs.get_mut(connection));
        if let Some(tab) = tab {
            tab.until = Some(until);
            self.closing.insert((until, member, connection));
        }
    }

    /// For good and at once. Returns the connections they had.
    pub(super) fn remove(&mut self, member: MemberId) -> Vec<ConnectionId> {
        self.urgent = true;
        self.drop(member).map(|person| person.tabs.ids()).unwrap_or_default()
    }

    fn drop(&mut self, member: MemberId) -> Option<Person> {
        self.touched.insert(member);
        self.typing.stop(member);
        let gone = self.here.remove(&member)?;
        self.places.remove(&gone.present.place(None));
        self.away -= usize::from(gone.present.away);
        Some(gone)
    }

    fn change(&mut self, id: MemberId, change: impl FnOnce(&mut Person)) {
        let Some(person) = self.here.get_mut(&id) else { return };
        self.places.remove(&person.present.place(None));
        self.away -= usize::from(person.present.away);
        change(person);
        // Away is who is away in every tab.
        person.present.away = person.tabs.are_away();
        self.places.insert(person.present.place(None));
        self.away += usize::from(person.present.away);
        self.touched.insert(id);
    }

    pub(super) fn rename(&mut self, member: Member) {
        self.change(member.id, |person| person.is_now(member));
    }

    pub(super) fn away(&mut self, member: MemberId, connection: ConnectionId, away: bool) {
        self.change(member, |person| {
            if let Some(tab) = person.tabs.get_mut(connection) {
                tab.away = away;
            }
        });
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
        let first = me.filter(|_| after.is_none());
        // Everyone else stands behind me.
        let behind = after.filter(|after| Some(*after) != me).map_or(Bound::Unbounded, |after| {
            let known = self.here.get(&after).map(|person| person.present.place(None));
            // Who is gone by now stood among the others, most likely.
            Bound::Excluded(known.unwrap_or((true, true, after)))
        });
        let others = self.places.range((behind, Bound::Unbounded)).map(|(.., id)| *id);
        let ids = first.into_iter().chain(others.filter(|id| Some(*id) != me));
        let people = ids.filter_map(|id| self.here.get(&id)).map(|person| person.present.clone());
        let (total, away) = self.counts();
        Here { total, away, people: people.take(SHOWN).collect() }
    }

    /// When `due` has something to do.
    pub(super) fn next(&self, now: Instant) -> Option<Instant> {
        let grace = self.closing.first().map(|(until, ..)| *until);
        let often = self.say(now).into_iter().chain(grace).chain(self.typing.next(now));
        often.chain(self.say_elsewhere(now)).min()
    }

    /// When the next frame about who is here goes out.
    fn say(&self, now: Instant) -> Option<Instant> {
        let urgent = self.urgent && !self.is_crowd();
        let quiet = if urgent { QUIET_LEFT } else { QUIET };
        (!self.touched.is_empty()).then(|| self.last.map_or(now, |last| last + quiet))
    }

    /// When it goes out to those who look at another room how many are here.
    fn say_elsewhere(&self, now: Instant) -> Option<Instant> {
        match self.counted {
            Some((last, said)) => (said != self.counts()).then_some(last + QUIET_ELSEWHERE),
            None => (!self.is_empty()).then_some(now),
        }
    }

    /// Lets those go whose grace is over, and says what changed since it was last said.
    pub(super) fn due(&mut self, room: RoomId, now: Instant) -> Vec<(Attention, Event)> {
        self.let_go(now);
        let moved = self.say(now).filter(|at| *at <= now).and_then(|_| self.moved(room));
        if moved.is_some() {
            self.last = Some(now);
        }
        let typing = self.typing.due(now).map(|who| {
            let member = |id| self.here.get(id).map(|person| person.present.member.clone());
            Event::Typing(protocol::Typing { room, who: who.iter().filter_map(member).collect() })
        });
        let here = moved.map(Event::Presence).into_iter().chain(typing);
        let here = here.map(|event| (Attention::Full, event));
        let elsewhere = self.say_elsewhere(now).filter(|at| *at <= now).map(|_| {
            self.counted = Some((now, self.counts()));
            (Attention::Partial, Event::Presence(self.count(room)))
        });
        here.chain(elsewhere).collect()
    }

    fn count(&self, room: RoomId) -> Presence {
        let (total, away) = self.counts();
        Presence::Counted { room, total, away }
    }

    fn let_go(&mut self, now: Instant) {
        while self.closing.first().is_some_and(|(until, ..)| *until <= now) {
            let Some((until, member, connection)) = self.closing.pop_first() else { break };
            let Some(person) = self.here.get(&member) else { continue };
            if person.tabs.get(connection).is_none_or(|tab| tab.until != Some(until)) {
                continue;
            }
            if person.tabs.len() == 1 {
                self.drop(member);
            } else {
                self.change(member, |person| {
                    person.tabs.remove(connection);
                });
            }
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
        // Of a crowd that goes at once, few may be left.
        if self.is_crowd() || came.len() + changed.len() + went.len() > CROWD {
            return Some(self.count(room));
        }
        let (total, away) = self.counts();
        Some(Presence::Moved { room, total, away, came, changed, went })
    }

    /// Nobody is here and everybody knows it.
    pub(super) fn is_over(&self) -> bool {
        let is_known = self.counted.is_none_or(|(_, said)| said == self.counts());
        self.here.is_empty() && self.touched.is_empty() && self.typing.is_over() && is_known
    }

    pub(super) fn is_empty(&self) -> bool {
        self.here.is_empty()
    }

    pub(super) fn members(&self) -> Vec<MemberId> {
        self.here.keys().copied().collect()
    }

    pub(super) fn total(&self) -> u32 {
        self.counts().0
    }

    fn is_crowd(&self) -> bool {
        self.here.len() > CROWD
    }

    /// How many are here, and how many of them are away.
    fn counts(&self) -> (u32, u32) {
        let count = |people| u32::try_from(people).unwrap_or(u32::MAX);
        (count(self.here.len()), count(self.away))
    }
}
