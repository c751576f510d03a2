//! The fields of a form, what kind of answer its sender wants, and texts parsed into what the
//! handlers take.

use axum::{
    Form,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header::ACCEPT},
};
use protocol::{Body, PersonName, Refusal, RoomName, TextError};
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

pub(super) fn person_name(text: &str) -> Result<PersonName, Refusal> {
    PersonName::parse(text).map_err(|error| match error {
        TextError::Empty => Refusal::NameEmpty,
        TextError::TooLong { max } => Refusal::NameTooLong { max },
    })
}

/// A room may go without.
pub(super) fn room_name(text: &str) -> Result<Option<RoomName>, Refusal> {
    match RoomName::parse(text) {
        Ok(name) => Ok(Some(name)),
        Err(TextError::Empty) => Ok(None),
        Err(TextError::TooLong { max }) => Err(Refusal::RoomNameTooLong { max }),
    }
}

pub(super) fn body(text: &str) -> Result<Body, Refusal> {
    Body::parse(text).map_err(|error| match error {
        TextError::Empty => Refusal::BodyEmpty,
        TextError::TooLong { max } => Refusal::BodyTooLong { max },
    })
}

/// What a refusal is in HTTP.
pub(super) fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::Malformed | Refusal::UnknownCommand => StatusCode::BAD_REQUEST,
        Refusal::NoSuchRoom => StatusCode::NOT_FOUND,
        Refusal::NotAMember => StatusCode::FORBIDDEN,
        Refusal::NameEmpty
        | Refusal::NameTooLong { .. }
        | Refusal::RoomNameTooLong { .. }
        | Refusal::BodyEmpty
        | Refusal::BodyTooLong { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::NameTaken
        | Refusal::IdConflict
        | Refusal::RoomFull { .. }
        | Refusal::TooManyStreams { .. } => StatusCode::CONFLICT,
        Refusal::Busy { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Seconds after which a retry makes sense.
pub(super) fn retry_after(refusal: &Refusal) -> Option<u32> {
    if let Refusal::Busy { retry_ms } = refusal {
        Some(retry_ms.div_ceil(1000).max(1))
    } else {
        None
    }
}
