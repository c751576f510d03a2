//! One transaction in two round trips: lock and load what its operations need; save and commit.
//! Rows are locked in one order everywhere (counters, rooms by id, persons by id), so that two
//! processes would wait for each other but never for ever.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::Duration,
};

use tokio::time::timeout;
use tokio_postgres::Client;

use super::{
    Address, StartError,
    error::{Fallible, Fault},
    schema,
    session::{Line, Session},
};
use crate::store::{
    PROMISE, StoreError,
    decide::Needs,
    group::{Database, Done, Failure, Work},
    run::{PATIENCE, Run},
};

/// What is left of the promise for the answer's way.
const MARGIN: Duration = Duration::from_millis(50);

pub(super) struct Primary {
    address: Address,
    /// `None` after anything failed on it: what came of it is not known.
    session: Option<Session>,
    run: Run,
}

impl Primary {
    /// The database, ready to be written by this process alone.
    pub(super) async fn open(address: Address, marker: &Path) -> Result<Self, StartError> {
        let failed = |fault| StartError::new(&address, fault);
        let io = |error| StartError::Marker { path: marker.into(), error };
        let run = Run::lock(marker).map_err(io)?;
        let mut run = run.ok_or_else(|| StartError::InUse { at: address.clone() })?;
        let mut line = Line::connect(&address.to_write()).await.map_err(failed)?;
        schema::check(&line.client, &address).await?;
        if !line.own(PATIENCE).await.map_err(failed)? {
            return Err(StartError::InUse { at: address.clone() });
        }
        schema::migrate(&mut line.client).await.map_err(failed)?;
        let renewed = renew(&mut run, &mut line.client, false).await;
        renewed.map_err(|error| match error {
            Renewing::Database(fault) => failed(fault),
            Renewing::Marker(error) => io(error),
        })?;
        let session = Session::prepare(line).await.map_err(failed)?;
        Ok(Self { address, session: Some(session), run })
    }

    /// Nothing more will be written.
    pub(super) async fn end(mut self) {
        if let Some(mut session) = self.session.take() {
            let renewed = timeout(PROMISE, renew(&mut self.run, &mut session.client, true)).await;
            if !matches!(renewed, Ok(Ok(()))) {
                tracing::error!("the end of the run is not marked");
            }
        }
    }

    async fn session(&mut self) -> Fallible<Session> {
        if let Some(session) = self.session.take().filter(|session| !session.client.is_closed()) {
            return Ok(session);
        }
        let line = Line::connect(&self.address.to_write()).await?;
        // The line before may not be noticed as cut yet.
        if !line.own(PROMISE).await? {
            return Err(Fault::Other("another process of this program has the database"));
        }
        let session = Session::prepare(line).await?;
        tracing::info!("the database is there again");
        Ok(session)
    }

    async fn carry_out(&mut self, works: &[Work]) -> Fallible<Done> {
        let session = self.session().await?;
        let done = transaction(&session, works).await?;
        self.session = Some(session);
        Ok(done)
    }
}

impl Database for Primary {
    fn transaction(&mut self, works: &[Work]) -> impl Future<Output = Result<Done, Failure>> {
        let waited = works.iter().map(|work| work.since.elapsed()).max().unwrap_or_default();
        let left = PROMISE.saturating_sub(waited + MARGIN);
        async move {
            match timeout(left, self.carry_out(works)).await {
                Ok(done) => Ok(done?),
                Err(_) => Err(Failure::Store(StoreError::silent())),
            }
        }
    }
}

async fn transaction(session: &Session, works: &[Work]) -> Fallible<Done> {
    let needs = Needs::of(works.iter().filter_map(Work::op));
    let probes = works.iter().any(|work| work.op().is_none());
    let mut batch = session.load.begin(&session.client, &needs, probes).await?;
    let decide = |work: &Work| work.op().map(|op| batch.decide(op)).transpose();
    let answers = catch_unwind(AssertUnwindSafe(|| works.iter().map(decide).collect()));
    let answers = answers.map_err(|_| Fault::Row("an operation panicked"))?;
    session.save.commit(&session.client, &batch, probes.then_some(&session.probe)).await?;
    Ok(Done { answers, commit: batch.changes() })
}

enum Renewing {
    Database(Fault),
    Marker(std::io::Error),
}

impl<E: Into<Fault>> From<E> for Renewing {
    fn from(fault: E) -> Self {
        Self::Database(fault.into())
    }
}

/// Gives the database the run's next marker, and a new epoch if it is not as the last run left it.
async fn renew(run: &mut Run, client: &mut Client, ended: bool) -> Result<(), Renewing> {
    let tx = client.transaction().await?;
    let old: Option<String> =
        tx.query_one("SELECT run FROM meta FOR UPDATE", &[]).await?.try_get(0)?;
    let new = run.renew(old.as_deref(), ended).map_err(Renewing::Marker)?;
    if !new.known {
        // By the clock, so that the same copy brought back twice does not lead to the same epoch
        // twice. Ids of rooms made since the copy was taken are skipped: clients may know them.
        tx.batch_execute(
            "SET LOCAL statement_timeout = 0;
             UPDATE meta SET epoch = greatest(epoch + 1, extract(epoch FROM now())::bigint),
                 last_room = last_room + 65536;
             UPDATE rooms SET epoch = (SELECT epoch FROM meta)",
        )
        .await?;
        tracing::warn!("the database is not as the last run left it: every client starts anew");
    }
    tx.execute("UPDATE meta SET run = $1", &[&new.marker]).await?;
    tx.commit().await?;
    run.renewed(&new.marker, ended).map_err(Renewing::Marker)
}
