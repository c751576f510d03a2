//! What a component knows of the connection and of the browser around it. It never sees a socket.

use protocol::{MemberId, MessageId, Place};

use crate::Aim;

/// What a person can make happen, as the browser does it. Plain functions: there is one browser.
#[derive(Clone, Copy)]
pub struct Live {
    /// Takes a message as it was typed, and the name of a visitor who joins with it. Returns
    /// whether it was taken; if not, it stays where it was typed and the reason is in the state.
    pub post: fn(body: &str, name: Option<&str>) -> bool,
    pub join: fn(name: &str),
    pub rename: fn(name: &str),
    /// Lets in one who knocks, as a host.
    pub admit: fn(MemberId),
    pub retry: fn(MessageId),
    pub discard: fn(MessageId),
    /// Gets a part of the log that is not here, and then looks there.
    pub load: fn(Place, Aim),
    /// Shows more of the people who are here.
    pub more_people: fn(),
    /// Tells whether the clipboard took the text.
    pub copy: fn(text: &str) -> bool,
    /// Whether the browser can hand a link on to another program.
    pub can_share: fn() -> bool,
    /// Lets the reader choose which.
    pub share: fn(link: &str),
    /// What was last typed in this room and not sent.
    pub draft: fn() -> String,
    /// The box has another text now, which is to be kept.
    pub typed: fn(),
    /// Characters as people count them.
    pub count: fn(text: &str) -> usize,
}
