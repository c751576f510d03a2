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
