//! What a half-typed word in the message box could become: an empty list, which the browser's side fills.

use leptos::prelude::*;

use super::words;
use crate::SUGGEST_ID;

#[component]
pub(super) fn Suggest() -> impl IntoView {
    let words = words();
    view! {
        <ul class="suggest" id=SUGGEST_ID role="listbox" aria-label=words.emoji_matches data-key=words.key_enter hidden></ul>
    }
}
