//! The rows of the log in the browser. What the server drew is taken over as it is; from then on each
//! change of the room's rows changes in the page only what differs. A row stays the element that it
//! was for as long as it is here, and so do a selection in it, the focus and its place on the screen.

use std::{
    collections::{HashSet, VecDeque},
    rc::Rc,
};

use leptos::{prelude::*, web_sys::Element};
use protocol::{RoomCode, Zone};

use super::message;
use crate::{ROWS_ID, RoomState, RowView, scroll::Scroll};

const NAMED: &str = "aria-labelledby";

struct Rows {
    list: Element,
    room: RoomState,
    code: RoomCode,
    /// In which their times are written.
    zone: Option<Zone>,
    drawn: Vec<Drawn>,
}

/// A message's element, with what parts it from the one before and what happened after it beside it.
struct Drawn {
    view: RowView,
    element: Element,
}

/// From now on, and the reader at their place in them. Each change of the rows is one, and when the reader
/// is to look elsewhere.
pub(super) fn keep_drawn(room: RoomState, place: Rc<Scroll>) {
    let Some(list) = document().get_element_by_id(ROWS_ID) else { return };
    let code = room.scene.with_untracked(|scene| scene.room.code.clone());
    let zone = room.look.with_untracked(|look| look.zone.clone());
    let mut rows = Rows { list, room, code, zone, drawn: Vec::new() };
    room.rows.with_untracked(|views| rows.take_over(views));
    Effect::new(move |_| {
        place.heed();
        rows.follow(room.look.with(|look| look.zone.clone()));
        room.rows.with(|views| rows.draw(views));
        // Before any event can tell of a place that only the new rows made.
        place.settle();
    });
}

impl Rows {
    fn take_over(&mut self, views: &[RowView]) {
        let first = self.list.first_element_child();
        if !self.claim(first, views.iter()) {
            // Something else has written there.
            self.list.set_inner_html("");
            self.drawn.clear();
            self.draw(views);
        }
    }

    /// The reader's zone may be another now.
    fn follow(&mut self, zone: Option<Zone>) {
        if self.zone != zone {
            self.zone = zone;
            for Drawn { view, element } in &self.drawn {
                element.set_inner_html(&message::inside(self.room, view, &self.code));
            }
        }
    }

    fn draw(&mut self, views: &[RowView]) {
        let shown: HashSet<_> = views.iter().map(|view| view.id).collect();
        let (left, gone): (Vec<_>, Vec<_>) = std::mem::take(&mut self.drawn)
            .into_iter()
            .partition(|row| shown.contains(&row.view.id));
        gone.iter().flat_map(Drawn::elements).for_each(|element| element.remove());
        let (mut left, mut new) = (VecDeque::from(left), Vec::new());
        for view in views {
            // Mostly the first: few rows ever change places.
            let Some(place) = left.iter().position(|row| row.view.id == view.id) else {
                new.push(view);
                continue;
            };
            let Some(mut row) = left.remove(place) else { continue };
            if place > 0 {
                row.move_before(left.front());
            }
            self.insert(&mut new, Some(&row));
            row.change(view, self.room, &self.code);
            self.drawn.push(row);
        }
        self.insert(&mut new, None);
    }

    /// All at once: they come by pages.
    fn insert(&mut self, new: &mut Vec<&RowView>, before: Option<&Drawn>) {
        if new.is_empty() {
            return;
        }
        let html: String =
            new.iter().map(|view| message::row(self.room, view, &self.code)).collect();
        let next = before.map(Drawn::first);
        let last = match &next {
            Some(next) => next.previous_element_sibling(),
            None => self.list.last_element_child(),
        };
        // Both fail only where there is no parent, and for what is no place.
        let _ = match next {
            Some(next) => next.insert_adjacent_html("beforebegin", &html),
            None => self.list.insert_adjacent_html("beforeend", &html),
        };
        let first = match last {
            Some(last) => last.next_element_sibling(),
            None => self.list.first_element_child(),
        };
        self.claim(first, new.drain(..));
    }

    /// The rows that are there from this element on. False if they are not.
    fn claim<'a>(
        &mut self,
        mut next: Option<Element>,
        mut views: impl Iterator<Item = &'a RowView>,
    ) -> bool {
        views.all(|view| {
            for _ in 0..message::parted(view) {
                next = next.take().and_then(|one| one.next_element_sibling());
            }
            let id = view.id.to_string();
            let is_it = |one: &Element| one.get_attribute(message::ID).is_some_and(|its| its == id);
            let Some(element) = next.take().filter(is_it) else { return false };
            let row = Drawn { view: view.clone(), element };
            next = row.last().next_element_sibling();
            self.drawn.push(row);
            true
        })
    }
}

impl Drawn {
    fn change(&mut self, view: &RowView, room: RoomState, code: &RoomCode) {
        let old = &self.view;
        if old == view {
            return;
        }
        let element = &self.element;
        // These fail only for what is no place or no name.
        let (words, before) = (room.words, message::before);
        if before(old, words) != before(view, words) {
            self.parting().iter().for_each(Element::remove);
            let _ = element.insert_adjacent_html("beforebegin", &before(view, words));
        }
        if old.line != view.line {
            self.line().iter().for_each(Element::remove);
            let _ = element.insert_adjacent_html("afterend", &message::after(view));
        }
        for ((name, old), (_, new)) in
            message::attributes(old).iter().zip(message::attributes(view))
        {
            let _ = match new {
                Some(new) if Some(&new) != old.as_ref() => element.set_attribute(name, &new),
                None if old.is_some() => element.remove_attribute(name),
                _ => Ok(()),
            };
        }
        // Whoever walked to it reads it by its id.
        if element.has_attribute(NAMED) {
            let _ = element.set_attribute(NAMED, &element.id());
        }
        let inside = message::inside(room, view, code);
        if inside != message::inside(room, old, code) {
            element.set_inner_html(&inside);
        }
        self.view = view.clone();
    }

    fn move_before(&self, next: Option<&Drawn>) {
        let Some(list) = self.element.parent_element() else { return };
        let next = next.map(Drawn::first);
        for element in self.elements() {
            // Fails only for one that is not in the list.
            let _ = list.insert_before(&element, next.as_deref());
        }
    }

    /// In the order of the page.
    fn elements(&self) -> Vec<Element> {
        let mut all = self.parting();
        all.push(self.element.clone());
        all.extend(self.line());
        all
    }

    fn parting(&self) -> Vec<Element> {
        let mut all = Vec::new();
        let mut next = self.element.clone();
        for _ in 0..message::parted(&self.view) {
            let Some(before) = next.previous_element_sibling() else { break };
            all.insert(0, before.clone());
            next = before;
        }
        all
    }

    fn line(&self) -> Option<Element> {
        self.view.line.as_ref().and_then(|_| self.element.next_element_sibling())
    }

    fn first(&self) -> Element {
        self.parting().into_iter().next().unwrap_or_else(|| self.element.clone())
    }

    fn last(&self) -> Element {
        self.line().unwrap_or_else(|| self.element.clone())
    }
}
