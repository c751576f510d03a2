//! The wordmark, which leads to the lobby.

use leptos::prelude::*;
use protocol::Page;

use super::html::raw;
use crate::APP;

#[component]
pub(super) fn Brand() -> impl IntoView {
    raw(brand())
}

/// The mark itself is in the document’s sprite.
pub(super) fn brand() -> String {
    format!(
        r##"<a class="brand" href="{}" aria-label="{APP}"><svg class="brand__wordmark" viewBox="0 0 148 40" aria-hidden="true"><use href="#wordmark"></use></svg></a>"##,
        Page::Lobby.path()
    )
}
