//! A room: a small signal flag, coloured by the code.

use crate::looks::{hue, pattern};

/// In HTML that is written as text.
pub(super) fn flag(code: &str, attributes: &str) -> String {
    let (hue, pattern) = (hue(code), pattern(code));
    format!(r#"<span class="flag" {attributes} data-hue="{hue}" data-pattern="{pattern}"></span>"#)
}

#[cfg(feature = "ssr")]
#[leptos::component]
pub(super) fn Flag(code: String) -> impl leptos::IntoView {
    super::html::raw(flag(&code, ""))
}
