//! A connection outside of the pool, and the writer's with its statements. It is used until something fails
//! on it.

use std::time::{Duration, Instant};

use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_postgres::{Client, Config, NoTls, Statement};

use super::{
    error::{Fallible, Fault},
    load, save,
};
use crate::store::PROMISE;

/// "Parley", as a number: who holds this lock is the one process that writes.
const LOCK: i64 = 0x5061_726c_6579;

/// Without statements yet.
pub(super) struct Line {
    pub(super) client: Client,
    /// Drives the line, and cuts it when it is dropped.
    driver: JoinSet<()>,
}

impl Line {
    pub(super) async fn connect(config: &Config) -> Fallible<Self> {
        let connected = timeout(PROMISE, config.connect(NoTls)).await;
        let (client, connection) = connected.map_err(|_| Fault::Other("it does not answer"))??;
        let mut driver = JoinSet::new();
        driver.spawn(async {
            // Whoever uses the line hears of it.
            let _ = connection.await;
        });
        Ok(Self { client, driver })
    }

    /// False if another process still has the database then.
    pub(super) async fn own(&self, patience: Duration) -> Fallible<bool> {
        let since = Instant::now();
        loop {
            let tried = self.client.query_one("SELECT pg_try_advisory_lock($1)", &[&LOCK]).await?;
            let owned = tried.try_get(0)?;
            if owned || since.elapsed() >= patience {
                return Ok(owned);
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
}

pub(super) struct Session {
    pub(super) client: Client,
    pub(super) load: load::Statements,
    pub(super) save: save::Statements,
    pub(super) probe: Statement,
    #[expect(dead_code, reason = "is there to be dropped")]
    driver: JoinSet<()>,
}

impl Session {
    pub(super) async fn prepare(Line { client, driver }: Line) -> Fallible<Self> {
        Ok(Self {
            load: load::Statements::prepare(&client).await?,
            save: save::Statements::prepare(&client).await?,
            probe: client.prepare("UPDATE meta SET probe = probe + 1").await?,
            client,
            driver,
        })
    }
}
