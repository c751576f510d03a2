//! What the page of a room is drawn from.

use std::iter;

use axum::http::{HeaderMap, header::HOST};
use protocol::{
    MessageId, Page, Place, Refusal, RefusedName, Reset, Role, RoomCode, RoomId, RoomView, View,
    Waiting, WhoAmI,
};

use super::{
    history,
    pages::{look, proposal, rooms},
};
use crate::{
    Server,
    config::Origin,
    links::lan_address,
    names,
    store::{Entry, Person, Since, Slice, Stream},
};

/// Names that are made up for one who has none, so that one of them is free.
const GUESTS: usize = 12;

/// What the page shows of a form that was refused.
#[derive(Default)]
pub(super) struct Asides {
    pub(super) place: Place,
    pub(super) refusal: Option<Refusal>,
    pub(super) draft: String,
    pub(super) name: Option<String>,
    pub(super) form_id: Option<MessageId>,
    pub(super) refused_name: Option<RefusedName>,
}

impl Asides {
    pub(super) fn why(&self) -> Option<&Refusal> {
        self.refusal.as_ref().or(self.refused_name.as_ref().map(|refused| &refused.refusal))
    }
}

pub(super) async fn view(
    server: &Server,
    headers: &HeaderMap,
    person: Option<&Person>,
    entry: Entry,
    asides: Asides,
) -> Result<View, Refusal> {
    // Of a day that no calendar has, the newest will do.
    let slice = history::slice(&asides.place, &look(headers)).unwrap_or(Slice::Newest);
    let room = entry.room.id;
    let mut page = server.store.page(room, slice).await?;
    // Who has more to read than the newest page begins where they left off.
    if let (Place::Start, Some(read)) = (&asides.place, entry.read)
        && page.messages.first().is_some_and(|first| read + 1 < first.seq)
    {
        page = server.store.page(room, Slice::Around(read + 1)).await?;
        page.found = None;
    }
    let rooms = rooms(server, person).await?;
    let here = server.presence.here(entry.room.id, entry.member.as_ref().map(|me| me.id));
    let link = link(server, headers, &page.room.code);
    let (read, muted) = (entry.read, entry.muted);
    let desk = waiting(server, &entry).await?;
    let me = match (entry.member, asides.name) {
        (Some(me), _) => WhoAmI::Member(me),
        (None, Some(name)) => WhoAmI::Visitor { name },
        (None, None) => WhoAmI::Visitor { name: free_proposal(server, room, person).await },
    };
    let form_id = asides.form_id.unwrap_or_else(MessageId::now);
    let Asides { refusal, draft, refused_name, .. } = asides;
    let view = RoomView {
        page,
        me,
        read,
        here,
        rooms,
        link,
        form_id,
        refusal,
        draft,
        refused_name,
        muted,
        desk,
    };
    Ok(View::Room(Box::new(view)))
}

/// What waits for a host.
async fn waiting(server: &Server, entry: &Entry) -> Result<Option<Waiting>, Refusal> {
    if entry.member.as_ref().is_none_or(|me| me.role != Role::Host) {
        return Ok(None);
    }
    match server.store.since(Stream::Desk(entry.room.id), None).await? {
        Since::Reset(Reset::Desk(page)) => {
            let named = |id| page.members.iter().find(|member| member.id == id).cloned();
            Ok(Some(Waiting::of(&page.items, named)))
        }
        Since::Reset(_) | Since::Changes(_) => Ok(None),
    }
}

/// What is proposed can be had, unless somebody takes it before. A guest gets another guest's name rather
/// than a number.
async fn free_proposal(server: &Server, room: RoomId, person: Option<&Person>) -> String {
    let names = match person {
        Some(Person { name, .. }) => iter::once(name.clone()).chain(names::like(name)).collect(),
        None => iter::repeat_with(names::guest_name).take(GUESTS).flatten().collect(),
    };
    let free = server.store.free_name(room, person.map(|person| person.id), names).await;
    free.ok().flatten().map_or_else(|| proposal(person), String::from)
}

/// An address that works on somebody else's phone, as far as we can know one.
pub(super) fn link(server: &Server, headers: &HeaderMap, code: &RoomCode) -> String {
    address(server, headers, &Page::Room(code.clone()).path())
}

/// As `link`, of any page.
pub(super) fn address(server: &Server, headers: &HeaderMap, path: &str) -> String {
    let config = &server.config;
    let base = match &config.public_url {
        Some(url) => url.as_str().to_owned(),
        None => {
            let host = headers.get(HOST).and_then(|host| host.to_str().ok());
            // Whoever listens to this machine alone is not in the network.
            let guessed = config.lan_address && config.listen.ip().is_unspecified();
            let lan = || guessed.then(lan_address).flatten();
            base(host, lan).unwrap_or_default()
        }
    };
    format!("{base}{path}")
}

fn base(host: Option<&str>, lan: impl FnOnce() -> Option<std::net::IpAddr>) -> Option<String> {
    let origin: Origin = format!("http://{}", host?).parse().ok()?;
    let lan = if origin.is_this_machine() { lan() } else { None };
    Some(lan.and_then(|ip| origin.at(ip)).unwrap_or(origin).as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_copied_on_this_machine_works_on_another() {
        let lan: Option<std::net::IpAddr> = "192.168.1.7".parse().ok();
        for (host, lan, expected) in [
            ("localhost:3000", lan, "http://192.168.1.7:3000"),
            ("127.0.0.1:3000", lan, "http://192.168.1.7:3000"),
            ("[::1]:3000", lan, "http://192.168.1.7:3000"),
            ("localhost", lan, "http://192.168.1.7"),
            ("localhost:3000", None, "http://localhost:3000"),
            ("10.0.0.3:3000", lan, "http://10.0.0.3:3000"),
            ("chat.example.org", lan, "http://chat.example.org"),
        ] {
            assert_eq!(base(Some(host), || lan).as_deref(), Some(expected), "{host}");
        }
        assert_eq!(base(Some("not a host"), || lan), None);
        assert_eq!(base(None, || lan), None);
    }
}
