//! A server on a real database, for tests of what goes on in it by itself: people, their rooms, and who is connected.
//! Nobody publishes here.

use std::sync::Arc;

use delivery::{ConnectionId, Frame, Outgoing, PersonId, Stream};
use protocol::{
    Device, Event, Lifetime, Member, PersonName, Role, RoomCode, RoomId, decode, encode,
};
use tempfile::TempDir;

use crate::{
    Config, Opened, Shared,
    connection::tests::Ear,
    store::{Applied, Entry, Op, Proof, SessionHash},
};

pub(crate) struct House {
    pub(crate) folder: TempDir,
    /// Until somebody runs it.
    pub(crate) opened: Option<Opened>,
    pub(crate) server: Shared,
}

/// Somebody who follows a room.
pub(crate) struct Guest {
    pub(crate) person: Option<PersonId>,
    pub(crate) member: Option<Member>,
    pub(crate) connection: ConnectionId,
    pub(crate) out: Arc<Outgoing>,
}

pub(crate) fn name(text: &str) -> PersonName {
    PersonName::parse(text).unwrap()
}

/// Of the person of this number.
pub(crate) fn session(n: u8) -> SessionHash {
    SessionHash([n; 32])
}

impl House {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_str().unwrap();
        let config = Config::try_parse_from(["parley", "--data", data]).unwrap();
        let opened = crate::open(config).await.unwrap();
        let server = opened.server.clone();
        Self { folder, opened: Some(opened), server }
    }

    pub(crate) async fn apply(&self, op: Op) -> Applied {
        self.server.store.apply(op).await.unwrap()
    }

    pub(crate) async fn person(&self, n: u8) -> PersonId {
        let (name, device) = (name(&format!("Guest {n}")), Device::default());
        let op = Op::Begin { session: session(n), name, device, at: 0 };
        let Applied::Begun(person) = self.apply(op).await else { panic!() };
        person
    }

    pub(crate) async fn room(&self, by: PersonId, lifetime: Lifetime, at: i64) -> Entry {
        let codes = ["KMRTS", "VWXYZ"].map(|code| RoomCode::parse(code).unwrap()).into();
        let (name, called) = (None, name("Guest 1"));
        let op = Op::Create { by, name, listed: false, lifetime, called, codes, at };
        let Applied::Created(entry) = self.apply(op).await else { panic!() };
        entry
    }

    pub(crate) async fn join(&self, room: RoomId, person: PersonId, at: i64) -> Member {
        let names = vec![name(&format!("Guest {}", person.0))];
        let (capacity, proof, from) = (100, Proof::None, None);
        let op = Op::Join { room, person, names, capacity, proof, from, at };
        let Applied::Joined { member, .. } = self.apply(op).await else { panic!() };
        member
    }

    /// With a connection that follows the room, and all else that is theirs to follow.
    pub(crate) async fn enter(&self, room: RoomId, of: Option<(PersonId, Member)>) -> Guest {
        let (person, member) = of.unzip();
        let session = match person {
            Some(person) => self.server.store.devices(person).await.unwrap().pop(),
            None => None,
        };
        let out = Arc::new(Outgoing::default());
        let connection = self.server.hub.connect(person, session.map(|one| one.id), out.clone());
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
    /// What they were told since they were last asked.
    pub(crate) async fn told(&self) -> Vec<Event> {
        let (ear, mut said) = Ear::to_hear();
        // Where nothing waits it would be waited for.
        self.out.send(Frame::from(encode(&Event::Beat)));
        self.out.taken(ear).await.1.unwrap();
        let said = std::iter::from_fn(|| said.try_recv().ok());
        let told = said.map(|frame| decode(&frame.to_string()).unwrap());
        told.filter(|event| *event != Event::Beat).collect()
    }
}
