//! What goes over a WebSocket at once (RFC 6455, 5.2): whole, unmasked, as servers send it, and with its head
//! before it. It is made once, and every clone is the same bytes, up to the socket.

use std::fmt::{Display, Formatter, Result};

use axum::body::Bytes;

/// Bytes of the longest head.
const HEAD: usize = 10;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame(Bytes);

#[derive(Clone, Copy)]
enum Kind {
    Text = 1,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

impl Frame {
    fn new(kind: Kind, payload: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(HEAD + payload.len());
        // Its last part too.
        bytes.push(0x80 | kind as u8);
        match payload.len() {
            short @ ..126 => bytes.push(short as u8),
            middle @ ..0x1_0000 => {
                bytes.push(126);
                bytes.extend((middle as u16).to_be_bytes());
            }
            long => {
                bytes.push(127);
                bytes.extend((long as u64).to_be_bytes());
            }
        }
        bytes.extend(payload);
        Self(bytes.into())
    }

    /// With the code that says why, if there is one.
    #[must_use]
    pub fn close(code: Option<u16>) -> Self {
        Self::new(Kind::Close, code.map(u16::to_be_bytes).as_ref().map_or(&[], <[u8; 2]>::as_slice))
    }

    #[must_use]
    pub fn ping() -> Self {
        Self::new(Kind::Ping, &[])
    }

    /// It says back what the ping said.
    #[must_use]
    pub fn pong(said: &[u8]) -> Self {
        Self::new(Kind::Pong, said)
    }

    /// Bytes on the wire.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "none is: each has a head")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl From<String> for Frame {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&str> for Frame {
    fn from(text: &str) -> Self {
        Self::new(Kind::Text, text.as_bytes())
    }
}

/// What it says, without its head.
impl Display for Frame {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        let head = match self.0.get(1) {
            Some(126) => 4,
            Some(127) => HEAD,
            Some(_) | None => 2,
        };
        out.write_str(&String::from_utf8_lossy(&self.0[head..]))
    }
}
