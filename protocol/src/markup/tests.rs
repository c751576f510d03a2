//! What a text is parsed to. Pieces are shown as CommonMark shows its examples: the first paragraph of
//! a list's item is left out.

use super::*;

mod commonmark;
mod emoji;
mod links;
mod work;

fn tag(mark: &Mark<'_>) -> &'static str {
    match mark {
        Mark::Paragraph => "p",
        Mark::Quote => "blockquote",
        Mark::Bullets => "ul",
        Mark::Numbers(_) => "ol",
        Mark::Item => "li",
        Mark::Block => "pre",
        Mark::Code => "code",
        Mark::Bold => "strong",
        Mark::Italic => "em",
        Mark::Strike => "s",
        Mark::Link(_) => "a",
        Mark::Host => "small",
    }
}

fn shown(text: &str) -> String {
    let mut shown = String::new();
    let (mut before, mut is_first) = (None, false);
    for piece in parse(text) {
        match piece {
            Piece::Open(Mark::Paragraph) if before == Some(Piece::Open(Mark::Item)) => {
                is_first = true
            }
            Piece::Close(Mark::Paragraph) if is_first => is_first = false,
            Piece::Open(Mark::Link(link)) => {
                shown += &format!("<a {}{}>", link.scheme.as_str(), link.rest);
            }
            Piece::Open(Mark::Numbers(start)) if start != 1 => shown += &format!("<ol {start}>"),
            Piece::Open(mark) => shown += &format!("<{}>", tag(&mark)),
            Piece::Close(mark) => shown += &format!("</{}>", tag(&mark)),
            Piece::Text(text) => shown += text,
        }
        before = Some(piece);
    }
    shown
}

fn check(cases: &[(&str, &str)]) {
    for (typed, expected) in cases {
        assert_eq!(shown(typed), *expected, "{typed:?}");
    }
}

#[test]
fn emphasis_stands_at_the_edges_of_words() {
    check(&[
        (
            "**bold** *italic* _italic_ ~~gone~~",
            "<p><strong>bold</strong> <em>italic</em> <em>italic</em> <s>gone</s></p>",
        ),
        (
            "***both***, **_too_**",
            "<p><em><strong>both</strong></em>, <strong><em>too</em></strong></p>",
        ),
        (
            "**a *b* c** and *a **b***",
            "<p><strong>a <em>b</em> c</strong> and <em>a <strong>b</strong></em></p>",
        ),
        ("***a* b**", "<p><strong><em>a</em> b</strong></p>"),
        ("(*a*), \"**b**\"!", "<p>(<em>a</em>), \"<strong>b</strong>\"!</p>"),
        ("**over\nlines**", "<p><strong>over\nlines</strong></p>"),
        ("snake_case_name and _private_", "<p>snake_case_name and <em>private</em></p>"),
        ("2*3*4, 2 * 3 * 4, 2**3**4", "<p>2*3*4, 2 * 3 * 4, 2**3**4</p>"),
        ("** a ** ~~ b ~~ * c *", "<p>** a ** ~~ b ~~ * c *</p>"),
        ("**open *and crossed** over*", "<p><strong>open *and crossed</strong> over*</p>"),
        (
            "__init__ ~one~ ~~~three~~~ ****four****",
            "<p>__init__ ~one~ ~~~three~~~ ****four****</p>",
        ),
        ("**a* b", "<p>**a* b</p>"),
        ("*a** b", "<p>*a** b</p>"),
        ("* ** *** ****", "<ul><li>** *** ****</li></ul>"),
        ("ça**va**bien", "<p>ça**va**bien</p>"),
    ]);
}

#[test]
fn scripts_without_spaces_have_emphasis_too() {
    check(&[
        ("这是**粗体**文字", "<p>这是<strong>粗体</strong>文字</p>"),
        ("これは*とても*良い", "<p>これは<em>とても</em>良い</p>"),
        ("**단어**는", "<p><strong>단어</strong>는</p>"),
        ("**مهم**، ~~לא~~", "<p><strong>مهم</strong>، <s>לא</s></p>"),
    ]);
}

#[test]
fn code_keeps_what_is_in_it() {
    check(&[
        ("`a*b*`, ``a`b``, `` ` ``", "<p><code>a*b*</code>, <code>a`b</code>, <code>`</code></p>"),
        (
            "`<b>` and `[a](https://b.c)`",
            "<p><code><b></code> and <code>[a](https://b.c)</code></p>",
        ),
        ("*a `b* c`", "<p>*a <code>b* c</code></p>"),
        ("`open and\nclosed`", "<p>`open and\nclosed`</p>"),
        ("` ` `` ```", "<p>` ` `` ```</p>"),
        ("```\na\n  *b*\n\nc\n```\nd", "<pre>a\n  *b*\n\nc</pre><p>d</p>"),
        ("see:\n```rust\nfn main() {}\n```", "<p>see:</p><pre>fn main() {}</pre>"),
        ("```\nnever closed\n> it", "<pre>never closed\n> it</pre>"),
        ("```\nat the end of it```\nnext", "<pre>at the end of it</pre><p>next</p>"),
        ("```one line```", "<p><code>one line</code></p>"),
        ("```not a name\na```", "<p>```not a name\na```</p>"),
        ("```\n\n```", "<p>```\n\n```</p>"),
        ("```", "<p>```</p>"),
        ("    four spaces are kept", "<p>    four spaces are kept</p>"),
    ]);
}

#[test]
fn a_quote_is_what_says_so() {
    check(&[
        ("> a\n> b\nanswer", "<blockquote><p>a\nb</p></blockquote><p>answer</p>"),
        ("> a\n>\n> *b*", "<blockquote><p>a</p><p><em>b</em></p></blockquote>"),
        ("> > a\n> b", "<blockquote><blockquote><p>a</p></blockquote><p>b</p></blockquote>"),
        ("> - a\n> ```\n> b\n> ```", "<blockquote><ul><li>a</li></ul><pre>b</pre></blockquote>"),
        ("so:\n> a", "<p>so:</p><blockquote><p>a</p></blockquote>"),
        (">:( >_< >a", "<p>>:( >_< >a</p>"),
        (">", "<p>></p>"),
        ("> \n>", "<p>> \n></p>"),
    ]);
}

#[test]
fn lists_are_lines_with_a_mark_and_a_space() {
    check(&[
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("7. a\n1. b", "<ol 7><li>a</li><li>b</li></ol>"),
        (
            "Buy:\n* milk\n* **eggs**\nThanks",
            "<p>Buy:</p><ul><li>milk</li><li><strong>eggs</strong></li></ul><p>Thanks</p>",
        ),
        ("- a\n  - b\n  - c\n- d", "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>"),
        ("1. a\n  - b", "<ol><li>a<ul><li>b</li></ul></li></ol>"),
        ("- a\n\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("- a\n\nb", "<ul><li>a</li></ul><p>b</p>"),
        ("- a\n* b", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
        ("- a\n  b", "<ul><li>a\nb</li></ul>"),
        ("- a\n\tb", "<ul><li>a\nb</li></ul>"),
        ("I was born in\n1986. A good year", "<p>I was born in\n1986. A good year</p>"),
        ("-5 degrees\n-\n1.5 l\n*", "<p>-5 degrees\n-\n1.5 l\n*</p>"),
        ("+ a", "<p>+ a</p>"),
    ]);
}

#[test]
fn a_backslash_takes_a_marks_meaning_away() {
    check(&[
        ("\\*a\\* \\_b\\_ \\`c\\` \\~~d~~", "<p>*a* _b_ `c` ~~d~~</p>"),
        ("\\> a", "<p>> a</p>"),
        ("\\- a", "<p>- a</p>"),
        ("1\\. a", "<p>1. a</p>"),
        ("C:\\Users\\Ana \\\\ \\", "<p>C:\\Users\\Ana \\ \\</p>"),
        ("`\\*`", "<p><code>\\*</code></p>"),
    ]);
}

#[test]
fn what_others_call_markdown_stays_as_typed() {
    check(&[
        ("# a", "<p># a</p>"),
        ("a\n---", "<p>a\n---</p>"),
        ("| a | b |\n|---|---|", "<p>| a | b |\n|---|---|</p>"),
        ("<b>a</b> &amp; <!-- b -->", "<p><b>a</b> &amp; <!-- b --></p>"),
        ("[a]: https://b.example", "<p>[a]: <a https://b.example>https://b.example</a></p>"),
        ("~~~\na\n~~~", "<p>~~~\na\n~~~</p>"),
        ("a  b\n  c", "<p>a  b\n  c</p>"),
        ("a\n\n\nb", "<p>a</p><p>b</p>"),
        ("", ""),
    ]);
}

#[test]
fn nesting_is_bounded() {
    let depth = |text: &str| {
        let mut depth = 0_usize;
        let deeper = parse(text).into_iter().map(|piece| {
            match piece {
                Piece::Open(_) => depth += 1,
                Piece::Close(_) => depth -= 1,
                Piece::Text(_) => {}
            }
            depth
        });
        deeper.max().unwrap_or(0)
    };
    for text in ["> ", "- ", "1. ", "> - ", "*a _b ", "**a ~~b "] {
        let close = if text.contains('a') { " b~~ a** b_ a*" } else { "" };
        assert!(depth(&(text.repeat(500) + "x" + &close.repeat(500))) < 60, "{text:?}");
    }
    assert_eq!(
        shown("> > > > > > > a"),
        format!("{}<p>> > a</p>{}", "<blockquote>".repeat(5), "</blockquote>".repeat(5))
    );
}

#[test]
fn the_plain_text_is_one_line_without_marks() {
    for (typed, said) in [
        ("**a** _b_ `c`\nd\n\ne", "a b c d e"),
        ("- a\n- b\n> c", "a b c"),
        ("```rust\nlet a = 1;\n\nb\n```", "let a = 1; b"),
        ("[a](https://b.example), https://c.example", "a, https://c.example"),
        ("[a.example](https://b.example)", "a.example (b.example)"),
        ("2*3*4", "2*3*4"),
    ] {
        assert_eq!(plain(typed), said, "{typed:?}");
    }
}
