//! Who is here, a page at a time, for whoever may read the room. Always values: without a script the
//! page of the room names the first ones.

use axum::{
    Json,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderValue, header::CACHE_CONTROL},
    response::{IntoResponse, Response},
};
use protocol::{Here, MemberId, Refusal, RoomCode};
use serde::Deserialize;

use super::pages::{ROBOTS, refused};
use crate::{Server, Shared, session, store::Door};

#[derive(Deserialize)]
pub(super) struct Asked {
    after: Option<MemberId>,
}

pub(super) async fn people(
    State(server): State<Shared>,
    Path(code): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let asked = asked.map(|Query(asked)| asked).map_err(|_| Refusal::Malformed);
    let page = async { page(&server, &headers, &code, asked?).await };
    let mut response = match page.await {
        Ok(page) => Json(page).into_response(),
        Err(refusal) => refused(&refusal),
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(ROBOTS, HeaderValue::from_static("noindex"));
    response
}

async fn page(
    server: &Server,
    headers: &HeaderMap,
    code: &str,
    asked: Asked,
) -> Result<Here, Refusal> {
    let code = RoomCode::parse(code).ok_or(Refusal::NoSuchRoom)?;
    let person = session::person(server, headers).await?.map(|person| person.id);
    let entry = server.store.entry(Door::Code(code), person).await?.ok_or(Refusal::NoSuchRoom)?;
    let me = entry.member.map(|member| member.id);
    Ok(server.presence.page(entry.room.id, me, asked.after))
}
