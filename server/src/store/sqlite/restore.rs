//! A backup in the database's place. The database that was there stays beside it.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{
    KeepError, Report, StartError,
    backup::{copy, is_same},
    check, lock, migrations,
    partial::{Partial, beside},
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
    // Held until the end: nobody starts meanwhile.
    let _run = lock(path)?;
    let partial = Partial::of(path)?;
    copy(file, partial.path(), path)?;
    let failed = |error: rusqlite::Error| {
        let full = error.sqlite_error_code() == Some(ErrorCode::DiskFull);
        StartError::new(if full { path } else { file }, &error)
    };
    let mut conn = schema::open_there(partial.path()).map_err(failed)?;
    migrations::migrate(&mut conn).map_err(failed)?;
    let report = check::look(&conn).map_err(failed)?;
    if !report.findings.is_empty() {
        return Err(KeepError::Unsound { path: file.into(), findings: report.findings });
    }
    succeed(&mut conn, path).map_err(failed)?;
    drop(conn);
    let kept = keep(path).map_err(|error| KeepError::io(path, &error))?;
    partial.finish()?;
    Ok(Restored { report, kept })
}

/// Sees to it that the next run begins an epoch, and gives out ids, that no client of the database
/// before has seen.
fn succeed(conn: &mut Connection, old: &Path) -> rusqlite::Result<()> {
    // Of one that cannot be read nothing is known; then the clock alone makes the epoch.
    let (epoch, rooms) = heads(old).unwrap_or((0, 0));
    let tx = conn.transaction()?;
    tx.execute("UPDATE meta SET value = max(value, ?1) WHERE key = 'epoch'", [epoch])?;
    tx.execute("UPDATE rooms SET epoch = (SELECT value FROM meta WHERE key = 'epoch')", [])?;
    // Who was where since the copy was taken, nobody knows: no room ends for it.
    let sql = "UPDATE rooms SET used_at = max(used_at, unixepoch() * 1000) WHERE ended_at IS NULL";
    tx.execute(sql, [])?;
    // Whatever the run before left beside it, this is not it.
    tx.execute("INSERT OR REPLACE INTO meta VALUES('run', 'restored')", [])?;
    let sql = "UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = 'rooms'";
    if tx.execute(sql, [rooms])? == 0 {
        tx.execute("INSERT INTO sqlite_sequence(name, seq) VALUES('rooms', ?1)", [rooms])?;
    }
    tx.commit()
}

/// The epoch and the last room that clients of the database before may know. Only read: whoever may
/// write could fold the log into a file that is damaged, or delete it.
fn heads(old: &Path) -> rusqlite::Result<(i64, i64)> {
    let sql = "SELECT (SELECT value FROM meta WHERE key = 'epoch'),
        ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'rooms'), 0)";
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(old, flags)?;
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
    also_at(path, &kept)?;
    let log = beside(path, "-wal");
    if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        also_at(&log, &beside(&kept, "-wal"))?;
    }
    for suffix in ["-wal", "-shm"] {
        match fs::remove_file(beside(path, suffix)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(Some(kept))
}

/// As another name of the same file, where the file system has such.
fn also_at(path: &Path, other: &Path) -> io::Result<()> {
    fs::hard_link(path, other).or_else(|_| fs::copy(path, other).map(drop))
}
