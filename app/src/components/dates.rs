//! Where a day is chosen: a plain form, which opens from a day's name and needs no script.

use leptos::{
    ev::SubmitEvent,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlElement, HtmlFormElement},
};
use protocol::{Day, Page, Place, RoomCode};

use super::{live, words};
use crate::Aim;

const ID: &str = "dates";

/// `date` is what it begins with.
#[component]
pub(super) fn Dates(code: RoomCode, date: String) -> impl IntoView {
    let (words, live) = (words(), live());
    let show = move |event: SubmitEvent| {
        let form = event.target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let data = form.and_then(|form| FormData::new_with_form(&form).ok());
        let day = data.and_then(|data| Day::parse(&data.get("on").as_string()?));
        if let Some(day) = day {
            event.prevent_default();
            (live.load)(Place::On(day), Aim::Found);
            close();
        }
    };
    view! {
        <div class="panel" id=ID popover role="dialog" aria-labelledby="dates-title">
            <h2 class="panel__title" id="dates-title">{words.jump_to_date}</h2>
            <form class="dates" action=Page::Room(code).path() on:submit=show>
                <label class="visually-hidden" for="on">{words.date}</label>
                <div class="field__box"><input class="field__input" id="on" type="date" name="on" required value=date /></div>
                <button class="button" data-variant="primary">{words.show}</button>
            </form>
        </div>
    }
}

fn close() {
    let panel = document().get_element_by_id(ID).and_then(|panel| panel.dyn_into().ok());
    if let Some(panel) = panel {
        // Fails only for one that is closed.
        let _ = HtmlElement::hide_popover(&panel);
    }
}
