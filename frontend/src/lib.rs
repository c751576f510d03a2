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
mod popover;
mod share;
mod sheet;
mod socket;
mod sound;
mod storage;

use any_spawner::Executor;
use app::{RoomState, come_alive};
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| web_sys::console::error_1(&info.to_string().into())));
    let Some((look, words, view)) = document::page_data() else {
        // Nothing to bring to life; but what was left unsent in a room goes out from any page.
        document::remember_zone();
        if let Some(room) = document::ended() {
            client::draft::forget(room);
        }
        client::start(None, &document::kept());
        return;
    };
    // Fails only where one runs already.
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    owner.with(|| {
        let chosen = RwSignal::new(look.clone());
        let room = RoomState::new(&view, chosen, document::CLOCK, words);
        document::follow(chosen, room);
        document::fit();
        client::start(Some(room), &look);
        come_alive(room, client::LIVE);
    });
    // It lives as long as the page.
    std::mem::forget(owner);
    log_keys::listen();
    emoji::listen();
    popover::listen();
    sheet::listen();
    if look.sound {
        sound::listen();
    }
}
