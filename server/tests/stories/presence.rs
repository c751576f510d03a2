//! Who is here, as others see it.

use std::time::{Duration, Instant};

use crate::client::{Person, Running};
use protocol::{Audience, Command, Event, MessageId, Presence, Reason, Refusal};

#[tokio::test]
async fn leaving_is_seen_within_a_second_and_ends_all_of_ones_tabs() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, member) = Person::join(&server, &room, "Bo").await;
    let (mut ana, _) = ana.enter(&room).await;
    let (mut tab, _) = bo.enter(&room).await;
    let (mut other_tab, _) = bo.enter(&room).await;
    assert_eq!(ana.moved().await, (1, vec!["Ana".into()], vec![]));
    assert_eq!(ana.moved().await, (2, vec!["Bo".into()], vec![]));
    let left = Instant::now();
    tab.send(Command::Leave { room: room.id }).await;
    assert_eq!(ana.moved().await, (1, vec![], vec![member.id.0]));
    assert!(left.elapsed() < Duration::from_secs(1));
    assert_eq!(tab.ended().await, Reason::Left);
    assert_eq!(other_tab.ended().await, Reason::Left);

    // Nothing of the room reaches them any more, and they may say nothing in it.
    ana.post(&room, MessageId::now(), "gone?").await;
    ana.changes().await;
    assert!(other_tab.so_far().await.is_empty());
    let n = tab.post(&room, MessageId::now(), "not quite").await;
    assert_eq!(tab.refused().await, (Some(n), Refusal::NotAMember));
    // To leave again changes nothing.
    tab.send(Command::Leave { room: room.id }).await;
    assert_eq!(tab.ended().await, Reason::Left);
}

#[tokio::test]
async fn two_tabs_are_one_person_and_a_reload_is_not_seen() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (mut ana, _) = ana.enter(&room).await;
    let (tab, log) = bo.enter(&room).await;
    let (other_tab, again) = bo.enter(&room).await;
    assert_eq!((log.here.total, again.here.total), (2, 2));
    assert_eq!(
        again.here.people.iter().map(|one| one.member.name.as_str()).collect::<Vec<_>>(),
        ["Bo", "Ana"]
    );
    drop((tab, other_tab));
    let (mut reloaded, log) = bo.enter(&room).await;
    assert_eq!(log.here.total, 2);
    // The next to come is the next that is said.
    let (cy, _) = Person::join(&server, &room, "Cy").await;
    let _cy = cy.enter(&room).await;
    let mut said = Vec::new();
    while !said.contains(&"Cy".to_owned()) {
        let (_, came, went) = ana.moved().await;
        assert!(went.is_empty(), "{went:?}");
        said.extend(came);
    }
    assert_eq!(said, ["Ana", "Bo", "Cy"]);
    let heard = reloaded.so_far().await;
    assert!(!heard.iter().any(
        |event| matches!(event, Event::Presence(Presence::Moved { went, .. }) if !went.is_empty())
    ));
}

#[tokio::test]
async fn a_closed_tab_is_seen_after_its_grace() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, member) = Person::join(&server, &room, "Bo").await;
    let (mut ana, _) = ana.enter(&room).await;
    let (tab, _) = bo.enter(&room).await;
    let closed = Instant::now();
    drop(tab);
    while ana.moved().await.2 != [member.id.0] {}
    let after = closed.elapsed();
    assert!((5..=6).contains(&after.as_secs()) && after < Duration::from_millis(6500), "{after:?}");
}

#[tokio::test]
async fn away_is_seen_within_a_second_and_so_is_coming_back() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (mut ana, _) = ana.enter(&room).await;
    let (mut bo, _) = bo.enter(&room).await;
    while !ana.moved().await.1.contains(&"Bo".into()) {}
    for away in [true, false] {
        let said = Instant::now();
        bo.send(Command::Away { away }).await;
        let seen = ana.until(|event| {
            let Event::Presence(Presence::Moved { changed, away, .. }) = event else { return None };
            changed.first().map(|one| (one.member.name.as_str().to_owned(), one.away, away))
        });
        assert_eq!(seen.await, ("Bo".into(), away, away.into()));
        assert!(said.elapsed() < Duration::from_millis(1500));
    }
}

#[tokio::test]
async fn of_several_rooms_only_the_one_that_one_followed_last_names_who_is_there() {
    let server = Running::start().await;
    let (mut ana, first, _) = Person::create(&server, "Ana").await;
    let second = ana.listed("Second").await;
    let (mut ana, _) = ana.enter(&first).await;
    let mut guests = Vec::new();
    for (turn, looked_at, other) in [(0, &second, &first), (1, &first, &second)] {
        ana.send(Command::Unwatch { stream: Audience::Room(looked_at.id) }).await;
        let log = ana.follow(looked_at.id).await;
        let here: Vec<_> = log.here.people.iter().map(|one| one.member.name.as_str()).collect();
        assert_eq!(here, ["Ana", "0 elsewhere"][..=turn]);
        for (room, place) in [(other, "elsewhere"), (looked_at, "here")] {
            let (guest, _) = Person::join(&server, room, &format!("{turn} {place}")).await;
            let (mut guest, _) = guest.enter(room).await;
            guest.send(Command::Typing { room: room.id, on: true }).await;
            guest.so_far().await;
            guests.push(guest);
        }
        let (mut named, mut typed) = (Vec::new(), Vec::new());
        while named.is_empty() || typed.is_empty() {
            let event = ana.event().await;
            if let Event::Presence(Presence::Moved { room, .. }) = event {
                named.push(room);
            } else if let Event::Typing(typing) = event {
                typed.push(typing.room);
            }
        }
        let heard_of = named.iter().chain(&typed);
        assert!(heard_of.clone().all(|room| *room == looked_at.id), "{named:?} {typed:?}");
    }
}
