//! A page as the server draws it: the one that was loaded, and those of other rooms that are fetched to take
//! the place of its room.

use app::{DATA_ID, LIVE_ID, Words};
use leptos::prelude::document;
use protocol::{Look, RoomView};
use web_sys::{Document, DomParser, Element, RequestInit, SupportedType};

use crate::{document::category, fetch::fetch, json::decode};

/// Where a page names the program that it was drawn for.
const PROGRAM: &str = "link[rel=preload]";

/// What a page was drawn from in which something lives on.
pub(crate) struct Drawn {
    pub(crate) look: Look,
    pub(crate) words: &'static Words,
    /// In the lobby only the lists of rooms do.
    pub(crate) view: Option<RoomView>,
}

/// In the language of the page that was loaded.
pub(crate) struct OtherPage {
    pub(crate) title: String,
    /// The room's inside, not in any window yet.
    pub(crate) live: Element,
    pub(crate) look: Look,
    pub(crate) view: RoomView,
}

/// Of the page that was loaded. Only a room's and the lobby's have it.
pub(crate) fn drawn() -> Option<Drawn> {
    let (look, words, view) = data_of(&document())?;
    Some(Drawn { look, words: Words::received(words, category)?, view })
}

/// `None` without an answer, for what is no room's page, and where it was drawn for another program than
/// this one, by a newer server, or in another language, which was chosen meanwhile: a browser has to load it
/// by itself then.
pub(crate) async fn load(path: &str) -> Option<OtherPage> {
    let (answer, html) = fetch(path, &RequestInit::new()).await?;
    let page = DomParser::new().ok()?.parse_from_string(&html, SupportedType::TextHtml).ok()?;
    let here = document();
    if !answer.ok() || program_of(&page) != program_of(&here) || lang_of(&page) != lang_of(&here) {
        return None;
    }
    let (look, _, view) = data_of(&page)?;
    Some(OtherPage {
        title: page.title(),
        live: page.get_element_by_id(LIVE_ID)?,
        look,
        view: view?,
    })
}

fn data_of(page: &Document) -> Option<(Look, Vec<String>, Option<RoomView>)> {
    decode(&page.get_element_by_id(DATA_ID)?.text_content()?)
}

fn program_of(page: &Document) -> Option<String> {
    page.query_selector(PROGRAM).ok()??.get_attribute("href")
}

fn lang_of(page: &Document) -> Option<String> {
    page.document_element()?.get_attribute("lang")
}
