//! Whether a message is nothing but a few emoji. Ranges instead of tables, so that a browser can say
//! it too; a character that nobody sends by itself may be on the wrong side of them.

use std::{iter::Peekable, str::Chars};

const MOST: usize = 3;
/// Families and kisses have four parts.
const MOST_JOINED: usize = 5;

const JOINER: char = '\u{200d}';
/// Says: as a picture, not as a letter.
const PICTURE: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';

/// One to three emoji, and nothing else but spaces.
pub fn is_big(text: &str) -> bool {
    let mut chars = text.chars().peekable();
    let mut found = 0;
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        found += 1;
        if found > MOST || !is_emoji(c, &mut chars) {
            return false;
        }
    }
    found > 0
}

/// One that begins with `first` (UTS #51, ED-17), taken to its end.
fn is_emoji(first: char, rest: &mut Peekable<Chars<'_>>) -> bool {
    if is_flag(&first) {
        return rest.next_if(is_flag).is_some();
    }
    if matches!(first, '0'..='9' | '#' | '*') {
        rest.next_if_eq(&PICTURE);
        return rest.next_if_eq(&KEYCAP).is_some();
    }
    let mut part = first;
    for joined in 0..MOST_JOINED {
        let signed = rest.next_if(|c| *c == PICTURE || is_skin(c)).is_some();
        // Beside a joiner, ♀ and ❤ are often sent without the sign.
        let pictured = signed || joined > 0 || rest.peek() == Some(&JOINER);
        if !(is_picture(part) || pictured && is_symbol(part)) {
            return false;
        }
        while rest.next_if(is_region).is_some() {}
        if rest.next_if_eq(&JOINER).is_none() {
            return true;
        }
        let Some(next) = rest.next() else { return false };
        part = next;
    }
    false
}

fn is_skin(c: &char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

/// The invisible letters in the flag of a region.
fn is_region(c: &char) -> bool {
    matches!(c, '\u{e0020}'..='\u{e007f}')
}

fn is_flag(c: &char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// Drawn as a picture by itself.
fn is_picture(c: char) -> bool {
    matches!(c,
        '\u{1f004}' | '\u{1f0cf}' | '\u{1f18e}' | '\u{1f191}'..='\u{1f19a}' | '\u{1f201}' | '\u{1f21a}' | '\u{1f22f}'
        | '\u{1f232}'..='\u{1f23a}' | '\u{1f250}' | '\u{1f251}' | '\u{1f300}'..='\u{1f64f}' | '\u{1f680}'..='\u{1f6ff}'
        | '\u{1f7e0}'..='\u{1f7f0}' | '\u{1f90c}'..='\u{1f9ff}' | '\u{1fa70}'..='\u{1faff}'
        | '⌚' | '⌛' | '⏩'..='⏳' | '◽' | '◾' | '☔' | '☕' | '♈'..='♓' | '♿' | '⚓' | '⚡' | '⚪' | '⚫' | '⚽'
        | '⚾' | '⛄' | '⛅' | '⛎' | '⛔' | '⛪' | '⛲' | '⛳' | '⛵' | '⛺' | '⛽' | '✅' | '✊' | '✋' | '✨' | '❌'
        | '❎' | '❓'..='❕' | '❗' | '➕'..='➗' | '➰' | '➿' | '⬛' | '⬜' | '⭐' | '⭕')
}

/// Drawn as one when the sign for it follows.
fn is_symbol(c: char) -> bool {
    is_picture(c)
        || matches!(c,
            '©' | '®' | '‼' | '⁉' | '™' | 'ℹ' | 'Ⓜ' | '〰' | '〽' | '㊗' | '㊙'
            | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{27bf}' | '\u{2934}' | '\u{2935}'
            | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1f2ff}')
}
