//! Telling a screen reader of what is new. The log does not speak for itself: it would read pages of
//! history aloud.

use app::{ALOUD_ID, ANNOUNCED_ID, ANNOUNCEMENT_ID};
use js_sys::Date;
use leptos::prelude::document;

use super::Client;
use crate::announce::Aloud;

impl Client {
    /// After every frame. What came before nothing was missing for the first time is found in the log.
    pub(super) fn attend(&self) {
        if let Some(room) = self.room.get().filter(|_| self.line.borrow().is_complete()) {
            self.announcer.borrow_mut().begin(room.head());
        }
    }

    /// With time. What is missing may come in several frames and is one sentence, so it waits for all.
    pub(super) fn speak(&self) {
        let Some(room) = self.room.get().filter(|_| self.line.borrow().is_complete()) else {
            return;
        };
        let since = |told| room.others_said_since(told);
        let aloud = self.announcer.borrow_mut().next(Date::now(), room.head(), since);
        let sentence = aloud.map(|aloud| match aloud {
            Aloud::NotSent => room.words.not_sent.into(),
            Aloud::Says(author, text) => room.words.says(&author, &text),
            Aloud::News(count) => room.words.news(count),
        });
        if let (Some(sentence), Some(place)) = (sentence, document().get_element_by_id(ALOUD_ID)) {
            place.set_text_content(Some(&sentence));
        }
    }
}

/// Written once it shows: then it is read aloud as well.
pub(super) fn announced(text: &str) {
    let find = |id| document().get_element_by_id(id);
    if let (Some(dialog), Some(place)) = (find(ANNOUNCEMENT_ID), find(ANNOUNCED_ID)) {
        let _ = dialog.set_attribute("open", "");
        place.set_text_content(Some(text));
    }
}
