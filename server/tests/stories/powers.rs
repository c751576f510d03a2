//! Who may do what: every command there is, of everybody there can be, in a room that is there and in one that is
//! not. A command or an act without an expectation here fails.

mod streams;

use protocol::{
    Act, Admission, Audience, Command, Event, FOR_EVER, Lifetime, LinkKey, MemberId, MessageId,
    Role, Room, RoomId, Voices, encode,
};

use crate::client::{Person, Running, Socket};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// Without a session.
    Nobody,
    /// A host, but of another room.
    Elsewhere,
    Former,
    Barred,
    /// Without a session, at the address of the one who is barred.
    Beside,
    Muted,
    Member,
    Host,
}

impl Who {
    const ALL: [Self; 8] = [
        Self::Nobody,
        Self::Elsewhere,
        Self::Former,
        Self::Barred,
        Self::Beside,
        Self::Muted,
        Self::Member,
        Self::Host,
    ];

    fn is_in(self) -> bool {
        matches!(self, Self::Muted | Self::Member | Self::Host)
    }
}

/// In this room, about this message.
fn command(who: Who, name: &str, room: &Room, id: RoomId, message: MessageId) -> Command {
    match name {
        "watch" => Command::Watch {
            stream: Audience::Room(id),
            since: None,
            code: Some(room.code.clone()),
        },
        "unwatch" => Command::Unwatch { stream: Audience::Desk(id) },
        "news" => Command::News { of: vec![id] },
        "post" => Command::Post { room: id, id: MessageId::now(), body: "hello".into() },
        "set_name" => Command::SetName { room: id, name: format!("{who:?} too") },
        "typing" => Command::Typing { room: id, on: false },
        "away" => Command::Away { away: false },
        "read" => Command::Read { room: id, seq: 1 },
        "host" => Command::Host { room: id, act: Act::Slow { seconds: 0 } },
        "report" => Command::Report { room: id, message },
        "leave" => Command::Leave { room: id },
        "beat" => Command::Beat,
        name => panic!("say here what {name} is, and who may do it"),
    }
}

/// The code of the refusal, or `ok`.
fn expected(who: Who, name: &str) -> &'static str {
    match (name, who) {
        ("watch", Who::Barred | Who::Beside) => "barred",
        ("watch" | "unwatch" | "away" | "beat", _) => "ok",
        ("news", Who::Nobody | Who::Beside) => "not_a_member",
        ("news", _) => "ok",
        ("post" | "set_name", Who::Muted) => "muted",
        ("post" | "set_name" | "typing" | "read" | "report", who) if who.is_in() => "ok",
        ("host", Who::Host) => "ok",
        ("host", Who::Member | Who::Muted) => "not_a_host",
        // Who is in no room leaves it by saying so; only who is nobody at all is told.
        ("leave", Who::Nobody | Who::Beside) => "not_a_member",
        ("leave", _) => "ok",
        (_, _) => "not_a_member",
    }
}

/// Everybody is a stranger there, and strangers are told of a room that is not there what they are told of one that is.
fn expected_nowhere(who: Who, name: &str) -> &'static str {
    let stranger = match who {
        Who::Nobody | Who::Beside => Who::Nobody,
        Who::Elsewhere | Who::Former | Who::Barred | Who::Muted | Who::Member | Who::Host => {
            Who::Elsewhere
        }
    };
    // Who knows its code knows that there is one.
    if name == "watch" { "no_such_room" } else { expected(stranger, name) }
}

/// What became of it: the code of the refusal, or `ok`.
pub(crate) async fn outcome(socket: &mut Socket, command: Command) -> String {
    answer(socket, command).await.0
}

/// What became of it, and all that came until then.
async fn answer(socket: &mut Socket, command: Command) -> (String, Vec<Event>) {
    let beats = command == Command::Beat;
    let n = socket.send(command).await;
    if beats {
        socket.until(|event| (event == Event::Beat).then_some(())).await;
    }
    let events = socket.so_far().await;
    let refusal = events
        .iter()
        .find_map(|event| if let Event::Refused(refused) = event { Some(refused) } else { None });
    let Some(refused) = refusal else { return ("ok".to_owned(), events) };
    assert_eq!(refused.n, Some(n));
    let json = encode(&refused.refusal);
    (json.split('"').nth(1).unwrap_or_default().to_owned(), events)
}

struct Cast {
    room: Room,
    /// Whose host is `Elsewhere`.
    other: Room,
    message: MessageId,
    sockets: Vec<(Who, Socket)>,
}

/// From where one of them is barred, and all who are new.
const THERE: &str = "203.0.113.4";

/// People may talk as fast as they can, and a proxy says where some of them are.
async fn start() -> Running {
    Running::with(&[
        "--post-burst",
        "100000",
        "--acts-per-person",
        "1000+60",
        "--trusted-proxies",
        "127.0.0.1",
    ])
    .await
}

async fn cast(server: &Running) -> Cast {
    let (host, room, _) = Person::create(server, "Ann").await;
    let (mut hosts, _) = host.enter(&room).await;
    let message = MessageId::now();
    hosts.post(&room, message, "welcome").await;
    let (elsewhere, other, _) = Person::create(server, "Elsewherey").await;
    let mut sockets = Vec::new();
    for who in Who::ALL {
        let name = format!("{who:?}y");
        let socket = match who {
            Who::Nobody => Person::nobody(server).connect().await,
            Who::Beside => Person::at(server, THERE).connect().await,
            Who::Elsewhere => elsewhere.connect().await,
            Who::Host => host.connect().await,
            Who::Former | Who::Barred | Who::Muted | Who::Member => {
                let mut person = Person::nobody(server);
                if who == Who::Barred {
                    person = Person::at(server, THERE);
                }
                let member = person.join_too(&room, &name).await;
                let (member, until) = (member.id, Some(FOR_EVER));
                let mut acts = Vec::new();
                if who == Who::Barred {
                    acts.push(Act::Bar { member, until });
                } else if who == Who::Muted {
                    acts.push(Act::Mute { member, until });
                }
                for act in acts {
                    let done = outcome(&mut hosts, Command::Host { room: room.id, act }).await;
                    assert_eq!(done, "ok");
                }
                let mut socket = person.connect().await;
                if who == Who::Former {
                    let done = outcome(&mut socket, Command::Leave { room: room.id }).await;
                    assert_eq!(done, "ok");
                }
                socket
            }
        };
        sockets.push((who, socket));
    }
    Cast { room, other, message, sockets }
}

#[tokio::test]
async fn each_command_is_for_those_it_is_for() {
    let server = start().await;
    let Cast { room, message, mut sockets, .. } = cast(&server).await;
    // Leaving comes last: they are nobody there afterwards.
    let mut names = Command::NAMES.to_vec();
    names.sort_by_key(|name| *name == "leave");
    for (who, socket) in &mut sockets {
        for name in &names {
            let nowhere = command(*who, name, &room, RoomId(2_000_000_000), message);
            let done = outcome(socket, nowhere).await;
            assert_eq!(done, expected_nowhere(*who, name), "{who:?} {name} nowhere");
            let done = outcome(socket, command(*who, name, &room, room.id, message)).await;
            assert_eq!(done, expected(*who, name), "{who:?} {name}");
        }
    }
}

#[tokio::test]
async fn strangers_cannot_tell_a_room_that_is_locked_from_one_that_is_not_there() {
    let server = start().await;
    let Cast { room, message, mut sockets, .. } = cast(&server).await;
    let (_, hosts) = sockets.last_mut().unwrap();
    let lock = host(&room, Act::Admission { admission: Admission::Locked });
    assert_eq!(outcome(hosts, lock).await, "ok");
    let nowhere = RoomId(2_000_000_000);
    for (who, socket) in &mut sockets {
        if !matches!(who, Who::Nobody | Who::Elsewhere | Who::Beside) {
            continue;
        }
        for name in Command::NAMES {
            let mut told = Vec::new();
            for id in [room.id, nowhere] {
                let (done, events) = answer(socket, command(*who, name, &room, id, message)).await;
                let of_id = format!("\"room\":{}", id.0);
                let events = events.iter().filter(|event| !matches!(event, Event::Refused(_)));
                let events = events.map(|event| encode(event).replace(&of_id, "\"room\":id"));
                told.push((done, events.collect::<Vec<_>>()));
            }
            assert_eq!(told[0], told[1], "{who:?} {name}");
        }
    }
}

/// An id of this room's is none in another, and nobody's but its author's in this one.
#[tokio::test]
async fn whoever_knows_the_id_of_a_message_can_do_nothing_with_it() {
    let server = start().await;
    let Cast { room, message, mut sockets, .. } = cast(&server).await;
    let (eve, own, _) = Person::create(&server, "Eve").await;
    let (mut eve, mut log) = eve.enter(&own).await;
    for (command, refused) in [
        (Command::Report { room: own.id, message }, "no_such_message"),
        (host(&own, Act::Remove { message, removed: true }), "no_such_message"),
        (host(&own, Act::Remove { message, removed: false }), "no_such_message"),
        (host(&own, Act::Settle { report: message }), "no_such_message"),
        (host(&room, Act::Remove { message, removed: true }), "not_a_member"),
        (Command::Report { room: room.id, message }, "not_a_member"),
    ] {
        let what = format!("{command:?}");
        assert_eq!(outcome(&mut eve, command).await, refused, "{what}");
    }
    // With the id a message of her own begins in her room, which says nothing of the other.
    eve.post(&own, message, "mine now").await;
    eve.read(&mut log, 1).await;
    assert_eq!(log.bodies(), ["mine now"]);
    for (who, socket) in &mut sockets {
        let again = |body: &str| Command::Post { room: room.id, id: message, body: body.into() };
        for (body, members) in [("mine now", "id_conflict"), ("welcome", "id_conflict")] {
            let refused = match who {
                Who::Nobody | Who::Elsewhere | Who::Former | Who::Barred | Who::Beside => {
                    "not_a_member"
                }
                Who::Muted | Who::Member => members,
                // Their own, once more.
                Who::Host if body == "welcome" => "ok",
                Who::Host => members,
            };
            assert_eq!(outcome(socket, again(body)).await, refused, "{who:?} {body}");
        }
    }
    let (_, log) = Person::nobody(&server).enter(&room).await;
    assert_eq!(log.bodies(), ["welcome"]);
}

fn host(room: &Room, act: Act) -> Command {
    Command::Host { room: room.id, act }
}

fn act(name: &str, message: MessageId) -> Act {
    let member = MemberId(1);
    match name {
        "rename" => Act::Rename { name: None },
        "topic" => Act::Topic { topic: None },
        "lifetime" => Act::Lifetime { lifetime: Lifetime::Month },
        "list" => Act::List { listed: false },
        "capacity" => Act::Capacity { most: None },
        "password" => Act::Password { password: None },
        "restore_password" => Act::RestorePassword { entry: 999 },
        "admission" => Act::Admission { admission: Admission::Open },
        "slow" => Act::Slow { seconds: 0 },
        "voices" => Act::Voices { voices: Voices::Everyone },
        "remove" => Act::Remove { message, removed: false },
        "mute" => Act::Mute { member: MemberId(3), until: Some(FOR_EVER) },
        "bar" => Act::Bar { member: MemberId(3), until: Some(FOR_EVER) },
        "appoint" => Act::Appoint { member, role: Role::Host },
        "answer" => Act::Answer { knock: MemberId(9), admit: false },
        "settle" => Act::Settle { report: message },
        "link" => {
            let key = LinkKey::parse(&"k".repeat(32)).unwrap();
            Act::Link { key, host: false, until: FOR_EVER, uses: None }
        }
        "revoke" => Act::Revoke { link: 999 },
        "burn" => Act::Burn,
        name => panic!("say here what {name} is"),
    }
}

#[tokio::test]
async fn each_act_is_its_hosts_alone() {
    let server = start().await;
    let Cast { room, other, message, mut sockets } = cast(&server).await;
    for name in Act::NAMES {
        for (who, socket) in &mut sockets {
            for id in [other.id, RoomId(2_000_000_000)] {
                if (*who, id) != (Who::Elsewhere, other.id) {
                    let elsewhere = Command::Host { room: id, act: act(name, message) };
                    let done = outcome(socket, elsewhere).await;
                    assert_eq!(done, "not_a_member", "{who:?} {name} elsewhere");
                }
            }
            let done =
                outcome(socket, Command::Host { room: room.id, act: act(name, message) }).await;
            let expected = match (*who, name) {
                // Nobody with this number knocks.
                (Who::Host, "answer") => "no_such_member",
                // There is no such entry.
                (Who::Host, "restore_password") => "malformed",
                (Who::Host, _) => "ok",
                (Who::Member | Who::Muted, _) => "not_a_host",
                (Who::Nobody | Who::Elsewhere | Who::Former | Who::Barred | Who::Beside, _) => {
                    "not_a_member"
                }
            };
            assert_eq!(done, expected, "{who:?} {name}");
        }
    }
}
