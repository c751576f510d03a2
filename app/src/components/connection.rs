//! Whether what is shown is live: a word in the header, and the panel that it opens. The word carries
//! the meaning; the dot only helps the eye.

#[cfg(feature = "ssr")]
use leptos::prelude::*;

use super::{html::text, slot::Slot, timeline::hidden_unless};
use crate::{Scene, Status};

pub(super) const SLOTS: [Slot; 7] = [
    Slot::Attribute(STATUS, "data-status", |scene| Some(scene.status.as_str().into())),
    Slot::Html(STATUS, word),
    Slot::Attribute(TITLE, "data-status", |scene| Some(scene.status.as_str().into())),
    Slot::Html(TITLE, word),
    Slot::Html(MEANING, meaning),
    Slot::Html(UNSENT, |scene| text(&scene.words.unsent(scene.unsent))),
    Slot::Attribute(TRY, "hidden", |scene| hidden_unless(scene.status != Status::Live)),
];

const STATUS: &str = "status";
const TITLE: &str = "connection-title";
const MEANING: &str = "connection-meaning";
const UNSENT: &str = "connection-unsent";
const TRY: &str = "connection-try";

fn word(scene: &Scene) -> String {
    text(scene.words.status(scene.status))
}

fn meaning(scene: &Scene) -> String {
    text(scene.words.status_means(scene.status))
}

#[cfg(feature = "ssr")]
#[component]
pub(super) fn Connection(room: crate::RoomState) -> impl IntoView {
    let scene = room.scene.get_untracked();
    view! {
        <span role="status" data-scripted>
            <button class="connection" type="button" id=STATUS aria-haspopup="dialog" popovertarget=crate::CONNECTION_ID
                data-status=scene.status.as_str() inner_html=word(&scene)></button>
        </span>
    }
}

/// What the word rests on. What changes with time is written while it is open.
#[cfg(feature = "ssr")]
#[component]
pub(super) fn ConnectionPanel(room: crate::RoomState) -> impl IntoView {
    use crate::{COMPLETE_ID, CONNECTION_ID, HEARD_ID};

    let words = super::words();
    let scene = room.scene.get_untracked();
    view! {
        <div class="panel" id=CONNECTION_ID popover="auto" role="dialog" aria-labelledby=TITLE>
            <div class="panel__lead">
                <span class="connection" id=TITLE data-status=scene.status.as_str() tabindex="-1" autofocus
                    inner_html=word(&scene)></span>
                <strong id=COMPLETE_ID></strong>
            </div>
            <p class="panel__text" id=MEANING inner_html=meaning(&scene)></p>
            <dl class="panel__facts">
                <dt>{words.last_heard}</dt>
                <dd id=HEARD_ID></dd>
                <dt>{words.not_yet_sent}</dt>
                <dd id=UNSENT inner_html=text(words.live.none)></dd>
            </dl>
            <div class="row-end" id=TRY><button class="button" data-size="sm" type="button" data-try>{words.try_now}</button></div>
        </div>
    }
}
