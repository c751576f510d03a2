//! A form for a new room and what it shall be. It needs no script.

use leptos::prelude::*;
use protocol::{Lifetime, NewRoom, Page, Refusal};

use super::{field::Field, icon::Icon, lobby::NameField, settings::Switch, words};

#[component]
pub(crate) fn NewRoomPage(new: NewRoom) -> impl IntoView {
    let words = words();
    let NewRoom { name, room_name, listed, lifetime, longest, refusal } = new;
    // Either is about one of the fields; else it stands above both.
    let of_room =
        matches!(refusal, Some(Refusal::RoomNameTooLong { .. } | Refusal::RoomNameReserved));
    let (of_room, of_me) = if of_room { (refusal, None) } else { (None, refusal) };
    let choices = Lifetime::ALL.into_iter().filter(|one| *one <= longest).map(|one| {
        view! { <option value=one.as_str() selected=one == lifetime>{words.lasts(one)}</option> }
    });
    view! {
        <main class="layout-sheet">
            <div class="layout-sheet__bar">
                <a class="button" data-variant="quiet" href=Page::Lobby.path()><Icon name="leave" mirror=true />{words.live.lobby}</a>
            </div>
            <h1 class="title">{words.new_room}</h1>
            <form class="stack-4" action="/rooms" method="post">
                <NameField name refusal=of_me />
                <Field id="room-name" name="room_name" label=words.room_name value=room_name help=words.room_name_help
                    refusal=of_room />
                <div class="settings">
                    <Switch id="listed" name="listed" on=listed label=words.list_it help=words.list_it_help />
                    <div class="settings__row">
                        <div class="settings__what">
                            <label class="settings__name" for="lifetime">{words.lifetime}</label>
                            <span class="settings__help" id="lifetime-help">{words.lifetime_help}</span>
                        </div>
                        <select class="field__select" id="lifetime" name="lifetime" aria-describedby="lifetime-help">
                            {choices.collect_view()}
                        </select>
                    </div>
                </div>
                <button class="button" data-variant="primary" data-size="lg" data-wide>{words.create_room}</button>
            </form>
        </main>
    }
}
