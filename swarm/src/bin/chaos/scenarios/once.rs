//! Whatever is said twice, and late: everything comes out as if it had been said once. The same story is told in two
//! rooms, in one of them each command twice and many of them once more in the end; then both are looked at.

use anyhow::{Context, Result, bail, ensure};
use protocol::{
    Act, Admission, Audience, Command, Event, FOR_EVER, Lifetime, Line, LinkKey, Logged, Matter,
    MemberId, MessageId, Password, Presence, Refusal, Reset, Role, RoomCode, RoomId, RoomName,
    Voices,
};
use reqwest::StatusCode;
use swarm::person::{Door, Ear, Person, Voice};

use super::commands::{names, outcome};

/// Members are counted from 1: the host, and then in the order in which they come.
const GUEST: MemberId = MemberId(2);
const TROUBLE: MemberId = MemberId(3);
const KNOCKS: MemberId = MemberId(5);

/// Who says something, by their place in the cast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Host,
    Guest,
    Trouble,
    Witness,
}

struct Cast {
    door: Door,
    people: Vec<(Person, (Voice, Ear))>,
}

/// Returns how many commands were said again.
pub(super) async fn as_if_once(door: &Door) -> Result<usize> {
    let ids = [(); 3].map(|()| MessageId::now());
    let mut once = Cast::new(door).await?;
    let said = once.tell(ids, 1).await?;
    let mut twice = Cast::new(door).await?;
    let mut again = twice.tell(ids, 2).await?;
    again.extend(twice.tell_late(&again).await?);
    let (one, other) = (once.state().await?, twice.state().await?);
    for (one, other) in one.iter().zip(&other) {
        ensure!(one == other, "said once: {one:?}; and said twice and late: {other:?}");
    }
    once.burn(1).await?;
    twice.burn(2).await?;
    Ok(again.len() - said.len())
}

impl Cast {
    /// A room with everybody in it.
    async fn new(door: &Door) -> Result<Self> {
        let address = *door.room.socket_addrs(|| None)?.first().context("no address")?;
        let (door, host) = Door::create(address, "Hana").await?;
        let mut people = vec![host];
        for name in ["Gil", "Tom", "Wim"] {
            people.push(door.join(name.to_owned()).await?);
        }
        let mut cast = Self { door, people: Vec::new() };
        for person in people {
            let line = person.follow().await?;
            cast.people.push((person, line));
        }
        Ok(cast)
    }

    /// Everything that can be said but `burn`, each so many times. Returns it, as often as it was said.
    async fn tell(&mut self, ids: [MessageId; 3], times: usize) -> Result<Vec<(Who, Command)>> {
        let room = self.people[0].0.room.clone();
        let (id, code) = (room.id, room.code);
        let mut story = talk(id, code, ids);
        let does = |act| (Who::Host, Command::Host { room: id, act });
        story.extend(rules().into_iter().map(does));
        let mut said = self.say(story, times).await?;
        let restore = Act::RestorePassword { entry: self.last_password().await? };
        let passwords = [restore, Act::Password { password: None }];
        said.extend(self.say(passwords.map(does).into(), times).await?);
        self.knock().await?;
        said.extend(self.say(powers(ids)?.into_iter().map(does).collect(), times).await?);
        let revoke = does(Act::Revoke { link: self.last_link().await? });
        let leave = (Who::Guest, Command::Leave { room: id });
        said.extend(self.say(vec![revoke, leave], times).await?);
        let told: Vec<_> = said.iter().map(|(_, command)| names(command)).collect();
        for name in Command::NAMES {
            ensure!(told.iter().any(|(told, _)| told == name), "say {name} here");
        }
        for name in Act::NAMES.into_iter().filter(|name| *name != "burn") {
            ensure!(told.iter().any(|(_, act)| act.as_deref() == Some(name)), "do {name} here");
        }
        Ok(said)
    }

    async fn say(
        &mut self,
        story: Vec<(Who, Command)>,
        times: usize,
    ) -> Result<Vec<(Who, Command)>> {
        let mut said = Vec::new();
        for (who, command) in story {
            for _ in 0..times {
                let refusal = outcome(self.line(who), command.clone()).await?;
                ensure!(refusal.is_none(), "{who:?}'s {command:?} is refused: {refusal:?}");
                said.push((who, command.clone()));
            }
        }
        Ok(said)
    }

    /// Once more: all that may come however late, and of all else the last of its kind. What is refused by now does
    /// nothing either.
    async fn tell_late(&mut self, said: &[(Who, Command)]) -> Result<Vec<(Who, Command)>> {
        let kind = |(who, command): &(Who, Command)| (*who, settles(command));
        let is_last = |at: usize| said[at + 1..].iter().all(|later| kind(later) != kind(&said[at]));
        let ever = |command: &Command| {
            matches!(command, Command::Post { .. } | Command::Read { .. } | Command::Report { .. })
        };
        let late = (0..said.len()).filter(|at| ever(&said[*at].1) || is_last(*at));
        let late: Vec<_> = late.map(|at| said[at].clone()).collect();
        for (who, command) in &late {
            let refusal = outcome(self.line(*who), command.clone()).await?;
            let is_final = refusal.is_none_or(|refusal| !refusal.is_retryable());
            ensure!(is_final, "{who:?}'s {command:?} is not taken late");
        }
        Ok(late)
    }

    fn line(&mut self, who: Who) -> &mut (Voice, Ear) {
        &mut self.people[who as usize].1
    }

    /// Somebody new, who is not let in by themselves.
    async fn knock(&self) -> Result<()> {
        let path = format!("{}/knock", self.door.room.path());
        let form = self.door.http.post(self.door.room.join(&path)?);
        let form = form.header("accept", "application/json").form(&[("name", "Kim")]);
        form.send().await?.error_for_status()?;
        Ok(())
    }

    async fn last_link(&self) -> Result<u32> {
        self.last(|matter| matches!(matter, Matter::Link(_))).await
    }

    /// The entry that keeps it.
    async fn last_password(&self) -> Result<u32> {
        let keeps = |undo: &Act| matches!(undo, Act::RestorePassword { .. });
        self.last(|matter| {
            matches!(matter, Matter::Logged(Logged { undo, .. }) if undo.as_ref().is_some_and(keeps))
        })
        .await
    }

    /// On the desk.
    async fn last(&self, is_one: impl Fn(&Matter) -> bool) -> Result<u32> {
        let Reset::Desk(desk) = self.reset(Who::Host, Audience::Desk(self.room())).await? else {
            bail!("no desk");
        };
        let item = desk.items.iter().rfind(|item| is_one(&item.matter));
        let item = item.context("none is on the desk")?;
        Ok(u32::try_from(item.matter.key(item.rev).1)?)
    }

    fn room(&self) -> RoomId {
        self.people[0].0.room.id
    }

    /// What somebody is told who comes now, on a line of their own.
    async fn reset(&self, who: Who, stream: Audience) -> Result<Reset> {
        let (mut voice, mut ear) = self.people[who as usize].0.connect().await?;
        voice.say(Command::Watch { stream, since: None, code: None }).await?;
        loop {
            match ear.next().await? {
                Ok(Event::Reset(reset)) => return Ok(reset),
                Ok(Event::Refused(refused)) => bail!("refused as {:?}", refused.refusal),
                Ok(_) => {}
                Err(code) => bail!("closed with {code}"),
            }
        }
    }

    /// Of the room, its desk and each person all there is to know in the end, and who is here.
    async fn state(&self) -> Result<Vec<Event>> {
        let room = self.room();
        let mut streams = vec![
            self.reset(Who::Host, Audience::Room(room)).await?,
            self.reset(Who::Host, Audience::Desk(room)).await?,
        ];
        for who in [Who::Host, Who::Guest, Who::Trouble, Who::Witness] {
            streams.push(self.reset(who, Audience::Person).await?);
        }
        streams.iter_mut().for_each(alike);
        let path = format!("{}/people", self.door.room.path());
        let here = self.door.http.get(self.door.room.join(&path)?).send().await?.json().await?;
        let here = Event::Presence(Presence::All { room: RoomId(0), here });
        Ok(streams.into_iter().map(Event::Reset).chain([here]).collect())
    }

    /// It ends once, and then there is nothing to be ended.
    async fn burn(&mut self, times: usize) -> Result<()> {
        let burn = Command::Host { room: self.room(), act: Act::Burn };
        for time in 0..times {
            let refusal = outcome(self.line(Who::Host), burn.clone()).await?;
            let expected = (time > 0).then_some(Refusal::NotAMember);
            ensure!(refusal == expected, "the {time}th burning is refused as {refusal:?}");
        }
        let answer = self.door.http.get(self.door.room.clone()).send().await?;
        ensure!(answer.status() == StatusCode::NOT_FOUND, "it burned, and is there: {answer:?}");
        Ok(())
    }
}

/// What it settles: two acts settle the password.
fn settles(command: &Command) -> (String, Option<String>) {
    let (name, act) = names(command);
    let act = act.map(|act| if act == "restore_password" { "password".into() } else { act });
    (name, act)
}

/// Rooms have ids and codes of their own, and things happen when they happen.
fn alike(reset: &mut Reset) {
    match reset {
        Reset::Room(page) => {
            page.room.id = RoomId(0);
            RoomCode::parse("KMRT").into_iter().for_each(|code| page.room.code = code);
            page.messages.iter_mut().for_each(|message| message.created_at = 0);
        }
        Reset::Desk(page) => {
            for item in &mut page.items {
                item.at = 0;
                // As what a new room is called is chance.
                if let Matter::Logged(Logged { act: Act::Rename { .. }, undo, .. }) =
                    &mut item.matter
                {
                    *undo = None;
                }
            }
        }
        Reset::Person(page) => page.memberships.iter_mut().for_each(|mine| mine.room = RoomId(0)),
    }
}

/// What anybody says.
fn talk(room: RoomId, code: RoomCode, ids: [MessageId; 3]) -> Vec<(Who, Command)> {
    use Who::{Guest, Host, Trouble, Witness};
    let watch = |stream| Command::Watch { stream, since: None, code: Some(code.clone()) };
    let post = |nth: usize, body: &str| Command::Post { room, id: ids[nth], body: body.into() };
    vec![
        (Host, watch(Audience::Room(room))),
        (Host, watch(Audience::Person)),
        (Host, watch(Audience::Desk(room))),
        (Host, watch(Audience::Lobby)),
        (Host, Command::Unwatch { stream: Audience::Lobby }),
        (Guest, Command::News { of: vec![room] }),
        (Guest, post(0, "one")),
        (Trouble, post(1, "two")),
        (Guest, Command::SetName { room, name: "Gilda".into() }),
        (Guest, post(2, "three")),
        (Witness, Command::Typing { room, on: true }),
        (Witness, Command::Away { away: true }),
        (Witness, Command::Report { room, message: ids[1] }),
        (Witness, Command::Report { room, message: ids[2] }),
        (Host, Command::Read { room, seq: 3 }),
        (Host, Command::Read { room, seq: 2 }),
        (Host, Command::Beat),
    ]
}

/// What a host makes of the room, and takes back where it would be in the way.
fn rules() -> Vec<Act> {
    vec![
        Act::Rename { name: RoomName::parse("Tea").ok() },
        Act::Topic { topic: Line::parse("Tides").ok() },
        Act::Lifetime { lifetime: Lifetime::Day },
        Act::List { listed: true },
        Act::Capacity { most: Some(40) },
        Act::Password { password: Password::parse("spring tide").ok() },
        Act::Password { password: None },
        Act::Slow { seconds: 30 },
        Act::Voices { voices: Voices::Hosts },
        Act::Voices { voices: Voices::Everyone },
        Act::Admission { admission: Admission::Knock },
    ]
}

/// What a host does to people and messages, once somebody knocks.
fn powers(ids: [MessageId; 3]) -> Result<Vec<Act>> {
    let until = Some(FOR_EVER);
    // No other room has it.
    let key = LinkKey::parse(&MessageId::now().to_string()).context("no key")?;
    Ok(vec![
        Act::Answer { knock: KNOCKS, admit: true },
        Act::Admission { admission: Admission::Open },
        Act::Settle { report: ids[2] },
        Act::Remove { message: ids[2], removed: true },
        Act::Remove { message: ids[2], removed: false },
        Act::Remove { message: ids[1], removed: true },
        Act::Mute { member: TROUBLE, until },
        Act::Bar { member: TROUBLE, until },
        Act::Bar { member: TROUBLE, until: None },
        Act::Appoint { member: GUEST, role: Role::Host },
        Act::Link { key, host: false, until: FOR_EVER, uses: Some(5) },
    ])
}
