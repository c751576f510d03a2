//! What the page says of the line: the status, and in the panel that it opens what changes with time.

use app::{COMPLETE_ID, CONNECTION_ID, HEARD_ID, Status};
use js_sys::Date;
use leptos::prelude::{WithUntracked, document as page};
use sync::Input;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{Client, with};
use crate::document::{self, element};

/// What opens the panel, and what tries to connect now.
const OPENER: &str = "[popovertarget=connection]";
const TRY: &str = "[data-try]";

pub(super) fn listen() {
    document::listen("click", |_, target| {
        let is_in = |selector| target.closest(selector).is_ok_and(|found| found.is_some());
        with(|client| {
            if is_in(TRY) {
                client.feed(Input::Awake);
            } else if is_in(OPENER) {
                // The browser opens it after this.
                client.fill_panel();
            }
        });
    });
}

impl Client {
    pub(super) fn show_status(&self) {
        let Some(room) = self.room.get() else { return };
        let status = self.line.borrow().status(Date::now());
        let changes = room.scene.with_untracked(|scene| scene.status != status);
        if changes && status == Status::Live {
            hand_on_focus();
        }
        room.set_status(status);
    }

    /// With time.
    pub(super) fn keep_panel(&self) {
        let panel = element(CONNECTION_ID);
        if panel.is_some_and(|panel| panel.matches(":popover-open").unwrap_or(false)) {
            self.fill_panel();
        }
    }

    fn fill_panel(&self) {
        let Some(room) = self.room.get() else { return };
        let heard = self.line.borrow().heard().map(|at| {
            let seconds = (Date::now() - at) / 1000.0;
            room.words.ago(seconds as u32, room.local(at as i64))
        });
        write(COMPLETE_ID, &room.words.complete_to(room.complete_to()));
        write(HEARD_ID, heard.as_deref().unwrap_or(room.words.not_yet));
    }
}

/// Nobody who selects it looks at what is written over and over.
fn write(id: &str, text: &str) {
    if let Some(part) = element(id).filter(|part| part.text_content().as_deref() != Some(text)) {
        part.set_text_content(Some(text));
    }
}

/// What was pressed to connect goes with the success.
fn hand_on_focus() {
    let pressed = page().active_element().filter(|active| active.matches(TRY).unwrap_or(false));
    let Some(pressed) = pressed else { return };
    let in_panel = pressed.closest("[popover]").is_ok_and(|panel| panel.is_some());
    let heir = if in_panel { "#connection-title" } else { OPENER };
    if let Ok(Some(heir)) = page().query_selector(heir) {
        // Fails only for an element that cannot have it.
        let _ = heir.unchecked_ref::<HtmlElement>().focus();
    }
}
