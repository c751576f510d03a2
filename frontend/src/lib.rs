//! The browser's side: takes over the page that the server drew, and keeps it live.

mod announce;
mod attention;
mod client;
mod document;
mod emoji;
mod fetch;
mod join;
mod json;
mod log_keys;
mod popover;
mod sheet;
mod socket;
mod storage;

use app::{ROWS_ID, RoomState, Rows, come_alive};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};

#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| web_sys::console::error_1(&info.to_string().into())));
    let data = document::page_data();
    let parent = document().get_element_by_id(ROWS_ID).and_then(|parent| parent.dyn_into().ok());
    let (Some((look, view)), Some(parent)) = (data, parent) else {
        // Nothing to bring to life; but what was left unsent in a room goes out from any page.
        document::remember_zone();
        client::start(None, false);
        return;
    };
    let mounted = leptos::mount::hydrate_from(parent, move || {
        let quiet = look.quiet;
        let look = RwSignal::new(look);
        let room = RoomState::new(&view, look, document::CLOCK);
        document::follow(look, room);
        document::fit();
        client::start(Some(room), quiet);
        come_alive(room, client::LIVE);
        view! { <Rows room code=view.page.room.code /> }
    });
    // It lives as long as the page.
    mounted.forget();
    log_keys::listen();
    emoji::listen();
    popover::listen();
    sheet::listen();
}
