//! Every kind of command there is, what it needs of the database, and what becomes of one.

use anyhow::{Result, bail};
use protocol::{Act, Audience, Command, Event, Line as Text, MessageId, Refusal, RoomId, encode};
use swarm::person::{Ear, Person, Voice};

/// In which nobody ever is: what is asked of it is refused from memory, and the refusal tells that what was asked
/// before is done.
const NOWHERE: RoomId = RoomId(0);

/// Of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    Reading,
    Writing,
}

impl Needs {
    pub(super) fn of(command: &Command) -> Self {
        match command {
            Command::Unwatch { .. }
            | Command::Typing { .. }
            | Command::Away { .. }
            | Command::Beat => Self::Nothing,
            Command::Watch { .. } | Command::News { .. } => Self::Reading,
            Command::Post { .. }
            | Command::SetName { .. }
            | Command::Leave { .. }
            | Command::Read { .. }
            | Command::Host { .. }
            | Command::Report { .. } => Self::Writing,
        }
    }
}

/// Of each kind one, and of those that follow one for each kind of stream: by the host of a room, about it and a
/// message in it.
///
/// # Errors
/// There is a kind that is not known here.
pub(super) fn of_every_kind(host: &Person, message: MessageId) -> Result<Vec<Command>> {
    let (room, code) = (host.room.id, Some(host.room.code.clone()));
    let mut all = Vec::new();
    for name in Command::NAMES {
        all.push(match name {
            "watch" => {
                let streams =
                    [Audience::Room(room), Audience::Person, Audience::Desk(room), Audience::Lobby];
                let watch = |stream| Command::Watch { stream, since: None, code: code.clone() };
                all.extend(streams.map(watch));
                continue;
            }
            "unwatch" => Command::Unwatch { stream: Audience::Person },
            "news" => Command::News { of: vec![room] },
            "post" => Command::Post { room, id: MessageId::now(), body: "to a wall".to_owned() },
            "set_name" => Command::SetName { room, name: "Another".to_owned() },
            "leave" => Command::Leave { room },
            "typing" => Command::Typing { room, on: true },
            "away" => Command::Away { away: true },
            "read" => Command::Read { room, seq: 1 },
            "host" => Command::Host { room, act: Act::Topic { topic: Text::parse("Tides").ok() } },
            "report" => Command::Report { room, message },
            "beat" => Command::Beat,
            name => bail!("say here what {name} is"),
        });
    }
    Ok(all)
}

/// As it is called on the wire; of a host's act with the name of that.
pub(super) fn names(command: &Command) -> (String, Option<String>) {
    let name = |json: String| json.split('"').nth(1).unwrap_or_default().to_owned();
    let act = if let Command::Host { act, .. } = command { Some(name(encode(act))) } else { None };
    (name(encode(command)), act)
}

/// Says it. Returns why it is refused, or nothing once it is carried out.
///
/// # Errors
/// The line ends.
pub(super) async fn outcome(
    (voice, ear): &mut (Voice, Ear),
    command: Command,
) -> Result<Option<Refusal>> {
    voice.say(command).await?;
    let said = voice.count();
    voice.say(Command::Typing { room: NOWHERE, on: false }).await?;
    let mut refusal = None;
    loop {
        match ear.next().await? {
            Ok(Event::Refused(refused)) if refused.n == Some(said) => {
                refusal = Some(refused.refusal);
            }
            Ok(Event::Refused(refused)) if refused.n == Some(said + 1) => return Ok(refusal),
            Ok(_) => {}
            Err(code) => bail!("closed with {code}"),
        }
    }
}
