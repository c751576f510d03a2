//! The doors of rooms that do not open by themselves: what they say to whom, and what is done at them.

use axum::{
    extract::{Extension, Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use protocol::{
    Door, Ended, Gate, Gateway, Kind, LinkKey, Page, Refusal, Room, RoomCode, RoomName, View,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    fields::Fields,
    forms::{be_member, comer, entered},
    pages::{as_values, door, offered, proposal, show},
    visit::{Kept, Visit},
    whence::Whence,
};
use crate::{
    Server, Shared,
    address::Network,
    clock::now,
    handlers::{self, Credential},
    session,
    store::{self, Entry, Person, StoreError},
};

/// There is a room, and this is how one would come into it, or what keeps one out.
pub(super) fn is_door(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::KnockFirst
            | Refusal::PasswordNeeded
            | Refusal::PasswordWrong
            | Refusal::Locked
            | Refusal::Barred { .. }
            | Refusal::RoomFull
            | Refusal::LinkVoid
    )
}

/// A stranger hears nothing of the room, not even whether there is one that is locked; who was in it is told what
/// happened. `typed` was typed as a code, and `named` as a name.
pub(super) async fn view(
    server: &Server,
    person: Option<&Person>,
    code: Option<&RoomCode>,
    refusal: &Refusal,
    typed: String,
    named: Option<String>,
) -> Result<View, Refusal> {
    let Some(code) = code else { return Ok(View::Door(Door { code: typed, ..Door::default() })) };
    let Some(way) = way(refusal) else {
        let ended = ended(server, person, code).await?;
        return Ok(View::Door(Door { code: typed, ended, gate: None }));
    };
    let entry = match person {
        Some(person) => {
            server.store.entry(store::Door::Code(code.clone()), Some(person.id)).await?
        }
        None => None,
    };
    let way = match (way, &entry) {
        (Gateway::Knock, Some(entry)) => knocked(server, entry).await?.unwrap_or(way),
        (way, _) => way,
    };
    let was_in = |entry: &Entry| entry.past.as_ref().is_some_and(|past| past.was_in);
    let called = |room: Room| room.name.or_else(|| RoomName::parse(room.code.as_str()).ok());
    let room = entry.filter(was_in).and_then(|entry| called(entry.room));
    let name = named.unwrap_or_else(|| proposal(person));
    // What the page says by itself is not said again.
    let is_said = *refusal != Refusal::PasswordWrong && is_door(refusal);
    let refusal = (!is_said).then(|| refusal.clone());
    let gate = Some(Gate { code: code.clone(), room, way, name, refusal, key: None });
    Ok(View::Door(Door { code: typed, ended: None, gate }))
}

/// How the door opens, of whatever kept somebody out; `None`: it is as if there were none.
fn way(refusal: &Refusal) -> Option<Gateway> {
    if matches!(refusal, Refusal::LinkVoid | Refusal::NoSuchRoom) {
        None
    } else if let Refusal::Barred { until } = refusal {
        Some(Gateway::Barred { until: *until })
    } else if *refusal == Refusal::RoomFull {
        Some(Gateway::Full)
    } else if *refusal == Refusal::KnockFirst {
        Some(Gateway::Knock)
    } else if *refusal == Refusal::Locked {
        Some(Gateway::Locked)
    } else {
        // What else is refused at a door was in a form for a password.
        Some(Gateway::Password)
    }
}

/// Since when they wait for an answer.
async fn knocked(server: &Server, entry: &Entry) -> Result<Option<Gateway>, Refusal> {
    let Some(past) = &entry.past else { return Ok(None) };
    let item = server.store.item(entry.room.id, Kind::Knock, past.member.id.0.into()).await?;
    Ok(item.filter(|item| item.matter.waits()).map(|item| Gateway::Knocked { at: item.at }))
}

/// Strangers cause no question, whatever they ask for.
async fn ended(
    server: &Server,
    person: Option<&Person>,
    code: &RoomCode,
) -> Result<Option<Ended>, Refusal> {
    match person {
        Some(person) => Ok(server.store.ended(code.clone(), person.id).await?),
        None => Ok(None),
    }
}

#[derive(Default, Deserialize)]
pub(super) struct Knock {
    name: Option<String>,
    #[serde(default)]
    says: String,
}

pub(super) async fn knock(
    mut visit: Visit,
    Path(code): Path<String>,
    Fields(fields): Fields<Knock>,
) -> Response {
    let fields = fields.unwrap_or_default();
    let knocked = async {
        let entry = visit.approach(&code).await?;
        if entry.member.is_some() {
            return Ok(entry);
        }
        let says = handlers::line(&fields.says)?;
        let comer = comer(&mut visit, &entry, fields.name.as_deref()).await?;
        let member = handlers::knock(&visit.server, comer, says).await?;
        Ok(Entry { member, ..entry })
    };
    match knocked.await {
        Ok(entry) if entry.member.is_some() => entered(visit, entry),
        // The room's own address says now that they wait.
        Ok(entry) => visit.done(&Page::Room(entry.room.code), json!({ "knocked": true })),
        Err(Refusal::NoSuchRoom) => visit.kept_out(Refusal::NoSuchRoom, String::new(), None).await,
        Err(refusal) if is_door(&refusal) => {
            let kept = Kept { action: String::new(), name: fields.name, said: None };
            visit.kept_out(refusal, String::new(), Some(kept)).await
        }
        Err(refusal) => visit.back_to_door(&Refusal::KnockFirst, refusal, fields.name).await,
    }
}

#[derive(Default, Deserialize)]
pub(super) struct Invited {
    name: Option<String>,
    #[serde(default)]
    key: String,
}

/// Who opens a link has not used it: only the form that stands here does.
pub(super) async fn invited(
    State(server): State<Shared>,
    Extension(whence): Extension<Whence>,
    Path(key): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let who = session::who(&server, &headers).await;
    let view = async {
        let person = who.clone()?.known().map(|known| known.person);
        let Opened { entry, key, host } =
            opened(&server, whence.network, person.as_ref(), &key).await?;
        Ok(invitation(person.as_ref(), &entry, key, host, None, None))
    };
    let page = match view.await {
        Err(Shut(refusal, code)) if is_door(&refusal) => {
            door(&server, &headers, code.as_ref(), as_values(&uri), &refusal).await
        }
        view => show(&headers, as_values(&uri), view.map_err(|Shut(refusal, _)| refusal)).await,
    };
    offered(&server, &headers, who.as_ref().ok(), page)
}

fn invitation(
    person: Option<&Person>,
    entry: &Entry,
    key: LinkKey,
    host: bool,
    named: Option<String>,
    refusal: Option<Refusal>,
) -> View {
    let gate = Gate {
        code: entry.room.code.clone(),
        room: entry.room.name.clone(),
        way: Gateway::Invited { host },
        name: named.unwrap_or_else(|| proposal(person)),
        refusal,
        key: Some(key),
    };
    View::Door(Door { gate: Some(gate), ..Door::default() })
}

/// What a link leads to, and whether it makes a host.
struct Opened {
    entry: Entry,
    key: LinkKey,
    host: bool,
}

/// Why a link opens nothing, and the code of the room, if they may know that there is one.
struct Shut(Refusal, Option<RoomCode>);

impl From<Refusal> for Shut {
    fn from(refusal: Refusal) -> Self {
        Self(refusal, None)
    }
}

/// Like a code, a key is guessed at; and a room that is locked is none here, either.
async fn opened(
    server: &Server,
    from: Option<Network>,
    person: Option<&Person>,
    key: &str,
) -> Result<Opened, Shut> {
    let guess = server.limits.guess(from);
    guess.here.clone()?;
    let found = found(server, person, key).await.map_err(Refusal::from)?;
    let shut = match &found {
        Some(Opened { entry, host, .. }) => {
            handlers::lets_in_by_link(server, entry, from, *host).await
        }
        None => Err(Refusal::NoSuchRoom),
    };
    match (found, shut) {
        (Some(opened), Ok(())) => Ok(opened),
        (Some(Opened { entry, .. }), Err(refusal)) if refusal != Refusal::NoSuchRoom => {
            Err(Shut(refusal, Some(entry.room.code)))
        }
        (Some(_) | None, Ok(()) | Err(_)) => {
            guess.missed();
            Err(Refusal::LinkVoid.into())
        }
    }
}

async fn found(
    server: &Server,
    person: Option<&Person>,
    key: &str,
) -> Result<Option<Opened>, StoreError> {
    let Some(key) = LinkKey::parse(key) else { return Ok(None) };
    let Some((room, link)) = server.store.link(server.sessions.link(&key), now()).await? else {
        return Ok(None);
    };
    let entry = server.store.entry(store::Door::Id(room), person.map(|person| person.id)).await?;
    Ok(entry.map(|entry| Opened { entry, key, host: link.host }))
}

pub(super) async fn accept(mut visit: Visit, Fields(fields): Fields<Invited>) -> Response {
    let fields = fields.unwrap_or_default();
    let opened = async {
        visit.recognise().await?;
        opened(&visit.server, visit.from, visit.person.as_ref(), &fields.key).await
    };
    let Opened { entry, key, host } = match opened.await {
        Ok(opened) => opened,
        Err(Shut(refusal, code)) => {
            visit.asked = code;
            return visit.kept_out(refusal, String::new(), None).await;
        }
    };
    let (room, credential) = (entry.clone(), Credential::Link(key.clone()));
    match be_member(&mut visit, room, fields.name.as_deref(), credential).await {
        Ok(entry) => entered(visit, entry),
        Err(refusal) if is_door(&refusal) || refusal == Refusal::NoSuchRoom => {
            visit.asked = Some(entry.room.code);
            visit.kept_out(refusal, String::new(), None).await
        }
        Err(refusal) => {
            let person = visit.person.as_ref();
            let view = invitation(person, &entry, key, host, fields.name, Some(refusal.clone()));
            visit.back(refusal, Ok(view), None).await
        }
    }
}
