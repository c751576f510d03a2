//! The index of what messages say: it is written with them, and only with them. Nothing of the program's
//! asks it yet; here it is asked inside the database.
#![allow(clippy::unwrap_used, reason = "tests")]

use protocol::{Content, RoomId};

use super::{body, create, person, post, say};
use crate::store::{
    Applied, Store, StoreError,
    decide::{Batch, MessageState, Row},
    tokens::tokens,
};

/// A database past its store.
pub(in crate::store) trait Inside {
    async fn execute(&self, sql: &str);
    /// The messages in which the word is, by the index alone: of one room, or of all.
    async fn found(&self, word: &str, room: Option<RoomId>) -> Vec<(RoomId, u32)>;
    /// As the writer saves it.
    async fn save(&self, batch: &Batch);
    /// What `check` finds.
    async fn flaws(&self) -> Vec<String>;
}

const TEXTS: &[&str] = &[
    "Hello, *world*!",
    "明日の会議室は三階、パパとﾊﾟﾊﾟ",
    "สวัสดีครับ ที่นี่",
    "مَرْحَبًا بكم",
    "Grüße aus der Straße, Ça va?",
    "हिन्दी में",
    "안녕하세요 ㅋㅋㅋ",
    "🎉🎉 👍🏽 👩‍💻 🇩🇪",
    "```let v = Vec::<u8>::new(); // 'NEAR' AND \"OR\"```",
    "a\\b 'c' & !d:* <-> \u{0}e\u{1}",
];

pub(super) async fn what_was_said_is_found_by_each_of_its_words_and_in_its_room(
    store: &dyn Store,
    inside: &impl Inside,
) {
    let ann = person(store).await;
    // One of the longest words there can be, and as many of them as there can be.
    let long = "x".repeat(4000);
    let many = (0..600).map(|n| format!("w{n:04}")).collect::<Vec<_>>().join(" ");
    for text in TEXTS.iter().copied().chain([long.as_str(), &many]) {
        let room = create(store, ann, 1).await.room.id;
        let elsewhere = create(store, ann, 1).await.room.id;
        say(store, room, ann, "…").await;
        let here = (room, say(store, room, ann, text).await.seq);
        let there = (elsewhere, say(store, elsewhere, ann, text).await.seq);
        let words = tokens(text);
        for word in words.split(' ').step_by(1 + words.len() / 500) {
            let all = inside.found(word, None).await;
            assert!([here, there].iter().all(|key| all.contains(key)), "{text}: {word} {all:?}");
            assert_eq!(inside.found(word, Some(room)).await, [here], "{text}: {word} in one room");
        }
    }
}

pub(super) async fn what_cannot_be_indexed_is_not_said(store: &dyn Store, inside: &impl Inside) {
    let ann = person(store).await;
    let room = create(store, ann, 1).await.room.id;
    let op = post(room, ann, "together or not at all");
    inside.execute("ALTER TABLE search RENAME TO elsewhere").await;
    let refused = store.apply(op.clone()).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert_eq!(store.newest(room).await.unwrap().messages, []);
    inside.execute("ALTER TABLE elsewhere RENAME TO search").await;
    let Applied::Posted { message, fresh, .. } = store.apply(op).await.unwrap() else { panic!() };
    assert_eq!((message.seq, fresh), (1, true));
    assert_eq!(inside.found("together", Some(room)).await, [(room, 1)]);
}

pub(super) async fn only_new_words_touch_the_index(store: &dyn Store, inside: &impl Inside) {
    let ann = person(store).await;
    let room = create(store, ann, 1).await.room.id;
    let mut message = say(store, room, ann, "first").await;
    // Nothing but a write of the index would bring it back.
    inside.execute("DELETE FROM search").await;
    for (text, reworded, word, expected) in [
        ("first", false, "first", &[][..]),
        ("second", true, "second", &[(room, 1)]),
        ("…", true, "second", &[]),
    ] {
        message.content = Content::Text(body(text));
        message.rev += 1;
        message.version += u32::from(reworded);
        let state = MessageState {
            message: message.clone(),
            room,
            person: ann,
            digest: 0,
            reworded,
            original: None,
        };
        let mut batch = Batch::default();
        batch.messages.insert((room, 1), Row::new(state));
        inside.save(&batch).await;
        assert_eq!(store.newest(room).await.unwrap().messages, [message.clone()]);
        assert_eq!(inside.found(word, Some(room)).await, expected, "{text}");
    }
}
