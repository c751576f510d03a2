//! The code of a room, to be copied.

use leptos::prelude::*;

use super::{icon::Icon, live, words};

/// Shows that it was copied until it is pressed again or the pointer leaves.
#[component]
pub(super) fn RoomCode(code: String) -> impl IntoView {
    let live = live();
    let copied = RwSignal::new(false);
    let text = code.clone();
    view! {
        <button class="room-code room-header__wide" type="button" aria-label=(words().copy_code)(&code) data-scripted
            data-copied=move || copied.get() on:click=move |_| copied.set((live.copy)(&text))
            on:blur=move |_| copied.set(false)>
            {code.clone()}
            <Icon name="copy" small=true />
        </button>
    }
}
