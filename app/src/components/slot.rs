//! Places of a drawn room that follow its scene. The server fills each when it draws the page, and
//! the browser again, by the same function, whenever another value comes of it: nothing else of the
//! page has to be known there.

use leptos::prelude::*;

use super::{banner, composer, connection, jump, people, room_header, timeline, typing, visitor};
use crate::{RoomState, Scene};

/// By the element's id.
pub(super) enum Slot {
    /// What is in it.
    Html(&'static str, fn(&Scene) -> String),
    /// An attribute of it, if it has it.
    Attribute(&'static str, &'static str, fn(&Scene) -> Option<String>),
}

/// One inside another comes after it.
const ALL: [&[Slot]; 9] = [
    &room_header::SLOTS,
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
        // What is inside another may be gone with it.
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

/// From now on. What the server drew is what the first scene would be.
pub(crate) fn keep_filled(room: RoomState) {
    Effect::new(move |before: Option<Vec<Option<String>>>| {
        let slots = || ALL.iter().copied().flatten();
        let values: Vec<_> =
            room.scene.with(|scene| slots().map(|slot| slot.value(scene)).collect());
        for ((slot, new), old) in slots().zip(&values).zip(before.iter().flatten()) {
            if new != old {
                slot.fill(new.as_deref());
            }
        }
        values
    });
}

/// All that the slots would hold.
#[cfg(test)]
pub(super) fn all(scene: &Scene) -> impl Iterator<Item = String> {
    ALL.iter().copied().flatten().filter_map(|slot| slot.value(scene))
}
