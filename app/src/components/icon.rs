//! A picture from the sprite that the document carries. Never alone: a word or a label names it.

use leptos::prelude::*;

/// `name` is a symbol's in `icons.svg`, without its `i-`.
#[component]
pub(super) fn Icon(
    name: &'static str,
    #[prop(optional)] small: bool,
    #[prop(optional)] mirror: bool,
    #[prop(optional)] large: bool,
) -> impl IntoView {
    let size = if small {
        Some("sm")
    } else if large {
        Some("lg")
    } else {
        None
    };
    view! {
        <svg class="icon" data-size=size data-mirror=mirror aria-hidden="true">
            <use_ href=format!("#i-{name}")></use_>
        </svg>
    }
}
