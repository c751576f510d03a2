//! Stylesheets, and that they and the components belong together.

use std::collections::BTreeSet;

use super::{Check, source::Source};

pub(crate) const CHECKS: &[Check] = &[
    Check {
        name: "colours stand in tokens.css",
        rule: colours,
        samples: &[
            (&[("style/base.css", "a { color: #1a2b3c }")], 1),
            (&[("style/base.css", "a { background: oklch(0.5 0 0) } b { color: RGB(0 0 0) }")], 2),
            (&[("style/base.css", "a { border: 1px solid red }")], 1),
            (&[("style/tokens.css", ":root { --raw-salt: oklch(0.5 0 0) }")], 0),
            (
                &[(
                    "style/base.css",
                    "#face { color: var(--color-red); fill: currentColor } /* #fff */ a:is(#bad) { order: 1 }",
                )],
                0,
            ),
        ],
    },
    Check {
        name: "style follows the reading direction, and asks instead of insisting",
        rule: logical,
        samples: &[
            (&[("style/base.css", "a { margin-left: 1px; right: 0 }")], 2),
            (&[("style/base.css", "a { text-align: left }")], 1),
            (&[("style/base.css", "a { color: red !important }")], 1),
            (&[("style/reset.css", "a { display: none !important }")], 0),
            (
                &[(
                    "style/base.css",
                    "a { margin-inline-start: 1px; inset-block: 0; transform-origin: left top } /* left: 0 */",
                )],
                0,
            ),
        ],
    },
    Check {
        name: "main.css imports every stylesheet",
        rule: imports,
        samples: &[
            (
                &[
                    ("style/main.css", "@import 'base.css';"),
                    ("style/base.css", ""),
                    ("style/components/a.css", ""),
                ],
                1,
            ),
            (
                &[
                    ("style/main.css", "@import url(\"components/a.css\");"),
                    ("style/components/a.css", ""),
                ],
                0,
            ),
        ],
    },
    Check {
        name: "a component and its style have one name",
        rule: pairs,
        samples: &[
            (
                &[("app/src/components/room_list.rs", "view! { <ul class=\"stack room-list\"/> }")],
                1,
            ),
            (
                &[("app/src/components/room_list.rs", "view! { <li class=\"room-list__item\"/> }")],
                1,
            ),
            (
                &[
                    ("app/src/components/room_list.rs", "view! { <ul class=\"room-list\"/> }"),
                    ("style/components/room-list.css", ".room-list {}"),
                ],
                0,
            ),
            (
                &[
                    ("app/src/components/mod.rs", "\"mod\""),
                    ("app/src/components/room.rs", "view! { <p class=\"stack\"/> }"),
                ],
                0,
            ),
            (&[("style/components/room-list.css", ".rooms {}")], 1),
            (&[("style/components/room-list.css", ".room-list__item {}")], 0),
        ],
    },
    Check {
        name: "what has a style is drawn",
        rule: drawn,
        samples: &[
            (&[("style/base.css", "a .stack:not(.row) { order: 1 } /* .old */")], 2),
            (
                &[
                    ("style/base.css", ".row > .row__end { inline-size: 0.5rem }"),
                    ("app/src/components/row.rs", "view! { <p class=\"row\"/> }"),
                ],
                1,
            ),
            (
                &[
                    ("style/base.css", ".row__end {}"),
                    ("frontend/src/row.rs", "set_class_name(\"row__end\")"),
                ],
                0,
            ),
        ],
    },
];

fn sheets(sources: &[Source]) -> impl Iterator<Item = &Source> {
    sources.iter().filter(|source| source.is_in("style/") && source.path.ends_with(".css"))
}

fn without_comments(text: &str) -> String {
    let mut bare = String::new();
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    bare
}

/// Every `property: value` of a stylesheet.
fn declarations(text: &str) -> Vec<(String, String)> {
    let bare = without_comments(text);
    let mut found = Vec::new();
    let mut start = 0;
    for (at, end) in bare.match_indices(['{', ';', '}']) {
        // What ends with a brace that opens is a selector, however much it looks like a declaration.
        if end != "{"
            && let Some((property, value)) = bare[start..at].split_once(':')
        {
            found.push((property.trim().to_lowercase(), value.trim().to_lowercase()));
        }
        start = at + 1;
    }
    found
}

const COLOURS: [&str; 12] = [
    "black", "white", "red", "green", "blue", "grey", "gray", "orange", "yellow", "purple", "pink",
    "brown",
];
const FUNCTIONS: [&str; 9] =
    ["oklch(", "oklab(", "lch(", "lab(", "rgb(", "rgba(", "hsl(", "hsla(", "hwb("];

fn colours(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for sheet in sheets(sources).filter(|sheet| sheet.path != "style/tokens.css") {
        let coloured = declarations(&sheet.text).into_iter().filter(|(_, value)| is_colour(value));
        complaints.extend(
            coloured.map(|(property, value)| format!("{}: {property}: {value}", sheet.path)),
        );
    }
    complaints
}

fn is_colour(value: &str) -> bool {
    let named = |word: &str| COLOURS.contains(&word) || is_hex(word);
    FUNCTIONS.iter().any(|function| value.contains(function))
        || value.split([' ', ',', '(', ')', '/']).any(named)
}

fn is_hex(word: &str) -> bool {
    word.strip_prefix('#').is_some_and(|hex| {
        matches!(hex.len(), 3 | 4 | 6 | 8) && hex.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

fn logical(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for sheet in sheets(sources) {
        let may_insist = sheet.path == "style/reset.css";
        let physical = declarations(&sheet.text).into_iter().filter(|(property, value)| {
            let side = property.split('-').any(|part| part == "left" || part == "right");
            let aligned = matches!(property.as_str(), "text-align" | "float" | "clear")
                && matches!(value.as_str(), "left" | "right");
            side || aligned || (value.contains("!important") && !may_insist)
        });
        complaints.extend(
            physical.map(|(property, value)| format!("{}: {property}: {value}", sheet.path)),
        );
    }
    complaints
}

fn imports(sources: &[Source]) -> Vec<String> {
    let main = sheets(sources)
        .find(|sheet| sheet.path == "style/main.css")
        .map_or("", |sheet| &sheet.text);
    let imported = |sheet: &&Source| {
        let path = sheet.path.trim_start_matches("style/");
        ['"', '\''].iter().any(|mark| {
            [format!("{mark}{path}{mark}"), format!("{mark}./{path}{mark}")]
                .iter()
                .any(|name| main.contains(name))
        })
    };
    let lonely = sheets(sources)
        .filter(|sheet| sheet.path != "style/main.css")
        .filter(|sheet| !imported(sheet));
    lonely.map(|sheet| format!("{}: is not imported", sheet.path)).collect()
}

fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// Each class occurs as a whole word where something is drawn.
fn drawn(sources: &[Source]) -> Vec<String> {
    let drawing = sources.iter().filter(|source| {
        source.is_rust() && (source.is_in("app/src/") || source.is_in("frontend/src/"))
    });
    let words: BTreeSet<&str> =
        drawing.flat_map(|source| source.text.split(|c| !is_of_a_name(c))).collect();
    let mut complaints = Vec::new();
    for sheet in sheets(sources) {
        let bare = without_comments(&sheet.text);
        let classes: BTreeSet<&str> = bare
            .split('.')
            .skip(1)
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
            .filter_map(|rest| rest.split(|c| !is_of_a_name(c)).next())
            .filter(|class| *class != "css")
            .collect();
        let lonely = classes.into_iter().filter(|class| !words.contains(class));
        complaints.extend(lonely.map(|class| format!("{}: nothing is a .{class}", sheet.path)));
    }
    complaints
}

fn pairs(sources: &[Source]) -> Vec<String> {
    let components =
        sources.iter().filter(|source| source.is_in("app/src/components/") && source.is_rust());
    let alone = components.filter(|component| {
        let root = component.stem().replace('_', "-");
        let sheet = format!("style/components/{root}.css");
        let attributes = component.text.split("class=\"").skip(1);
        let classes =
            attributes.flat_map(|text| text.split('"').next().unwrap_or_default().split(' '));
        let drawn = classes
            .into_iter()
            .any(|class| class == root || class.starts_with(&format!("{root}__")));
        drawn && !sources.iter().any(|source| source.path == sheet)
    });
    let misnamed = sheets(sources).filter(|sheet| sheet.is_in("style/components/"));
    let misnamed = misnamed.filter(|sheet| !sheet.text.contains(&format!(".{}", sheet.stem())));
    alone
        .map(|component| format!("{}: has no stylesheet of its name", component.path))
        .chain(misnamed.map(|sheet| format!("{}: has no class of its name", sheet.path)))
        .collect()
}
