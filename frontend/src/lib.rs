//! The browser's side: takes over the page that the server drew, and keeps it live.

mod announce;
mod attention;
mod bell;
mod called;
mod client;
mod document;
mod emoji;
mod fetch;
mod frames;
mod json;
mod log_keys;
mod mark;
mod missed;
mod page;
mod popover;
mod share;
mod sheet;
mod socket;
mod sound;
mod storage;

use any_spawner::Executor;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| web_sys::console::error_1(&info.to_string().into())));
    let page = page::drawn();
    if page.as_ref().is_none_or(|page| page.view.is_none()) {
        // Nothing to bring to life but the lists of rooms; and what was left unsent in one goes out from
        // any page.
        document::remember_zone();
        if let Some(room) = document::ended() {
            client::draft::forget(room);
        }
        client::start(page);
        return;
    }
    // Fails only where one runs already.
    let _ = Executor::init_wasm_bindgen();
    document::fit();
    client::start(page);
    app::listen();
    log_keys::listen();
    emoji::listen();
    popover::listen();
    sound::listen();
}
