//! Parts of the log that are not here: one is asked for at a time.

use std::rc::Rc;

use app::{Aim, RoomState};
use js_sys::Date;
use protocol::{Page, Place, RoomCode, RoomPage};
use sync::Input;
use wasm_bindgen_futures::spawn_local;

use super::{Asked, Client};
use crate::fetch::get;

/// Milliseconds after a failure in which scrolling asks for nothing.
const PAUSE: f64 = 2_000.0;

#[derive(Default)]
pub(super) struct Loading {
    busy: bool,
    /// What was asked for meanwhile to look at it. What continues what is here is asked for again, by
    /// scrolling or by another press.
    next: Option<(Place, Aim)>,
    not_before: f64,
}

impl Client {
    pub(super) fn load(self: &Rc<Self>, place: Place, aim: Aim) {
        let Some(room) = self.room.get() else { return };
        {
            let mut loading = self.loading.borrow_mut();
            if loading.busy && aim != Aim::Keep {
                loading.next = Some((place, aim));
                return;
            }
            if loading.busy || (aim == Aim::Keep && Date::now() < loading.not_before) {
                return;
            }
            loading.busy = true;
        }
        let client = self.clone();
        spawn_local(async move {
            room.expect_page();
            let page = fetch(&room.code(), &place).await;
            if room.is_over() {
                return;
            }
            let next = {
                let mut loading = client.loading.borrow_mut();
                loading.busy = false;
                loading.next.take()
            };
            if !page.is_some_and(|page| room.take_page(page, aim)) {
                client.loading.borrow_mut().not_before = Date::now() + PAUSE;
            }
            if let Some((place, aim)) = next {
                client.load(place, aim);
            }
        });
    }

    /// All that is here is void. Who reads further up keeps their place: the page around it is as
    /// new as the newest one.
    pub(super) fn reset(self: &Rc<Self>, room: RoomState, newest: RoomPage) {
        let Some(seq) = room.reading().filter(|_| !room.follows()) else {
            return self.start_from(room, newest);
        };
        let (client, code) = (self.clone(), newest.room.code.clone());
        spawn_local(async move {
            let around = fetch(&code, &Place::At(seq)).await;
            let page = around.map(|page| RoomPage { found: None, ..page });
            if room.is_over() {
                return;
            }
            client.start_from(room, page.unwrap_or(newest));
            // What came meanwhile was of no use.
            client.watch(room);
        });
    }

    fn start_from(&self, room: RoomState, page: RoomPage) {
        let ids: Vec<_> = page.messages.iter().map(|message| message.id).collect();
        room.reset(page);
        self.confirm(&ids);
        self.answered(|asked| matches!(asked, Asked::Watch(_)));
        self.feed(Input::Complete);
    }
}

async fn fetch(code: &RoomCode, place: &Place) -> Option<RoomPage> {
    get(&format!("{}/history{place}", Page::Room(code.clone()).path())).await
}
