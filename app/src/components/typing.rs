//! Who else is writing something. Its height is there before anybody does, and nobody is told aloud.

#[cfg(feature = "ssr")]
use leptos::prelude::*;

use super::{html::Text, slot::Slot};
use crate::Scene;

pub(super) const SLOTS: [Slot; 1] = [Slot::Html(TYPING, who)];

const TYPING: &str = "typing";

fn who(scene: &Scene) -> String {
    let names: Vec<_> = scene.typing.iter().map(|one| one.name.as_str()).collect();
    if names.is_empty() {
        return String::new();
    }
    format!(
        r#"<span class="typing__dots" aria-hidden="true"><i></i><i></i><i></i></span><span class="truncate">{}</span>"#,
        Text(&scene.words.typing(&names))
    )
}

#[cfg(feature = "ssr")]
#[component]
pub(super) fn Typing(room: crate::RoomState) -> impl IntoView {
    view! {
        <div class="typing" id=TYPING role="status" aria-live="off" inner_html=room.scene.with_untracked(who)></div>
    }
}
