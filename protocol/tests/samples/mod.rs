//! Values for the tests of the wire.

#![allow(unreachable_pub, dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::{collections::BTreeSet, fmt::Debug};

use protocol::*;
use serde::{Serialize, de::DeserializeOwned};

pub const ROOM: Audience = Audience::Room(RoomId(7));

pub fn id() -> MessageId {
    "018f4d1e-8c5a-7b3e-9f21-6a0d4c2b8e17".parse().unwrap()
}

pub fn code() -> RoomCode {
    RoomCode::parse("KMRT").unwrap()
}

pub fn ana() -> Member {
    Member { id: MemberId(3), name: PersonName::parse("Ana").unwrap(), role: Role::Member, rev: 40 }
}

pub fn bo() -> Member {
    Member { id: MemberId(1), name: PersonName::parse("Bo").unwrap(), role: Role::Host, rev: 0 }
}

pub fn present(member: Member, away: bool) -> Present {
    Present { member, away }
}

pub fn room() -> Room {
    Room {
        id: RoomId(7),
        code: code(),
        name: RoomName::parse("Tea").ok(),
        listed: false,
        lifetime: Lifetime::Month,
        rules: Rules::default(),
        rev: 1,
    }
}

pub fn link() -> RoomLink {
    RoomLink { id: RoomId(7), code: code(), name: room().name, unread: 3, head: 12 }
}

pub fn open() -> OpenRoom {
    OpenRoom { code: code(), name: room().name, here: 2, last_at: 1_715_270_000_000 }
}

pub fn message() -> Message {
    Message {
        id: id(),
        seq: 12,
        rev: 42,
        version: 1,
        author: MemberId(3),
        content: Content::Text(Body::parse("Hello").unwrap()),
        created_at: 1_715_270_000_000,
    }
}

pub fn membership() -> Membership {
    Membership { room: RoomId(7), joined: true, read: 12, muted: None, rev: 5 }
}

pub fn page() -> RoomPage {
    let at = Point { epoch: 1, rev: 42 };
    RoomPage {
        room: room(),
        messages: vec![message()],
        members: vec![ana()],
        head: 12,
        found: None,
        at,
    }
}

/// As it is on the wire; the compiler asks for a new one.
fn json(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Malformed => r#""malformed""#,
        Refusal::UnknownCommand => r#""unknown_command""#,
        Refusal::NoSuchRoom => r#""no_such_room""#,
        Refusal::NotAMember => r#""not_a_member""#,
        Refusal::NameEmpty => r#""name_empty""#,
        Refusal::NameTooLong { .. } => r#"{"name_too_long":{"max":20}}"#,
        Refusal::NameTaken { .. } => r#"{"name_taken":{"free":"Ana 2"}}"#,
        Refusal::RoomNameTooLong { .. } => r#"{"room_name_too_long":{"max":30}}"#,
        Refusal::NameReserved => r#""name_reserved""#,
        Refusal::RoomNameReserved => r#""room_name_reserved""#,
        Refusal::BodyEmpty => r#""body_empty""#,
        Refusal::BodyTooLong { .. } => r#"{"body_too_long":{"max":4000}}"#,
        Refusal::IdConflict => r#""id_conflict""#,
        Refusal::RoomFull => r#""room_full""#,
        Refusal::KnockFirst => r#""knock_first""#,
        Refusal::TooManyKnock { .. } => r#"{"too_many_knock":{"retry_ms":60000}}"#,
        Refusal::PasswordNeeded => r#""password_needed""#,
        Refusal::PasswordWrong => r#""password_wrong""#,
        Refusal::PasswordLength { .. } => r#"{"password_length":{"min":4,"max":64}}"#,
        Refusal::LinkVoid => r#""link_void""#,
        Refusal::Locked => r#""locked""#,
        Refusal::Barred { .. } => r#"{"barred":{"until":1715270000000}}"#,
        Refusal::Muted { .. } => r#"{"muted":{"until":1715270000000}}"#,
        Refusal::HostsOnly => r#""hosts_only""#,
        Refusal::NotAHost => r#""not_a_host""#,
        Refusal::LastHost => r#""last_host""#,
        Refusal::NoSuchMember => r#""no_such_member""#,
        Refusal::NoSuchMessage => r#""no_such_message""#,
        Refusal::LineTooLong { .. } => r#"{"line_too_long":{"max":120}}"#,
        Refusal::TooManyStreams { .. } => r#"{"too_many_streams":{"max":16}}"#,
        Refusal::TooFast { .. } => r#"{"too_fast":{"retry_ms":600}}"#,
        Refusal::Busy { .. } => r#"{"busy":{"retry_ms":1000}}"#,
        Refusal::Internal { .. } => r#"{"internal":{"id":"9f3c01ab"}}"#,
    }
}

/// Every refusal.
pub fn refusals() -> Vec<(Refusal, &'static str)> {
    let all = [
        Refusal::Malformed,
        Refusal::UnknownCommand,
        Refusal::NoSuchRoom,
        Refusal::NotAMember,
        Refusal::NameEmpty,
        Refusal::NameTooLong { max: PersonName::MAX },
        Refusal::NameTaken { free: PersonName::parse("Ana 2").ok() },
        Refusal::NameReserved,
        Refusal::RoomNameTooLong { max: RoomName::MAX },
        Refusal::RoomNameReserved,
        Refusal::BodyEmpty,
        Refusal::BodyTooLong { max: Body::MAX },
        Refusal::IdConflict,
        Refusal::RoomFull,
        Refusal::KnockFirst,
        Refusal::TooManyKnock { retry_ms: 60_000 },
        Refusal::PasswordNeeded,
        Refusal::PasswordWrong,
        Refusal::PasswordLength { min: Password::MIN, max: Password::MAX },
        Refusal::LinkVoid,
        Refusal::Locked,
        Refusal::Barred { until: 1_715_270_000_000 },
        Refusal::Muted { until: 1_715_270_000_000 },
        Refusal::HostsOnly,
        Refusal::NotAHost,
        Refusal::LastHost,
        Refusal::NoSuchMember,
        Refusal::NoSuchMessage,
        Refusal::LineTooLong { max: Line::MAX },
        Refusal::TooManyStreams { max: 16 },
        Refusal::TooFast { retry_ms: 600 },
        Refusal::Busy { retry_ms: 1000 },
        Refusal::Internal { id: "9f3c01ab".into() },
    ];
    all.into_iter().map(|refusal| (refusal.clone(), json(&refusal))).collect()
}

/// One value and its JSON, both ways, and whether the document has it.
pub fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, json: &str) {
    assert_eq!(encode(value), json);
    assert_eq!(decode::<T>(json).unwrap(), *value);
    assert!(document().contains(json), "docs/protocol.md lacks\n{json}");
}

pub fn document() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/protocol.md");
    std::fs::read_to_string(path).unwrap()
}

pub fn check_command(n: u32, command: Command, json: &str) {
    let request = Request { n, command };
    assert_eq!(decode_request(json).as_ref(), Ok(&request));
    check(&request, json);
}

/// Of an enum, all that serde reads, as they are called on the wire: it lists them where it finds another.
pub fn variants<T: DeserializeOwned + Debug>() -> BTreeSet<String> {
    let error = decode::<T>(r#""?""#).unwrap_err().to_string();
    let (_, expected) = error.split_once("expected ").unwrap();
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// As which of them a value is written.
pub fn variant<T: Serialize>(value: &T) -> String {
    encode(value).split('"').nth(1).unwrap().to_owned()
}
