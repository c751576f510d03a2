//! How SQLite's errors are called here, and what whoever keeps the database can do about them.

use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use rusqlite::ErrorCode;

use super::StoreError;

/// Why a database cannot be used. Each is a sentence for whoever starts the program.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("there is no database {}", path.display())]
    Missing { path: PathBuf },
    #[error(
        "the database {} was written by a newer version of this program (schema {found}; this version knows {known}): start that version",
        path.display()
    )]
    Newer { path: PathBuf, found: usize, known: usize },
    #[error(
        "the database {} was written by an older version of this program: start this one on it once, and it comes up to date",
        path.display()
    )]
    Older { path: PathBuf },
    #[error(
        "{} is a database of another program: name another place with --data or --database-url",
        path.display()
    )]
    Foreign { path: PathBuf },
    #[error(
        "{} is not a database of this program, or is damaged ({reason}): put a backup in its place with `parley restore`, or name another place with --data or --database-url",
        path.display()
    )]
    Damaged { path: PathBuf, reason: String },
    #[error(
        "cannot write the database {} ({reason}): see to it that its folder is there and that this user may write both",
        path.display()
    )]
    Unwritable { path: PathBuf, reason: String },
    #[error("no room is left for the database {}: make some on its disk, and start again", path.display())]
    Full { path: PathBuf },
    #[error("the database {} is in use by another process of this program: stop that first", path.display())]
    InUse { path: PathBuf },
}

impl StartError {
    pub(super) fn new(path: &Path, error: &rusqlite::Error) -> Self {
        let (path, reason) = (path.into(), error.to_string());
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                Self::Damaged { path, reason }
            }
            Some(ErrorCode::DiskFull) => Self::Full { path },
            Some(_) | None => Self::Unwritable { path, reason },
        }
    }

    pub(super) fn refused(path: &Path, error: &StoreError) -> Self {
        let (path, full) = (path.into(), *error == StoreError::Full);
        if full {
            Self::Full { path }
        } else {
            Self::Unwritable { path, reason: error.to_string() }
        }
    }

    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        let path = path.into();
        if is_full(error) {
            Self::Full { path }
        } else {
            Self::Unwritable { path, reason: error.to_string() }
        }
    }
}

/// Why a backup was neither made nor put back. Each is a sentence, and nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    #[error(transparent)]
    Database(#[from] StartError),
    #[error("{} exists already: name another file, or add --replace", .0.display())]
    Exists(PathBuf),
    #[error("{} is the database itself: name another file", .0.display())]
    Itself(PathBuf),
    #[error("another process is writing {}: wait for its end", .0.display())]
    Busy(PathBuf),
    #[error("no room is left for {}: make some on its disk, and try again", .0.display())]
    Full(PathBuf),
    #[error("cannot write {} ({reason})", path.display())]
    Unwritable { path: PathBuf, reason: String },
    #[error("{} does not hold together, and was not put back:\n{}", path.display(), findings.join("\n"))]
    Unsound { path: PathBuf, findings: Vec<String> },
}

impl KeepError {
    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        let path = path.into();
        if is_full(error) {
            Self::Full(path)
        } else {
            Self::Unwritable { path, reason: error.to_string() }
        }
    }
}

/// The disk, or what one may have of it.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Overloaded,
            Some(_) | None => Self::Unavailable(error.to_string()),
        }
    }
}
