//! The wordmark, which leads to the lobby.

use leptos::prelude::*;
use protocol::Page;

use crate::APP;

/// In the document’s sprite.
const WORDMARK: &str = "<use href=\"#wordmark\"/>";

#[component]
pub(super) fn Brand() -> impl IntoView {
    view! {
        <a class="brand" href=Page::Lobby.path() aria-label=APP>
            <svg class="brand__wordmark" viewBox="0 0 148 40" aria-hidden="true" inner_html=WORDMARK></svg>
        </a>
    }
}
