//! Parts of a room's log: which one an address means, and the log as values, page by page.

use axum::{
    extract::{Extension, Path, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse, Redirect, Response},
};
use protocol::{Look, Page, Place, Refusal, RoomPage, View};

use super::{
    pages::{enter, look, value},
    whence::Whence,
};
use crate::{Shared, clock, store::Slice};

/// As open as the room's page. Each answer has the point that it was read at, so that whoever
/// follows the room can tell which of their values are newer.
pub(super) async fn history(
    State(server): State<Shared>,
    Extension(whence): Extension<Whence>,
    Path(code): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let page = async {
        let place = Place::parse(uri.query().unwrap_or_default());
        let slice = slice(&place.map_err(|_| Refusal::Malformed)?, &look(&headers))?;
        let (_, entry) = enter(&server, &whence, &headers, &code).await?;
        Ok::<RoomPage, Refusal>(server.store.page(entry.room.id, slice).await?)
    };
    value(page.await)
}

/// # Errors
/// A day that no calendar has.
pub(super) fn slice(place: &Place, look: &Look) -> Result<Slice, Refusal> {
    Ok(match place {
        Place::Start | Place::Newest => Slice::Newest,
        Place::Before(seq) => Slice::Before(*seq),
        Place::After(seq) => Slice::After(*seq),
        Place::At(seq) => Slice::Around(*seq),
        Place::On(day) => {
            Slice::From(clock::begins(look.zone.as_ref(), day).ok_or(Refusal::Malformed)?)
        }
    })
}

/// On to the first message of the day.
pub(super) fn day(view: &View) -> Response {
    let path = match view {
        View::Room(view) => {
            let RoomPage { room, found, .. } = &view.page;
            let page = || Page::Room(room.code.clone()).path();
            found.map_or_else(page, |seq| Page::message(&room.code, seq))
        }
        View::Lobby(_)
        | View::NewRoom(_)
        | View::Door(_)
        | View::Settings(_)
        | View::Desk(_)
        | View::Rules(_)
        | View::Person(_)
        | View::Message(_)
        | View::Devices(_)
        | View::Arrival(_) => Page::Lobby.path(),
    };
    Redirect::to(&path).into_response()
}
