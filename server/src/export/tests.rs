//! What becomes of an export, on a real database.

use std::pin::pin;

use app::catalogue;
use futures::StreamExt;
use protocol::{Language, Lifetime};
use tokio::time::{advance, pause, resume};

use super::*;
use crate::house::{House, session};

#[tokio::test]
async fn a_file_of_which_nothing_is_fetched_for_a_while_has_no_end() {
    let house = House::new().await;
    let person = house.person(1).await;
    let room = house.room(person, Lifetime::Month, clock::now()).await.room.id;
    for (seconds, goes_on) in [(59, true), (60, false)] {
        let first = house.server.store.newest(room).await.unwrap();
        let reader = Reader { person, session: session(1), whence: Whence::default() };
        let (look, words) = (Look::default(), catalogue(Language::English));
        let file = export(house.server.clone(), first, reader, look, words, Format::Text);
        let mut file = pin!(file.unwrap());
        assert!(file.next().await.unwrap().is_ok());
        pause();
        advance(Duration::from_secs(seconds)).await;
        resume();
        assert_eq!(file.next().await.unwrap().is_ok(), goes_on, "after {seconds} s");
    }
}
