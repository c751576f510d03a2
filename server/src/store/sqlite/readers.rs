//! A few threads that read while the writer writes. Knows no query.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc::SyncSender},
    thread,
};

use futures::executor::block_on;
use rusqlite::Connection;
use tokio::{sync::oneshot, time::timeout};

use super::{StartError, look::Moment, schema};
use crate::store::{Answer, PROMISE, QUEUE, Result, StoreError};

const THREADS: usize = 2;
/// Questions that are answered of one moment, at most: behind a long one others wait.
const TOGETHER: usize = 16;

type Job = Box<dyn FnOnce(Result<Moment<'_>>) + Send>;

pub(super) struct Readers(Arc<Jobs>);

/// What waits for whichever thread is free.
#[derive(Default)]
struct Jobs {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Job>,
    /// Threads that nobody has woken yet.
    idle: usize,
    ended: bool,
}

impl Readers {
    pub(super) fn start(
        path: &Path,
        running: &SyncSender<()>,
    ) -> std::result::Result<Self, StartError> {
        let readers = Self(Arc::default());
        for _ in 0..THREADS {
            let conn = schema::open_reader(path).map_err(|error| StartError::new(path, &error))?;
            let (jobs, running) = (Arc::clone(&readers.0), running.clone());
            let thread = thread::Builder::new().name("sqlite-reader".into());
            let thread = thread.spawn(move || {
                run(&conn, &jobs);
                drop(conn);
                drop(running);
            });
            thread.map_err(|error| StartError::io(path, &error))?;
        }
        Ok(readers)
    }

    /// All that it reads is of one moment after it was asked.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        read: impl AsyncFnOnce(&Moment<'_>) -> Result<T> + Send + 'static,
    ) -> Answer<'static, T> {
        let (answer, answered) = oneshot::channel();
        let taken = self.0.push(Box::new(move |moment| {
            if !answer.is_closed() {
                let _ = answer.send(moment.and_then(|moment| block_on(read(&moment))));
            }
        }));
        Box::pin(async move {
            taken?;
            timeout(PROMISE, answered)
                .await
                .map_err(|_| StoreError::silent())?
                .map_err(|_| StoreError::silent())?
        })
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.0.queue().ended = true;
        self.0.changed.notify_all();
    }
}

impl Jobs {
    fn push(&self, job: Job) -> Result<()> {
        let mut queue = self.queue();
        if queue.waiting.len() >= QUEUE {
            return Err(StoreError::Overloaded);
        }
        queue.waiting.push_back(job);
        if queue.idle > 0 {
            queue.idle -= 1;
            drop(queue);
            self.changed.notify_one();
        }
        Ok(())
    }

    /// Some that wait; `None` when there will be no more.
    fn next(&self) -> Option<Vec<Job>> {
        let mut queue = self.queue();
        while queue.waiting.is_empty() {
            if queue.ended {
                return None;
            }
            queue.idle += 1;
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        drop(queue);
        // As with a commit: where processors are few, whoever asks may have more to ask.
        thread::yield_now();
        let mut queue = self.queue();
        let some = queue.waiting.len().min(TOGETHER);
        Some(queue.waiting.drain(..some).collect())
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A read transaction. It is begun and ended by statements that are kept: to parse them takes longer than
/// many a question.
struct Snapshot<'a>(&'a Connection);

impl<'a> Snapshot<'a> {
    fn begin(conn: &'a Connection) -> rusqlite::Result<Self> {
        conn.prepare_cached("BEGIN")?.execute([])?;
        Ok(Self(conn))
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        // Which is all that a reader needs, also after a panic.
        let _ = self.0.prepare_cached("ROLLBACK").and_then(|mut rollback| rollback.execute([]));
    }
}

/// A job that panics loses its own answer and nothing else.
fn run(conn: &Connection, jobs: &Jobs) {
    while let Some(some) = jobs.next() {
        // The other one may have been faster.
        if some.is_empty() {
            continue;
        }
        let snapshot = Snapshot::begin(conn).map_err(StoreError::from);
        for job in some {
            let moment = snapshot.as_ref().map(|snapshot| Moment(snapshot.0)).map_err(Clone::clone);
            if catch_unwind(AssertUnwindSafe(|| job(moment))).is_err() {
                tracing::error!("a read panicked");
            }
        }
    }
}
