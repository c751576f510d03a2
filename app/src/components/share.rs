//! The room as others find it: a picture for a phone's camera, its address and its code. The server draws
//! the picture, so it is there without a network.

use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement},
};

use super::input::Input;
use crate::Live;

#[cfg(feature = "ssr")]
pub(super) const ID: &str = "share";
/// Hands the link on to another program, where the browser has a way to.
const SHEET: &str = "share-sheet";
const LINK: &str = "data-link";

/// A button that would do nothing stays away.
pub(super) fn come_alive(live: Live) {
    let sheet = document().get_element_by_id(SHEET).filter(|_| (live.can_share)());
    if let Some(sheet) = sheet.as_ref().and_then(Element::dyn_ref::<HtmlElement>) {
        sheet.set_hidden(false);
    }
}

pub(super) fn hear(input: &Input) {
    if let Some(sheet) = input.on("click", &format!("#{SHEET}")) {
        (input.live.share)(&sheet.get_attribute(LINK).unwrap_or_default());
    }
}

#[cfg(feature = "ssr")]
#[component]
pub(super) fn Share(code: protocol::RoomCode, link: String) -> impl IntoView {
    use protocol::Page;

    use super::{icon::Icon, words};

    let words = words();
    let picture = format!("{}/qr.svg", Page::Room(code.clone()).path());
    view! {
        <div class="panel share" id=ID popover role="dialog" aria-labelledby="share-title" data-middle>
            <h2 class="panel__title" id="share-title" tabindex="-1" autofocus>{words.share_room}</h2>
            <img class="share__qr" src=picture alt=words.qr_of(&link) width="264" height="264" loading="lazy" />
            <p class="share__code">{code.to_string()}</p>
            <p class="share__link" dir="ltr">{link.clone()}</p>
            <button class="button" data-variant="primary" type="button" id=SHEET data-link=link hidden>
                <Icon name="share" />
                {words.share}
            </button>
        </div>
    }
}
