//! Codes for new rooms: random, and without words that nobody wants on a blackboard.

use protocol::RoomCode;

/// As many as the store may look at to find a free one.
const CANDIDATES: usize = 16;
const LENGTH: usize = 5;

/// Rude or unkind words of the code's letters, in several languages; also inside of longer codes.
const WORDS: &[&str] = &[
    "ABUSE", "ANUS", "ARSE", "ASS", "BASTA", "BEAT", "BUMS", "BUTT", "CRAP", "CRUD", "CUM", "CUNT",
    "DAMN", "DEAD", "DEATH", "DRUG", "DUMB", "DYKE", "FAG", "FART", "FAT", "FUCK", "FUK", "FUX",
    "GAS", "GAY", "GUN", "HATE", "HURE", "JAP", "JERK", "JEW", "KKK", "KYS", "MERDE", "MUFF",
    "NAZ", "NEGR", "NUDE", "NUTS", "PEE", "PUTA", "PUTE", "RAPE", "SATAN", "SAU", "SEX", "SKANK",
    "SUCK", "TARD", "TRASH", "TURD", "TWAT", "VERGA", "WANK", "WAR", "WEAK", "XXX",
];

/// Letters are drawn evenly: a byte that would favour the first ones is drawn again.
pub(super) fn candidates() -> Result<Vec<RoomCode>, getrandom::Error> {
    let mut codes = Vec::with_capacity(CANDIDATES);
    while codes.len() < CANDIDATES {
        let mut bytes = [0; 4 * LENGTH];
        getrandom::fill(&mut bytes)?;
        codes.extend(code(&bytes));
    }
    Ok(codes)
}

fn code(bytes: &[u8]) -> Option<RoomCode> {
    let letters = RoomCode::ALPHABET;
    let even = usize::from(u8::MAX) / letters.len() * letters.len();
    let drawn = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < even);
    let text: String =
        drawn.take(LENGTH).map(|byte| char::from(letters[byte % letters.len()])).collect();
    let code = RoomCode::parse(&text)?;
    (text.len() == LENGTH && !is_rude(&text)).then_some(code)
}

fn is_rude(code: &str) -> bool {
    WORDS.iter().any(|word| code.contains(word))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn candidates_are_many_different_and_long_enough() {
        let codes = candidates().unwrap();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), CANDIDATES);
        assert!(codes.iter().all(|code| code.as_str().len() == LENGTH));
    }

    #[test]
    fn rude_words_are_found_anywhere() {
        for rude in ["FUCKY", "XFUCK", "ASSEX", "CUNTS", "HATER"] {
            assert!(is_rude(rude), "{rude}");
        }
        for fine in ["KMRTS", "TREES", "MANGS", "SUNNY"] {
            assert!(!is_rude(fine), "{fine}");
        }
    }

    #[test]
    fn every_word_can_come_up() {
        for word in WORDS {
            assert!(
                word.len() <= LENGTH && word.bytes().all(|b| RoomCode::ALPHABET.contains(&b)),
                "{word}"
            );
        }
    }

    #[test]
    fn letters_are_even_and_a_short_draw_is_no_code() {
        let every: Vec<u8> = (0..=u8::MAX).collect();
        let mut count = [0; 22];
        for byte in every.iter().filter(|byte| **byte < 242) {
            count[usize::from(*byte) % 22] += 1;
        }
        assert_eq!(count, [11; 22]);
        assert_eq!(code(&[255; 20]), None);
        assert_eq!(code(&[0, 1, 255, 242, 2, 3, 4]).unwrap().as_str(), "ABCDE");
    }
}
