//! What hosts do, and who stands at their doors.

use std::net::SocketAddr;

use protocol::{
    Act, Admission, Command, FOR_EVER, Lifetime, Line, LinkKey, MemberId, MessageId, Password,
    Role, RoomId, RoomName, Voices,
};
use reqwest::Method;
use serde_json::Value;

use super::{Guest, MARK, Program};
use crate::site::Try;

/// Marked, and not the same for two people.
fn name(of: &str) -> String {
    format!("{MARK} {of}")
}

/// A room with its host, and what it is called in addresses.
struct Host<'a> {
    guest: &'a mut Guest,
    code: &'a str,
    /// Acts that were done, as the form calls them.
    done: Vec<String>,
}

impl Host<'_> {
    fn at(&self, what: &str) -> String {
        format!("/r/{}/{what}", self.code)
    }

    /// By a page and by a program; what the latter is told.
    async fn sends(&mut self, what: &str, fields: &[(&str, &str)]) -> Try<Value> {
        let path = self.at(what);
        let form = self.guest.request(Method::POST, &path).header("accept", "text/html");
        form.form(fields).send().await?;
        self.guest.call(&path, fields).await
    }

    async fn acts(&mut self, act: &str, fields: &[(&str, &str)]) -> Try<Value> {
        let fields = [&[("act", act)], fields].concat();
        let said = self.sends("act", &fields).await?;
        assert!(said["refusal"].is_null(), "{fields:?} {said}");
        self.done.push(act.to_owned());
        Ok(said)
    }

    /// The key of a new link.
    async fn link(&mut self, fields: &[(&str, &str)]) -> Try<String> {
        let said = self.acts("link", fields).await?;
        let link = said["link"].as_str().ok_or("no link")?;
        Ok(link.rsplit_once('/').ok_or("no key")?.1.to_owned())
    }

    /// The newest in the log that keeps a password.
    async fn entry(&self) -> Try<String> {
        let path = format!("{}?data", self.at("desk"));
        let desk: Value = self.guest.request(Method::GET, &path).send().await?.json().await?;
        let items = desk["view"]["desk"]["page"]["items"].as_array().ok_or("no desk")?;
        let undo = |item: &Value| item["matter"]["logged"]["undo"]["restore_password"].clone();
        let entry = items.iter().rev().find_map(|item| undo(item)["entry"].as_u64());
        Ok(entry.ok_or("no password is kept")?.to_string())
    }
}

/// What came of it: the member that they are.
async fn comes(guest: &mut Guest, path: &str, fields: &[(&str, &str)]) -> Try<String> {
    let said = guest.call(path, fields).await?;
    let id = said["member"]["id"].as_u64().ok_or_else(|| format!("{fields:?} {said}"))?;
    Ok(id.to_string())
}

/// Every act there is, as the form has it. What was made of keys and codes meanwhile.
pub(super) async fn host(
    program: &Program,
    ann: &mut Guest,
    room: RoomId,
    code: &str,
) -> Try<Vec<String>> {
    let mut cid = Guest::new(program)?;
    let mut host = Host { guest: ann, code, done: Vec::new() };
    let member = comes(&mut cid, &host.at("join"), &[("name", &name("E"))]).await?;
    let message = MessageId::now().to_string();
    cid.call(&format!("/r/{code}"), &[("id", &message), ("body", MARK)]).await?;
    for reported in [&*message, &MessageId::now().to_string(), MARK] {
        cid.call(&host.at("report"), &[("message", reported)]).await?;
    }
    rules(&mut host).await?;
    moderate(&mut host, &mut cid, &member, &message).await?;
    let mut secrets = doors(program, &mut host).await?;
    by_socket(program.address, &host, &cid, room, (&member, &message)).await?;
    host.acts("bar", &[("member", &member), ("minutes", "ever")]).await?;
    cid.call(&host.at("join"), &[("name", &name("E"))]).await?;
    host.acts("bar", &[("member", &member)]).await?;

    // Another one, for much is left to be done in this.
    let made = host.guest.call("/rooms", &[("name", &name("A")), ("room_name", MARK)]).await?;
    let other = made["room"]["code"].as_str().ok_or("no code")?.to_owned();
    host.code = &other;
    // What comes of it is told once: afterwards there is no such room.
    let path = host.at("act");
    let said = host.guest.call(&path, &[("act", "burn"), ("sure", "on")]).await?;
    assert!(said["refusal"].is_null(), "{said}");
    host.done.push("burn".to_owned());
    for act in Act::NAMES {
        assert!(host.done.iter().any(|done| done == act), "do {act} here");
    }
    secrets.push(other);
    Ok(secrets)
}

/// What the room is.
async fn rules(host: &mut Host<'_>) -> Try {
    let (room, long) = (name("R"), MARK.repeat(50));
    for (act, fields) in [
        ("rename", ("name", &*room)),
        ("topic", ("topic", MARK)),
        ("lifetime", ("lifetime", "day")),
        ("list", ("listed", "on")),
        ("capacity", ("most", "50")),
        ("slow", ("seconds", "0")),
        ("voices", ("voices", "everyone")),
    ] {
        host.acts(act, &[fields]).await?;
    }
    let usual = [("lifetime", "day"), ("admission", "open"), ("voices", "everyone")];
    for fields in [
        [("name", &*room), ("topic", &*name("T"))],
        [("name", &*long), ("topic", MARK)],
        [("name", &*room), ("topic", &*long)],
        [("name", &*room), ("slow", MARK)],
    ] {
        host.sends("rules", &[&fields[..], &usual].concat()).await?;
    }
    for fields in [
        [("act", "rename"), ("name", &*long)],
        [("act", "topic"), ("topic", &*long)],
        [("act", "password"), ("password", &*long)],
        [("act", "remove"), ("message", MARK)],
        [("act", MARK), (MARK, MARK)],
    ] {
        host.sends("act", &fields).await?;
    }
    Ok(())
}

/// Whoever is in it, and what they said.
async fn moderate(host: &mut Host<'_>, cid: &mut Guest, member: &str, message: &str) -> Try {
    let (of, about) = (("member", member), ("message", message));
    cid.call(&host.at("act"), &[("act", "topic"), ("topic", MARK)]).await?;
    host.acts("appoint", &[of, ("role", "host")]).await?;
    host.acts("appoint", &[of, ("role", "member")]).await?;
    host.acts("mute", &[of, ("minutes", "60")]).await?;
    let id = MessageId::now().to_string();
    cid.call(&format!("/r/{}", host.code), &[("id", &id), ("body", MARK)]).await?;
    host.acts("mute", &[of]).await?;
    host.acts("settle", &[("report", message)]).await?;
    host.acts("remove", &[about, ("removed", "on")]).await?;
    host.acts("remove", &[about]).await?;
    let pages = ["desk", "rules", "m/1", &format!("people/{member}"), &format!("people/{MARK}")];
    for page in pages.map(|page| host.at(page)) {
        for query in ["", "?data", &format!("?{MARK}={MARK}")] {
            host.guest.request(Method::GET, &format!("{page}{query}")).send().await?;
        }
    }
    Ok(())
}

/// The ways in: a password, a knock, links. The keys of the latter.
async fn doors(program: &Program, host: &mut Host<'_>) -> Try<Vec<String>> {
    let join = host.at("join");
    let mut newcomer = Guest::new(program)?;
    host.acts("password", &[("password", MARK)]).await?;
    let named = name("F");
    newcomer.call(&join, &[("name", &named)]).await?;
    newcomer.call(&join, &[("name", &named), ("password", &name("guess"))]).await?;
    let right = [("name", &*named), ("password", MARK)];
    let latest: u32 = comes(&mut newcomer, &join, &right).await?.parse()?;
    host.acts("password", &[("password", "")]).await?;
    let entry = host.entry().await?;
    host.acts("restore_password", &[("entry", &*entry)]).await?;
    host.acts("password", &[("password", "")]).await?;

    host.acts("admission", &[("admission", "knock")]).await?;
    let (mut newcomer, named) = (Guest::new(program)?, name("G"));
    newcomer.call(&join, &[("name", &named)]).await?;
    for says in [&*MARK.repeat(50), MARK] {
        newcomer.call(&host.at("knock"), &[("name", &named), ("says", says)]).await?;
    }
    newcomer.request(Method::GET, &format!("/r/{}", host.code)).send().await?;
    // Who knocks is counted as if they were in.
    let knock = (latest + 1).to_string();
    host.acts("answer", &[("knock", &knock), ("admit", "on")]).await?;
    comes(&mut newcomer, &join, &[("name", &named)]).await?;

    let (invitation, making) =
        (host.link(&[("uses", "9")]).await?, host.link(&[("host", "on")]).await?);
    for (key, of) in [(&*invitation, "H"), (&*making, "I"), (&MARK.repeat(4), "J")] {
        let (mut newcomer, named) = (Guest::new(program)?, name(of));
        newcomer.request(Method::GET, &format!("/i/{key}")).send().await?;
        newcomer.call("/i", &[("name", &named), ("key", key)]).await?;
    }
    host.acts("revoke", &[("link", "1")]).await?;
    host.acts("admission", &[("admission", "open")]).await?;
    Ok(vec![invitation, making])
}

/// All that there is; what would end the room, as one who may not.
async fn by_socket(
    at: SocketAddr,
    host: &Host<'_>,
    cid: &Guest,
    room: RoomId,
    (member, message): (&str, &str),
) -> Try {
    let (member, message) = (MemberId(member.parse()?), message.parse()?);
    let until = Some(FOR_EVER);
    let link = |key: &str| LinkKey::parse(key).ok_or("no key");
    let mut socket = cid.connect(at).await?;
    for message in [message, MessageId::now()] {
        socket.send(Command::Report { room, message }).await;
    }
    socket.send(Command::Host { room, act: Act::Burn }).await;
    socket.so_far().await;
    let mut socket = host.guest.connect(at).await?;
    for act in [
        Act::Rename { name: RoomName::parse(MARK).ok() },
        Act::Topic { topic: Line::parse(MARK).ok() },
        Act::Password { password: Password::parse(MARK).ok() },
        Act::Password { password: None },
        Act::RestorePassword { entry: u32::MAX },
        Act::Link { key: link(&MARK.repeat(5))?, host: true, until: FOR_EVER, uses: None },
        Act::Link { key: link(&MARK.repeat(6))?, host: false, until: FOR_EVER, uses: Some(0) },
        Act::Revoke { link: u32::MAX },
        Act::Lifetime { lifetime: Lifetime::Day },
        Act::List { listed: false },
        Act::Capacity { most: None },
        Act::Slow { seconds: 0 },
        Act::Voices { voices: Voices::Everyone },
        Act::Admission { admission: Admission::Open },
        Act::Appoint { member, role: Role::Member },
        Act::Answer { knock: member, admit: false },
        Act::Settle { report: message },
        Act::Mute { member, until },
        Act::Bar { member, until },
        Act::Bar { member, until: None },
        Act::Remove { message, removed: true },
        Act::Remove { message: MessageId::now(), removed: true },
    ] {
        socket.send(Command::Host { room, act }).await;
    }
    socket.so_far().await;
    Ok(())
}
