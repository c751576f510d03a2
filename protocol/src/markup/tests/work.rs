//! However a text is made, the work on it grows no faster than its length.

use proptest::{collection::vec, prelude::*, sample::select};

use super::super::{Piece, is_big, parse, plain, steps};

fn work(text: &str) -> usize {
    steps::taken(|| {
        parse(text);
    })
}

/// What a text is made of that wants to be a burden: a beginning, what is repeated, an end.
const BOMBS: &[(&str, &str, &str)] = &[
    ("", "*", ""),
    ("", "_", ""),
    ("", "~~", ""),
    ("", "`", ""),
    ("", "[", ""),
    ("", "]", ""),
    ("", "(", ")"),
    ("", "\\", ""),
    ("", ">", ""),
    ("", "> ", "a"),
    ("", ">\n", ""),
    ("", "- ", "a"),
    ("", "-\n", ""),
    ("", "1. ", "a"),
    ("", "\n", ""),
    ("a", " ", "b"),
    ("", " \n", ""),
    ("- a", "\n", "b"),
    ("- - - - a", "\n\n", "\n  b"),
    ("", "- a\n", ""),
    ("", "- a\n\n", ""),
    ("", "  - a\n    - b\n", ""),
    ("", "> - > - > - > a\n", ""),
    ("", "> ```\n", ""),
    ("", "```\n", ""),
    ("", "```\n\n", ""),
    ("", "````\n```\n", ""),
    ("", "```a b\n", ""),
    ("", "*a ", ""),
    ("", "*a _b ", ""),
    ("", "*a* ", ""),
    ("", "*(", ""),
    ("", "*a **b ", ""),
    ("", "***a ", "***"),
    ("", "_a *b ~~c ", "~~ * _"),
    ("_a ", "*b ", "c_"),
    ("", "a** ", ""),
    ("", "*a _b", " c_ d*"),
    ("", "`a ``b ```c ````d `````e ", ""),
    ("", "` ", ""),
    ("", "[a", ""),
    ("", "[a](", ""),
    ("", "](", ""),
    ("", "](https://a", ""),
    ("", "](https://[", ""),
    ("", "](mailto:a[", ""),
    ("", "[](https://[](", ""),
    ("", "[[a](https://b)", "](https://c)"),
    ("", "[a](https://b)", ""),
    ("", "[ ](https://b)", ""),
    ("", "[", "a](https://b)"),
    ("[", "a.b ", "](https://c)"),
    ("[", "https://b ", "](https://c)"),
    ("[", "*a ", "](https://c)"),
    ("", "https://", ""),
    ("", "https://a", ""),
    ("", "https://a@", ""),
    ("", "https://a.", ""),
    ("https://a", ".", ""),
    ("https://a", "(", ""),
    ("https://a", "[]", ""),
    ("", "http://a@www.b@", ""),
    ("", "www.", ""),
    ("", "www.a ", ""),
    ("", "mailto:", ""),
    ("", "h", ""),
    ("", "e\u{301}", ""),
    ("", "👩\u{200d}", ""),
    ("", "\u{202e}", ""),
];

#[test]
fn twice_the_text_is_at_most_twice_the_work() {
    for (before, again, after) in BOMBS {
        let bomb = |times: usize| work(&format!("{before}{}{after}", again.repeat(times)));
        let once = 4000 / again.len();
        let (one, two, four) = (bomb(once), bomb(2 * once), bomb(4 * once));
        let bomb = (before, again, after);
        assert!(two <= 2 * one + 200, "{bomb:?}: {one}, then {two}");
        assert!(four <= 4 * one + 400, "{bomb:?}: {one}, then {four}");
        assert!(one <= 40 * 4000, "{bomb:?}: {one}");
    }
}

/// What marks are made of, and what stands between them.
fn marked() -> impl Strategy<Value = String> {
    let parts = [
        "*",
        "**",
        "***",
        "_",
        "~~",
        "`",
        "``",
        "```",
        "\n",
        "\n\n",
        " ",
        "  ",
        "\t",
        "[",
        "]",
        "(",
        ")",
        "](",
        "> ",
        ">",
        "- ",
        "* ",
        "1. ",
        "23. ",
        "\\",
        "a",
        "b c",
        "é",
        "字",
        "🌊",
        "\u{200d}",
        "\u{301}",
        "https://",
        "http://a.b",
        "www.a.b",
        "mailto:a@b.c",
        "javascript:",
        "<b>",
        "&amp;",
        "\"",
        "'",
        ".",
        "@",
        ":",
        "/",
        "!",
        "```rust\n",
        "https://a@b",
    ];
    vec(select(parts.to_vec()), 0..120).prop_map(|parts| parts.concat())
}

/// All that can be seen of a text besides marks.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).collect()
}

proptest! {
    #[test]
    fn any_text_is_parsed(text in prop_oneof![marked(), any::<String>(), "\\PC{0,400}"]) {
        let mut open = Vec::new();
        for piece in parse(&text) {
            match piece {
                Piece::Open(mark) => open.push(mark),
                Piece::Close(mark) => prop_assert_eq!(open.pop(), Some(mark)),
                Piece::Text(_) => {}
            }
        }
        prop_assert!(open.is_empty());
        prop_assert!(work(&text) <= 60 * text.len() + 60);
        let _ = (plain(&text), is_big(&text));
    }

    /// But for the targets of links and the languages of code, which are none without these.
    #[test]
    fn nothing_that_can_be_seen_disappears(text in marked()) {
        let text = text.replace([']', '`'], "");
        prop_assert_eq!(letters(&plain(&text)), letters(&text));
    }
}
