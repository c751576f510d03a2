//! People talk over real sockets: everything arrives, once, in one order, and only where it may.

use crate::client::{Log, Person, Running, soon};
use futures::future::join_all;
use protocol::{Command, Event, MessageId, PersonName, Refusal, RoomId, Value};

#[tokio::test]
async fn two_people_talk_and_both_read_the_same() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (mut ana, mut anas) = ana.enter(&room).await;
    let (mut bo, mut bos) = bo.enter(&room).await;
    for n in 1..=3 {
        ana.post(&room, MessageId::now(), &format!("Ana {n}")).await;
        ana.read(&mut anas, 2 * n - 1).await;
        bo.read(&mut bos, 2 * n - 1).await;
        bo.post(&room, MessageId::now(), &format!("Bo {n}")).await;
        ana.read(&mut anas, 2 * n).await;
        bo.read(&mut bos, 2 * n).await;
    }
    assert_eq!(anas.bodies(), ["Ana 1", "Bo 1", "Ana 2", "Bo 2", "Ana 3", "Bo 3"]);
    assert_eq!(anas.messages, bos.messages);
    assert_eq!((anas.gaps, bos.gaps), (0, 0));
    anas.check();
    bos.check();
}

#[tokio::test]
async fn the_same_post_again_is_one_message_and_gets_the_first_result() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (mut bo, _) = bo.enter(&room).await;
    let (mut follows, _) = ana.enter(&room).await;
    // One that follows the room and one that does not; the answer is the same.
    let mut only_posts = ana.connect().await;
    let id = MessageId::now();
    let mut answers = Vec::new();
    for again in 0..3 {
        let socket = if again == 1 { &mut follows } else { &mut only_posts };
        // What the publisher had for it before is not the answer.
        socket.so_far().await;
        socket.post(&room, id, "once").await;
        answers.push(socket.changes().await);
    }
    for answer in answers {
        let found = answer.values.iter().any(|value| matches!(value, Value::Message(said) if said.id == id && said.rev == answer.upto));
        assert!(found, "{answer:?}");
    }
    let heard = bo.so_far().await.into_iter().filter(|event| matches!(event, Event::Changes(_)));
    assert_eq!(heard.count(), 1);
}

#[tokio::test]
async fn what_was_sent_together_is_refused_together_while_nothing_can_be_stored() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let mut socket = ana.connect().await;
    let other = rusqlite::Connection::open(server.data().join("parley.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Each by itself waits for a second.
    let mut sent = Vec::new();
    for _ in 0..40 {
        sent.push(Some(socket.post(&room, MessageId::now(), "Hello").await));
    }
    let refused = async {
        let mut refused = Vec::new();
        for _ in &sent {
            let (n, refusal) = socket.refused().await;
            assert!(matches!(refusal, Refusal::Busy { .. }), "{refusal:?}");
            refused.push(n);
        }
        refused
    };
    assert_eq!(soon(refused).await, sent);
    other.execute_batch("ROLLBACK").unwrap();
    socket.post(&room, MessageId::now(), "Hello again").await;
    assert_eq!(socket.changes().await.values.len(), 2, "and who said it");
}

#[tokio::test]
async fn what_one_may_not_do_is_refused_to_them_and_nobody_else_notices() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (stranger, elsewhere, _) = Person::create(&server, "Stranger").await;
    let (mut ana, mut anas) = ana.enter(&room).await;
    let (mut bo, mut bos) = bo.enter(&room).await;
    let mut stranger = stranger.connect().await;
    let id = MessageId::now();
    ana.post(&room, id, "mine").await;
    ana.read(&mut anas, 1).await;
    bo.read(&mut bos, 1).await;
    ana.so_far().await;

    let post = |id, body: &str| Command::Post { room: room.id, id, body: body.into() };
    let nowhere = RoomId(99);
    let named = |name: &str| Command::SetName { room: room.id, name: name.into() };
    for (command, refusal) in [
        (post(id, "mine"), Refusal::IdConflict),
        (post(MessageId::now(), " "), Refusal::BodyEmpty),
        (post(MessageId::now(), &"x".repeat(4001)), Refusal::BodyTooLong { max: 4000 }),
        (named("Ana"), Refusal::NameTaken { free: PersonName::parse("Ana 2").ok() }),
        (named("\u{202e}"), Refusal::NameEmpty),
        (named(&"x".repeat(21)), Refusal::NameTooLong { max: 20 }),
        (Command::Post { room: elsewhere.id, id, body: "hi".into() }, Refusal::NotAMember),
        (Command::Post { room: nowhere, id, body: "hi".into() }, Refusal::NotAMember),
        (
            Command::Watch { stream: protocol::Audience::Room(nowhere), since: None, code: None },
            Refusal::NoSuchRoom,
        ),
        (Command::Read { room: elsewhere.id, seq: 1 }, Refusal::NotAMember),
        (Command::Read { room: nowhere, seq: 1 }, Refusal::NotAMember),
        (
            Command::Watch { stream: protocol::Audience::Desk(room.id), since: None, code: None },
            Refusal::NotAHost,
        ),
    ] {
        let shown = format!("{command:?}");
        let n = bo.send(command).await;
        assert_eq!(bo.refused().await, (Some(n), refusal), "{shown}");
    }
    let n = stranger.send(post(MessageId::now(), "let me in")).await;
    assert_eq!(stranger.refused().await, (Some(n), Refusal::NotAMember));
    let heard = ana.so_far().await;
    assert!(
        !heard.iter().any(|event| matches!(event, Event::Changes(_) | Event::Refused(_))),
        "{heard:?}"
    );
}

#[tokio::test]
async fn one_connection_follows_sixteen_rooms() {
    let server = Running::start().await;
    let mut rooms = Vec::new();
    for _ in 0..17 {
        rooms.push(Person::create(&server, "Ana").await.1);
    }
    let (ana, _) = Person::join(&server, &rooms[0], "Bo").await;
    let mut socket = ana.connect().await;
    for room in &rooms[..16] {
        socket.code = Some(room.code.clone());
        socket.follow(room.id).await;
    }
    socket.code = Some(rooms[16].code.clone());
    let n = socket.watch(rooms[16].id, None).await;
    assert_eq!(socket.refused().await, (Some(n), Refusal::TooManyStreams { max: 16 }));
    socket.follow(rooms[0].id).await;
}

#[tokio::test]
async fn eight_who_post_at_once_all_read_one_list_without_a_gap() {
    const PEOPLE: u32 = 8;
    const POSTS: u32 = 25;
    let server = Running::start().await;
    let (_, room, _) = Person::create(&server, "Hana").await;
    let people = (0..PEOPLE).map(|n| {
        let (server, room) = (&server, &room);
        async move {
            let (person, _) = Person::join(server, room, &format!("Person {n}")).await;
            // The later ones begin in the middle of it.
            let (mut socket, mut log) = person.enter(room).await;
            for post in 0..POSTS {
                socket.post(room, MessageId::now(), &format!("{n}.{post}")).await;
            }
            socket.read(&mut log, PEOPLE * POSTS).await;
            log
        }
    });
    let logs = soon(join_all(people)).await;
    for log in &logs {
        log.check();
        assert_eq!(log.gaps, 0);
        let last = |log: &Log| log.messages.values().rev().take(50).cloned().collect::<Vec<_>>();
        assert_eq!(last(log), last(&logs[0]));
        // What one person says is in the order in which they said it.
        for n in 0..PEOPLE {
            let prefix = format!("{n}.");
            let said = log
                .bodies()
                .into_iter()
                .filter_map(|body| body.strip_prefix(&prefix)?.parse::<u32>().ok());
            assert!(said.collect::<Vec<_>>().is_sorted());
        }
    }
}

#[tokio::test]
async fn whoever_hangs_up_right_after_sending_is_heard_all_the_same() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (mut bo, mut bos) = bo.enter(&room).await;
    for n in 1..=5 {
        let mut socket = ana.connect().await;
        socket.post(&room, MessageId::now(), &format!("bye {n}")).await;
        drop(socket);
        bo.read(&mut bos, n).await;
    }
    assert_eq!(bos.bodies().len(), 5);
    bos.check();
}

#[tokio::test]
async fn a_stranger_without_the_code_hears_nothing_of_a_room() {
    let server = Running::start().await;
    let (_, room, _) = Person::create(&server, "Ana").await;
    let (stranger, ..) = Person::create(&server, "Stranger").await;
    let mut socket = stranger.connect().await;
    for code in [None, protocol::RoomCode::parse("ZZZZZ")] {
        socket.code = code;
        let n = socket.watch(room.id, None).await;
        assert_eq!(socket.refused().await, (Some(n), Refusal::NoSuchRoom));
    }
}

#[tokio::test]
async fn a_visitor_reads_along_and_becomes_a_member_by_joining() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (mut bo, _) = bo.enter(&room).await;
    let (mut visitor, elsewhere, _) = Person::create(&server, "Visitor").await;
    let (mut reading, mut log) = visitor.enter(&room).await;
    assert_eq!(log.here.total, 1);
    let (mut ana, _) = ana.enter(&room).await;
    ana.post(&room, MessageId::now(), "hello").await;
    reading.read(&mut log, 1).await;
    assert_ne!(elsewhere.id, room.id);
    visitor.join_too(&room, "Cy").await;
    while !bo.moved().await.1.contains(&"Cy".into()) {}
    reading.post(&room, MessageId::now(), "here I am").await;
    reading.read(&mut log, 2).await;
    log.check();
}
