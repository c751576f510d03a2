//! The form by which hosts act, which is the same for all of their pages, and what is reported to them.

use axum::{extract::Path, response::Response};
use protocol::{
    Act, Admission, FOR_EVER, Lifetime, LinkKey, MemberId, Page, Password, Refusal, Voices,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    fields::Fields,
    host::{About, Said},
    room::{Asides, address},
    visit::Visit,
};
use crate::{clock::now, handlers, session, store::By};

const MINUTE: i64 = 60 * 1000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Everything that a host's form may say; which of it counts, `act` tells.
#[derive(Default, Deserialize)]
pub(super) struct Fielded {
    #[serde(default)]
    act: String,
    name: Option<String>,
    topic: Option<String>,
    lifetime: Option<String>,
    listed: Option<String>,
    most: Option<String>,
    password: Option<String>,
    entry: Option<String>,
    admission: Option<String>,
    seconds: Option<String>,
    voices: Option<String>,
    message: Option<String>,
    removed: Option<String>,
    member: Option<String>,
    minutes: Option<String>,
    role: Option<String>,
    knock: Option<String>,
    admit: Option<String>,
    report: Option<String>,
    host: Option<String>,
    days: Option<String>,
    uses: Option<String>,
    link: Option<String>,
    sure: Option<String>,
    #[serde(default)]
    back: String,
}

/// A number, or nothing.
fn number<T: std::str::FromStr>(text: Option<&str>) -> Result<Option<T>, Refusal> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| Refusal::Malformed),
    }
}

fn is_on(text: Option<&str>) -> bool {
    text == Some("on")
}

/// One of the words that the wire has for it.
fn word<T: serde::de::DeserializeOwned>(text: Option<&str>) -> Result<T, Refusal> {
    let json = json!(text.ok_or(Refusal::Malformed)?);
    serde_json::from_value(json).map_err(|_| Refusal::Malformed)
}

impl Fielded {
    fn parse(&self) -> Result<Act, Refusal> {
        let member = || number(self.member.as_deref())?.map(MemberId).ok_or(Refusal::Malformed);
        let message = |text: &Option<String>| {
            text.as_deref().and_then(|text| text.parse().ok()).ok_or(Refusal::Malformed)
        };
        Ok(match &*self.act {
            "rename" => Act::Rename { name: handlers::room_name(text(&self.name))? },
            "topic" => Act::Topic { topic: handlers::line(text(&self.topic))? },
            "lifetime" => Act::Lifetime { lifetime: lifetime(self.lifetime.as_deref())? },
            "list" => Act::List { listed: is_on(self.listed.as_deref()) },
            "capacity" => Act::Capacity { most: number(self.most.as_deref())? },
            "password" => Act::Password { password: password(text(&self.password))? },
            "restore_password" => Act::RestorePassword {
                entry: number(self.entry.as_deref())?.ok_or(Refusal::Malformed)?,
            },
            "admission" => Act::Admission { admission: word(self.admission.as_deref())? },
            "slow" => Act::Slow { seconds: number(self.seconds.as_deref())?.unwrap_or(0) },
            "voices" => Act::Voices { voices: word(self.voices.as_deref())? },
            "remove" => Act::Remove {
                message: message(&self.message)?,
                removed: is_on(self.removed.as_deref()),
            },
            "mute" => Act::Mute { member: member()?, until: self.until()? },
            "bar" => Act::Bar { member: member()?, until: self.until()? },
            "appoint" => Act::Appoint { member: member()?, role: word(self.role.as_deref())? },
            "answer" => {
                let knock = number(self.knock.as_deref())?.map(MemberId);
                let knock = knock.ok_or(Refusal::Malformed)?;
                Act::Answer { knock, admit: is_on(self.admit.as_deref()) }
            }
            "settle" => Act::Settle { report: message(&self.report)? },
            "link" => self.link()?,
            "revoke" => {
                Act::Revoke { link: number(self.link.as_deref())?.ok_or(Refusal::Malformed)? }
            }
            // Nobody does it by one click.
            "burn" if is_on(self.sure.as_deref()) => Act::Burn,
            _ => return Err(Refusal::Malformed),
        })
    }

    /// By the server's clock.
    fn until(&self) -> Result<Option<i64>, Refusal> {
        if self.minutes.as_deref() == Some("ever") {
            return Ok(Some(FOR_EVER));
        }
        let minutes: Option<u32> = number(self.minutes.as_deref())?;
        Ok(minutes
            .filter(|minutes| *minutes > 0)
            .map(|minutes| now() + i64::from(minutes) * MINUTE))
    }

    fn link(&self) -> Result<Act, Refusal> {
        let key = session::random_hex().map_err(handlers::internal)?;
        let key = LinkKey::parse(&key).ok_or_else(|| handlers::internal("no key"))?;
        let lasts = match self.days.as_deref() {
            Some("hour") => HOUR,
            days => i64::from(number::<u32>(days)?.unwrap_or(1).clamp(1, 365)) * DAY,
        };
        let until = now() + lasts;
        let uses = number(self.uses.as_deref())?;
        Ok(Act::Link { key, host: is_on(self.host.as_deref()), until, uses })
    }
}

fn text(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}

fn lifetime(text: Option<&str>) -> Result<Lifetime, Refusal> {
    text.and_then(Lifetime::parse).ok_or(Refusal::Malformed)
}

fn password(text: &str) -> Result<Option<Password>, Refusal> {
    if text.is_empty() { Ok(None) } else { handlers::password(text).map(Some) }
}

pub(super) async fn act(
    mut visit: Visit,
    Path(code): Path<String>,
    Fields(fields): Fields<Fielded>,
) -> Response {
    let fields = match fields {
        Ok(fields) => fields,
        Err(refusal) => return visit.kept_out(refusal, String::new(), None).await,
    };
    let entry = match visit.enter(&code).await {
        Ok(entry) => entry,
        Err(refusal) => return visit.kept_out(refusal, String::new(), None).await,
    };
    let room = Page::Room(entry.room.code.clone());
    let about = About::of(&fields.back, &room);
    let act = fields.parse();
    visit.act = act.as_ref().ok().map(Act::name);
    let acted = async {
        let person = visit.person.as_ref().ok_or(Refusal::NotAMember)?.id;
        let act = act?;
        let key = if let Act::Link { key, .. } = &act { Some(key.clone()) } else { None };
        let burns = act == Act::Burn;
        handlers::act(&visit.server, By::Person(person), visit.from, entry.room.id, act).await?;
        Ok((key, burns))
    };
    match acted.await {
        Ok((Some(key), _)) => {
            let path = format!("/i/{}", key.as_str());
            let made = Some(address(&visit.server, visit.headers(), &path));
            visit.made(&code, Said { made, ..Said::default() }).await
        }
        Ok((None, true)) => visit.done(&Page::Lobby, json!({})),
        Ok((None, false)) => {
            // Only to pages of this room: anything else would lend our name to another site.
            let back = if about.is_some() || fields.back == room.path() {
                fields.back
            } else {
                String::new()
            };
            let back = if back.is_empty() { Page::Desk(entry.room.code).path() } else { back };
            visit.done_at(&back, json!({}))
        }
        Err(refusal) => {
            let said = Said { refusal: Some(refusal), ..Said::default() };
            visit.back_to_host(&code, about.unwrap_or(About::Desk(None)), said).await
        }
    }
}

/// All that a room's page of rules has, at once: each is an act of its own, and what is as it was changes nothing.
#[derive(Default, Deserialize)]
pub(super) struct Rules {
    #[serde(default)]
    name: String,
    #[serde(default)]
    topic: String,
    lifetime: Option<String>,
    listed: Option<String>,
    most: Option<String>,
    admission: Option<String>,
    voices: Option<String>,
    slow: Option<String>,
}

impl Rules {
    fn acts(&self) -> Result<Vec<Act>, Refusal> {
        let admission: Admission = word(self.admission.as_deref())?;
        let voices: Voices = word(self.voices.as_deref())?;
        Ok(vec![
            Act::Rename { name: handlers::room_name(&self.name)? },
            Act::Topic { topic: handlers::line(&self.topic)? },
            Act::Lifetime { lifetime: lifetime(self.lifetime.as_deref())? },
            Act::Capacity { most: number(self.most.as_deref())? },
            Act::Admission { admission },
            Act::List { listed: is_on(self.listed.as_deref()) },
            Act::Voices { voices },
            Act::Slow { seconds: number(self.slow.as_deref())?.unwrap_or(0) },
        ])
    }
}

pub(super) async fn set_rules(
    mut visit: Visit,
    Path(code): Path<String>,
    Fields(fields): Fields<Rules>,
) -> Response {
    let fields = match fields {
        Ok(fields) => fields,
        Err(refusal) => return visit.kept_out(refusal, String::new(), None).await,
    };
    let entry = match visit.enter(&code).await {
        Ok(entry) => entry,
        Err(refusal) => return visit.kept_out(refusal, String::new(), None).await,
    };
    let set = async {
        let person = visit.person.as_ref().ok_or(Refusal::NotAMember)?.id;
        // All are read before the first is done. Each is one of its own: what is refused then keeps none before it
        // from standing.
        for act in fields.acts()? {
            handlers::act(&visit.server, By::Person(person), visit.from, entry.room.id, act)
                .await?;
        }
        Ok(())
    };
    match set.await {
        Ok(()) => visit.done_at(&Page::Rules(entry.room.code).path(), json!({})),
        Err(refusal) => {
            let typed = Some((fields.name, fields.topic));
            let said = Said { refusal: Some(refusal), typed, ..Said::default() };
            visit.back_to_host(&code, About::Rules, said).await
        }
    }
}

#[derive(Default, Deserialize)]
pub(super) struct Report {
    #[serde(default)]
    message: String,
}

pub(super) async fn report(
    mut visit: Visit,
    Path(code): Path<String>,
    Fields(fields): Fields<Report>,
) -> Response {
    let fields = fields.unwrap_or_default();
    let reported = async {
        let entry = visit.enter(&code).await?;
        let person = visit.person.as_ref().ok_or(Refusal::NotAMember)?.id;
        let message = fields.message.parse().map_err(|_| Refusal::Malformed)?;
        handlers::report(&visit.server, person, visit.from, entry.room.id, message).await
    };
    match reported.await {
        Ok(seq) => {
            let said = Said { reported: true, ..Said::default() };
            visit.back_to_host(&code, About::Message(seq), said).await
        }
        Err(refusal) if visit.room.is_none() => visit.kept_out(refusal, String::new(), None).await,
        Err(refusal) => {
            let asides = Asides { refusal: Some(refusal), ..Asides::default() };
            visit.back_to_room(&code, asides, None).await
        }
    }
}
