//! For one who reads along: the name to join with, inside the composer's form.

#[cfg(feature = "ssr")]
use leptos::prelude::*;

use super::{problem, slot::Slot, timeline::hidden_unless};

/// When the reader joins it goes, with its name, which then no form sends any more.
pub(super) const SLOTS: [Slot; 3] = [
    Slot::Attribute(VISITOR, "hidden", |scene| hidden_unless(!scene.is_member())),
    Slot::Attribute(VISITOR, "disabled", |scene| hidden_unless(!scene.is_member())),
    Slot::Html(REFUSAL, |scene| problem(scene.refusal.as_ref(), scene.words)),
];

const VISITOR: &str = "visitor";
const REFUSAL: &str = "refusal";

/// `join` is the address that the form goes to when only Join is pressed.
#[cfg(feature = "ssr")]
#[component]
pub(super) fn Visitor(room: crate::RoomState, join: String) -> impl IntoView {
    let words = super::words();
    let scene = room.scene.get_untracked();
    let protocol::WhoAmI::Visitor { name } = &scene.me else { return ().into_any() };
    let what = if scene.is_closed() { words.reads_only } else { words.reads_along };
    view! {
        <fieldset class="visitor field" id=VISITOR>
            <p class="visitor__what">{what}</p>
            <div class="visitor__line">
                <label class="field__label" for="name">{words.your_name}</label>
                <div class="field__box">
                    <input class="field__input" id="name" name="name" value=name.clone() required autocomplete="nickname"
                        spellcheck="false" aria-describedby=REFUSAL />
                </div>
                <button class="button" name="join" formaction=join formnovalidate>{words.join}</button>
            </div>
            <p class="visitor__problem" id=REFUSAL role="alert" inner_html=problem(scene.refusal.as_ref(), scene.words)></p>
        </fieldset>
    }
    .into_any()
}
