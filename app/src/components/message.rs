//! The only component that draws a message: from the server, live, pending or failed.

use leptos::prelude::*;
use protocol::markup::is_big;

use super::{Look, avatar::Avatar, icon::Icon, live, markup, words};
use crate::{Clock, Delivery, Group, Row, RowView, looks::hue};

/// The whole row is one effect, which writes only the attributes and texts that changed.
#[component]
pub(super) fn MessageRow(row: Row) -> impl IntoView {
    let Look(look) = expect_context();
    let clock: Clock = expect_context();
    move || {
        let row = row.view.get();
        let zone = look.read().zone.clone();
        let time = row.at.map(|at| {
            let (shown, utc) = (clock.0(zone.as_ref(), at), clock.0(None, at));
            view! { <time class="message__time" datetime=utc.machine()>{shown.hours()}</time> }
        });
        let starts = matches!(row.group, Group::First | Group::Only);
        let author = if row.own { words().you.to_owned() } else { row.author.clone() };
        view! {
            <article class="message" id=format!("m{}", row.id) data-message=row.id.to_string() data-seq=row.seq
                data-own=row.own data-status=row.delivery.as_str() data-group=row.group.as_str() data-big=is_big(&row.body)>
                {(starts && !row.own).then(|| view! { <Avatar name=row.author.clone() class="message__avatar" /> })}
                <header class="message__head">
                    <span class="message__author" data-hue=hue(&row.author)><bdi>{author}</bdi></span>
                    {time}
                </header>
                <div class="message__row"><div class="message__bubble" inner_html=markup::html(&row.body)></div></div>
                <Sending row=row.clone() />
            </article>
        }
    }
}

/// What became of a message that is not there yet.
#[component]
fn Sending(row: RowView) -> impl IntoView {
    let (words, live) = (words(), live());
    let id = row.id;
    match row.delivery {
        Delivery::Sent => ().into_any(),
        Delivery::Pending => view! {
            <div class="message__status"><Icon name="clock" small=true />{words.sending}</div>
        }
        .into_any(),
        Delivery::Failed(refusal) => view! {
            <div class="message__status" role="alert">
                <Icon name="alert" small=true />
                <span>{words.not_sent}": "{(words.refusal)(&refusal)}</span>
                <button class="message__retry" type="button" on:click=move |_| (live.retry)(id)>{words.retry}</button>
                <button class="message__retry" type="button" on:click=move |_| (live.discard)(id)>{words.discard}</button>
            </div>
        }
        .into_any(),
    }
}
