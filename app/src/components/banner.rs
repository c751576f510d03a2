//! The lines under the header: that the page is without a script, or without a line.

use leptos::prelude::*;
use protocol::Member;

use super::{
    html::{Text, text},
    input::Input,
    slot::Slot,
    timeline::hidden_unless,
};
use crate::{Scene, Status};

pub(super) const SLOTS: [Slot; 7] = [
    Slot::Attribute(KNOCKS, "hidden", |scene| hidden_unless(first(scene).is_some())),
    Slot::Html(KNOCKING, knocking),
    Slot::Attribute(KNOCK, "value", |scene| first(scene).map(|one| one.id.0.to_string())),
    Slot::Attribute(ADMIT, "aria-label", admit),
    Slot::Attribute(CUT, "hidden", |scene| shown_if(scene, Status::Reconnecting)),
    Slot::Attribute(OFFLINE, "hidden", |scene| shown_if(scene, Status::Offline)),
    Slot::Html(LATER, later),
];

const CUT: &str = "reconnecting";
const OFFLINE: &str = "offline";
/// What becomes of what waits.
const LATER: &str = "later";
/// Who knocks, for hosts; of a form who is let in, and its button, which keeps the focus when it is about the next.
const KNOCKS: &str = "knocks";
const KNOCKING: &str = "knocking";
const KNOCK: &str = "knock";
const ADMIT: &str = "admit";

fn first(scene: &Scene) -> Option<&Member> {
    scene.waiting.knocks.first().filter(|_| scene.is_host())
}

fn knocking(scene: &Scene) -> String {
    let Some(first) = first(scene) else { return String::new() };
    let said = text(&scene.words.knocks(first.name.as_str()));
    match scene.waiting.knocking {
        0 | 1 => said,
        all => format!("{said} <small>{}</small>", Text(&scene.words.and_more(all - 1))),
    }
}

fn admit(scene: &Scene) -> Option<String> {
    first(scene).map(|first| scene.words.admit_one(first.name.as_str()))
}

pub(super) fn hear(input: &Input) {
    if input.on("submit", &format!("#{KNOCKS}")).is_some() {
        input.event.prevent_default();
        if let Some(knock) = input.room.scene.with_untracked(|scene| first(scene).map(|one| one.id))
        {
            (input.live.admit)(knock);
        }
    }
}

fn shown_if(scene: &Scene, status: Status) -> Option<String> {
    hidden_unless(scene.status == status)
}

fn later(scene: &Scene) -> String {
    text(&scene.words.sent_later(scene.unsent))
}

/// The status in the header is read aloud; once is enough.
#[cfg(feature = "ssr")]
pub(super) fn banners(view: &protocol::RoomView, room: crate::RoomState) -> impl IntoView + use<> {
    use super::{icon::Icon, words};

    let words = words();
    view! {
        <div class="banner" data-tone="plain" data-plain>
            <span class="banner__text">{words.plain}</span>
            {refresh(view)}
        </div>
        <div class="banner" id=CUT data-status=Status::Reconnecting.as_str() role="status" aria-live="off" hidden>
            <Icon name="retry" />
            <span class="banner__text">{words.live.reconnecting}" "<small>{words.live.keep_writing}</small></span>
        </div>
        <div class="banner" id=OFFLINE data-tone="plain" data-status=Status::Offline.as_str() role="status" aria-live="off" hidden>
            <Icon name="offline" />
            <span class="banner__text">{words.you_are_offline}" "<small id=LATER inner_html=text(words.live.keep_writing)></small></span>
            <button class="button" data-size="sm" type="button" data-try>{words.try_now}</button>
        </div>
        <Knocks scene=room.scene.get_untracked() />
    }
}

/// Of those who knock the one who came first, to be let in at once; the others are on the desk.
#[cfg(feature = "ssr")]
#[component]
fn Knocks(scene: Scene) -> impl IntoView {
    use protocol::Page;

    use super::{icon::Icon, words};

    let room = Page::Room(scene.room.code.clone()).path();
    view! {
        <form class="banner" id=KNOCKS aria-labelledby=KNOCKING data-tone="accent" method="post" action=format!("{room}/act") hidden=first(&scene).is_none()>
            <input type="hidden" name="act" value="answer" />
            <input type="hidden" name="admit" value="on" />
            <input type="hidden" name="back" value=room.clone() />
            <input type="hidden" name="knock" id=KNOCK value=first(&scene).map(|one| one.id.0) />
            <Icon name="knock" />
            <span class="banner__text" role="status" id=KNOCKING inner_html=knocking(&scene)></span>
            <button class="button" data-size="sm" id=ADMIT aria-label=admit(&scene)>{scene.words.admit}</button>
            <a class="button" data-size="sm" href=Page::Desk(scene.room.code.clone()).path()>{words().hosting.desk}</a>
        </form>
    }
}

/// Who is a member says with it what they have seen: up to here.
#[cfg(feature = "ssr")]
fn refresh(view: &protocol::RoomView) -> impl IntoView + use<> {
    use protocol::{Page, WhoAmI};

    let room = Page::Room(view.page.room.code.clone()).path();
    let (method, action) = match view.me {
        WhoAmI::Member(_) => ("post", format!("{room}/read")),
        WhoAmI::Visitor { .. } => ("get", room),
    };
    let seq = view.page.messages.last().map_or(0, |message| message.seq);
    view! {
        <form id="refresh" method=method action=action>
            {(method == "post").then(|| view! { <input type="hidden" name="seq" value=seq /> })}
            <button class="button" data-size="sm">{super::words().refresh}</button>
        </form>
    }
}
