//! One transaction of the thread that writes, and what a failed one says of its connection.

use std::{
    future::ready,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
};

use rusqlite::{Connection, ErrorCode, OptionalExtension, TransactionBehavior};

use super::{load, save, schema};
use crate::store::{
    Op, Result, StoreError,
    decide::Needs,
    group::{Database, Done, Failure, Work},
    run::Run,
};

pub(super) struct File {
    pub(super) path: PathBuf,
    /// `None` after the disk failed.
    pub(super) conn: Option<Connection>,
    pub(super) run: Run,
    /// The log has traces of what was deleted: somebody was reading from it.
    pub(super) traces: bool,
}

impl Database for File {
    fn transaction(
        &mut self,
        works: &[Work],
    ) -> impl Future<Output = std::result::Result<Done, Failure>> {
        let done = self.guard(|conn| transaction(conn, works));
        // As often as what is over is deleted, it is tried again.
        let purges = works.iter().any(|work| matches!(work.op(), Some(Op::Purge { .. })));
        ready(done.map(|(done, traces)| {
            if traces || purges && self.traces {
                self.tidy();
            }
            done
        }))
    }
}

impl File {
    /// Nothing more will be written.
    pub(super) fn end(mut self) {
        if let Some(mut conn) = self.conn.take()
            && let Err(error) = renew(&mut self.run, &mut conn, true)
        {
            tracing::error!(%error, "the end of the run is not marked");
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

    /// What was committed is so, whatever comes of this.
    fn tidy(&mut self) {
        self.traces = match self.guard(|conn| schema::tidy(conn)) {
            Ok(tidied) => !tidied,
            Err(Failure::Poison(error) | Failure::Store(error)) => {
                tracing::error!(%error, "what was deleted may still stand in the log");
                true
            }
        };
    }

    fn reopen(&self) -> Result<Connection> {
        let conn = schema::open(&self.path)?;
        schema::prepare_writer(&conn)?;
        tracing::info!("the database is open again");
        Ok(conn)
    }
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

/// And whether it left traces of what was deleted.
fn transaction(conn: &mut Connection, works: &[Work]) -> rusqlite::Result<(Done, bool)> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut batch = load::load(&tx, &Needs::of(works.iter().filter_map(Work::op)))?;
    let answers = works.iter().map(|work| work.op().map(|op| batch.decide(op)).transpose());
    let answers = answers.collect();
    let traces = save::save(&tx, &batch)?;
    if works.iter().any(|work| work.op().is_none()) {
        tx.prepare_cached("UPDATE meta SET value = value + 1 WHERE key = 'probe'")?.execute([])?;
    }
    tx.commit()?;
    Ok((Done { answers, commit: batch.changes() }, traces))
}

/// Gives the database the run's next marker, and a new epoch if it is not as the last run left it.
pub(super) fn renew(run: &mut Run, conn: &mut Connection, ended: bool) -> Result<()> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let query = "SELECT value FROM meta WHERE key = 'run'";
    let old: Option<String> = tx.query_row(query, [], |row| row.get(0)).optional()?;
    let new = run.renew(old.as_deref(), ended)?;
    if !new.known {
        new_epoch(&tx)?;
    }
    let sql =
        "INSERT INTO meta VALUES('run', ?1) ON CONFLICT(key) DO UPDATE SET value = excluded.value";
    tx.execute(sql, [&new.marker])?;
    tx.commit()?;
    Ok(run.renewed(&new.marker, ended)?)
}

/// By the clock, so that the same copy brought back twice does not lead to the same epoch twice.
/// Ids of rooms made since the copy was taken are skipped: clients may still know them.
fn new_epoch(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch(
        "UPDATE meta SET value = max(value + 1, unixepoch()) WHERE key = 'epoch';
         UPDATE rooms SET epoch = (SELECT value FROM meta WHERE key = 'epoch');
         UPDATE sqlite_sequence SET seq = seq + 65536 WHERE name = 'rooms';",
    )?;
    tracing::warn!("the database is not as the last run left it: every client starts anew");
    Ok(())
}
