//! What holds for any bytes: each panics where it does not. Tried on values of every shape by `properties.rs`, and
//! for hours by `fuzz/`.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each target is a program of its own, and panics to complain"
)]

use std::{fmt::Debug, str::from_utf8};

use protocol::{
    Body, Event, Line, Look, MessageId, Page, PageData, Password, PersonName, Place, Refusal,
    RoomCode, RoomName, TextError, decode, decode_request, encode,
    markup::{self, Piece},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// What a frame may grow by where it is written again: what was left out, and so has its default.
const DEFAULTS: usize = 256;

pub(crate) fn codec(bytes: &[u8]) {
    // What is no UTF-8 comes in no text frame.
    let Ok(text) = from_utf8(bytes) else { return };
    match decode_request(text) {
        Ok(request) => understood(text, &request),
        Err(refused) => {
            assert!(matches!(refused.refusal, Refusal::Malformed | Refusal::UnknownCommand));
        }
    }
    if let Ok(event) = decode::<Event>(text) {
        understood(text, &event);
    }
    if let Ok(page) = decode::<PageData>(text) {
        understood(text, &page);
    }
}

/// As it was said, no larger, and the same when it is read again.
fn understood<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &str, value: &T) {
    let again = encode(value);
    assert!(again.len() <= text.len() + DEFAULTS, "{text} grows to {again}");
    assert_eq!(&decode::<T>(&again).unwrap(), value, "{text}");
    let (said, kept): (Value, Value) = (decode(text).unwrap(), decode(&again).unwrap());
    assert!(is_kept(&said, &kept), "{text} is not {again}");
}

/// What is said besides what we know is passed over.
fn is_kept(said: &Value, kept: &Value) -> bool {
    match (said, kept) {
        (Value::Object(said), Value::Object(kept)) => kept.iter().all(|(name, kept)| {
            said.get(name).map_or_else(|| is_default(kept), |said| is_kept(said, kept))
        }),
        // Serde reads fields in their order, too, and a name with nothing behind it.
        (Value::Array(said), Value::Object(kept)) => {
            said.iter().all(|said| kept.values().any(|kept| is_kept(said, kept)))
        }
        (Value::Object(said), Value::String(kept)) => said.len() == 1 && said.contains_key(kept),
        (Value::Array(said), Value::Array(kept)) => {
            said.len() == kept.len()
                && said.iter().zip(kept).all(|(said, kept)| is_kept(said, kept))
        }
        (Value::String(said), Value::String(kept)) => is_same_name(said, kept),
        (said, kept) => said == kept,
    }
}

fn is_default(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(number) => number.as_u64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(values) => values.values().all(is_default),
    }
}

/// Codes and ids have more than one spelling.
fn is_same_name(said: &str, kept: &str) -> bool {
    let id = |text: &str| text.parse::<MessageId>().ok();
    said == kept
        || RoomCode::parse(said).is_some_and(|code| code.as_str() == kept)
        || id(said).is_some() && id(said) == id(kept)
}

pub(crate) fn text(bytes: &[u8]) {
    let text = &*String::from_utf8_lossy(bytes);
    let _ = parsed(text, PersonName::parse, PersonName::as_str, PersonName::MAX_BYTES);
    let _ = parsed(text, RoomName::parse, RoomName::as_str, RoomName::MAX_BYTES);
    let _ = parsed(text, Line::parse, Line::as_str, Line::MAX_BYTES);
    if let Some(body) = parsed(text, Body::parse, Body::as_str, Body::MAX_BYTES) {
        assert_eq!(Body::clean(body.as_str()), body.as_str(), "{text:?}");
    }
    if let Ok(password) = Password::parse(text) {
        assert_eq!(Password::parse(password.as_str()), Ok(password), "{text:?}");
    }
    #[cfg(feature = "server")]
    if let Ok(name) = PersonName::parse(text) {
        let skeletons = name.skeletons();
        assert!(skeletons.each().iter().all(|skeleton| !skeleton.is_empty()), "{text:?}");
        // However it is written, it is one name.
        let small: String = name.as_str().chars().flat_map(char::to_lowercase).collect();
        for cased in [small, name.as_str().to_uppercase()] {
            let cased = protocol::Skeletons::of(&cased);
            assert!(cased.are_alike(&skeletons) && skeletons.are_alike(&cased), "{text:?}");
        }
    }
    if let Some(code) = RoomCode::parse(text) {
        assert_eq!(RoomCode::parse(code.as_str()), Some(code), "{text:?}");
    }
    if let Some(page) = Page::parse(text) {
        assert_eq!(Page::parse(&page.path()), Some(page), "{text:?}");
    }
    let _ = (Place::parse(text), Look::parse(text));
}

/// What is accepted is so as it is: once more it stays the same, can be seen, and has nothing in it that hides.
fn parsed<T: Serialize + DeserializeOwned + PartialEq + Debug>(
    text: &str,
    parse: impl Fn(&str) -> Result<T, TextError>,
    as_str: impl Fn(&T) -> &str,
    most: usize,
) -> Option<T> {
    let value = parse(text).ok()?;
    let kept = as_str(&value);
    assert!(kept.len() <= most && !kept.trim().is_empty(), "{text:?}");
    let hides = |c: char| {
        c.is_control() && !matches!(c, '\n' | '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!kept.contains(hides), "{text:?} is {kept:?}");
    assert_eq!(parse(kept).as_ref(), Ok(&value), "{text:?} is {kept:?}");
    assert_eq!(decode::<T>(&encode(&value)).unwrap(), value, "{text:?}");
    Some(value)
}

pub(crate) fn markup(bytes: &[u8]) {
    let text = &*String::from_utf8_lossy(bytes);
    let (pieces, mut open, mut written) = (markup::parse(text), Vec::new(), 0);
    assert!(pieces.len() <= 8 * text.len() + 8, "{text:?} is {} pieces", pieces.len());
    for piece in pieces {
        match piece {
            Piece::Open(mark) => open.push(mark),
            Piece::Close(mark) => assert_eq!(open.pop(), Some(mark), "{text:?}"),
            Piece::Text(text) => written += text.len(),
        }
    }
    assert!(open.is_empty(), "{text:?}");
    // A link's host stands behind it.
    assert!(written <= 2 * text.len(), "{text:?} is written as {written} bytes");
    assert!(markup::plain(text).len() <= 3 * text.len(), "{text:?}");
    let _ = markup::is_big(text);
}
