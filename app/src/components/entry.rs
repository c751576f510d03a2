//! One of a list of what is the reader's: a device, with what can be done about it.

use leptos::prelude::*;
use protocol::{Device, SignedIn, System};

use super::{icon::Icon, words};
use crate::LocalTime;

#[component]
pub(super) fn Entry(
    one: SignedIn,
    since: LocalTime,
    seen: LocalTime,
    today: LocalTime,
) -> impl IntoView {
    let words = words();
    let name = words.device(one.device);
    let seen = if one.here { words.here_now.to_owned() } else { words.last_seen(seen, today) };
    let note = format!("{seen} · {}", words.since(&words.short_day(since, today)));
    let end = if one.this {
        view! { <span class="badge" data-tone="accent">{words.this_one}</span> }.into_any()
    } else {
        let label = words.sign_out_of(&name);
        view! {
            <form class="entry__actions" action="/devices/sign-out" method="post">
                <input type="hidden" name="device" value=one.id />
                <button class="button" data-variant="quiet-danger" data-size="sm" aria-label=label>{words.sign_out}</button>
            </form>
        }
        .into_any()
    };
    view! {
        <li class="entry" data-this=one.this data-here=one.here>
            <span class="entry__tile"><Icon name=picture(one.device) /></span>
            <span class="entry__main">
                <span class="entry__name"><bdi>{name}</bdi></span>
                <span class="entry__note">{note}</span>
            </span>
            {end}
        </li>
    }
}

fn picture(device: Device) -> &'static str {
    match device.system {
        Some(System::Android | System::Iphone) => "phone",
        Some(System::Ipad) => "tablet",
        Some(System::Windows | System::Mac | System::Linux | System::ChromeOs) | None => "laptop",
    }
}
