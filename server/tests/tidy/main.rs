//! What no linter can say: who may know whom, what belongs together, how long a file may be.
//! Each rule is a function from files to complaints, and is shown to complain about what it is for.

mod direction;
mod form;
mod source;
mod style;

use std::{error::Error, path::Path};

use source::Source;

/// Complaints, each with the path of the file it is about.
type Rule = fn(&[Source]) -> Vec<String>;

/// Files, and how many complaints a rule has about them. `<60>` stands for so many new lines.
type Sample = (&'static [(&'static str, &'static str)], usize);

/// A rule and what shows that it holds what it promises.
struct Check {
    name: &'static str,
    rule: Rule,
    samples: &'static [Sample],
}

fn checks() -> impl Iterator<Item = &'static Check> {
    direction::CHECKS.iter().chain(form::CHECKS).chain(style::CHECKS)
}

#[test]
fn the_project_is_tidy() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let sources = source::all(&root)?;
    assert!(
        sources.iter().any(|source| source.path == "server/tests/tidy/main.rs"),
        "the files are not where they should be"
    );
    let complaints: Vec<String> = checks()
        .flat_map(|check| {
            (check.rule)(&sources)
                .into_iter()
                .map(|complaint| format!("{}: {complaint}", check.name))
        })
        .collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
    Ok(())
}

#[test]
fn every_rule_finds_what_it_is_for_and_nothing_else() {
    for check in checks() {
        for (files, expected) in check.samples {
            let sources: Vec<_> = files.iter().map(|(path, text)| planted(path, text)).collect();
            let complaints = (check.rule)(&sources);
            assert_eq!(
                complaints.len(),
                *expected,
                "{} about {files:?}: {complaints:?}",
                check.name
            );
        }
        assert!(
            check.samples.iter().any(|(_, expected)| *expected > 0),
            "{} never complains",
            check.name
        );
        assert!(
            check.samples.iter().any(|(_, expected)| *expected == 0),
            "{} is never content",
            check.name
        );
    }
}

fn planted(path: &str, text: &str) -> Source {
    let lines =
        |text: String, count: usize| text.replace(&format!("<{count}>"), &"\n".repeat(count));
    Source { path: path.into(), text: [59, 60, 400].into_iter().fold(text.into(), lines) }
}

#[test]
fn comments_and_texts_are_not_code() {
    for (text, code) in [
        ("a // b\nc", "a     \nc"),
        ("a /* b /* c */ d */ e", "a                   e"),
        (r#"a("b \" c", 'd', '\'')"#, "a(        ,    ,     )"),
        ("a(r#\"b \"c\" d\"#)", "a(            )"),
        ("fn a<'b>(c: &'b str) {}", "fn a<'b>(c: &'b str) {}"),
        ("for_bar\"x\"", "for_bar   "),
    ] {
        assert_eq!(source::rust(text).code, code, "{text}");
    }
    assert_eq!(source::rust(r##"a("b", r#"c "d""#, "")"##).strings, ["b", "c \"d", ""]);
}
