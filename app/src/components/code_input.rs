//! The code of a room, to be typed.

use leptos::prelude::*;

use super::words;

/// `id` is the input's. The button leads to `/join` whatever form it is in.
#[component]
pub(super) fn CodeInput(
    id: &'static str,
    required: bool,
    #[prop(optional)] value: String,
) -> impl IntoView {
    let words = words();
    view! {
        <div class="field">
            <label class="field__label" for=id>{words.room_code}</label>
            <div class="join__line">
                <input class="code-input" id=id name="code" value=value maxlength="30" placeholder=words.code_example
                    autocomplete="off" autocapitalize="characters" spellcheck="false" required=required />
                <button class="button" data-size="lg" formaction="/join">{words.join}</button>
            </div>
        </div>
    }
}
