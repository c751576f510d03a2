//! What people type: parsed once, then valid. Serde reads it with a cheap check only, so that what
//! the server accepted is never refused by a client that counts differently.

use serde::{Deserialize, Serialize};

mod clean;
#[cfg(feature = "server")]
mod skeletons;

use clean::{Lines, clean, visible_length};
#[cfg(feature = "server")]
pub use skeletons::Skeletons;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    Empty,
    /// Over `max` characters as people count them, or over the bytes that those may take.
    TooLong {
        max: u32,
    },
}

/// What a length is limited to: characters as people see them (UAX #29), and bytes of UTF-8.
struct Limit {
    characters: u32,
    bytes: usize,
}

impl Limit {
    fn check(&self, text: String) -> Result<String, TextError> {
        if text.len() > self.bytes || visible_length(&text) > self.characters as usize {
            return Err(TextError::TooLong { max: self.characters });
        }
        if clean::is_blank(&text) { Err(TextError::Empty) } else { Ok(text) }
    }
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $lines:expr, $characters:literal, $bytes:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Characters, as people count them.
            pub const MAX: u32 = $characters;
            /// Of UTF-8, whatever characters they make.
            pub const MAX_BYTES: usize = $bytes;
            const LIMIT: Limit = Limit { characters: Self::MAX, bytes: Self::MAX_BYTES };

            /// Normalised (NFC on the server), without control characters and marks of direction.
            ///
            /// # Errors
            /// Nothing visible is left, or too much.
            pub fn parse(text: &str) -> Result<Self, TextError> {
                // Bounds the work on what nobody typed.
                if text.len() > 16 * Self::LIMIT.bytes {
                    return Err(TextError::TooLong { max: Self::MAX });
                }
                Self::LIMIT.check(clean(text, $lines)).map(Self)
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = &'static str;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                let fits = !text.is_empty() && text.len() <= Self::LIMIT.bytes;
                if fits { Ok(Self(text)) } else { Err("empty or too long") }
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }
    };
}

text!(
    /// What somebody is called in a room: one line.
    PersonName, Lines::One, 20, 80
);
text!(
    /// What a room is called: one line.
    RoomName, Lines::One, 30, 120
);
text!(
    /// A few words about a room, or to its hosts: one line.
    Line, Lines::One, 120, 480
);
text!(
    /// What a message says.
    Body, Lines::Many, 4000, 16 * 1024
);

/// What opens a room, as it was typed. It stands in no log: neither in the server's nor in the desk's.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// Characters, as people count them.
    pub const MIN: u32 = 4;
    pub const MAX: u32 = 64;
    const MAX_BYTES: usize = 512;

    /// Normalised (NFC on the server), for keyboards differ.
    ///
    /// # Errors
    /// Too short or too long.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let limit = Limit { characters: Self::MAX, bytes: Self::MAX_BYTES };
        if text.len() > 16 * Self::MAX_BYTES {
            return Err(TextError::TooLong { max: Self::MAX });
        }
        let text = limit.check(clean(text, Lines::One))?;
        if visible_length(&text) < Self::MIN as usize {
            Err(TextError::Empty)
        } else {
            Ok(Self(text))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In its place where it must not stand.
    pub fn hidden() -> Self {
        Self(String::new())
    }

    /// What it is kept as.
    pub fn kept(hash: String) -> Self {
        Self(hash)
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

impl Body {
    /// What `parse` counts: without what nobody would see.
    pub fn clean(text: &str) -> String {
        clean(text, Lines::Many)
    }
}

#[cfg(feature = "server")]
impl PersonName {
    pub fn skeletons(&self) -> Skeletons {
        Skeletons::of(&self.0)
    }
}

#[cfg(feature = "server")]
impl RoomName {
    pub fn skeletons(&self) -> Skeletons {
        Skeletons::of(&self.0)
    }
}

#[cfg(test)]
mod tests;
