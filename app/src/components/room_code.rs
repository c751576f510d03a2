//! The code of a room: as something to copy, and as something to type.

use leptos::prelude::*;

use super::{icon::Icon, live, words};

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
                <input class="code-input" id=id name="code" value=value maxlength="5" placeholder=words.code_example
                    autocomplete="off" autocapitalize="characters" spellcheck="false" required=required />
                <button class="button" data-size="lg" formaction="/join">{words.join}</button>
            </div>
        </div>
    }
}

/// Shows that it was copied until it is pressed again or the pointer leaves.
#[component]
pub(super) fn RoomCode(code: String) -> impl IntoView {
    let copied = RwSignal::new(false);
    let text = code.clone();
    view! {
        <button class="room-code room-header__wide" type="button" aria-label=(words().copy_code)(&code) data-scripted
            data-copied=move || copied.get() on:click=move |_| copied.set((live().copy)(&text))
            on:blur=move |_| copied.set(false)>
            {code.clone()}
            <Icon name="copy" small=true />
        </button>
    }
}
