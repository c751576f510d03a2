//! What is known of emoji: `emoji.txt`, which `bin/emoji` makes. Only the server has it.

use leptos::prelude::*;

use crate::{Catalogue, EmojiPicker};

const DATA: &str = include_str!("emoji.txt");

/// What only the browser knows: the kind that stands first.
pub(crate) const LAST_USED: (&str, &str) = ("last", "clock");
/// The others in their order, with their icons.
pub(crate) const KINDS: [(&str, &str); 9] = [
    ("smileys", "emoji"),
    ("people", "hand"),
    ("nature", "nature"),
    ("food", "food"),
    ("activities", "sport"),
    ("travel", "travel"),
    ("objects", "thing"),
    ("symbols", "sign"),
    ("flags", "host"),
];

pub(crate) struct Emoji {
    pub(crate) glyph: &'static str,
    pub(crate) name: &'static str,
    /// As people write them, the best one first: `:+1: :thumbsup:`.
    pub(crate) codes: String,
    /// Further words that it is found by.
    pub(crate) tags: &'static str,
}

/// What fills the picker, as HTML. What emoji are called, everybody searches in English.
pub fn emoji(words: &'static Catalogue) -> String {
    Owner::new().with(|| {
        provide_context(words);
        view! { <EmojiPicker /> }.to_html()
    })
}

pub(crate) fn of_kind(kind: &str) -> impl Iterator<Item = Emoji> {
    let lines = DATA.lines().skip_while(move |line| line.strip_prefix("# ") != Some(kind));
    lines.skip(1).map_while(parse)
}

/// `None` where a kind ends.
fn parse(line: &'static str) -> Option<Emoji> {
    let mut parts = line.split('\t');
    let (glyph, name, codes, tags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let codes: Vec<_> = codes.split(' ').map(|code| format!(":{code}:")).collect();
    Some(Emoji { glyph, name, codes: codes.join(" "), tags })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_emoji_and_every_emoji_a_kind() {
        let lines = DATA.lines().filter(|line| line.contains('\t')).count();
        let counts = KINDS.map(|(kind, _)| of_kind(kind).count());
        assert!(counts.iter().all(|count| *count > 50), "{counts:?}");
        assert_eq!(counts.iter().sum::<usize>(), lines);
    }

    #[test]
    fn a_code_means_one_emoji() {
        let mut seen = std::collections::HashMap::new();
        for emoji in KINDS.iter().flat_map(|(kind, _)| of_kind(kind)) {
            assert!(!emoji.glyph.is_empty() && !emoji.name.is_empty(), "{}", emoji.codes);
            for code in emoji.codes.split(' ') {
                let other = seen.insert(code.to_owned(), emoji.glyph);
                assert_eq!(other, None, "{code} is {} too", emoji.glyph);
            }
        }
    }
}
