//! The run marker: one process for one database, and whether the database is the one that the last
//! run left. One copied back by hand has been at these revs before, with other values; a new epoch
//! makes every client start anew. Knows no database: each keeps the marker as a text of its own.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// How long a start waits for the process before it to end.
pub(super) const PATIENCE: Duration = Duration::from_secs(3);
/// The marker's second line, after a run that ended as it should.
const CLEAN: &str = "clean";

/// Holds the lock on the marker's file until it is dropped.
pub(super) struct Run {
    file: File,
}

/// A marker that the database is to bear from now on.
pub(super) struct Renewal {
    pub(super) marker: String,
    /// Whether the database is as the last run left it; if not, a new epoch begins.
    pub(super) known: bool,
}

impl Run {
    /// `None`: another process has it.
    pub(super) fn lock(path: &Path) -> io::Result<Option<Self>> {
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(path)?;
        let since = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Self { file })),
                Err(TryLockError::WouldBlock) if since.elapsed() < PATIENCE => {
                    #[expect(
                        clippy::disallowed_methods,
                        reason = "at start, before there is anybody to keep waiting"
                    )]
                    thread::sleep(Duration::from_millis(20));
                }
                Err(TryLockError::WouldBlock) => return Ok(None),
                // A file system without locks: nothing to be had from it.
                Err(TryLockError::Error(_)) => return Ok(Some(Self { file })),
            }
        }
    }

    /// Before the transaction that gives the database its next marker, at the start and at the end
    /// of a run, so that a copy from earlier than now will not match. `old` is the one it bears.
    pub(super) fn renew(&mut self, old: Option<&str>, ended: bool) -> io::Result<Renewal> {
        let marker = format!("{:016x}", getrandom::u64()?);
        let beside = self.read()?;
        // A copy taken during a run bears that run's marker, so only a clean end is believed.
        let clean = ended || beside.lines().any(|line| line == CLEAN);
        let known = |old: &str| clean && beside.lines().any(|line| line == old);
        let known = old.is_none_or(known);
        // Both until the commit: killed in between, either is right.
        let mut lines = vec![marker.as_str()];
        lines.extend(old.filter(|_| known));
        lines.extend(known.then_some(CLEAN));
        self.write(&lines.join("\n"))?;
        Ok(Renewal { marker, known })
    }

    /// After that transaction.
    pub(super) fn renewed(&mut self, marker: &str, ended: bool) -> io::Result<()> {
        self.write(&if ended { format!("{marker}\n{CLEAN}") } else { marker.to_owned() })
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
