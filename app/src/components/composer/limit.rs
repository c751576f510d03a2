//! How much more fits into a message. Pure: who can count characters does it.

use protocol::Body;

/// Of the limit: only then it is worth a word.
const NEAR_PERCENT: u64 = 90;

/// Characters that still fit, negative if there are too many; `None` while the limit is far.
///
/// Both limits count, each in characters: of so many bytes a character takes as many as those of
/// this text do on average.
pub(super) fn left(text: &str, count: impl FnOnce(&str) -> usize) -> Option<i64> {
    // No text has more characters than bytes, so most need not be counted.
    if !is_near(text.len(), Body::MAX as usize) {
        return None;
    }
    let text = Body::clean(text);
    // What is far over the limit need not be counted well.
    let far = text.len() > 4 * Body::MAX_BYTES;
    let characters = if far { text.chars().count() } else { count(&text) };
    if !is_near(characters, Body::MAX as usize) && !is_near(text.len(), Body::MAX_BYTES) {
        return None;
    }
    let (characters, bytes) = (signed(characters), signed(text.len()));
    let by_bytes = (signed(Body::MAX_BYTES) - bytes) * characters;
    Some((i64::from(Body::MAX) - characters).min(by_bytes.div_euclid(bytes)))
}

fn is_near(length: usize, max: usize) -> bool {
    length as u64 * 100 > max as u64 * NEAR_PERCENT
}

fn signed(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One character of 25 bytes.
    const FAMILY: &str = "👩‍👩‍👧‍👦";

    #[test]
    fn the_last_tenth_is_counted_down_and_what_is_too_much_after_it() {
        let one_each = |text: &str| text.chars().filter(|c| *c != '\u{301}').count();
        let families = |text: &str| text.len() / FAMILY.len();
        for (text, count, expected) in [
            (String::new(), one_each as fn(&str) -> usize, None),
            ("x".repeat(3600), one_each, None),
            ("x".repeat(3601), one_each, Some(399)),
            ("x".repeat(4000), one_each, Some(0)),
            ("x".repeat(4001), one_each, Some(-1)),
            // Accents of their own are no characters.
            ("e\u{301}".repeat(3600), one_each, None),
            ("e\u{301}".repeat(3962), one_each, Some(38)),
            // What is not sent does not count.
            (format!("\n\n{}\n\u{202e}", "x".repeat(3999)), one_each, Some(1)),
            // 16 KiB hold 655 of these.
            (FAMILY.repeat(500), families, None),
            (FAMILY.repeat(655), families, Some(0)),
            (FAMILY.repeat(656), families, Some(-1)),
            (FAMILY.repeat(800), families, Some(-145)),
        ] {
            assert_eq!(left(&text, count), expected, "{} bytes", text.len());
        }
    }

    #[test]
    fn far_over_the_limit_nobody_counts() {
        assert_eq!(left(&"x".repeat(100_000), |_| unreachable!()), Some(-96_000));
    }
}
