//! The database server: stopped, killed, standing still. Nobody who is connected to Parley is cut for it.

use anyhow::{Result, ensure};
use cluster::{Frozen, Stop};
use tokio::task::block_in_place;

use super::{
    Outcome,
    refusals::{Asked, Still},
};
use crate::stage::Stage;

pub(super) async fn restart(stage: &mut Stage) -> Result<Outcome> {
    let times = outages(stage, Stop::Fast).await?;
    Ok(Outcome::Played(format!("its database was restarted {times} times"), stage.settle().await?))
}

pub(super) async fn crash(stage: &mut Stage) -> Result<Outcome> {
    let times = outages(stage, Stop::Immediate).await?;
    Ok(Outcome::Played(format!("its database was killed {times} times"), stage.settle().await?))
}

async fn outages(stage: &mut Stage, how: Stop) -> Result<usize> {
    let (times, each) = if stage.plan.long { (10, 60) } else { (1, 25) };
    stage.start().await?;
    let mut asked = Asked::new(stage).await?;
    stage.fill(2, 4).await?;
    for _ in 0..times {
        stage.everyone_is_in_the_middle_of(each).await?;
        block_in_place(|| stage.cluster()?.stop(how))?;
        asked.all(Still::Nothing).await?;
        block_in_place(|| stage.cluster()?.start())?;
    }
    stage.until_answered().await?;
    stage.all_stayed()?;
    Ok(times)
}

pub(super) async fn hang(stage: &mut Stage) -> Result<Outcome> {
    let (times, each) = if stage.plan.long { (5, 60) } else { (1, 25) };
    stage.start().await?;
    let mut asked = Asked::new(stage).await?;
    stage.fill(1, 4).await?;
    for _ in 0..times {
        stage.everyone_is_in_the_middle_of(each).await?;
        let frozen: Frozen = block_in_place(|| stage.cluster()?.freeze())?;
        asked.all(Still::Nothing).await?;
        // What was on its way when it began has been heard by now.
        let acknowledged = stage.acknowledged();
        asked.all(Still::Nothing).await?;
        ensure!(stage.acknowledged() == acknowledged, "something was acknowledged meanwhile");
        drop(frozen);
        stage.until_answered().await?;
    }
    stage.all_stayed()?;
    Ok(Outcome::Played(format!("its database stood still {times} times"), stage.settle().await?))
}
