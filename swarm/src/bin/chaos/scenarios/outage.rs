//! The database server: stopped, killed, standing still, without room. Nobody who is connected to Parley is cut for it.

use anyhow::{Result, ensure};
use cluster::{Cluster, Frozen, Stop};
use protocol::{Command, MessageId};
use swarm::{log, person::Door};
use tempfile::TempDir;
use tokio::task::block_in_place;

use super::{
    Outcome,
    disk::{Disk, NOT_ROOT, until_refused},
    refusals::{Asked, Still},
};
use crate::stage::Stage;

/// With room for some of the files, of 16 MB each, that the log is made of.
const SIZE: &str = "size=96m";

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

pub(super) async fn full(stage: &mut Stage) -> Result<Outcome> {
    let folder = TempDir::with_prefix("parley-chaos-disk-")?;
    let Some(disk) = Disk::mount(folder.path(), SIZE) else {
        return Ok(Outcome::Skipped(NOT_ROOT.into()));
    };
    block_in_place(|| stage.move_to(Cluster::on(folder.path())?))?;
    let played = without_room(stage, &disk).await;
    // Before its disk goes. It may have ended.
    let _ = block_in_place(|| stage.cluster()?.stop(Stop::Immediate));
    played
}

/// First for its tables, which it says; then for its log, without which it gives up.
async fn without_room(stage: &mut Stage, disk: &Disk) -> Result<Outcome> {
    let (times, each) = if stage.plan.long { (5, 40) } else { (1, 25) };
    stage.start().await?;
    let mut asked = Asked::new(stage).await?;
    let (_, host) = Door::create(stage.server()?.address, "Hana").await?;
    let (room, body) = (host.room.id, "no room ".repeat(100));
    stage.fill(1, 4).await?;
    for _ in 0..times {
        stage.everyone_is_in_the_middle_of(each).await?;
        disk.fill()?;
        let post = |_| Command::Post { room, id: MessageId::now(), body: body.clone() };
        until_refused(&host, post).await?;
        log::read(&stage.rooms[0]).await?;
        disk.clear()?;
        stage.until_answered().await?;
        stage.everyone_is_in_the_middle_of(each).await?;
        disk.fill()?;
        let given_up = block_in_place(|| stage.cluster()?.fill_log());
        let given_up = given_up.err().map(|error| error.to_string()).unwrap_or_default();
        ensure!(given_up.contains("PANIC"), "the log has room: {given_up}");
        // It ends by itself, and this waits for it.
        let _ = block_in_place(|| stage.cluster()?.stop(Stop::Immediate));
        asked.all(Still::Nothing).await?;
        disk.clear()?;
        block_in_place(|| stage.cluster()?.start())?;
        stage.until_answered().await?;
    }
    stage.all_stayed()?;
    let did =
        format!("{times} times its database had no room for its tables, and then none for its log");
    Ok(Outcome::Played(did, stage.settle().await?))
}
