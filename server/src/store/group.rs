//! Group commit, the same for every database: all that has queued up while the commit before was
//! reaching the disk is one transaction, answered when it is durable and handed to the publisher in
//! its order. Owns the queue and its bounds; a database carries out a transaction.

use std::{
    sync::{Arc, Mutex, PoisonError, mpsc::Receiver},
    thread,
    time::Instant,
};

use tokio::{
    sync::{
        Notify,
        mpsc::{self, error::TrySendError},
        oneshot,
    },
    time::timeout,
};

use super::{Answer, Applied, Commit, DEADLINE, MAX_BATCH, Op, PROMISE, QUEUE, Result, StoreError};

pub(super) enum Task {
    Apply(Op, oneshot::Sender<Result<Applied>>),
    /// Only whether a write reaches the disk.
    Probe(oneshot::Sender<Result<()>>),
}

pub(super) struct Work {
    pub(super) task: Task,
    pub(super) since: Instant,
}

impl Work {
    pub(super) fn op(&self) -> Option<&Op> {
        match &self.task {
            Task::Apply(op, _) => Some(op),
            Task::Probe(_) => None,
        }
    }

    /// Nobody waits for it any more.
    fn is_abandoned(&self) -> bool {
        match &self.task {
            Task::Apply(_, answer) => answer.is_closed(),
            Task::Probe(answer) => answer.is_closed(),
        }
    }

    fn answer(self, result: Result<Option<Applied>>) {
        match (self.task, result) {
            (Task::Apply(_, answer), Ok(Some(applied))) => drop(answer.send(Ok(applied))),
            (Task::Apply(_, answer), Err(error)) => drop(answer.send(Err(error))),
            (Task::Probe(answer), result) => drop(answer.send(result.map(|_| ()))),
            (Task::Apply(..), Ok(None)) => {}
        }
    }
}

/// Where the operations wait; the writer ends when this is dropped.
pub(super) struct Queue(mpsc::Sender<Work>);

impl Queue {
    pub(super) fn new() -> (Self, mpsc::Receiver<Work>) {
        let (works, queue) = mpsc::channel(QUEUE);
        (Self(works), queue)
    }

    pub(super) fn apply(&self, op: Op) -> Answer<'_, Applied> {
        let (answer, answered) = oneshot::channel();
        Box::pin(self.ask(Task::Apply(op, answer), answered))
    }

    pub(super) fn probe(&self) -> Answer<'_, ()> {
        let (answer, answered) = oneshot::channel();
        Box::pin(self.ask(Task::Probe(answer), answered))
    }

    async fn ask<T>(&self, task: Task, answered: oneshot::Receiver<Result<T>>) -> Result<T> {
        let work = Work { task, since: Instant::now() };
        self.0.try_send(work).map_err(|refused| match refused {
            TrySendError::Full(_) => StoreError::Overloaded,
            TrySendError::Closed(_) => StoreError::stopped(),
        })?;
        // No answer: the disk hangs. The change may yet be stored.
        timeout(PROMISE, answered)
            .await
            .map_err(|_| StoreError::silent())?
            .map_err(|_| StoreError::silent())?
    }
}

/// Times that the writer lets others go on before a commit, each for as long as a processor gives them: some
/// milliseconds. It goes on at once when one of them brought nothing.
const YIELDS: usize = 16;

/// What can carry out a transaction.
pub(super) trait Database {
    /// Decides the works and stores what changes, all or nothing; resolves when it is durable.
    fn transaction(
        &mut self,
        works: &[Work],
    ) -> impl Future<Output = std::result::Result<Done, Failure>>;
}

/// What a transaction came to: an answer for each of its works, and what to publish.
pub(super) struct Done {
    pub(super) answers: Vec<Result<Option<Applied>>>,
    pub(super) commit: Commit,
}

#[derive(Debug)]
pub(super) enum Failure {
    /// Of one operation; which one is not known.
    Poison(StoreError),
    Store(StoreError),
}

/// The one writer of a database.
pub(super) struct Writer<D> {
    pub(super) database: D,
    pub(super) commits: mpsc::Sender<Commit>,
    /// Of a transaction nobody knows whether it was stored.
    pub(super) doubts: Arc<Notify>,
}

impl<D: Database> Writer<D> {
    /// On a thread of its own. Ends when the queue is closed and empty.
    pub(super) async fn run(mut self, mut queue: mpsc::Receiver<Work>) -> D {
        let mut batch = Vec::with_capacity(MAX_BATCH);
        while queue.recv_many(&mut batch, MAX_BATCH).await > 0 {
            // Where processors are few, the one who woke this thread may have more in hand: what it
            // queues before it has to wait itself shares this commit. Otherwise this takes no time.
            for _ in 0..YIELDS {
                thread::yield_now();
                let before = batch.len();
                while batch.len() < MAX_BATCH
                    && let Ok(work) = queue.try_recv()
                {
                    batch.push(work);
                }
                if batch.len() == before {
                    break;
                }
            }
            let due = batch.drain(..).filter_map(|work: Work| {
                if work.is_abandoned() {
                    None
                } else if work.since.elapsed() >= DEADLINE {
                    work.answer(Err(StoreError::Overloaded));
                    None
                } else {
                    Some(work)
                }
            });
            let due: Vec<Work> = due.collect();
            self.carry_out(due).await;
        }
        self.database
    }

    pub(super) async fn carry_out(&mut self, batch: Vec<Work>) {
        if batch.is_empty() {
            return;
        }
        match self.database.transaction(&batch).await {
            // Something in it cannot be executed; alone, it harms nobody else.
            Err(Failure::Poison(_)) if batch.len() > 1 => {
                for work in batch {
                    let done = self.database.transaction(std::slice::from_ref(&work)).await;
                    self.finish(vec![work], done).await;
                }
            }
            done => self.finish(batch, done).await,
        }
    }

    async fn finish(&self, batch: Vec<Work>, done: std::result::Result<Done, Failure>) {
        match done {
            // The commit is durable by now.
            Ok(Done { answers, commit }) => {
                for (work, answer) in batch.into_iter().zip(answers) {
                    work.answer(answer);
                }
                // A publisher that is gone has nobody left to tell.
                if !commit.is_empty() {
                    let _ = self.commits.send(commit).await;
                }
            }
            Err(Failure::Poison(error) | Failure::Store(error)) => {
                tracing::error!(%error, works = batch.len(), "a transaction failed");
                if matches!(error, StoreError::Unavailable(_)) {
                    self.doubts.notify_one();
                }
                batch.into_iter().for_each(|work| work.answer(Err(error.clone())));
            }
        }
    }
}

/// Waits for a database's threads to end, so that the last commit is on disk and the next process
/// finds the database free; not for ever, for the disk may hang. Each thread holds the other end.
pub(super) struct Ending(pub(super) Mutex<Receiver<()>>);

impl Drop for Ending {
    fn drop(&mut self) {
        let _ = self.0.get_mut().unwrap_or_else(PoisonError::into_inner).recv_timeout(PROMISE);
    }
}
