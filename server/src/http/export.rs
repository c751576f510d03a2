//! A room as a file, for whoever is in it. Values that a browser saves and never shows: nothing that
//! somebody wrote may become a page of ours.

use axum::{
    body::Body,
    extract::{Path, State},
    http::{
        HeaderMap, HeaderValue,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, VARY},
    },
    response::{IntoResponse, Response},
};
use futures::TryStreamExt;
use protocol::{Refusal, RoomCode};

use super::{
    pages::{ROBOTS, enter, look},
    sorry,
};
use crate::{
    Shared,
    export::{Format, export},
    store::StoreError,
};

pub(super) async fn get(
    State(server): State<Shared>,
    Path((code, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let file = async {
        let format = Format::ALL.into_iter().find(|format| file == format.suffix());
        let format = format.ok_or(Refusal::NoSuchRoom)?;
        let (_, entry) = enter(&server, &headers, &code).await?;
        entry.member.ok_or(Refusal::NotAMember)?;
        let first = server.store.newest(entry.room.id).await?;
        let name = name(&entry.room.code, format);
        let parts = export(server.clone(), first, look(&headers), format);
        // What cannot be read any more ends the answer before its end: the browser says that it failed.
        let body = Body::from_stream(parts.inspect_err(broken));
        Ok::<_, Refusal>((name, format, body))
    };
    match file.await {
        Ok((name, format, body)) => {
            let kept = [
                (CONTENT_TYPE, HeaderValue::from_static(format.media())),
                (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
                (VARY, HeaderValue::from_static("cookie")),
                (ROBOTS, HeaderValue::from_static("noindex")),
            ];
            (kept, [(CONTENT_DISPOSITION, name)], body).into_response()
        }
        Err(refusal) => sorry::page(&refusal, None),
    }
}

fn name(code: &RoomCode, format: Format) -> String {
    format!("attachment; filename=\"parley-{code}.{}\"", format.suffix())
}

fn broken(error: &StoreError) {
    tracing::warn!(%error, "an export ends early");
}
