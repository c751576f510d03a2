//! The log: messages, and the way to older ones.

#[cfg(feature = "ssr")]
use leptos::prelude::*;
use protocol::{Page, Place};

use super::{message::line, slot::Slot};
use crate::Scene;

pub(super) const SLOTS: [Slot; 5] = [
    Slot::Attribute(OLDER, "hidden", |scene| hidden_unless(scene.part.older.is_some())),
    Slot::Attribute(OLDER_LINK, "href", older),
    Slot::Html(LINE, |scene| scene.line.as_deref().map(line).unwrap_or_default()),
    Slot::Attribute(NEWER, "hidden", |scene| hidden_unless(scene.part.newer.is_some())),
    Slot::Attribute(NEWER_LINK, "href", newer),
];

const OLDER: &str = "older";
const OLDER_LINK: &str = "older-link";
/// Who came and went before the first row.
const LINE: &str = "line";
const NEWER: &str = "newer";
const NEWER_LINK: &str = "newer-link";

pub(super) fn hidden_unless(shown: bool) -> Option<String> {
    (!shown).then(String::new)
}

fn older(scene: &Scene) -> Option<String> {
    let path = Page::Room(scene.room.code.clone()).path();
    scene.part.older.map(|first| format!("{path}{}", Place::Before(first)))
}

/// Where that page begins is where this one ends.
fn newer(scene: &Scene) -> Option<String> {
    let path = Page::Room(scene.room.code.clone()).path();
    scene.part.newer.map(|last| format!("{path}{}#m{}", Place::After(last), last + 1))
}

#[cfg(feature = "ssr")]
#[component]
pub(super) fn Timeline(room: crate::RoomState, code: protocol::RoomCode) -> impl IntoView {
    use super::{icon::Icon, message, words};
    use crate::{LOG_ID, ROWS_ID};

    let words = words();
    let scene = room.scene.get_untracked();
    let rows = room.rows.with_untracked(|rows| {
        rows.iter().map(|one| message::row(room, one, &code)).collect::<String>()
    });
    view! {
        <div class="timeline" id=LOG_ID role="log" aria-label=words.message_log aria-live="off" tabindex="0" data-static>
            <div class="timeline__inner">
                // Its style hides it as soon as something was said.
                <div class="notice">
                    <span class="notice__art"><Icon name="message" large=true /></span>
                    <h2 class="notice__title">{words.empty_title}</h2>
                    <p class="notice__text">{words.empty_text}</p>
                </div>
                <div class="timeline__older" id=OLDER hidden=scene.part.older.is_none()>
                    <a class="button" data-size="sm" id=OLDER_LINK href=older(&scene)>{words.older}</a>
                </div>
                <div id=LINE></div>
                <div class="timeline__rows" id=ROWS_ID inner_html=rows></div>
                <div class="timeline__older" id=NEWER hidden=scene.part.newer.is_none()>
                    <a class="button" data-size="sm" id=NEWER_LINK href=newer(&scene)>{words.newer}</a>
                </div>
            </div>
        </div>
    }
}
