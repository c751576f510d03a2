//! The store on SQLite: one thread that writes, a few that read. Owns how questions reach the
//! threads; what an operation means is `decide`'s.

mod backup;
mod check;
mod errors;
mod load;
mod migrations;
mod mine;
mod page;
mod partial;
mod read;
mod readers;
mod restore;
mod rows;
mod run;
mod save;
mod schema;
mod search;
#[cfg(test)]
mod tests;
mod writer;

use std::{
    io,
    path::Path,
    sync::{Mutex, PoisonError, mpsc::Receiver},
    thread,
    time::Instant,
};

use protocol::{Point, RoomId, RoomLink, RoomPage};
use tokio::{
    sync::{
        mpsc::{self, error::TrySendError},
        oneshot,
    },
    time::timeout,
};

use super::{
    Answer, Applied, Commit, Door, Entry, Op, PROMISE, Person, PersonId, QUEUE, Result,
    SessionHash, Since, Slice, Store, StoreError, Stream,
};
pub use backup::backup;
pub use check::{Report, check};
pub use errors::{KeepError, StartError};
pub use restore::{Restored, restore};

use readers::Readers;
use run::Run;
use writer::{Task, Work, Writer};

pub struct Sqlite {
    // Dropped first: that ends the threads, for which `threads` then waits.
    works: mpsc::Sender<Work>,
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
        let writer = open(path, commits)?;
        // Nothing is sent: each thread holds a sender for as long as it runs.
        let (running, ended) = std::sync::mpsc::sync_channel::<()>(0);
        let readers = Readers::start(path, &running)?;
        let (works, queue) = mpsc::channel(QUEUE);
        let thread = thread::Builder::new().name("sqlite-writer".into());
        let thread = thread.spawn(move || {
            writer.run(queue);
            drop(running);
        });
        thread.map_err(|error: io::Error| StartError::io(path, &error))?;
        Ok(Self { works, readers, threads: Ending(Mutex::new(ended)) })
    }

    async fn ask<T>(&self, task: Task, answered: oneshot::Receiver<Result<T>>) -> Result<T> {
        let work = Work { task, since: Instant::now() };
        self.works.try_send(work).map_err(|refused| match refused {
            TrySendError::Full(_) => StoreError::Overloaded,
            TrySendError::Closed(_) => StoreError::Unavailable("stopped".into()),
        })?;
        // No answer: the disk hangs. The change may yet be stored.
        let silent = || StoreError::Unavailable("no answer in time".into());
        timeout(PROMISE, answered).await.map_err(|_| silent())?.map_err(|_| silent())?
    }
}

/// The writer with its database, ready to run.
fn open(path: &Path, commits: mpsc::Sender<Commit>) -> std::result::Result<Writer, StartError> {
    let failed = |error: rusqlite::Error| StartError::new(path, &error);
    let mut run = Run::lock(path)?;
    let mut conn = schema::open(path).map_err(failed)?;
    migrations::check_version(path, &conn)?;
    schema::prepare_writer(&conn).map_err(failed)?;
    migrations::migrate(&mut conn).map_err(failed)?;
    run.renew(&mut conn, false).map_err(|error| StartError::refused(path, &error))?;
    Ok(Writer { path: path.into(), conn: Some(conn), run, commits })
}

/// Waits for the threads to end, so that the last commit is on disk, the log is folded into the
/// file and the next process finds the database free; not for ever, for the disk may hang.
struct Ending(Mutex<Receiver<()>>);

impl Drop for Ending {
    fn drop(&mut self) {
        let _ = self.0.get_mut().unwrap_or_else(PoisonError::into_inner).recv_timeout(PROMISE);
    }
}

impl Store for Sqlite {
    fn apply(&self, op: Op) -> Answer<'_, Applied> {
        let (answer, answered) = oneshot::channel();
        Box::pin(self.ask(Task::Apply(op, answer), answered))
    }

    fn person(&self, session: SessionHash) -> Answer<'_, Option<Person>> {
        self.readers.ask(move |conn| read::person(conn, session))
    }

    fn rooms(&self, person: PersonId) -> Answer<'_, Vec<RoomLink>> {
        self.readers.ask(move |conn| read::rooms(conn, person))
    }

    fn entry(&self, door: Door, person: Option<PersonId>) -> Answer<'_, Option<Entry>> {
        self.readers.ask(move |conn| read::entry(conn, &door, person))
    }

    fn page(&self, room: RoomId, slice: Slice) -> Answer<'_, RoomPage> {
        self.readers.ask(move |conn| page::page(conn, room, slice))
    }

    fn since(&self, stream: Stream, point: Option<Point>) -> Answer<'_, Since> {
        self.readers.ask(move |conn| match stream {
            Stream::Room(room) => read::since(conn, room, point),
            Stream::Person(person) => mine::since(conn, person, point),
        })
    }

    fn ready(&self) -> Answer<'_, ()> {
        let (answer, answered) = oneshot::channel();
        Box::pin(self.ask(Task::Probe(answer), answered))
    }
}
