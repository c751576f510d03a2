//! Opens the emoji picker. The browser does it: the panel is a popover that stands beside the app.

use leptos::prelude::*;

use super::{icon::Icon, words};
use crate::EMOJI_ID;

#[component]
pub(super) fn EmojiButton() -> impl IntoView {
    view! {
        <button class="button composer__emoji" data-variant="quiet" data-icon type="button" aria-label=words().emoji
            aria-haspopup="dialog" popovertarget=EMOJI_ID data-scripted>
            <Icon name="emoji" />
        </button>
    }
}
