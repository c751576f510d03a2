//! The browser's notifications: whether this one has them, whether they are allowed and wanted, and one of
//! them at a time. Whether there is anything to tell is not decided here.

use std::cell::{Cell, RefCell};

use app::{BELL_ID, BELL_NOTE_ID};
use js_sys::Reflect;
use leptos::prelude::{document, window};
use protocol::RoomId;
use wasm_bindgen::{JsCast, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlInputElement, Notification, NotificationOptions, NotificationPermission};

use crate::{
    document::{all, element},
    storage,
};

/// In localStorage, with the room's number behind: whether the reader wants to be notified of it.
const KEPT: &str = "parley.bell.";
const ON: &str = "all";
const OFF: &str = "none";

/// Where it is kept.
pub(crate) fn key(room: RoomId) -> String {
    format!("{KEPT}{}", room.0)
}

/// Of one room, as long as it is shown.
pub(crate) struct Bell {
    /// `None` on the page where one chooses for all rooms.
    room: Option<RoomId>,
    /// What was chosen there.
    of_all: bool,
    /// What was chosen here, for where nothing can be kept.
    chosen: Cell<Option<bool>>,
    shown: RefCell<Option<Notification>>,
}

impl Bell {
    pub(crate) fn new(room: Option<RoomId>, of_all: bool) -> Self {
        Self { room, of_all, chosen: Cell::default(), shown: RefCell::default() }
    }

    /// Only what can be pressed with effect is there to be pressed.
    pub(crate) fn draw(&self) {
        let there = is_there();
        if let Some(body) = document().body() {
            all(&body, "[data-bell]").iter().for_each(|part| part.set_hidden(!there));
        }
        if let Some(switch) = switch().filter(|_| there) {
            switch.set_checked(self.rings());
        }
    }

    /// The reader pressed it, and only then the browser asks them.
    pub(crate) async fn choose(&self) {
        let (Some(switch), note) = (switch(), element(BELL_NOTE_ID)) else { return };
        let wanted = switch.checked();
        if wanted && !is_allowed() {
            let asked = Notification::request_permission().map(JsFuture::from);
            if let Ok(asked) = asked {
                // What was answered is asked for below.
                drop(asked.await);
            }
        }
        switch.set_checked(wanted && is_allowed());
        self.keep(switch.checked());
        if let Some(note) = note {
            let blocked = Notification::permission() == NotificationPermission::Denied;
            note.set_hidden(!wanted || !blocked);
        }
    }

    /// In the place of the one before.
    pub(crate) fn tell(&self, title: &str, text: &str) {
        if !self.rings() {
            return;
        }
        let options = NotificationOptions::new();
        options.set_tag(&self.key());
        options.set_body(text);
        // In its place, but not without a word. Fails only for what is no object.
        let _ = Reflect::set(&options, &"renotify".into(), &true.into());
        match Notification::new_with_options(title, &options) {
            Ok(shown) => {
                // Looking at the page closes it.
                let look = Closure::once_into_js(|| window().focus());
                shown.set_onclick(Some(look.unchecked_ref()));
                self.shown.replace(Some(shown));
            }
            Err(_) => self.draw(),
        }
    }

    pub(crate) fn close(&self) {
        if let Some(shown) = self.shown.take() {
            shown.close();
        }
    }

    fn rings(&self) -> bool {
        is_there() && is_allowed() && self.is_wanted()
    }

    fn is_wanted(&self) -> bool {
        let kept = || storage::local()?.get_item(&self.key()).ok().flatten();
        let chosen = self.chosen.get().or_else(|| Some(kept()? == ON));
        chosen.unwrap_or(self.of_all)
    }

    /// What is chosen for all rooms, a form sends.
    fn keep(&self, on: bool) {
        self.chosen.set(Some(on));
        if let (Some(_), Some(local)) = (self.room, storage::local()) {
            // Full, or forbidden: it holds as long as the page.
            let _ = local.set_item(&self.key(), if on { ON } else { OFF });
        }
    }

    fn key(&self) -> String {
        format!("{KEPT}{}", self.room.map_or(0, |room| room.0))
    }
}

thread_local! {
    static IS_THERE: bool = probe();
}

/// Whether the browser would show any, if it was allowed to.
fn is_there() -> bool {
    IS_THERE.with(|there| *there)
}

/// Browsers have them on HTTPS only. Chromium on Android has only those of a worker, and says so to whoever
/// makes one, which nobody sees as long as it is not allowed.
fn probe() -> bool {
    window().is_secure_context()
        && Reflect::has(&window(), &"Notification".into()).unwrap_or(false)
        && (is_allowed() || Notification::new("").is_ok())
}

/// Only where it is there.
fn is_allowed() -> bool {
    Notification::permission() == NotificationPermission::Granted
}

fn switch() -> Option<HtmlInputElement> {
    element(BELL_ID)?.dyn_into().ok()
}
