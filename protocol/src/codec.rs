//! Frames as text. JSON, because it can be read, and compresses well where that counts.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Command, Refusal, Refused, Request};

/// Of the frames and of `PageData`. A change that an older client cannot read counts it up.
pub const VERSION: u32 = 6;

/// Bytes of one frame from a client. The longest valid one is a body of 16 KiB, escaped.
pub const MAX_FRAME: usize = 64 * 1024;

/// Never fails for this crate's types: their maps have string keys and nothing is infinite.
pub fn encode<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// # Errors
/// Text that is no JSON, is nested deeper than 128, or is no `T`.
pub fn decode<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(text)
}

/// A client's frame.
///
/// # Errors
/// What it is to be refused with: as malformed or, if all that is wrong is a command of another
/// version, as unknown; with its `n` where it has one.
pub fn decode_request(text: &str) -> Result<Request, Refused> {
    #[derive(Deserialize)]
    struct Stranger {
        n: Option<u32>,
        command: Option<Value>,
    }

    decode(text).map_err(|_| {
        let stranger = decode(text).unwrap_or(Stranger { n: None, command: None });
        let name = stranger.command.as_ref().and_then(name_of);
        let unknown =
            stranger.n.is_some() && name.is_some_and(|name| !Command::NAMES.contains(&name));
        let refusal = if unknown { Refusal::UnknownCommand } else { Refusal::Malformed };
        Refused { n: stranger.n, refusal }
    })
}

/// `"beat"` or `{"post": …}`.
fn name_of(command: &Value) -> Option<&str> {
    let mut names =
        command.as_object().into_iter().flat_map(|object| object.keys().map(String::as_str));
    command.as_str().or_else(|| names.next().filter(|_| names.next().is_none()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_that_is_no_request_is_refused_as_what_it_is() {
        let nested = format!(r#"{{"n":1,"command":{}{}}}"#, "[".repeat(200), "]".repeat(200));
        for (text, n, refusal) in [
            ("", None, Refusal::Malformed),
            ("hello", None, Refusal::Malformed),
            ("[]", None, Refusal::Malformed),
            (r#"{"n":1}"#, Some(1), Refusal::Malformed),
            (r#"{"n":-1,"command":"beat"}"#, None, Refusal::Malformed),
            (r#"{"command":"beat"}"#, None, Refusal::Malformed),
            (r#"{"command":"fly"}"#, None, Refusal::Malformed),
            (r#"{"n":2,"command":{"post":{"room":"x"}}}"#, Some(2), Refusal::Malformed),
            (r#"{"n":2,"command":{"fly":{},"swim":{}}}"#, Some(2), Refusal::Malformed),
            (r#"{"n":3,"command":{"fly":{"room":1}}}"#, Some(3), Refusal::UnknownCommand),
            (r#"{"n":4,"command":"fly"}"#, Some(4), Refusal::UnknownCommand),
            (&nested, None, Refusal::Malformed),
        ] {
            assert_eq!(decode_request(text), Err(Refused { n, refusal }), "{text}");
        }
        assert_eq!(
            decode_request(r#"{"n":5,"command":"beat"}"#),
            Ok(Request { n: 5, command: Command::Beat })
        );
    }
}
