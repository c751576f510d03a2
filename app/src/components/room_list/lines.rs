//! The lines of a list of rooms. What differs is changed in place: a line stays the element that it was, so
//! that nobody loses it from under their pointer or focus.

use leptos::{
    prelude::document,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement},
};
use protocol::{Page, RoomCode};

const CODE: &str = "data-code";

/// A link to a room.
pub(super) struct Line<'a> {
    pub(super) code: &'a RoomCode,
    /// It is the one that is open.
    pub(super) is_current: bool,
    /// Something in it is unread.
    pub(super) is_new: bool,
    pub(super) inside: String,
}

impl Line<'_> {
    pub(super) fn html(&self) -> String {
        let Self { code, inside, .. } = self;
        let attributes = self.attributes().into_iter();
        let attributes: String = attributes
            .filter_map(|(name, value)| Some(format!(r#" {name}="{}""#, value?)))
            .collect();
        let path = Page::Room((*code).clone()).path();
        format!(
            r#"<li class="room-list__item" {CODE}="{code}"><a class="room-list__link" href="{path}"{attributes}>{inside}</a></li>"#
        )
    }

    fn attributes(&self) -> [(&'static str, Option<&'static str>); 2] {
        [
            ("aria-current", self.is_current.then_some("page")),
            ("data-unread", self.is_new.then_some("")),
        ]
    }

    fn change(&self, link: &Element) {
        for (name, value) in self.attributes() {
            // Both fail only for what is no name of an attribute.
            let _ = match value {
                Some(value) => link.set_attribute(name, value),
                None => link.remove_attribute(name),
            };
        }
        if link.inner_html() != self.inside {
            link.set_inner_html(&self.inside);
        }
    }
}

pub(super) fn list(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

/// Those that are new to the page come to this place in the list, `afterbegin` or `beforeend`.
pub(super) fn draw(list: &Element, mut lines: Vec<Line<'_>>, place: &str) {
    let items = list.children();
    for item in (0..items.length()).rev().filter_map(|at| items.item(at)) {
        let code = item.get_attribute(CODE);
        match lines.iter().position(|line| Some(line.code.as_str()) == code.as_deref()) {
            Some(at) => {
                let line = lines.remove(at);
                if let Some(link) = item.first_element_child() {
                    line.change(&link);
                }
            }
            None => remove(&item),
        }
    }
    let new: String = lines.iter().map(Line::html).collect();
    // Fails only for what is no place.
    let _ = list.insert_adjacent_html(place, &new);
}

/// Who is about to follow it finds the one beside it under their focus.
fn remove(item: &Element) {
    let link = item.first_element_child();
    if link.is_some() && link == document().active_element() {
        let beside = item.next_element_sibling().or_else(|| item.previous_element_sibling());
        let beside = beside.and_then(|beside| beside.first_element_child());
        if let Some(link) = beside.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
            // Fails only for what is no element of a page.
            let _ = link.focus();
        }
    }
    item.remove();
}
