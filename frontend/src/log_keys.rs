//! Keys in the log. It is one tab stop; arrows walk in it from message to message, and a key that has
//! no use here does what the browser makes of it.

use leptos::prelude::document as page;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::document::{self, all, focus_box};

const LOG: &str = "[role=log]";
const MESSAGE: &str = "[data-message]";
const WALKED: &str = "[data-message][tabindex]";

pub(crate) fn listen() {
    document::listen("keydown", |event, target| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
        if let Ok(Some(log)) = target.closest(LOG)
            && !modified
            && has_use(event, &log, target)
        {
            event.prevent_default();
        }
    });
    // Who takes the mouse does not walk any longer.
    document::listen("mousedown", |_, _| stop());
}

fn has_use(event: &KeyboardEvent, log: &Element, target: &Element) -> bool {
    match event.key().as_str() {
        "Escape" if !is_open() => focus_box(),
        "Enter" if target.matches(MESSAGE).unwrap_or(false) => {
            let Ok(Some(link)) = target.query_selector(".message__time") else { return false };
            link.unchecked_ref::<HtmlElement>().click();
        }
        key => {
            let from = target.closest(MESSAGE).ok().flatten();
            let Some(to) = leads_to(key, log, from) else { return false };
            walk(&to);
        }
    }
    true
}

/// Something that hangs from the log, which Escape closes first.
fn is_open() -> bool {
    page().query_selector(":popover-open").is_ok_and(|open| open.is_some())
}

/// The message that a key leads to from this one, or from the log itself.
fn leads_to(key: &str, log: &Element, from: Option<Element>) -> Option<HtmlElement> {
    let (top, bottom) = edges(log);
    let (its_top, its_bottom) = from.map_or((bottom, top), |from| edges(&from));
    let mut messages = all(log, MESSAGE).into_iter();
    match key {
        "Home" => messages.next(),
        "End" => messages.next_back(),
        // The rest of one that is higher than the log is read first.
        "ArrowUp" if its_top >= top => messages.rfind(|one| edges(one).0 < its_top),
        "ArrowDown" if its_bottom <= bottom => messages.find(|one| edges(one).1 > its_bottom),
        _ => None,
    }
}

fn walk(to: &HtmlElement) {
    // Its name is all that it says, in the order of reading.
    if to.id().is_empty() {
        to.set_id(&to.get_attribute("data-message").unwrap_or_default());
    }
    // Fails only for names that are no attribute's.
    let _ = to.set_attribute("aria-labelledby", &to.id());
    stop();
    to.set_tab_index(-1);
    // The browser scrolls as little as shows it. Fails only for an element that cannot have the focus.
    let _ = to.focus();
}

/// Only what was walked to can have the focus.
fn stop() {
    if let Ok(Some(before)) = page().query_selector(WALKED) {
        let _ = before.remove_attribute("tabindex");
    }
}

fn edges(element: &Element) -> (f64, f64) {
    let at = element.get_bounding_client_rect();
    (at.top(), at.bottom())
}
