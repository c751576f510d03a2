//! Coming back: what was missed is there, all of it and nothing twice, whatever ended the line.

use crate::client::{Person, Running, code};
use protocol::{Close, Event, MessageId, Point, Reset, Room, Value};

async fn say(person: &Person, room: &Room, numbers: std::ops::RangeInclusive<u32>) {
    let (mut socket, mut log) = person.enter(room).await;
    for n in numbers.clone() {
        socket.post(room, MessageId::now(), &n.to_string()).await;
    }
    socket.read(&mut log, *numbers.end()).await;
}

#[tokio::test]
async fn one_gets_exactly_what_was_missed_and_the_rest_live() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (socket, mut log) = bo.enter(&room).await;
    drop(socket);
    // More than one page of it.
    say(&ana, &room, 1..=300).await;
    let mut socket = bo.connect().await;
    socket.watch(room.id, Some(log.complete)).await;
    let first = socket.changes().await;
    assert_eq!((first.after, first.more), (log.complete.rev, true));
    log.apply(first);
    socket.watch(room.id, Some(log.complete)).await;
    socket.read(&mut log, 300).await;
    assert_eq!(log.bodies(), (1..=300).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!(log.gaps, 0);
    log.check();

    socket.watch(room.id, Some(log.complete)).await;
    let nothing = socket.changes().await;
    assert_eq!((nothing.after, nothing.upto), (log.complete.rev, log.complete.rev));
    assert!(nothing.values.is_empty() && !nothing.more);
    socket.post(&room, MessageId::now(), "301").await;
    socket.read(&mut log, 301).await;
    log.check();
}

#[tokio::test]
async fn one_who_cannot_catch_up_starts_anew() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (_, log) = ana.enter(&room).await;
    say(&ana, &room, 1..=501).await;
    let mut socket = ana.connect().await;
    let Point { epoch, rev } = log.complete;
    for (why, since) in [
        ("too far behind", log.complete),
        ("another epoch", Point { epoch: epoch + 1, rev }),
        ("an epoch before the first", Point { epoch: 0, rev }),
        ("an epoch beyond all", Point { epoch: u32::MAX, rev }),
        ("a rev that never was", Point { epoch, rev: 100_000 }),
        ("a rev beyond all", Point { epoch, rev: u64::MAX }),
    ] {
        socket.watch(room.id, Some(since)).await;
        let page = socket
            .until(|event| {
                assert!(!matches!(event, Event::Changes(_)), "{why}: {event:?}");
                if let Event::Reset(Reset::Room(page)) = event { Some(page) } else { None }
            })
            .await;
        let seqs: Vec<u32> = page.messages.iter().map(|message| message.seq).collect();
        assert_eq!(seqs, (452..=501).collect::<Vec<_>>(), "{why}");
        assert_eq!(page.members.len(), 1);
    }
}

#[tokio::test]
async fn a_restart_says_come_back_and_leaves_no_gap() {
    let mut server = Running::start().await;
    let (mut ana, room, _) = Person::create(&server, "Ana").await;
    let (mut bo, _) = Person::join(&server, &room, "Bo").await;
    let (mut anas_line, mut anas) = ana.enter(&room).await;
    let (mut bos_line, mut bos) = bo.enter(&room).await;
    anas_line.post(&room, MessageId::now(), "before").await;
    anas_line.read(&mut anas, 1).await;
    // Perhaps still handled, perhaps not: the same id again makes it certain.
    let id = MessageId::now();
    anas_line.post(&room, id, "meanwhile").await;
    server.stop();
    assert_eq!(anas_line.closed().await, code(Close::Restart));
    assert_eq!(bos_line.closed().await, code(Close::Restart));
    drop((anas_line, bos_line));

    let server = server.again().await;
    (ana.address, bo.address) = (server.address, server.address);
    let (mut anas_line, mut bos_line) = (ana.connect().await, bo.connect().await);
    anas_line.watch(room.id, Some(anas.complete)).await;
    bos_line.watch(room.id, Some(bos.complete)).await;
    anas_line.post(&room, id, "meanwhile").await;
    anas_line.post(&room, MessageId::now(), "after").await;
    anas_line.read(&mut anas, 3).await;
    bos_line.read(&mut bos, 3).await;
    assert_eq!(anas.bodies(), ["before", "meanwhile", "after"]);
    assert_eq!(anas.messages, bos.messages);
    anas.check();
}

#[tokio::test]
async fn a_new_name_reaches_the_log_of_those_who_read_it() {
    let server = Running::start().await;
    let (ana, room, me) = Person::create(&server, "Ana").await;
    let (mut anas_line, mut log) = ana.enter(&room).await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (mut bos_line, mut bos) = bo.enter(&room).await;
    let named = |name: &str| protocol::Command::SetName { room: room.id, name: name.into() };
    let is = |value: &Value, name: &str| matches!(value, Value::Member(one) if one.id == me.id && one.name.as_str() == name);

    // Before the first message, as well as after it.
    for name in ["Anna", "Zoe"] {
        anas_line.send(named(name)).await;
        let heard = bos_line.changes().await;
        assert!(
            heard.values.iter().any(|value| is(value, name)) && heard.after == bos.complete.rev,
            "{heard:?}"
        );
        bos.apply(heard);
        anas_line.post(&room, MessageId::now(), name).await;
        let said = u32::try_from(bos.messages.len()).unwrap() + 1;
        anas_line.read(&mut log, said).await;
        bos_line.read(&mut bos, said).await;
    }
    log.check();
}
