//! A code for a camera, drawn in the page itself, so that it stands under no address.

use leptos::prelude::*;
use protocol::Picture;

#[component]
pub(super) fn Qr(picture: Picture, label: &'static str) -> impl IntoView {
    let Picture { size, path } = picture;
    view! {
        <div class="qr">
            <svg viewBox=format!("0 0 {size} {size}") role="img" aria-label=label>
                <path fill="currentColor" d=path />
            </svg>
        </div>
    }
}
