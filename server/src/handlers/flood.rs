//! A room into which more come than is likely: from then on newcomers knock, which its hosts see, and undo if it was
//! none.

use protocol::{Act, Admission, Refusal, RoomId};

use super::act;
use crate::{Server, store::By};

/// After somebody joined who was not invited.
pub(super) async fn joined(server: &Server, room: RoomId) {
    if !server.limits.is_flooded(room) {
        return;
    }
    let act = act(server, By::Server, room, Act::Admission { admission: Admission::Knock });
    match act.await {
        Ok(()) => tracing::warn!(room = room.0, "so many joined that newcomers knock from now on"),
        // Nobody could let them in.
        Err(Refusal::LastHost) => {}
        Err(refusal) => tracing::warn!(room = room.0, ?refusal, "a flood goes on"),
    }
}
