//! What a reader can choose. A plain form: it needs no script, and no session.

use leptos::prelude::*;
use protocol::{Language, Page, Theme};

use super::{Look, icon::Icon, theme, words};
use crate::catalogue;

#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    let words = words();
    let Look(look) = expect_context();
    let protocol::Look { theme: chosen, quiet, language, .. } = look.get_untracked();
    let themes = [None, Some(Theme::Light), Some(Theme::Dark)].map(|one| {
        view! {
            <label class="segmented__one">
                <input type="radio" name="theme" value=theme::value(one) checked=one == chosen />
                {words.theme_name(one)}
            </label>
        }
    });
    // Each as those who speak it call it: whoever is here by mistake finds the way back.
    let languages = Language::ALL.map(|one| {
        let called = catalogue(one);
        view! {
            <option value=one.tag() lang=one.tag() dir=called.dir selected=language == Some(one)>{called.name}</option>
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
                <input type="hidden" name="switches" value="typing" />
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
                    <div class="settings__row">
                        <div class="settings__what"><span class="settings__name">{words.theme}</span></div>
                        <div class="segmented" role="radiogroup" aria-label=words.theme>{themes}</div>
                    </div>
                    <div class="settings__row">
                        <div class="settings__what">
                            <label class="settings__name" for="typing">{words.show_typing}</label>
                            <span class="settings__help" id="typing-help">{words.show_typing_help}</span>
                        </div>
                        <input class="switch" type="checkbox" role="switch" id="typing" name="typing" value="on"
                            checked=!quiet aria-describedby="typing-help" />
                    </div>
                </section>
                <button class="button" data-variant="primary" data-size="lg" data-wide>{words.save}</button>
            </form>
        </main>
    }
}
