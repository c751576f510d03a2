//! Emoji, as the picker and the completion share them: they come once, when they are first needed, as
//! the HTML that fills the picker, and are known by its buttons.

mod completion;
mod picker;
mod suggest;

use std::cell::OnceCell;

use app::{BOX_ID, EMOJI_ID, SUGGEST_ID};
use wasm_bindgen::{JsCast, prelude::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlDocument, HtmlElement, HtmlTextAreaElement, RequestInit};

use crate::{
    document::{self, all, element},
    fetch::fetch,
    storage,
};

/// In localStorage: codes of those used last, newest first.
const RECENT: &str = "parley.emoji";

/// Heard before anybody in the page hears it: a key that chooses something sends nothing.
const HEARD: [&str; 5] = ["keydown", "input", "click", "mousedown", "focusout"];
/// Of the panel alone.
const IN_PANEL: [&str; 3] = ["scroll", "beforetoggle", "toggle"];

struct Known {
    button: HtmlElement,
    codes: String,
    searchable: String,
}

thread_local! {
    static KNOWN: OnceCell<Vec<Known>> = const { OnceCell::new() };
}

/// Once a page.
pub(crate) fn listen() {
    for kind in HEARD {
        document::listen(kind, hear);
    }
    let Some(panel) = element(EMOJI_ID) else { return };
    let hear = Closure::<dyn Fn(Event)>::new(|event: Event| {
        if let Some(Ok(target)) = event.target().map(JsCast::dyn_into) {
            hear(&event, &target);
        }
    });
    for kind in IN_PANEL {
        // Fails only for what is no listener.
        let _ = panel.add_event_listener_with_callback_and_bool(
            kind,
            hear.as_ref().unchecked_ref(),
            true,
        );
    }
    // It lives as long as the page.
    hear.forget();
}

/// For each room that is shown.
pub(crate) fn come_alive() {
    if let Some(input) = message_box() {
        let _ = input.set_attribute("aria-autocomplete", "list");
    }
}

fn hear(event: &Event, target: &Element) {
    let is_in =
        |id| element(id).is_some_and(|element| element.contains(Some(target.unchecked_ref())));
    let kind = event.type_();
    if is_in(EMOJI_ID) {
        picker::hear(&kind, event, target);
    } else if target.id() == BOX_ID {
        suggest::hear(&kind, event);
    } else if is_in(SUGGEST_ID) {
        suggest::point(&kind, event, target);
    }
}

/// `None` until they are here.
fn known<T>(ask: impl FnOnce(&[Known]) -> T) -> Option<T> {
    KNOWN.with(|known| known.get().map(|known| ask(known)))
}

/// Whether they are here. If not, they are asked for, and whoever waits for them goes on by then.
fn loaded() -> bool {
    let panel = element(EMOJI_ID);
    let asking = panel.and_then(|panel| Some((panel.get_attribute("data-from")?, panel)));
    if let Some((from, panel)) = asking {
        // Whoever comes meanwhile does not ask again.
        let _ = panel.remove_attribute("data-from");
        spawn_local(async move {
            let answer = fetch(&from, &RequestInit::new()).await;
            if let Some((_, html)) = answer.filter(|(answer, _)| answer.ok()) {
                fill(&panel, &html);
            } else {
                let _ = panel.set_attribute("data-from", &from);
                if let Some(wait) = panel.first_element_child() {
                    wait.set_text_content(panel.get_attribute("data-failed").as_deref());
                }
            }
        });
    }
    known(|_| ()).is_some()
}

fn fill(panel: &HtmlElement, html: &str) {
    panel.set_inner_html(html);
    let buttons = all(panel, "[data-codes]").into_iter().map(|button| {
        let [name, codes, tags] = ["aria-label", "data-codes", "data-tags"]
            .map(|name| button.get_attribute(name).unwrap_or_default());
        Known { searchable: completion::searchable(&[&name, &codes, &tags]), button, codes }
    });
    let buttons = buttons.collect();
    // They come once.
    let _ = KNOWN.with(|known| known.set(buttons));
    picker::fill();
    if leptos::prelude::document().active_element().is_some_and(|active| active.id() == BOX_ID) {
        suggest::update();
    }
}

/// Puts it where the caret is, as if it were typed: it can be undone, and whoever listens hears of it.
fn insert(glyph: &str) {
    let Some(input) = message_box() else { return };
    // Fails only for an element that cannot have the focus.
    let _ = input.focus();
    let document = leptos::prelude::document().dyn_into::<HtmlDocument>();
    let typed = document.is_ok_and(|document| {
        let typed = document.exec_command_with_show_ui_and_value("insertText", false, glyph);
        typed.unwrap_or(false)
    });
    if !typed && input.set_range_text(glyph).is_ok() {
        let _ = Event::new("input").map(|event| input.dispatch_event(&event));
    }
}

fn remember(codes: &str) {
    let first = codes.split(' ').next().unwrap_or_default();
    if let Some(local) = storage::local() {
        let before = local.get_item(RECENT).ok().flatten().unwrap_or_default();
        // Full: then it is only not remembered.
        let _ = local.set_item(RECENT, &completion::recent(&before, first));
    }
}

fn message_box() -> Option<HtmlTextAreaElement> {
    element(BOX_ID)?.dyn_into().ok()
}
