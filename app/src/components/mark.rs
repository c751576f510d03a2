//! What tells somebody in a room apart from all who are called nearly like them: a word in their colour. It is
//! small and never alone, for it is no name.

use protocol::Mark;

/// The words are the same in every language, and read from left to right in each.
pub(super) fn mark(mark: Mark) -> String {
    format!(r#"<span class="mark" data-hue="{}" dir="ltr" translate="no">{mark}</span>"#, mark.hue)
}
