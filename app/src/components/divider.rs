//! A line across the log: where a day begins, and where what is new does.

use leptos::prelude::*;

/// A day's name opens the choice of another. `kind` is `day` or `new`.
#[component]
pub(super) fn Divider(kind: &'static str, name: String) -> impl IntoView {
    let is_day = kind == "day";
    view! {
        <div class="divider" data-kind=kind role=(!is_day).then_some("separator")
            aria-label=(!is_day).then_some(super::words().new_messages)>
            {if is_day {
                view! { <button class="divider__day" type="button" aria-haspopup="dialog" popovertarget="dates">{name}</button> }.into_any()
            } else {
                view! { <span>{name}</span> }.into_any()
            }}
        </div>
    }
}
