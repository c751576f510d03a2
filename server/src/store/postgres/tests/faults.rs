//! The server is killed or hangs while people post. Each test has one of its own to break.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use cluster::Stop;
use protocol::{Message, RoomId};

use super::*;
use crate::store::{MAX_BATCH, PAGE};

/// Says one thing after another until told to stop, each until it is acknowledged.
async fn talk(store: &Postgres, room: RoomId, who: PersonId, stop: &AtomicBool) -> Vec<Message> {
    let mut acknowledged = vec![];
    while !stop.load(Ordering::Relaxed) {
        let op = post(room, who, "hi");
        acknowledged.push(again_and_again(store, op).await);
    }
    acknowledged
}

/// As a client does: the same command until there is an answer.
async fn again_and_again(store: &Postgres, op: Op) -> Message {
    let since = Instant::now();
    loop {
        match store.apply(op.clone()).await {
            Ok(Applied::Posted { message, .. }) => return message,
            Ok(other) => panic!("{other:?}"),
            Err(StoreError::Unavailable(_) | StoreError::Overloaded) => {
                assert!(since.elapsed() < Duration::from_secs(30), "it goes on by itself");
                tokio::task::yield_now().await;
            }
            Err(other) => panic!("{other}"),
        }
    }
}

/// The whole log.
async fn stored(store: &Postgres, room: RoomId) -> Vec<Message> {
    let mut messages: Vec<Message> = vec![];
    loop {
        let after = Slice::After(messages.last().map_or(0, |last| last.seq));
        let page = store.page(room, after).await.unwrap().messages;
        let more = page.len() == PAGE as usize;
        messages.extend(page);
        if !more {
            return messages;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_a_killed_server_and_posting_goes_on() {
    let cluster = Cluster::new().unwrap();
    let url = cluster.database().unwrap();
    let (store, mut published, _folder) = start(&url).await;
    let ann = person(&store).await;
    let room = create(&store, ann, 1).await.room.id;
    let (store, stop) = (Arc::new(store), Arc::new(AtomicBool::new(false)));
    let people: Vec<_> = (0..16)
        .map(|_| {
            let (store, stop) = (store.clone(), stop.clone());
            tokio::spawn(async move { talk(&store, room, ann, &stop).await })
        })
        .collect();
    let commits = async |published: &mut Receiver<Commit>, count| {
        for _ in 0..count {
            let next = timeout(Duration::from_secs(30), published.recv()).await;
            next.expect("posting goes on by itself").unwrap();
        }
    };
    for _ in 0..2 {
        commits(&mut published, 20).await;
        tokio::task::block_in_place(|| cluster.stop(Stop::Immediate).unwrap());
        while published.try_recv().is_ok() {}
        tokio::task::block_in_place(|| cluster.start().unwrap());
        commits(&mut published, 20).await;
    }
    stop.store(true, Ordering::Relaxed);
    let acknowledged = join_all(people).await.into_iter().flat_map(|said| said.unwrap());
    let mut acknowledged: Vec<Message> = acknowledged.collect();
    acknowledged.sort_by_key(|message| message.seq);
    // Everyone repeated until there was an answer, so that nothing else is there.
    assert_eq!(stored(&store, room).await, acknowledged);
    assert!(acknowledged.iter().map(|message| message.seq).eq(1..=acknowledged.len() as u32));
    assert!(acknowledged.len() > 80, "{}", acknowledged.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_is_said_in_time_and_is_used_again_when_it_answers() {
    let cluster = Cluster::new().unwrap();
    let url = cluster.database().unwrap();
    let (store, _published, _folder) = start(&url).await;
    let ann = person(&store).await;
    let room = create(&store, ann, 1).await.room.id;
    assert_eq!(say(&store, room, ann, "before").await.seq, 1);
    store.newest(room).await.unwrap();
    let frozen = cluster.freeze().unwrap();
    let ops: Vec<Op> = (0..MAX_BATCH + 50).map(|_| post(room, ann, "meanwhile")).collect();
    let since = Instant::now();
    let (answers, page) =
        tokio::join!(join_all(ops.iter().map(|op| store.apply(op.clone()))), store.newest(room));
    let took = since.elapsed();
    drop(frozen);
    let unanswered =
        |error: &StoreError| matches!(error, StoreError::Unavailable(_) | StoreError::Overloaded);
    assert!(answers.iter().all(|answer| answer.as_ref().is_err_and(unanswered)));
    assert!(page.as_ref().is_err_and(unanswered), "{page:?}");
    assert!(took < PROMISE + Duration::from_millis(500), "{took:?}");
    join_all(ops.into_iter().map(|op| again_and_again(&store, op))).await;
    let messages = stored(&store, room).await;
    assert!(messages.iter().map(|message| message.seq).eq(1..=(1 + MAX_BATCH + 50) as u32));
}
