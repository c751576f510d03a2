//! Where a day is chosen: a plain form, which opens from a day's name and needs no script.

use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlElement, HtmlFormElement},
};
use protocol::{Day, Place};

use super::input::Input;
use crate::Aim;

const ID: &str = "dates";

pub(super) fn hear(input: &Input) {
    let form =
        input.on("submit", ".dates").and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let data = form.and_then(|form| FormData::new_with_form(&form).ok());
    let day = data.and_then(|data| Day::parse(&data.get("on").as_string()?));
    if let Some(day) = day {
        input.event.prevent_default();
        (input.live.load)(Place::On(day), Aim::Found);
        close();
    }
}

fn close() {
    let panel = document().get_element_by_id(ID).and_then(|panel| panel.dyn_into().ok());
    if let Some(panel) = panel {
        // Fails only for one that is closed.
        let _ = HtmlElement::hide_popover(&panel);
    }
}

/// It begins with the reader's today.
#[cfg(feature = "ssr")]
#[component]
pub(super) fn Dates(room: crate::RoomState) -> impl IntoView {
    let words = super::words();
    let action =
        room.scene.with_untracked(|scene| protocol::Page::Room(scene.room.code.clone()).path());
    view! {
        <div class="panel" id=ID popover role="dialog" aria-labelledby="dates-title">
            <h2 class="panel__title" id="dates-title">{words.jump_to_date}</h2>
            <form class="dates" action=action>
                <label class="visually-hidden" for="on">{words.date}</label>
                <div class="field__box">
                    <input class="field__input" id="on" type="date" name="on" required value=room.today().date() />
                </div>
                <button class="button" data-variant="primary">{words.show}</button>
            </form>
        </div>
    }
}
