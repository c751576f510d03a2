//! The lines under the header: that the page is without a script, or without a line.

#[cfg(feature = "ssr")]
use leptos::prelude::*;

use super::{html::text, slot::Slot, timeline::hidden_unless};
use crate::{Scene, Status};

pub(super) const SLOTS: [Slot; 3] = [
    Slot::Attribute(CUT, "hidden", |scene| shown_if(scene, Status::Reconnecting)),
    Slot::Attribute(OFFLINE, "hidden", |scene| shown_if(scene, Status::Offline)),
    Slot::Html(LATER, later),
];

const CUT: &str = "reconnecting";
const OFFLINE: &str = "offline";
/// What becomes of what waits.
const LATER: &str = "later";

fn shown_if(scene: &Scene, status: Status) -> Option<String> {
    hidden_unless(scene.status == status)
}

fn later(scene: &Scene) -> String {
    text(&scene.words.sent_later(scene.unsent))
}

/// The status in the header is read aloud; once is enough.
#[cfg(feature = "ssr")]
pub(super) fn banners(view: &protocol::RoomView) -> impl IntoView + use<> {
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
