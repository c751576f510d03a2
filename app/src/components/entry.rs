//! Somebody or something that waits for an answer, or is kept on a list.

use leptos::prelude::*;

use super::{avatar::avatar, html::raw};

/// A person, what there is to know of it, and what can be done.
pub(super) fn entry(
    kind: Option<&'static str>,
    hue: u32,
    name: String,
    note: String,
    text: Option<String>,
    actions: Vec<AnyView>,
) -> AnyView {
    let text = text.map(|text| view! { <div class="entry__text" dir="auto">{text}</div> });
    view! {
        <li class="entry" data-kind=kind data-hue=hue>
            {raw(avatar(&name, "", ""))}
            <div class="entry__main">
                <span class="entry__name"><bdi>{name}</bdi></span>
                <span class="entry__note">{note}</span>
                {text}
            </div>
            <div class="entry__actions">{actions}</div>
        </li>
    }
    .into_any()
}

/// Those of one kind under their title, with how many wait; or that there are none. `first` stands before them.
pub(super) fn group(
    id: &'static str,
    title: &'static str,
    waiting: usize,
    first: Option<AnyView>,
    all: Vec<AnyView>,
    none: &'static str,
) -> AnyView {
    let badge =
        (waiting > 0).then(|| view! { <span class="badge" data-tone="new">{waiting}</span> });
    let all = if all.is_empty() {
        view! { <p class="entry__empty">{none}</p> }.into_any()
    } else {
        view! { <ul role="list">{all}</ul> }.into_any()
    };
    view! {
        <section class="stack-2" aria-labelledby=id>
            <div class="row"><h2 class="dialog__title" id=id>{title}</h2>{badge}</div>
            {first}
            {all}
        </section>
    }
    .into_any()
}
