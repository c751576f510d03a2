//! A room into which more come than is likely: from then on newcomers knock, which its hosts see, and undo if it was
//! none.

use protocol::{Act, Admission, RoomId};

use super::act;
use crate::{Server, activity, store::By};

/// After somebody joined who was never here before, and not invited.
pub(super) async fn joined(server: &Server, room: RoomId) {
    if !server.limits.is_flooded(room) {
        return;
    }
    // Nobody could let them in.
    if !matches!(server.store.is_hosted(room).await, Ok(true)) {
        return;
    }
    let act = act(server, By::Server, None, room, Act::Admission { admission: Admission::Knock });
    match act.await {
        Ok(()) => tracing::warn!(room = room.0, "so many joined that newcomers knock from now on"),
        Err(refusal) => {
            let outcome = activity::outcome(Some(&refusal));
            tracing::warn!(
                room = room.0,
                outcome,
                "so many joined, but newcomers cannot be made to knock"
            );
        }
    }
}
