//! Texts as they were typed, parsed into what the commands take, or why they cannot be.

use protocol::{Body, Line, Password, PersonName, Refusal, RoomName, TextError};

use crate::names;

pub(crate) fn person_name(text: &str) -> Result<PersonName, Refusal> {
    let name = PersonName::parse(text).map_err(Refusal::of_name)?;
    if names::is_reserved(&name) { Err(Refusal::NameReserved) } else { Ok(name) }
}

/// A room may go without.
pub(crate) fn room_name(text: &str) -> Result<Option<RoomName>, Refusal> {
    match RoomName::parse(text) {
        Ok(name) => Ok(Some(name)),
        Err(TextError::Empty) => Ok(None),
        Err(TextError::TooLong { max }) => Err(Refusal::RoomNameTooLong { max }),
    }
}

/// Without anything in it, there is none.
pub(crate) fn line(text: &str) -> Result<Option<Line>, Refusal> {
    match Line::parse(text) {
        Ok(line) => Ok(Some(line)),
        Err(TextError::Empty) => Ok(None),
        Err(TextError::TooLong { max }) => Err(Refusal::LineTooLong { max }),
    }
}

pub(crate) fn password(text: &str) -> Result<Password, Refusal> {
    let (min, max) = (Password::MIN, Password::MAX);
    Password::parse(text).map_err(|_| Refusal::PasswordLength { min, max })
}

pub(crate) fn body(text: &str) -> Result<Body, Refusal> {
    Body::parse(text).map_err(|error| match error {
        TextError::Empty => Refusal::BodyEmpty,
        TextError::TooLong { max } => Refusal::BodyTooLong { max },
    })
}
