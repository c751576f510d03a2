//! A line to be typed into, with its label, and what there is to know of it or what was wrong.

use leptos::prelude::*;
use protocol::Refusal;

use super::words;

#[component]
pub(super) fn Field(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    #[prop(optional)] value: String,
    #[prop(optional, into)] help: String,
    #[prop(optional_no_strip)] refusal: Option<Refusal>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let invalid = refusal.is_some();
    let help = refusal.map_or(help, |refusal| words().live.refusal(&refusal));
    let help_id = (!help.is_empty()).then(|| format!("{id}-help"));
    let help = help_id.clone().map(|id| {
        view! { <p class="field__help" id=id role=invalid.then_some("alert")>{help}</p> }
    });
    view! {
        <div class="field" data-invalid=invalid>
            <label class="field__label" for=id>{label}</label>
            <div class="field__box">
                <input class="field__input" id=id name=name type=kind value=value required=required autocomplete="off"
                    aria-invalid=invalid.then_some("true") aria-describedby=help_id />
            </div>
            {help}
        </div>
    }
}
