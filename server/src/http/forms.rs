//! Forms: the same handlers as for frames, then back to a page. A program asks for JSON and gets
//! the values instead.

use axum::{extract::Path, response::Response};
use protocol::{
    Admission, Hours, Language, Look, Message, MessageId, Page, Refusal, RefusedName, RoomCode,
    Theme,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    fields::Fields,
    gate,
    room::Asides,
    visit::{Kept, Visit, Words},
};
use crate::{
    handlers::{self, Comer, Credential, Wish},
    names,
    store::Entry,
};

#[derive(Default, Deserialize)]
pub(super) struct Create {
    name: Option<String>,
    room_name: Option<String>,
    listed: Option<String>,
    lifetime: Option<String>,
}

impl Create {
    fn wish(self) -> Wish {
        Wish { name: self.room_name, listed: self.listed.is_some(), lifetime: self.lifetime }
    }
}

pub(super) async fn create(mut visit: Visit, Fields(fields): Fields<Create>) -> Response {
    let (mut fields, readable) = parted(fields);
    let called = fields.name.take();
    // The lobby's form has nothing to choose.
    let chose = fields.room_name.is_some();
    let wish = fields.wish();
    let made = async {
        readable?;
        visit.recognise().await?;
        handlers::room_name(wish.name.as_deref().unwrap_or_default())?;
        handlers::lifetime(&visit.server, &wish)?;
        let (person, name) = visit.someone(called.as_deref()).await?;
        handlers::create(&visit.server, person, visit.from, name, &wish).await
    };
    match made.await {
        Ok(entry) => entered(visit, entry),
        Err(refusal) if chose => visit.back_to_new_room(refusal, called, wish).await,
        Err(refusal) => visit.back_to_lobby(refusal, called, String::new()).await,
    }
}

#[derive(Default, Deserialize)]
pub(super) struct JoinByCode {
    name: Option<String>,
    #[serde(default)]
    code: String,
}

pub(super) async fn join_by_code(mut visit: Visit, Fields(fields): Fields<JoinByCode>) -> Response {
    let (fields, readable) = parted(fields);
    let joined = async {
        readable?;
        let entry = visit.approach(&fields.code).await?;
        be_member(&mut visit, entry, fields.name.as_deref(), Credential::None).await
    };
    match joined.await {
        Ok(entry) => entered(visit, entry),
        Err(refusal) if refusal == Refusal::NoSuchRoom || gate::is_door(&refusal) => {
            let kept = Kept { action: String::new(), name: fields.name, said: None };
            visit.kept_out(refusal, fields.code, Some(kept)).await
        }
        Err(refusal) => visit.back_to_lobby(refusal, fields.name, fields.code).await,
    }
}

#[derive(Default, Deserialize)]
pub(super) struct Join {
    name: Option<String>,
    password: Option<String>,
}

impl Join {
    fn kept(&self, code: &str) -> Option<Kept> {
        let action = format!("{}/join", Page::Room(RoomCode::parse(code)?).path());
        Some(Kept { action, name: self.name.clone(), said: None })
    }
}

pub(super) async fn join(
    mut visit: Visit,
    Path(code): Path<String>,
    Fields(fields): Fields<Join>,
) -> Response {
    let (fields, readable) = parted(fields);
    let entry = match visit.approach(&code).await {
        Ok(entry) => entry,
        Err(refusal) => return visit.kept_out(refusal, String::new(), fields.kept(&code)).await,
    };
    let rules = &entry.room.rules;
    let open = rules.is_open();
    let by_password = rules.admission == Admission::Open && rules.password;
    let joined = async {
        readable?;
        let credential = fields.password.clone().map_or(Credential::None, Credential::Password);
        be_member(&mut visit, entry, fields.name.as_deref(), credential).await
    };
    match joined.await {
        Ok(entry) => entered(visit, entry),
        Err(refusal) if by_password && !gate::is_door(&refusal) => {
            visit.back_to_door(&Refusal::PasswordNeeded, refusal, fields.name).await
        }
        // Who may read along sees the room all the same.
        Err(refusal) if !open || gate::is_door(&refusal) => {
            visit.kept_out(refusal, String::new(), fields.kept(&code)).await
        }
        Err(refusal) => {
            let asides = Asides { refusal: Some(refusal), name: fields.name, ..Asides::default() };
            visit.back_to_room(&code, asides, None).await
        }
    }
}

#[derive(Default, Deserialize)]
pub(super) struct Post {
    #[serde(default)]
    id: String,
    #[serde(default)]
    body: String,
    name: Option<String>,
}

impl Post {
    fn kept(&self, code: &str) -> Option<Kept> {
        let action = Page::Room(RoomCode::parse(code)?).path();
        let said = Words { id: self.id.clone(), body: self.body.clone() };
        Some(Kept { action, name: self.name.clone(), said: Some(said) })
    }
}

pub(super) async fn post(
    mut visit: Visit,
    Path(code): Path<String>,
    Fields(fields): Fields<Post>,
) -> Response {
    let (fields, readable) = parted(fields);
    let entry = match visit.enter(&code).await {
        Ok(entry) => entry,
        Err(refusal) => {
            let kept = fields.kept(&code);
            return visit.kept_out(refusal, String::new(), kept).await;
        }
    };
    let back = Page::Room(entry.room.code.clone());
    let said = async {
        readable?;
        say(&mut visit, entry, &fields).await
    };
    match said.await {
        Ok(message) => visit.done(&back, json!({ "message": message })),
        Err(refusal) => {
            let kept = fields.kept(&code);
            // The same id again makes a retry of it, unless it is the id that is refused.
            let form_id = fields.id.parse().ok().filter(|_| refusal != Refusal::IdConflict);
            let asides = Asides {
                refusal: Some(refusal),
                draft: fields.body,
                name: fields.name,
                form_id,
                ..Asides::default()
            };
            visit.back_to_room(&code, asides, kept).await
        }
    }
}

/// Whoever is no member yet becomes one with their first message.
async fn say(visit: &mut Visit, entry: Entry, fields: &Post) -> Result<Message, Refusal> {
    let id: MessageId = fields.id.parse().map_err(|_| Refusal::Malformed)?;
    handlers::body(&fields.body)?;
    let room = entry.room.id;
    be_member(visit, entry, fields.name.as_deref(), Credential::None).await?;
    let (person, _) = visit.someone(None).await?;
    let message = handlers::post(&visit.server, person, visit.from, room, id, &fields.body);
    let message = message.await?.message;
    // Nobody is told that their own words are new. It is said, even if this cannot be written.
    let _ = handlers::read(&visit.server, person, room, message.seq).await;
    Ok(message)
}

#[derive(Default, Deserialize)]
pub(super) struct Rename {
    #[serde(default)]
    name: String,
}

pub(super) async fn rename(
    mut visit: Visit,
    Path(code): Path<String>,
    Fields(fields): Fields<Rename>,
) -> Response {
    let (fields, readable) = parted(fields);
    let room = match visit.enter(&code).await {
        Ok(entry) => entry.room,
        Err(refusal) => return visit.kept_out(refusal, String::new(), None).await,
    };
    let named = async {
        readable?;
        let person = visit.person.as_ref().ok_or(Refusal::NotAMember)?.id;
        handlers::set_name(&visit.server, person, visit.from, room.id, &fields.name).await
    };
    match named.await {
        Ok(named) => visit.done(&Page::Room(room.code), json!({ "member": named.member })),
        Err(Refusal::NotAMember) => {
            let asides = Asides { refusal: Some(Refusal::NotAMember), ..Asides::default() };
            visit.back_to_room(&code, asides, None).await
        }
        Err(refusal) => {
            let refused_name = Some(RefusedName { name: fields.name, refusal });
            let asides = Asides { refused_name, ..Asides::default() };
            visit.back_to_room(&code, asides, None).await
        }
    }
}

pub(super) async fn leave(mut visit: Visit, Path(code): Path<String>) -> Response {
    let left = async {
        let entry = visit.enter(&code).await?;
        match &visit.person {
            Some(person) => handlers::leave(&visit.server, person.id, entry.room.id).await,
            None => Ok(()),
        }
    };
    match left.await {
        Ok(()) => visit.done(&Page::Lobby, json!({})),
        Err(refusal) => visit.kept_out(refusal, String::new(), None).await,
    }
}

#[derive(Default, Deserialize)]
pub(super) struct Read {
    #[serde(default)]
    seq: u32,
}

/// What the reader of a page without a script has seen; the answer is the room as it is now.
pub(super) async fn read(
    mut visit: Visit,
    Path(code): Path<String>,
    Fields(fields): Fields<Read>,
) -> Response {
    let room = match visit.enter(&code).await {
        Ok(entry) => entry.room,
        Err(refusal) => return visit.kept_out(refusal, String::new(), None).await,
    };
    let read = async {
        let seq = fields?.seq;
        let person = visit.person.as_ref().ok_or(Refusal::NotAMember)?.id;
        handlers::read(&visit.server, person, room.id, seq).await
    };
    match read.await {
        Ok(read) => visit.done(&Page::Room(room.code), json!({ "membership": read.membership })),
        Err(refusal) => {
            let asides = Asides { refusal: Some(refusal), ..Asides::default() };
            visit.back_to_room(&code, asides, None).await
        }
    }
}

#[derive(Default, Deserialize)]
pub(super) struct ChooseLook {
    name: Option<String>,
    theme: Option<String>,
    hours: Option<String>,
    typing: Option<String>,
    sound: Option<String>,
    notify: Option<String>,
    language: Option<String>,
    /// The switches that the form has, by name. Browsers do not send one that is off.
    #[serde(default)]
    switches: String,
    #[serde(default)]
    back: String,
}

impl ChooseLook {
    /// What the form does not have stays.
    fn choose(&self, mut look: Look) -> Look {
        if let Some(theme) = &self.theme {
            look.theme = Theme::parse(theme);
        }
        if let Some(language) = &self.language {
            look.language = Language::parse(language);
        }
        if let Some(hours) = &self.hours {
            look.hours = Hours::parse(hours);
        }
        for switch in self.switches.split(' ') {
            match switch {
                "typing" => look.quiet = self.typing.is_none(),
                "sound" => look.sound = self.sound.is_some(),
                "notify" => look.notify = self.notify.is_some(),
                _ => {}
            }
        }
        look
    }
}

/// Nothing is stored but the cookie, unless one has another name.
pub(super) async fn look(mut visit: Visit, Fields(fields): Fields<ChooseLook>) -> Response {
    let (fields, _) = parted(fields);
    let look = fields.choose(visit.look());
    visit.choose(&look);
    // Only to pages of ours: anything else would lend our name to another site.
    let back = Page::parse(&fields.back).unwrap_or(Page::Lobby);
    let Some(name) = fields.name else { return visit.done(&back, json!({})) };
    match visit.be_called(&name).await {
        Ok(()) => visit.done(&back, json!({})),
        Err(refusal) => visit.back_to_settings(refusal, name).await,
    }
}

pub(super) async fn be_member(
    visit: &mut Visit,
    entry: Entry,
    name: Option<&str>,
    credential: Credential,
) -> Result<Entry, Refusal> {
    // Who has a link may become more than they are.
    if entry.member.is_some() && !matches!(credential, Credential::Link(_)) {
        return Ok(entry);
    }
    let comer = comer(visit, &entry, name).await?;
    let member = handlers::join(&visit.server, comer, credential).await?;
    Ok(Entry { member: Some(member), ..entry })
}

pub(super) async fn comer(
    visit: &mut Visit,
    entry: &Entry,
    name: Option<&str>,
) -> Result<Comer, Refusal> {
    let (person, called) = visit.someone(name).await?;
    // Who did not choose it takes the next that is free.
    let chosen = name.is_some() && !names::is_guest(&called);
    let others = if chosen { Vec::new() } else { names::like(&called) };
    Ok(Comer { person, from: visit.from, room: entry.room.id, name: called, others })
}

pub(super) fn entered(mut visit: Visit, entry: Entry) -> Response {
    visit.room = Some(entry.room.id);
    let page = Page::Room(entry.room.code.clone());
    visit.done(&page, json!({ "room": entry.room, "member": entry.member }))
}

/// What can be shown again, and whether it can be used.
fn parted<T: Default>(fields: Result<T, Refusal>) -> (T, Result<(), Refusal>) {
    match fields {
        Ok(fields) => (fields, Ok(())),
        Err(refusal) => (T::default(), Err(refusal)),
    }
}
