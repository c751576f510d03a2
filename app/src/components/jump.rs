//! From anywhere in the log to its end, and how much is new there.

use leptos::prelude::*;
use protocol::{Page, Place, RoomCode};

use super::{icon::Icon, words};
use crate::RoomState;

/// A link, so that it leads there without a script too.
#[component]
pub(super) fn Jump(room: RoomState, code: RoomCode) -> impl IntoView {
    let words = words();
    let href = format!("{}{}", Page::Room(code).path(), Place::Newest);
    move || {
        let part = room.scene.with(|scene| scene.part);
        let away = part.unseen.or(part.newer.and(Some(0)));
        away.map(|count| {
            let new = (count > 0).then(|| (words.new_count)(count));
            view! {
                <a class="jump" href=href.clone() data-new=(count > 0).then_some(count)>
                    <Icon name="down" />
                    {words.jump}
                    <span class="jump__new">{new}</span>
                </a>
            }
        })
    }
}
