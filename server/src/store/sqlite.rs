//! The store on SQLite: one thread that writes, a few that read. Owns how questions reach the
//! threads; what an operation means is `decide`'s, which of them share a transaction `group`'s.

mod backup;
mod check;
mod devices;
mod errors;
mod load;
mod look;
mod migrations;
mod names;
mod operator;
mod partial;
mod readers;
mod restore;
mod rows;
mod save;
mod schema;
mod search;
#[cfg(test)]
pub(crate) mod tests;
mod writer;

use std::{
    io,
    path::Path,
    pin::Pin,
    sync::{Arc, Mutex, mpsc::sync_channel},
    thread,
};

use futures::executor::block_on;
use protocol::{
    DeskPage, Ended, Item, Kind, Line, Link, Member, MemberId, OpenRoom, PersonName, Point,
    RoomCode, RoomId, RoomLink, RoomPage,
};
use tokio::sync::{Notify, mpsc};

use super::{
    Answer, Applied, Ban, Commit, Door, Entry, Listing, MAX_DUE, MAX_OPEN, MAX_ROOMS, Op, Person,
    PersonId, Report, Secret, Session, SessionHash, SignedIn, Since, Slice, Store, StoreError,
    Stream, Totals, WayHash,
    group::{Ending, Queue, Writer},
    read::{self, Before, Look},
    run::Run,
};
pub use backup::backup;
pub use check::check;
pub use errors::{KeepError, StartError};
pub use restore::{Restored, restore};

use readers::Readers;
use writer::File;

pub struct Sqlite {
    // Dropped first: that ends the threads, for which `threads` then waits.
    queue: Queue,
    readers: Readers,
    doubts: Arc<Notify>,
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
        let doubts = Arc::<Notify>::default();
        let writer = Writer { database: open(path)?, commits, doubts: doubts.clone() };
        // Nothing is sent: each thread holds a sender for as long as it runs.
        let (running, ended) = sync_channel::<()>(0);
        let readers = Readers::start(path, &running)?;
        let (queue, works) = Queue::new();
        let thread = thread::Builder::new().name("sqlite-writer".into());
        let thread = thread.spawn(move || {
            block_on(writer.run(works)).end();
            drop(running);
        });
        thread.map_err(|error: io::Error| StartError::io(path, &error))?;
        Ok(Self { queue, readers, doubts, threads: Ending(Mutex::new(ended)) })
    }
}

/// The database, ready to be written.
fn open(path: &Path) -> std::result::Result<File, StartError> {
    let failed = |error: rusqlite::Error| StartError::new(path, &error);
    let mut run = lock(path)?;
    let mut conn = schema::open(path).map_err(failed)?;
    migrations::check_version(path, &conn)?;
    schema::prepare_writer(&conn).map_err(failed)?;
    migrations::migrate(&mut conn).map_err(failed)?;
    writer::renew(&mut run, &mut conn, false).map_err(|error| StartError::refused(path, &error))?;
    Ok(File { path: path.into(), conn: Some(conn), run, traces: false })
}

/// No other process has the database until it is dropped.
fn lock(path: &Path) -> std::result::Result<Run, StartError> {
    let run = Run::lock(&partial::beside(path, ".run"));
    let run = run.map_err(|error| StartError::io(path, &error))?;
    run.ok_or_else(|| StartError::InUse { path: path.into() })
}

impl Store for Sqlite {
    fn apply(&self, op: Op) -> Answer<'_, Applied> {
        self.queue.apply(op)
    }

    fn session(&self, session: SessionHash) -> Answer<'_, Option<Session>> {
        self.readers.ask(async move |look| look.session(session).await)
    }

    fn devices(&self, person: PersonId) -> Answer<'_, Vec<SignedIn>> {
        self.readers.ask(async move |look| look.devices(person).await)
    }

    fn at_the_end_of(&self, way: WayHash, at: i64) -> Answer<'_, Option<Person>> {
        self.readers.ask(async move |look| read::at_the_end_of(look, way, at).await)
    }

    fn rooms(&self, person: PersonId) -> Answer<'_, Vec<RoomLink>> {
        self.readers.ask(async move |look| look.rooms(person, MAX_ROOMS).await)
    }

    fn entry(&self, door: Door, person: Option<PersonId>) -> Answer<'_, Option<Entry>> {
        self.readers.ask(async move |look| read::entry(look, &door, person).await)
    }

    fn open(&self) -> Answer<'_, Vec<(RoomId, OpenRoom)>> {
        self.readers.ask(async move |look| look.open(MAX_OPEN).await)
    }

    fn barred(&self, room: RoomId, from: Secret) -> Answer<'_, Option<i64>> {
        self.readers.ask(async move |look| look.barred(room, from).await)
    }

    fn password(&self, room: RoomId) -> Answer<'_, Option<String>> {
        self.readers.ask(async move |look| look.password(room).await)
    }

    fn link(&self, key: Secret, at: i64) -> Answer<'_, Option<(RoomId, Link)>> {
        self.readers.ask(async move |look| read::link(look, key, at).await)
    }

    fn item(&self, room: RoomId, kind: Kind, n: u64) -> Answer<'_, Option<Item>> {
        self.readers.ask(async move |look| look.item(room, kind, n).await)
    }

    fn logged(&self, room: RoomId, before: u64) -> Answer<'_, DeskPage> {
        self.readers.ask(async move |look| read::desk::logged(look, room, before).await)
    }

    fn who(&self, room: RoomId, member: MemberId) -> Answer<'_, Option<PersonId>> {
        self.readers.ask(async move |look| look.who(room, member).await)
    }

    fn called(&self, room: RoomId, name: PersonName) -> Answer<'_, Option<MemberId>> {
        self.readers.ask(async move |look| read::called(look, room, &name).await)
    }

    fn members(&self, room: RoomId, ids: Vec<MemberId>) -> Answer<'_, Vec<(Member, bool)>> {
        self.readers.ask(async move |look| read::members(look, room, ids).await)
    }

    fn ended(&self, code: RoomCode, person: PersonId) -> Answer<'_, Option<Ended>> {
        self.readers.ask(async move |look| look.ended(&code, person).await)
    }

    fn over(&self, at: i64, grace: i64, all: bool) -> Answer<'_, Vec<RoomId>> {
        self.readers.ask(async move |look| look.over(Before::of(at, grace, all), MAX_DUE).await)
    }

    fn to_clear(&self, rested: i64) -> Answer<'_, Vec<RoomId>> {
        self.readers.ask(async move |look| look.to_clear(rested, MAX_DUE).await)
    }

    fn free_name(
        &self,
        room: RoomId,
        person: Option<PersonId>,
        names: Vec<PersonName>,
    ) -> Answer<'_, Option<PersonName>> {
        self.readers.ask(async move |look| read::free_name(look, room, person, names).await)
    }

    fn page(&self, room: RoomId, slice: Slice) -> Answer<'_, RoomPage> {
        self.readers.ask(async move |look| read::page(look, room, slice).await)
    }

    fn since(&self, stream: Stream, point: Option<Point>) -> Answer<'_, Since> {
        self.readers.ask(async move |look| read::since(look, stream, point).await)
    }

    fn list(&self, with: Option<Line>, most: u32) -> Answer<'_, (Vec<Listing>, u64)> {
        self.readers.ask(async move |look| look.list(with.as_ref(), most))
    }

    fn is_hosted(&self, room: RoomId) -> Answer<'_, bool> {
        self.readers.ask(async move |look| look.is_hosted(room))
    }

    fn totals(&self) -> Answer<'_, Totals> {
        self.readers.ask(async |look| look.totals())
    }

    fn bans(&self) -> Answer<'_, Vec<Ban>> {
        self.readers.ask(async |look| look.bans())
    }

    fn ready(&self) -> Answer<'_, ()> {
        self.queue.probe()
    }

    fn doubt(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.doubts.notified())
    }
}
