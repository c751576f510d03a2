//! Pages: what is loaded for them, and how they are drawn or, with `?data`, handed out as values.
//! Nothing here writes: link previews and prefetching must not create people.

use app::{Catalogue, catalogue};
use axum::{
    Json,
    body::Body,
    extract::{Extension, Path, Query, Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri,
        header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, RETRY_AFTER, SET_COOKIE, VARY},
    },
    response::{IntoResponse, Response},
};
use leptos::{context::use_context, nonce::use_nonce};
use leptos_axum::ResponseOptions;
use protocol::{
    Lobby, Look, NewRoom, PageData, Place, Refusal, Refused, RoomCode, RoomLink, Settings, View,
};
use serde::{Deserialize, Serialize};

use super::{
    fields::{retry_after, status},
    gate, history, language,
    room::{self, Asides},
    site, sorry,
    whence::Whence,
};
use crate::{
    Server, Shared, clock,
    config::Lifetimes,
    handlers::{self, Wants, Wish},
    lobby, names,
    session::{self, Who},
    store::{Door, Entry, Person},
};

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

pub(super) async fn lobby(State(server): State<Shared>, uri: Uri, headers: HeaderMap) -> Response {
    let who = session::who(&server, &headers).await;
    let view = async {
        let known = who.clone()?.known();
        let person = known.as_ref().map(|known| &known.person);
        lobby_view(&server, person, None, String::new(), None).await
    };
    let page = show(&headers, as_values(&uri), view.await).await;
    offered(&server, &headers, who.as_ref().ok(), page)
}

pub(super) async fn room(
    State(server): State<Shared>,
    Extension(whence): Extension<Whence>,
    Path(code): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let who = session::who(&server, &headers).await;
    let view = async {
        let person = who.clone()?.known().map(|known| known.person);
        let entry = enter_as(&server, &whence, person.as_ref(), &code).await?;
        // A strange address of a room is still the room's.
        let place = Place::parse(uri.query().unwrap_or_default()).unwrap_or_default();
        let asides = Asides { place, ..Asides::default() };
        room::view(&server, &headers, person.as_ref(), entry, asides).await
    };
    let page = match view.await {
        Ok(view) if asks_for_day(&uri) && !as_values(&uri) => history::day(&view),
        Err(refusal) if refusal == Refusal::NoSuchRoom || gate::is_door(&refusal) => {
            let code = RoomCode::parse(&code);
            door(&server, &headers, code.as_ref(), as_values(&uri), &refusal).await
        }
        view => show(&headers, as_values(&uri), view).await,
    };
    offered(&server, &headers, who.as_ref().ok(), page)
}

/// The same for all that is not there; but who was in it is told what was.
pub(super) async fn door(
    server: &Server,
    headers: &HeaderMap,
    code: Option<&RoomCode>,
    values: bool,
    refusal: &Refusal,
) -> Response {
    let view = async {
        let person = session::person(server, headers).await?;
        gate::view(server, person.as_ref(), code, refusal, String::new(), None).await
    };
    match view.await {
        Ok(view) => draw(headers, values, status(refusal), view).await,
        Err(refusal) => show(headers, values, Err(refusal)).await,
    }
}

#[derive(Default, Deserialize)]
pub(super) struct Called {
    name: Option<String>,
}

/// The name that was typed in the lobby comes along.
pub(super) async fn new_room(
    State(server): State<Shared>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let who = session::who(&server, &headers).await;
    let view = async {
        let person = who.clone()?.known().map(|known| known.person);
        let name = Query::<Called>::try_from_uri(&uri).ok().and_then(|Query(called)| called.name);
        let name = name.unwrap_or_else(|| proposal(person.as_ref()));
        Ok(new_room_view(&server, name, Wish::default(), None))
    };
    let page = show(&headers, as_values(&uri), view.await).await;
    offered(&server, &headers, who.as_ref().ok(), page)
}

pub(super) fn new_room_view(
    server: &Server,
    name: String,
    wish: Wish,
    refusal: Option<Refusal>,
) -> View {
    let Lifetimes { usual, longest, .. } = server.config.lifetimes;
    View::NewRoom(NewRoom {
        name,
        lifetime: handlers::lifetime(server, &wish).unwrap_or(usual),
        room_name: wish.name.unwrap_or_else(names::room),
        listed: wish.listed,
        longest,
        refusal,
    })
}

/// The room, and who asks for it: what any page or value of a room begins with.
pub(super) async fn enter(
    server: &Server,
    whence: &Whence,
    headers: &HeaderMap,
    code: &str,
) -> Result<(Option<Person>, Entry), Refusal> {
    let person = session::person(server, headers).await?;
    let entry = enter_as(server, whence, person.as_ref(), code).await?;
    Ok((person, entry))
}

pub(super) async fn enter_as(
    server: &Server,
    whence: &Whence,
    person: Option<&Person>,
    code: &str,
) -> Result<Entry, Refusal> {
    let code = RoomCode::parse(code).ok_or(Refusal::NoSuchRoom)?;
    let id = person.map(|person| person.id);
    let (door, wants) = (Door::Code(code), Wants::ToRead);
    handlers::enter(server, whence.network, id, door, wants, |_| true).await
}

/// What is read of a room as a value.
pub(super) fn value<T: Serialize>(read: Result<T, Refusal>) -> Response {
    let mut response = match read {
        Ok(value) => Json(value).into_response(),
        Err(refusal) => refused(&refusal),
    };
    for_its_reader(&mut response);
    response
}

/// What it is made of is its reader's alone, and not for search engines.
pub(super) fn for_its_reader(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("cookie, accept-language"));
    headers.insert(ROBOTS, HeaderValue::from_static("noindex"));
}

/// No script scrolls to what was found: an address does.
fn asks_for_day(uri: &Uri) -> bool {
    matches!(Place::parse(uri.query().unwrap_or_default()), Ok(Place::On(_)))
}

pub(super) async fn settings(
    State(server): State<Shared>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    // All else can be chosen also while nobody's name is known.
    let who = session::who(&server, &headers).await.ok();
    let known = who.clone().map(Who::known);
    let name = known.map(|known| proposal(known.as_ref().map(|known| &known.person)));
    let view = View::Settings(Settings { name, refusal: None });
    let page = draw(&headers, as_values(&uri), StatusCode::OK, view).await;
    offered(&server, &headers, who.as_ref(), page)
}

pub(super) fn offered(
    server: &Server,
    headers: &HeaderMap,
    who: Option<&Who>,
    mut page: Response,
) -> Response {
    if let Some(cookie) = session::offer(server, headers, who) {
        page.headers_mut().append(SET_COOKIE, cookie);
    }
    page
}

/// A file of the site, or nothing that we have: kindly for people.
pub(super) async fn other(request: Request) -> Response {
    let headers = request.headers();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if let Some(file) = site::get(request.uri().path(), headers).filter(|_| reads) {
        return file;
    }
    let accepted = headers.get(ACCEPT).and_then(|kinds| kinds.to_str().ok()).unwrap_or_default();
    if reads && accepted.contains("text/html") {
        return show(headers, false, Err(Refusal::NoSuchRoom)).await;
    }
    (StatusCode::NOT_FOUND, "Nothing is here.\n").into_response()
}

/// What was refused stands in the lobby as it was typed.
pub(super) async fn lobby_view(
    server: &Server,
    person: Option<&Person>,
    typed: Option<String>,
    code: String,
    refusal: Option<Refusal>,
) -> Result<View, Refusal> {
    let rooms = rooms(server, person).await?;
    let open = lobby::open(server).await?;
    let name = typed.unwrap_or_else(|| proposal(person));
    Ok(View::Lobby(Lobby { name, code, rooms, open, refusal }))
}

/// What they called themselves last, or a guest's name.
pub(super) fn proposal(person: Option<&Person>) -> String {
    person.map_or_else(names::guest, |person| person.name.as_str().to_owned())
}

pub(super) async fn rooms(
    server: &Server,
    person: Option<&Person>,
) -> Result<Vec<RoomLink>, Refusal> {
    match person {
        Some(person) => Ok(server.store.rooms(person.id).await?),
        None => Ok(Vec::new()),
    }
}

pub(super) async fn show(
    headers: &HeaderMap,
    values: bool,
    view: Result<View, Refusal>,
) -> Response {
    match view {
        Ok(view) => draw(headers, values, StatusCode::OK, view).await,
        Err(Refusal::NoSuchRoom) => {
            draw(headers, values, StatusCode::NOT_FOUND, View::Door(protocol::Door::default()))
                .await
        }
        Err(refusal) if values => refused(&refusal),
        Err(refusal) => sorry::page(&refusal, words(headers), None),
    }
}

pub(super) async fn draw(
    headers: &HeaderMap,
    values: bool,
    status: StatusCode,
    view: View,
) -> Response {
    let unlisted = !matches!(view, View::Lobby(_));
    let data = PageData { look: look(headers), view };
    let mut response =
        if values { Json(data).into_response() } else { document(data, words(headers)).await };
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("cookie, accept, accept-language"));
    if unlisted {
        headers.insert(ROBOTS, HeaderValue::from_static("noindex"));
    }
    response
}

/// A refusal as a value, for programs.
pub(super) fn refused(refusal: &Refusal) -> Response {
    let refused = Refused { n: None, refusal: refusal.clone() };
    let mut response = (status(&refused.refusal), Json(refused)).into_response();
    if let Some(seconds) = retry_after(refusal) {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

async fn document(data: PageData, words: &'static Catalogue) -> Response {
    let files = site::files(words.language);
    let watched = site::watched();
    let builds = if watched.is_some() { " ws:" } else { "" };
    let app =
        move || app::shell(data.clone(), words, files.clone(), clock::clock(), watched.clone());
    // The nonce is leptos's own, made for each page; scripts that it adds carry it, too.
    let policy = move || {
        if let (Some(nonce), Some(options)) = (use_nonce(), use_context::<ResponseOptions>())
            && let Ok(policy) = HeaderValue::try_from(policy(&nonce, builds))
        {
            options.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
    };
    // The page depends on its data alone, not on the request.
    leptos_axum::render_app_async_with_context(policy, app)(Request::new(Body::empty())).await
}

/// `builds` is where news of them come from, while there are any.
fn policy(nonce: &str, builds: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self'; connect-src 'self'{builds}; img-src 'self' data:; manifest-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

pub(super) fn look(headers: &HeaderMap) -> Look {
    session::cookie(headers, Look::COOKIE).map(Look::parse).unwrap_or_default()
}

/// In the reader's language: the one that they chose, or else what their browser asks for.
pub(super) fn words(headers: &HeaderMap) -> &'static Catalogue {
    catalogue(look(headers).language.unwrap_or_else(|| language::asked(headers)))
}

pub(super) fn as_values(uri: &Uri) -> bool {
    uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "data"))
}
