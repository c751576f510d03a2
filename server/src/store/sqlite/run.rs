//! The run marker: one database for one process, and whether the file is the one that the last run
//! left. A file copied back by hand has been at these revs before, with other values; a new epoch
//! makes every client start anew.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{StartError, StoreError, errors::is_full, partial};

/// How long one waits for the process before it to end.
const PATIENCE: Duration = Duration::from_secs(3);
/// The marker's second line, after a run that ended as it should.
const CLEAN: &str = "clean";

/// Holds the lock on the file beside the database until it is dropped.
pub(super) struct Run {
    file: File,
}

impl Run {
    pub(super) fn lock(database: &Path) -> Result<Self, StartError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(partial::beside(database, ".run"));
        let file = file.map_err(|error| StartError::io(database, &error))?;
        let since = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { file }),
                Err(TryLockError::WouldBlock) if since.elapsed() < PATIENCE => {
                    #[expect(
                        clippy::disallowed_methods,
                        reason = "at start, before there is anybody to keep waiting"
                    )]
                    thread::sleep(Duration::from_millis(20));
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(StartError::InUse { path: database.into() });
                }
                // A file system without locks: nothing to be had from it.
                Err(TryLockError::Error(_)) => return Ok(Self { file }),
            }
        }
    }

    /// Renews the marker, at the start and at the end of a run, so that a copy from earlier than
    /// now will not match.
    pub(super) fn renew(&mut self, conn: &mut Connection, ended: bool) -> Result<(), StoreError> {
        let new = marker()?;
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let query = "SELECT value FROM meta WHERE key = 'run'";
        let old: Option<String> = tx.query_row(query, [], |row| row.get(0)).optional()?;
        let beside = self.read().map_err(failed)?;
        // A copy taken during a run bears that run's marker, so only a clean end is believed.
        let clean = ended || beside.lines().any(|line| line == CLEAN);
        let known = |old: &str| clean && beside.lines().any(|line| line == old);
        let known = old.as_deref().is_none_or(known);
        // Both until the commit: killed in between, either is right.
        let mut lines = vec![new.as_str()];
        lines.extend(old.as_deref().filter(|_| known));
        lines.extend(known.then_some(CLEAN));
        self.write(&lines.join("\n")).map_err(failed)?;
        if !known {
            new_epoch(&tx)?;
        }
        let sql = "INSERT INTO meta VALUES('run', ?1) ON CONFLICT(key) DO UPDATE SET value = excluded.value";
        tx.execute(sql, [&new])?;
        tx.commit()?;
        self.write(&if ended { format!("{new}\n{CLEAN}") } else { new }).map_err(failed)
    }

    /// Torn or empty it matches nothing, which costs every client a page and loses nothing.
    fn read(&mut self) -> io::Result<String> {
        self.file.rewind()?;
        let mut bytes = Vec::new();
        (&self.file).take(4096).read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(text.as_bytes())?;
        self.file.sync_all()
    }
}

/// By the clock, so that the same copy brought back twice does not lead to the same epoch twice.
/// Ids of rooms made since the copy was taken are skipped: clients may still know them.
fn new_epoch(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch(
        "UPDATE meta SET value = max(value + 1, unixepoch()) WHERE key = 'epoch';
         UPDATE rooms SET epoch = (SELECT value FROM meta WHERE key = 'epoch');
         UPDATE sqlite_sequence SET seq = seq + 65536 WHERE name = 'rooms';",
    )?;
    tracing::warn!("the database is not as the last run left it: every client starts anew");
    Ok(())
}

fn failed(error: io::Error) -> StoreError {
    if is_full(&error) { StoreError::Full } else { StoreError::Unavailable(error.to_string()) }
}

fn marker() -> Result<String, StoreError> {
    let number = getrandom::u64().map_err(|error| StoreError::Unavailable(error.to_string()))?;
    Ok(format!("{number:016x}"))
}
