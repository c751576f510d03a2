//! Commands that come twice, and late.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};
use protocol::{Audience, Command, Event, Refusal, Reset, RoomId, Value};
use swarm::{
    log,
    person::{Door, Ear, Person, Voice},
    tab::{Habits, Tab},
};

use super::{Outcome, once::as_if_once};
use crate::stage::Stage;

pub(super) async fn twice(stage: &mut Stage) -> Result<Outcome> {
    let each = if stage.plan.long { 150 } else { 25 };
    stage.start().await?;
    let host = stage.open_room("Hana").await?;
    for name in ["One", "Two", "Three"] {
        let person = stage.join(0, name).await?;
        let chance = stage.chance.of(name);
        stage.tabs.push(Tab::with(person, chance, Habits { twice: true, has: None }));
    }
    stage.all(|view| view.live).await?;
    stage.everyone_says(each).await;
    let half = each * stage.tabs.len() / 2;
    stage.until_acknowledged(half).await?;
    for (tab, name) in stage.tabs.iter().zip(["Uno", "Due", "Tre"]) {
        tab.carry_out(Command::SetName { room: tab.room, name: name.to_owned() }).await;
        // After newer ones of their own and of others.
        for _ in 0..each {
            tab.again(stage.chance.within(0..each / 4)).await;
        }
    }
    stage.until_answered().await?;
    read_and_leave(&host, &stage.rooms[0]).await?;
    let again = as_if_once(&stage.rooms[0]).await?;
    let mut found = stage.settle().await?;
    let members = found.story.logs.iter().flat_map(|log| &log.members);
    let names: BTreeSet<_> = members.map(|member| member.name.as_str().to_owned()).collect();
    let called = names == ["Due", "Tre", "Uno"].map(str::to_owned).into();
    found.must(called, &format!("they are called {names:?}"));
    Ok(Outcome::Played(
        format!(
            "{} posts sent twice, {} again later; {again} times any other command",
            3 * each,
            3 * each
        ),
        found,
    ))
}

/// What is not said in the room: reading, whose late retry undoes nothing, and leaving.
async fn read_and_leave(host: &Person, door: &Door) -> Result<()> {
    let room = host.room.id;
    let (mut voice, mut ear) = host.connect().await?;
    voice.say(Command::Watch { stream: Audience::Person, since: None, code: None }).await?;
    ear.until(|event| matches!(event, Event::Reset(Reset::Person(_)))).await?;
    for (seq, read) in [(5, 5), (5, 5), (3, 5), (7, 7), (5, 7)] {
        voice.say(Command::Read { room, seq }).await?;
        let told = membership(&mut ear, room).await?;
        ensure!(told.0 && told.1 == read, "read {seq} is answered with {told:?}");
    }
    taken(&mut voice, &mut ear, door).await?;
    leave(&mut voice, &mut ear, room).await?;
    // And on another connection, as one who did not hear the answer does.
    let (mut voice, mut ear) = host.connect().await?;
    leave(&mut voice, &mut ear, room).await
}

async fn membership(ear: &mut Ear, room: RoomId) -> Result<(bool, u32)> {
    loop {
        let Ok(event) = ear.next().await? else { bail!("the line ended") };
        let Event::Changes(changes) = event else { continue };
        let mine = changes.values.iter().find_map(|value| match value {
            Value::Membership(mine) if mine.room == room => Some((mine.joined, mine.read)),
            Value::Membership(_)
            | Value::Message(_)
            | Value::Member(_)
            | Value::Room(_)
            | Value::Item(_) => None,
        });
        if let Some(mine) = mine {
            return Ok(mine);
        }
    }
}

/// An id is whose message has it.
async fn taken(voice: &mut Voice, ear: &mut Ear, door: &Door) -> Result<()> {
    let log = log::read(door).await?;
    let theirs = log.messages.first().context("nothing was said")?;
    let (room, id) = (log.room, theirs.id);
    voice.say(Command::Post { room, id, body: "mine".to_owned() }).await?;
    loop {
        match ear.next().await? {
            Ok(Event::Refused(refused)) if refused.refusal == Refusal::IdConflict => return Ok(()),
            Ok(Event::Refused(refused)) => bail!("refused as {:?}", refused.refusal),
            Ok(_) => {}
            Err(code) => bail!("closed with {code}"),
        }
    }
}

/// Twice, and both are answered alike.
async fn leave(voice: &mut Voice, ear: &mut Ear, room: RoomId) -> Result<()> {
    voice.say(Command::Leave { room }).await?;
    voice.say(Command::Leave { room }).await?;
    for _ in 0..2 {
        ear.until(|event| matches!(event, Event::Closed(_))).await?;
    }
    Ok(())
}
