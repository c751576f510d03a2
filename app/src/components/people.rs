//! Who is here: a column beside the talk, or a sheet over it.

#[cfg(feature = "ssr")]
mod drawn;

#[cfg(feature = "ssr")]
pub(super) use drawn::{People, PeopleButton};
use leptos::{
    prelude::{document, location},
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement},
};
use protocol::{Mark, Page, Present, Role};

use super::{
    avatar::avatar,
    html::{Text, text},
    input::Input,
    room_header::kept,
    slot::Slot,
    timeline::hidden_unless,
};
use crate::Scene;

pub(super) const SLOTS: [Slot; 4] = [
    Slot::Html(LIST, list),
    Slot::Html(KEPT, kept),
    Slot::Attribute(MORE, "hidden", |scene| hidden_unless(more(scene) > 0)),
    Slot::Html(MORE_COUNT, more_count),
];

const PANEL: &str = "people";
const BUTTON: &str = "people-button";
const LIST: &str = "people-list";
const KEPT: &str = "people-kept";
/// Beside the list, which is drawn anew when it grows: whoever pressed it keeps the focus.
const MORE: &str = "people-more";
const MORE_COUNT: &str = "people-more-count";

fn list(scene: &Scene) -> String {
    let here = &scene.here;
    let group = |id, label: String, away| {
        let people = here.people.iter().filter(|one| one.away == away);
        let people: String = people.map(|one| person(one, scene)).collect();
        format!(
            r#"<h3 class="people__label" id="{id}">{}</h3><ul role="list" aria-labelledby="{id}">{people}</ul>"#,
            Text(&label)
        )
    };
    let mut html = group("here", scene.words.here_now(here.total - here.away), false);
    if here.away > 0 {
        html += &group("away", scene.words.away_now(here.away), true);
    }
    html
}

/// How many are here that the list has not.
fn more(scene: &Scene) -> u32 {
    let shown = u32::try_from(scene.here.people.len()).unwrap_or(u32::MAX);
    scene.here.total.saturating_sub(shown)
}

fn more_count(scene: &Scene) -> String {
    text(&scene.words.and_more(more(scene)))
}

fn person(one: &Present, scene: &Scene) -> String {
    let words = scene.words;
    let Present { member, away } = one;
    let (name, its) = (member.name.as_str(), Mark::of(scene.room.id, member.id));
    let (away, presence) = if *away { ("data-away", "away") } else { ("", "online") };
    let avatar = avatar(name, "", &format!(r#"data-size="sm" data-presence="{presence}""#));
    let badge = |shown, word, tone| {
        if shown {
            format!(r#"<span class="badge"{tone}>{}</span>"#, Text(word))
        } else {
            String::new()
        }
    };
    let host = badge(member.role == Role::Host, words.host, r#" data-tone="accent""#);
    let you = badge(scene.me() == Some(member.id), words.you, "");
    let name = format!("<bdi>{}</bdi>", Text(name));
    // A host may do something about each of them.
    let name = if scene.is_host() {
        let href = Page::person(&scene.room.code, member.id);
        format!(r#"<a class="people__name" href="{href}">{name}</a>"#)
    } else {
        format!(r#"<span class="people__name">{name}</span>"#)
    };
    format!(
        r#"<li class="people__one" data-hue="{}" {away}>{avatar}<span class="people__who mark" data-mark="{its}">{name}</span>{host}{you}</li>"#,
        its.hue
    )
}

pub(super) fn hear(input: &Input) {
    let button = format!("#{BUTTON}");
    if input.on("click", &format!("#{MORE} button")).is_some() {
        (input.live.more_people)();
    } else if input.on("click", &button).is_some() || input.key(" ", &button) {
        input.event.prevent_default();
        open(None);
    } else if input.on("click", ".side__head [href], .side__scrim").is_some() {
        input.event.prevent_default();
        close();
    } else if input.key("Escape", ".side") {
        close();
    }
}

/// What was opened or closed by hand stays so when another room is shown in its place.
pub fn keep(before: &Element, now: &Element) {
    for (id, name) in [(PANEL, "data-open"), (BUTTON, "aria-expanded")] {
        let of = |room: &Element| room.query_selector(&format!("#{id}")).ok().flatten();
        if let (Some(before), Some(now)) = (of(before), of(now)) {
            // Fails only for what is no name of an attribute.
            let _ = match before.get_attribute(name) {
                Some(value) => now.set_attribute(name, &value),
                None => now.remove_attribute(name),
            };
        }
    }
}

/// Opens it, closes it, or the other of both. Whether it is seen is asked of the page itself, so that
/// style and script agree.
fn open(open: Option<bool>) {
    let Some(panel) = document().get_element_by_id(PANEL) else { return };
    let open = open.unwrap_or(panel.client_height() == 0);
    // Both fail only for what is no name of an attribute.
    let _ = panel.toggle_attribute_with_force("data-open", open);
    if open {
        let _ = panel.set_attribute("data-open", "true");
    }
    if let Some(button) = document().get_element_by_id(BUTTON) {
        let _ = button.set_attribute("aria-expanded", if open { "true" } else { "false" });
    }
}

fn close() {
    open(Some(false));
    // Without a script the address opened it; the address must let go of it too.
    if location().hash().as_deref() == Ok("#people") {
        // Fails only for an address that is none.
        let _ = location().set_hash("message");
    }
    let button = document().get_element_by_id(BUTTON).map(JsCast::dyn_into::<HtmlElement>);
    if let Some(Ok(button)) = button {
        // Fails only for an element that cannot have the focus.
        let _ = button.focus();
    }
}
