//! A person: a circle with initials, coloured by the name. Its name always stands beside it.

use leptos::prelude::*;

use crate::looks::{hue, initials};

#[component]
pub(super) fn Avatar(
    name: String,
    #[prop(optional)] small: bool,
    /// `online` or `away`, where it matters.
    #[prop(optional)]
    presence: Option<&'static str>,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    view! {
        <span class=format!("avatar {class}") data-size=small.then_some("sm") data-hue=hue(&name)
            data-presence=presence aria-hidden="true">
            {initials(&name)}
        </span>
    }
}
