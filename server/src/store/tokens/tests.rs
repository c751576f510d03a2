//! What is found by what, in the scripts people write.

use proptest::prelude::*;

use super::*;

#[test]
fn a_text_is_known_by_its_words() {
    for (text, words) in [
        ("", ""),
        (" …!? ", ""),
        ("Hello, WORLD!", "hello world"),
        ("it's 3:45 – *not* yet", "it s 3 45 not yet"),
        ("Größe, Straße und ÖL", "grosse strasse und ol"),
        ("Ça coûte cher, n'est-ce pas", "ca coute cher n est ce pas"),
        ("Łódź, Ærø, Đà Nẵng, œuvre", "lodz aero da nang oeuvre"),
        ("İstanbul ILIK ılık", "istanbul ilik ilik"),
        ("Ὀδυσσεύς ΟΔΥΣΣΕΥΣ", "οδυσσευσ οδυσσευσ"),
        ("Ёлка и йод", "елка и иод"),
        ("ﬁne ＡＢＣ１２ x² №", "fine abc12 x2 no"),
        ("明日の会議室は三階", "明日 日の の会 会議 議室 室は は三 三階 階"),
        ("会", "会"),
        ("会、議。", "会 議"),
        ("iPhone15を買う", "iphone15 を買 買う う"),
        ("パパとﾊﾟﾊﾟ、はは", "パパ パと とパ パパ パ はは は"),
        ("人々", "人々 々"),
        ("สวัสดี", "สว วั ัส สด ดี ี"),
        ("안녕하세요 친구", "안녕 녕하 하세 세요 요 친구 구"),
        ("ㅋㅋㅋ", "ᄏᄏᄏ"),
        ("مَرْحَبًا أهلاً مـــرحبا", "مرحبا اهلا مرحبا"),
        ("می‌خواهم", "میخواهم"),
        ("שָׁלוֹם", "שלום"),
        ("हिन्दी में", "हिन्दी में"),
        ("so🎉🎉 👍🏽 ❤️ 👩‍💻", "so 🎉 🎉 👍 ❤ 👩 💻"),
        ("🇩🇪 1️⃣", "🇩 🇪 1"),
        ("```let v = Vec::<u8>::new();```", "let v vec u8 new"),
        ("foo_bar(baz->qux[0])", "foo bar baz qux 0"),
        ("https://example.org/a?b=c%20d", "https example org a b c 20d"),
        ("a\0b\u{1}c", "a b c"),
    ] {
        assert_eq!(tokens(text), words, "{text}");
    }
}

#[test]
fn a_long_word_is_known_by_its_beginning() {
    for letter in ["x", "ж", "𐐨"] {
        let found = tokens(&format!("{} y", letter.repeat(5000)));
        assert_eq!(found, format!("{} y", letter.repeat(LONGEST / letter.len())));
    }
}

proptest! {
    #[test]
    fn whatever_is_written_makes_words_that_any_database_takes(text in any::<String>()) {
        let found = tokens(&text);
        for word in found.split(' ').filter(|_| !found.is_empty()) {
            prop_assert!((1..=LONGEST).contains(&word.len()), "{:?}", word);
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || !c.is_ascii();
            prop_assert!(word.chars().all(plain), "{:?}", word);
            // Who types the word asks for the word.
            let mut again = tokens(word);
            again.push(' ');
            prop_assert!(again.starts_with(&format!("{word} ")), "{:?} {:?}", word, again);
        }
    }

    #[test]
    fn a_word_is_found_in_any_accent_and_case(text in "[a-zA-ZÀ-ÖØ-öĀ-ňα-ω]{1,30}") {
        prop_assert_eq!(tokens(&text.to_uppercase()), tokens(&text.to_lowercase()));
        let taken_apart: String = text.nfd().collect();
        prop_assert_eq!(tokens(&taken_apart), tokens(&text));
    }
}

#[test]
fn no_text_grows_beyond_its_measure() {
    for piece in ["a", "é", "会", "ﷺ", "a\u{301}\u{327}", "🎉", "会a"] {
        let mut text = String::new();
        while text.len() < 16 * 1024 {
            text.push_str(piece);
        }
        // The most is the formula of praise: 18 letters in one of three bytes.
        assert!(tokens(&text).len() <= 12 * text.len(), "{piece}");
    }
}
