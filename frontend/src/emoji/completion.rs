//! Which word is being typed, what it could become, and what a search finds. Pure.

/// As many as are proposed.
pub(super) const MOST: usize = 6;
/// As many as are remembered.
const RECENT: usize = 16;
/// Before this nothing is proposed.
const SHORTEST: usize = 2;

/// What stands before the caret, which browsers count in UTF-16 units.
pub(super) fn before(text: &str, caret: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > caret
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// The shortcode that is being typed at the end of `text`: `smi` in `Hello :smi`.
pub(super) fn typed(text: &str) -> Option<String> {
    word(text).filter(|word| word.len() >= SHORTEST)
}

/// The shortcode that just ended: `smile` in `Hello :smile:`.
pub(super) fn finished(text: &str) -> Option<String> {
    text.strip_suffix(':').and_then(word)
}

/// After a colon that begins a word. Code is not a place for pictures.
fn word(text: &str) -> Option<String> {
    let (left, word) = text.rsplit_once(':')?;
    let in_word = left.ends_with(|c: char| c.is_ascii_alphanumeric() || c == ':');
    let in_code = left.bytes().filter(|byte| *byte == b'`').count() % 2 == 1;
    let of_code = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'-');
    let is_code = !word.is_empty() && word.bytes().all(of_code);
    (is_code && !in_word && !in_code).then(|| word.to_ascii_lowercase())
}

/// The best `MOST`, best first: those called exactly so, then those that begin so, then those with a
/// part that does, then the others; shorter ones first. `all` are codes as `:+1: :thumbsup:`. Each
/// result is a place in `all` and the code that was meant.
pub(super) fn propose<'a>(
    all: impl Iterator<Item = &'a str>,
    typed: &str,
) -> Vec<(usize, &'a str)> {
    let mut found: Vec<((u8, usize), usize, &str)> = Vec::new();
    for (at, codes) in all.enumerate() {
        let codes = codes.split(' ').map(|code| code.trim_matches(':'));
        let Some((rank, code)) = codes.filter_map(|code| Some((rank(code, typed)?, code))).min()
        else {
            continue;
        };
        let place = found.iter().position(|(other, ..)| rank < *other).unwrap_or(found.len());
        if place < MOST {
            found.insert(place, (rank, at, code));
            found.truncate(MOST);
        }
    }
    found.into_iter().map(|(_, at, code)| (at, code)).collect()
}

fn rank(code: &str, typed: &str) -> Option<(u8, usize)> {
    let at = code.find(typed)?;
    let rank = match at {
        0 if code.len() == typed.len() => 0,
        0 => 1,
        // One later in the code may stand at a part's beginning, which matters little.
        _ if code.as_bytes()[at - 1] == b'_' => 2,
        _ => 3,
    };
    Some((rank, code.len()))
}

/// A name, codes and further words, in the form that `Search` looks through.
pub(super) fn searchable(parts: &[&str]) -> String {
    format!(" {}", parts.join(" ")).to_lowercase().replace([':', '_'], " ")
}

/// What somebody looks for: every word of it begins a word of what is found.
pub(super) struct Search(Vec<String>);

impl Search {
    pub(super) fn new(query: &str) -> Self {
        let words = searchable(&[query]);
        Self(words.split_whitespace().map(|word| format!(" {word}")).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn finds(&self, searchable: &str) -> bool {
        self.0.iter().all(|word| searchable.contains(word))
    }
}

/// What was used last, newest first, after `used` was used again.
pub(super) fn recent(before: &str, used: &str) -> String {
    let others = before.split_whitespace().filter(|code| *code != used);
    std::iter::once(used).chain(others).take(RECENT).collect::<Vec<_>>().join(" ")
}

/// Where an arrow up or down leads in rows of different lengths: to the nearest in the next row. `place`
/// gives each one's top and left edge, in reading order.
pub(super) fn beside(
    place: impl Fn(usize) -> Option<(i32, i32)>,
    from: usize,
    down: bool,
) -> usize {
    let Some((top, left)) = place(from) else { return from };
    let (mut best, mut row, mut at) = ((from, i32::MAX), None, from);
    while let Some(next) = at.checked_add_signed(if down { 1 } else { -1 }) {
        let Some((its_top, its_left)) = place(next) else { break };
        at = next;
        if its_top == top {
            continue;
        }
        if *row.get_or_insert(its_top) != its_top {
            break;
        }
        let distance = (its_left - left).abs();
        if distance < best.1 {
            best = (next, distance);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_is_counted_as_browsers_do() {
        for (text, caret, expected) in [
            ("", 0, ""),
            ("abc", 0, ""),
            ("abc", 2, "ab"),
            ("abc", 9, "abc"),
            ("😀a", 2, "😀"),
            ("😀a", 3, "😀a"),
            ("äöü", 2, "äö"),
            // Between the halves of one.
            ("😀a", 1, ""),
        ] {
            assert_eq!(before(text, caret), expected, "{text:?} {caret}");
        }
    }

    #[test]
    fn a_word_is_proposed_for_after_a_colon_and_two_letters() {
        for (text, expected) in [
            (":sm", Some("sm")),
            ("Hello :smi", Some("smi")),
            ("Hello\n:smi", Some("smi")),
            ("(:SMI", Some("smi")),
            ("😀:smi", Some("smi")),
            ("你好:smi", Some("smi")),
            (":+1", Some("+1")),
            (":e-m", Some("e-m")),
            (":s", None),
            (":", None),
            ("", None),
            ("smi", None),
            (": sm", None),
            (":smi le", None),
            ("at 10:30", None),
            ("std::io", None),
            ("http://example", None),
            (":-)", None),
            ("note:sm", None),
            ("`:sm", None),
            ("```\n:sm", None),
            ("`code` :sm", Some("sm")),
        ] {
            assert_eq!(typed(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn a_second_colon_ends_a_word() {
        for (text, expected) in [
            (":smile:", Some("smile")),
            ("Hello :+1:", Some("+1")),
            (":x:", Some("x")),
            ("::", None),
            (":smile", None),
            (":smile: ", None),
            ("a:smile:", None),
            ("10:30:", None),
            ("`:smile:", None),
        ] {
            assert_eq!(finished(text).as_deref(), expected, "{text:?}");
        }
    }

    const CODES: [&str; 9] = [
        ":smiley:",
        ":smile:",
        ":sweat_smile:",
        ":+1: :thumbsup:",
        ":cat:",
        ":smile_cat:",
        ":concatenate:",
        ":cat2:",
        ":smirk:",
    ];

    #[test]
    fn what_begins_so_comes_before_what_contains_it() {
        for (typed, expected) in [
            ("smile", &["smile", "smiley", "smile_cat", "sweat_smile"][..]),
            ("cat", &["cat", "cat2", "smile_cat", "concatenate"]),
            ("thumb", &["thumbsup"]),
            ("+1", &["+1"]),
            ("sm", &["smile", "smirk", "smiley", "smile_cat", "sweat_smile"]),
            ("zz", &[]),
        ] {
            let found: Vec<_> =
                propose(CODES.into_iter(), typed).into_iter().map(|(_, code)| code).collect();
            assert_eq!(found, expected, "{typed}");
        }
    }

    #[test]
    fn no_more_are_proposed_than_fit() {
        let codes: Vec<_> = (10..40).map(|n| format!(":smile_{n}:")).collect();
        let found = propose(codes.iter().map(String::as_str), "smile");
        let places: Vec<_> = found.iter().map(|(at, _)| *at).collect();
        assert_eq!(places, [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_search_finds_words_by_their_beginnings() {
        let thumb = searchable(&["Thumbs up", ":+1: :thumbsup:", "hand good"]);
        let cat = searchable(&["cat face", ":cat:", "pet"]);
        let concat = searchable(&["location", ":red_pin:", ""]);
        for (query, expected) in [
            ("thumb", [true, false, false]),
            ("THUMB up", [true, false, false]),
            ("+1", [true, false, false]),
            (":+1:", [true, false, false]),
            ("cat", [false, true, false]),
            ("face cat", [false, true, false]),
            ("cat dog", [false, false, false]),
            ("pin", [false, false, true]),
            ("", [true, true, true]),
            (" ", [true, true, true]),
        ] {
            let search = Search::new(query);
            let found = [&thumb, &cat, &concat].map(|words| search.finds(words));
            assert_eq!(found, expected, "{query:?}");
        }
    }

    #[test]
    fn what_was_used_last_stands_first_and_once() {
        assert_eq!(recent("", ":cat:"), ":cat:");
        assert_eq!(recent(":a: :cat: :b:", ":cat:"), ":cat: :a: :b:");
        let many = (0..40).fold(String::new(), |all, n| recent(&all, &format!(":{n}:")));
        assert_eq!(many.split(' ').count(), 16);
        assert!(many.starts_with(":39: :38: "), "{many}");
    }

    #[test]
    fn up_and_down_lead_to_the_nearest_of_the_next_row() {
        // Rows of 3, 2 (another kind's), and 3.
        let places = [(0, 0), (0, 10), (0, 20), (30, 0), (30, 10), (60, 0), (60, 10), (60, 20)];
        let place = |at: usize| places.get(at).copied();
        for (from, down, to) in [
            (0, true, 3),
            (1, true, 4),
            (2, true, 4),
            (4, true, 6),
            (7, false, 4),
            (3, false, 0),
            (1, false, 1),
            (6, true, 6),
            (99, true, 99),
        ] {
            assert_eq!(beside(place, from, down), to, "{from} {down}");
        }
    }
}
