//! What no client of ours sends is refused, and nobody else notices.

mod fields;
mod frames;

use crate::client::{Person, Running, Socket, code, soon};
use protocol::{Close, Command, Event, MAX_FRAME, MessageId, Refusal, VERSION};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn a_frame_that_is_no_command_is_refused_and_the_socket_stays() {
    let server = Running::start().await;
    let (ana, _, _) = Person::create(&server, "Ana").await;
    let mut socket = ana.connect().await;
    let deep = "[".repeat(MAX_FRAME / 2);
    let long_body =
        format!(r#"{{"n":7,"command":{{"post":{{"room":1,"id":"{}","body":""#, MessageId::now());
    let full = format!("{long_body}{}\"}}}}}}", "x".repeat(MAX_FRAME - long_body.len() - 4));
    assert_eq!(full.len(), MAX_FRAME);
    for (text, n, refusal) in [
        ("hello", None, Refusal::Malformed),
        ("", None, Refusal::Malformed),
        (&deep, None, Refusal::Malformed),
        (r#"{"n":5,"command":{"fly":{}}}"#, Some(5), Refusal::UnknownCommand),
        (r#"{"n":6,"command":{"post":{}}}"#, Some(6), Refusal::Malformed),
        (&full, Some(7), Refusal::BodyTooLong { max: 4000 }),
    ] {
        socket.text(text).await;
        assert_eq!(socket.refused().await, (n, refusal), "{}", &text[..text.len().min(80)]);
    }
    assert!(socket.so_far().await.is_empty());
}

#[tokio::test]
async fn what_a_connection_is_closed_for() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (mut witness, mut log) = ana.enter(&room).await;
    for (close, frame, times) in [
        (Close::Unsupported, Message::binary(vec![1, 2, 3]), 1),
        (Close::TooBig, Message::text("x".repeat(MAX_FRAME + 1)), 1),
        (Close::TooBig, Message::text("x".repeat(4 * 1024 * 1024)), 1),
        (Close::Abuse, Message::text("no"), 16),
    ] {
        let (mut socket, _) = ana.enter(&room).await;
        for _ in 0..times {
            // It may be closed before all of a large frame is written.
            let _ = socket.try_raw(frame.clone()).await;
        }
        assert_eq!(socket.closed().await, code(close));
    }
    witness.post(&room, MessageId::now(), "still here").await;
    witness.read(&mut log, 1).await;
}

#[tokio::test]
async fn another_version_is_told_to_load_the_page_anew() {
    let server = Running::start().await;
    let (older, newer) = ((VERSION - 1).to_string(), (VERSION + 1).to_string());
    for version in ["", "0", &older, &newer, "x", &format!("0{VERSION}")] {
        let query = if version.is_empty() { String::new() } else { format!("?version={version}") };
        let stream = TcpStream::connect(server.address).await.unwrap();
        let mut socket = Socket::open(stream, server.address, "", &query).await;
        assert!(matches!(socket.next().await, Ok(Event::Hello(_))), "{query}");
        assert_eq!(socket.closed().await, code(Close::Outdated), "{query}");
    }
}

#[tokio::test]
async fn without_a_session_one_may_read_and_no_more() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (mut ana, _) = ana.enter(&room).await;
    let stream = TcpStream::connect(server.address).await.unwrap();
    let mut nobody =
        Socket::open(stream, server.address, "parley=rubbish", &format!("?version={VERSION}"))
            .await;
    nobody.code = Some(room.code.clone());
    let mut log = nobody.follow(room.id).await;
    for command in [
        Command::Post { room: room.id, id: MessageId::now(), body: "hi".into() },
        Command::SetName { room: room.id, name: "Bo".into() },
        Command::Leave { room: room.id },
    ] {
        let n = nobody.send(command).await;
        assert_eq!(nobody.refused().await, (Some(n), Refusal::NotAMember));
    }
    ana.post(&room, MessageId::now(), "hello").await;
    nobody.read(&mut log, 1).await;
    assert_eq!(log.here.total, 1);
}

#[tokio::test]
async fn a_slow_reader_is_closed_and_resumes_and_the_others_get_everything() {
    const POSTS: u32 = 256;
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (mut ana, mut anas) = ana.enter(&room).await;
    let mut slow = bo.connect_narrow().await;
    let mut bos = slow.follow(room.id).await;
    let body = "🐘".repeat(4000);
    for n in 1..=POSTS {
        ana.post(&room, MessageId::now(), &body).await;
        ana.read(&mut anas, n).await;
    }
    assert_eq!((anas.gaps, anas.messages.len()), (0, POSTS as usize));
    let reason = soon(async {
        loop {
            match slow.next().await {
                Ok(Event::Changes(changes)) => assert!(!bos.apply(changes)),
                Ok(_) => {}
                Err(code) => return code,
            }
        }
    });
    assert_eq!(reason.await, code(Close::Slow));
    assert!(bos.messages.len() < POSTS as usize);
    let mut back = bo.connect().await;
    back.watch(room.id, Some(bos.complete)).await;
    back.read(&mut bos, POSTS).await;
    assert_eq!(bos.messages, anas.messages);
}
