//! The secret that protects sessions, as it is given.

use std::{fmt, str::FromStr};

/// Never shown.
#[derive(Clone)]
pub struct SecretKey(String);

impl SecretKey {
    const MIN: usize = 32;

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl FromStr for SecretKey {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.chars().count() < Self::MIN {
            return Err("it takes at least 32 characters");
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey")
    }
}
