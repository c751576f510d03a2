//! How people and rooms look without a picture: colour, pattern and initials from a hash, so that
//! the same name looks the same to everyone.

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
#[cfg(any(test, feature = "ssr"))]
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
    fn a_name_keeps_its_colour_in_any_letter_case() {
        assert_eq!(hue("Ana"), hue("ANA"));
        assert!((0..10).contains(&hue("Ana")) && pattern("KMRT") < 8);
    }
}
