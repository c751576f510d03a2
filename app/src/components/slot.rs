//! Places of a drawn room that follow its scene. The server fills each when it draws the page, and
//! the browser again, by the same function, whenever another value comes of it: nothing else of the
//! page has to be known there.

use leptos::prelude::*;

use super::{
    banner, composer, connection, jump, people, rename, room_header, room_menu, timeline, typing,
    visitor,
};
use crate::{RoomState, Scene};

/// By the element's id.
pub(super) enum Slot {
    /// What is in it.
    Html(&'static str, fn(&Scene) -> String),
    /// An attribute of it, if it has it.
    Attribute(&'static str, &'static str, fn(&Scene) -> Option<String>),
}

const ALL: [&[Slot]; 11] = [
    &rename::SLOTS,
    &room_header::SLOTS,
    &room_menu::SLOTS,
    &banner::SLOTS,
    &connection::SLOTS,
    &timeline::SLOTS,
    &jump::SLOTS,
    &visitor::SLOTS,
    &composer::SLOTS,
    &typing::SLOTS,
    &people::SLOTS,
];

impl Slot {
    fn value(&self, scene: &Scene) -> Option<String> {
        match self {
            Self::Html(_, html) => Some(html(scene)),
            Self::Attribute(_, _, value) => value(scene),
        }
    }

    fn fill(&self, value: Option<&str>) {
        let (Self::Html(id, _) | Self::Attribute(id, ..)) = self;
        // A member's page has no place for a visitor's name.
        let Some(element) = document().get_element_by_id(id) else { return };
        match (self, value) {
            (Self::Html(..), value) => element.set_inner_html(value.unwrap_or_default()),
            // Both fail only for what is no name of an attribute.
            (Self::Attribute(_, name, _), Some(value)) => {
                let _ = element.set_attribute(name, value);
            }
            (Self::Attribute(_, name, _), None) => {
                let _ = element.remove_attribute(name);
            }
        }
    }
}

/// From now on. What the server drew is what is there for the scene as it is now.
pub(crate) fn keep_filled(room: RoomState) {
    let drawn = room.scene.with_untracked(values);
    Effect::new(move |before: Option<Vec<Option<String>>>| {
        let before = before.unwrap_or_else(|| drawn.clone());
        let values = room.scene.with(values);
        for ((slot, new), old) in slots().zip(&values).zip(&before) {
            if new != old {
                slot.fill(new.as_deref());
            }
        }
        values
    });
}

fn slots() -> impl Iterator<Item = &'static Slot> {
    ALL.iter().copied().flatten()
}

fn values(scene: &Scene) -> Vec<Option<String>> {
    slots().map(|slot| slot.value(scene)).collect()
}

#[cfg(all(test, feature = "ssr"))]
pub(super) fn count() -> usize {
    slots().count()
}

/// Of each slot, whether it holds in a page what it should; `None` where the page has none.
#[cfg(all(test, feature = "ssr"))]
pub(super) fn filled(page: &str, scene: &Scene) -> Vec<Option<bool>> {
    let is_filled = |slot: &Slot| {
        let (Slot::Html(id, _) | Slot::Attribute(id, ..)) = slot;
        let at = page.find(&format!(" id=\"{id}\""))?;
        let start = page[..at].rfind('<')?;
        let end = at + page[at..].find('>')?;
        let tag = &page[start..end];
        Some(match (slot, slot.value(scene)) {
            (Slot::Html(..), value) => {
                let inside = &page[end + 1..];
                let value = value.unwrap_or_default();
                inside.strip_prefix(&value).is_some_and(|rest| rest.starts_with("</"))
            }
            (Slot::Attribute(_, name, _), Some(value)) if value.is_empty() => {
                tag.contains(&format!(" {name}"))
            }
            (Slot::Attribute(_, name, _), Some(value)) => {
                tag.contains(&format!(" {name}=\"{value}\""))
            }
            (Slot::Attribute(_, name, _), None) => !tag.contains(&format!(" {name}")),
        })
    };
    slots().map(is_filled).collect()
}

/// All that the slots would hold; what is set as an attribute is no HTML.
#[cfg(test)]
pub(super) fn all(scene: &Scene) -> impl Iterator<Item = String> {
    let html = slots().filter(|slot| matches!(slot, Slot::Html(..)));
    html.filter_map(|slot| slot.value(scene))
}
