//! Who may know whom: `frontend → app → sync → protocol ← delivery ← server`, and each technology in one
//! place.

use super::{
    Check,
    source::{Source, rust, words},
};

pub(crate) const CHECKS: &[Check] = &[
    Check {
        name: "direction of the crates",
        rule: crates,
        samples: &[
            (&[("protocol/src/ids.rs", "//! a\nuse tokio::sync::watch;")], 1),
            (
                &[(
                    "protocol/src/ids.rs",
                    "//! tokio\nuse std::fmt; // axum\nlet server = \"leptos\";",
                )],
                0,
            ),
            (
                &[(
                    "protocol/src/ids.rs",
                    "let now = std::time::SystemTime::now(); std::fs::read(path)",
                )],
                2,
            ),
            (
                &[(
                    "protocol/Cargo.toml",
                    "[dependencies]\naxum.workspace = true\n[dev-dependencies]\ntokio = \"1\"",
                )],
                1,
            ),
            (
                &[
                    ("app/src/state.rs", "fn a() { server::store::open() }"),
                    ("app/Cargo.toml", "[dependencies]\nserver = {}"),
                ],
                2,
            ),
            (&[("app/src/state.rs", "WebSocket::new(address)")], 1),
            (&[("app/src/state.rs", "use leptos::web_sys::Element;\nlet server = 1;")], 0),
            (&[("frontend/src/lib.rs", "use rusqlite::Connection;")], 1),
            (&[("server/src/lib.rs", "use axum::Router;\nuse tokio::net::TcpListener;")], 0),
            (&[("swarm/src/lib.rs", "use server::Config;\nuse protocol::Room;")], 1),
            (&[("delivery/src/hub.rs", "use rusqlite::Row;\nuse tokio::sync::Notify;")], 1),
            (&[("sync/src/line.rs", "use app::Status;\nlet now = std::time::Instant::now();")], 2),
        ],
    },
    Check {
        name: "one place knows WebSockets",
        rule: sockets,
        samples: &[
            (&[("server/src/presence.rs", "use axum::extract::ws::{Message, WebSocket};")], 1),
            (
                &[(
                    "delivery/src/hub.rs",
                    "use axum::extract::{ws, State};\nfn a(m: ws::Message) {}",
                )],
                1,
            ),
            (&[("delivery/src/lib.rs", "pub use axum::extract::ws::Utf8Bytes as Frame;")], 0),
            (&[("server/src/connection.rs", "use axum::extract::ws::WebSocketUpgrade;")], 0),
            (&[("server/src/hub.rs", "use tokio_tungstenite::WebSocketStream;")], 1),
            (&[("server/src/connection/a.rs", "use tokio_tungstenite::WebSocketStream;")], 0),
            (&[("server/tests/client/mod.rs", "use tokio_tungstenite::WebSocketStream;")], 0),
            (
                &[
                    ("frontend/src/a.rs", "WebSocket::new(x)"),
                    ("frontend/src/b.rs", "a: &WebSocket"),
                ],
                1,
            ),
            (
                &[
                    ("frontend/src/a.rs", "//! WebSocket\nWebSocket::new(x)"),
                    ("frontend/src/b.rs", "// WebSocket"),
                ],
                0,
            ),
        ],
    },
    Check {
        name: "only the store knows SQL",
        rule: database,
        samples: &[
            (&[("server/src/http/mod.rs", "use rusqlite::Connection;")], 1),
            (&[("server/src/config.rs", "use tokio_postgres::Config;")], 1),
            (&[("server/src/session.rs", "let q = \"SELECT name FROM persons\";")], 1),
            (&[("server/src/session.rs", "let q = \"pragma user_version\";")], 1),
            (
                &[(
                    "server/src/store/sqlite.rs",
                    "use rusqlite::Connection;\nlet q = \"DELETE FROM rooms\";",
                )],
                0,
            ),
            (
                &[(
                    "server/src/http/mod.rs",
                    "//! SELECT x FROM y\nlet words = \"Please select a name from the list\";",
                )],
                0,
            ),
        ],
    },
    Check {
        name: "the store does not know who is told",
        rule: strangers,
        samples: &[
            (&[("server/src/store/sqlite/writer.rs", "delivery::publish(commits, hub)")], 1),
            (&[("server/src/store/mod.rs", "use delivery::{\n    Commit,\n    Hub,\n};")], 1),
            (&[("server/src/store/mod.rs", "pub use delivery::{Commit, PersonId, Stream};")], 0),
            (&[("server/src/store/read.rs", "let hub = 1; // delivery::Hub")], 0),
            (&[("server/src/lib.rs", "use delivery::Hub;")], 0),
        ],
    },
];

/// A folder, the crates and modules that it never names, and why.
const NEVER: &[(&str, &[&str], &str)] = &[
    (
        "protocol/",
        &[
            "tokio",
            "axum",
            "leptos",
            "hyper",
            "rusqlite",
            "tokio_postgres",
            "reqwest",
            "web_sys",
            "js_sys",
            "app",
            "server",
            "frontend",
        ],
        "protocol is pure",
    ),
    (
        "app/",
        &["tokio", "axum", "hyper", "rusqlite", "reqwest", "server", "frontend", "gloo_net"],
        "app is drawn alike on both sides",
    ),
    (
        "delivery/",
        &["app", "leptos", "hyper", "rusqlite", "tokio_postgres", "server", "frontend"],
        "delivery only delivers",
    ),
    ("frontend/", &["tokio", "axum", "hyper", "rusqlite", "server"], "frontend is the browser"),
    ("swarm/", &["app", "axum", "leptos", "rusqlite", "server"], "swarm is a client as any other"),
    (
        "sync/",
        &[
            "tokio", "axum", "leptos", "hyper", "rusqlite", "reqwest", "web_sys", "js_sys", "app",
            "server", "frontend",
        ],
        "sync is pure",
    ),
];

/// Names that `protocol`, `sync` and `app` do without, whatever path leads to them.
const NO_IO: &[(&str, &[&str], &str)] = &[
    (
        "protocol/src/",
        &["SystemTime", "Instant", "fs", "net", "process", "thread"],
        "protocol has neither I/O nor a clock",
    ),
    (
        "sync/src/",
        &["SystemTime", "Instant", "WebSocket", "fs", "net", "process", "thread"],
        "sync has neither I/O nor a clock",
    ),
    (
        "app/src/",
        &["SystemTime", "Instant", "WebSocket", "fs", "net", "process"],
        "app has neither I/O nor a clock",
    ),
];

fn crates(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources {
        for (folder, never, why) in NEVER.iter().filter(|(folder, ..)| source.is_in(folder)) {
            let named: Vec<_> = if source.path == format!("{folder}Cargo.toml") {
                never.iter().filter(|name| depends_on(&source.text, name)).collect()
            } else if source.is_in(&format!("{folder}src/")) && source.is_rust() {
                let code = rust(&source.text).code;
                never.iter().filter(|name| is_path(&code, name)).collect()
            } else {
                Vec::new()
            };
            complaints
                .extend(named.iter().map(|name| format!("{}: {why}: never {name}", source.path)));
        }
        for (_, never, why) in
            NO_IO.iter().filter(|(folder, ..)| source.is_rust() && source.is_in(folder))
        {
            let code = rust(&source.text).code;
            let named = never.iter().filter(|name| is_path(&code, name));
            complaints.extend(named.map(|name| format!("{}: {why}: never {name}", source.path)));
        }
    }
    complaints
}

/// In `[dependencies]`; those of tests are free.
fn depends_on(manifest: &str, name: &str) -> bool {
    let mut section = "";
    let name = name.replace('_', "-");
    manifest.lines().any(|line| {
        if line.starts_with('[') {
            section = line;
        }
        let dependency = line.split(['.', '=', ' ']).next().unwrap_or_default().replace('_', "-");
        section == "[dependencies]" && dependency == name
    })
}

/// `name::…`, `…::name`, or what `use` brings in.
fn is_path(code: &str, name: &str) -> bool {
    let words = words(code);
    (0..words.len()).any(|at| {
        let before = at.checked_sub(1).map(|before| words[before]);
        words[at] == name
            && (words.get(at + 1) == Some(&"::") || matches!(before, Some("::" | "use" | "crate")))
    })
}

fn sockets(sources: &[Source]) -> Vec<String> {
    let named =
        |source: &&Source, is: fn(&str) -> bool| source.is_rust() && is(&rust(&source.text).code);
    let server = sources.iter().filter(|source| {
        let ours = source.is_in("server/src/") || source.is_in("delivery/src/");
        ours && source.path != "server/src/connection.rs" && !source.is_in("server/src/connection/")
    });
    let server = server.filter(|source| named(source, names_server_socket));
    let browser = sources.iter().filter(|source| source.is_in("frontend/src/"));
    let browser = browser.filter(|source| named(source, |code| words(code).contains(&"WebSocket")));
    server
        .map(|source| format!("{}: only connection does", source.path))
        .chain(browser.skip(1).map(|source| format!("{}: a second one does", source.path)))
        .collect()
}

/// Any of axum's WebSocket types but the text of a frame, which is only a cheap string.
fn names_server_socket(code: &str) -> bool {
    let words = words(code);
    let of_ws = |at: usize| {
        words[at] == "ws"
            && words.get(at + 1) == Some(&"::")
            && words.get(at + 2) != Some(&"Utf8Bytes")
    };
    (0..words.len()).any(|at| {
        of_ws(at) || words[at].starts_with("WebSocket") || words[at].contains("tungstenite")
    })
}

const DATABASES: &[&str] = &["rusqlite", "tokio_postgres", "deadpool_postgres"];

/// Two words of a statement, in this order, in one string.
const SQL: &[(&str, &str)] = &[
    ("SELECT ", " FROM "),
    ("INSERT ", "INTO "),
    ("UPDATE ", " SET "),
    ("DELETE FROM ", ""),
    ("CREATE TABLE ", ""),
    ("PRAGMA ", ""),
];

fn database(sources: &[Source]) -> Vec<String> {
    let ours = [
        "app/src/",
        "delivery/src/",
        "frontend/src/",
        "protocol/src/",
        "server/src/",
        "swarm/src/",
        "sync/src/",
    ];
    let outside = sources
        .iter()
        .filter(|source| source.is_rust() && ours.iter().any(|folder| source.is_in(folder)));
    let outside = outside.filter(|source| !source.is_in("server/src/store/"));
    let knows = outside.filter(|source| {
        let rust = rust(&source.text);
        let speaks = |text: &String| {
            let is = |(first, then): &(&str, &str)| {
                text.split_once(first).is_some_and(|(_, rest)| format!(" {rest}").contains(then))
            };
            SQL.iter().any(is) || text.starts_with("pragma ")
        };
        DATABASES.iter().any(|name| is_path(&rust.code, name)) || rust.strings.iter().any(speaks)
    });
    knows.map(|source| format!("{}: belongs into store/", source.path)).collect()
}

/// What of `delivery` a store has to do with.
const SHARED: [&str; 4] = ["Commit", "PersonId", "SessionId", "Stream"];

fn strangers(sources: &[Source]) -> Vec<String> {
    let stores = sources.iter().filter(|source| source.is_rust());
    let stores = stores.filter(|source| source.is_in("server/src/store/"));
    let known = stores.flat_map(|source| {
        named_of(&rust(&source.text).code, "delivery")
            .into_iter()
            .filter(|name| !SHARED.contains(&name.as_str()))
            .map(|name| format!("{}: knows {name}; lib.rs brings them together", source.path))
    });
    known.collect()
}

/// What follows `name::`, also in braces.
fn named_of(code: &str, name: &str) -> Vec<String> {
    let words = words(code);
    let mut named = Vec::new();
    for at in 0..words.len() {
        if words[at] == name && words.get(at + 1) == Some(&"::") {
            let rest = &words[at + 2..];
            let end = match rest.first() {
                Some(&"{") => rest.iter().position(|word| *word == "}").unwrap_or(rest.len()),
                Some(_) => 1,
                None => 0,
            };
            let is_name = |word: &&&str| word.chars().all(|c| c.is_alphanumeric() || c == '_');
            named.extend(rest[..end].iter().filter(is_name).map(|word| (*word).to_owned()));
        }
    }
    named
}
