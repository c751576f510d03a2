//! Telling a screen reader of what is new. The log does not speak for itself: it would read pages of
//! history aloud.

use app::ALOUD_ID;
use js_sys::Date;
use leptos::prelude::document;

use super::Client;

impl Client {
    /// After every frame. What came before nothing was missing for the first time is found in the log.
    pub(super) fn attend(&self) {
        if let Some((room, _)) = self.room.as_ref().filter(|_| self.line.borrow().is_complete()) {
            self.announcer.borrow_mut().begin(room.head());
        }
    }

    /// With time. What is missing may come in several frames and is one sentence, so it waits for all.
    pub(super) fn speak(&self) {
        let Some((room, _)) = self.room.as_ref().filter(|_| self.line.borrow().is_complete())
        else {
            return;
        };
        let since = |told| room.others_said_since(told);
        let sentence = self.announcer.borrow_mut().next(Date::now(), room.head(), since);
        if let (Some(sentence), Some(aloud)) = (sentence, document().get_element_by_id(ALOUD_ID)) {
            aloud.set_text_content(Some(&sentence));
        }
    }
}
