//! How people and rooms look without a picture: pattern, initials and, where nobody has a mark, colour from a
//! hash, so that the same name looks the same to everyone.

/// FNV-1a. What people remember of a name is its colour, so this must not change.
fn hash(text: &str) -> u32 {
    text.chars()
        .flat_map(char::to_lowercase)
        .fold(0x811c_9dc5, |hash, c| (hash ^ u32::from(c)).wrapping_mul(0x0100_0193))
}

/// One of ten.
pub(crate) fn hue(text: &str) -> u32 {
    hash(text) % 10
}

/// One of eight.
pub(crate) fn pattern(code: &str) -> u32 {
    (hash(code) >> 16) % 8
}

/// Of the first and the last word.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next();
    let letters =
        [first, words.next_back()].into_iter().flatten().filter_map(|word| word.chars().next());
    letters.flat_map(char::to_uppercase).collect()
}

/// Whether all of it is drawn within its line, whatever font has it: letters without marks to be piled
/// on them, in scripts that are as high as Latin; ideographs; emoji.
pub(crate) fn is_low(text: &str) -> bool {
    text.chars().all(|c| {
        matches!(c,
            '\0'..='\u{24f}'
            | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}'
            | '\u{1e00}'..='\u{1fff}'
            | '\u{2010}'..='\u{2027}' | '\u{20a0}'..='\u{20bf}' | '\u{2190}'..='\u{21ff}'
            | '\u{2600}'..='\u{27bf}' | '\u{fe0f}' | '\u{200d}' | '\u{1f300}'..='\u{1faff}'
            | '\u{3000}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a0}'..='\u{30ff}'
            | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff9d}')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        for (name, letters) in
            [("Ana", "A"), ("quiet otter", "QO"), ("Ana de Souza", "AS"), ("", ""), ("美咲", "美")]
        {
            assert_eq!(initials(name), letters, "{name:?}");
        }
    }

    #[test]
    fn what_may_be_drawn_beyond_its_line_is_told() {
        for (text, low) in [
            ("See https://tides.example/ – 10 € 👩🏽‍🚀", true),
            ("Über Straßen, Ελλάδα, Київ, Việt, 東京、ラーメン, 서울", true),
            ("e\u{301}\u{301}\u{301}", false),
            ("ก็็็", false),
            ("か\u{3099}\u{3099}", false),
            ("к\u{488}", false),
            ("\u{12432}", false),
            ("\u{fdfd}", false),
        ] {
            assert_eq!(is_low(text), low, "{text:?}");
        }
    }

    #[test]
    fn a_name_keeps_its_colour_in_any_letter_case() {
        assert_eq!(hue("Ana"), hue("ANA"));
        assert!((0..10).contains(&hue("Ana")) && pattern("KMRT") < 8);
    }
}
