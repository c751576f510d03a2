//! The words that search knows a text by, the same for every database. Pure. Stored in an index, so a
//! change here needs a migration that makes it anew.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use protocol::Content;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Of one word, in bytes; the rest of it is not looked at. PostgreSQL refuses words over 2,046.
const LONGEST: usize = 120;

/// What search knows of a message.
pub(crate) fn words(content: &Content) -> String {
    match content {
        Content::Text(body) => tokens(body.as_str()),
        Content::Removed => String::new(),
    }
}

/// Separated by single spaces, in the order of the text. Letters are small and without accents. What is
/// written without spaces, as Chinese or Thai, becomes overlapping pairs and the last letter, so that a
/// word in the midst of it is found. An emoji is a word by itself.
pub(crate) fn tokens(text: &str) -> String {
    let mut words = Words { found: String::with_capacity(text.len()), word: 0, before: None };
    folded(text).chars().for_each(|c| words.take(c));
    words.end();
    // The space behind the last.
    words.found.pop();
    words.found
}

struct Words {
    /// Those that ended, and at the end the one that has not.
    found: String,
    /// Where that one begins.
    word: usize,
    /// The letter before, if it is of an unspaced script: it waits for its pair.
    before: Option<char>,
}

impl Words {
    fn take(&mut self, c: char) {
        if is_emoji(c) {
            self.end();
            self.found.push(c);
            self.end();
        } else if !c.is_alphanumeric() && !is_combining_mark(c) {
            self.end();
        } else if is_unspaced(c) {
            match self.before.replace(c) {
                Some(before) => {
                    self.found.extend([before, c]);
                    self.close();
                }
                None => self.close(),
            }
        } else {
            if self.before.is_some() {
                self.end();
            }
            self.found.push(c);
        }
    }

    fn end(&mut self) {
        self.found.extend(self.before.take());
        self.close();
    }

    fn close(&mut self) {
        self.found.truncate(self.found.floor_char_boundary(self.word + LONGEST));
        if self.found.len() > self.word {
            self.found.push(' ');
            self.word = self.found.len();
        }
    }
}

/// As one would type it in haste: small letters, no accents, one form for what looks alike.
fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            text.to_ascii_lowercase().into()
        } else {
            text.into()
        };
    }
    let bare = text.nfkd().filter(|c| !is_accent(*c) && !is_ignored(*c));
    bare.flat_map(char::to_lowercase).flat_map(plain).nfc().collect::<String>().into()
}

/// Marks that a search does without: of Latin, Greek and Cyrillic, the vowels of Hebrew and Arabic, what
/// encloses a digit. Those of other scripts make another letter or word.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
}

/// Joiners, soft hyphens, the Arabic line that only stretches a word, and variants of emoji.
fn is_ignored(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{640}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e01ef}')
}

/// Letters that Unicode does not take apart, though people do.
fn plain(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'ø' => ('o', None),
        'ł' => ('l', None),
        'đ' => ('d', None),
        'ı' => ('i', None),
        'ς' => ('σ', None),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}'
        | '\u{1f000}'..='\u{1faff}')
        && !c.is_alphanumeric()
}

/// Of scripts that put no space between words; Korean ones have endings that belong to none.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
