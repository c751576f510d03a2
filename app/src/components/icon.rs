//! A picture from the sprite that the document carries. Never alone: a word or a label names it.

#[cfg(feature = "ssr")]
use leptos::prelude::*;

/// `name` is a symbol's in `icons.svg`, without its `i-`.
#[cfg(feature = "ssr")]
#[component]
pub(super) fn Icon(
    name: &'static str,
    #[prop(optional)] small: bool,
    #[prop(optional)] mirror: bool,
    #[prop(optional)] large: bool,
) -> impl IntoView {
    let size = match (small, large) {
        (true, _) => SMALL,
        (_, true) => r#"data-size="lg""#,
        (false, false) => "",
    };
    let mirror = if mirror { "data-mirror" } else { "" };
    super::html::raw(icon(name, &format!("{size} {mirror}")))
}

pub(super) const SMALL: &str = r#"data-size="sm""#;

/// In HTML that is written as text.
pub(super) fn icon(name: &str, attributes: &str) -> String {
    format!(
        r##"<svg class="icon" {attributes} aria-hidden="true"><use href="#i-{name}"></use></svg>"##
    )
}
