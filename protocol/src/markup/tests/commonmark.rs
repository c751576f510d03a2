//! Examples of the CommonMark specification (0.30, by number) for the marks that Parley has: where it
//! agrees, and where it differs, on purpose.

use super::shown;

#[test]
fn commonmark_is_followed_for_the_marks_that_are_shared() {
    for (number, typed, expected) in AGREES {
        assert_eq!(shown(typed), *expected, "example {number}: {typed:?}");
    }
}

#[test]
fn what_differs_from_commonmark_differs_on_purpose() {
    for (why, examples) in DIFFERS {
        for (number, typed, ours) in *examples {
            assert_eq!(shown(typed), *ours, "example {number}: {why}: {typed:?}");
        }
    }
}

type Example = (u16, &'static str, &'static str);

const AGREES: &[Example] = &[
    (
        12,
        r##"\!\"\#\$\%\&\'\(\)\*\+\,\-\.\/\:\;\<\=\>\?\@\[\\\]\^\_\`\{\|\}\~"##,
        r##"<p>!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~</p>"##,
    ),
    (13, "\\\t\\A\\a\\ \\3\\φ\\«", "<p>\\\t\\A\\a\\ \\3\\φ\\«</p>"),
    (15, "\\\\*emphasis*", "<p>\\<em>emphasis</em></p>"),
    (17, r"`` \[\` ``", r"<p><code>\[\`</code></p>"),
    (42, "- `one\n- two`", "<ul><li>`one</li><li>two`</li></ul>"),
    (119, "```\n<\n >\n```", "<pre><\n ></pre>"),
    (122, "```\naaa\n~~~\n```", "<pre>aaa\n~~~</pre>"),
    (124, "````\naaa\n```\n``````", "<pre>aaa\n```</pre>"),
    (127, "`````\n\n```\naaa", "<pre>\n```\naaa</pre>"),
    (128, "> ```\n> aaa\n\nbbb", "<blockquote><pre>aaa</pre></blockquote><p>bbb</p>"),
    (131, " ```\n aaa\naaa\n```", "<pre>aaa\naaa</pre>"),
    (133, "   ```\n   aaa\n    aaa\n  aaa\n   ```", "<pre>aaa\n aaa\naaa</pre>"),
    (140, "foo\n```\nbar\n```\nbaz", "<p>foo</p><pre>bar</pre><p>baz</p>"),
    (142, "```ruby\ndef foo(x)\n  return 3\nend\n```", "<pre>def foo(x)\n  return 3\nend</pre>"),
    (145, "``` aa ```\nfoo", "<p><code>aa</code>\nfoo</p>"),
    (147, "```\n``` aaa\n```", "<pre>``` aaa</pre>"),
    (219, "aaa\n\nbbb", "<p>aaa</p><p>bbb</p>"),
    (220, "aaa\nbbb\n\nccc\nddd", "<p>aaa\nbbb</p><p>ccc\nddd</p>"),
    (235, "> - foo\n- bar", "<blockquote><ul><li>foo</li></ul></blockquote><ul><li>bar</li></ul>"),
    (241, ">\n> foo\n>  ", "<blockquote><p>foo</p></blockquote>"),
    (
        242,
        "> foo\n\n> bar",
        "<blockquote><p>foo</p></blockquote><blockquote><p>bar</p></blockquote>",
    ),
    (244, "> foo\n>\n> bar", "<blockquote><p>foo</p><p>bar</p></blockquote>"),
    (245, "foo\n> bar", "<p>foo</p><blockquote><p>bar</p></blockquote>"),
    (248, "> bar\n\nbaz", "<blockquote><p>bar</p></blockquote><p>baz</p>"),
    (249, "> bar\n>\nbaz", "<blockquote><p>bar</p></blockquote><p>baz</p>"),
    (256, "- one\n\n  two", "<ul><li>one<p>two</p></li></ul>"),
    (
        259,
        "   > > 1.  one\n>>\n>>     two",
        "<blockquote><blockquote><ol><li>one<p>two</p></li></ol></blockquote></blockquote>",
    ),
    (261, "-one\n\n2.two", "<p>-one</p><p>2.two</p>"),
    (262, "- foo\n\n\n  bar", "<ul><li>foo<p>bar</p></li></ul>"),
    (
        263,
        "1.  foo\n\n    ```\n    bar\n    ```\n\n    baz\n\n    > bam",
        "<ol><li>foo<pre>bar</pre><p>baz</p><blockquote><p>bam</p></blockquote></li></ol>",
    ),
    (265, "123456789. ok", "<ol 123456789><li>ok</li></ol>"),
    (266, "1234567890. not ok", "<p>1234567890. not ok</p>"),
    (267, "0. ok", "<ol 0><li>ok</li></ol>"),
    (268, "003. ok", "<ol 3><li>ok</li></ol>"),
    (269, "-1. not ok", "<p>-1. not ok</p>"),
    (285, "foo\n*\n\nfoo\n1.", "<p>foo\n*</p><p>foo\n1.</p>"),
    (
        294,
        "- foo\n  - bar\n    - baz\n      - boo",
        "<ul><li>foo<ul><li>bar<ul><li>baz<ul><li>boo</li></ul></li></ul></li></ul></li></ul>",
    ),
    (298, "- - foo", "<ul><li><ul><li>foo</li></ul></li></ul>"),
    (299, "1. - 2. foo", "<ol><li><ul><li><ol 2><li>foo</li></ol></li></ul></li></ol>"),
    (303, "Foo\n- bar\n- baz", "<p>Foo</p><ul><li>bar</li><li>baz</li></ul>"),
    (
        304,
        "The number of windows in my house is\n14.  The number of doors is 6.",
        "<p>The number of windows in my house is\n14.  The number of doors is 6.</p>",
    ),
    (
        305,
        "The number of windows in my house is\n1.  The number of doors is 6.",
        "<p>The number of windows in my house is</p><ol><li>The number of doors is 6.</li></ol>",
    ),
    (306, "- foo\n\n- bar\n\n\n- baz", "<ul><li>foo</li><li>bar</li><li>baz</li></ul>"),
    (
        307,
        "- foo\n  - bar\n    - baz\n\n\n      bim",
        "<ul><li>foo<ul><li>bar<ul><li>baz<p>bim</p></li></ul></li></ul></li></ul>",
    ),
    (
        318,
        "- a\n- ```\n  b\n\n\n  ```\n- c",
        "<ul><li>a</li><li><pre>b\n\n</pre></li><li>c</li></ul>",
    ),
    (320, "* a\n  > b\n  >\n* c", "<ul><li>a<blockquote><p>b</p></blockquote></li><li>c</li></ul>"),
    (
        321,
        "- a\n  > b\n  ```\n  c\n  ```\n- d",
        "<ul><li>a<blockquote><p>b</p></blockquote><pre>c</pre></li><li>d</li></ul>",
    ),
    (
        326,
        "- a\n  - b\n  - c\n\n- d\n  - e\n  - f",
        "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d<ul><li>e</li><li>f</li></ul></li></ul>",
    ),
    (328, "`foo`", "<p><code>foo</code></p>"),
    (329, "`` foo ` bar ``", "<p><code>foo ` bar</code></p>"),
    (330, "` `` `", "<p><code>``</code></p>"),
    (331, "`  ``  `", "<p><code> `` </code></p>"),
    (332, "` a`", "<p><code> a</code></p>"),
    (338, "`foo\\`bar`", "<p><code>foo\\</code>bar`</p>"),
    (340, "` foo `` bar `", "<p><code>foo `` bar</code></p>"),
    (341, "*foo`*`", "<p>*foo<code>*</code></p>"),
    (342, "[not a `link](/foo`)", "<p>[not a <code>link](/foo</code>)</p>"),
    (343, "`<a href=\"`\">`", "<p><code><a href=\"</code>\">`</p>"),
    (347, "```foo``", "<p>```foo``</p>"),
    (348, "`foo", "<p>`foo</p>"),
    (349, "`foo``bar``", "<p>`foo<code>bar</code></p>"),
    (350, "*foo bar*", "<p><em>foo bar</em></p>"),
    (351, "a * foo bar*", "<p>a * foo bar*</p>"),
    (352, "a*\"foo\"*", "<p>a*\"foo\"*</p>"),
    (353, "*\u{a0}a\u{a0}*", "<p>*\u{a0}a\u{a0}*</p>"),
    (356, "_foo bar_", "<p><em>foo bar</em></p>"),
    (357, "_ foo bar_", "<p>_ foo bar_</p>"),
    (358, "a_\"foo\"_", "<p>a_\"foo\"_</p>"),
    (360, "5_6_78", "<p>5_6_78</p>"),
    (361, "пристаням_стремятся_", "<p>пристаням_стремятся_</p>"),
    (363, "foo-_(bar)_", "<p>foo-<em>(bar)</em></p>"),
    (364, "_foo*", "<p>_foo*</p>"),
    (365, "*foo bar *", "<p>*foo bar *</p>"),
    (366, "*foo bar\n*", "<p>*foo bar\n*</p>"),
    (367, "*(*foo)", "<p>*(*foo)</p>"),
    (368, "*(*foo*)*", "<p><em>(<em>foo</em>)</em></p>"),
    (373, "_foo_bar", "<p>_foo_bar</p>"),
    (375, "_foo_bar_baz_", "<p><em>foo_bar_baz</em></p>"),
    (376, "_(bar)_.", "<p><em>(bar)</em>.</p>"),
    (377, "**foo bar**", "<p><strong>foo bar</strong></p>"),
    (378, "** foo bar**", "<p>** foo bar**</p>"),
    (379, "a**\"foo\"**", "<p>a**\"foo\"**</p>"),
    (390, "**foo bar **", "<p>**foo bar **</p>"),
    (392, "*(**foo**)*", "<p><em>(<strong>foo</strong>)</em></p>"),
    (
        393,
        "**Gomphocarpus (*Gomphocarpus physocarpus*, syn.\n*Asclepias physocarpa*)**",
        "<p><strong>Gomphocarpus (<em>Gomphocarpus physocarpus</em>, syn.\n<em>Asclepias physocarpa</em>)</strong></p>",
    ),
    (394, "**foo \"*bar*\" foo**", "<p><strong>foo \"<em>bar</em>\" foo</strong></p>"),
    (404, "*foo\nbar*", "<p><em>foo\nbar</em></p>"),
    (406, "_foo _bar_ baz_", "<p><em>foo <em>bar</em> baz</em></p>"),
    (409, "*foo **bar** baz*", "<p><em>foo <strong>bar</strong> baz</em></p>"),
    (411, "*foo**bar*", "<p><em>foo**bar</em></p>"),
    (412, "***foo** bar*", "<p><em><strong>foo</strong> bar</em></p>"),
    (413, "*foo **bar***", "<p><em>foo <strong>bar</strong></em></p>"),
    (
        417,
        "*foo **bar *baz* bim** bop*",
        "<p><em>foo <strong>bar <em>baz</em> bim</strong> bop</em></p>",
    ),
    (419, "** is not an empty emphasis", "<p>** is not an empty emphasis</p>"),
    (420, "**** is not an empty strong emphasis", "<p>**** is not an empty strong emphasis</p>"),
    (422, "**foo\nbar**", "<p><strong>foo\nbar</strong></p>"),
    (427, "**foo *bar* baz**", "<p><strong>foo <em>bar</em> baz</strong></p>"),
    (429, "***foo* bar**", "<p><strong><em>foo</em> bar</strong></p>"),
    (430, "**foo *bar***", "<p><strong>foo <em>bar</em></strong></p>"),
    (
        431,
        "**foo *bar **baz**\nbim* bop**",
        "<p><strong>foo <em>bar <strong>baz</strong>\nbim</em> bop</strong></p>",
    ),
    (435, "foo ***", "<p>foo ***</p>"),
    (436, "foo *\\**", "<p>foo <em>*</em></p>"),
    (437, "foo *_*", "<p>foo <em>_</em></p>"),
    (439, "foo **\\***", "<p>foo <strong>*</strong></p>"),
    (443, "***foo**", "<p>*<strong>foo</strong></p>"),
    (445, "**foo***", "<p><strong>foo</strong>*</p>"),
    (460, "*_foo_*", "<p><em><em>foo</em></em></p>"),
    (466, "***foo***", "<p><em><strong>foo</strong></em></p>"),
    (468, "*foo _bar* baz_", "<p><em>foo _bar</em> baz_</p>"),
    (470, "**foo **bar baz**", "<p>**foo <strong>bar baz</strong></p>"),
    (471, "*foo *bar baz*", "<p>*foo <em>bar baz</em></p>"),
    (477, "*a `*`*", "<p><em>a <code>*</code></em></p>"),
    (606, "<>", "<p><></p>"),
    (609, "<foo.bar.baz>", "<p><foo.bar.baz></p>"),
];

const DIFFERS: &[(&str, &[Example])] = &[
    (
        "asterisks within a word are arithmetic or a wildcard",
        &[
            (354, "foo*bar*", "<p>foo*bar*</p>"),
            (355, "5*6*78", "<p>5*6*78</p>"),
            (369, "*foo*bar", "<p>*foo*bar</p>"),
            (380, "foo**bar**", "<p>foo**bar**</p>"),
        ],
    ),
    (
        "two underscores are a name, as in __init__",
        &[
            (381, "__foo bar__", "<p>__foo bar__</p>"),
            (405, "_foo __bar__ baz_", "<p><em>foo __bar__ baz</em></p>"),
        ],
    ),
    (
        "marks pair with marks of their length, and four are none",
        &[
            (408, "*foo *bar**", "<p>*foo *bar**</p>"),
            (441, "**foo*", "<p>**foo*</p>"),
            (442, "*foo**", "<p>*foo**</p>"),
            (463, "****foo****", "<p>****foo****</p>"),
        ],
    ),
    (
        "what is typed below a quote or a list is no part of it",
        &[
            (
                233,
                "> bar\nbaz\n> foo",
                "<blockquote><p>bar</p></blockquote><p>baz</p><blockquote><p>foo</p></blockquote>",
            ),
            (247, "> bar\nbaz", "<blockquote><p>bar</p></blockquote><p>baz</p>"),
        ],
    ),
    (
        "a face is no quote, and nothing is ever empty",
        &[
            (229, ">bar\n> baz", "<p>>bar</p><blockquote><p>baz</p></blockquote>"),
            (239, ">", "<p>></p>"),
            (126, "```", "<p>```</p>"),
            (334, "` `", "<p>` `</p>"),
            (284, "*", "<p>*</p>"),
        ],
    ),
    (
        "lines and spaces are kept as they were typed",
        &[
            (16, "foo\\\nbar", "<p>foo\\\nbar</p>"),
            (222, "  aaa\n bbb", "<p>  aaa\n bbb</p>"),
            (226, "aaa     \nbbb     ", "<p>aaa     \nbbb     </p>"),
            (225, "    aaa\nbbb", "<p>    aaa\nbbb</p>"),
        ],
    ),
    ("code within a line ends on it", &[(337, "`foo   bar \nbaz`", "<p>`foo   bar \nbaz`</p>")]),
    ("a fence may close at the end of a line", &[(137, "```\naaa\n    ```", "<pre>aaa</pre>")]),
    (
        "tildes strike out, and are no fence",
        &[(139, "~~~~~~\naaa\n~~~ ~~", "<p>~~~~~~\naaa\n~~~ ~~</p>")],
    ),
    (
        "two columns are enough for what belongs to a number",
        &[(311, "1. a\n\n  2. b", "<ol><li>a<ol 2><li>b</li></ol></li></ol>")],
    ),
    (
        "there are no headings, rules, entities, references and images",
        &[
            (29, "&copy", "<p>&copy</p>"),
            (26, "&#35;", "<p>&#35;</p>"),
            (62, "# foo", "<p># foo</p>"),
            (234, "> foo\n---", "<blockquote><p>foo</p></blockquote><p>---</p>"),
        ],
    ),
    (
        "addresses need neither brackets nor a mark",
        &[
            (593, "<http://foo.bar.baz>", "<p><<a http://foo.bar.baz>http://foo.bar.baz</a>></p>"),
            (595, "<irc://foo.bar:2233/baz>", "<p><irc://foo.bar:2233/baz></p>"),
            (610, "http://example.com", "<p><a http://example.com>http://example.com</a></p>"),
        ],
    ),
];
