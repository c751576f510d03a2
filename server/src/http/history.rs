//! Parts of a room's log: which one an address means, and the log as values, page by page.

use axum::{
    Json,
    extract::{Path, State},
    http::{
        HeaderMap, HeaderValue, Uri,
        header::{CACHE_CONTROL, VARY},
    },
    response::{IntoResponse, Redirect, Response},
};
use protocol::{Look, Page, Place, Refusal, RoomCode, RoomPage, View};

use super::pages::{look, refused};
use crate::{
    Shared, clock, session,
    store::{Door, Slice},
};

/// As open as the room's page. Each answer has the point that it was read at, so that whoever
/// follows the room can tell which of their values are newer.
pub(super) async fn history(
    State(server): State<Shared>,
    Path(code): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let page = async {
        let place = Place::parse(uri.query().unwrap_or_default());
        let slice = slice(&place.map_err(|_| Refusal::Malformed)?, &look(&headers))?;
        let code = RoomCode::parse(&code).ok_or(Refusal::NoSuchRoom)?;
        let person = session::person(&server, &headers).await?.map(|person| person.id);
        let entry = server.store.entry(Door::Code(code), person).await?;
        let room = entry.ok_or(Refusal::NoSuchRoom)?.room.id;
        Ok::<RoomPage, Refusal>(server.store.page(room, slice).await?)
    };
    let mut response = match page.await {
        Ok(page) => Json(page).into_response(),
        Err(refusal) => refused(&refusal),
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("cookie"));
    response
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
        View::Lobby(_) | View::Door { .. } | View::Settings => Page::Lobby.path(),
    };
    Redirect::to(&path).into_response()
}
