//! What every language must be.

use std::collections::{BTreeMap, BTreeSet};

use protocol::Language;

use super::{Catalogue, Category, Words, catalogue};
use crate::LocalTime;

/// Its name, its template, and its places with what each takes.
pub(super) type Sentence = (&'static str, &'static str, Vec<(&'static str, &'static str)>);

fn all(words: &Catalogue) -> Vec<&'static str> {
    words.all().into_iter().chain(words.live.all()).chain(words.hosting.all()).collect()
}

fn sentences(words: &Catalogue) -> Vec<Sentence> {
    let Catalogue { live, hosting, .. } = words;
    [words.sentences(), live.sentences(), hosting.sentences()].concat()
}

fn forms(words: &Catalogue) -> Vec<&'static str> {
    words.live.forms.split('|').collect()
}

/// The places of one form, and whether it is well-formed.
fn places(form: &str) -> Option<BTreeSet<&str>> {
    let mut parts = form.split('{');
    let before = parts.next()?;
    let mut places = BTreeSet::new();
    for part in parts {
        let (place, after) = part.split_once('}')?;
        places.insert(place);
        if after.contains('}') {
            return None;
        }
    }
    (!before.contains('}')).then_some(places)
}

/// What is wrong with a template.
fn flaw((name, template, expected): &Sentence, forms: usize) -> Option<String> {
    let counts = expected.iter().any(|(_, put)| *put == "Count");
    let written: Vec<_> = template.split('|').collect();
    if written.len() != 1 && !(counts && written.len() == forms) {
        return Some(format!("{name} has {} forms", written.len()));
    }
    let last = written.len() - 1;
    written.iter().enumerate().find_map(|(at, form)| {
        let Some(places) = places(form) else { return Some(format!("{name}: {form:?}")) };
        let known = |place: &&str| expected.iter().any(|(name, _)| name == place);
        // A form for one number alone may have it as a word.
        let may_lack = |put: &str| put == "Count" && at < last;
        let lacks = |(place, put): &&(&str, &str)| !may_lack(put) && !places.contains(place);
        if let Some(strange) = places.iter().find(|place| !known(place)) {
            Some(format!("{name}: {strange} in {form:?}"))
        } else {
            expected.iter().find(lacks).map(|(place, _)| format!("{name}: no {place} in {form:?}"))
        }
    })
}

#[test]
fn every_sentence_has_its_places_and_its_forms() {
    for language in Language::ALL {
        let words = catalogue(language);
        let forms = forms(words).len();
        assert_eq!(words.hosting.forms, words.live.forms, "{language:?}");
        for sentence in sentences(words) {
            assert_eq!(flaw(&sentence, forms), None, "{language:?}");
        }
    }
}

#[test]
fn a_template_that_is_wrong_is_found() {
    let sentence = |template, counts| {
        let places =
            if counts { vec![("name", "Name"), ("n", "Count")] } else { vec![("name", "Name")] };
        ("test", template, places)
    };
    for (template, counts, is_wrong) in [
        ("{name} says", false, false),
        ("says", false, true),
        ("{name} {other}", false, true),
        ("{name", false, true),
        ("{name} }", false, true),
        ("{name}|{name}", false, true),
        ("{name} one|{name} {n}", true, false),
        ("{name} {n}", true, false),
        ("{name} {n}|{name} many", true, true),
        ("one|{name} {n}", true, true),
        ("{name}|{name}|{name} {n}", true, true),
    ] {
        assert_eq!(flaw(&sentence(template, counts), 2).is_some(), is_wrong, "{template}");
    }
}

#[test]
fn every_text_says_something_and_only_sentences_have_places() {
    for language in Language::ALL {
        let words = catalogue(language);
        let templates: Vec<_> = sentences(words).into_iter().map(|one| one.1).collect();
        let lists = [words.live.forms, words.live.weekdays, words.live.months];
        for text in all(words) {
            assert!(!text.is_empty() && text.trim() == text, "{language:?}: {text:?}");
            if !templates.contains(&text) {
                assert!(!text.contains(['{', '}']), "{language:?}: {text:?}");
                assert!(lists.contains(&text) || !text.contains('|'), "{language:?}: {text:?}");
            }
        }
        let counts = lists.map(|list| list.split('|').count());
        assert_eq!(counts[1..], [7, 12], "{language:?}");
    }
}

#[test]
fn what_the_page_brings_along_is_what_the_server_has() {
    for language in Language::ALL {
        let words = &catalogue(language).live;
        let sent: Vec<_> = words.all().map(str::to_owned).into();
        let received = Words::received(sent.clone(), words.rule);
        assert_eq!(received.map(Words::all), Some(words.all()));
        assert!(Words::received(sent[1..].to_vec(), words.rule).is_none());
    }
}

#[test]
fn a_category_is_found_by_its_name() {
    for language in Language::ALL {
        let words = catalogue(language);
        let named: Vec<_> = forms(words).into_iter().map(Category::parse).collect();
        assert!(named.iter().all(Option::is_some), "{named:?}");
        let used: BTreeSet<_> =
            (0..2000).chain([1_000_000]).map(|n| (words.live.rule)(n).as_str()).collect();
        assert_eq!(used, forms(words).into_iter().collect(), "{language:?}");
    }
}

const PLURALS: &str = include_str!("plurals.json");

/// A story in the browsers holds theirs to the same.
#[test]
fn the_rules_for_numbers_are_cldrs() {
    type Known = BTreeMap<String, BTreeMap<String, Vec<u32>>>;
    let known: Known = protocol::decode(PLURALS).unwrap_or_default();
    for language in Language::ALL {
        let words = catalogue(language);
        let categories = &known[language.tag()];
        let named: BTreeSet<_> = categories.keys().map(String::as_str).collect();
        assert_eq!(named, forms(words).into_iter().collect(), "{language:?}");
        for (category, counts) in categories {
            for count in counts {
                let found = (words.live.rule)(*count).as_str();
                assert_eq!(found, category, "{count} in {language:?}");
            }
        }
    }
}

#[test]
fn arabic_has_no_word_of_english() {
    let (ours, theirs) = (catalogue(Language::Arabic), catalogue(Language::English));
    let same: Vec<_> = all(ours).into_iter().zip(all(theirs)).filter(|(a, b)| a == b).collect();
    // A code, and what has nothing but places.
    let bare =
        ["ABCD", "{day} {month}", "{day} {month} {year}", "{author}: {text}", "{does}: {what}"];
    assert_eq!(same, bare.map(|text| (text, text)));
}

#[test]
fn sentences_follow_their_language() {
    let time = LocalTime { year: 2026, month: 10, day: 13, hour: 8, minute: 5, hours: None };
    for (language, counts, two_type, said) in [
        (
            Language::English,
            ["1 message", "2 messages", "3 messages", "11 messages", "100 messages"],
            "Ana and Bo are typing",
            "Tuesday 13 October 2026, 08:05",
        ),
        (
            Language::German,
            ["1 Nachricht", "2 Nachrichten", "3 Nachrichten", "11 Nachrichten", "100 Nachrichten"],
            "Ana und Bo schreiben",
            "Dienstag, 13. Oktober 2026, 08:05",
        ),
        (
            Language::Spanish,
            ["1 mensaje", "2 mensajes", "3 mensajes", "11 mensajes", "100 mensajes"],
            "Ana y Bo están escribiendo",
            "martes, 13 de octubre de 2026, 08:05",
        ),
        (
            Language::Arabic,
            ["رسالة واحدة", "رسالتان", "3 رسائل", "11 رسالة", "100 رسالة"],
            "Ana وBo يكتبان",
            "الثلاثاء، 13 أكتوبر 2026، 08:05",
        ),
    ] {
        let words = &catalogue(language).live;
        assert_eq!([1, 2, 3, 11, 100].map(|count| words.messages(count)), counts);
        let typing = words.typing(&["Ana", "Bo"]).replace(['\u{2068}', '\u{2069}'], "");
        assert_eq!((typing.as_str(), words.moment(time).as_str()), (two_type, said));
    }
    let spanish = &catalogue(Language::Spanish).live;
    assert_eq!(spanish.messages(1_000_000), "1000000 de mensajes");
}

#[test]
fn what_somebody_wrote_keeps_its_direction_inside_of_a_sentence() {
    let words = catalogue(Language::English);
    assert_eq!(words.live.typing(&["\u{5d0}!"]), "\u{2068}\u{5d0}!\u{2069} is typing");
    assert_eq!(words.message_to("{room}|"), "Message \u{2068}{room}|\u{2069}");
}
