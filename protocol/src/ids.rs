//! Names of things. Each is parsed once at the edge and valid from then on.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A room for ever: never reused, unlike its code. At most 2³¹ − 1, so that room and place fit one
/// 64-bit key in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoomId(pub u32);

/// An author within one room, counted from 1. It says nothing of who the same person is elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MemberId(pub u32);

/// A UUID of version 7 (RFC 9562), made by the author's client: the key of the row on screen, of
/// the outbox and of a retry. Sorts by the time it was made, on one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Uuid", into = "Uuid")]
pub struct MessageId(Uuid);

impl MessageId {
    /// A new id, from the clock and the random numbers of where it runs.
    pub fn now() -> Self {
        Self(Uuid::now_v7())
    }

    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl TryFrom<Uuid> for MessageId {
    type Error = &'static str;

    fn try_from(id: Uuid) -> Result<Self, Self::Error> {
        if id.get_version_num() == 7 { Ok(Self(id)) } else { Err("not a UUID of version 7") }
    }
}

impl TryFrom<[u8; 16]> for MessageId {
    type Error = &'static str;

    fn try_from(bytes: [u8; 16]) -> Result<Self, Self::Error> {
        Uuid::from_bytes(bytes).try_into()
    }
}

impl From<MessageId> for Uuid {
    fn from(id: MessageId) -> Self {
        id.0
    }
}

impl FromStr for MessageId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::try_parse(text).map_err(|_| "not a UUID")?.try_into()
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is secret in a link that lets somebody in: whoever makes one chooses it by chance. It stands in no log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LinkKey(String);

impl LinkKey {
    /// Letters, figures, `-` and `_`: 22 to 64 of them, for 128 random bits and more.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        ((22..=64).contains(&text.len()) && text.bytes().all(plain)).then(|| Self(text.to_owned()))
    }

    /// In its place where it must not stand.
    pub fn hidden() -> Self {
        Self(String::new())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for LinkKey {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.is_empty() {
            Ok(Self::hidden())
        } else {
            Self::parse(&text).ok_or("not a link's key")
        }
    }
}

impl From<LinkKey> for String {
    fn from(key: LinkKey) -> Self {
        key.0
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey")
    }
}

/// The address of a room. An address, not a secret. Either one that people say and type: four or five of
/// 22 letters, upper case; or, for a room that is always there, a name in small letters, as `general`, which
/// is never of that shape.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoomCode(String);

impl RoomCode {
    /// Without I, L, O and Q, which are mistaken for other letters and figures.
    pub const ALPHABET: &[u8; 22] = b"ABCDEFGHJKMNPRSTUVWXYZ";

    /// In any letter case, with space around it.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let code = text.to_ascii_uppercase();
        let letters =
            matches!(code.len(), 4 | 5) && code.bytes().all(|b| Self::ALPHABET.contains(&b));
        if letters { Some(Self(code)) } else { Self::named(text) }
    }

    /// Letters a to z, figures, and between them hyphens; 2 to 30 in all.
    fn named(text: &str) -> Option<Self> {
        let name = text.to_ascii_lowercase();
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        let valid = (2..=30).contains(&name.len())
            && name.bytes().all(plain)
            && !name.starts_with('-')
            && !name.ends_with('-');
        valid.then_some(Self(name))
    }

    /// Whether it is one of those that are said and typed.
    pub fn is_letters(&self) -> bool {
        self.0.bytes().all(|b| b.is_ascii_uppercase())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RoomCode {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a room code")
    }
}

impl From<RoomCode> for String {
    fn from(code: RoomCode) -> Self {
        code.0
    }
}

impl fmt::Display for RoomCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_in_any_case_as_letters_or_as_a_name() {
        for (text, code) in [
            ("KMRT", Some("KMRT")),
            (" kmrt\n", Some("KMRT")),
            ("KmRtS", Some("KMRTS")),
            ("OMRT", Some("omrt")),
            (" General ", Some("general")),
            ("2nd-Floor", Some("2nd-floor")),
            ("a", None),
            ("-general", None),
            ("general-", None),
            ("gene_ral", None),
            ("a-name-of-more-than-thirty-letters", None),
            ("ÄMRT", None),
            ("KM RT", None),
            ("", None),
        ] {
            assert_eq!(RoomCode::parse(text).as_ref().map(RoomCode::as_str), code, "{text:?}");
        }
    }

    #[test]
    fn only_a_uuid_of_version_7_is_a_message_id() {
        let id = MessageId::now();
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in [
            "",
            "x",
            "00000000-0000-0000-0000-000000000000",
            "936da01f-9abd-4d9d-80c7-02af85c822a8",
        ] {
            assert!(text.parse::<MessageId>().is_err(), "{text:?}");
        }
    }
}
