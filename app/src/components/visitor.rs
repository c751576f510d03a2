//! For one who reads along: the name to join with, inside the composer's form.

use leptos::prelude::*;
use protocol::WhoAmI;

use super::words;
use crate::RoomState;

/// `join` is the address that the form goes to when only Join is pressed.
#[component]
pub(super) fn Visitor(room: RoomState, join: String) -> impl IntoView {
    let words = words();
    let scene = room.scene;
    let name = scene.with_untracked(|scene| match &scene.me {
        WhoAmI::Visitor { name } => name.clone(),
        WhoAmI::Member(me) => me.name.as_str().to_owned(),
    });
    let problem =
        move || scene.with(|scene| scene.refusal.as_ref().map(words.refusal).unwrap_or_default());
    // It goes when the reader joins, and never comes back on this page.
    move || {
        let (join, name) = (join.clone(), name.clone());
        scene.with(|scene| !scene.is_member()).then(|| {
            view! {
                <div class="visitor field">
                    <p class="visitor__what">{words.reads_along}</p>
                    <div class="visitor__line">
                        <label class="field__label" for="name">{words.your_name}</label>
                        <div class="field__box">
                            <input class="field__input" id="name" name="name" value=name required autocomplete="nickname"
                                spellcheck="false" aria-describedby="refusal" />
                        </div>
                        <button class="button" name="join" formaction=join formnovalidate>{words.join}</button>
                    </div>
                    <p class="visitor__problem" id="refusal" role="alert">{problem}</p>
                </div>
            }
        })
    }
}
