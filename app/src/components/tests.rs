//! What is written as HTML keeps its shape, whatever people are called.

#![allow(clippy::unwrap_used, reason = "a test that cannot make its values has failed")]

use leptos::prelude::*;
use protocol::{
    Body, Content, Here, Language, Lifetime, Line, Look, Member, MemberId, Message, MessageId,
    OpenRoom, PersonName, Point, Present, Role, Room, RoomCode, RoomId, RoomLink, RoomName,
    RoomPage, RoomView, Rules, Waiting, WhoAmI, decode,
};

use super::{divider, message, room_list, slot};
use crate::{Clock, LocalTime, RoomState, catalogue};

#[cfg(feature = "ssr")]
mod hosts;

const NAUGHTY: &str = include_str!("../../../protocol/tests/samples/naughty.jsonl");

const CLOCK: Clock = Clock { local: |_, _| DAY, now: || 0, soon: |draw| _ = draw(usize::MAX) };
const DAY: LocalTime =
    LocalTime { year: 2026, month: 10, day: 13, hour: 8, minute: 5, hours: None };

/// A room in which somebody of this name writes to somebody else, is here, types and has left, and
/// which is called the same.
fn view(name: &PersonName, room: Option<RoomName>) -> RoomView {
    let member = |id, name| Member { id: MemberId(id), name, role: Role::Member, rev: 1 };
    let author = member(1, name.clone());
    let code = RoomCode::parse("KMRT").unwrap();
    let message = Message {
        id: MessageId::now(),
        seq: 1,
        rev: 1,
        version: 1,
        author: MemberId(1),
        content: Content::Text(Body::parse("Low tide at six").unwrap()),
        created_at: 0,
    };
    let page = RoomPage {
        room: Room {
            id: RoomId(1),
            code,
            name: room,
            listed: false,
            lifetime: Lifetime::Month,
            rules: Rules::default(),
            rev: 1,
        },
        messages: vec![message],
        members: vec![author.clone()],
        head: 1,
        found: None,
        at: Point { epoch: 1, rev: 1 },
    };
    let people = vec![
        Present { member: author.clone(), away: false },
        Present { member: author, away: true },
    ];
    RoomView {
        page,
        me: WhoAmI::Member(member(2, PersonName::parse("Bo").unwrap())),
        read: None,
        here: Here { total: 2, away: 1, people },
        rooms: Vec::new(),
        link: String::new(),
        form_id: MessageId::now(),
        refusal: None,
        draft: String::new(),
        refused_name: None,
        muted: None,
        desk: None,
    }
}

/// All that the browser's side writes for it.
fn written(name: &PersonName) -> String {
    let words = &catalogue(Language::English).live;
    let view = view(name, RoomName::parse(name.as_str()).ok());
    let Room { id, code, name: called, .. } = view.page.room.clone();
    let open = OpenRoom { code: code.clone(), name: called.clone(), here: 2, last_at: 0 };
    let link = RoomLink { id, code, name: called, unread: 3, head: 12 };
    let state = RoomState::new(&view, RwSignal::new(Look::default()), CLOCK, words);
    let member = view.page.members.first().unwrap();
    state.scene.update(|scene| {
        scene.typing = view.page.members.clone();
        scene.room.rules.topic = Line::parse(name.as_str()).ok();
        scene.waiting = Waiting { knocks: vec![member.clone()], knocking: 2, reports: 0 };
        scene.me = WhoAmI::Member(Member { role: Role::Host, ..member.clone() });
    });
    let rows = state.rows.get_untracked();
    let mut all = vec![
        message::row(state, rows.first().unwrap(), &view.page.room.code),
        message::line(name.as_str()),
        divider::day(name.as_str()),
        room_list::of_mine(&[link], None, false, words),
        room_list::of_open(&[open], 60_000, words),
    ];
    state.scene.with_untracked(|scene| all.extend(slot::all(scene)));
    all.join("\n")
}

/// Its marks, one after another.
fn shape(html: &str) -> String {
    html.chars().filter(|c| "<>\"".contains(*c)).collect()
}

#[test]
#[cfg(feature = "ssr")]
fn what_the_server_drew_is_what_the_slots_hold() {
    use super::Look as Reader;

    let owner = Owner::new();
    owner.set();
    let look = RwSignal::new(Look::default());
    provide_context(Reader(look));
    for language in Language::ALL {
        provide_context(catalogue(language));
        is_drawn_and_held(look, language);
    }
}

#[cfg(feature = "ssr")]
fn is_drawn_and_held(look: RwSignal<Look>, language: Language) {
    use super::RoomPage;

    let words = catalogue(language);
    let name = PersonName::parse("<Ana>").unwrap();
    let member = view(&name, None);
    let bo = || Member { role: Role::Host, ..of(&member).clone() };
    let waiting = Waiting { knocks: vec![bo()], knocking: 3, reports: 1 };
    let mut host = RoomView { me: WhoAmI::Member(bo()), desk: Some(waiting), ..member.clone() };
    host.page.room.rules.topic = Line::parse("<Pools>").ok();
    let mut muted = RoomView { muted: Some(1), ..member.clone() };
    muted.page.room.rules.slow = 30;
    let visitor = RoomView { me: WhoAmI::Visitor { name: "Bo".into() }, ..member.clone() };
    let mut missing = vec![0; slot::count()];
    for view in [member, visitor, host, muted] {
        let room = RoomState::new(&view, look, CLOCK, &words.live);
        let html = view! { <RoomPage room view /> }.to_html();
        let all = room.scene.with_untracked(|scene| slot::filled(&html, scene));
        for (at, filled) in all.into_iter().enumerate() {
            match filled {
                Some(as_it_is) => assert!(as_it_is, "slot {at} in {html}"),
                None => missing[at] += 1,
            }
        }
    }
    assert!(missing.iter().all(|pages| *pages < 4), "in no page: {missing:?}");
}

#[cfg(feature = "ssr")]
fn of(view: &RoomView) -> &Member {
    match &view.me {
        WhoAmI::Member(me) => me,
        WhoAmI::Visitor { .. } => panic!("a visitor"),
    }
}

#[test]
fn no_name_changes_an_element() {
    let owner = Owner::new();
    owner.set();
    let plain = shape(&written(&PersonName::parse("Ana").unwrap()));
    let mut tried = 0;
    for line in NAUGHTY.lines() {
        let text: String = decode(line).unwrap();
        if let Ok(name) = PersonName::parse(&text) {
            let html = written(&name);
            assert_eq!(shape(&html), plain, "{text:?}: {html}");
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried} names");
}

#[test]
#[cfg(feature = "ssr")]
fn no_name_changes_the_question_on_another_device() {
    use protocol::{Arrival, Now};

    let words = catalogue(Language::English);
    let drawn = |name: &str| {
        let now = Some(Now::Other(name.to_owned()));
        shape(&super::arrival(&Arrival { name: Some(name.to_owned()), now }, words))
    };
    let plain = drawn("Ana");
    for line in NAUGHTY.lines() {
        let text: String = decode(line).unwrap();
        assert_eq!(drawn(&text), plain, "{text:?}");
    }
}
