//! Pages for a room's hosts: their desk, the room's rules, one of its members; and for members, one message.

use axum::{
    extract::{Extension, Path, Query, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use protocol::{
    Curb, DeskPage, DeskView, Kind, Matter, Member, MemberId, Message, MessageView, Page,
    PersonView, Refusal, Role, RoomId, RoomName, RulesView, View,
};
use serde::Deserialize;

use super::{
    pages::{as_values, enter, show},
    whence::Whence,
};
use crate::{
    Server, Shared, handlers,
    store::{Entry, Since, Slice, StoreError, Stream},
};

/// Which of the pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Or of its log what was done before this entry.
    Desk(Option<u64>),
    Rules,
    Person(MemberId),
    Message(u32),
}

impl About {
    /// Behind the room's own address.
    fn parse(rest: &str) -> Option<Self> {
        match rest.split_once('/') {
            None if rest == "desk" => Some(Self::Desk(None)),
            None if rest == "rules" => Some(Self::Rules),
            Some(("people", id)) => id.parse().ok().map(MemberId).map(Self::Person),
            Some(("m", seq)) => seq.parse().ok().map(Self::Message),
            None | Some(_) => None,
        }
    }

    /// As one may say where to go on after a form.
    pub(super) fn of(back: &str, room: &Page) -> Option<Self> {
        Self::parse(back.strip_prefix(&room.path())?.strip_prefix('/')?)
    }
}

#[derive(Deserialize)]
struct Asked {
    before: Option<u64>,
}

pub(super) async fn desk(
    server: State<Shared>,
    whence: Extension<Whence>,
    Path(code): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    // Before what is no entry there is nothing to be found.
    let before = Query::<Asked>::try_from_uri(&uri).ok().and_then(|Query(asked)| asked.before);
    page(server, whence, &code, About::Desk(before), uri, headers).await
}

pub(super) async fn rules(
    server: State<Shared>,
    whence: Extension<Whence>,
    Path(code): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    page(server, whence, &code, About::Rules, uri, headers).await
}

pub(super) async fn person(
    server: State<Shared>,
    whence: Extension<Whence>,
    Path((code, id)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    // Nobody has the number 0.
    let id = id.parse().unwrap_or_default();
    page(server, whence, &code, About::Person(MemberId(id)), uri, headers).await
}

pub(super) async fn message(
    server: State<Shared>,
    whence: Extension<Whence>,
    Path((code, seq)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let seq = seq.parse().unwrap_or_default();
    page(server, whence, &code, About::Message(seq), uri, headers).await
}

async fn page(
    State(server): State<Shared>,
    Extension(whence): Extension<Whence>,
    code: &str,
    about: About,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let view = async {
        let (_, entry) = enter(&server, &whence, &headers, code).await?;
        view(&server, entry, &about, Said::default()).await
    };
    show(&headers, as_values(&uri), view.await).await
}

/// What became of a form.
#[derive(Default)]
pub(super) struct Said {
    pub(super) refusal: Option<Refusal>,
    /// The address of a link.
    pub(super) made: Option<String>,
    pub(super) reported: bool,
    /// A name and a topic, as they were typed.
    pub(super) typed: Option<(String, String)>,
}

pub(super) async fn view(
    server: &Server,
    entry: Entry,
    about: &About,
    said: Said,
) -> Result<View, Refusal> {
    let me = entry.member.clone().ok_or(Refusal::NotAMember)?;
    let is_host = me.role == Role::Host;
    match about {
        About::Message(seq) => message_view(server, entry, me, *seq, said).await,
        About::Desk(_) | About::Rules | About::Person(_) if !is_host => Err(Refusal::NotAHost),
        About::Desk(before) => desk_view(server, entry, me, *before, said).await,
        About::Rules => Ok(rules_view(server, entry, said)),
        About::Person(id) => person_view(server, entry, me, *id, said).await,
    }
}

async fn desk_view(
    server: &Server,
    entry: Entry,
    me: Member,
    before: Option<u64>,
    said: Said,
) -> Result<View, Refusal> {
    let room = entry.room.id;
    let page = match before {
        Some(before) => server.store.logged(room, before).await?,
        None => newest(server, room).await?,
    };
    let mut reported = Vec::new();
    for item in page.items.iter().filter(|item| item.matter.waits()) {
        if let Matter::Report(report) = &item.matter {
            reported.extend(one(server, &entry, report.seq).await?.map(|(message, _)| message));
        }
    }
    let Said { refusal, made, .. } = said;
    let older = older(server, room, &page).await?;
    let room = entry.room;
    let view = DeskView { room, me, page, before, older, said: reported, made, refusal };
    Ok(View::Desk(Box::new(view)))
}

async fn newest(server: &Server, room: RoomId) -> Result<DeskPage, Refusal> {
    match server.store.since(Stream::Desk(room), None).await? {
        Since::Reset(protocol::Reset::Desk(page)) => Ok(page),
        Since::Reset(_) | Since::Changes(_) => Err(handlers::internal("a desk is something else")),
    }
}

/// The first entry of the log on this page, if that does not begin with it.
async fn older(server: &Server, room: RoomId, page: &DeskPage) -> Result<Option<u64>, StoreError> {
    let mut logged = page.items.iter().filter(|item| matches!(item.matter, Matter::Logged(_)));
    let Some(first) = logged.next().map(|item| item.rev) else { return Ok(None) };
    let earlier = server.store.logged(room, first).await?;
    Ok((!earlier.items.is_empty()).then_some(first))
}

fn rules_view(server: &Server, entry: Entry, said: Said) -> View {
    let room = entry.room;
    let text = |name: Option<&str>| name.unwrap_or_default().to_owned();
    let (name, topic) = said.typed.unwrap_or_else(|| {
        let topic = room.rules.topic.as_ref().map(protocol::Line::as_str);
        (text(room.name.as_ref().map(RoomName::as_str)), text(topic))
    });
    let (longest, most) = (server.config.lifetimes.longest, server.config.capacity);
    let refusal = said.refusal;
    View::Rules(Box::new(RulesView { room, name, topic, longest, most, refusal }))
}

async fn person_view(
    server: &Server,
    entry: Entry,
    me: Member,
    id: MemberId,
    said: Said,
) -> Result<View, Refusal> {
    let room = entry.room.id;
    let found = server.store.members(room, vec![id]).await?.into_iter().next();
    let (member, joined) = found.ok_or(Refusal::NoSuchMember)?;
    let item = server.store.item(room, Kind::Curb, id.0.into()).await?;
    let curb: Option<Curb> = item.and_then(|item| match item.matter {
        Matter::Curb(curb) => Some(curb),
        Matter::Knock(_) | Matter::Report(_) | Matter::Link(_) | Matter::Logged(_) => None,
    });
    let refusal = said.refusal;
    let view = PersonView { room: entry.room, me, member, joined, curb, refusal };
    Ok(View::Person(Box::new(view)))
}

async fn message_view(
    server: &Server,
    entry: Entry,
    me: Member,
    seq: u32,
    said: Said,
) -> Result<View, Refusal> {
    let (message, author) = one(server, &entry, seq).await?.ok_or(Refusal::NoSuchMessage)?;
    let Said { refusal, reported, .. } = said;
    let view = MessageView { room: entry.room, me, message, author, reported, refusal };
    Ok(View::Message(Box::new(view)))
}

async fn one(
    server: &Server,
    entry: &Entry,
    seq: u32,
) -> Result<Option<(Message, Member)>, StoreError> {
    let page = server.store.page(entry.room.id, Slice::Only(seq)).await?;
    let message = page.messages.into_iter().find(|message| message.seq == seq);
    let mut members = page.members.into_iter();
    Ok(message.and_then(|message| {
        let author = members.find(|member| member.id == message.author)?;
        Some((message, author))
    }))
}
