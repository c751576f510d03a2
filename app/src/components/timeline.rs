//! The log: messages, and the way to older ones.

use leptos::{html::Div, prelude::*};
use protocol::{Page, Place, RoomCode};

use super::{
    icon::Icon,
    live,
    message::{MessageRow, line},
    words,
};
use crate::{RoomState, scroll::keep_place};

#[component]
pub(super) fn Timeline(room: RoomState, code: RoomCode) -> impl IntoView {
    let words = words();
    let log = NodeRef::<Div>::new();
    let inner = NodeRef::<Div>::new();
    keep_place(room, live(), log, inner);
    let path = Page::Room(code.clone()).path();
    let older = {
        let path = path.clone();
        move || {
            room.scene
                .with(|scene| scene.part.older)
                .map(|first| (format!("{path}{}", Place::Before(first)), words.older))
        }
    };
    // Where that page begins is where this one ends.
    let newer = move || {
        let last = room.scene.with(|scene| scene.part.newer);
        last.map(|last| (format!("{path}{}#m{}", Place::After(last), last + 1), words.newer))
    };
    view! {
        <div class="timeline" role="log" aria-label=words.messages aria-live="off" tabindex="0" data-static node_ref=log>
            <div class="timeline__inner" node_ref=inner>
                // Its style hides it as soon as something was said.
                <div class="notice">
                    <span class="notice__art"><Icon name="message" large=true /></span>
                    <h2 class="notice__title">{words.empty_title}</h2>
                    <p class="notice__text">{words.empty_text}</p>
                </div>
                {move || older().map(more)}
                {move || room.scene.with(|scene| scene.line.clone()).map(line)}
                <For each=move || room.rows.get() key=|row| row.id let:row>
                    <MessageRow row code=code.clone() />
                </For>
                {move || newer().map(more)}
            </div>
        </div>
    }
}

fn more((href, word): (String, &'static str)) -> impl IntoView {
    view! { <div class="timeline__older"><a class="button" data-size="sm" href=href>{word}</a></div> }
}
