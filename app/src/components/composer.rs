//! The message box: a plain form, and after hydration a faster one.

mod hint;
mod keys;
mod limit;

use hint::Hint;
use keys::Does;
use leptos::{
    ev::{KeyboardEvent, MouseEvent, SubmitEvent},
    html::{Form, Textarea},
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlFormElement, HtmlTextAreaElement, SubmitEvent as Submit},
};
use protocol::{Body, MessageId, Page, Refusal, WhoAmI};

use super::{
    emoji_button::EmojiButton, icon::Icon, live, room_name, suggest::Suggest, typing::Typing,
    visitor::Visitor, words,
};
use crate::{Live, RoomState, Scene};

/// The box is uncontrolled: hydration never writes its value, so what was typed before survives.
#[component]
pub(super) fn Composer(room: RoomState, form_id: MessageId, draft: String) -> impl IntoView {
    let words = words();
    let composing = Composing { room, live: live(), form: NodeRef::new(), input: NodeRef::new() };
    composing.come_alive();
    let named =
        |Scene { room, .. }: &Scene| (room.code.clone(), room_name(room.name.as_ref(), &room.code));
    let (code, name) = room.scene.with_untracked(named);
    let action = Page::Room(code).path();
    view! {
        <form class="composer" data-state="ready" method="post" action=action.clone() node_ref=composing.form
            on:submit=move |event| composing.submit(&event)>
            <input type="hidden" name="id" value=form_id.to_string() />
            <div class="composer__inner">
                <Visitor room join=format!("{action}/join") />
                <Notes room />
                <div class="composer__box">
                    <Suggest />
                    <div class="composer__line">
                        <label class="visually-hidden" for="message">{words.message}</label>
                        <div class="composer__grow">
                            <textarea class="composer__input" id="message" name="body" rows="1" required autocomplete="off"
                                placeholder=(words.message_to)(&name) aria-describedby="note" node_ref=composing.input
                                on:keydown=move |event| composing.key(&event) on:input=move |_| composing.typed()
                                inner_html=escape(&draft)></textarea>
                        </div>
                        <EmojiButton />
                        <button class="button composer__send" data-variant="primary" data-icon aria-label=words.send
                            on:mousedown=keep_focus>
                            <Icon name="send" />
                        </button>
                    </div>
                </div>
            </div>
        </form>
    }
}

/// What stands over the box: why the last message was not taken, and who writes or what holds them
/// up. `Composing::show` writes the note from the first moment on in which there is a script.
#[component]
fn Notes(room: RoomState) -> impl IntoView {
    let words = words();
    // A visitor's refusals stand beside the name.
    let problem = move || {
        room.scene.with(|scene| {
            let refusal = scene.refusal.as_ref().filter(|_| scene.is_member());
            refusal.map(words.refusal).unwrap_or_default()
        })
    };
    view! {
        <div class="composer__status">
            <Typing room />
            <span class="composer__problem" role="alert">{problem}</span>
            <span class="composer__note" id="note">{room.scene.with_untracked(writes_as)}</span>
            <span class="visually-hidden" role="status" id="note-said"></span>
        </div>
    }
}

fn writes_as(scene: &Scene) -> String {
    match &scene.me {
        WhoAmI::Member(me) => (words().writes_as)(me.name.as_str()),
        WhoAmI::Visitor { .. } => String::new(),
    }
}

/// The box as a script sees it.
#[derive(Clone, Copy)]
struct Composing {
    room: RoomState,
    live: Live,
    form: NodeRef<Form>,
    input: NodeRef<Textarea>,
}

impl Composing {
    /// What was typed before, or stands there because the server refused it, is newer than what was
    /// kept.
    fn come_alive(self) {
        Effect::new(move |alive: Option<bool>| {
            let Some(input) = self.input.get() else { return false };
            if alive != Some(true) {
                if input.value().is_empty() {
                    input.set_value(&(self.live.draft)());
                }
                (self.live.typed)();
                keys::lead_to(input.into());
            }
            self.room.scene.track();
            self.show();
            true
        });
    }

    /// What the form would have done with a new page, without one.
    fn submit(self, event: &SubmitEvent) {
        event.prevent_default();
        let Some((form, input)) = self.parts() else { return };
        let data = FormData::new_with_form(&form).ok();
        let name = data.and_then(|data| data.get("name").as_string());
        if is_join(event) {
            (self.live.join)(&name.unwrap_or_default());
        } else if form.has_attribute("data-over-limit") {
            self.room.refuse(Some(Refusal::BodyTooLong { max: Body::MAX }));
        } else if (self.live.post)(&input.value(), name.as_deref()) {
            input.set_value("");
            self.typed();
        }
        // The next word goes where this one came from.
        let _ = input.focus();
    }

    fn key(self, event: &KeyboardEvent) {
        let Some((form, input)) = self.parts() else { return };
        // Somebody else had a use for it, such as a completion.
        if event.default_prevented() {
            return;
        }
        let text = input.value();
        match keys::does(event, text.is_empty()) {
            Does::Send if text.trim().is_empty() => {}
            Does::Send => {
                // Fails only for a form that is not in the page.
                let _ = form.request_submit();
            }
            Does::Page(pages) => keys::scroll_log(pages),
            Does::Dismiss => return self.room.refuse(None),
            Does::Nothing => return,
        }
        event.prevent_default();
    }

    fn typed(self) {
        // What was said about the last text is no word on this one.
        if self.room.is_member() {
            self.room.refuse(None);
        }
        (self.live.typed)();
        self.show();
    }

    fn show(self) {
        let Some((form, input)) = self.parts() else { return };
        let left = limit::left(&input.value(), self.live.count);
        let (wait, otherwise) =
            self.room.scene.with_untracked(|scene| (scene.wait, writes_as(scene)));
        hint::show(&form, Hint::of(left, wait), otherwise);
        grow(&input);
    }

    fn parts(self) -> Option<(HtmlFormElement, HtmlTextAreaElement)> {
        self.form.get_untracked().zip(self.input.get_untracked())
    }
}

/// A browser that cannot make a box as high as its text makes one as high as this copy of it.
fn grow(input: &HtmlTextAreaElement) {
    if let Some(around) = input.parent_element() {
        let _ = around.set_attribute("data-text", &input.value());
    }
}

/// The box keeps the focus, and a phone its keyboard.
fn keep_focus(event: MouseEvent) {
    event.prevent_default();
}

fn is_join(event: &SubmitEvent) -> bool {
    let submitter = event.dyn_ref::<Submit>().and_then(Submit::submitter);
    submitter.and_then(|button| button.get_attribute("name")).as_deref() == Some("join")
}

/// A child would bring the marker that leptos puts after a text, and a text area shows it.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
