//! Stories of people who come and go, by the clock that the story sets.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::time::Duration;

use protocol::{Member, MemberId, PersonName, Presence as Said, Role, RoomId};
use tokio::time::{Instant, advance};

use super::*;

const ROOM: RoomId = RoomId(7);

fn member(id: u32) -> Member {
    let name = PersonName::parse(&format!("Guest {id}")).unwrap();
    Member { id: MemberId(id), name, role: Role::Member, rev: 0 }
}

fn tab(id: u64) -> ConnectionId {
    ConnectionId(id)
}

/// What the room hears now: how many are here, who came, who went.
fn heard(presence: &Presence) -> Vec<(u32, Vec<u32>, Vec<u32>)> {
    let due = presence.due(Instant::now()).into_iter().map(|(_, said)| match said {
        Said::Moved { total, came, went, .. } => {
            let came = came.iter().map(|member| member.id.0).collect();
            (total, came, went.iter().map(|id| id.0).collect())
        }
        Said::All { .. } => panic!("only an answer says all"),
    });
    due.collect()
}

async fn later(seconds: f32) {
    advance(Duration::from_secs_f32(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn the_first_is_seen_at_once_and_the_next_ones_together_a_second_later() {
    let presence = Presence::default();
    presence.enter(ROOM, member(1), tab(1));
    assert_eq!(heard(&presence), [(1, vec![1], vec![])]);
    presence.enter(ROOM, member(2), tab(2));
    presence.enter(ROOM, member(3), tab(3));
    later(0.5).await;
    assert!(heard(&presence).is_empty());
    later(0.5).await;
    assert_eq!(heard(&presence), [(3, vec![2, 3], vec![])]);
    assert_eq!(presence.next(), None);
}

#[tokio::test(start_paused = true)]
async fn two_tabs_are_one_person_who_goes_with_the_last_one() {
    let presence = Presence::default();
    presence.enter(ROOM, member(1), tab(1));
    heard(&presence);
    presence.enter(ROOM, member(1), tab(2));
    presence.gone(tab(1), Going::Softly);
    later(60.0).await;
    assert!(heard(&presence).is_empty());
    assert_eq!(presence.here(ROOM, None).total, 1);
    presence.gone(tab(2), Going::Softly);
    later(5.0).await;
    assert_eq!(heard(&presence), [(0, vec![], vec![1])]);
    assert!(presence.rooms().of.is_empty() && presence.rooms().connections.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_reload_shows_nothing() {
    let presence = Presence::default();
    presence.enter(ROOM, member(1), tab(1));
    heard(&presence);
    presence.gone(tab(1), Going::Softly);
    later(4.9).await;
    assert_eq!(presence.here(ROOM, None).total, 1);
    presence.enter(ROOM, member(1), tab(2));
    later(60.0).await;
    assert!(heard(&presence).is_empty());
    assert_eq!(presence.here(ROOM, None).total, 1);
}

#[tokio::test(start_paused = true)]
async fn leaving_the_room_is_seen_within_a_second_whatever_was_said_just_before() {
    let presence = Presence::default();
    for id in [1, 2] {
        presence.enter(ROOM, member(id), tab(id.into()));
    }
    presence.enter(ROOM, member(2), tab(3));
    heard(&presence);
    presence.remove(ROOM, MemberId(2));
    later(0.25).await;
    assert_eq!(heard(&presence), [(1, vec![], vec![2])]);
    // Their connections are closed later, and nobody hears of it.
    presence.gone(tab(2), Going::Softly);
    presence.gone(tab(3), Going::Softly);
    later(60.0).await;
    assert!(heard(&presence).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_line_that_was_silent_for_long_gets_no_grace() {
    let presence = Presence::default();
    presence.enter(ROOM, member(1), tab(1));
    heard(&presence);
    later(2.0).await;
    presence.gone(tab(1), Going::AtOnce);
    assert_eq!(heard(&presence), [(0, vec![], vec![1])]);
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_and_goes_between_two_frames_is_not_mentioned() {
    let presence = Presence::default();
    presence.enter(ROOM, member(1), tab(1));
    heard(&presence);
    presence.enter(ROOM, member(2), tab(2));
    presence.leave(ROOM, tab(2), Going::AtOnce);
    later(5.0).await;
    assert!(heard(&presence).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_new_name_is_seen() {
    let presence = Presence::default();
    presence.enter(ROOM, member(1), tab(1));
    heard(&presence);
    later(2.0).await;
    let renamed = Member { name: PersonName::parse("Zoe").unwrap(), ..member(1) };
    presence.rename(ROOM, renamed.clone());
    presence.rename(ROOM, member(9));
    assert_eq!(heard(&presence), [(1, vec![1], vec![])]);
    assert_eq!(presence.here(ROOM, None).people, [renamed]);
}

#[tokio::test(start_paused = true)]
async fn of_many_people_me_the_hosts_and_the_first_are_shown_and_newcomers_only_counted() {
    let presence = Presence::default();
    for id in 1..=300 {
        let role = if id == 299 { Role::Host } else { Role::Member };
        presence.enter(ROOM, Member { role, ..member(id) }, tab(id.into()));
    }
    let here = presence.here(ROOM, Some(MemberId(300)));
    assert_eq!((here.total, here.people.len()), (300, 50));
    let first: Vec<u32> = here.people.iter().take(4).map(|member| member.id.0).collect();
    assert_eq!(first, [300, 299, 1, 2]);
    assert_eq!(heard(&presence), [(300, vec![], vec![])]);
    presence.remove(ROOM, MemberId(1));
    later(1.0).await;
    assert_eq!(heard(&presence), [(299, vec![], vec![1])]);
}

#[tokio::test(start_paused = true)]
async fn rooms_do_not_hear_of_each_other() {
    let presence = Presence::default();
    presence.enter(ROOM, member(1), tab(1));
    presence.enter(RoomId(8), member(5), tab(1));
    let rooms: Vec<RoomId> = presence.due(Instant::now()).iter().map(|(room, _)| *room).collect();
    assert_eq!(rooms, [ROOM, RoomId(8)]);
    presence.leave(ROOM, tab(1), Going::AtOnce);
    assert_eq!(presence.here(ROOM, None).total, 1);
    later(1.0).await;
    assert_eq!(heard(&presence), [(0, vec![], vec![1])]);
    assert_eq!(presence.here(RoomId(8), None).total, 1);
}
