//! What the browser says of time, network and tab.

use std::cell::Cell;

use leptos::{ev, prelude::*, web_sys::VisibilityState};
use sync::Input;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;

use super::with;

const TICK_MS: u64 = 500;
/// Ticks between two signs of life.
const ALIVE_EVERY: u32 = 4;
/// Ticks between two looks for messages of tabs that are gone.
const ADOPT_EVERY: u32 = 20;

pub(super) fn listen() {
    window_event_listener(ev::online, |_| feed(Input::Awake));
    window_event_listener(ev::offline, |_| feed(Input::Offline));
    window_event_listener(ev::pageshow, |_| {
        with(|client| client.stored(|storage| storage.alive()));
        feed(Input::Awake);
    });
    window_event_listener(ev::pagehide, |_| {
        with(|client| {
            client.keep_draft();
            client.say_read(true);
            client.bell.borrow().close();
            client.stored(|storage| storage.leave());
        });
    });
    window_event_listener(ev::input, |event| {
        let area = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
        if let Some(area) = area {
            with(|client| client.is_typing(!area.value().trim().is_empty()));
        }
    });
    window_event_listener(ev::visibilitychange, |_| {
        with(|client| {
            client.look();
            client.glance();
        });
        if document().visibility_state() == VisibilityState::Visible {
            feed(Input::Awake);
        }
    });
    let ticks = Cell::new(0_u32);
    // Never cleared: it lives as long as the page.
    let _ =
        set_interval_with_handle(move || tick(&ticks), std::time::Duration::from_millis(TICK_MS));
}

fn feed(input: Input) {
    with(|client| client.feed(input));
}

fn tick(ticks: &Cell<u32>) {
    ticks.set(ticks.get().wrapping_add(1));
    with(|client| {
        client.feed(Input::Tick);
        client.look();
        client.join();
        client.pump();
        client.follow_mine();
        client.follow_lobby();
        client.follow_desk();
        client.speak_again();
        client.age();
        client.speak();
        client.keep_panel();
        client.say_read(false);
        client.glance();
        if ticks.get().is_multiple_of(ALIVE_EVERY) {
            client.stored(|storage| storage.alive());
        }
        if ticks.get().is_multiple_of(ADOPT_EVERY) {
            let client = client.clone();
            spawn_local(async move { client.adopt().await });
        }
    });
}
