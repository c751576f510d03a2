//! Light, dark or as the system: one button that goes round. Without a script it is a form.

use leptos::{ev::SubmitEvent, prelude::*};
use protocol::{Page, Theme};

use super::{Look, icon::Icon, words};

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

/// `back` is where the form leads.
#[component]
pub(super) fn ThemeButton(back: Page, #[prop(optional)] word: bool) -> impl IntoView {
    let Look(look) = expect_context();
    let turn = move |event: SubmitEvent| {
        event.prevent_default();
        look.update(|look| look.theme = next(look.theme));
    };
    view! {
        <form class="theme" action="/look" method="post" on:submit=turn>
            <input type="hidden" name="back" value=back.path() />
            <input type="hidden" name="theme" value=move || value(next(look.read().theme)) />
            <button class="button" data-variant="quiet" data-icon=!word aria-label=words().theme
                title=words().theme data-theme-now=move || value(look.read().theme)>
                <Icon name="theme" />
                {word.then(|| words().theme)}
            </button>
        </form>
    }
}
