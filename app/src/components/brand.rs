//! The wordmark, which leads to the lobby.

use leptos::prelude::*;
use protocol::Page;

use super::words;

#[component]
pub(super) fn Brand() -> impl IntoView {
    view! {
        <a class="brand" href=Page::Lobby.path() aria-label=words().app>
            <svg class="brand__wordmark" viewBox="0 0 148 40" aria-hidden="true"><use_ href="#wordmark"></use_></svg>
        </a>
    }
}
