//! How what is durable reaches everyone who follows it: streams and their followers, the one
//! publisher, commits made into frames, and what waits to be written to a connection. It knows no
//! socket and no database. With the feature `shuttle` it is played in `tests/simulation`.

mod batch;
mod frame;
mod hub;
mod outgoing;
mod stream;
mod wait;

pub use frame::Frame;
pub use hub::{Attention, ConnectionId, Hub, publish, tell_news};
pub use outgoing::{End, FRAMES, Outgoing, PATIENCE, Sink};
pub use stream::{Commit, PersonId, SessionId, Stream};
