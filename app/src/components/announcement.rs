//! What whoever runs the server says to everybody who is connected. Hidden until then, and again once it was read: it
//! is a dialog so that the browser closes it by itself.

use leptos::prelude::*;

use super::{icon::Icon, words};
use crate::{ANNOUNCED_ID, ANNOUNCEMENT_ID};

#[component]
pub(crate) fn Announcement() -> impl IntoView {
    let words = words();
    view! {
        <dialog class="announcement" id=ANNOUNCEMENT_ID aria-label=words.announcement>
            <Icon name="announce" />
            <p class="announcement__text">
                <b>{words.announcement}</b>
                <span dir="auto" role="alert" id=ANNOUNCED_ID></span>
            </p>
            <form method="dialog"><button class="button" data-size="sm">{words.understood}</button></form>
        </dialog>
    }
}
