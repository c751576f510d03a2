//! The code of a room, to be copied.

use leptos::prelude::*;

use super::{icon::Icon, words};

/// Shows that it was copied until the focus goes on.
#[component]
pub(super) fn RoomCode(code: String) -> impl IntoView {
    view! {
        <button class="room-code room-header__wide" type="button" aria-label=words().copy_code(&code) data-scripted
            data-copy=code.clone()>
            {code.clone()}
            <Icon name="copy" small=true />
        </button>
    }
}
