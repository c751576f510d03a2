//! The fields of a form, what kind of answer its sender wants, and what a refusal is in HTTP.

use axum::{
    Form,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header::ACCEPT},
};
use protocol::{Body, Refusal};
use serde::de::DeserializeOwned;

use crate::Shared;

/// A form, or why it cannot be read: handlers answer that like any other refusal.
pub(super) struct Fields<T>(pub(super) Result<T, Refusal>);

impl<T: DeserializeOwned> FromRequest<Shared> for Fields<T> {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, Self::Rejection> {
        let form = Form::<T>::from_request(request, state).await;
        Ok(Self(form.map(|Form(fields)| fields).map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Refusal::BodyTooLong { max: Body::MAX }
            } else {
                Refusal::Malformed
            }
        })))
    }
}

/// A program, which wants values and no pages.
pub(super) fn wants_json(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    let mut kinds = accepted.flat_map(|value| value.split(','));
    kinds.any(|kind| kind.split(';').next().is_some_and(|kind| kind.trim() == "application/json"))
}

/// What a refusal is in HTTP.
pub(super) fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::Malformed | Refusal::UnknownCommand => StatusCode::BAD_REQUEST,
        Refusal::NoSuchRoom
        | Refusal::NoSuchMember
        | Refusal::NoSuchMessage
        | Refusal::LinkVoid => StatusCode::NOT_FOUND,
        Refusal::NotAMember
        | Refusal::NotAHost
        | Refusal::HostsOnly
        | Refusal::Muted { .. }
        | Refusal::Barred { .. }
        | Refusal::Locked
        | Refusal::KnockFirst
        | Refusal::PasswordNeeded
        | Refusal::PasswordWrong => StatusCode::FORBIDDEN,
        Refusal::NameEmpty
        | Refusal::NameTooLong { .. }
        | Refusal::NameReserved
        | Refusal::RoomNameTooLong { .. }
        | Refusal::RoomNameReserved
        | Refusal::PasswordLength { .. }
        | Refusal::LineTooLong { .. }
        | Refusal::BodyEmpty
        | Refusal::BodyTooLong { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::NameTaken { .. }
        | Refusal::IdConflict
        | Refusal::RoomFull
        | Refusal::LastHost
        | Refusal::TooManyStreams { .. } => StatusCode::CONFLICT,
        Refusal::TooManyKnock { .. } | Refusal::TooFast { .. } => StatusCode::TOO_MANY_REQUESTS,
        Refusal::Busy { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Seconds after which a retry makes sense.
pub(super) fn retry_after(refusal: &Refusal) -> Option<u32> {
    if let Refusal::Busy { retry_ms }
    | Refusal::TooFast { retry_ms }
    | Refusal::TooManyKnock { retry_ms } = refusal
    {
        Some(retry_ms.div_ceil(1000).max(1))
    } else {
        None
    }
}
