//! One of a few, all of them in sight.

use leptos::prelude::*;

/// Each is what is sent, how it is called, and whether it is the one.
#[component]
pub(super) fn Segmented(
    label: &'static str,
    name: &'static str,
    all: Vec<(&'static str, &'static str, bool)>,
) -> impl IntoView {
    let all = all.into_iter().map(|(value, called, chosen)| {
        view! {
            <label class="segmented__one">
                <input type="radio" name=name value=value checked=chosen />
                {called}
            </label>
        }
    });
    view! {
        <div class="settings__row">
            <div class="settings__what"><span class="settings__name">{label}</span></div>
            <div class="segmented" role="radiogroup" aria-label=label>{all.collect_view()}</div>
        </div>
    }
}
