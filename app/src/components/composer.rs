//! The message box: a plain form, and with a script a faster one.

#[cfg(feature = "ssr")]
mod drawn;
mod hint;
mod keys;
mod limit;

#[cfg(feature = "ssr")]
pub(super) use drawn::Composer;
use hint::Hint;
use keys::Does;
use leptos::{
    ev::KeyboardEvent,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlFormElement, HtmlTextAreaElement, SubmitEvent},
};
use protocol::{Body, Refusal, WhoAmI};

use super::{html::Text, icon::icon, input::Input, problem, slot::Slot};
use crate::{BOX_ID, Live, RoomState, Scene};

pub(super) const SLOTS: [Slot; 2] = [Slot::Html(PROBLEM, not_taken), Slot::Html(CLOSED, closed)];

const PROBLEM: &str = "problem";
/// In the place of the box, which keeps what was typed.
const CLOSED: &str = "closed";

/// Why the last message was not taken. A visitor's refusals stand beside the name.
fn not_taken(scene: &Scene) -> String {
    problem(scene.refusal.as_ref().filter(|_| scene.is_member()), scene.words)
}

/// Who writes, or how seldom everyone but a host does.
fn writes_as(scene: &Scene) -> String {
    let (words, slow) = (scene.words, scene.room.rules.slow);
    match &scene.me {
        WhoAmI::Member(_) if slow > 0 && !scene.is_host() => words.slow_mode(&words.span(slow)),
        WhoAmI::Member(me) => words.writes_as(me.name.as_str()),
        WhoAmI::Visitor { .. } => String::new(),
    }
}

/// Why the reader cannot write now, if they cannot.
fn closed(scene: &Scene) -> String {
    let words = scene.words;
    let (picture, why, then) = match &scene.muted {
        Some((_, again)) => ("mute", again.as_str(), words.draft_kept),
        None if scene.is_closed() => ("announce", words.hosts_only, ""),
        None => return String::new(),
    };
    let (picture, why, then) = (icon(picture, ""), Text(why), Text(then));
    format!("{picture}<span>{why}<small>{then}</small></span>")
}

/// As the form says it.
fn state(scene: &Scene, waits: bool) -> &'static str {
    match (scene.is_closed(), waits) {
        (true, _) => "locked",
        (false, true) => "waiting",
        (false, false) => "ready",
    }
}

/// The box as a script sees it.
struct Composing {
    room: RoomState,
    live: Live,
    form: HtmlFormElement,
    input: HtmlTextAreaElement,
}

/// What was typed before, or stands there because the server refused it, is newer than what was kept.
/// Nothing ever writes over it.
pub(crate) fn come_alive(room: RoomState, live: Live) {
    let Some(composing) = Composing::find(room, live) else { return };
    if composing.input.value().is_empty() {
        composing.input.set_value(&(live.draft)());
    }
    (live.typed)();
    Effect::new(move |_| {
        room.scene.track();
        composing.show();
    });
}

pub(crate) fn listen() {
    keys::lead_to_box();
}

pub(super) fn hear(input: &Input) {
    let Some(composing) = Composing::find(input.room, input.live) else { return };
    let text_box = format!("#{BOX_ID}");
    if let Some(event) = input.on("submit", ".composer").and(input.event.dyn_ref()) {
        composing.submit(event);
    } else if let Some(event) = input.on("keydown", &text_box).and(input.event.dyn_ref()) {
        composing.key(event);
    } else if input.on("input", &text_box).is_some() {
        composing.typed();
    } else if input.on("mousedown", ".composer__send").is_some() {
        // The box keeps the focus, and a phone its keyboard.
        input.event.prevent_default();
    }
}

impl Composing {
    fn find(room: RoomState, live: Live) -> Option<Self> {
        let input = document().get_element_by_id(BOX_ID)?.dyn_into::<HtmlTextAreaElement>().ok()?;
        Some(Self { room, live, form: input.form()?, input })
    }

    /// What the form would have done with a new page, without one.
    fn submit(&self, event: &SubmitEvent) {
        event.prevent_default();
        let name = || {
            let data = FormData::new_with_form(&self.form).ok()?;
            data.get("name").as_string()
        };
        // Who is a member has said it.
        let name = if self.room.is_member() { None } else { name() };
        if is_join(event) {
            (self.live.join)(&name.unwrap_or_default());
        } else if self.form.has_attribute("data-over-limit") {
            self.room.refuse(Some(Refusal::BodyTooLong { max: Body::MAX }));
        } else if (self.live.post)(&self.input.value(), name.as_deref()) {
            self.input.set_value("");
            self.typed();
        }
        // The next word goes where this one came from.
        let _ = self.input.focus();
    }

    fn key(&self, event: &KeyboardEvent) {
        // Somebody else had a use for it, such as a completion.
        if event.default_prevented() {
            return;
        }
        let text = self.input.value();
        match keys::does(event, text.is_empty()) {
            Does::Send if text.trim().is_empty() => {}
            Does::Send => {
                // Fails only for a form that is not in the page.
                let _ = self.form.request_submit();
            }
            Does::Page(pages) => keys::scroll_log(pages),
            Does::Dismiss => return self.room.refuse(None),
            Does::Nothing => return,
        }
        event.prevent_default();
    }

    fn typed(&self) {
        // What was said about the last text is no word on this one.
        if self.room.is_member() {
            self.room.refuse(None);
        }
        (self.live.typed)();
        self.show();
    }

    fn show(&self) {
        let left = limit::left(&self.input.value(), self.live.count);
        self.room.scene.with_untracked(|scene| {
            let hint = Hint::of(left, scene.wait);
            let waits = matches!(hint, Some(Hint::Wait(_)));
            hint::show(&self.form, hint, state(scene, waits), writes_as(scene), scene.words);
        });
        grow(&self.input);
    }
}

/// A browser that cannot make a box as high as its text makes one as high as this copy of it.
fn grow(input: &HtmlTextAreaElement) {
    if let Some(around) = input.parent_element() {
        let _ = around.set_attribute("data-text", &input.value());
    }
}

fn is_join(event: &SubmitEvent) -> bool {
    let button = event.submitter();
    button.and_then(|button| button.get_attribute("name")).as_deref() == Some("join")
}
