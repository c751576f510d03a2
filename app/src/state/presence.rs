//! Who is here and who is typing, as the server says it.

use leptos::prelude::*;
use protocol::{Here, Member, MemberId, Presence, Present, Value, WhoAmI};

use super::{RoomState, Scene};

impl RoomState {
    pub fn presence(self, presence: Presence) {
        match presence {
            Presence::All { here, .. } => self.show_people(here),
            Presence::Counted { total, away, .. } => {
                self.scene.update(|scene| (scene.here.total, scene.here.away) = (total, away));
            }
            Presence::Moved { total, away, came, changed, went, .. } => {
                self.note(&came, &went);
                self.scene.update(|scene| {
                    let me = scene.me();
                    let here = &mut scene.here;
                    let complete = here.is_complete();
                    here.people.retain(|one| !went.iter().any(|gone| gone.id == one.member.id));
                    for one in came.into_iter().chain(changed) {
                        put(&mut here.people, one, me, complete);
                    }
                    (here.total, here.away) = (total, away);
                });
            }
        }
        self.log.update_value(|log| log.lines.told());
        self.follow_people();
    }

    pub fn show_people(self, here: Here) {
        self.scene.update(|scene| scene.here = here);
        self.follow_people();
    }

    /// A page of the log names its authors only: who wrote nothing has their new name from here.
    fn follow_people(self) {
        let me = self.scene.with_untracked(|scene| scene.newer_me().cloned());
        if let Some(me) = me {
            self.scene.update(|scene| scene.me = WhoAmI::Member(me));
            // What waits says whose it is.
            self.refresh_soon();
        }
        self.follow_news();
    }

    /// How many of them are listed.
    pub fn people_listed(self) -> usize {
        self.scene.with_untracked(|scene| scene.here.people.len())
    }

    /// Who is typing now.
    pub fn set_typing(self, mut who: Vec<Member>) {
        let me = self.scene.with_untracked(Scene::me);
        who.retain(|one| Some(one.id) != me);
        if self.scene.with_untracked(|scene| scene.typing != who) {
            self.scene.update(|scene| scene.typing = who);
        }
    }

    /// Whose message is here has written it.
    pub(super) fn has_written(self, values: &[Value]) {
        let wrote = |one: &Member| {
            values.iter().any(|value| match value {
                Value::Message(message) => message.author == one.id,
                Value::Member(_) | Value::Room(_) | Value::Membership(_) | Value::Item(_) => false,
            })
        };
        if self.scene.with_untracked(|scene| scene.typing.iter().any(wrote)) {
            self.scene.update(|scene| scene.typing.retain(|one| !wrote(one)));
        }
    }

    /// Whose first words come before the word that they are here: that is told at most once a second. Of a list
    /// that goes on elsewhere nobody knows who is not on it.
    pub(super) fn speak_early(self, values: &[Value]) {
        self.scene.with_untracked(|scene| {
            if !scene.here.is_complete() {
                return;
            }
            self.log.update_value(|log| {
                let mut newest = log.confirmed.messages().next_back().map(|one| one.id);
                for value in values {
                    let Value::Message(said) = value else { continue };
                    if said.seq <= log.confirmed.head() {
                        continue;
                    }
                    if !scene.lists(said.author) {
                        log.lines.speaks(newest, said.author);
                    }
                    newest = Some(said.id);
                }
            });
        });
    }

    /// Draws a line of those who came and went: others, and whom this page did not know to be here.
    /// It stands after the newest message, but before what they said themselves; where that is not drawn,
    /// there is no place for it.
    fn note(self, came: &[Present], went: &[Member]) {
        if self.scene.with_untracked(|scene| scene.part.newer.is_some()) {
            return;
        }
        // Up to the newest that is here.
        self.refresh();
        let shown: Vec<_> =
            self.rows.with_untracked(|rows| rows.iter().map(|row| row.id).collect());
        let newest = shown.last().copied();
        self.scene.update(|scene| {
            self.log.update_value(|log| {
                log.lines.keep(|id| shown.contains(&id));
                let is_drawn = |at: &Option<_>| at.is_none_or(|id| shown.contains(&id));
                for Present { member, .. } in came {
                    if Some(member.id) != scene.me() && !scene.lists(member.id) {
                        let before = log.lines.before(member.id).filter(is_drawn);
                        log.lines.came(before.unwrap_or(newest), member.clone());
                    }
                }
                for one in went.iter().filter(|one| Some(one.id) != scene.me()) {
                    log.lines.went(newest, one.clone());
                }
                scene.line = log.lines.after(None, self.words);
            });
        });
        self.refresh();
    }
}

impl Scene {
    /// The reader, if they are a member.
    pub(crate) fn me(&self) -> Option<MemberId> {
        self.member().map(|me| me.id)
    }

    /// Whether they are among those of whom the page was told that they are here.
    fn lists(&self, member: MemberId) -> bool {
        self.here.people.iter().any(|one| one.member.id == member)
    }

    /// The reader as they are listed, if that is news.
    fn newer_me(&self) -> Option<&Member> {
        let me = self.member()?;
        let mut people = self.here.people.iter().map(|one| &one.member);
        people.find(|one| one.id == me.id && one.rev > me.rev)
    }

    pub(crate) fn member(&self) -> Option<&Member> {
        match &self.me {
            WhoAmI::Member(me) => Some(me),
            WhoAmI::Visitor { .. } => None,
        }
    }
}

/// What is listed is the beginning of all who are here, in the server's order and without a hole:
/// whoever stands behind the last one is on a page that was not asked for yet. Who is a host now, or none any
/// more, stands elsewhere than before.
fn put(people: &mut Vec<Present>, one: Present, me: Option<MemberId>, complete: bool) {
    let before = people.iter().position(|other| other.member.id == one.member.id);
    if let Some(before) = before {
        if people[before].place(me) == one.place(me) {
            people[before] = one;
            return;
        }
        people.remove(before);
    }
    let place = people.partition_point(|other| other.place(me) < one.place(me));
    if place < people.len() || complete {
        people.insert(place, one);
    }
}

/// Those who are listed, as they are called now.
pub(super) fn follow(
    people: &mut Vec<Present>,
    newer: impl Fn(&Member) -> Option<Member>,
    me: Option<MemberId>,
    complete: bool,
) {
    let news = |one: &Present| newer(&one.member).map(|member| Present { member, ..one.clone() });
    let changed: Vec<_> = people.iter().filter_map(news).collect();
    for one in changed {
        put(people, one, me, complete);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot make its values has failed")]
mod tests {
    use protocol::{PersonName, Role};

    use super::*;

    fn present(id: u32) -> Present {
        let role = if id == 7 { Role::Host } else { Role::Member };
        let name = PersonName::parse("Ana").unwrap();
        Present { member: Member { id: MemberId(id), name, role, rev: 0 }, away: false }
    }

    #[test]
    fn the_list_stays_the_beginning_of_all_who_are_here() {
        // 5 is the reader, 7 a host.
        for (listed, complete, new, then) in [
            (&[5, 7, 1, 4][..], true, 9, &[5, 7, 1, 4, 9][..]),
            (&[5, 7, 1, 4], false, 9, &[5, 7, 1, 4]),
            (&[5, 7, 1, 4], false, 3, &[5, 7, 1, 3, 4]),
            (&[5, 7, 1, 4], false, 4, &[5, 7, 1, 4]),
            (&[5, 1, 4], false, 7, &[5, 7, 1, 4]),
            (&[7, 1, 4], false, 5, &[5, 7, 1, 4]),
            (&[], true, 4, &[4]),
        ] {
            let mut people: Vec<_> = listed.iter().copied().map(present).collect();
            put(&mut people, present(new), Some(MemberId(5)), complete);
            let ids: Vec<_> = people.iter().map(|one| one.member.id.0).collect();
            assert_eq!(ids, then, "{new} into {listed:?}");
        }
    }

    #[test]
    fn who_becomes_a_host_or_is_none_any_more_is_listed_once_in_their_new_place() {
        let host = |id| Present {
            member: Member { role: Role::Host, ..present(id).member },
            ..present(id)
        };
        let guest = |id| Present {
            member: Member { role: Role::Member, ..present(id).member },
            ..present(id)
        };
        // 5 is the reader, 7 a host.
        for (complete, new, then) in [
            (true, host(4), &[5, 4, 7, 1][..]),
            (true, host(5), &[5, 7, 1, 4]),
            (true, guest(7), &[5, 1, 4, 7]),
            (false, guest(7), &[5, 1, 4]),
        ] {
            let newer = |one: &Member| (one.id == new.member.id).then(|| new.member.clone());
            for follows in [false, true] {
                let mut people: Vec<_> = [5, 7, 1, 4].map(present).into();
                if follows {
                    follow(&mut people, newer, Some(MemberId(5)), complete);
                } else {
                    put(&mut people, new.clone(), Some(MemberId(5)), complete);
                }
                let ids: Vec<_> = people.iter().map(|one| one.member.id.0).collect();
                assert_eq!(ids, then, "{new:?}");
            }
        }
    }

    #[test]
    fn who_changed_is_in_their_place_as_they_are_now() {
        let mut people = vec![present(1), present(2)];
        put(&mut people, Present { away: true, ..present(1) }, None, true);
        assert_eq!(people.iter().map(|one| one.away).collect::<Vec<_>>(), [true, false]);
    }
}
