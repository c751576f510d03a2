//! A room: a small signal flag, coloured by the code.

use leptos::prelude::*;

use crate::looks::{hue, pattern};

#[component]
pub(super) fn Flag(code: String, #[prop(optional)] small: bool) -> impl IntoView {
    view! {
        <span class="flag" data-size=small.then_some("sm") data-hue=hue(&code) data-pattern=pattern(&code)></span>
    }
}
