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

fn called(id: u32, name: &str, rev: u64) -> Member {
    Member { name: PersonName::parse(name).unwrap(), rev, ..member(id) }
}

fn tab(id: u64) -> ConnectionId {
    ConnectionId(id)
}

mod crowd;
mod typing;

/// What is said now to those who look at a room, or at another one.
fn due(presence: &Presence, whom: Attention) -> impl Iterator<Item = Event> {
    let due = presence.due(Instant::now()).into_iter();
    due.filter(move |(_, to, _)| *to == whom).map(|(.., event)| event)
}

/// What is said of who is here now.
fn said(presence: &Presence) -> impl Iterator<Item = Said> {
    due(presence, Attention::Full).map(|event| {
        let Event::Presence(said) = event else { panic!("{event:?}") };
        said
    })
}

/// What the room hears now: how many are here, who came, who went.
fn heard(presence: &Presence) -> Vec<(u32, Vec<u32>, Vec<u32>)> {
    let due = said(presence).map(|said| match said {
        Said::Moved { total, came, went, .. } => {
            let came = came.iter().map(|one| one.member.id.0).collect();
            (total, came, went.iter().map(|member| member.id.0).collect())
        }
        Said::Counted { total, .. } => (total, vec![], vec![]),
        Said::All { .. } => panic!("only an answer says all"),
    });
    due.collect()
}

async fn later(seconds: f64) {
    advance(Duration::from_secs_f64(seconds)).await;
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
    later(60.0).await;
    assert!(heard(&presence).is_empty());
    assert_eq!(presence.next(), None);
}

#[tokio::test(start_paused = true)]
async fn who_looks_at_another_room_hears_how_many_are_here_every_ten_seconds() {
    let presence = Presence::default();
    let counted = |total| Event::Presence(Said::Counted { room: ROOM, total, away: 0 });
    let mut said = Vec::new();
    for tenth in 0_u32..300 {
        if tenth < 150 {
            presence.enter(ROOM, member(tenth), tab(tenth.into()));
            presence.typing(ROOM, tab(tenth.into()), true);
        }
        let now = presence.due(Instant::now());
        let elsewhere = now.into_iter().filter(|(_, whom, _)| *whom == Attention::Partial);
        said.extend(elsewhere.map(|(.., event)| (tenth, event)));
        later(0.1).await;
    }
    assert_eq!(said, [(0, counted(1)), (100, counted(101)), (200, counted(150))]);
    assert_eq!(presence.next(), None);
    // The last one is told of too, before the room is forgotten.
    (0..150).for_each(|id| presence.gone(tab(id), Going::AtOnce));
    assert_eq!(due(&presence, Attention::Partial).collect::<Vec<_>>(), [counted(0)]);
    assert!(presence.rooms().of.is_empty());
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
    assert!(presence.rooms().of.is_empty() && presence.rooms().tabs.is_empty());
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
async fn of_two_names_the_newer_stays_in_whatever_order_they_come() {
    let presence = Presence::default();
    presence.enter(ROOM, member(1), tab(1));
    presence.rename(ROOM, called(1, "Newer", 3));
    presence.rename(ROOM, called(1, "Older", 2));
    // Read before both.
    presence.enter(ROOM, member(1), tab(2));
    let here = presence.here(ROOM, None).people;
    assert_eq!(here.iter().map(|one| one.member.name.as_str()).collect::<Vec<_>>(), ["Newer"]);
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

/// Who changed, and whether they are away.
fn changed(presence: &Presence) -> Vec<(String, bool)> {
    let due = said(presence).flat_map(|said| {
        let Said::Moved { changed, came, went, .. } = said else { panic!("{said:?}") };
        assert!(came.is_empty() && went.is_empty(), "{came:?} {went:?}");
        changed
    });
    due.map(|one| (one.member.name.into(), one.away)).collect()
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
    assert_eq!(changed(&presence), [("Zoe".into(), false)]);
    assert_eq!(presence.here(ROOM, None).people[0].member, renamed);
}

#[tokio::test(start_paused = true)]
async fn away_is_who_is_away_in_every_tab_and_back_is_who_looks_at_one() {
    let presence = Presence::default();
    presence.enter(ROOM, member(1), tab(1));
    presence.enter(ROOM, member(1), tab(2));
    heard(&presence);
    later(2.0).await;
    presence.away(tab(1), true);
    assert!(changed(&presence).is_empty());
    presence.away(tab(2), true);
    assert_eq!(changed(&presence), [("Guest 1".into(), true)]);
    let here = presence.here(ROOM, None);
    assert_eq!((here.total, here.away, here.people[0].away), (1, 1, true));
    later(2.0).await;
    presence.away(tab(1), false);
    assert_eq!(changed(&presence), [("Guest 1".into(), false)]);
    assert_eq!(presence.here(ROOM, None).away, 0);
}

#[tokio::test(start_paused = true)]
async fn with_the_last_tab_that_was_looked_at_one_is_away_but_not_while_it_is_loaded_anew() {
    let presence = Presence::default();
    for id in [1, 2] {
        presence.enter(ROOM, member(1), tab(id));
    }
    presence.away(tab(1), true);
    heard(&presence);
    presence.gone(tab(2), Going::Softly);
    later(4.9).await;
    presence.enter(ROOM, member(1), tab(3));
    later(60.0).await;
    assert!(changed(&presence).is_empty());
    presence.gone(tab(3), Going::Softly);
    later(5.0).await;
    assert_eq!(changed(&presence), [("Guest 1".into(), true)]);
}

#[tokio::test(start_paused = true)]
async fn a_tab_that_comes_back_and_is_still_not_looked_at_is_away_from_the_start() {
    let presence = Presence::default();
    presence.away(tab(1), true);
    presence.enter(ROOM, member(1), tab(1));
    assert!(presence.here(ROOM, None).people[0].away);
    // Leaving one room does not make it forget.
    presence.leave(ROOM, tab(1), Going::AtOnce);
    presence.enter(RoomId(8), member(1), tab(1));
    assert!(presence.here(RoomId(8), None).people[0].away);
    presence.gone(tab(1), Going::AtOnce);
    later(5.0).await;
    presence.due(Instant::now());
    assert!(presence.rooms().of.is_empty() && presence.rooms().tabs.is_empty());
}

#[tokio::test(start_paused = true)]
async fn rooms_do_not_hear_of_each_other() {
    let presence = Presence::default();
    presence.enter(ROOM, member(1), tab(1));
    presence.enter(RoomId(8), member(5), tab(1));
    let due = presence.due(Instant::now());
    let named = due.iter().filter(|(_, whom, _)| *whom == Attention::Full);
    let rooms: Vec<RoomId> = named.map(|(room, ..)| *room).collect();
    assert_eq!(rooms, [ROOM, RoomId(8)]);
    presence.leave(ROOM, tab(1), Going::AtOnce);
    assert_eq!(presence.here(ROOM, None).total, 1);
    later(1.0).await;
    assert_eq!(heard(&presence), [(0, vec![], vec![1])]);
    assert_eq!(presence.here(RoomId(8), None).total, 1);
}
