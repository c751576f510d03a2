//! The store on SQLite: one thread that writes, a few that read. Owns how questions reach the
//! threads and how SQLite's errors are called here; what an operation means is `decide`'s, which
//! of them share a transaction `group`'s.

mod load;
mod look;
mod readers;
mod rows;
mod save;
mod schema;
#[cfg(test)]
mod tests;
mod writer;

use std::{
    error::Error,
    path::{Path, PathBuf},
    sync::{Mutex, mpsc::sync_channel},
    thread,
};

use futures::executor::block_on;
use protocol::{Point, RoomId, RoomLink, RoomPage};
use rusqlite::ErrorCode;
use tokio::sync::mpsc;

use super::{
    Answer, Applied, Commit, Door, Entry, MAX_ROOMS, Op, Person, PersonId, SessionHash, Since,
    Slice, Store, StoreError, Stream,
    group::{Ending, Queue, Writer},
    read::{self, Look},
    run::Run,
};
use readers::Readers;
use writer::File;

/// Why a database cannot be used. Each is a sentence for whoever starts the program.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(
        "the database {} was written by a newer version of this program (schema {found}; this version knows {known}): start that version",
        path.display()
    )]
    Newer { path: PathBuf, found: usize, known: usize },
    #[error("cannot write the database {}: {reason}", path.display())]
    Unwritable { path: PathBuf, reason: String },
    #[error("the database {} is in use by another process of this program", path.display())]
    InUse { path: PathBuf },
    #[error("{} is not a database of this program, or is damaged: {reason}", path.display())]
    Damaged { path: PathBuf, reason: String },
}

impl StartError {
    fn new(path: &Path, error: &rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                Self::Damaged { path: path.into(), reason: error.to_string() }
            }
            Some(_) | None => Self::unwritable(path, error),
        }
    }

    fn unwritable(path: &Path, error: &dyn Error) -> Self {
        Self::Unwritable { path: path.into(), reason: error.to_string() }
    }
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

pub struct Sqlite {
    // Dropped first: that ends the threads, for which `threads` then waits.
    queue: Queue,
    readers: Readers,
    #[expect(dead_code, reason = "is there to be dropped")]
    threads: Ending,
}

impl Sqlite {
    /// Opens or makes the database at `path`, whose folder must exist. Each transaction's changes
    /// go to `commits` once they are on disk, in the order of revs; while that is full, nothing is
    /// written.
    ///
    /// # Errors
    /// The database cannot be used; nothing in it was changed.
    pub fn start(
        path: &Path,
        commits: mpsc::Sender<Commit>,
    ) -> std::result::Result<Self, StartError> {
        let writer = Writer { database: open(path)?, commits };
        // Nothing is sent: each thread holds a sender for as long as it runs.
        let (running, ended) = sync_channel::<()>(0);
        let readers = Readers::start(path, &running)?;
        let (queue, works) = Queue::new();
        let thread = thread::Builder::new().name("sqlite-writer".into());
        let thread = thread.spawn(move || {
            block_on(writer.run(works)).end();
            drop(running);
        });
        thread.map_err(|error| StartError::unwritable(path, &error))?;
        Ok(Self { queue, readers, threads: Ending(Mutex::new(ended)) })
    }
}

/// The database, ready to be written.
fn open(path: &Path) -> std::result::Result<File, StartError> {
    let failed = |error: StoreError| StartError::unwritable(path, &error);
    let mut marker = path.as_os_str().to_owned();
    marker.push(".run");
    let run =
        Run::lock(Path::new(&marker)).map_err(|error| StartError::unwritable(path, &error))?;
    let mut run = run.ok_or_else(|| StartError::InUse { path: path.into() })?;
    let mut conn = schema::open(path).map_err(|error| StartError::new(path, &error))?;
    schema::check_version(path, &conn)?;
    schema::prepare_writer(&conn).map_err(failed)?;
    schema::migrate(&mut conn).map_err(|error| StartError::new(path, &error))?;
    writer::renew(&mut run, &mut conn, false).map_err(failed)?;
    Ok(File { path: path.into(), conn: Some(conn), run })
}

impl Store for Sqlite {
    fn apply(&self, op: Op) -> Answer<'_, Applied> {
        self.queue.apply(op)
    }

    fn person(&self, session: SessionHash) -> Answer<'_, Option<Person>> {
        self.readers.ask(async move |look| look.person(session).await)
    }

    fn rooms(&self, person: PersonId) -> Answer<'_, Vec<RoomLink>> {
        self.readers.ask(async move |look| look.rooms(person, MAX_ROOMS).await)
    }

    fn entry(&self, door: Door, person: Option<PersonId>) -> Answer<'_, Option<Entry>> {
        self.readers.ask(async move |look| read::entry(look, &door, person).await)
    }

    fn page(&self, room: RoomId, slice: Slice) -> Answer<'_, RoomPage> {
        self.readers.ask(async move |look| read::page(look, room, slice).await)
    }

    fn since(&self, stream: Stream, point: Option<Point>) -> Answer<'_, Since> {
        self.readers.ask(async move |look| read::since(look, stream, point).await)
    }

    fn ready(&self) -> Answer<'_, ()> {
        self.queue.probe()
    }
}
