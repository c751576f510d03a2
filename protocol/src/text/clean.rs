//! Takes out of a text what cannot be seen and can do harm.

/// Marks that may follow one another; more only climb over the neighbouring lines.
#[cfg(feature = "server")]
const MAX_MARKS: usize = 4;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    One,
    Many,
}

/// What is taken out is so before the rest is normalised: it would keep apart what belongs together, and marks could
/// climb as high as they like.
pub(super) fn clean(text: &str, lines: Lines) -> String {
    match lines {
        Lines::One => {
            let seen = text.chars().map(as_space).filter(|c| !is_harmful(*c) && !is_filler(*c));
            normalise(seen).split_whitespace().collect::<Vec<_>>().join(" ")
        }
        Lines::Many => {
            let text =
                text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
            let seen = normalise(text.chars().filter(|c| !is_harmful(*c)));
            // Spaces before the first word may be the indentation of code; empty lines are not.
            seen.trim_end().trim_start_matches('\n').to_owned()
        }
    }
}

/// Control characters and line breaks separate words in a text of one line.
fn as_space(c: char) -> char {
    if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }
}

/// Controls, marks and overrides of direction (UAX #9), interlinear annotations, byte order marks
/// and noncharacters. Joiners stay: emoji and several scripts are written with them.
fn is_harmful(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Nothing to see (Default_Ignorable_Code_Point, and a Braille pattern without a dot), letters by their category or
/// not yet given out: a name of these would be a name of nothing.
fn is_filler(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
    )
}

pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace() || is_filler(c) || matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
    })
}

#[cfg(feature = "server")]
fn normalise(text: impl Iterator<Item = char>) -> String {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
    let text: String = text.collect();
    // Such a text is as it should be.
    if text.is_ascii() {
        return text;
    }
    let mut marks = 0;
    text.nfc()
        .filter(|c| {
            marks = if is_combining_mark(*c) { marks + 1 } else { 0 };
            marks <= MAX_MARKS
        })
        .collect()
}

#[cfg(not(feature = "server"))]
fn normalise(text: impl Iterator<Item = char>) -> String {
    text.collect()
}

#[cfg(feature = "server")]
pub(super) fn visible_length(text: &str) -> usize {
    // Of these, only a line break is of two.
    if text.is_ascii() && !text.contains('\r') {
        return text.len();
    }
    unicode_segmentation::UnicodeSegmentation::graphemes(text, true).count()
}

/// A browser has no tables here, so it lets pass what might be short enough: the server decides.
#[cfg(not(feature = "server"))]
pub(super) fn visible_length(text: &str) -> usize {
    let joined = text.chars().filter(|c| matches!(c, '\u{200d}')).count();
    let alone = |c: &char| {
        !matches!(c, '\u{200d}' | '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e007f}')
            && c.is_alphanumeric() | c.is_ascii()
    };
    text.chars().filter(alone).count().saturating_sub(joined)
}

#[cfg(all(test, feature = "server"))]
mod tests {
    use unicode_normalization::UnicodeNormalization;
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;

    #[test]
    fn what_needs_no_table_is_as_the_tables_have_it() {
        for first in '\0'..='\u{7f}' {
            for second in '\0'..='\u{7f}' {
                let text = String::from_iter([first, second]);
                assert_eq!(normalise(text.chars()), text.nfc().collect::<String>(), "{text:?}");
                assert_eq!(visible_length(&text), text.graphemes(true).count(), "{text:?}");
            }
        }
    }
}
