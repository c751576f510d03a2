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

type Job = Box<dyn FnOnce(Result<Moment<'_>>) + Send>;

pub(super) struct Readers(Arc<Jobs>);

/// What waits for whichever thread is free.
#[derive(Default)]
struct Jobs {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    /// With the number of each.
    jobs: VecDeque<(u64, Job)>,
    /// Jobs that there ever were.
    count: u64,
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
        self.0.waiting().ended = true;
        self.0.changed.notify_all();
    }
}

impl Jobs {
    fn push(&self, job: Job) -> Result<()> {
        let mut waiting = self.waiting();
        if waiting.jobs.len() >= QUEUE {
            return Err(StoreError::Overloaded);
        }
        waiting.count += 1;
        let n = waiting.count;
        waiting.jobs.push_back((n, job));
        if waiting.idle > 0 {
            waiting.idle -= 1;
            drop(waiting);
            self.changed.notify_one();
        }
        Ok(())
    }

    /// Returns the number of the last job when there is one; `None` when there will be no more.
    fn wait(&self) -> Option<u64> {
        let mut waiting = self.waiting();
        while waiting.jobs.is_empty() {
            if waiting.ended {
                return None;
            }
            waiting.idle += 1;
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        drop(waiting);
        // As with a commit: where processors are few, whoever asks may have more to ask.
        thread::yield_now();
        Some(self.waiting().count)
    }

    /// One at a time, so that none waits behind a long one while the other thread is free.
    fn next(&self, last: u64) -> Option<Job> {
        let (_, job) = self.waiting().jobs.pop_front_if(|(n, _)| *n <= last)?;
        Some(job)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was asked before a transaction began shares it. A job that panics loses its own answer and nothing else.
fn run(conn: &Connection, jobs: &Jobs) {
    while let Some(last) = jobs.wait() {
        while let Some(job) = jobs.next(last) {
            // None has begun yet, or the disk failed, which ends it.
            let begun = if conn.is_autocommit() { execute(conn, "BEGIN") } else { Ok(()) };
            let moment = begun.map(|()| Moment(conn)).map_err(StoreError::from);
            if catch_unwind(AssertUnwindSafe(|| job(moment))).is_err() {
                tracing::error!("a read panicked");
            }
        }
        if !conn.is_autocommit() {
            // Which is all that a reader needs.
            let _ = execute(conn, "ROLLBACK");
        }
    }
}

/// It is kept: to parse it takes longer than many a question.
fn execute(conn: &Connection, sql: &str) -> rusqlite::Result<()> {
    conn.prepare_cached(sql)?.execute([]).map(drop)
}
