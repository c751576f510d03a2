//! Whether what is shown is live. The word carries the meaning; the dot only helps the eye.

#[cfg(feature = "ssr")]
use leptos::prelude::*;

use super::{html::text, slot::Slot, words};
use crate::Scene;

pub(super) const SLOTS: [Slot; 2] = [
    Slot::Attribute(STATUS, "data-status", |scene| Some(scene.status.as_str().into())),
    Slot::Html(STATUS, word),
];

const STATUS: &str = "status";

fn word(scene: &Scene) -> String {
    text((words().status)(scene.status))
}

#[cfg(feature = "ssr")]
#[component]
pub(super) fn Connection(room: crate::RoomState) -> impl IntoView {
    let scene = room.scene.get_untracked();
    view! {
        <span class="connection" id=STATUS role="status" data-scripted data-status=scene.status.as_str()
            inner_html=word(&scene)></span>
    }
}
