//! Light, dark or as the system: one button that goes round. Without a script it is a form.

use leptos::prelude::*;
use protocol::Theme;

use super::input::Input;

fn next(theme: Option<Theme>) -> Option<Theme> {
    match theme {
        None => Some(Theme::Light),
        Some(Theme::Light) => Some(Theme::Dark),
        Some(Theme::Dark) => None,
    }
}

pub(super) fn value(theme: Option<Theme>) -> &'static str {
    theme.map_or("system", Theme::as_str)
}

pub(super) fn hear(input: &Input) {
    let Some(form) = input.on("submit", ".theme") else { return };
    input.event.prevent_default();
    let look = input.room.look;
    look.update(|look| look.theme = next(look.theme));
    let now = look.with_untracked(|look| look.theme);
    for (selector, name, theme) in
        [("[name=theme]", "value", next(now)), ("button", "data-theme-now", now)]
    {
        if let Ok(Some(element)) = form.query_selector(selector) {
            // Fails only for what is no name of an attribute.
            let _ = element.set_attribute(name, value(theme));
        }
    }
}

/// `back` is where the form leads.
#[cfg(feature = "ssr")]
#[component]
pub(super) fn ThemeButton(back: protocol::Page, #[prop(optional)] word: bool) -> impl IntoView {
    use super::{Look, icon::Icon, words};

    let Look(look) = expect_context();
    let theme = look.with_untracked(|look| look.theme);
    view! {
        <form class="theme" action="/look" method="post">
            <input type="hidden" name="back" value=back.path() />
            <input type="hidden" name="theme" value=value(next(theme)) />
            <button class="button" data-variant="quiet" data-icon=!word aria-label=words().theme
                title=words().theme data-theme-now=value(theme)>
                <Icon name="theme" />
                {word.then(|| words().theme)}
            </button>
        </form>
    }
}
