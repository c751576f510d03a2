//! Where the reader is signed in, and a way to one more device. Plain forms: it needs no script.

use leptos::prelude::*;
use protocol::{Devices, Page, Way};

use super::{Look, entry::Entry, icon::Icon, qr::Qr, words};
use crate::{Clock, LocalTime};

#[component]
pub(crate) fn DevicesPage(devices: Devices, clock: Clock) -> impl IntoView {
    let words = words();
    let Devices { signed_in, way, full } = devices;
    let several = signed_in.len() > 1;
    let nobody = signed_in.is_empty();
    let today = local(clock, (clock.now)());
    let entries = signed_in.into_iter().map(|one| {
        let (since, seen) = (local(clock, one.since), local(clock, one.seen));
        view! { <Entry one since seen today /> }
    });
    view! {
        <main class="layout-sheet">
            <div class="layout-sheet__bar">
                <a class="button" data-variant="quiet" href=Page::Settings.path()><Icon name="leave" mirror=true />{words.settings}</a>
            </div>
            <div class="stack-2">
                <h1 class="title">{words.devices}</h1>
                <p class="text-soft">{if nobody { words.devices_none } else { words.devices_about }}</p>
            </div>
            {(!nobody).then(|| view! {
                <section aria-label=words.devices>
                    <ul role="list">{entries.collect_view()}</ul>
                    {several.then(|| view! { <SignOutOthers /> })}
                </section>
                <section class="stack-3" aria-labelledby="move">
                    <h2 class="notice__title" id="move">{words.move_title}</h2>
                    <p class="text-soft">{words.move_about}</p>
                    {match way {
                        Some(way) => { let until = local(clock, way.until); view! { <WayThere way until /> }.into_any() },
                        None => view! { <OpenWay full /> }.into_any(),
                    }}
                    <p class="field__help">{words.move_help}</p>
                </section>
            })}
        </main>
    }
}

fn local(clock: Clock, at: i64) -> LocalTime {
    let Look(look) = expect_context();
    let look = look.get_untracked();
    (clock.local)(look.zone.as_ref(), at).by(look.hours)
}

#[component]
fn SignOutOthers() -> impl IntoView {
    view! {
        <form class="row-end" action="/devices/sign-out" method="post">
            <input type="hidden" name="device" value="others" />
            <button class="button" data-variant="quiet-danger" data-size="sm">{words().sign_out_others}</button>
        </form>
    }
}

#[component]
fn OpenWay(full: bool) -> impl IntoView {
    let words = words();
    view! {
        {full.then(|| view! { <p role="alert">{words.move_full}</p> })}
        <form action="/devices/move" method="post">
            <button class="button" data-variant="primary"><Icon name="qr" />{words.move_open}</button>
        </form>
    }
}

/// A picture for that device's camera, and the same as a link to be sent there.
#[component]
fn WayThere(way: Way, until: LocalTime) -> impl IntoView {
    let words = words();
    let Way { link, picture, .. } = way;
    view! {
        <div class="notice" role="group" aria-labelledby="move">
            {picture.map(|picture| view! { <Qr picture label=words.move_scan /> })}
            <p class="text-soft text-sm">{words.move_until(&words.live.hours(until))}</p>
            <div class="field notice__form">
                <label class="field__label" for="way">{words.copy_this}</label>
                <div class="field__box">
                    <input class="field__input" id="way" value=link readonly dir="ltr" />
                </div>
            </div>
            <form class="notice__actions" action="/devices/move" method="post">
                <input type="hidden" name="off" value="on" />
                <button class="button" data-variant="quiet" data-size="sm">{words.cancel}</button>
            </form>
        </div>
    }
}
