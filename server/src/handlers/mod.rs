//! What commands do.

use protocol::Refusal;

use crate::store::StoreError;

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoSuchRoom => Self::NoSuchRoom,
            StoreError::NotAMember => Self::NotAMember,
            StoreError::NameTaken => Self::NameTaken,
            StoreError::IdConflict => Self::IdConflict,
            StoreError::RoomFull { max } => Self::RoomFull { max },
            StoreError::Overloaded | StoreError::Full | StoreError::Unavailable(_) => {
                Self::Busy { retry_ms: 1000 }
            }
        }
    }
}

pub(crate) fn internal(error: impl std::fmt::Display) -> Refusal {
    let id = format!("{:x}", getrandom::u32().unwrap_or_default());
    tracing::error!(id, %error, "internal");
    Refusal::Internal { id }
}
use crate::{
    Server,
    store::{Entry, PersonId},
};
use protocol::*;
pub(crate) struct Posted {
    pub(crate) message: Message,
}
pub(crate) async fn create(
    _server: &Server,
    _by: PersonId,
    _called: &str,
    _name: &str,
) -> Result<Entry, Refusal> {
    Err(Refusal::Malformed)
}
pub(crate) async fn join(
    _server: &Server,
    _person: PersonId,
    _room: RoomId,
    _name: &str,
) -> Result<Member, Refusal> {
    Err(Refusal::Malformed)
}
pub(crate) async fn leave(
    _server: &Server,
    _person: PersonId,
    _room: RoomId,
) -> Result<(), Refusal> {
    Err(Refusal::Malformed)
}
pub(crate) async fn post(
    _server: &Server,
    _person: PersonId,
    _room: RoomId,
    _id: MessageId,
    _body: &str,
) -> Result<Posted, Refusal> {
    Err(Refusal::Malformed)
}
