//! Where a popover opens in browsers that cannot hang it from its button by themselves; in the others
//! style/layout.css does. It is measured once, when it opens, and when its owner says so.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, css};

use crate::document::{self, is_mirrored};

/// Pixels between it and its button, and between it and the window's edge.
const GAP: i32 = 4;
const EDGE: i32 = 8;

pub(crate) fn listen() {
    document::listen("toggle", |_, popover| {
        if let Some(popover) = popover.dyn_ref() {
            place(popover);
        }
    });
}

pub(crate) fn place(popover: &HtmlElement) {
    if css::supports_with_value("position-area", "block-end").unwrap_or(false) {
        return;
    }
    let selector = format!("[popovertarget={}]", popover.id());
    let document = leptos::prelude::document();
    let (Ok(openers), Some(window)) =
        (document.query_selector_all(&selector), document.document_element())
    else {
        return;
    };
    let openers = (0..openers.length()).filter_map(|at| openers.get(at)?.dyn_into().ok());
    let drawn = openers.filter(|opener: &HtmlElement| opener.offset_width() > 0);
    // Of several the one that was just pressed, as far as anybody can tell.
    let pressed = |opener: &HtmlElement| opener.matches(":focus, :hover").unwrap_or(false);
    let Some(opener) = drawn.max_by_key(pressed) else { return };
    let at = opener.get_bounding_client_rect();
    let (top, bottom) = (at.top() as i32, at.bottom() as i32);
    let (wide, high) = (popover.offset_width(), popover.offset_height());
    let above = popover.get_attribute("data-side").as_deref() == Some("above");
    let start =
        if is_mirrored() { window.client_width() - at.right() as i32 } else { at.left() as i32 };
    // One that rises ends where its button does.
    let inline = if above { start + at.width() as i32 - wide } else { start };
    let block = if above || bottom + high > window.client_height() {
        top - high - GAP
    } else {
        bottom + GAP
    };
    let inline = inline.min(window.client_width() - wide - EDGE).max(EDGE);
    let style = popover.style();
    // Fails only for names that are no property's.
    let _ = style.set_property("--place-inline", &format!("{inline}px"));
    let _ = style.set_property("--place-block", &format!("{}px", block.max(EDGE)));
    let _ = popover.set_attribute("data-placed", "");
}
