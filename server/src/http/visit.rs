//! One form's sender: who they are, the cookie that makes them somebody, and the ways out.

use std::convert::Infallible;

use axum::{
    Json,
    extract::FromRequestParts,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{COOKIE, RETRY_AFTER, SET_COOKIE},
        request::Parts,
    },
    response::{IntoResponse, Redirect, Response},
};
use protocol::{Arrival, Look, Page, PersonName, Refusal, RoomCode, RoomId, Settings, View};
use serde_json::Value;

use super::{
    devices,
    fields::{retry_after, status, wants_json},
    gate,
    host::{self, About, Said},
    pages::{draw, lobby_view, look, new_room_view, proposal, refused, words},
    room::{self, Asides},
    sorry,
    whence::Whence,
};
use crate::{
    Shared,
    activity::Did,
    address::Network,
    device,
    handlers::{self, Wants, Wish},
    names,
    session::{self, Known, Who},
    store::{self, Entry, Person, PersonId},
};

pub(super) struct Visit {
    pub(super) server: Shared,
    headers: HeaderMap,
    pub(super) from: Option<Network>,
    pub(super) person: Option<Person>,
    /// Their session, if they came with one.
    pub(super) known: Option<Known>,
    /// Whose device this became.
    arrived: Option<PersonId>,
    /// The room that they last wanted to enter.
    pub(super) asked: Option<RoomCode>,
    /// The one that they came to, or made.
    pub(super) room: Option<RoomId>,
    /// What they do there as a host.
    pub(super) act: Option<&'static str>,
    /// Of a session that began with this form, and what was chosen; they go with the answer, whatever that is.
    cookies: Vec<HeaderValue>,
}

/// What a form held, for when its page cannot be drawn.
pub(super) struct Kept {
    pub(super) action: String,
    pub(super) name: Option<String>,
    /// Of a form for a message.
    pub(super) said: Option<Words>,
}

pub(super) struct Words {
    pub(super) id: String,
    pub(super) body: String,
}

impl FromRequestParts<Shared> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, server: &Shared) -> Result<Self, Infallible> {
        let from = parts.extensions.get().and_then(|whence: &Whence| whence.network);
        let (server, headers) = (server.clone(), parts.headers.clone());
        Ok(Self {
            server,
            headers,
            from,
            person: None,
            known: None,
            arrived: None,
            asked: None,
            room: None,
            act: None,
            cookies: Vec::new(),
        })
    }
}

impl Visit {
    pub(super) async fn recognise(&mut self) -> Result<(), Refusal> {
        let who = session::who(&self.server, &self.headers).await?;
        if let Who::SignedOut = who
            && let Some((set, said)) = session::renewed(&self.server)
        {
            self.says(set, &said);
        }
        self.known = who.known();
        if let Some(known) = &mut self.known {
            known.is_here(&self.server);
        }
        self.person = self.known.as_ref().map(|known| known.person.clone());
        Ok(())
    }

    /// This browser is a device of theirs from now on, to whom the way with this token leads.
    pub(super) async fn arrive(&mut self, token: &str) -> Result<(), Refusal> {
        let who = session::who(&self.server, &self.headers).await?;
        let (session, cookie) = session::arriving(&self.server, &self.headers, token)?;
        let device = device::of(&self.headers);
        let arrived =
            handlers::devices::arrive(&self.server, self.from, token, who, session, device);
        self.arrived = Some(arrived.await?);
        self.cookies.push(cookie);
        Ok(())
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The room, and what the sender is in it.
    pub(super) async fn enter(&mut self, code: &str) -> Result<Entry, Refusal> {
        self.come(code, Wants::ToRead).await
    }

    /// The room that they want to be in from now on.
    pub(super) async fn approach(&mut self, code: &str) -> Result<Entry, Refusal> {
        self.come(code, Wants::ToComeIn).await
    }

    async fn come(&mut self, code: &str, wants: Wants) -> Result<Entry, Refusal> {
        let code = RoomCode::parse(code).ok_or(Refusal::NoSuchRoom)?;
        self.asked = Some(code.clone());
        self.recognise().await?;
        let (person, door) =
            (self.person.as_ref().map(|person| person.id), store::Door::Code(code));
        let entry = handlers::enter(&self.server, self.from, person, door, wants, |_| true).await?;
        self.room = Some(entry.room.id);
        Ok(entry)
    }

    /// The sender, who becomes somebody now if they are nobody yet, and the name to enter with:
    /// theirs as typed, else the one they have, else a guest's.
    pub(super) async fn someone(
        &mut self,
        typed: Option<&str>,
    ) -> Result<(PersonId, PersonName), Refusal> {
        let name = match (typed, &self.person) {
            (Some(text), _) => handlers::person_name(text)?,
            (None, Some(person)) => person.name.clone(),
            (None, None) => names::guest_name()
                .ok_or_else(|| handlers::internal("a guest's name is not valid"))?,
        };
        let id = match &self.person {
            Some(person) => person.id,
            None => {
                let (person, cookie) =
                    session::begin(&self.server, &self.headers, self.from, &name).await?;
                self.cookies.push(cookie);
                self.person.insert(person).id
            }
        };
        Ok((id, name))
    }

    pub(super) fn look(&self) -> Look {
        look(&self.headers)
    }

    /// Goes with the answer, which is drawn so already.
    pub(super) fn choose(&mut self, look: &Look) {
        let set = look.cookie() + session::secure(&self.server);
        let said = set.split(';').next().unwrap_or_default().to_owned();
        if let Ok(set) = HeaderValue::try_from(set) {
            self.says(set, &said);
        }
    }

    /// From now on, and before what they said until now.
    fn says(&mut self, set: HeaderValue, cookie: &str) {
        let said = self.headers.get(COOKIE).and_then(|said| said.to_str().ok()).unwrap_or_default();
        if let Ok(said) = HeaderValue::try_from(format!("{cookie}; {said}")) {
            self.headers.insert(COOKIE, said);
            self.cookies.push(set);
        }
    }

    /// In rooms that they enter from now on. Who is nobody, and left the name that was made for them, stays so.
    pub(super) async fn be_called(&mut self, typed: &str) -> Result<(), Refusal> {
        self.recognise().await?;
        let name = handlers::person_name(typed)?;
        let is_new = match &self.person {
            Some(person) => person.name != name,
            None => !names::is_guest(&name),
        };
        if !is_new {
            return Ok(());
        }
        let (person, name) = self.someone(Some(typed)).await?;
        handlers::set_default_name(&self.server, person, self.from, name).await
    }

    /// A page for hosts, with what became of their form.
    pub(super) async fn back_to_host(mut self, code: &str, about: About, said: Said) -> Response {
        let refusal = said.refusal.clone();
        let view = async {
            let entry = self.enter(code).await?;
            host::view(&self.server, entry, &about, said).await
        };
        let view = view.await;
        match (refusal, view) {
            (Some(refusal), view) => self.back(refusal, view, None).await,
            (None, Ok(_)) if wants_json(&self.headers) => {
                let response = Json(serde_json::json!({})).into_response();
                self.ended(response, None)
            }
            (None, Ok(view)) => {
                let response = draw(&self.headers, false, StatusCode::OK, view).await;
                self.ended(response, None)
            }
            (None, Err(refusal)) => self.back(refusal.clone(), Err(refusal), None).await,
        }
    }

    /// The desk with a link that was made just now, which no address shows again.
    pub(super) async fn made(self, code: &str, said: Said) -> Response {
        if wants_json(&self.headers) {
            let response = Json(serde_json::json!({ "link": said.made })).into_response();
            return self.ended(response, None);
        }
        self.back_to_host(code, About::Desk(None), said).await
    }

    pub(super) fn done_at(self, path: &str, values: Value) -> Response {
        let response = if wants_json(&self.headers) {
            Json(values).into_response()
        } else {
            Redirect::to(path).into_response()
        };
        self.ended(response, None)
    }

    pub(super) fn done(self, page: &Page, values: Value) -> Response {
        let response = done(&self.headers, page, values);
        self.ended(response, None)
    }

    /// `code` is what was typed as one.
    pub(super) async fn back_to_lobby(
        self,
        refusal: Refusal,
        typed: Option<String>,
        code: String,
    ) -> Response {
        let (person, why) = (self.person.as_ref(), Some(refusal.clone()));
        let view = lobby_view(&self.server, person, typed, code, why).await;
        self.back(refusal, view, None).await
    }

    pub(super) async fn back_to_settings(self, refusal: Refusal, name: String) -> Response {
        let settings = Settings { name: Some(name), refusal: Some(refusal.clone()) };
        self.back(refusal, Ok(View::Settings(settings)), None).await
    }

    pub(super) async fn back_to_devices(self, refusal: Refusal) -> Response {
        let view = devices::view(&self.server, self.known.as_ref()).await;
        self.back(refusal, view.map(View::Devices), None).await
    }

    pub(super) async fn back_to_arrival(self, refusal: Refusal) -> Response {
        let is_nowhere = refusal == Refusal::NoSuchRoom;
        let nowhere =
            is_nowhere.then(|| View::Arrival(Arrival::default())).ok_or_else(|| refusal.clone());
        self.back(refusal, nowhere, None).await
    }

    pub(super) async fn shown(self, view: View) -> Response {
        let page = draw(&self.headers, false, StatusCode::OK, view).await;
        self.ended(page, None)
    }

    pub(super) async fn back_to_new_room(
        self,
        refusal: Refusal,
        typed: Option<String>,
        wish: Wish,
    ) -> Response {
        let name = typed.unwrap_or_else(|| proposal(self.person.as_ref()));
        let view = new_room_view(&self.server, name, wish, Some(refusal.clone()));
        self.back(refusal, Ok(view), None).await
    }

    /// Whoever joined with the same form is a member now, and sees that.
    pub(super) async fn back_to_room(
        mut self,
        code: &str,
        asides: Asides,
        kept: Option<Kept>,
    ) -> Response {
        let refusal = asides.why().cloned().unwrap_or(Refusal::Malformed);
        let view = async {
            let entry = self.enter(code).await?;
            room::view(&self.server, &self.headers, self.person.as_ref(), entry, asides).await
        };
        let view = view.await;
        self.back(refusal, view, kept).await
    }

    /// There is no room to go back to, or none that can be read now.
    pub(super) async fn kept_out(
        self,
        refusal: Refusal,
        typed: String,
        kept: Option<Kept>,
    ) -> Response {
        let view = match &self.asked {
            _ if refusal != Refusal::NoSuchRoom && !gate::is_door(&refusal) => Err(refusal.clone()),
            asked => {
                let named = kept.as_ref().and_then(|kept| kept.name.clone());
                let person = self.person.as_ref();
                gate::view(&self.server, person, asked.as_ref(), &refusal, typed, named).await
            }
        };
        self.back(refusal, view, kept).await
    }

    /// The `door` as it would open, with what was wrong with the form that stands there.
    pub(super) async fn back_to_door(
        self,
        door: &Refusal,
        refusal: Refusal,
        named: Option<String>,
    ) -> Response {
        let view = async {
            let (person, asked) = (self.person.as_ref(), self.asked.as_ref());
            let view = gate::view(&self.server, person, asked, door, String::new(), named);
            let mut view = view.await?;
            if let View::Door(door) = &mut view
                && let Some(gate) = &mut door.gate
            {
                gate.refusal = Some(refusal.clone());
            }
            Ok(view)
        };
        let view = view.await;
        self.back(refusal, view, None).await
    }

    pub(super) async fn back(
        self,
        refusal: Refusal,
        view: Result<View, Refusal>,
        kept: Option<Kept>,
    ) -> Response {
        let mut response = match view {
            _ if wants_json(&self.headers) => refused(&refusal),
            Ok(view) => draw(&self.headers, false, status(&refusal), view).await,
            Err(_) => sorry::page(&refusal, words(&self.headers), kept),
        };
        if let Some(seconds) = retry_after(&refusal) {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        self.ended(response, Some(&refusal))
    }

    fn ended(self, mut response: Response, refusal: Option<&Refusal>) -> Response {
        let person = self.arrived.or(self.person.as_ref().map(|person| person.id));
        let did = Did::new(&self.server, person, self.room, refusal);
        let did = Did { act: self.act, ..did };
        response.extensions_mut().insert(did);
        for cookie in self.cookies {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}

/// All went well: on to a page or, for a program, what came of it.
pub(super) fn done(headers: &HeaderMap, page: &Page, values: Value) -> Response {
    if wants_json(headers) {
        Json(values).into_response()
    } else {
        Redirect::to(&page.path()).into_response()
    }
}
