//! What resume.rs and admin/ tell, on PostgreSQL: by the same code, which asks for the name of this program. And how
//! `parley check` judges a database there, what becomes of a commit that it never answers, and that it is asked the
//! same for every code that somebody guesses.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

#[cfg(unix)]
#[path = "../stories/admin/mod.rs"]
mod admin;
mod alike;
#[path = "../stories/client/mod.rs"]
mod client;
mod doubt;
#[path = "../stories/resume.rs"]
mod resume;

use std::process::Command;

use client::{Person, Running};
use protocol::MessageId;
use tokio_postgres::NoTls;

#[tokio::test]
async fn a_database_is_checked_while_parley_runs() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (mut socket, mut log) = ana.enter(&room).await;
    for text in ["one", "two", "three"] {
        socket.post(&room, MessageId::now(), text).await;
    }
    socket.read(&mut log, 3).await;
    let url = server.database().unwrap();
    let check = || {
        let mut check = Command::new(env!("CARGO_BIN_EXE_parley"));
        check.env_clear().args(["check", "--log", "error", "--database-url", url]);
        let output = check.output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code(), said)
    };
    let (code, said) = check();
    assert!(said.ends_with(" is sound: 1 rooms, 3 messages, 1 people\n"), "{said}");
    assert_eq!(code, Some(0));
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let gap = "DELETE FROM search WHERE seq = 2; DELETE FROM messages WHERE seq = 2";
    client.batch_execute(gap).await.unwrap();
    let (code, said) = check();
    let sentence = " does not hold together:\nroom 1: message 3 follows message 1\n";
    assert!(said.starts_with("parley: ") && said.ends_with(sentence), "{said}");
    assert_eq!(code, Some(1));
}
