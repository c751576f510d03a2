//! A copy of the database, of one moment, while others go on writing.

use std::{fs, path::Path};

use rusqlite::ErrorCode;

use super::{KeepError, StartError, migrations, partial::Partial, schema};

/// Writes the database at `path` into `file`, which is whole or not there. Returns its bytes.
///
/// # Errors
/// `file` is there and not to be replaced, or cannot be written, or the database cannot be read.
pub fn backup(path: &Path, file: &Path, replace: bool) -> Result<u64, KeepError> {
    if is_same(path, file) {
        return Err(KeepError::Itself(file.into()));
    }
    if !replace && file.exists() {
        return Err(KeepError::Exists(file.into()));
    }
    let partial = Partial::of(file)?;
    copy(path, partial.path(), file)?;
    partial.finish()?;
    let bytes = fs::metadata(file).map_err(|error| KeepError::io(file, &error))?;
    Ok(bytes.len())
}

/// Into an empty file, which whoever asked knows by another name. What stands in the log of `from` is
/// copied too.
pub(super) fn copy(from: &Path, into: &Path, called: &Path) -> Result<(), KeepError> {
    if !from.exists() {
        return Err(StartError::Missing { path: from.into() }.into());
    }
    let failed = |error: rusqlite::Error| StartError::new(from, &error);
    let conn = schema::open_there(from).map_err(failed)?;
    if migrations::check_version(from, &conn)? {
        return Err(StartError::Foreign { path: from.into() }.into());
    }
    let Some(name) = into.to_str() else {
        let reason = "its name is not UTF-8".into();
        return Err(KeepError::Unwritable { path: called.into(), reason });
    };
    let copied = conn.execute("VACUUM INTO ?1", [name]);
    copied.map(drop).map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => failed(error).into(),
        Some(ErrorCode::DiskFull) => KeepError::Full(called.into()),
        Some(_) | None => KeepError::Unwritable { path: called.into(), reason: error.to_string() },
    })
}

pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}
