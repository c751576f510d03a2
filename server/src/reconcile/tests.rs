//! What is stored and was never published, on a real database: nobody publishes here.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::sync::Arc;

use delivery::{ConnectionId, Outgoing, PersonId};
use protocol::{
    Act, Audience, Body, Device, Lifetime, Member, MemberId, MessageId, PersonName, RoomCode,
    decode,
};
use tempfile::TempDir;

use super::*;
use crate::{
    Config, Opened,
    connection::tests::Ear,
    store::{Applied, By, Op, Proof, SessionHash},
};

struct House {
    _folder: TempDir,
    _opened: Opened,
    server: Shared,
}

/// Somebody who follows a room.
struct Guest {
    person: Option<PersonId>,
    member: Option<Member>,
    connection: ConnectionId,
    out: Arc<Outgoing>,
}

fn name(text: &str) -> PersonName {
    PersonName::parse(text).unwrap()
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_str().unwrap();
        let config = Config::try_parse_from(["parley", "--data", data]).unwrap();
        let opened = crate::open(config).await.unwrap();
        let server = opened.server.clone();
        Self { _folder: folder, _opened: opened, server }
    }

    async fn apply(&self, op: Op) -> Applied {
        self.server.store.apply(op).await.unwrap()
    }

    async fn person(&self, n: u8) -> PersonId {
        let name = name(&format!("Guest {n}"));
        let op =
            Op::Begin { session: SessionHash([n; 32]), name, device: Device::default(), at: 0 };
        let Applied::Begun(person) = self.apply(op).await else { panic!() };
        person
    }

    async fn room(&self, by: PersonId) -> Entry {
        let op = Op::Create {
            by,
            name: None,
            listed: false,
            lifetime: Lifetime::Month,
            called: name("Guest 1"),
            codes: vec![RoomCode::parse("KMRTS").unwrap()],
            at: now(),
        };
        let Applied::Created(entry) = self.apply(op).await else { panic!() };
        entry
    }

    async fn join(&self, room: RoomId, person: PersonId) -> Member {
        let names = vec![name(&format!("Guest {}", person.0))];
        let (capacity, proof, from, at) = (100, Proof::None, None, now());
        let op = Op::Join { room, person, names, capacity, proof, from, at };
        let Applied::Joined { member, .. } = self.apply(op).await else { panic!() };
        member
    }

    async fn act(&self, room: RoomId, host: PersonId, act: Act) {
        let (by, link, addresses) = (By::Person(host), None, Vec::new());
        self.apply(Op::Host { room, by, act, link, addresses, capacity: 100, at: now() }).await;
    }

    /// With a connection that follows the room, and all else that is theirs to follow.
    async fn enter(&self, room: RoomId, of: Option<(PersonId, Member)>) -> Guest {
        let (person, member) = of.unzip();
        let out = Arc::new(Outgoing::default());
        let connection = self.server.hub.connect(person, None, out.clone());
        let of_host = member.as_ref().is_some_and(|member: &Member| member.role == Role::Host);
        let own = person.map(Stream::Person);
        let desk = of_host.then_some(Stream::Desk(room));
        for stream in [Some(Stream::Room(room)), own, desk].into_iter().flatten() {
            self.server.hub.follow(connection, stream, async { Ok(vec![]) }).await.unwrap();
        }
        if let Some(member) = &member {
            self.server.presence.enter(room, member.clone(), connection);
        }
        Guest { person, member, connection, out }
    }
}

impl Guest {
    /// The streams that they were told of, and how far each has come, or why it has ended.
    async fn heard(&self) -> Vec<(Audience, std::result::Result<u64, Reason>)> {
        let (ear, mut said) = Ear::to_hear();
        self.out.taken(ear).await.1.unwrap();
        let mut heard = Vec::new();
        while let Ok(frame) = said.try_recv() {
            heard.push(match decode(&frame.to_string()).unwrap() {
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
        }
        heard.sort_by_key(|(stream, _)| format!("{stream:?}"));
        heard
    }

    fn id(&self) -> MemberId {
        self.member.as_ref().unwrap().id
    }
}

#[tokio::test]
async fn whoever_follows_what_was_stored_and_never_said_is_told_how_far_it_has_come() {
    let house = House::new().await;
    let ann = house.person(1).await;
    let entry = house.room(ann).await;
    let room = entry.room.id;
    let ann = house.enter(room, Some((ann, entry.member.unwrap()))).await;
    let visitor = house.enter(room, None).await;
    let body = Body::parse("stored").unwrap();
    let (person, id) = (ann.person.unwrap(), MessageId::now());
    house.apply(Op::Post { room, person, id, body, at: now() }).await;
    house.apply(Op::SetName { room, person, name: name("Zoe"), at: now() }).await;

    all(&house.server).await.unwrap();

    let head = house.server.store.entry(Door::Id(room), None).await.unwrap().unwrap().head.rev;
    assert!(head > entry.head.rev);
    let of_room = (Audience::Room(room), Ok(head));
    let heard = ann.heard().await;
    assert_eq!(heard.len(), 3, "{heard:?}");
    assert!(heard.contains(&of_room), "{heard:?}");
    assert_eq!(visitor.heard().await, [of_room]);
    let here = house.server.presence.here(room, None).people;
    assert_eq!(here[0].member.name, name("Zoe"));
}

#[tokio::test]
async fn who_is_out_of_a_room_by_what_was_stored_and_never_said_hears_no_more_of_it() {
    let house = House::new().await;
    let mut people = Vec::new();
    for n in 1..=4 {
        people.push(house.person(n).await);
    }
    let entry = house.room(people[0]).await;
    let room = entry.room.id;
    let host = people[0];
    let mut guests = Vec::new();
    for person in &people[1..] {
        let member = house.join(room, *person).await;
        guests.push(house.enter(room, Some((*person, member))).await);
    }
    let [left, barred, appointed] = guests.as_slice() else { panic!() };
    let appoint = |role| Act::Appoint { member: appointed.id(), role };
    house.act(room, host, appoint(Role::Host)).await;
    let desk = Stream::Desk(room);
    let follow = house.server.hub.follow(appointed.connection, desk, async { Ok(vec![]) });
    follow.await.unwrap();
    let visitor = house.enter(room, None).await;

    house.apply(Op::Leave { room, person: left.person.unwrap() }).await;
    house.act(room, host, Act::Bar { member: barred.id(), until: Some(now() + 60_000) }).await;
    house.act(room, host, appoint(Role::Member)).await;
    house.act(room, host, Act::Admission { admission: Admission::Locked }).await;
    all(&house.server).await.unwrap();

    let audience = Audience::Room(room);
    for (guest, reason) in
        [(left, Reason::Left), (barred, Reason::Removed), (&visitor, Reason::Locked)]
    {
        let heard = guest.heard().await;
        assert!(heard.contains(&(audience, Err(reason))), "{heard:?}");
        assert!(!house.server.hub.follows(guest.connection, Stream::Room(room)));
    }
    let heard = appointed.heard().await;
    assert!(heard.contains(&(Audience::Desk(room), Err(Reason::Removed))), "{heard:?}");
    assert!(house.server.hub.follows(appointed.connection, Stream::Room(room)));
    let here = house.server.presence.here(room, None).people;
    let here: Vec<_> = here.iter().map(|one| (one.member.id, one.member.role)).collect();
    assert_eq!(here, [(appointed.id(), Role::Member)]);
}

#[tokio::test]
async fn a_room_that_is_over_by_what_was_stored_and_never_said_is_so_for_everyone() {
    let house = House::new().await;
    let host = house.person(1).await;
    let entry = house.room(host).await;
    let room = entry.room.id;
    let guest = house.enter(room, Some((host, entry.member.unwrap()))).await;
    house.act(room, host, Act::Burn).await;
    all(&house.server).await.unwrap();
    let heard = guest.heard().await;
    for stream in [Audience::Room(room), Audience::Desk(room)] {
        assert!(heard.contains(&(stream, Err(Reason::Burned))), "{heard:?}");
    }
    assert_eq!(house.server.presence.count(room), 0);
}
