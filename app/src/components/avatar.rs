//! A person: a circle with initials, coloured by the name. Its name always stands beside it.

use super::html::text;
use crate::looks::{hue, initials};

/// `attributes` are those of this place: a class of its own, a size, a presence.
pub(super) fn avatar(name: &str, class: &str, attributes: &str) -> String {
    let (hue, initials) = (hue(name), text(&initials(name)));
    format!(
        r#"<span class="avatar {class}" {attributes} data-hue="{hue}" aria-hidden="true">{initials}</span>"#
    )
}
