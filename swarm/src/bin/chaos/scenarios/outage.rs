//! The database server: stopped, killed, standing still. Nobody who is connected to Parley is cut for it.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use cluster::{Frozen, Stop};
use futures::future::{join, try_join_all};
use protocol::{Audience, Command, Event, MessageId, Place};
use reqwest::StatusCode;
use swarm::person::{Ear, Person, Voice};
use tokio::task::block_in_place;

use super::{Outcome, refused};
use crate::stage::Stage;

/// A server says by then that it cannot, and this machine's other work takes its time too.
const PROMISE: Duration = Duration::from_millis(2000 + 1000);

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
    let host = stage.open_room("Hana").await?;
    stage.fill(2, 4).await?;
    let (mut voice, mut ear) = host.connect().await?;
    for _ in 0..times {
        stage.everyone_is_in_the_middle_of(each).await?;
        block_in_place(|| stage.cluster()?.stop(how))?;
        refused(&mut voice, &mut ear, &host).await?;
        block_in_place(|| stage.cluster()?.start())?;
    }
    stage.until_answered().await?;
    stage.all_stayed()?;
    Ok(times)
}

pub(super) async fn hang(stage: &mut Stage) -> Result<Outcome> {
    let (times, each) = if stage.plan.long { (5, 60) } else { (1, 25) };
    stage.start().await?;
    let host = stage.open_room("Hana").await?;
    stage.fill(1, 4).await?;
    let mut lines = Vec::new();
    for command in commands(&host) {
        lines.push((host.connect().await?, command));
    }
    for _ in 0..times {
        stage.everyone_is_in_the_middle_of(each).await?;
        let frozen: Frozen = block_in_place(|| stage.cluster()?.freeze())?;
        nothing_can_be_done(stage, &mut lines).await?;
        // What was on its way when it began has been heard by now.
        let acknowledged = stage.acknowledged();
        nothing_can_be_done(stage, &mut lines).await?;
        ensure!(stage.acknowledged() == acknowledged, "something was acknowledged meanwhile");
        drop(frozen);
        stage.until_answered().await?;
    }
    stage.all_stayed()?;
    Ok(Outcome::Played(format!("its database stood still {times} times"), stage.settle().await?))
}

/// Each that reads or writes, for a connection of its own.
fn commands(host: &Person) -> Vec<Command> {
    let (room, code) = (host.room.id, Some(host.room.code.clone()));
    let watch = |stream| Command::Watch { stream, since: None, code: code.clone() };
    vec![
        Command::Post { room, id: MessageId::now(), body: "to a wall".to_owned() },
        Command::SetName { room, name: "Another".to_owned() },
        Command::Read { room, seq: 1 },
        Command::Leave { room },
        watch(Audience::Room(room)),
        watch(Audience::Person),
    ]
}

/// Everybody is told so in time, by the line that they have.
async fn nothing_can_be_done(stage: &Stage, lines: &mut [((Voice, Ear), Command)]) -> Result<()> {
    let began = Instant::now();
    let commands = lines.iter_mut().map(async |((voice, ear), command)| {
        voice.say(command.clone()).await?;
        let refusal = loop {
            match ear.next().await? {
                Ok(Event::Refused(refused)) => break refused.refusal,
                Ok(Event::Changes(_) | Event::Reset(_)) => bail!("{command:?} is carried out"),
                Ok(_) => {}
                Err(code) => bail!("{command:?} is closed with {code}"),
            }
        };
        ensure!(refusal.is_retryable(), "{command:?} is refused as {refusal:?}");
        let took = began.elapsed();
        ensure!(took < PROMISE, "{command:?} is refused after {took:?}");
        voice.say(Command::Beat).await?;
        ear.until(|event| matches!(event, Event::Beat)).await
    });
    let door = stage.rooms.first().context("a room was opened")?;
    let page = door.room.path().to_owned();
    let pages = [page.clone(), format!("{page}/history{}", Place::After(0)), "/readyz".to_owned()];
    let pages = pages.iter().map(async |path| {
        let status = door.http.get(door.room.join(path)?).send().await?.status();
        ensure!(status == StatusCode::SERVICE_UNAVAILABLE, "{path} answers {status}");
        let took = began.elapsed();
        ensure!(took < PROMISE, "{path} answers after {took:?}");
        Ok(())
    });
    let (commands, pages) = join(try_join_all(commands), try_join_all(pages)).await;
    commands.and(pages).map(drop)
}
