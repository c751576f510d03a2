//! What holds in a room, as a host settles it. A plain form, and one for the password alone, which is not shown.

use leptos::prelude::*;
use protocol::{Act, Admission, Lifetime, Page, Refusal, Room, RulesView, Voices};

use super::{
    act::{Button, action, admission_value, hidden, voices_value},
    field::Field,
    segmented::Segmented,
    settings::Switch,
    sheet::Sheet,
    words,
};

/// Seconds to choose from.
const SLOW: [u32; 8] = [0, 5, 10, 30, 60, 300, 900, 3600];

/// Where a refusal stands: at its field, or over all of them.
#[derive(Default)]
struct Refused {
    name: Option<Refusal>,
    topic: Option<Refusal>,
    password: Option<Refusal>,
    all: Option<Refusal>,
}

impl Refused {
    fn of(refusal: Option<Refusal>) -> Self {
        let here = Self::default();
        match refusal {
            Some(Refusal::RoomNameTooLong { .. } | Refusal::RoomNameReserved) => {
                Self { name: refusal, ..here }
            }
            Some(Refusal::LineTooLong { .. }) => Self { topic: refusal, ..here },
            Some(Refusal::PasswordLength { .. }) => Self { password: refusal, ..here },
            _ => Self { all: refusal, ..here },
        }
    }
}

#[component]
pub(crate) fn RulesPage(view: RulesView) -> impl IntoView {
    let words = words();
    let RulesView { room, name, topic, longest, most, refusal } = view;
    let Refused { name: of_name, topic: of_topic, password, all } = Refused::of(refusal);
    let hosting = words.hosting;
    let most_help = hosting.most_help(most);
    let capacity = room.rules.capacity.map(|most| most.to_string()).unwrap_or_default();
    view! {
        <Sheet room=room.clone() title=hosting.room_settings.to_owned() refusal=all>
            <form class="stack-4" method="post" action=Page::Rules(room.code.clone()).path()>
                <Field id="name" name="name" label=words.room_name value=name help=words.room_name_help refusal=of_name />
                <Field id="topic" name="topic" label=hosting.topic value=topic help=hosting.topic_help refusal=of_topic />
                <div class="settings">{choices(&room, longest)}</div>
                <Field id="most" name="most" label=hosting.most value=capacity help=most_help kind="number" />
                <button class="button" data-variant="primary" data-size="lg" data-wide>{words.save}</button>
            </form>
            {password_form(&room, password)}
        </Sheet>
    }
}

fn choices(room: &Room, longest: Lifetime) -> AnyView {
    let catalogue = words();
    let words = catalogue.hosting;
    let rules = &room.rules;
    let admission = [
        (Admission::Open, words.by_link),
        (Admission::Knock, words.by_knocking),
        (Admission::Locked, words.nobody),
    ]
    .map(|(one, called)| (admission_value(one), called, one == rules.admission));
    let voices = [(Voices::Everyone, words.everyone), (Voices::Hosts, words.hosts)]
        .map(|(one, called)| (voices_value(one), called, one == rules.voices));
    let locked = rules.admission == Admission::Locked;
    let mut list_it_help = catalogue.list_it_help.to_owned();
    if locked {
        list_it_help = format!("{list_it_help}. {}", words.not_while_locked);
    }
    // What was settled otherwise stays as it is.
    let other = Some(rules.slow).filter(|slow| !SLOW.contains(slow));
    let slow = SLOW.into_iter().chain(other).map(|one| {
        let called = if one == 0 { words.off.to_owned() } else { catalogue.live.span(one) };
        (one.to_string(), called, one == rules.slow)
    });
    let lifetimes =
        Lifetime::ALL.into_iter().filter(|one| *one <= longest || *one == room.lifetime);
    let lifetimes = lifetimes.map(|one| {
        (one.as_str().to_owned(), catalogue.lasts(one).to_owned(), one == room.lifetime)
    });
    view! {
        <Segmented label=words.who_comes_in name="admission" all=admission.into() />
        <Segmented label=words.who_writes name="voices" all=voices.into() />
        <Switch id="listed" name="listed" on=room.listed label=catalogue.list_it help=list_it_help />
        <Select name="slow" label=words.slow help=words.slow_help all=slow.collect() />
        <Select name="lifetime" label=catalogue.lifetime help=catalogue.lifetime_help all=lifetimes.collect() />
    }
    .into_any()
}

/// Each is what is sent, how it is called, and whether it is the one.
#[component]
fn Select(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    all: Vec<(String, String, bool)>,
) -> impl IntoView {
    let help_id = format!("{name}-help");
    let all = all.into_iter().map(|(value, called, chosen)| {
        view! { <option value=value selected=chosen>{called}</option> }
    });
    view! {
        <div class="settings__row">
            <div class="settings__what">
                <label class="settings__name" for=name>{label}</label>
                <span class="settings__help" id=help_id.clone()>{help}</span>
            </div>
            <select class="field__select" id=name name=name aria-describedby=help_id>{all.collect_view()}</select>
        </div>
    }
}

fn password_form(room: &Room, refusal: Option<Refusal>) -> AnyView {
    let catalogue = words();
    let words = catalogue.hosting;
    let back = Page::Rules(room.code.clone()).path();
    let is_set = room.rules.password;
    let help = if is_set { words.password_is_set } else { words.password_help };
    let remove = is_set.then(|| {
        let none = Act::Password { password: None };
        Button::new(none, words.remove_password).variant("quiet-danger").back(&back).of(&room.code)
    });
    view! {
        <section class="stack-3" aria-labelledby="password-title">
            <h2 class="dialog__title" id="password-title">{catalogue.password}</h2>
            <form class="stack-3" method="post" action=action(&room.code)>
                {hidden(vec![("act", "password".into()), ("back", back.clone())])}
                <Field id="password" name="password" label=catalogue.password help=help refusal=refusal kind="password"
                    required=true />
                <div class="row"><button class="button">{words.set_password}</button></div>
            </form>
            {remove}
        </section>
    }
    .into_any()
}
