//! The list of what a half-typed `:word` could become. The box keeps the focus and points into the
//! list, as the pattern for a combobox asks (<https://www.w3.org/WAI/ARIA/apg/patterns/combobox/>);
//! a text area may not have that role, but what it points with.

use app::SUGGEST_ID;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, InputEvent, KeyboardEvent};

use super::{
    completion::{before, finished, propose, typed},
    element, insert, known, loaded, message_box, remember,
};

/// Of the box.
pub(super) fn hear(kind: &str, event: &Event) {
    match kind {
        "input" => {
            // What an input method is about to make of it, nobody knows.
            if event.dyn_ref::<InputEvent>().is_some_and(InputEvent::is_composing) {
                close();
            } else {
                update();
            }
        }
        "keydown" => {
            if let (Some(list), Some(event)) = (list(), event.dyn_ref()) {
                key(event, &list);
            }
        }
        "mousedown" | "focusout" => close(),
        _ => {}
    }
}

/// Of the list: the box keeps the focus.
pub(super) fn point(kind: &str, event: &Event, target: &Element) {
    match kind {
        "mousedown" => event.prevent_default(),
        "click" => {
            if let Ok(Some(option)) = target.closest("[role=option]") {
                take(&option);
            }
        }
        _ => {}
    }
}

/// Proposes what fits what stands before the caret now.
pub(super) fn update() {
    let text = before_caret().unwrap_or_default();
    let (finished, typed) = (finished(&text), typed(&text));
    if finished.is_none() && typed.is_none() {
        close();
    } else if loaded() {
        let exact = finished.and_then(|code| {
            let code = format!(":{code}:");
            let whole = |codes: &str| codes.split(' ').any(|one| one == code);
            let at = known(|all| all.iter().position(|one| whole(&one.codes)))??;
            Some((at, code.len()))
        });
        match (exact, typed) {
            (Some((at, length)), _) => replace(at, length),
            (None, Some(typed)) => show(&typed),
            (None, None) => close(),
        }
    }
}

/// Nothing while something is selected.
fn before_caret() -> Option<String> {
    let input = message_box()?;
    let (start, end) = (input.selection_start().ok()??, input.selection_end().ok()??);
    (start == end).then(|| before(&input.value(), start as usize).to_owned())
}

/// What is written into the page is `emoji.txt`'s and letters of a code.
fn show(typed: &str) {
    let options = known(|all| {
        let found = propose(all.iter().map(|one| &*one.codes), typed).into_iter().enumerate();
        let option = |(n, (at, code)): (usize, (usize, &str))| {
            let glyph = all[at].button.text_content().unwrap_or_default();
            let (before, after) = code.split_once(typed).unwrap_or((code, ""));
            format!(
                "<li class=suggest__one role=option id={SUGGEST_ID}-{n} data-at={at} aria-selected=false>\
                 <span class=suggest__glyph aria-hidden=true>{glyph}</span>\
                 <span dir=ltr>:{before}<b>{typed}</b>{after}:</span></li>"
            )
        };
        found.map(option).collect::<String>()
    });
    let Some(list) = element(SUGGEST_ID) else { return };
    list.set_inner_html(&options.unwrap_or_default());
    match list.first_element_child() {
        Some(first) => {
            list.set_hidden(false);
            select(&list, &first);
        }
        None => close(),
    }
}

fn key(event: &KeyboardEvent, list: &HtmlElement) {
    // 229 is what browsers say of the key that ends a composition.
    if event.is_composing() || event.key_code() == 229 {
        return;
    }
    let Some(chosen) = list.query_selector("[aria-selected=true]").ok().flatten() else { return };
    let plain = !(event.shift_key() || event.ctrl_key() || event.meta_key() || event.alt_key());
    match event.key().as_str() {
        "ArrowDown" if plain => {
            let next = chosen.next_element_sibling().or_else(|| list.first_element_child());
            next.iter().for_each(|next| select(list, next));
        }
        "ArrowUp" if plain => {
            let next = chosen.previous_element_sibling().or_else(|| list.last_element_child());
            next.iter().for_each(|next| select(list, next));
        }
        "Enter" | "Tab" if plain => take(&chosen),
        "Escape" => close(),
        // The caret leaves the word, or the text goes.
        "Enter" | "Tab" | "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight" | "Home" | "End"
        | "PageUp" | "PageDown" => return close(),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

fn select(list: &HtmlElement, option: &Element) {
    if let Ok(Some(before)) = list.query_selector("[aria-selected=true]") {
        let _ = before.set_attribute("aria-selected", "false");
    }
    let _ = option.set_attribute("aria-selected", "true");
    if let Some(key) = list.get_attribute("data-key") {
        // Its style shows it there.
        let _ = option.set_attribute("data-key", &key);
    }
    if let Some(input) = message_box() {
        let _ = input.set_attribute("aria-controls", SUGGEST_ID);
        let _ = input.set_attribute("aria-activedescendant", &option.id());
    }
}

fn take(option: &Element) {
    let at = option.get_attribute("data-at").and_then(|at| at.parse().ok());
    let typed = before_caret().and_then(|text| typed(&text));
    if let (Some(at), Some(typed)) = (at, typed) {
        replace(at, ":".len() + typed.len());
    }
}

/// Puts an emoji in place of so many letters before the caret. A code has one unit a letter.
fn replace(at: usize, length: usize) {
    close();
    let chosen = known(|all| {
        let one = all.get(at)?;
        Some((one.button.text_content()?, one.codes.clone()))
    });
    let caret = message_box().and_then(|input| Some((input.selection_end().ok()??, input)));
    if let (Some(Some((glyph, codes))), Some((end, input))) = (chosen, caret) {
        let start = end.saturating_sub(u32::try_from(length).unwrap_or(u32::MAX));
        // Fails only for an element without a caret.
        let _ = input.set_selection_range(start, end);
        insert(&glyph);
        remember(&codes);
    }
}

/// The list, while it is open.
fn list() -> Option<HtmlElement> {
    element(SUGGEST_ID).filter(|list| !list.hidden())
}

fn close() {
    if let Some(list) = list() {
        list.set_hidden(true);
        list.set_inner_html("");
        if let Some(input) = message_box() {
            let _ = input.remove_attribute("aria-controls");
            let _ = input.remove_attribute("aria-activedescendant");
        }
    }
}
