//! As the server draws it.

use leptos::prelude::*;
use protocol::{MessageId, Page};

use super::{CLOSED, PROBLEM, closed, not_taken, state, writes_as};
use crate::{
    BOX_ID, RoomState,
    components::{
        emoji_button::EmojiButton, html::text, icon::Icon, room_name, suggest::Suggest,
        typing::Typing, visitor::Visitor, words,
    },
};

#[component]
pub(in super::super) fn Composer(
    room: RoomState,
    form_id: MessageId,
    draft: String,
) -> impl IntoView {
    let words = words();
    let scene = room.scene.get_untracked();
    let name = room_name(scene.room.name.as_ref(), &scene.room.code, room.words);
    let (state, closed) = (state(&scene, false), closed(&scene));
    let action = Page::Room(scene.room.code).path();
    view! {
        <form class="composer" data-state=state method="post" action=action.clone()>
            <input type="hidden" name="id" value=form_id.to_string() />
            <div class="composer__inner">
                <Visitor room join=format!("{action}/join") />
                <Notes room />
                <div class="composer__box">
                    <Suggest />
                    <p class="composer__closed" id=CLOSED role="status" inner_html=closed></p>
                    <div class="composer__line">
                        <label class="visually-hidden" for=BOX_ID>{words.message}</label>
                        // A child would bring the marker that leptos puts after a text, and a text area shows it.
                        <div class="composer__grow">
                            <textarea class="composer__input" id=BOX_ID name="body" rows="1" required autocomplete="off"
                                placeholder=words.message_to(&name) aria-describedby="note"
                                inner_html=text(&draft)></textarea>
                        </div>
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

/// What stands over the box: why the last message was not taken, and who writes or what holds them
/// up. `Composing::show` writes the note from the first moment on in which there is a script.
#[component]
fn Notes(room: RoomState) -> impl IntoView {
    let scene = room.scene.get_untracked();
    view! {
        <div class="composer__status">
            <Typing room />
            <span class="composer__problem" role="alert" id=PROBLEM inner_html=not_taken(&scene)></span>
            <span class="composer__note" id="note">{writes_as(&scene)}</span>
            <span class="visually-hidden" role="status" id="note-said"></span>
        </div>
    }
}
