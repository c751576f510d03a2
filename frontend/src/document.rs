//! The document around the app: its theme, language and cookie, its clipboard, what is heard anywhere in it.

use crate::frames::soon;
use app::{Category, Clock, LocalTime, RoomState};
use js_sys::{Array, Date, Intl, Object, Reflect};
use leptos::prelude::*;
use protocol::{Look, RoomId, Theme, Zone};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, Event, HtmlDocument, HtmlElement, HtmlTextAreaElement};

/// The room that the page says is over.
pub(crate) fn ended() -> Option<RoomId> {
    let said = document().query_selector("[data-ended]").ok()??;
    said.get_attribute("data-ended")?.parse().ok().map(RoomId)
}

/// Which form of a sentence a count takes in the page's language.
pub(crate) fn category(count: u32) -> Category {
    thread_local! {
        static RULES: Intl::PluralRules = {
            let lang = document().document_element().and_then(|root| root.get_attribute("lang"));
            let langs = lang.iter().map(JsValue::from).collect::<Array>();
            Intl::PluralRules::new(&langs, &Object::new())
        };
    }
    let name = RULES.with(|rules| rules.select(count.into()).as_string());
    name.and_then(|name| Category::parse(&name)).unwrap_or(Category::Other)
}

/// A browser knows one zone besides UTC: its own. That is the one in the cookie, or soon will be.
pub(crate) const CLOCK: Clock = Clock { local, now: || Date::now() as i64, soon };

fn local(zone: Option<&Zone>, at: i64) -> LocalTime {
    let date = Date::new(&JsValue::from_f64(at as f64));
    let own = zone.is_some();
    let part =
        |local: u32, utc: u32| u8::try_from(if own { local } else { utc }).unwrap_or_default();
    LocalTime {
        year: if own { date.get_full_year() } else { date.get_utc_full_year() } as i32,
        month: part(date.get_month(), date.get_utc_month()) + 1,
        day: part(date.get_date(), date.get_utc_date()),
        hour: part(date.get_hours(), date.get_utc_hours()),
        minute: part(date.get_minutes(), date.get_utc_minutes()),
        hours: None,
    }
}

/// The first drawing equals the server's, and is then corrected.
pub(crate) fn follow(look: RwSignal<Look>, room: RoomState) {
    Effect::new(move |before: Option<()>| {
        if before.is_none() && look.with_untracked(|look| look.zone != zone()) {
            look.update(|look| look.zone = zone());
            // Its days begin at other moments.
            room.refresh();
        }
        let look = look.get();
        if let Some(root) = document().document_element() {
            // Fails only for a name that is no attribute's.
            let _ = match look.theme.map(Theme::as_str) {
                Some(theme) => root.set_attribute("data-theme", theme),
                None => root.remove_attribute("data-theme"),
            };
        }
        // Another tab may have chosen anew what this one does not.
        set_cookie(&Look { theme: look.theme, zone: look.zone, ..kept() });
    });
}

/// For a page that shows no times: the next one may.
pub(crate) fn remember_zone() {
    let look = kept();
    if look.zone != zone() {
        set_cookie(&Look { zone: zone(), ..look });
    }
}

/// What the cookie says by now.
pub(crate) fn kept() -> Look {
    let cookies =
        document().dyn_into::<HtmlDocument>().ok().and_then(|document| document.cookie().ok());
    let cookies = cookies.unwrap_or_default();
    let value =
        cookies.split("; ").find_map(|cookie| cookie.strip_prefix(Look::COOKIE)?.strip_prefix('='));
    Look::parse(value.unwrap_or_default())
}

fn set_cookie(look: &Look) {
    if let Ok(document) = document().dyn_into::<HtmlDocument>() {
        // Without cookies the page works, only less well from its first byte.
        let _ = document.set_cookie(&look.cookie());
    }
}

/// A keyboard on the screen covers the page where a browser does not make it smaller by itself: the
/// page then takes what is left.
pub(crate) fn fit() {
    let Some(viewport) = window().visual_viewport() else { return };
    let seen = viewport.clone();
    let fit = Closure::<dyn Fn()>::new(move || {
        let root =
            document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok());
        let Some(root) = root else { return };
        // Enlarged by the reader, the page keeps its size.
        let covered = seen.scale() < 1.01 && seen.height() as i32 + 1 < root.client_height();
        let _ = if covered {
            root.style().set_property("--viewport-block", &format!("{}px", seen.height() as i32))
        } else {
            root.style().remove_property("--viewport-block").map(|_| ())
        };
    });
    let _ = viewport.add_event_listener_with_callback("resize", fit.as_ref().unchecked_ref());
    fit.forget();
}

fn zone() -> Option<Zone> {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    let options = format.resolved_options();
    Zone::parse(&Reflect::get(&options, &"timeZone".into()).ok()?.as_string()?)
}

/// To whatever happens in the page, before anybody in it does, and for as long as it lives.
pub(crate) fn listen(kind: &str, hear: fn(&Event, &Element)) {
    let hear = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if let Some(Ok(target)) = event.target().map(JsCast::dyn_into) {
            hear(&event, &target);
        }
    });
    // What does not bubble is heard on its way down. Fails only for what is no listener.
    let _ = document().add_event_listener_with_callback_and_bool(
        kind,
        hear.as_ref().unchecked_ref(),
        true,
    );
    hear.forget();
}

pub(crate) fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

pub(crate) fn all(root: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = root.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|at| list.get(at)?.dyn_into().ok()).collect()
}

/// Whether lines begin at the right.
pub(crate) fn is_mirrored() -> bool {
    document()
        .document_element()
        .is_some_and(|root| root.get_attribute("dir").as_deref() == Some("rtl"))
}

pub(crate) fn text_box() -> Option<HtmlTextAreaElement> {
    document().get_element_by_id("message")?.dyn_into().ok()
}

pub(crate) fn focus_box() {
    if let Some(text_box) = text_box() {
        let _ = text_box.focus();
    }
}

/// Characters as people see them, or as Unicode numbers them where the browser knows no better.
pub(crate) fn count(text: &str) -> usize {
    let segments = Reflect::get(&js_sys::global(), &"Intl".into())
        .is_ok_and(|intl| Reflect::has(&intl, &"Segmenter".into()).unwrap_or(false));
    if segments {
        Array::from(&Intl::Segmenter::default().segment(text)).length() as usize
    } else {
        text.chars().count()
    }
}

/// The old way, since the clipboard's own interface exists on HTTPS only: here it works everywhere.
pub(crate) fn copy(text: &str) -> bool {
    let Some(body) = document().body() else { return false };
    let Ok(Ok(area)) =
        document().create_element("textarea").map(JsCast::dyn_into::<HtmlTextAreaElement>)
    else {
        return false;
    };
    let focused = document().active_element();
    area.set_value(text);
    area.set_class_name("visually-hidden");
    let _ = area.set_attribute("readonly", "");
    let taken = body.append_child(&area).is_ok() && {
        area.select();
        document()
            .dyn_into::<HtmlDocument>()
            .is_ok_and(|document| document.exec_command("copy").unwrap_or(false))
    };
    area.remove();
    if let Some(Ok(focused)) = focused.map(JsCast::dyn_into::<HtmlElement>) {
        let _ = focused.focus();
    }
    taken
}
