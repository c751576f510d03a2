//! The store on PostgreSQL: one thread that writes over one connection, and a pool of connections
//! that only read. Owns how questions reach them and how PostgreSQL's errors are called here; what
//! an operation means is `decide`'s, which of them share a transaction `group`'s.

mod address;
mod check;
mod clear;
mod desk;
mod devices;
mod error;
mod load;
mod look;
mod names;
mod operator;
mod rows;
mod save;
mod schema;
mod search;
mod session;
#[cfg(test)]
mod tests;
mod writer;

use std::{
    future::Future,
    path::Path,
    pin::Pin,
    sync::{Arc, Mutex, mpsc::sync_channel},
    thread,
};

use protocol::{
    DeskPage, Ended, Item, Kind, Line, Link, Member, MemberId, OpenRoom, PersonName, Point,
    RoomCode, RoomId, RoomLink, RoomPage,
};
use tokio::{
    runtime,
    sync::{Notify, mpsc, oneshot},
    time::timeout,
};

use super::{
    Answer, Applied, Ban, Commit, Door, Entry, Listing, MAX_DUE, MAX_OPEN, MAX_ROOMS, Op, PROMISE,
    Person, PersonId, Result, Secret, Session, SessionHash, SignedIn, Since, Slice, Store,
    StoreError, Stream, Totals, WayHash,
    group::{Ending, Queue, Writer},
    read::{self, Before, Look},
};
pub use address::Address;
pub use check::check;
pub use error::StartError;
use look::Readers;
use writer::Primary;

pub struct Postgres {
    // Dropped first: that ends the thread, for which `threads` then waits.
    queue: Queue,
    readers: Readers,
    doubts: Arc<Notify>,
    #[expect(dead_code, reason = "is there to be dropped")]
    threads: Ending,
}

impl Postgres {
    /// Prepares the database at `address` for this program alone. The folder `data` must exist; it
    /// keeps what tells this database from a copy of it. Each transaction's changes go to
    /// `commits` once they are durable, in the order of revs; while that is full, nothing is
    /// written.
    ///
    /// # Errors
    /// The database cannot be used; nothing in it was changed.
    pub async fn start(
        address: &Address,
        data: &Path,
        commits: mpsc::Sender<Commit>,
    ) -> std::result::Result<Self, StartError> {
        let (queue, works) = Queue::new();
        let doubts = Arc::<Notify>::default();
        let doubted = doubts.clone();
        let (started, start) = oneshot::channel();
        // Nothing is sent: the thread holds a sender for as long as it runs.
        let (running, ended) = sync_channel::<()>(0);
        let marker = data.join("postgres.run");
        let failed = |error: std::io::Error| StartError::Marker { path: marker.clone(), error };
        // Of its own, so that the requests of many cannot keep it waiting.
        let runtime =
            runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let (at, path) = (address.clone(), marker.clone());
        let thread = thread::Builder::new().name("postgres-writer".into());
        let thread = thread.spawn(move || {
            runtime.block_on(async {
                match Primary::open(at, &path).await {
                    Ok(database) => {
                        let _ = started.send(Ok(()));
                        Writer { database, commits, doubts: doubted }.run(works).await.end().await;
                    }
                    Err(error) => drop(started.send(Err(error))),
                }
            });
            drop(running);
        });
        thread.map_err(failed)?;
        start.await.map_err(|_| failed(std::io::Error::other("the writer ended")))??;
        let readers = Readers::new(address).map_err(|error| StartError::Unusable {
            at: address.clone(),
            reason: error.to_string(),
        })?;
        Ok(Self { queue, readers, doubts, threads: Ending(Mutex::new(ended)) })
    }
}

/// An answer, or that there is none in time.
fn in_time<'a, T>(answer: impl Future<Output = Result<T>> + Send + 'a) -> Answer<'a, T> {
    Box::pin(async move { timeout(PROMISE, answer).await.map_err(|_| StoreError::silent())? })
}

impl Store for Postgres {
    fn apply(&self, op: Op) -> Answer<'_, Applied> {
        self.queue.apply(op)
    }

    fn session(&self, session: SessionHash) -> Answer<'_, Option<Session>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = look.session(session).await;
            look.end(found).await
        })
    }

    fn devices(&self, person: PersonId) -> Answer<'_, Vec<SignedIn>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = look.devices(person).await;
            look.end(found).await
        })
    }

    fn at_the_end_of(&self, way: WayHash, at: i64) -> Answer<'_, Option<Person>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = read::at_the_end_of(&look, way, at).await;
            look.end(found).await
        })
    }

    fn rooms(&self, person: PersonId) -> Answer<'_, Vec<RoomLink>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = look.rooms(person, MAX_ROOMS).await;
            look.end(found).await
        })
    }

    fn entry(&self, door: Door, person: Option<PersonId>) -> Answer<'_, Option<Entry>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = read::entry(&look, &door, person).await;
            look.end(found).await
        })
    }

    fn open(&self) -> Answer<'_, Vec<(RoomId, OpenRoom)>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = look.open(MAX_OPEN).await;
            look.end(found).await
        })
    }

    fn barred(&self, room: RoomId, from: Secret) -> Answer<'_, Option<i64>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = look.barred(room, from).await;
            look.end(found).await
        })
    }

    fn password(&self, room: RoomId) -> Answer<'_, Option<String>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = look.password(room).await;
            look.end(found).await
        })
    }

    fn link(&self, key: Secret, at: i64) -> Answer<'_, Option<(RoomId, Link)>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = read::link(&look, key, at).await;
            look.end(found).await
        })
    }

    fn item(&self, room: RoomId, kind: Kind, n: u64) -> Answer<'_, Option<Item>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = look.item(room, kind, n).await;
            look.end(found).await
        })
    }

    fn logged(&self, room: RoomId, before: u64) -> Answer<'_, DeskPage> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = read::desk::logged(&look, room, before).await;
            look.end(found).await
        })
    }

    fn who(&self, room: RoomId, member: MemberId) -> Answer<'_, Option<PersonId>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = look.who(room, member).await;
            look.end(found).await
        })
    }

    fn called(&self, room: RoomId, name: PersonName) -> Answer<'_, Option<MemberId>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = read::called(&look, room, &name).await;
            look.end(found).await
        })
    }

    fn members(&self, room: RoomId, ids: Vec<MemberId>) -> Answer<'_, Vec<(Member, bool)>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = read::members(&look, room, ids).await;
            look.end(found).await
        })
    }

    fn ended(&self, code: RoomCode, person: PersonId) -> Answer<'_, Option<Ended>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = look.ended(&code, person).await;
            look.end(found).await
        })
    }

    fn over(&self, at: i64, grace: i64, all: bool) -> Answer<'_, Vec<RoomId>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = look.over(Before::of(at, grace, all), MAX_DUE).await;
            look.end(found).await
        })
    }

    fn to_clear(&self, rested: i64) -> Answer<'_, Vec<RoomId>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = look.to_clear(rested, MAX_DUE).await;
            look.end(found).await
        })
    }

    fn free_name(
        &self,
        room: RoomId,
        person: Option<PersonId>,
        names: Vec<PersonName>,
    ) -> Answer<'_, Option<PersonName>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = read::free_name(&look, room, person, names).await;
            look.end(found).await
        })
    }

    fn page(&self, room: RoomId, slice: Slice) -> Answer<'_, RoomPage> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = read::page(&look, room, slice).await;
            look.end(found).await
        })
    }

    fn since(&self, stream: Stream, point: Option<Point>) -> Answer<'_, Since> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = read::since(&look, stream, point).await;
            look.end(found).await
        })
    }

    fn list(&self, with: Option<Line>, most: u32) -> Answer<'_, (Vec<Listing>, u64)> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = look.list(with.as_ref(), most).await;
            look.end(found).await
        })
    }

    fn is_hosted(&self, room: RoomId) -> Answer<'_, bool> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = look.is_hosted(room).await;
            look.end(found).await
        })
    }

    fn totals(&self) -> Answer<'_, Totals> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = look.totals().await;
            look.end(found).await
        })
    }

    fn bans(&self) -> Answer<'_, Vec<Ban>> {
        in_time(async move {
            let look = self.readers.look().await?;
            let found = look.bans().await;
            look.end(found).await
        })
    }

    fn ready(&self) -> Answer<'_, ()> {
        self.queue.probe()
    }

    fn doubt(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.doubts.notified())
    }
}
