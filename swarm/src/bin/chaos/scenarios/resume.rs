//! Those who come back from every point that there ever was: in the room, on its desk, and among what is theirs alone.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use protocol::{
    Act, Audience, Changes, Command, Content, Event, FOR_EVER, MemberId, Message, MessageId, Point,
    Role, RoomName, Value,
};
use swarm::{
    person::{Ear, Person, Voice},
    tab::{Habits, Tab},
};
use sync::{Confirmed, Heard};
use tokio::net::TcpStream;

use super::Outcome;
use crate::stage::Stage;

const NAMES: [&str; 4] = ["One", "Two", "Three", "Four"];
/// Becomes a host, and is put out.
const FIVE: MemberId = MemberId(6);

/// One page for each rev that there ever was, complete to it; all of them come back while others post.
pub(super) async fn resume(stage: &mut Stage) -> Result<Outcome> {
    // All of it is less than a server lets one catch up with.
    let each = if stage.plan.long { 55 } else { 25 };
    stage.start().await?;
    let witness = stage.open_room("Witness").await?;
    for name in NAMES {
        let person = stage.join(0, name).await?;
        stage.enter(person);
    }
    stage.join(0, "Five").await?;
    stage.all(|view| view.live).await?;
    let line = TcpStream::connect(stage.server()?.address).await?;
    let (mut voice, mut ear, page) = witness.follow_over(line).await?;
    let epoch = page.at.epoch;
    let mut states = vec![Confirmed::from(page)];
    stage.everyone_says(each).await;
    for (tab, name) in stage.tabs.iter().zip(["Uno", "Due", "Tre", "Quattro"]) {
        tab.carry_out(Command::SetName { room: tab.room, name: name.to_owned() }).await;
    }
    let all = NAMES.len() * each;
    let removed = witnessed(&mut states, &mut voice, &mut ear, &witness, all).await?;
    stage.everyone_says(each).await;
    let resumed = states.len();
    for (nth, has) in states.into_iter().enumerate() {
        let chance = stage.chance.of(&nth.to_string());
        let habits = Habits { twice: false, has: Some(has) };
        stage.tabs.push(Tab::with(witness.at(stage.proxy.address), chance, habits));
    }
    let gone = removed.values().filter(|had_back| !**had_back).count();
    stage.removed.extend(removed);
    let mut found = stage.settle().await?;
    let anew = found.story.accounts.iter().filter(|account| account.runs.len() != 1).count();
    found.must(anew == 0, &format!("{anew} had to begin anew"));
    let mut others = 0;
    let room = witness.room.id;
    for stream in [Audience::Room(room), Audience::Desk(room), Audience::Person] {
        others += from_everywhere(&mut voice, &mut ear, stream, epoch).await?;
    }
    Ok(Outcome::Played(
        format!(
            "resumed from {resumed} older revs, {gone} messages taken away; and from {others} of all streams"
        ),
        found,
    ))
}

/// Until so many messages are there, and all is done that a host does meanwhile. Returns what was taken away, and
/// whether it was had back.
async fn witnessed(
    states: &mut Vec<Confirmed>,
    voice: &mut Voice,
    ear: &mut Ear,
    host: &Person,
    messages: usize,
) -> Result<BTreeMap<MessageId, bool>> {
    let (mut removed, mut done) = (BTreeMap::new(), 0);
    loop {
        let now = states.last().context("there is one")?;
        // Taken away is one change, and had back another.
        let is_done = |one: &Message| match removed.get(&one.id) {
            Some(false) => one.content == Content::Removed,
            Some(true) => one.version == 3,
            None => true,
        };
        if done == messages && now.messages().all(is_done) {
            return Ok(removed);
        }
        let mut next = now.clone();
        let Ok(event) = ear.next().await? else { bail!("the witness was cut") };
        let Event::Changes(changes) = event else { continue };
        ensure!(next.apply(changes) == Heard::Complete, "one who stays misses nothing");
        let new: Vec<_> = next.messages().skip(done).cloned().collect();
        states.push(next);
        done += new.len();
        for message in new {
            for act in deeds(&message) {
                if let Act::Remove { message, removed: goes } = act {
                    removed.insert(message, !goes);
                }
                voice.say(Command::Host { room: host.room.id, act }).await?;
            }
            voice.say(Command::Read { room: host.room.id, seq: message.seq }).await?;
        }
    }
}

/// What a host does once this was said.
fn deeds(message: &Message) -> Vec<Act> {
    let (message, seq) = (message.id, message.seq);
    match seq {
        3 => vec![Act::Appoint { member: FIVE, role: Role::Host }],
        13 => vec![Act::Bar { member: FIVE, until: Some(FOR_EVER) }],
        23 => vec![Act::Bar { member: FIVE, until: None }],
        _ if seq % 10 == 0 => vec![Act::Remove { message, removed: true }],
        _ if seq % 10 == 5 => {
            [true, false].map(|removed| Act::Remove { message, removed }).to_vec()
        }
        _ if seq % 10 == 7 => {
            vec![Act::Rename { name: RoomName::parse(&format!("Tea {seq}")).ok() }]
        }
        _ => Vec::new(),
    }
}

/// Whoever asks from a rev on gets what they would have got from the beginning, but for what is older. Returns how
/// many there are.
async fn from_everywhere(
    voice: &mut Voice,
    ear: &mut Ear,
    stream: Audience,
    epoch: u32,
) -> Result<usize> {
    // Members come along with what is about them, and on a desk they are nothing else.
    let is_member = |value: &Value| matches!(value, Value::Member(_));
    let mut all = since(voice, ear, stream, Point { epoch, rev: 0 }).await?;
    all.retain(|value| matches!(stream, Audience::Room(_)) || !is_member(value));
    let head = all.iter().map(Value::rev).max().unwrap_or(0);
    for rev in 1..=head {
        let later = since(voice, ear, stream, Point { epoch, rev }).await?;
        let missing = all.iter().find(|value| value.rev() > rev && !later.contains(value));
        ensure!(missing.is_none(), "from {rev} of {stream:?} on this is missing: {missing:?}");
        let is_wrong = |value: &&Value| value.rev() <= rev || !all.contains(value);
        let wrong = later.iter().find(|value| is_wrong(value) && !is_member(value));
        ensure!(wrong.is_none(), "from {rev} of {stream:?} on this is wrong: {wrong:?}");
    }
    Ok(usize::try_from(head)?)
}

/// All that changed since then, a page at a time.
async fn since(
    voice: &mut Voice,
    ear: &mut Ear,
    stream: Audience,
    mut since: Point,
) -> Result<Vec<Value>> {
    let mut values = Vec::new();
    loop {
        voice.say(Command::Watch { stream, since: Some(since), code: None }).await?;
        let Changes { upto, more, values: page, .. } = loop {
            match ear.next().await? {
                // What is published comes from where one is.
                Ok(Event::Changes(changes))
                    if changes.stream == stream && changes.after == since.rev =>
                {
                    break changes;
                }
                Ok(Event::Reset(reset)) => bail!("{stream:?} begins anew at {since:?}: {reset:?}"),
                Ok(_) => {}
                Err(code) => bail!("closed with {code}"),
            }
        };
        values.extend(page);
        since.rev = upto;
        if !more {
            return Ok(values);
        }
    }
}
