//! The HTML document around the app. Only the server draws it.

use leptos::prelude::*;
use protocol::PageData;

use crate::Clock;

/// Addresses of the built files, with their hashes.
#[derive(Clone, Debug, Default)]
pub struct Files {
    pub js: String,
    pub wasm: String,
    pub css: String,
}

/// The whole document. It expects leptos's `Nonce` in the context.
pub fn shell(data: PageData, files: Files, clock: Clock) -> impl IntoView {
    let _ = (data, files, clock);
    view! { <html lang="en"><head><title>"Parley"</title></head><body></body></html> }
}
