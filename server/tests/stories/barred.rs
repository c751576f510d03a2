//! Who is barred takes the address with them that they came from last, for a day, as far as strangers are concerned.

use protocol::{Act, Admission, Command, Event, FOR_EVER, MessageId, Reason, Refusal};

use crate::{
    client::{Person, Running},
    hosts::act,
    limits::PROXY,
};

/// Whoever comes as somebody else from where one is barred, hears as little as they do; and who is in the room or was,
/// and comes from there too, as much as before.
#[tokio::test]
async fn from_where_somebody_is_barred_no_stranger_reads_along_and_others_are_not_hurt() {
    let server = Running::with(&PROXY).await;
    let at = |last: u8| Person::at(&server, &format!("203.0.113.{last}"));
    let (ann, room, _) = Person::create(&server, "Ann").await;
    let (mut host, _) = ann.enter(&room).await;
    let (mut bo, mut cy, mut di) = (at(7), at(7), at(7));
    let barred = bo.join_too(&room, "Bo").await;
    cy.join_too(&room, "Cy").await;
    di.join_too(&room, "Di").await;
    let (mut left, _) = di.enter(&room).await;
    left.send(Command::Leave { room: room.id }).await;
    assert_eq!(left.ended().await, Reason::Left);
    left.follow(room.id).await;
    let (mut member, _) = cy.enter(&room).await;
    let (mut stranger, _) = at(7).enter(&room).await;
    let (mut elsewhere, _) = at(8).enter(&room).await;
    let until = Some(FOR_EVER);
    act(&mut host, &room, Act::Bar { member: barred.id, until }).await;
    host.so_far().await;
    assert_eq!(stranger.ended().await, Reason::Locked);
    let n = stranger.watch(room.id, None).await;
    let (refused, refusal) = stranger.refused().await;
    assert!(refused == Some(n) && matches!(refusal, Refusal::Barred { .. }), "{refusal:?}");
    // One who was there asks anew, and is not taken for another.
    assert_eq!(left.ended().await, Reason::Locked);
    left.follow(room.id).await;
    at(8).enter(&room).await;
    host.post(&room, MessageId::now(), "so there").await;
    let said = |event| matches!(event, Event::Changes(_)).then_some(());
    for socket in [&mut member, &mut elsewhere, &mut left] {
        socket.until(said).await;
    }
    let heard = stranger.so_far().await;
    assert!(!heard.iter().any(|event| matches!(event, Event::Changes(_))), "{heard:?}");
    act(&mut host, &room, Act::Bar { member: barred.id, until: None }).await;
    host.so_far().await;
    stranger.follow(room.id).await;
}

/// Also from where they are in another tab; and whoever only knocked is a stranger still.
#[tokio::test]
async fn one_is_barred_from_everywhere_that_they_are_and_so_is_who_only_knocked_there() {
    let server = Running::with(&PROXY).await;
    let at = |last: u8| Person::at(&server, &format!("203.0.113.{last}"));
    let (ann, room, _) = Person::create(&server, "Ann").await;
    let (mut host, _) = ann.enter(&room).await;
    let mut bo = at(7);
    let barred = bo.join_too(&room, "Bo").await;
    let _home = bo.enter(&room).await;
    let mut away = bo.connect_at("203.0.113.9").await;
    away.follow(room.id).await;
    act(&mut host, &room, Act::Admission { admission: Admission::Knock }).await;
    host.so_far().await;
    let mut knocks = at(7);
    knocks.knock(&room, "Di", "").await;
    act(&mut host, &room, Act::Admission { admission: Admission::Open }).await;
    act(&mut host, &room, Act::Bar { member: barred.id, until: Some(FOR_EVER) }).await;
    host.so_far().await;
    for (one, is_out) in [(at(7), true), (knocks, true), (at(9), true), (at(8), false)] {
        let mut socket = one.connect().await;
        socket.code = Some(room.code.clone());
        socket.watch(room.id, None).await;
        let heard = socket.so_far().await;
        assert_eq!(heard.iter().any(is_barred), is_out, "{heard:?}");
    }
}

fn is_barred(event: &Event) -> bool {
    matches!(event, Event::Refused(refused) if matches!(refused.refusal, Refusal::Barred { .. }))
}

/// What is known of addresses goes with a restart, and comes again with whoever looks into a room, by a form too.
#[tokio::test]
async fn after_a_restart_an_address_is_known_of_those_who_were_seen_since() {
    for seen in [true, false] {
        let mut server = Running::with(&PROXY).await;
        let (mut ann, room, _) = Person::create(&server, "Ann").await;
        let mut bo = Person::at(&server, "203.0.113.7");
        let member = bo.join_too(&room, "Bo").await;
        server.stop();
        server = server.again().await;
        for one in [&mut ann, &mut bo] {
            one.address = server.address;
        }
        if seen {
            bo.has_read(&room, 0).await;
        }
        let (mut host, _) = ann.enter(&room).await;
        act(&mut host, &room, Act::Bar { member: member.id, until: Some(FOR_EVER) }).await;
        host.so_far().await;
        for (mut one, is_out) in
            [(bo.connect().await, true), (Person::at(&server, "203.0.113.7").connect().await, seen)]
        {
            one.code = Some(room.code.clone());
            one.watch(room.id, None).await;
            let heard = one.so_far().await;
            assert_eq!(heard.iter().any(is_barred), is_out, "{seen} {heard:?}");
        }
    }
}
