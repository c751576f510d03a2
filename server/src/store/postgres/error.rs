//! What PostgreSQL's errors are called here, while it runs and at the start.

use std::{error::Error as _, io, path::PathBuf};

use tokio_postgres::{Error, error::SqlState};

use super::{Address, StoreError};
use crate::store::group::Failure;

pub(super) type Fallible<T> = Result<T, Fault>;

#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error(transparent)]
    Server(#[from] Error),
    /// What a column holds is nothing that this program wrote.
    #[error("{0}")]
    Row(&'static str),
    #[error("{0}")]
    Other(&'static str),
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Server(error) => error.into(),
            Fault::Row(why) | Fault::Other(why) => Self::Unavailable(why.into()),
        }
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match error.code().map(SqlState::code) {
            // Disk full.
            Some("53100") => Self::Full,
            // Lock not available, deadlock, serialization failure, canceled, too many connections.
            Some("55P03" | "40P01" | "40001" | "57014" | "53300") => Self::Overloaded,
            _ => Self::Unavailable(said(&error)),
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        let poison = match &fault {
            Fault::Row(_) => true,
            Fault::Server(error) => is_poison(error),
            Fault::Other(_) => false,
        };
        if poison { Self::Poison(fault.into()) } else { Self::Store(fault.into()) }
    }
}

/// Of one operation: its data, a constraint or a limit of the program's. What has no code and was
/// not the line's fault is a value that could not be converted.
fn is_poison(error: &Error) -> bool {
    match error.code() {
        Some(code) => ["22", "23", "54"].iter().any(|class| code.code().starts_with(class)),
        None => error.source().is_some_and(|cause| !cause.is::<io::Error>()),
    }
}

fn said(error: &Error) -> String {
    match error.as_db_error() {
        Some(said) => said.message().to_owned(),
        None => match error.source() {
            Some(cause) => cause.to_string(),
            None => error.to_string(),
        },
    }
}

/// Why a database cannot be used. Each is a sentence for whoever starts the program.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(
        "the database {at} cannot be reached: {reason}; check that PostgreSQL runs there and lets this machine in"
    )]
    Unreachable { at: Address, reason: String },
    #[error(
        "the database {at} does not let this user in: {reason}; check user and password in the database's URL"
    )]
    User { at: Address, reason: String },
    #[error(
        "there is no database {at}: make it with CREATE DATABASE \"{}\" ENCODING 'UTF8' TEMPLATE template0",
        at.database()
    )]
    Missing { at: Address },
    #[error(
        "the user may not do all that is needed in the database {at}: {reason}; make the user the owner of the database, or GRANT ALL ON SCHEMA public"
    )]
    Rights { at: Address, reason: String },
    #[error(
        "the database {at} has the encoding {found}, which cannot hold every text: make one with CREATE DATABASE \"{}\" ENCODING 'UTF8' TEMPLATE template0",
        at.database()
    )]
    Encoding { at: Address, found: String },
    #[error(
        "the database {at} was written by a newer version of this program (schema {found}; this version knows {known}): start that version"
    )]
    Newer { at: Address, found: usize, known: usize },
    #[error(
        "the database {at} was written by an older version of this program: start this one on it once, and it comes up to date"
    )]
    Older { at: Address },
    #[error(
        "the database {at} holds nothing of this program: name another one with --database-url"
    )]
    Empty { at: Address },
    #[error("the database {at} is in use by another process of this program")]
    InUse { at: Address },
    #[error(
        "the database {at} holds something that is not of this program: {reason}; give it an empty database"
    )]
    Foreign { at: Address, reason: String },
    #[error(
        "PostgreSQL has no room left for the database {at}: {reason}; make some on its disk, and start again"
    )]
    Full { at: Address, reason: String },
    #[error(
        "PostgreSQL takes no more connections to the database {at}: {reason}; end some that others have, or raise its max_connections or what this user or database may have of them"
    )]
    Crowded { at: Address, reason: String },
    #[error(
        "PostgreSQL has too little memory for the database {at}: {reason}; give its machine more, or let PostgreSQL and what else is there use less"
    )]
    Memory { at: Address, reason: String },
    #[error(
        "a limit of PostgreSQL's is reached in the database {at}: {reason}; raise it in PostgreSQL's settings"
    )]
    Limit { at: Address, reason: String },
    #[error("the database {at} cannot be used: {reason}")]
    Unusable { at: Address, reason: String },
    #[error("cannot write {}: {error}", path.display())]
    Marker { path: PathBuf, error: io::Error },
}

impl StartError {
    pub(super) fn new(at: &Address, fault: Fault) -> Self {
        let at = at.clone();
        let Fault::Server(error) = fault else {
            return Self::Unusable { at, reason: fault.to_string() };
        };
        let reason = said(&error);
        match error.code().map(SqlState::code) {
            // Nothing said by a server, or that it starts or stops.
            None => Self::Unreachable { at, reason },
            Some(code) if code.starts_with("57P") => Self::Unreachable { at, reason },
            // It has not enough of something.
            Some("53100") => Self::Full { at, reason },
            Some("53200") => Self::Memory { at, reason },
            Some("53300") => Self::Crowded { at, reason },
            Some(code) if code.starts_with("53") => Self::Limit { at, reason },
            Some(code) if code.starts_with("28") => Self::User { at, reason },
            Some("3D000") => Self::Missing { at },
            Some("42501" | "25006") => Self::Rights { at, reason },
            // Duplicate or undefined: tables, columns, indexes.
            Some(code) if code.starts_with("42") => Self::Foreign { at, reason },
            Some(_) => Self::Unusable { at, reason },
        }
    }
}
