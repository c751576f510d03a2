//! A person: a circle with initials, in a room in the colour of their mark. Its name always stands beside it.

use super::html::text;
use crate::looks::initials;

/// `attributes` are those of this place: a class of its own, a size, a presence.
pub(super) fn avatar(name: &str, hue: u32, class: &str, attributes: &str) -> String {
    let initials = text(&initials(name));
    format!(
        r#"<span class="avatar {class}" {attributes} data-hue="{hue}" aria-hidden="true">{initials}</span>"#
    )
}
