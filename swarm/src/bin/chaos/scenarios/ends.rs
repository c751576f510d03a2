//! The server's process: killed, told to stop, stopped for a while.

use std::time::Duration;

use anyhow::{Result, ensure};
use protocol::Close;
use tokio::time::sleep;

use super::Outcome;
use crate::stage::Stage;

const STANDS_STILL: Duration = Duration::from_secs(10);

pub(super) async fn kill(stage: &mut Stage) -> Result<Outcome> {
    let (kills, each) = if stage.plan.long { (10, 60) } else { (3, 25) };
    stage.start().await?;
    stage.fill(2, 4).await?;
    for _ in 0..kills {
        stage.everyone_is_in_the_middle_of(each).await?;
        stage.kill()?;
        stage.start().await?;
    }
    Ok(Outcome::Played(format!("killed {kills} times"), stage.settle().await?))
}

pub(super) async fn term(stage: &mut Stage) -> Result<Outcome> {
    let (stops, each) = if stage.plan.long { (5, 60) } else { (2, 30) };
    stage.start().await?;
    stage.fill(2, 4).await?;
    for stop in 1..=stops {
        stage.everyone_is_in_the_middle_of(each).await?;
        stage.server()?.signal("TERM")?;
        let ended = stage.take_server()?.ended().await?;
        ensure!(ended.success(), "it ended with {ended}");
        let is_restart = |end: &&u16| **end == Close::Restart.code();
        stage.all(|view| view.ends.iter().filter(is_restart).count() == stop).await?;
        stage.start().await?;
        stage.all(|view| view.live).await?;
    }
    let mut found = stage.settle().await?;
    let resumed = found.story.accounts.iter().all(|account| account.runs.len() == 1);
    found.must(resumed, "one who only waited for a restart had to begin anew");
    Ok(Outcome::Played(format!("stopped {stops} times"), found))
}

pub(super) async fn pause(stage: &mut Stage) -> Result<Outcome> {
    stage.start().await?;
    stage.fill(2, 4).await?;
    stage.everyone_says(30).await;
    let more = stage.chance.within(1..20 * stage.tabs.len());
    stage.until_acknowledged(more).await?;
    stage.server()?.signal("STOP")?;
    // This is the fault itself: nothing is waited for.
    sleep(STANDS_STILL).await;
    stage.server()?.signal("CONT")?;
    Ok(Outcome::Played(format!("stood still for {STANDS_STILL:?}"), stage.settle().await?))
}
