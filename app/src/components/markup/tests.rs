//! Nothing but the elements below, with the attributes below, ever comes out: of any text.

use proptest::{collection::vec, prelude::*, sample::select};

use crate::catalogue;

fn html(text: &str) -> String {
    super::html(text, &catalogue(protocol::Language::English).live)
}

/// Every tag that may be drawn, and those that stand for one with an address or a number in it.
const TAGS: &[&str] = &[
    "<p>",
    "</p>",
    "<blockquote dir=\"auto\">",
    "</blockquote>",
    "<ul dir=\"auto\">",
    "</ul>",
    "</ol>",
    "<li>",
    "</li>",
    "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\">",
    "</pre>",
    "<code>",
    "</code>",
    "<strong>",
    "</strong>",
    "<em>",
    "</em>",
    "<s>",
    "</s>",
    "</a>",
    "<small>",
    "</small>",
];
const NUMBERS: &str = "<ol dir=\"auto\" start=\"";
const LINK: &str = "<a target=\"_blank\" rel=\"noopener noreferrer nofollow\" href=\"";
const SCHEMES: &[&str] = &["http://", "https://", "mailto:"];
const ENTITIES: &[&str] = &["&amp;", "&lt;", "&gt;", "&quot;"];

const NAUGHTY: &str = include_str!("../../../../protocol/tests/samples/naughty.jsonl");

fn naughty() -> Vec<String> {
    let strings = NAUGHTY.lines().map(|line| protocol::decode(line).ok());
    strings.collect::<Option<Vec<_>>>().expect("each line is a string")
}

/// Reads what was drawn by the grammar of what may be; complains at the first thing beyond it.
fn check(text: &str) -> Result<(), String> {
    let drawn = html(text);
    let complain = |why: &str| Err(format!("{why} for {text:?}: {drawn}"));
    let (mut rest, mut open) = (drawn.as_str(), Vec::new());
    while let Some(at) = rest.find(['<', '>', '"', '&']) {
        rest = &rest[at..];
        let Some((length, name)) = tag(rest).or_else(|| entity(rest)) else {
            return complain(&format!("{:?}", rest.get(..20).unwrap_or(rest)));
        };
        match name.strip_prefix('/') {
            Some(name) if open.pop() != Some(name) => return complain("not nested"),
            None if !name.is_empty() => open.push(name),
            Some(_) | None => {}
        }
        rest = &rest[length..];
    }
    if open.is_empty() { Ok(()) } else { complain("not closed") }
}

/// The length of an allowed tag that the text begins with, and its name.
fn tag(text: &str) -> Option<(usize, &str)> {
    let (length, inside) = if let Some(number) = text.strip_prefix(NUMBERS) {
        let number = &number[..number.find('"')?];
        number.parse::<u32>().ok()?;
        (NUMBERS.len(), number)
    } else if let Some(address) = text.strip_prefix(LINK) {
        let address = &address[..address.find('"')?];
        let is_plain =
            !address.contains(['<', '>', '`', '\\']) && !address.contains(char::is_whitespace);
        let escaped = address.match_indices('&').all(|(at, _)| entity(&address[at..]).is_some());
        let rest = SCHEMES.iter().find_map(|scheme| address.strip_prefix(scheme))?;
        (is_plain && escaped && !rest.is_empty()).then_some((LINK.len(), address))?
    } else {
        let tag = TAGS.iter().find(|tag| text.starts_with(**tag))?;
        return Some((tag.len(), name(text)));
    };
    text[length + inside.len()..]
        .starts_with("\">")
        .then_some((length + inside.len() + 2, name(text)))
}

fn name(tag: &str) -> &str {
    tag[1..].split([' ', '>']).next().unwrap_or_default()
}

/// It has no name, so it is neither open nor closed.
fn entity(text: &str) -> Option<(usize, &str)> {
    ENTITIES.iter().find(|entity| text.starts_with(**entity)).map(|entity| (entity.len(), ""))
}

#[test]
fn each_mark_has_its_element() {
    for (typed, drawn) in [
        ("a\nb\n\nc", "<p>a\nb</p><p>c</p>"),
        ("> a", "<blockquote dir=\"auto\"><p>a</p></blockquote>"),
        ("- a", "<ul dir=\"auto\"><li><p>a</p></li></ul>"),
        ("3. a", "<ol dir=\"auto\" start=\"3\"><li><p>a</p></li></ol>"),
        (
            "```\na\n```",
            "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>a</code></pre>",
        ),
        ("`a` **b** *c* ~~d~~", "<p><code>a</code> <strong>b</strong> <em>c</em> <s>d</s></p>"),
        (
            "https://a.example/?b&c",
            "<p><a target=\"_blank\" rel=\"noopener noreferrer nofollow\" href=\"https://a.example/?b&amp;c\">https://a.example/?b&amp;c</a></p>",
        ),
        (
            "[a.example](https://b.example)",
            "<p><a target=\"_blank\" rel=\"noopener noreferrer nofollow\" href=\"https://b.example\">a.example<small> (b.example)</small></a></p>",
        ),
        ("<b> \"&amp;\"", "<p>&lt;b&gt; &quot;&amp;amp;&quot;</p>"),
    ] {
        assert_eq!(html(typed), drawn, "{typed:?}");
        assert_eq!(check(typed), Ok(()));
    }
}

#[test]
fn naughty_strings_are_drawn_as_text_and_harmless_marks() {
    for text in naughty() {
        for typed in [
            format!("**{text}**"),
            format!("[{text}](https://a.example)"),
            format!("[a]({text})"),
            format!("> - {text}"),
            text,
        ] {
            assert_eq!(check(&typed), Ok(()));
        }
    }
}

/// The grammar is not so wide that it would let anything pass.
#[test]
fn what_may_not_be_drawn_is_noticed() {
    for drawn in [
        "<b>",
        "<p class=\"a\">",
        "<script>",
        "<a href=\"https://a\">",
        "<!--",
        "<p",
        "&copy;",
        "&",
    ] {
        assert!(tag(drawn).or_else(|| entity(drawn)).is_none(), "{drawn}");
    }
    for address in [
        "javascript:a",
        "//a",
        "",
        "https://",
        "https://a b",
        "https://<",
        "xhttps://a",
        "https://a&b",
    ] {
        assert!(tag(&format!("{LINK}{address}\">")).is_none(), "{address}");
    }
    assert!(tag(&format!("{LINK}https://a\" onclick=\"b\">")).is_none());
    assert!(tag(&format!("{NUMBERS}a\">")).is_none());
}

fn marked() -> impl Strategy<Value = String> {
    let mut parts: Vec<String> = [
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```",
        "\n",
        "\n\n",
        " ",
        "[",
        "]",
        "(",
        ")",
        "](",
        "[a](",
        "> ",
        "- ",
        "1. ",
        "\\",
        "a",
        "é",
        "https://",
        "http://a.b",
        "www.a.b",
        "mailto:a",
        "javascript:",
        "data:",
        "<",
        ">",
        "\"",
        "'",
        "&",
        "&lt;",
        "=",
        "/",
        "\u{0}",
        "\u{a0}",
        "\u{202e}",
        "<script>",
        "</p>",
        "</code>",
        "onclick=",
        "\">",
    ]
    .map(str::to_owned)
    .into();
    parts.extend(naughty());
    vec(select(parts), 0..60).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_text_is_drawn_as_text_and_harmless_marks(text in prop_oneof![marked(), any::<String>()]) {
        prop_assert_eq!(check(&text), Ok(()));
    }
}
