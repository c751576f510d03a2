//! What holds the author up, as the composer shows it: in its note, on the button, and once aloud.

use leptos::{
    prelude::document,
    web_sys::{Element, HtmlFormElement},
};

use crate::Words;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// So many characters over the limit: it does not go at all.
    TooMany(u32),
    /// It would wait for so many seconds.
    Wait(u32),
    /// Only so many more characters fit.
    Left(u32),
}

impl Hint {
    /// The worst one alone. `left` is how much still fits where that is little, `wait` in seconds.
    pub(super) fn of(left: Option<i64>, wait: u32) -> Option<Self> {
        let size = |left: i64| u32::try_from(left.unsigned_abs()).unwrap_or(u32::MAX);
        match left {
            Some(left) if left < 0 => Some(Self::TooMany(size(left))),
            _ if wait > 0 => Some(Self::Wait(wait)),
            Some(left) => Some(Self::Left(size(left))),
            None => None,
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::TooMany(_) => "over",
            Self::Wait(_) => "wait",
            Self::Left(_) => "near",
        }
    }

    fn text(self, words: &Words) -> String {
        match self {
            Self::TooMany(characters) => words.too_many(characters),
            Self::Wait(seconds) => words.wait(seconds),
            Self::Left(characters) => words.characters_left(characters),
        }
    }
}

/// Without a hint the note says what it says `otherwise`. `state` is the form's.
pub(super) fn show(
    form: &HtmlFormElement,
    hint: Option<Hint>,
    state: &str,
    otherwise: String,
    words: &Words,
) {
    let (Some(note), Some(said), Ok(Some(send))) = (
        document().get_element_by_id("note"),
        document().get_element_by_id("note-said"),
        form.query_selector(".composer__send"),
    ) else {
        return;
    };
    let wait = if let Some(Hint::Wait(seconds)) = hint { Some(seconds.to_string()) } else { None };
    write(&send, "data-wait", wait.as_deref());
    write(form, "data-state", Some(state));
    let text = hint.map_or(otherwise, |hint| hint.text(words));
    if note.text_content().as_deref() != Some(&text) {
        note.set_text_content(Some(&text));
    }
    let kind = hint.map(Hint::kind);
    if said.get_attribute("data-kind").as_deref() == kind {
        return;
    }
    // A count that goes on is not said again.
    said.set_text_content(kind.map(|_| text.as_str()));
    write(&said, "data-kind", kind);
    let (over, near) = (kind == Some("over"), kind == Some("near"));
    write(form, "data-over-limit", over.then_some(""));
    write(form, "data-near-limit", near.then_some(""));
    write(&send, "aria-disabled", over.then_some("true"));
}

/// Fails only for a name that is no attribute's.
fn write(element: &Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_go_is_said_before_what_waits_and_that_before_what_is_nearly_too_much() {
        for (left, wait, hint) in [
            (None, 0, None),
            (None, 3, Some(Hint::Wait(3))),
            (Some(38), 0, Some(Hint::Left(38))),
            (Some(0), 0, Some(Hint::Left(0))),
            (Some(38), 3, Some(Hint::Wait(3))),
            (Some(-12), 3, Some(Hint::TooMany(12))),
        ] {
            assert_eq!(Hint::of(left, wait), hint, "{left:?} {wait}");
        }
    }
}
