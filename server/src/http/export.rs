//! A room as a file, for whoever is in it. Values that a browser saves and never shows: nothing that
//! somebody wrote may become a page of ours.

use axum::{
    body::Body,
    extract::{Extension, Path, State},
    http::{
        HeaderMap, HeaderValue,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use futures::TryStreamExt;
use protocol::{Refusal, RoomCode};

use super::{
    fields::wants_json,
    pages::{enter_as, for_its_reader, look, refused, show, words},
    whence::Whence,
};
use crate::{
    Shared,
    activity::Did,
    export::{Format, Reader, export},
    session,
    store::StoreError,
};

pub(super) async fn get(
    State(server): State<Shared>,
    Extension(whence): Extension<Whence>,
    Path((code, format)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let file = async {
        let known = Format::ALL.into_iter().find(|known| format == known.suffix());
        // There is no such address.
        let format = known.ok_or(Refusal::NoSuchRoom)?;
        let known = session::who(&server, &headers).await?.known();
        let person = known.as_ref().map(|known| &known.person);
        let entry = enter_as(&server, &whence, person, &code).await?;
        let known = entry.member.and(known).ok_or(Refusal::NotAMember)?;
        let first = server.store.newest(entry.room.id).await?;
        let name = name(&entry.room.code, format);
        let did = Did::new(&server, Some(known.person.id), Some(entry.room.id), None);
        let reader = Reader { person: known.person.id, session: known.session, whence };
        let parts = export(server.clone(), first, reader, look(&headers), words(&headers), format)?;
        // What cannot be read any more ends the answer before its end: the browser says that it failed.
        let body = Body::from_stream(parts.inspect_err(broken));
        Ok::<_, Refusal>((name, format, body, did))
    };
    match file.await {
        Ok((name, format, body, did)) => {
            let media = HeaderValue::from_static(format.media());
            let mut response =
                ([(CONTENT_TYPE, media)], [(CONTENT_DISPOSITION, name)], body).into_response();
            for_its_reader(&mut response);
            response.extensions_mut().insert(did);
            response
        }
        Err(refusal) if wants_json(&headers) => refused(&refusal),
        Err(refusal) => show(&headers, false, Err(refusal)).await,
    }
}

fn name(code: &RoomCode, format: Format) -> String {
    format!("attachment; filename=\"parley-{code}.{}\"", format.suffix())
}

fn broken(error: &StoreError) {
    tracing::warn!(%error, "an export ends early");
}
