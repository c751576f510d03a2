//! Who is in one room, and what of it was not said yet. Pure: time is an argument.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use protocol::{Here, Member, MemberId, Presence, Role, RoomId};
use tokio::time::Instant;

use crate::hub::ConnectionId;

/// Between two frames about one room; and when somebody left, whom nobody should still see.
const QUIET: Duration = Duration::from_secs(1);
const QUIET_LEFT: Duration = Duration::from_millis(250);
/// People whom a frame names; beyond, who came is only counted.
const CROWD: usize = 200;
/// People whom a newcomer is shown.
const SHOWN: usize = 50;

#[derive(Default)]
pub(super) struct Room {
    here: BTreeMap<MemberId, Person>,
    /// Counts arrivals.
    arrivals: u64,
    /// Whom the last frames named, as they were then.
    said: BTreeMap<MemberId, Member>,
    /// Of whom there may be something new to say.
    touched: BTreeSet<MemberId>,
    /// Somebody among them left for good.
    urgent: bool,
    last: Option<Instant>,
}

struct Person {
    member: Member,
    connections: BTreeSet<ConnectionId>,
    arrival: u64,
    /// When they are gone, unless they come back.
    until: Option<Instant>,
}

impl Room {
    pub(super) fn enter(&mut self, member: Member, connection: ConnectionId) {
        if !self.here.contains_key(&member.id) {
            // Who asked in between was told of a room without them.
            self.said.remove(&member.id);
        }
        self.touched.insert(member.id);
        self.arrivals += 1;
        let arrival = self.arrivals;
        let new = || Person {
            member: member.clone(),
            connections: BTreeSet::new(),
            arrival,
            until: None,
        };
        let person = self.here.entry(member.id).or_insert_with(new);
        person.connections.insert(connection);
        person.until = None;
        person.member = member;
    }

    /// The last connection to go takes its person with it, at `until`.
    pub(super) fn leave(&mut self, connection: ConnectionId, until: Instant) {
        for person in self.here.values_mut() {
            if person.connections.remove(&connection) && person.connections.is_empty() {
                person.until = Some(until);
            }
        }
    }

    /// For good and at once. Returns the connections they had.
    pub(super) fn remove(&mut self, member: MemberId) -> BTreeSet<ConnectionId> {
        self.urgent = true;
        self.drop(member).map(|person| person.connections).unwrap_or_default()
    }

    fn drop(&mut self, member: MemberId) -> Option<Person> {
        self.touched.insert(member);
        self.here.remove(&member)
    }

    pub(super) fn rename(&mut self, member: Member) {
        if let Some(person) = self.here.get_mut(&member.id) {
            self.touched.insert(member.id);
            person.member = member;
        }
    }

    pub(super) fn here(&self, me: Option<MemberId>) -> Here {
        let mut people: Vec<&Person> = self.here.values().collect();
        people.sort_by_key(|person| {
            let member = &person.member;
            (Some(member.id) != me, member.role != Role::Host, person.arrival)
        });
        let people = people.into_iter().take(SHOWN).map(|person| person.member.clone()).collect();
        Here { total: self.total(), people }
    }

    /// When `due` has something to do.
    pub(super) fn next(&self, now: Instant) -> Option<Instant> {
        let quiet = if self.urgent { QUIET_LEFT } else { QUIET };
        let say = (!self.touched.is_empty()).then(|| self.last.map_or(now, |last| last + quiet));
        let grace = self.here.values().filter_map(|person| person.until).min();
        say.into_iter().chain(grace).min()
    }

    /// Lets those go whose grace is over, and says what changed since it was last said.
    pub(super) fn due(&mut self, room: RoomId, now: Instant) -> Option<Presence> {
        let over = |person: &Person| person.until.is_some_and(|until| until <= now);
        let gone: Vec<MemberId> =
            self.here.values().filter(|p| over(p)).map(|p| p.member.id).collect();
        for member in gone {
            self.drop(member);
        }
        if self.touched.is_empty() || self.next(now).is_some_and(|at| at > now) {
            return None;
        }
        self.urgent = false;
        let (mut came, mut went) = (Vec::new(), Vec::new());
        for id in std::mem::take(&mut self.touched) {
            match (self.said.get(&id), self.here.get(&id)) {
                (Some(said), Some(person)) if *said == person.member => {}
                (_, Some(person)) => {
                    self.said.insert(id, person.member.clone());
                    came.push(person.member.clone());
                }
                (Some(_), None) => {
                    self.said.remove(&id);
                    went.push(id);
                }
                (None, None) => {}
            }
        }
        if came.is_empty() && went.is_empty() {
            return None;
        }
        self.last = Some(now);
        if self.here.len() > CROWD {
            came.clear();
        }
        Some(Presence::Moved { room, total: self.total(), came, went })
    }

    /// Nobody is here and everybody knows it.
    pub(super) fn is_over(&self) -> bool {
        self.here.is_empty() && self.touched.is_empty()
    }

    fn total(&self) -> u32 {
        u32::try_from(self.here.len()).unwrap_or(u32::MAX)
    }
}
