//! The browser's side: takes over the page that the server drew, and keeps it live.

mod client;
mod document;
mod join;
mod line;
mod outbox;
mod socket;
mod storage;

use app::{App, State};
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| web_sys::console::error_1(&info.to_string().into())));
    let Some(data) = document::page_data() else { return };
    leptos::mount::hydrate_body(move || {
        let state = State::new(data);
        document::follow(&state);
        client::start(&state);
        view! { <App state live=client::LIVE clock=document::CLOCK /> }
    });
}
