//! Who is here, a page at a time, for whoever may read the room. Always values: without a script the
//! page of the room names the first ones.

use axum::{
    extract::{Extension, Path, Query, State, rejection::QueryRejection},
    http::HeaderMap,
    response::Response,
};
use protocol::{Here, MemberId, Refusal};
use serde::Deserialize;

use super::{
    pages::{enter, value},
    whence::Whence,
};
use crate::Shared;

#[derive(Deserialize)]
pub(super) struct Asked {
    after: Option<MemberId>,
}

pub(super) async fn people(
    State(server): State<Shared>,
    Extension(whence): Extension<Whence>,
    Path(code): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let page = async {
        let Query(Asked { after }) = asked.map_err(|_| Refusal::Malformed)?;
        let (_, entry) = enter(&server, &whence, &headers, &code).await?;
        let me = entry.member.map(|member| member.id);
        Ok::<Here, Refusal>(server.presence.page(entry.room.id, me, after))
    };
    value(page.await)
}
