//! The form of files: what they open with, how long they are, what they leave out, and versions that
//! stand in two places.

use super::{
    Check,
    source::{Source, rust, words},
};

pub(crate) const CHECKS: &[Check] = &[
    Check {
        name: "a file says what it owns",
        rule: opening,
        samples: &[
            (&[("app/src/lib.rs", "use std::fmt;")], 1),
            (&[("app/src/lib.rs", "// The app.\n")], 1),
            (&[("app/src/lib.rs", "//! The app.\n"), ("style/main.css", "a {}")], 0),
        ],
    },
    Check {
        name: "files have at most 400 lines",
        rule: files,
        samples: &[
            (&[("end2end/a.ts", "a<400>b")], 1),
            (&[("end2end/a.ts", "a<400>")], 0),
            (&[("Cargo.lock", "a<400>b"), ("end2end/package-lock.json", "a<400>b")], 0),
        ],
    },
    Check {
        name: "functions have at most 60 lines",
        rule: functions,
        samples: &[
            (&[("a.rs", "fn short() {}\nfn long(a: [u8; 2]) {<60>}\nfn short() {}")], 1),
            (&[("a.rs", "pub(crate) async fn long<T>() -> T\nwhere\n    T: Copy,\n{<59>}")], 1),
            (&[("a.rs", "fn short() { let a = \"{\"; /* { */ let b = '{'; }<60>")], 0),
            (&[("a.rs", "trait A { fn short();<60>fn short(); }")], 0),
            (&[("a.rs", "fn sixty() {<59>}")], 0),
        ],
    },
    Check {
        name: "what is begun is finished",
        rule: finished,
        samples: &[
            (&[("a.rs", concat!("// TO", "DO: later"))], 1),
            (&[("style/a.css", concat!("/* FIX", "ME */"))], 1),
            (&[("a.rs", "// The photodome.")], 0),
        ],
    },
    Check {
        name: "tests wait for a state and never for time",
        rule: waiting,
        samples: &[
            (&[("server/tests/talk.rs", "tokio::time::sleep(SECOND).await;")], 1),
            (&[("end2end/talk.spec.ts", "await page.waitForTimeout(500)")], 1),
            (&[("server/tests/talk.rs", "// sleep\ntokio::time::timeout(SECOND, next).await")], 0),
            (&[("server/src/presence.rs", "tokio::time::sleep_until(end).await")], 0),
        ],
    },
    Check {
        name: "a version that stands in two places is one",
        rule: versions,
        samples: &[
            (
                &[
                    ("Cargo.toml", "wasm-bindgen = \"=0.2.1\""),
                    (
                        "tools/Cargo.toml",
                        "version = \"0.2.1\"\nwasm-bindgen-cli = { version = \"=0.2.2\" }",
                    ),
                ],
                1,
            ),
            (
                &[
                    ("Cargo.toml", "wasm-bindgen = \"=0.2.1\""),
                    (
                        "tools/Cargo.toml",
                        "version = \"0.2.1\"\nwasm-bindgen-cli = { version = \"=0.2.1\" }",
                    ),
                ],
                0,
            ),
            (
                &[
                    ("Cargo.toml", "wasm-bindgen = \"=0.2.1\""),
                    (
                        "tools/Cargo.toml",
                        "version = \"0.2.0\"\nwasm-bindgen-cli = { version = \"=0.2.1\" }",
                    ),
                ],
                1,
            ),
            (
                &[(
                    "end2end/package.json",
                    "\"devDependencies\": {\n\"binaryen\": \"^132.0.0\"\n}",
                )],
                1,
            ),
            (
                &[("end2end/package.json", "\"devDependencies\": {\n\"binaryen\": \"132.0.0\"\n}")],
                0,
            ),
        ],
    },
];

fn opening(sources: &[Source]) -> Vec<String> {
    let silent =
        sources.iter().filter(|source| source.is_rust() && !source.text.starts_with("//! "));
    silent.map(|source| format!("{}: opens without `//!`", source.path)).collect()
}

fn files(sources: &[Source]) -> Vec<String> {
    let written = sources
        .iter()
        .filter(|source| !source.path.ends_with(".lock") && !source.path.ends_with(".json"));
    let long = written
        .map(|source| (source, source.text.lines().count()))
        .filter(|(_, lines)| *lines > 400);
    long.map(|(source, lines)| format!("{}: {lines} lines", source.path)).collect()
}

fn functions(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources.iter().filter(|source| source.is_rust()) {
        let code = rust(&source.text).code;
        let long = bodies(&code).into_iter().filter(|(_, lines)| *lines > 60);
        complaints
            .extend(long.map(|(name, lines)| format!("{}: {name} has {lines} lines", source.path)));
    }
    complaints
}

/// Every function with a body, and its number of lines from `fn` to the last brace.
fn bodies(code: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let in_word = code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let name = words(code[at + 3..].lines().next().unwrap_or_default())
            .first()
            .copied()
            .unwrap_or_default();
        if in_word || !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            continue;
        }
        if let Some(end) = end_of_function(&code[at..]) {
            found.push((name, code[at..at + end].lines().count()));
        }
    }
    found
}

/// Where the function's last brace is; none for one without a body.
fn end_of_function(code: &str) -> Option<usize> {
    let (mut round, mut curly) = (0_i32, 0_i32);
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' => round += 1,
            ')' | ']' => round -= 1,
            ';' if round == 0 && curly == 0 => return None,
            '{' => curly += 1,
            '}' => {
                curly -= 1;
                if curly == 0 && round == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn finished(sources: &[Source]) -> Vec<String> {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    let ours = sources.iter().filter(|source| {
        !source.path.ends_with(".lock") && !source.path.ends_with("package-lock.json")
    });
    let begun = ours.filter(|source| marks.iter().any(|mark| source.text.contains(mark)));
    begun.map(|source| format!("{}: do it, or say why it is not needed", source.path)).collect()
}

fn waiting(sources: &[Source]) -> Vec<String> {
    let rust_tests = |source: &&Source| {
        let tests = source.is_rust() && source.path.contains("/tests/");
        tests && words(&rust(&source.text).code).contains(&"sleep")
    };
    let browser = |source: &&Source| {
        source.path.ends_with(".spec.ts")
            && ["waitForTimeout", "networkidle"].iter().any(|word| source.text.contains(word))
    };
    let impatient = sources.iter().filter(|source| rust_tests(source) || browser(source));
    impatient.map(|source| format!("{}: wait for what should happen", source.path)).collect()
}

fn versions(sources: &[Source]) -> Vec<String> {
    let text = |path: &str| {
        sources.iter().find(|source| source.path == path).map(|source| source.text.as_str())
    };
    let mut complaints = Vec::new();
    if let (Some(workspace), Some(tools)) = (text("Cargo.toml"), text("tools/Cargo.toml")) {
        let linked =
            version_of(workspace, "wasm-bindgen").map(|version| version.trim_start_matches('='));
        for name in ["wasm-bindgen-cli", "version"] {
            let tool = version_of(tools, name).map(|version| version.trim_start_matches('='));
            if tool.is_none() || tool != linked {
                complaints
                    .push(format!("tools/Cargo.toml: {name} is {tool:?}, wasm-bindgen {linked:?}"));
            }
        }
    }
    if let Some(package) = text("end2end/package.json") {
        let lines = package.lines().skip_while(|line| !line.contains("evDependencies"));
        let loose = lines.filter(|line| {
            ["\"^", "\"~", "\"*", "\">", "latest"].iter().any(|range| line.contains(range))
        });
        complaints.extend(
            loose.map(|line| format!("end2end/package.json: not one version: {}", line.trim())),
        );
    }
    complaints
}

/// `name = "1.2"` or `name = { version = "1.2" …`
fn version_of<'a>(manifest: &'a str, name: &str) -> Option<&'a str> {
    let line = manifest.lines().find(|line| line.split([' ', '=', '.']).next() == Some(name))?;
    let (_, value) = line.split_once('=')?;
    value.split('"').nth(1)
}
