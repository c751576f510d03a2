//! The switch for the browser's notifications. Not every browser has them, and only a script knows: until it
//! does, nothing of this is shown.

use leptos::prelude::*;

use super::{icon::Icon, words};
use crate::{BELL_ID, BELL_NOTE_ID};

/// Of a room, in its menu.
#[component]
pub(super) fn Bell() -> impl IntoView {
    view! {
        <label class="menu__item" data-bell hidden>
            <Icon name="bell" />
            {words().notifications}
            <input class="switch push" type="checkbox" role="switch" id=BELL_ID />
        </label>
        <BellNote />
    }
}

/// That the browser will not have them, for whoever wants them.
#[component]
pub(super) fn BellNote() -> impl IntoView {
    view! { <p class="bell__note" id=BELL_NOTE_ID role="status" hidden>{words().notify_blocked}</p> }
}
