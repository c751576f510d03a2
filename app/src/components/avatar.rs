//! A person: a circle with initials, in a room in the colour of their mark. Its name always stands beside it,
//! and both take the colour from the element around them.

use super::html::text;
use crate::looks::initials;

/// `attributes` are those of this place: a size, a presence, and the hue where it stands alone.
pub(super) fn avatar(name: &str, class: &str, attributes: &str) -> String {
    let initials = text(&initials(name));
    format!(r#"<span class="avatar {class}" {attributes} aria-hidden="true">{initials}</span>"#)
}
