//! What a reader can choose. A plain form: it needs no script, and but for a name no session.

use leptos::prelude::*;
use protocol::{Hours, Language, Page, Refusal, Settings, Theme};

use super::{
    Look, bell::BellNote, icon::Icon, lobby::NameField, segmented::Segmented, theme, words,
};
use crate::{BELL_ID, catalogue};

#[component]
pub(crate) fn SettingsPage(settings: Settings) -> impl IntoView {
    let words = words();
    let Settings { name, refusal } = settings;
    let Look(look) = expect_context();
    let look = look.get_untracked();
    let themes = [None, Some(Theme::Light), Some(Theme::Dark)]
        .map(|one| (theme::value(one), words.theme_name(one), one == look.theme));
    let hours = [None, Some(Hours::TwentyFour), Some(Hours::Twelve)].map(|one| {
        (one.map_or("language", Hours::as_str), words.hours_name(one), one == look.hours)
    });
    // Each as those who speak it call it: whoever is here by mistake finds the way back.
    let languages = Language::ALL.map(|one| {
        let called = catalogue(one);
        view! {
            <option value=one.tag() lang=one.tag() dir=called.dir selected=look.language == Some(one)>{called.name}</option>
        }
    });
    view! {
        <main class="layout-sheet">
            <div class="layout-sheet__bar">
                <a class="button" data-variant="quiet" href=Page::Lobby.path()><Icon name="leave" mirror=true />{words.live.lobby}</a>
            </div>
            <h1 class="title">{words.settings}</h1>
            <form class="stack-4" action="/look" method="post">
                <input type="hidden" name="back" value=Page::Settings.path() />
                <input type="hidden" name="switches" value="typing sound notify" />
                {name.map(|name| view! { <Called name refusal /> })}
                <section class="settings" aria-labelledby="look">
                    <h2 class="settings__title" id="look">{words.how_it_looks}</h2>
                    <div class="settings__row">
                        <div class="settings__what">
                            <label class="settings__name" for="language">{words.language_label}</label>
                        </div>
                        <select class="field__select" id="language" name="language">
                            <option value="">{words.language_of_browser}</option>
                            {languages}
                        </select>
                    </div>
                    <Segmented label=words.theme name="theme" all=themes.into() />
                    <Segmented label=words.time name="hours" all=hours.into() />
                    <Switch id="typing" name="typing" on=!look.quiet label=words.show_typing help=words.show_typing_help />
                </section>
                <section class="settings" aria-labelledby="notifications">
                    <h2 class="settings__title" id="notifications">{words.notifications}</h2>
                    <Switch id=BELL_ID name="notify" on=look.notify label=words.notify help=words.notify_help bell=true />
                    <BellNote />
                    <Switch id="sound" name="sound" on=look.sound label=words.sound help=words.sound_help />
                </section>
                <button class="button" data-variant="primary" data-size="lg" data-wide>{words.save}</button>
            </form>
            <ToDevices />
        </main>
    }
}

#[component]
fn ToDevices() -> impl IntoView {
    let words = words();
    view! {
        <section class="settings" aria-labelledby="devices">
            <h2 class="settings__title" id="devices">{words.devices}</h2>
            <div class="settings__row">
                <div class="settings__what">
                    <a class="settings__name" href=Page::Devices.path()>{words.devices_link}</a>
                    <span class="settings__help">{words.devices_link_help}</span>
                </div>
            </div>
        </section>
    }
}

/// What the reader is called in the rooms that they enter next.
#[component]
fn Called(name: String, refusal: Option<Refusal>) -> impl IntoView {
    let words = words();
    view! {
        <section class="settings" aria-labelledby="you">
            <h2 class="settings__title" id="you">{words.live.you}</h2>
            <NameField name refusal help=words.your_name_help />
        </section>
    }
}

#[component]
pub(super) fn Switch(
    id: &'static str,
    name: &'static str,
    on: bool,
    label: &'static str,
    #[prop(into)] help: String,
    #[prop(optional)] bell: bool,
) -> impl IntoView {
    let help_id = format!("{id}-help");
    view! {
        <div class="settings__row" data-bell=bell hidden=bell>
            <div class="settings__what">
                <label class="settings__name" for=id>{label}</label>
                <span class="settings__help" id=help_id.clone()>{help}</span>
            </div>
            <input class="switch" type="checkbox" role="switch" id=id name=name value="on" checked=on
                aria-describedby=help_id />
        </div>
    }
}
