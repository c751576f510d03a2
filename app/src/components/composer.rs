//! The message box: a plain form, and after hydration a faster one.

use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html::{Form, Textarea},
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlFormElement, HtmlTextAreaElement, SubmitEvent as Submit},
};
use protocol::{MessageId, Page, WhoAmI};

use super::{
    emoji_button::EmojiButton, icon::Icon, live, room_name, suggest::Suggest, typing::Typing,
    visitor::Visitor, words,
};
use crate::{Live, RoomState, Scene};

/// The box is uncontrolled: hydration never writes its value, so what was typed before survives.
#[component]
pub(super) fn Composer(room: RoomState, form_id: MessageId, draft: String) -> impl IntoView {
    let (words, live) = (words(), live());
    let (form, input) = (NodeRef::<Form>::new(), NodeRef::<Textarea>::new());
    let named =
        |Scene { room, .. }: &Scene| (room.code.clone(), room_name(room.name.as_ref(), &room.code));
    let (code, name) = room.scene.with_untracked(named);
    let action = Page::Room(code).path();
    let submit = move |event: SubmitEvent| {
        if let (Some(form), Some(input)) = (form.get_untracked(), input.get_untracked()) {
            send(live, &event, &form, &input);
        }
    };
    let enter = move |event: KeyboardEvent| {
        if sends(&event)
            && let Some(form) = form.get_untracked()
        {
            event.prevent_default();
            // Fails only for a form that is not in the page.
            let _ = form.request_submit();
        }
    };
    view! {
        <form class="composer" data-state="ready" method="post" action=action.clone() node_ref=form on:submit=submit>
            <input type="hidden" name="id" value=form_id.to_string() />
            <div class="composer__inner">
                <Visitor room join=format!("{action}/join") />
                <Notes room />
                <div class="composer__box">
                    <Suggest />
                    <div class="composer__line">
                        <label class="visually-hidden" for="message">{words.message}</label>
                        <textarea class="composer__input" id="message" name="body" rows="1" required autocomplete="off"
                            placeholder=(words.message_to)(&name) aria-describedby="note" node_ref=input
                            on:keydown=enter inner_html=escape(&draft)></textarea>
                        <EmojiButton />
                        <button class="button composer__send" data-variant="primary" data-icon aria-label=words.send>
                            <Icon name="send" />
                        </button>
                    </div>
                </div>
            </div>
        </form>
    }
}

/// What stands over the box: why the last message was not taken, and who writes.
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
    let writes_as = move || {
        room.scene.with(|scene| match &scene.me {
            WhoAmI::Member(me) => (words.writes_as)(me.name.as_str()),
            WhoAmI::Visitor { .. } => String::new(),
        })
    };
    view! {
        <div class="composer__status">
            <Typing room />
            <span class="composer__problem" role="alert">{problem}</span>
            <span class="composer__note" id="note">{writes_as}</span>
        </div>
    }
}

/// What the form would have done with a new page, without one.
fn send(live: Live, event: &SubmitEvent, form: &HtmlFormElement, input: &HtmlTextAreaElement) {
    event.prevent_default();
    let name = FormData::new_with_form(form).ok().and_then(|data| data.get("name").as_string());
    if is_join(event) {
        (live.join)(&name.unwrap_or_default());
    } else if (live.post)(&input.value(), name.as_deref()) {
        input.set_value("");
    }
    // The next word goes where this one came from.
    let _ = input.focus();
}

fn is_join(event: &SubmitEvent) -> bool {
    let submitter = event.dyn_ref::<Submit>().and_then(Submit::submitter);
    submitter.and_then(|button| button.get_attribute("name")).as_deref() == Some("join")
}

/// Enter sends where there is a keyboard with a key for a new line; never while an input method
/// composes a word (229 is what browsers say that end it with the key itself).
fn sends(event: &KeyboardEvent) -> bool {
    let always = event.ctrl_key() || event.meta_key();
    let touch = || {
        let coarse = window().match_media("(pointer: coarse)").ok().flatten();
        coarse.is_some_and(|query| query.matches())
    };
    event.key() == "Enter"
        && !event.is_composing()
        && event.key_code() != 229
        && !event.shift_key()
        && (always || !touch())
}

/// A child would bring the marker that leptos puts after a text, and a text area shows it.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
