//! What is stored and was never published, on a real database: nobody publishes here.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::sync::Arc;

use delivery::{End, Outgoing};
use protocol::{Act, Audience, Body, Close, Command, Device, Lifetime, MessageId, Presence};
use tokio::time::timeout;

use super::*;
use crate::{
    activity::RequestId,
    address::Proxies,
    handlers::{Caller, Comer, Credential, handle, join},
    house::{Guest, House, name, session},
    store::{By, DeviceOp, Op, WayHash, Which, sqlite},
};

/// Of somebody.
async fn room(house: &House, by: PersonId) -> Entry {
    house.room(by, Lifetime::Month, now()).await
}

async fn act(house: &House, room: RoomId, host: PersonId, act: Act) {
    let (by, link, addresses) = (By::Person(host), None, Vec::new());
    house.apply(Op::Host { room, by, act, link, addresses, capacity: 100, at: now() }).await;
}

async fn in_room(house: &House, room: RoomId, person: PersonId) -> Guest {
    let member = house.join(room, person, now()).await;
    house.enter(room, Some((person, member))).await
}

/// The streams that they were told of, and how far each has come, or why it has ended.
async fn heard_by(guest: &Guest) -> Vec<(Audience, std::result::Result<u64, Reason>)> {
    let told = guest.told().await.into_iter();
    let heard = told.map(|event| match event {
        Event::Changes(changes) => {
            assert!(changes.values.is_empty() && changes.after == changes.upto);
            (changes.stream, Ok(changes.upto))
        }
        Event::Closed(closed) => (closed.stream, Err(closed.reason)),
        other @ (Event::Hello(_)
        | Event::Reset(_)
        | Event::Presence(_)
        | Event::Typing(_)
        | Event::Listed(_)
        | Event::Rooms(_)
        | Event::News(_)
        | Event::Refused(_)
        | Event::Announced(_)
        | Event::Beat) => panic!("{other:?}"),
    });
    heard.collect()
}

fn id(guest: &Guest) -> MemberId {
    guest.member.as_ref().unwrap().id
}

#[tokio::test]
async fn whoever_follows_what_was_stored_and_never_said_is_told_how_far_it_has_come() {
    let house = House::new().await;
    let ann = house.person(1).await;
    let entry = room(&house, ann).await;
    let room = entry.room.id;
    let ann = house.enter(room, Some((ann, entry.member.unwrap()))).await;
    let visitor = house.enter(room, None).await;
    let body = Body::parse("stored").unwrap();
    let (person, id) = (ann.person.unwrap(), MessageId::now());
    house.apply(Op::Post { room, person, id, body, at: now() }).await;
    house.apply(Op::SetName { room, person, name: name("Zoe"), at: now() }).await;

    all(&house.server).await;

    let head = house.server.store.entry(Door::Id(room), None).await.unwrap().unwrap().head.rev;
    assert!(head > entry.head.rev);
    let of_room = (Audience::Room(room), Ok(head));
    let heard = heard_by(&ann).await;
    assert_eq!(heard.len(), 3, "{heard:?}");
    assert!(heard.contains(&of_room), "{heard:?}");
    assert_eq!(heard_by(&visitor).await, [of_room]);
    let here = house.server.presence.here(room, None).people;
    assert_eq!(here[0].member.name, name("Zoe"));
}

#[tokio::test]
async fn who_is_out_of_a_room_by_what_was_stored_and_never_said_hears_no_more_of_it() {
    let house = House::new().await;
    let mut people = Vec::new();
    for n in 1..=5 {
        people.push(house.person(n).await);
    }
    let entry = room(&house, people[0]).await;
    let room = entry.room.id;
    let host = people[0];
    let mut guests = Vec::new();
    for person in &people[1..] {
        guests.push(in_room(&house, room, *person).await);
    }
    let [left, barred, appointed, at_desk] = guests.as_slice() else { panic!() };
    let appoint = |guest, role| Act::Appoint { member: id(guest), role };
    let (hub, desk) = (&house.server.hub, Stream::Desk(room));
    for guest in [appointed, at_desk] {
        act(&house, room, host, appoint(guest, Role::Host)).await;
        hub.follow(guest.connection, desk, async { Ok(vec![]) }).await.unwrap();
    }
    hub.unfollow(at_desk.connection, Stream::Room(room));
    house.server.presence.remove(room, id(at_desk));
    let visitor = house.enter(room, None).await;

    for guest in [left, at_desk] {
        house.apply(Op::Leave { room, person: guest.person.unwrap() }).await;
    }
    act(&house, room, host, Act::Bar { member: id(barred), until: Some(now() + 60_000) }).await;
    act(&house, room, host, appoint(appointed, Role::Member)).await;
    act(&house, room, host, Act::Admission { admission: Admission::Locked }).await;
    all(&house.server).await;

    let audience = Audience::Room(room);
    for guest in [left, barred, &visitor] {
        let heard = heard_by(guest).await;
        assert!(heard.contains(&(audience, Err(Reason::Locked))), "{heard:?}");
        assert!(!house.server.hub.follows(guest.connection, Stream::Room(room)));
    }
    for guest in [appointed, at_desk] {
        let heard = heard_by(guest).await;
        assert!(heard.contains(&(Audience::Desk(room), Err(Reason::Locked))), "{heard:?}");
    }
    assert!(house.server.hub.follows(appointed.connection, Stream::Room(room)));
    let here = house.server.presence.here(room, None).people;
    let here: Vec<_> = here.iter().map(|one| (one.member.id, one.member.role)).collect();
    assert_eq!(here, [(id(appointed), Role::Member)]);
}

#[tokio::test]
async fn a_room_that_is_over_by_what_was_stored_and_never_said_is_so_for_everyone() {
    let house = House::new().await;
    let host = house.person(1).await;
    let entry = room(&house, host).await;
    let room = entry.room.id;
    let guest = house.enter(room, Some((host, entry.member.unwrap()))).await;
    act(&house, room, host, Act::Burn).await;
    all(&house.server).await;
    let heard = heard_by(&guest).await;
    for stream in [Audience::Room(room), Audience::Desk(room)] {
        assert!(heard.contains(&(stream, Err(Reason::Burned))), "{heard:?}");
    }
    assert_eq!(house.server.presence.count(room), 0);
}

#[tokio::test]
async fn who_comes_back_before_they_are_told_that_they_left_asks_anew_and_is_there() {
    let house = House::new().await;
    let (host, bo) = (house.person(1).await, house.person(2).await);
    let entry = room(&house, host).await;
    let room = entry.room.id;
    let guest = in_room(&house, room, bo).await;
    let (server, member) = (&house.server, id(&guest));
    house.apply(Op::Leave { room, person: bo }).await;
    assert_eq!(who_is_out(server, room, member).await, Ok(Some(bo)));
    let comer = Comer { person: bo, from: None, room, name: name("Bo"), others: vec![] };
    join(server, comer, Credential::None).await.unwrap();
    let_out(server, room, bo, member);
    assert_eq!(heard_by(&guest).await, [(Audience::Room(room), Err(Reason::Locked))]);

    let (connection, out) = (guest.connection, guest.out.clone());
    let (server, request) = (server.clone(), RequestId::random());
    let caller = Caller { server, request, person: Some(bo), from: None, connection, out };
    let stream = Audience::Room(room);
    handle(&caller, Command::Watch { stream, since: Some(entry.head), code: None }).await.unwrap();
    let told = guest.told().await;
    let Some(Event::Presence(Presence::All { here, .. })) = told.last() else { panic!("{told:?}") };
    assert_eq!(here.people[0].member.id, member);
    assert_eq!(who_is_out(&house.server, room, member).await, Ok(None));
    all(&house.server).await;
    assert!(house.server.hub.follows(connection, Stream::Room(room)));
}

#[tokio::test]
async fn what_cannot_be_read_is_closed_and_keeps_nobody_else_waiting() {
    let house = House::new().await;
    let host = house.person(1).await;
    let [first, second] = [room(&house, host).await, room(&house, host).await];
    let mut visitors = Vec::new();
    for entry in [&first, &second] {
        visitors.push(house.enter(entry.room.id, None).await);
    }
    sqlite::tests::spoil(&house.folder.path().join("parley.db"), first.room.id);
    timeout(Duration::from_secs(60), all(&house.server)).await.unwrap();
    let unknown = (Audience::Room(first.room.id), Err(Reason::Locked));
    assert_eq!(heard_by(&visitors[0]).await, [unknown]);
    let told = (Audience::Room(second.room.id), Ok(second.head.rev));
    assert_eq!(heard_by(&visitors[1]).await, [told]);
}

#[tokio::test]
async fn whose_devices_cannot_be_read_is_sent_back_and_nobody_else() {
    let house = House::new().await;
    let mut people = Vec::new();
    for n in 1..=2 {
        let (person, out) = (house.person(n).await, Arc::new(Outgoing::default()));
        house.server.hub.connect(Some(person), Some(session(n).id()), out.clone());
        people.push((person, out));
    }
    let [(unknown, goes), (_, stays)] = people.as_slice() else { panic!() };
    sqlite::tests::spoil_devices(&house.folder.path().join("parley.db"), *unknown);
    timeout(Duration::from_secs(60), all(&house.server)).await.unwrap();
    assert!(goes.has_ended() && !stays.has_ended());
    assert_eq!(goes.ended().await, End::Close(Close::Restart));
}

#[tokio::test]
async fn a_device_that_was_signed_out_unknown_to_anybody_is_so_on_its_connections() {
    let house = House::new().await;
    let person = house.person(1).await;
    let (phone, way) = (session(2), WayHash([3; 32]));
    for op in [
        DeviceOp::Open { by: session(1), way: Some((way, 9)) },
        DeviceOp::Arrive { way, session: phone, device: Device::default(), was: None, at: 1 },
    ] {
        house.apply(Op::Device(op)).await;
    }
    let [stays, goes] = [session(1), phone].map(|session| {
        let out = Arc::new(Outgoing::default());
        house.server.hub.connect(Some(person), Some(session.id()), out.clone());
        out
    });
    all(&house.server).await;
    assert!(!stays.has_ended() && !goes.has_ended());
    let out = DeviceOp::SignOut { by: session(1), which: Which::Others, at: 2 };
    house.apply(Op::Device(out)).await;
    all(&house.server).await;
    assert!(goes.has_ended() && !stays.has_ended());
    assert_eq!(goes.ended().await, End::Close(Close::SignedOut));
}

#[tokio::test]
async fn whoever_is_connected_from_where_a_ban_was_stored_unknown_to_anybody_is_sent_away() {
    let house = House::new().await;
    let [banned, other] = ["203.0.113.5", "198.51.100.5"].map(|ip| {
        let from = Proxies::new(Vec::new(), false).of_socket(ip.parse().unwrap());
        let out = Arc::new(Outgoing::default());
        let connection = house.server.hub.connect(None, None, out.clone());
        (from, out, house.server.bans.enter(from, connection))
    });
    let network = "203.0.113.0/24".parse().unwrap();
    let until = now() + 60_000;
    house.apply(Op::Ban { network, until: Some(until), at: now() }).await;
    all(&house.server).await;
    assert!(banned.1.has_ended() && !other.1.has_ended());
    assert_eq!(banned.1.ended().await, End::Close(Close::Banned));
    assert_eq!(house.server.bans.until(banned.0, now()), Some(until));
}

#[test]
fn it_is_tried_less_and_less_often() {
    let pauses: Vec<_> = pauses().take(7).map(|pause| pause.as_millis()).collect();
    assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
}
