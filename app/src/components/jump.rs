//! From anywhere in the log to its end, and how much is new there.

#[cfg(feature = "ssr")]
use leptos::prelude::*;

use super::{html::text, slot::Slot, timeline::hidden_unless};
use crate::Scene;

pub(super) const SLOTS: [Slot; 3] = [
    Slot::Attribute(JUMP, "hidden", |scene| hidden_unless(is_away(scene))),
    Slot::Attribute(JUMP, "data-new", |scene| new(scene).map(|count| count.to_string())),
    Slot::Html(NEW, count),
];

const JUMP: &str = "jump";
const NEW: &str = "jump-new";

fn is_away(scene: &Scene) -> bool {
    scene.part.unseen.is_some() || scene.part.newer.is_some()
}

fn new(scene: &Scene) -> Option<u32> {
    scene.part.unseen.filter(|count| *count > 0)
}

fn count(scene: &Scene) -> String {
    new(scene).map(|count| text(&scene.words.new_count(count))).unwrap_or_default()
}

/// A link, so that it leads there without a script too.
#[cfg(feature = "ssr")]
#[component]
pub(super) fn Jump(room: crate::RoomState) -> impl IntoView {
    use protocol::{Page, Place};

    use super::icon::Icon;

    let scene = room.scene.get_untracked();
    let href = format!("{}{}", Page::Room(scene.room.code.clone()).path(), Place::Newest);
    view! {
        <a class="jump" id=JUMP href=href hidden=!is_away(&scene) data-new=new(&scene)>
            <Icon name="down" />
            {super::words().jump}
            <span class="jump__new" id=NEW inner_html=count(&scene)></span>
        </a>
    }
}
