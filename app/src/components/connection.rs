//! Whether what is shown is live. The word carries the meaning; the dot only helps the eye.

use leptos::prelude::*;

use super::words;
use crate::Status;

#[component]
pub(super) fn Connection(status: RwSignal<Status>) -> impl IntoView {
    view! {
        <span class="connection" role="status" data-scripted data-status=move || status.get().as_str()>
            {move || (words().status)(status.get())}
        </span>
    }
}
