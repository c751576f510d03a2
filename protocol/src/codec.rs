//! Frames as text. JSON, because it can be read, and compresses well where that counts.

use serde::{Serialize, de::DeserializeOwned};

/// Of the frames and of `PageData`. A change that an older client cannot read counts it up.
pub const VERSION: u32 = 1;

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
