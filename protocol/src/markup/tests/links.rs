//! Which addresses become links, where they end, and what a link may not hide.

use super::super::{Mark, Piece, parse};
use super::{check, shown};

#[test]
fn links_lead_to_the_web_or_to_a_mailbox() {
    check(&[
        ("[a b](https://c.example/d?e=f#g)", "<p><a https://c.example/d?e=f#g>a b</a></p>"),
        ("[*a* `b`](http://c.example)", "<p><a http://c.example><em>a</em> <code>b</code></a></p>"),
        ("*[a*](https://b.example)", "<p>*<a https://b.example>a*</a></p>"),
        ("*a [b* c](https://d.example) e*", "<p><em>a <a https://d.example>b* c</a> e</em></p>"),
        ("[a](mailto:ana@example.org)", "<p><a mailto:ana@example.org>a</a></p>"),
        ("[a](HTTPS://b.example)", "<p><a https://b.example>a</a></p>"),
        ("[a](https://b.example/c_(d))", "<p><a https://b.example/c_(d)>a</a></p>"),
        (
            "[[a](https://b.example)](https://c.example)",
            "<p>[<a https://b.example>a</a>](<a https://c.example>https://c.example</a>)</p>",
        ),
        ("![a](https://b.example)", "<p>!<a https://b.example>a</a></p>"),
        ("\\[a](https://b.example)", "<p>[a](<a https://b.example>https://b.example</a>)</p>"),
        (
            "[](https://b.example) [ ](https://b.example)",
            "<p>[](<a https://b.example>https://b.example</a>) [ ](<a https://b.example>https://b.example</a>)</p>",
        ),
    ]);
    for target in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<b>",
        "vbscript:a",
        "file:///etc/passwd",
        "/rooms",
        "//a.example",
        "#m1",
        "?x",
        "a.example",
        "tel:1",
        "https:a.example",
        "https:/a.example",
        "https://",
        "https:///a.example",
        "https://?",
        "https:// a.example",
        "https://a.example b",
        "https://a.example\\b",
        "https://bank.example@a.example",
        " https://a.example",
        "<https://a.example>",
        "https://\u{a0}a",
        "http\u{0}://a",
    ] {
        let typed = format!("[a]({target})");
        assert_eq!(parse(&typed)[1], Piece::Text("["), "{typed:?}");
    }
}

#[test]
fn a_bare_address_ends_where_its_sentence_goes_on() {
    let linked = |text: &str| {
        parse(text)
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Open(Mark::Link(link)) => {
                    Some(format!("{}{}", link.scheme.as_str(), link.rest))
                }
                Piece::Open(_) | Piece::Close(_) | Piece::Text(_) => None,
            })
            .collect::<Vec<_>>()
    };
    for (typed, address) in [
        ("see https://a.example.", "https://a.example"),
        ("see https://a.example/b?c=d&e=f#g, or", "https://a.example/b?c=d&e=f#g"),
        ("(https://a.example/b)", "https://a.example/b"),
        ("(https://a.example/b_(c))", "https://a.example/b_(c)"),
        ("[https://a.example]", "https://a.example"),
        ("**https://a.example**", "https://a.example"),
        ("_https://a.example/b_c_", "https://a.example/b_c"),
        ("<https://a.example>", "https://a.example"),
        ("\"https://a.example\"", "https://a.example"),
        ("‘https://a.example’", "https://a.example"),
        ("https://a.example?!…", "https://a.example"),
        ("请看https://a.example/路径。然后", "https://a.example/路径"),
        ("http://localhost:3000/r/KMRT", "http://localhost:3000/r/KMRT"),
        ("HTTP://A.example", "http://A.example"),
        ("www.a.example/b", "https://www.a.example/b"),
        ("mailto:ana@a.example", "mailto:ana@a.example"),
        ("https://مثال.example/مسار", "https://مثال.example/مسار"),
    ] {
        assert_eq!(linked(typed), [address], "{typed:?}");
    }
    for typed in [
        "xhttps://a.example",
        "http://",
        "https://.",
        "www.",
        "www...",
        "swww.a.example",
        "https:a",
        "httpss://a.example",
        "ftp://a.example",
        "javascript://a.example",
        "https://ana@a.example",
        "http\\://a.example",
        "https://…",
        "mailto:",
        "mailto:?a",
    ] {
        assert_eq!(linked(typed), [""; 0], "{typed:?}");
    }
}

fn says_host(text: &str, target: &str) -> bool {
    let typed = format!("[{text}]({target})");
    let pieces = parse(&typed);
    assert!(pieces.iter().any(|piece| matches!(piece, Piece::Open(Mark::Link(_)))), "{typed:?}");
    pieces.contains(&Piece::Open(Mark::Host))
}

#[test]
fn a_link_that_names_another_host_says_where_it_leads() {
    for text in [
        "bank.example",
        "https://bank.example",
        "https://bank.example/evil.example",
        "www.bank.example",
        "Bank.Example",
        "go to bank.example now",
        "**bank.example**",
        "bank.*example*",
        "bank.exa~~mple~~",
        "`bank.example`",
        "bank\\.example",
        "bank.example@evil.example",
        "https://bank.example@evil.example",
        "evil.example.bank.example",
        "bank。example",
        "bank․example",
        "192.168.0.1",
        "https://localhost",
        "ana@bank.example",
        "bаnk.example",
        "//bank.example",
        "(bank.example)",
        "x:bank.example",
        "b\u{200d}ank.example",
        "https://evil.example https://bank.example",
    ] {
        assert!(says_host(text, "https://evil.example/bank.example"), "{text:?}");
    }
    for text in [
        "our notes",
        "evil.example",
        "https://evil.example",
        "https://evil.example/a/index.html",
        "www.evil.example",
        "EVIL.example",
        "evil.example:8080",
        "version 1.2",
        "3.14",
        "e.g.",
        "and so on...",
        "Ana: hello",
        "✓ done.",
    ] {
        assert!(!says_host(text, "https://www.evil.example:8080/x"), "{text:?}");
    }
    assert!(says_host("ana@bank.example", "mailto:eve@evil.example"));
    assert!(!says_host("eve.long@evil.example", "mailto:eve.long@evil.example"));
    assert_eq!(
        shown("[bank.example](https://evil.example/a)"),
        "<p><a https://evil.example/a>bank.example<small> (evil.example)</small></a></p>"
    );
}
