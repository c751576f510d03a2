//! Commands with something wrong in every field: each is refused as what it is, and nothing else comes
//! of it.

use futures::future::join_all;
use protocol::{Close, MessageId, PersonName, Reason, Refusal};

use crate::client::{Person, Running, Socket, code};

const NO_NUMBER: &[&str] =
    &["null", "true", "-1", "1.5", "1e3", "4294967296", r#""7""#, "[7]", "{}"];
const NO_TEXT: &[&str] = &["null", "true", "7", "[]", r#"["a"]"#, "{}"];
const NO_CHOICE: &[&str] = &["null", "0", "1", r#""true""#, "[]", "{}"];

/// A command with `?` where something is wrong, and what stands there.
const MALFORMED: &[(&str, &[&str])] = &[
    (r#"{"post":{"room":?,"id":"$ID","body":"hi"}}"#, NO_NUMBER),
    (r#"{"post":{"room":$ROOM,"id":?,"body":"hi"}}"#, NO_TEXT),
    (
        r#"{"post":{"room":$ROOM,"id":?,"body":"hi"}}"#,
        &[r#""""#, r#""x""#, r#""936da01f-9abd-4d9d-80c7-02af85c822a8""#, r#""$ID$ID""#],
    ),
    (r#"{"post":{"room":$ROOM,"id":"$ID","body":?}}"#, NO_TEXT),
    (r#"{"set_name":{"room":?,"name":"Bo"}}"#, NO_NUMBER),
    (r#"{"set_name":{"room":$ROOM,"name":?}}"#, NO_TEXT),
    (r#"{"leave":{"room":?}}"#, NO_NUMBER),
    (r#"{"typing":{"room":?,"on":true}}"#, NO_NUMBER),
    (r#"{"typing":{"room":$ROOM,"on":?}}"#, NO_CHOICE),
    (r#"{"away":{"away":?}}"#, NO_CHOICE),
    (r#"{"read":{"room":?,"seq":1}}"#, NO_NUMBER),
    (r#"{"read":{"room":$ROOM,"seq":?}}"#, NO_NUMBER),
    (r#"{"watch":{"stream":{"room":?},"since":null}}"#, NO_NUMBER),
    (
        r#"{"watch":{"stream":?,"since":null}}"#,
        &["null", "7", r#""room""#, r#""nobody""#, "[]", "{}", r#"{"room":1,"desk":1}"#],
    ),
    (
        r#"{"watch":{"stream":"person","since":?}}"#,
        &["true", "7", r#""x""#, "[]", "{}", r#"{"epoch":1}"#, r#"{"rev":1}"#],
    ),
    (r#"{"watch":{"stream":"person","since":{"epoch":?,"rev":1}}}"#, NO_NUMBER),
    (
        r#"{"watch":{"stream":"person","since":{"epoch":1,"rev":?}}}"#,
        &["null", "true", "-1", "1.5", "18446744073709551616", r#""7""#, "[7]", "{}"],
    ),
    (
        r#"{"watch":{"stream":{"room":$ROOM},"since":null,"code":?}}"#,
        &["7", "true", "[]", "{}", r#""""#, r#""K""#, r#""K_RT""#, r#""-kmrt""#],
    ),
    // A whole command, with nothing in it or with too much.
    (r#"{"post":?}"#, &["null", "7", r#""hi""#, "[]", "{}"]),
    (r#"{"leave":?}"#, &["null", "7", "{}"]),
    ("?", &["null", "true", "7", "[]", "{}", r#"{"leave":{"room":1},"away":{"away":true}}"#]),
];

async fn refused(socket: &mut Socket, n: u32, command: &str) -> Refusal {
    socket.text(&format!(r#"{{"n":{n},"command":{command}}}"#)).await;
    let (told, refusal) = socket.refused().await;
    assert_eq!(told, Some(n), "{command}");
    assert!(socket.so_far().await.is_empty(), "{command}");
    refusal
}

#[tokio::test]
async fn a_field_of_another_kind_is_malformed_and_harms_nobody() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (mut witness, mut log) = ana.enter(&room).await;
    // One who sends many such waits after each, and is closed.
    let all = MALFORMED.iter().map(async |(command, values)| {
        let mut socket = ana.connect().await;
        for (n, value) in (1..).zip(*values) {
            let text = command.replace('?', value);
            let text = text.replace("$ROOM", &room.id.0.to_string());
            let text = text.replace("$ID", &MessageId::now().to_string());
            assert_eq!(refused(&mut socket, n, &text).await, Refusal::Malformed, "{text}");
        }
    });
    join_all(all).await;
    witness.post(&room, MessageId::now(), "still here").await;
    witness.read(&mut log, 1).await;
}

#[tokio::test]
async fn what_can_be_read_and_not_done_says_why() {
    const NOWHERE: [&str; 3] = ["0", "2147483648", "4294967295"];
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (mut anas, mut log) = ana.enter(&room).await;
    let taken = MessageId::now();
    anas.post(&room, taken, "mine").await;
    anas.read(&mut log, 1).await;
    let mut socket = bo.connect().await;
    let mut n = 0;
    for nowhere in NOWHERE {
        for (command, refusal) in [
            (
                format!(r#"{{"post":{{"room":{nowhere},"id":"{taken}","body":"hi"}}}}"#),
                Refusal::NotAMember,
            ),
            (format!(r#"{{"set_name":{{"room":{nowhere},"name":"Bo"}}}}"#), Refusal::NotAMember),
            (format!(r#"{{"read":{{"room":{nowhere},"seq":1}}}}"#), Refusal::NotAMember),
            (format!(r#"{{"typing":{{"room":{nowhere},"on":true}}}}"#), Refusal::NotAMember),
            (
                format!(
                    r#"{{"watch":{{"stream":{{"room":{nowhere}}},"since":null,"code":"{}"}}}}"#,
                    room.code
                ),
                Refusal::NoSuchRoom,
            ),
            (
                format!(r#"{{"watch":{{"stream":{{"desk":{nowhere}}},"since":null}}}}"#),
                Refusal::NotAMember,
            ),
        ] {
            n += 1;
            assert_eq!(refused(&mut socket, n, &command).await, refusal, "{command}");
        }
        n += 1;
        let leave = format!(r#"{{"n":{n},"command":{{"leave":{{"room":{nowhere}}}}}}}"#);
        socket.text(&leave).await;
        assert_eq!(socket.ended().await, Reason::Left, "{leave}");
    }
    let here = room.id.0;
    let post =
        |id, body: &str| format!(r#"{{"post":{{"room":{here},"id":"{id}","body":"{body}"}}}}"#);
    let called = |name: &str| format!(r#"{{"set_name":{{"room":{here},"name":"{name}"}}}}"#);
    for (command, refusal) in [
        (post(taken, "mine"), Refusal::IdConflict),
        (post(MessageId::now(), r"\u0000\u200e "), Refusal::BodyEmpty),
        (post(MessageId::now(), &"x".repeat(4001)), Refusal::BodyTooLong { max: 4000 }),
        (called(r"\u0000"), Refusal::NameEmpty),
        (called(&"x".repeat(21)), Refusal::NameTooLong { max: 20 }),
        (called("ana"), Refusal::NameTaken { free: PersonName::parse("ana 2").ok() }),
    ] {
        n += 1;
        assert_eq!(refused(&mut socket, n, &command).await, refusal, "{command}");
    }
    assert!(anas.so_far().await.is_empty());
}

#[tokio::test]
async fn whoever_sends_sixteen_malformed_commands_is_closed_whatever_is_between_them() {
    let server = Running::start().await;
    let (ana, _, _) = Person::create(&server, "Ana").await;
    let mut socket = ana.connect().await;
    for n in 1..16 {
        let refusal = refused(&mut socket, n, r#"{"leave":{}}"#).await;
        assert_eq!(refusal, Refusal::Malformed);
    }
    socket.text(r#"{"n":16,"command":{"leave":{}}}"#).await;
    assert_eq!(socket.closed().await, code(Close::Abuse));
}
