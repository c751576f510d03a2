//! A backup in the database's place. The database that was there stays beside it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, params};

use super::{
    KeepError, Report, StartError,
    backup::{copy, is_same},
    check, migrations,
    partial::{Partial, beside},
    run::Run,
    schema,
};

/// What was put back, and where the database is now that was there before.
pub struct Restored {
    pub report: Report,
    pub kept: Option<PathBuf>,
}

/// Puts `file` in the place of the database at `path`, brought up to date. The next run begins a new
/// epoch, so that every client starts from the newest page.
///
/// # Errors
/// Somebody uses the database, or `file` is none of this program's or does not hold together.
pub fn restore(path: &Path, file: &Path) -> Result<Restored, KeepError> {
    if is_same(path, file) {
        return Err(KeepError::Itself(file.into()));
    }
    let mut run = Run::lock(path)?;
    let partial = Partial::of(path)?;
    copy(file, partial.path(), path)?;
    let report = prepare(partial.path(), path).map_err(|error| StartError::new(file, &error))?;
    if !report.findings.is_empty() {
        return Err(KeepError::Unsound { path: file.into(), findings: report.findings });
    }
    let failed = |error: io::Error| KeepError::io(path, &error);
    run.forget().map_err(failed)?;
    let kept = keep(path).map_err(failed)?;
    partial.finish()?;
    Ok(Restored { report, kept })
}

fn prepare(copy: &Path, old: &Path) -> rusqlite::Result<Report> {
    let mut conn = schema::open_there(copy)?;
    migrations::migrate(&mut conn)?;
    let report = check::look(&conn)?;
    // Of a database that cannot be read nothing is known; then the clock alone makes the epoch.
    let (epoch, rooms) = heads(old).unwrap_or((0, 0));
    let tx = conn.transaction()?;
    tx.execute("UPDATE meta SET value = max(value, ?1) WHERE key = 'epoch'", [epoch])?;
    // Stands beside no database.
    tx.execute("INSERT OR REPLACE INTO meta VALUES('run', 'restored')", [])?;
    let last = "SELECT max(seq) FROM sqlite_sequence WHERE name = 'rooms'";
    let last: Option<i64> = tx.query_row(last, [], |row| row.get(0))?;
    tx.execute("DELETE FROM sqlite_sequence WHERE name = 'rooms'", [])?;
    let rooms = rooms.max(last.unwrap_or(0));
    tx.execute("INSERT INTO sqlite_sequence(name, seq) VALUES('rooms', ?1)", params![rooms])?;
    tx.commit()?;
    Ok(report)
}

/// The epoch and the last room that clients of the database before may know.
fn heads(old: &Path) -> rusqlite::Result<(i64, i64)> {
    let sql = "SELECT (SELECT value FROM meta WHERE key = 'epoch'),
        ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'rooms'), 0)";
    let conn: Connection = schema::open_there(old)?;
    conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Under another name, with its log, in an order in which either name always has all of it: a log that
/// stood beside another database would be written into that.
fn keep(path: &Path) -> io::Result<Option<PathBuf>> {
    if !path.exists() {
        return Ok(None);
    }
    let names = (1..).map(|n: u32| beside(path, &format!(".replaced-{n}")));
    let Some(kept) = names.into_iter().find(|name| !name.exists()) else { return Ok(None) };
    fs::hard_link(path, &kept)?;
    let log = beside(path, "-wal");
    if log.exists() {
        fs::hard_link(&log, beside(&kept, "-wal"))?;
        fs::remove_file(&log)?;
    }
    let _ = fs::remove_file(beside(path, "-shm"));
    Ok(Some(kept))
}
