//! What a text is parsed to.

use super::*;

fn name(text: &str) -> Result<String, TextError> {
    PersonName::parse(text).map(String::from)
}

fn body(text: &str) -> Result<String, TextError> {
    Body::parse(text).map(String::from)
}

#[test]
fn a_name_is_one_clean_line() {
    for (typed, kept) in [
        ("Ana", Ok("Ana")),
        ("  Ana \t Bo\n", Ok("Ana Bo")),
        ("A\u{202e}na", Ok("Ana")),
        ("A\u{0}na", Ok("A na")),
        ("\u{feff}Ana\u{200b}", Ok("Ana")),
        ("", Err(TextError::Empty)),
        (" \u{a0}\u{3000} ", Err(TextError::Empty)),
        ("\u{3164}\u{115f}", Err(TextError::Empty)),
        ("\u{fff6}\u{1bca0}\u{1d173}", Err(TextError::Empty)),
        ("\u{202e}\u{202d}", Err(TextError::Empty)),
        ("👩‍👩‍👧‍👦", Ok("👩‍👩‍👧‍👦")),
        ("abcdefghijklmnopqrstu", Err(TextError::TooLong { max: 20 })),
    ] {
        assert_eq!(name(typed), kept.map(str::to_owned), "{typed:?}");
    }
}

#[test]
fn a_body_keeps_its_lines_and_inner_spaces() {
    for (typed, kept) in [
        ("Hi", Ok("Hi")),
        ("one\r\ntwo\rthree\u{2028}four", Ok("one\ntwo\nthree\nfour")),
        ("\n\n  if x {\n\t  y\n}\n\n", Ok("  if x {\n\t  y\n}")),
        ("a\u{1b}[31mb\u{202e}c", Ok("a[31mbc")),
        ("\n \n", Err(TextError::Empty)),
        ("\u{200d}\u{fe0f}", Err(TextError::Empty)),
    ] {
        assert_eq!(body(typed), kept.map(str::to_owned), "{typed:?}");
    }
}

#[test]
fn lengths_are_limits_in_characters_and_in_bytes() {
    assert!(body(&"x".repeat(4000)).is_ok());
    assert_eq!(body(&"x".repeat(4001)), Err(TextError::TooLong { max: 4000 }));
    assert_eq!(body(&"𝒳".repeat(4097)), Err(TextError::TooLong { max: 4000 }));
    assert_eq!(body(&"x".repeat(10_000_000)), Err(TextError::TooLong { max: 4000 }));
}

#[cfg(feature = "server")]
#[test]
fn the_server_composes_counts_graphemes_and_caps_marks() {
    assert_eq!(name("Zoe\u{308}"), Ok("Zoë".into()));
    assert_eq!(name(&"é".repeat(20)), Ok("é".repeat(20)));
    assert_eq!(name(&"👍🏽".repeat(10)), Ok("👍🏽".repeat(10)));
    for hidden in ['\u{200b}', '\u{feff}', '\u{202e}', '\u{0}', '\u{7f}'] {
        let marks = "\u{317}".repeat(4);
        assert_eq!(
            body(&format!("a{marks}{hidden}{marks}")),
            Ok(format!("a{marks}")),
            "{hidden:?}"
        );
        assert_eq!(body(&format!("Zoe{hidden}\u{308}")), Ok("Zoë".into()), "{hidden:?}");
    }
    let climbing = format!("a{}", "\u{317}".repeat(1000));
    assert_eq!(body(&climbing).map(|text| text.chars().count()), Ok(5));
}

#[cfg(feature = "server")]
#[test]
fn names_that_are_taken_for_each_other_are_alike_and_no_others() {
    let skeletons = |text: &str| {
        let name = PersonName::parse(text);
        name.map(|name| name.skeletons()).unwrap_or_else(|error| panic!("{text}: {error:?}"))
    };
    for (one, other, alike) in [
        // In another case, or with other spaces.
        ("Ana", "ana", true),
        ("Ian", "ian", true),
        ("IAN", "ian", true),
        ("АННА", "анна", true),
        ("ΝΙΚΟΣ", "Νικος", true),
        ("Groß", "GROSS", true),
        ("An na", "Anna", true),
        // As they are written.
        ("Al", "AI", true),
        ("Ian", "lan", true),
        ("Ian", "1an", true),
        ("BOB", "ВОВ", true),
        ("TOM", "ТОМ", true),
        ("ANA", "ΑΝΑ", true),
        ("Ana", "Аna", true),
        ("Bob", "Вob", true),
        ("paypal", "раураl", true),
        // In another case than they are written.
        ("Bob", "ВОВ", true),
        ("Tom", "ТОМ", true),
        ("Ana", "ΑΝΑ", true),
        ("Martin", "МАRТIN", true),
        ("Host", "НОЅТ", true),
        ("Admin", "АDМІΝ", true),
        ("Parley", "РАRLЕΥ", true),
        ("PayPal", "раураl", true),
        ("DAVE", "daνe", true),
        ("BOB", "b0b", true),
        ("Jim0", "jirno", true),
        // Alike to a machine that goes from one to the next, and to nobody else.
        ("Ian", "Lan", false),
        ("AL", "AI", false),
        ("Ali", "All", false),
        ("Neil", "Nell", false),
        ("Kai", "Kal", false),
        ("Ana", "Anna", false),
        ("Ana", "Añа", false),
        ("Dave", "Dane", false),
        ("Mary", "Marr", false),
        ("Гена", "Уена", false),
        ("Анна", "Алла", false),
        ("Вова", "Baba", false),
        ("Νικη", "Niki", false),
        ("Bob", "Bob 2", false),
        ("🦊", "🐺", false),
    ] {
        let [one, other] = [one, other].map(|text| (text, skeletons(text)));
        assert_eq!(one.1.are_alike(&other.1), alike, "{one:?} {other:?}");
        assert_eq!(other.1.are_alike(&one.1), alike, "{other:?} {one:?}");
        assert!(one.1.shared(&one.1) == 3 && other.1.shared(&other.1) == 3);
    }
}

#[cfg(feature = "server")]
#[test]
fn who_is_called_so_is_more_alike_than_who_looks_so() {
    let shared = |one, other| Skeletons::of(one).shared(&Skeletons::of(other));
    assert_eq!((shared("lan", "Lan"), shared("lan", "Ian")), (2, 1));
    assert_eq!((shared("ВОВ", "ВОВ"), shared("ВОВ", "BOB")), (3, 2));
}

/// A database keeps what was made of the tables.
#[cfg(feature = "server")]
#[test]
fn with_other_tables_every_database_takes_a_step_that_makes_the_skeletons_anew() {
    assert_eq!(unicode_security::UNICODE_VERSION, (18, 0, 0));
}
