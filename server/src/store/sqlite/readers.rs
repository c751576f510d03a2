//! A few threads that read while the writer writes. Knows no query.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread,
};

use futures::executor::block_on;
use rusqlite::Connection;
use tokio::{sync::oneshot, time::timeout};

use super::{StartError, look::Moment, schema};
use crate::store::{Answer, PROMISE, QUEUE, Result, StoreError};

const THREADS: usize = 2;

type Job = Box<dyn FnOnce(&Connection) + Send>;

pub(super) struct Readers {
    jobs: SyncSender<Job>,
}

impl Readers {
    pub(super) fn start(
        path: &Path,
        running: &SyncSender<()>,
    ) -> std::result::Result<Self, StartError> {
        let (jobs, queue) = sync_channel(QUEUE);
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..THREADS {
            let conn = schema::open_reader(path).map_err(|error| StartError::new(path, &error))?;
            let (queue, running) = (Arc::clone(&queue), running.clone());
            let thread = thread::Builder::new().name("sqlite-reader".into());
            let thread = thread.spawn(move || {
                run(&conn, &queue);
                drop(conn);
                drop(running);
            });
            thread.map_err(|error| StartError::io(path, &error))?;
        }
        Ok(Self { jobs })
    }

    /// One read transaction: everything in it is of the same moment.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        read: impl AsyncFnOnce(&Moment<'_>) -> Result<T> + Send + 'static,
    ) -> Answer<'static, T> {
        let (answer, answered) = oneshot::channel();
        let sent = self.jobs.try_send(Box::new(move |conn| {
            if !answer.is_closed() {
                let _ = answer.send(look(conn, read));
            }
        }));
        Box::pin(async move {
            match sent {
                Ok(()) => {}
                Err(TrySendError::Full(_)) => return Err(StoreError::Overloaded),
                Err(TrySendError::Disconnected(_)) => return Err(StoreError::stopped()),
            }
            timeout(PROMISE, answered)
                .await
                .map_err(|_| StoreError::silent())?
                .map_err(|_| StoreError::silent())?
        })
    }
}

fn look<T>(conn: &Connection, read: impl AsyncFnOnce(&Moment<'_>) -> Result<T>) -> Result<T> {
    // Ends with a rollback, which is all that a reader needs, also after a panic.
    let tx = conn.unchecked_transaction()?;
    block_on(read(&Moment(&tx)))
}

/// A job that panics loses its own answer and nothing else.
fn run(conn: &Connection, queue: &Mutex<Receiver<Job>>) {
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { break };
        if catch_unwind(AssertUnwindSafe(|| job(conn))).is_err() {
            tracing::error!("a read panicked");
        }
    }
}
