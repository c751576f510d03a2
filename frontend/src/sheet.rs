//! People as a sheet over the talk: while it is open, nothing behind it can be reached, and when it
//! goes the focus is back where it came from. As a column it is a part of the page like any other.

use leptos::prelude::document;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{HtmlElement, ResizeObserver};

use crate::document::{all, element};

/// All that the sheet lies over, and what leads there.
const BEHIND: &str = "#live > :not(.layout-room__side), a[href='#message'].visually-hidden";

/// As long as the room is in the page.
pub(crate) fn come_alive() {
    let Some(people) = element("people") else { return };
    // Opened, closed, or the window became narrower or wider: it has another size.
    let changed = Closure::<dyn Fn()>::new(|| {
        if let Some(people) = element("people") {
            arrange(&people);
        }
    });
    if let Ok(observer) = ResizeObserver::new(changed.into_js_value().unchecked_ref()) {
        observer.observe(&people);
    }
}

fn arrange(people: &HtmlElement) {
    // Asked of the page itself, so that style and script agree: a sheet has its scrim.
    let scrim = people.next_element_sibling();
    let modal = people.client_height() > 0 && scrim.is_some_and(|scrim| scrim.client_height() > 0);
    if people.has_attribute("aria-modal") == modal {
        return;
    }
    // All fail only for names that are no attribute's.
    let _ = if modal {
        people.set_attribute("role", "dialog").and(people.set_attribute("aria-modal", "true"))
    } else {
        people.set_attribute("role", "complementary").and(people.remove_attribute("aria-modal"))
    };
    let Some(body) = document().body() else { return };
    for part in all(&body, BEHIND) {
        let _ = part.toggle_attribute_with_force("inert", modal);
    }
    let lost = || {
        let active = document().active_element();
        active.is_none_or(|active| *active == **body || people.contains(Some(&active)))
    };
    let next = if modal {
        // By touch, a box would raise the keyboard.
        element("people-title").inspect(|title| title.set_tab_index(-1))
    } else {
        element("people-button").filter(|_| people.client_height() == 0 && lost())
    };
    if let Some(next) = next {
        // Fails only for an element that cannot have it.
        let _ = next.focus();
    }
}
