//! As the server draws it. Until it is opened or closed by hand, the width of the window decides.

use leptos::prelude::*;

use super::{BUTTON, KEPT, LIST, MORE, MORE_COUNT, PANEL, kept, list, more, more_count};
use crate::{
    RoomState,
    components::{icon::Icon, words},
};

/// A link to the panel, so that it opens without a script; a button for everyone else.
#[component]
pub(in super::super) fn PeopleButton() -> impl IntoView {
    let words = words();
    view! {
        <a class="button" data-variant="quiet" href=format!("#{PANEL}") id=BUTTON role="button" aria-label=words.people
            aria-controls=PANEL>
            <Icon name="people" />
            <span class="button__word">{words.people}</span>
        </a>
    }
}

#[component]
pub(in super::super) fn People(room: RoomState) -> impl IntoView {
    let words = words();
    let scene = room.scene.get_untracked();
    view! {
        <div class="side people" role="complementary" id=PANEL data-open="auto" aria-labelledby="people-title">
            <div class="side__head">
                <h2 class="side__title" id="people-title">{words.people}</h2>
                <a class="button" data-variant="quiet" data-icon href="#message" role="button" aria-label=words.close_people>
                    <Icon name="close" />
                </a>
            </div>
            <div class="side__body" tabindex="0" role="region" aria-label=words.who_is_here>
                <div id=LIST inner_html=list(&scene)></div>
                <div id=MORE hidden=more(&scene) == 0>
                    <p class="people__label" id=MORE_COUNT inner_html=more_count(&scene)></p>
                    <button class="button" data-variant="quiet" data-wide type="button" data-scripted>{words.show_more}</button>
                </div>
            </div>
            <div class="side__foot">
                <p><Icon name="hourglass" /><span id=KEPT inner_html=kept(&scene)></span></p>
            </div>
        </div>
        <a class="side__scrim" href="#message" tabindex="-1" aria-hidden="true"></a>
    }
}
