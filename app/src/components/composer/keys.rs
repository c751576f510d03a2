//! What the keys mean in the message box, and what leads to it from elsewhere in the page.

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, Event, HtmlElement},
};

use crate::BOX_ID;

/// What has a use of its own for a letter, or for a press.
const FIELDS: &str = "input, textarea, select, [contenteditable], dialog, [popover]";
const CONTROLS: &str = "a, button, input, textarea, select, label, summary, [popover]";
const LOG: &str = "[role=log]";
/// Of the log's height, so that some lines stay in sight.
const PAGE: f64 = 0.9;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Does {
    Send,
    /// Scrolls the log by so many pages.
    Page(f64),
    /// Away with what was said about the last try.
    Dismiss,
    /// What the browser makes of it.
    Nothing,
}

/// A key as it is pressed in the box.
struct Press<'a> {
    key: &'a str,
    shift: bool,
    /// Ctrl or ⌘.
    command: bool,
    /// An input method is at work on a word: the key is its.
    composing: bool,
    /// Nothing is in the box.
    empty: bool,
}

pub(super) fn does(event: &KeyboardEvent, empty: bool) -> Does {
    let press = Press {
        key: &event.key(),
        shift: event.shift_key(),
        command: event.ctrl_key() || event.meta_key(),
        // 229 is what browsers say that end the composition with the key itself.
        composing: event.is_composing() || event.key_code() == 229,
        empty,
    };
    meaning(&press, is_touch)
}

/// By touch there is no other key for a new line, so Enter makes one.
fn meaning(press: &Press, touch: impl FnOnce() -> bool) -> Does {
    if press.composing {
        return Does::Nothing;
    }
    match press.key {
        "Enter" if !press.shift && (press.command || !touch()) => Does::Send,
        "PageUp" if press.empty => Does::Page(-1.0),
        "PageDown" if press.empty => Does::Page(1.0),
        "Escape" => Does::Dismiss,
        _ => Does::Nothing,
    }
}

pub(super) fn is_touch() -> bool {
    let coarse = window().match_media("(pointer: coarse)").ok().flatten();
    coarse.is_some_and(|query| query.matches())
}

pub(super) fn scroll_log(pages: f64) {
    if let Ok(Some(log)) = document().query_selector(LOG) {
        log.scroll_by_with_x_and_y(0.0, pages * PAGE * f64::from(log.client_height()));
    }
}

/// A slash where nothing is written, and a click on the log that is nothing else.
pub(super) fn lead_to_box() {
    window_event_listener(ev::keydown, move |event| {
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        if event.key() == "/" && !modified && !is_in(&event, FIELDS) && !event.default_prevented() {
            event.prevent_default();
            focus_box();
        }
    });
    window_event_listener(ev::click, move |event| {
        // By touch it would raise the keyboard, which such a tap mostly puts away.
        if is_in(&event, LOG) && !is_in(&event, CONTROLS) && !selects() && !is_touch() {
            focus_box();
        }
    });
}

fn focus_box() {
    if let Some(text_box) = document().get_element_by_id(BOX_ID) {
        // Fails only for an element that cannot have it.
        let _ = text_box.unchecked_ref::<HtmlElement>().focus();
    }
}

fn is_in(event: &Event, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest(selector).ok().flatten().is_some())
}

fn selects() -> bool {
    let selection = window().get_selection().ok().flatten();
    selection.is_some_and(|selection| !selection.is_collapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_key_means_depends_on_the_box_and_on_the_hand() {
        let full =
            Press { key: "Enter", shift: false, command: false, composing: false, empty: false };
        let empty = || Press { empty: true, ..full };
        for (what, press, touch, expected) in [
            ("Enter with a keyboard", Press { ..full }, false, Does::Send),
            ("Enter by touch", Press { ..full }, true, Does::Nothing),
            ("Shift+Enter", Press { shift: true, ..full }, false, Does::Nothing),
            ("Ctrl+Enter", Press { command: true, ..full }, false, Does::Send),
            ("Ctrl+Enter by touch", Press { command: true, ..full }, true, Does::Send),
            ("Enter of an input method", Press { composing: true, ..full }, false, Does::Nothing),
            (
                "Ctrl+Enter of an input method",
                Press { composing: true, command: true, ..full },
                false,
                Does::Nothing,
            ),
            ("PageUp in an empty box", Press { key: "PageUp", ..empty() }, false, Does::Page(-1.0)),
            ("PageDown", Press { key: "PageDown", ..empty() }, true, Does::Page(1.0)),
            ("PageUp in a text", Press { key: "PageUp", ..full }, false, Does::Nothing),
            ("Escape", Press { key: "Escape", ..full }, false, Does::Dismiss),
            ("a letter", Press { key: "e", command: true, ..full }, false, Does::Nothing),
        ] {
            assert_eq!(meaning(&press, || touch), expected, "{what}");
        }
    }
}
