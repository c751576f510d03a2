//! The room's name and facts, and what can be done with the room as a whole.

#[cfg(feature = "ssr")]
mod drawn;

#[cfg(feature = "ssr")]
pub(super) use drawn::RoomHeader;
use leptos::{
    prelude::document,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement},
};
use protocol::Page;

use super::{
    html::{Text, text},
    icon::icon,
    input::Input,
    slot::Slot,
};
use crate::{Scene, Words};

pub(super) const SLOTS: [Slot; 6] = [
    Slot::Html(NAME, name),
    Slot::Html(TOPIC, topic),
    Slot::Html(HERE, here),
    Slot::Html(KEPT, kept),
    Slot::Html(BACK, |scene| leave(scene, "leave")),
    Slot::Html(OUT, |scene| leave(scene, "out")),
];

const NAME: &str = "room-name";
const TOPIC: &str = "room-topic";
const HERE: &str = "here-count";
const KEPT: &str = "room-kept";
/// Two ways out, of which the window's width shows one.
const BACK: &str = "leave-back";
const OUT: &str = "leave-out";
/// Beside the button that copies the link: that it was, and, where it could not be, the link itself.
const COPIED: &str = "link-copied";
const BY_HAND: &str = "link-by-hand";

fn name(scene: &Scene) -> String {
    format!("<bdi>{}</bdi>", Text(&scene.name()))
}

/// What is talked about, if that was said. It is cut where there is no place for it.
fn topic(scene: &Scene) -> String {
    let topic = scene.room.rules.topic.as_ref().map(|topic| Text(topic.as_str()));
    topic.map(|topic| format!(r#"<bdi title="{topic}">{topic}</bdi>"#)).unwrap_or_default()
}

fn here(scene: &Scene) -> String {
    text(&scene.words.here(scene.here.total - scene.here.away))
}

/// How long the room is.
pub(super) fn kept(scene: &Scene) -> String {
    text(scene.words.kept(scene.room.lifetime))
}

/// A form, so that it works without a script. A visitor has nothing to leave but the page.
fn leave(scene: &Scene, picture: &str) -> String {
    let words = scene.words;
    let (method, action, label) = if scene.is_member() {
        let room = Page::Room(scene.room.code.clone()).path();
        ("post", format!("{room}/leave"), words.leave)
    } else {
        ("get", Page::Lobby.path(), words.lobby)
    };
    let (label, icon) = (Text(label), icon(picture, "data-mirror"));
    format!(
        r#"<form method="{method}" action="{action}"><button class="button" data-variant="quiet" data-icon aria-label="{label}" title="{label}">{icon}</button></form>"#
    )
}

/// What is to be copied stands with its button, which shows that it was until the focus goes on.
pub(super) fn hear(input: &Input) {
    if let Some(button) = input.on("click", "[data-copy]") {
        // Some browsers give it to nothing that is pressed, and then it could never leave.
        let _ = button.unchecked_ref::<HtmlElement>().focus();
        let copied = (input.live.copy)(&button.get_attribute("data-copy").unwrap_or_default());
        show_copied(&button, copied, input.room.words);
        let by_hand = document().get_element_by_id(BY_HAND).filter(|_| is_link(&button));
        if let Some(Ok(by_hand)) = by_hand.map(JsCast::dyn_into::<HtmlElement>) {
            by_hand.set_hidden(copied);
        }
    } else if let Some(button) = input.on("focusout", "[data-copied]") {
        show_copied(&button, false, input.room.words);
    }
}

fn show_copied(button: &Element, copied: bool, words: &Words) {
    // Fails only for what is no name of an attribute.
    let _ = button.toggle_attribute_with_force("data-copied", copied);
    if is_link(button) {
        let (shown, said) =
            if copied { (words.copied, words.copied) } else { (words.copy_link, "") };
        if let Ok(Some(word)) = button.query_selector(".button__word") {
            word.set_text_content(Some(shown));
        }
        if let Some(status) = document().get_element_by_id(COPIED) {
            status.set_text_content(Some(said));
        }
    }
}

/// Of the room: its code shows by its colour that it was copied.
fn is_link(button: &Element) -> bool {
    button.class_list().contains("button")
}
