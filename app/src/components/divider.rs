//! A line across the log: where a day begins, and where what is new does.

use super::html::Text;
use crate::Words;

/// A day's name opens the choice of another.
pub(super) fn day(name: &str) -> String {
    format!(
        r#"<div class="divider" data-kind="day"><button class="divider__day" type="button" aria-haspopup="dialog" popovertarget="dates">{}</button></div>"#,
        Text(name)
    )
}

pub(super) fn new(words: &Words) -> String {
    format!(
        r#"<div class="divider" data-kind="new" role="separator" aria-label="{}"><span>{}</span></div>"#,
        Text(words.new_messages),
        Text(words.new)
    )
}
