//! For one who reads along: the name to join with, inside the composer's form.

use leptos::prelude::*;
use protocol::WhoAmI;

use super::words;
use crate::RoomState;

/// `join` is the address that the form goes to when only Join is pressed.
#[component]
pub(super) fn Visitor(room: RoomState, join: String) -> impl IntoView {
    let words = words();
    let name = move || match &*room.me.read() {
        WhoAmI::Visitor { name } => Some(name.clone()),
        WhoAmI::Member(_) => None,
    };
    let problem = move || room.refusal.read().as_ref().map(|refusal| (words.refusal)(refusal));
    move || {
        let join = join.clone();
        name().map(|name| {
            view! {
                <div class="visitor field" data-invalid=move || room.refusal.read().is_some()>
                    <p class="visitor__what">{words.reads_along}</p>
                    <div class="visitor__line">
                        <label class="field__label" for="name">{words.your_name}</label>
                        <div class="field__box">
                            <input class="field__input" id="name" name="name" value=name required autocomplete="nickname"
                                spellcheck="false" aria-describedby="refusal" />
                        </div>
                        <button class="button" name="join" formaction=join formnovalidate>{words.join}</button>
                    </div>
                    <p class="field__help" id="refusal" role="alert">{problem}</p>
                </div>
            }
        })
    }
}
