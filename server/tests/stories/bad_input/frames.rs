//! Bytes that are no frames, and frames in pieces or in heaps.

use protocol::{Close, Command, MAX_FRAME, MessageId, Refusal, Request, RoomId, encode};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::client::{Person, Running, Socket, code, soon};

/// First bytes of frames (RFC 6455, 5.2).
const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;
const PING: u8 = 0x89;
const BEGIN: u8 = 0x01;
const GO_ON: u8 = 0x00;
const END: u8 = 0x80;

/// A client's frame, with a mask that changes nothing.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match u8::try_from(payload.len()) {
        Ok(length @ ..=125) => frame.push(0x80 | length),
        _ => {
            frame.push(0x80 | 126);
            frame.extend(u16::try_from(payload.len()).unwrap().to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

/// One text in pieces of so many bytes, with a ping before each but the first.
fn pieces(text: &str, size: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let count = text.len().div_ceil(size);
    for (nth, piece) in text.as_bytes().chunks(size).enumerate() {
        let first = if nth == 0 { BEGIN } else { GO_ON };
        if nth > 0 {
            bytes.extend(frame(PING, b"still there?"));
        }
        bytes.extend(frame(if nth + 1 == count { first | END } else { first }, piece));
    }
    bytes
}

/// A socket, and the line below it for bytes of any kind.
async fn open(person: &Person) -> (Socket, TcpStream) {
    let line = TcpStream::connect(person.address).await.unwrap().into_std().unwrap();
    let bytes = TcpStream::from_std(line.try_clone().unwrap()).unwrap();
    (person.open(TcpStream::from_std(line).unwrap()).await, bytes)
}

#[tokio::test]
async fn what_is_no_frame_ends_the_connection_with_a_code() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (mut witness, mut log) = ana.enter(&room).await;
    let half = vec![b'x'; MAX_FRAME / 2 + 1];
    let cases = [
        ("HTTP", Close::Protocol, b"GET / HTTP/1.1\r\nhost: here\r\n\r\n".to_vec()),
        ("what is not masked", Close::Protocol, vec![TEXT, 2, b'{', b'}']),
        ("bits that are reserved", Close::Protocol, frame(TEXT | 0x40, b"{}")),
        ("a kind that is reserved", Close::Protocol, frame(0x83, b"{}")),
        ("a sign that is reserved", Close::Protocol, frame(0x8b, b"{}")),
        ("the end of nothing", Close::Protocol, frame(GO_ON | END, b"{}")),
        (
            "a text within a text",
            Close::Protocol,
            [frame(BEGIN, b"{"), frame(TEXT, b"{}")].concat(),
        ),
        ("a ping in pieces", Close::Protocol, frame(PING & !END, b"?")),
        ("a long ping", Close::Protocol, frame(PING, &[b'?'; 126])),
        ("what is not UTF-8", Close::NotText, frame(TEXT, b"\"\xc3\"")),
        (
            "what is not UTF-8, in pieces",
            Close::NotText,
            [frame(BEGIN, b"\"\xf0\x9f"), frame(GO_ON | END, b"\"")].concat(),
        ),
        ("a binary one", Close::Unsupported, frame(BINARY, b"{}")),
        (
            "a binary one in pieces",
            Close::Unsupported,
            [frame(BINARY & !END, b"{"), frame(GO_ON | END, b"}")].concat(),
        ),
        (
            "a length of all that there is",
            Close::TooBig,
            [&[TEXT, 0xff], &[0xff; 8][..], &[0; 4]].concat(),
        ),
        ("too much in pieces", Close::TooBig, [frame(BEGIN, &half), frame(GO_ON, &half)].concat()),
    ];
    for (what, close, bytes) in cases {
        let (mut socket, mut line) = open(&ana).await;
        line.write_all(&bytes).await.unwrap();
        assert_eq!(socket.closed().await, code(close), "{what}");
    }
    witness.post(&room, MessageId::now(), "still here").await;
    witness.read(&mut log, 1).await;
}

#[tokio::test]
async fn a_command_in_pieces_is_a_command() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (mut witness, mut log) = ana.enter(&room).await;
    let (mut socket, mut line) = open(&ana).await;
    for (n, size) in (1..).zip([1, 2, 3, 7, 1000]) {
        let body = format!("🐘 {size}");
        let command = Command::Post { room: room.id, id: MessageId::now(), body };
        line.write_all(&pieces(&encode(&Request { n, command }), size)).await.unwrap();
        assert_eq!(socket.changes().await.values.len(), 2);
        witness.read(&mut log, n).await;
    }
    assert_eq!(log.bodies(), ["🐘 1", "🐘 2", "🐘 3", "🐘 7", "🐘 1000"]);
}

#[tokio::test]
async fn ten_thousand_commands_in_one_write_are_answered_in_order() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (mut witness, mut log) = ana.enter(&room).await;
    let (mut socket, mut line) = open(&ana).await;
    let command =
        |n| encode(&Request { n, command: Command::Typing { room: RoomId(0), on: true } });
    let heap: Vec<u8> = (1..=10_000).flat_map(|n| frame(TEXT, command(n).as_bytes())).collect();
    let writing = tokio::spawn(async move { line.write_all(&heap).await });
    for n in 1..=10_000 {
        assert_eq!(socket.refused().await, (Some(n), Refusal::NotAMember));
        if n % 2500 == 0 {
            witness.post(&room, MessageId::now(), "meanwhile").await;
            witness.read(&mut log, n / 2500).await;
        }
    }
    soon(writing).await.unwrap().unwrap();
    assert!(socket.so_far().await.is_empty());
}
