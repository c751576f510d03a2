//! The one thread that writes: group commit. Takes all that has queued up while the commit before
//! was reaching the disk, decides it, writes it in one transaction, answers, publishes.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    thread,
    time::Instant,
};

use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::{load, run::Run, save, schema};
use crate::store::{Applied, Commit, DEADLINE, MAX_BATCH, Op, Result, StoreError};

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

pub(super) struct Writer {
    pub(super) path: PathBuf,
    /// `None` after the disk failed.
    pub(super) conn: Option<Connection>,
    pub(super) run: Run,
    pub(super) commits: mpsc::Sender<Commit>,
}

/// What a transaction came to: an answer for each of its works, and what to publish.
struct Done {
    answers: Vec<Result<Option<Applied>>>,
    commit: Commit,
}

impl Writer {
    /// Ends when the queue is closed and empty.
    pub(super) fn run(mut self, mut queue: mpsc::Receiver<Work>) {
        let mut batch = Vec::with_capacity(MAX_BATCH);
        while queue.blocking_recv_many(&mut batch, MAX_BATCH) > 0 {
            // Where processors are few, the one who woke us may have more in hand: what it queues
            // before it has to wait itself shares this commit. Otherwise this takes no time.
            thread::yield_now();
            while batch.len() < MAX_BATCH
                && let Ok(work) = queue.try_recv()
            {
                batch.push(work);
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
            self.carry_out(due);
        }
        if let Some(mut conn) = self.conn.take()
            && let Err(error) = self.run.renew(&mut conn, true)
        {
            tracing::error!(%error, "the end of the run is not marked");
        }
    }

    pub(super) fn carry_out(&mut self, batch: Vec<Work>) {
        if batch.is_empty() {
            return;
        }
        match self.guard(|conn| transaction(conn, &batch)) {
            Ok(done) => self.finish(batch, done),
            // Something in it cannot be executed; alone, it harms nobody else.
            Err(Failure::Poison(_)) if batch.len() > 1 => {
                for work in batch {
                    self.carry_out(vec![work]);
                }
            }
            Err(Failure::Poison(error) | Failure::Store(error)) => {
                tracing::error!(%error, works = batch.len(), "a transaction failed");
                batch.into_iter().for_each(|work| work.answer(Err(error.clone())));
            }
        }
    }

    /// The commit is durable by now.
    fn finish(&self, batch: Vec<Work>, done: Done) {
        for (work, answer) in batch.into_iter().zip(done.answers) {
            work.answer(answer);
        }
        // A publisher that is gone has nobody left to tell.
        if !done.commit.is_empty() {
            let _ = self.commits.blocking_send(done.commit);
        }
    }

    /// Runs one transaction, and sees to the connection afterwards.
    pub(super) fn guard<T>(
        &mut self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> std::result::Result<T, Failure> {
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => self.reopen().map_err(Failure::Store)?,
        };
        let done = catch_unwind(AssertUnwindSafe(|| work(&mut conn)));
        let Ok(done) = done else {
            return Err(Failure::Poison(StoreError::Unavailable("an operation panicked".into())));
        };
        // What failed has been rolled back.
        let done = done.map_err(|error| (Cause::of(&error), error));
        if !matches!(done, Err((Cause::Disk, _))) {
            self.conn = Some(conn);
        }
        done.map_err(|(cause, error)| match cause {
            Cause::Operation => Failure::Poison(error.into()),
            Cause::Disk | Cause::Moment => Failure::Store(error.into()),
        })
    }

    fn reopen(&self) -> Result<Connection> {
        let conn = schema::open(&self.path)?;
        schema::prepare_writer(&conn)?;
        tracing::info!("the database is open again");
        Ok(conn)
    }
}

#[derive(Debug)]
pub(super) enum Failure {
    /// Of one operation; which one is not known.
    Poison(StoreError),
    Store(StoreError),
}

/// What a failed transaction says of its connection.
enum Cause {
    /// Nothing that it holds can be trusted: it is dropped.
    Disk,
    /// No room, or somebody else at work: later it will do.
    Moment,
    Operation,
}

impl Cause {
    fn of(error: &rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::Moment
            }
            None
            | Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig) => {
                Self::Operation
            }
            Some(_) => Self::Disk,
        }
    }
}

fn transaction(conn: &mut Connection, works: &[Work]) -> rusqlite::Result<Done> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut batch = load::begin(&tx)?;
    let mut answers = Vec::with_capacity(works.len());
    let mut probed = false;
    for work in works {
        answers.push(match &work.task {
            Task::Apply(op, _) => {
                load::load(&tx, op, &mut batch)?;
                batch.decide(op).map(Some)
            }
            Task::Probe(_) => {
                probed = true;
                Ok(None)
            }
        });
    }
    save::save(&tx, &batch)?;
    if probed {
        tx.prepare_cached("UPDATE meta SET value = value + 1 WHERE key = 'probe'")?.execute([])?;
    }
    tx.commit()?;
    Ok(Done { answers, commit: batch.changes() })
}
