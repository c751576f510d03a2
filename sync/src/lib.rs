//! What every client does with what it hears and with what it has to say, by the rules of
//! `docs/protocol.md`: the window of the log, the outbox, the lists of rooms, and when to connect. Pure: it owns no
//! socket, no storage and no clock. The browser's side runs on it, and so do the people of `swarm`.

mod confirmed;
mod desk;
mod line;
mod open;
mod outbox;
mod rooms;

pub use confirmed::{Confirmed, Heard, MAX_WINDOW};
pub use desk::Desk;
pub use line::{Action, Input, Line, Status};
pub use open::OpenRooms;
pub use outbox::{Entry, Outbox};
pub use rooms::Rooms;
