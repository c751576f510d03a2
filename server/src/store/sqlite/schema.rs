//! How a connection is opened and set up. Owns no query.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
    time::Duration,
};

use rusqlite::{Connection, Error, OpenFlags, config::DbConfig, ffi};

pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    // Where that cannot be, opening it says why, or it works all the same.
    let _ = private(path);
    let conn = Connection::open(path)?;
    conn.busy_timeout(Duration::from_secs(1))?;
    Ok(conn)
}

/// Nobody else on this machine reads the file, whoever made the folder; what SQLite puts beside it is
/// like it.
pub(super) fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// For the writer. Nothing is built on pages of the log whose fsync may have failed: the kernel
/// marks such pages clean, so that a later fsync would not write them again. A full checkpoint
/// copies them into the file and syncs that instead.
pub(super) fn prepare_writer(conn: &Connection) -> rusqlite::Result<()> {
    // The order counts: auto_vacuum only before the first page is written. In 8,000 pages of the log the same
    // ones come again and again, and each is copied into the file once.
    conn.execute_batch(
        "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
         PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=8000;
         PRAGMA journal_size_limit=67108864;",
    )?;
    prepare(conn)?;
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy == 0 {
        return Ok(());
    }
    let why = "its log is in use, as by a backup or a check: wait for its end";
    Err(Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_BUSY), Some(why.into())))
}

/// Empties the log, in which what was deleted may stand yet. False: somebody reads from it.
pub(super) fn tidy(conn: &Connection) -> rusqlite::Result<bool> {
    conn.busy_timeout(Duration::from_millis(50))?;
    let tidied = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    conn.busy_timeout(Duration::from_secs(1))?;
    tidied.map(|busy: i64| busy == 0)
}

pub(super) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let conn = open_there(path)?;
    conn.execute_batch("PRAGMA query_only=ON;")?;
    Ok(conn)
}

/// What is there already, also while a server runs on it.
pub(super) fn open_there(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(Duration::from_secs(1))?;
    prepare(&conn)?;
    Ok(conn)
}

/// No memory map: an I/O error in one is a signal that ends the process. No foreign keys: what refers to what is
/// decided from the rows that a transaction loads, and SQLite would look for them again, by indexes of its own.
fn prepare(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch(
        "PRAGMA foreign_keys=OFF; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384; PRAGMA mmap_size=0;
         PRAGMA trusted_schema=OFF;",
    )?;
    conn.set_prepared_statement_cache_capacity(64);
    // A plan holds for every value: for each new one SQLite would parse some statements again.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}
