//! What was typed and not sent, kept for each room in localStorage: it outlives the tab, whatever
//! ends that. It follows the box by a moment, so that a keystroke does not wait for a disk.

use std::{rc::Rc, time::Duration};

use leptos::prelude::set_timeout;
use protocol::RoomId;

use super::Client;
use crate::{
    bell,
    document::text_box,
    storage::{Storage, forget_keys, local},
};

const DRAFT: &str = "parley.draft.";
const DELAY: Duration = Duration::from_millis(300);

impl Client {
    pub(super) fn draft(&self) -> String {
        let kept = || local()?.get_item(&self.draft_key()?).ok().flatten();
        kept().unwrap_or_default()
    }

    /// To be called after each change of the box.
    pub(super) fn typed(self: &Rc<Self>) {
        if !self.draft_is_due.replace(true) {
            let client = self.clone();
            set_timeout(move || client.keep_draft(), DELAY);
        }
    }

    pub(super) fn keep_draft(&self) {
        if !self.draft_is_due.replace(false) {
            return;
        }
        let (Some(text_box), Some(key), Some(local)) = (text_box(), self.draft_key(), local())
        else {
            return;
        };
        let text = text_box.value();
        // Full: then the text lives as long as the tab.
        let _ = if text.is_empty() { local.remove_item(&key) } else { local.set_item(&key, &text) };
    }

    /// Of a room that is over nothing stays, also of what was not sent in it.
    pub(super) fn forget(&self, room: RoomId) {
        if let Some(text_box) = self.shows(room).and_then(|_| text_box()) {
            text_box.set_value("");
            self.draft_is_due.set(false);
        }
        forget(room);
        let unsent: Vec<_> = self.outbox.borrow().entries(room).map(|one| one.id).collect();
        for id in unsent {
            self.outbox.borrow_mut().discard(id);
            self.stored(|storage| storage.delete(id));
        }
    }

    /// Of no room anything stays: what was typed here is nobody else's, and whoever comes next would say it in
    /// their own name.
    pub(super) fn forget_all(&self) {
        if let Some(text_box) = text_box() {
            text_box.set_value("");
        }
        self.draft_is_due.set(false);
        forget_keys(|key| key.starts_with(DRAFT));
        self.stored(Storage::forget_all);
    }

    fn draft_key(&self) -> Option<String> {
        Some(key(self.room.get()?.id()))
    }
}

/// What is kept of a room beside the outbox.
pub(crate) fn forget(room: RoomId) {
    if let Some(local) = local() {
        // Neither fails but where nothing was kept.
        let _ = local.remove_item(&key(room));
        let _ = local.remove_item(&bell::key(room));
    }
}

fn key(room: RoomId) -> String {
    format!("{DRAFT}{}", room.0)
}
