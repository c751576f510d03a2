//! Telling the reader of what they miss: by marks on the page, by the browser and by a knock.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use app::BELL_ID;
use js_sys::Date;
use leptos::{
    ev,
    prelude::{WithUntracked, document as page, set_timeout, window_event_listener},
    web_sys::VisibilityState,
};
use wasm_bindgen_futures::spawn_local;

use super::{Client, with};
use crate::{
    announce::short,
    document, mark,
    missed::{Missed, News},
    sound,
};

#[derive(Default)]
pub(super) struct Missing {
    missed: RefCell<Missed>,
    looks: Cell<bool>,
    /// As many as the page is marked with.
    count: Cell<u32>,
    /// It will be asked again.
    waits: Cell<bool>,
}

pub(super) fn listen() {
    window_event_listener(ev::focus, |_| glance());
    window_event_listener(ev::blur, |_| glance());
    document::listen("change", |_, target| {
        if target.id() == BELL_ID {
            with(|client| {
                let bell = client.bell.borrow().clone();
                spawn_local(async move { bell.choose().await });
            });
        }
    });
    glance();
}

fn glance() {
    with(|client| client.glance());
}

impl Client {
    /// Of the room that was shown nobody is told any more, and of the next one nothing is missed yet.
    pub(super) fn miss_nothing(&self) {
        let Missing { missed, looks, count, .. } = &self.missing;
        missed.take();
        looks.set(false);
        let before = count.take();
        if before > 0 {
            mark::show(before, 0);
        }
        self.bell.borrow().close();
    }

    /// The reader looks at the page, or no longer.
    pub(super) fn glance(&self) {
        let Some(room) = self.room.get() else { return };
        let is_shown = page().visibility_state() == VisibilityState::Visible;
        let looks = is_shown && page().has_focus().unwrap_or(true);
        if self.missing.looks.replace(looks) != looks {
            if !looks {
                // Until now they did.
                self.say_read(true);
            }
            room.set_looking(looks);
        }
        self.miss();
    }

    /// With time, and after every frame: a browser holds back the timers of what is not looked at.
    pub(super) fn miss(&self) {
        let Some(room) = self.room.get() else { return };
        let Missing { missed, looks, count, waits } = &self.missing;
        let (now, places) = (Date::now(), (room.head(), room.seen()));
        let since = |seq| room.others_said_since(seq);
        let News { count: new, tell, next } =
            missed.borrow_mut().step(now, looks.get(), places, since);
        let before = count.replace(new);
        if before != new {
            mark::show(before, new);
        }
        if new == 0 {
            self.bell.borrow().close();
        }
        if let Some((count, said)) = tell {
            let text = said.map_or_else(
                || room.words.news(count),
                |(author, text)| room.words.says(&author, &short(&text)),
            );
            self.bell.borrow().tell(&room.scene.with_untracked(app::Scene::name), &text);
            sound::knock();
        }
        if let Some(next) = next
            && !waits.replace(true)
        {
            let again = || {
                with(|client| {
                    client.missing.waits.set(false);
                    client.miss();
                });
            };
            set_timeout(again, Duration::from_millis((next - now).max(0.0) as u64));
        }
    }

    /// Another device has read further than this page.
    pub(super) fn read_elsewhere(&self) {
        self.missing.missed.borrow_mut().read_elsewhere(Date::now());
    }
}
