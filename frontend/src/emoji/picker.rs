//! The emoji picker, once it is filled. The search comes first; each row of choices is one tab stop,
//! in which arrows move. The browser opens and closes the panel.

use app::EMOJI_ID;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent, MouseEvent, window};

use super::{
    RECENT, all, completion::Search, completion::beside, element, insert, known, loaded, remember,
};
use crate::{document, popover, storage};

const LIST: &str = ".emoji-picker__list";
/// Pixels that a kind may be below the top and still be the one that is read.
const NEAR: i32 = 12;
/// All but what is hidden, itself or with its kind.
const SHOWN: &str = "button:not([hidden], [hidden] *)";

pub(super) fn hear(kind: &str, event: &Event, target: &Element) {
    match kind {
        "beforetoggle" if loaded() => prepare(),
        "toggle" if is_open() => show(),
        "input" => filter(),
        "scroll" => show_kind(),
        "click" => {
            if let Ok(Some(button)) = target.closest("button") {
                click(&button, event.dyn_ref().is_some_and(MouseEvent::shift_key));
            }
        }
        "keydown" => {
            if let Some(event) =
                event.dyn_ref::<KeyboardEvent>().filter(|event| !event.is_composing())
                && key(event, target)
            {
                event.prevent_default();
            }
        }
        _ => {}
    }
}

/// The browser gives the focus to the search each time the panel opens; but the first time it was
/// filled only then. By touch nobody does: a keyboard would cover half of the panel.
pub(super) fn fill() {
    if let Some(search) = search().filter(|_| !is_touch()) {
        let _ = search.set_attribute("autofocus", "");
        if is_open() {
            let _ = search.focus();
        }
    }
    prepare();
    show();
}

/// Nothing searched, and what was used last on top. Done before it opens, and before the search has the
/// focus: what is typed right away stays.
fn prepare() {
    show_last_used();
    search().iter().for_each(|search| search.set_value(""));
}

fn show() {
    if let Some(panel) = panel().filter(|_| is_open()) {
        filter();
        popover::place(&panel);
    }
}

fn is_open() -> bool {
    panel().is_some_and(|panel| panel.matches(":popover-open").unwrap_or(false))
}

fn is_touch() -> bool {
    let touch = window().and_then(|window| window.match_media("(pointer: coarse)").ok().flatten());
    touch.is_some_and(|touch| touch.matches())
}

fn show_last_used() {
    let recent = storage::local().and_then(|local| local.get_item(RECENT).ok().flatten());
    let (Some(recent), Some(set)) = (recent, part("[data-kind=last] [role=group]")) else { return };
    set.set_inner_html("");
    known(|all| {
        for code in recent.split(' ') {
            let one = all.iter().find(|one| one.codes.split(' ').any(|its| its == code));
            let copy = one.and_then(|one| one.button.clone_node_with_deep(true).ok());
            copy.iter().for_each(|copy| {
                let _ = set.append_child(copy);
            });
        }
    });
}

fn filter() {
    let Some(search) = search() else { return };
    let search = Search::new(&search.value());
    let found = known(|all| {
        let mut found = false;
        for one in all {
            let shown = search.finds(&one.searchable);
            one.button.set_hidden(!shown);
            found |= shown;
        }
        found
    });
    if let Some(none) = part("[data-none]") {
        let text = none.get_attribute("data-none").filter(|_| found == Some(false));
        none.set_text_content(text.as_deref());
    }
    let used = part(&format!("{LIST} [data-kind=last] [data-codes]")).is_some();
    for last in panel().iter().flat_map(|panel| all(panel, "[data-kind=last]")) {
        last.set_hidden(!used || !search.is_empty());
    }
    for row in panel().iter().flat_map(|panel| all(panel, "[data-roving]")) {
        row.set_scroll_top(0);
        if let Ok(Some(first)) = row.query_selector(SHOWN) {
            rove(&row, first.unchecked_ref());
        }
    }
    show_kind();
}

/// Which kind is at the top.
fn show_kind() {
    let (Some(panel), Some(list)) = (panel(), part(LIST)) else { return };
    let top = list.offset_top() + list.scroll_top() + NEAR;
    let kinds = all(&list, "[data-kind]:not([hidden])");
    let current = kinds.iter().rfind(|kind| kind.offset_top() <= top).and_then(name);
    for button in all(&panel, "button[data-kind]") {
        let pressed = if name(&button) == current { "true" } else { "false" };
        let _ = button.set_attribute("aria-pressed", pressed);
    }
}

fn name(kind: &HtmlElement) -> Option<String> {
    kind.get_attribute("data-kind")
}

/// With Shift the panel stays open for the next one.
fn click(button: &Element, stay: bool) {
    if let Some(codes) = button.get_attribute("data-codes") {
        if let Some(panel) = panel().filter(|_| !stay) {
            // Fails only if it is closed.
            let _ = panel.hide_popover();
        }
        insert(&button.text_content().unwrap_or_default());
        remember(&codes);
        if let Some(button) = button.dyn_ref::<HtmlElement>().filter(|_| stay) {
            let _ = button.focus();
        }
    } else if let Some(kind) = button.get_attribute("data-kind") {
        if let Some(search) = search() {
            search.set_value("");
            filter();
        }
        if let (Some(list), Some(kind)) = (part(LIST), part(&format!("{LIST} [data-kind={kind}]")))
        {
            list.set_scroll_top(kind.offset_top() - list.offset_top());
        }
        if let (Ok(Some(row)), Some(button)) = (button.closest("[data-roving]"), button.dyn_ref()) {
            rove(&row, button);
        }
    }
}

/// Whether the key was meant for the picker.
fn key(event: &KeyboardEvent, target: &Element) -> bool {
    let key = event.key();
    match (key.as_str(), target.closest("[data-roving]")) {
        ("Escape", _) => {
            // The browser gives the focus back to what opened it.
            panel().iter().for_each(|panel| drop(panel.hide_popover()));
        }
        ("Enter", Ok(None)) => {
            if let Some(first) = part(&format!("{LIST} {SHOWN}")) {
                click(&first, event.shift_key());
            }
        }
        ("ArrowDown", Ok(None)) => {
            if let Some(stop) = part(&format!("{LIST} [tabindex='0']")) {
                let _ = stop.focus();
            }
        }
        ("ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "Home" | "End", Ok(Some(row))) => {
            step(&row, target, &key);
        }
        _ => return false,
    }
    true
}

fn step(row: &Element, from: &Element, key: &str) {
    let shown = all(row, SHOWN);
    let Some(at) = shown.iter().position(|one| **one == *from) else { return };
    let place = |at: usize| shown.get(at).map(|one| (one.offset_top(), one.offset_left()));
    let forward = if document::is_mirrored() { "ArrowLeft" } else { "ArrowRight" };
    let to = match key {
        "Home" => 0,
        "End" => shown.len() - 1,
        "ArrowUp" | "ArrowDown" => beside(place, at, key == "ArrowDown"),
        _ if key == forward => at + 1,
        _ => at.saturating_sub(1),
    };
    if let Some(to) = shown.get(to) {
        rove(row, to);
        let _ = to.focus();
    }
}

/// Makes it the one that Tab leads to.
fn rove(row: &Element, to: &HtmlElement) {
    for before in all(row, "[tabindex='0']") {
        before.set_tab_index(-1);
    }
    to.set_tab_index(0);
}

fn search() -> Option<HtmlInputElement> {
    part("input")?.dyn_into().ok()
}

fn part(selector: &str) -> Option<HtmlElement> {
    panel()?.query_selector(selector).ok()??.dyn_into().ok()
}

fn panel() -> Option<HtmlElement> {
    element(EMOJI_ID)
}
