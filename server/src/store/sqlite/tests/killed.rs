//! What was acknowledged is there when the database is opened again, however the run before ended.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead, BufReader};

use protocol::MessageId;
use rusqlite::Connection;

use super::{super::*, folder, path, start};
use crate::store::contract::{create, person, say};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_after_opening_again() {
    let folder = folder();
    let (store, published) = start(&folder);
    drop(published);
    let store = std::sync::Arc::new(store);
    let ann = person(&*store).await;
    let room = create(&*store, ann, 1).await.room.id;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                for _ in 0..5 {
                    say(&*store, room, ann, "hi").await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let before = store.newest(room).await.unwrap();
    assert_eq!(before.messages.len(), 40);
    drop(store);
    let (store, _published) = start(&folder);
    assert_eq!(store.newest(room).await, Ok(before));
    let next = create(&store, ann, 1).await.room.id;
    assert_eq!(next.0, room.0 + 1);
}

/// Set for the process that is to be killed: its database.
const VICTIM: &str = "PARLEY_TEST_VICTIM";

/// Says on its output what was acknowledged, until it is killed.
#[tokio::test]
#[ignore = "is run by the test below, in a process of its own"]
async fn victim() {
    let Ok(path) = std::env::var(VICTIM) else { return };
    let (commits, mut published) = mpsc::channel(64);
    tokio::spawn(async move { while published.recv().await.is_some() {} });
    let store = Sqlite::start(Path::new(&path), commits).unwrap();
    let ann = person(&store).await;
    let room = create(&store, ann, 1).await.room.id;
    loop {
        let posts = (0..16).map(|_| say(&store, room, ann, "hi"));
        for message in futures::future::join_all(posts).await {
            println!("acknowledged {} {}", message.seq, message.id);
        }
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_killed_process() {
    let folder = folder();
    let mut victim = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "store::sqlite::tests::killed::victim"])
        .env(VICTIM, path(&folder))
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(victim.stdout.take().unwrap());
    let mut acknowledged = vec![];
    let mut line = String::new();
    while output.read_line(&mut line).unwrap() > 0 {
        let mut words = line.split_whitespace().skip_while(|word| !word.ends_with("acknowledged"));
        if let (Some(_), Some(seq), Some(id)) = (words.next(), words.next(), words.next()) {
            acknowledged.push((seq.parse::<u32>().unwrap(), id.parse::<MessageId>().unwrap()));
        }
        line.clear();
        if acknowledged.len() == 100 {
            victim.kill().unwrap();
        }
    }
    victim.wait().unwrap();
    let (store, _published) = start(&folder);
    let page = store.newest(RoomId(1)).await.unwrap();
    // A backup taken during that run and put back bears the same marker.
    assert!(page.at.epoch > 1, "only a clean end is believed");
    drop(store);
    let conn = Connection::open(path(&folder)).unwrap();
    let mut query = conn.prepare("SELECT pk & 0xffffffff, id FROM messages ORDER BY pk").unwrap();
    let stored = query.query_map([], |row| Ok((row.get(0)?, row.get::<_, [u8; 16]>(1)?))).unwrap();
    let stored: Vec<(u32, [u8; 16])> = stored.map(|row| row.unwrap()).collect();
    assert!(stored.iter().map(|(seq, _)| *seq).eq(1..=stored.len() as u32), "no holes");
    for (seq, id) in &acknowledged {
        assert_eq!(stored.get(*seq as usize - 1).map(|(_, stored)| stored), Some(id.as_bytes()));
    }
    assert!(acknowledged.len() >= 100);
}
