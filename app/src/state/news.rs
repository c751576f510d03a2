//! What is new in a room, for those who are told of it aloud.

use leptos::prelude::*;
use protocol::{Content, markup};

use super::{RoomState, Scene};

impl RoomState {
    /// The place of the newest message that was heard of, shown or not.
    pub fn head(self) -> u32 {
        self.log.with_value(|log| log.confirmed.head())
    }

    /// The place up to which nothing is missing.
    pub fn complete_to(self) -> u32 {
        self.log.with_value(|log| log.confirmed.reached())
    }

    /// How many messages others wrote after this place, and of the newest who says what, if it is here:
    /// drawn or not, and without the marks in its text.
    pub fn others_said_since(self, seq: u32) -> (u32, Option<(String, String)>) {
        let me = self.scene.with_untracked(Scene::me);
        self.log.with_value(|log| {
            let (mut count, mut newest) = (log.confirmed.head().saturating_sub(seq), None);
            for message in log.confirmed.messages().rev().take_while(|message| message.seq > seq) {
                if Some(message.author) == me {
                    count = count.saturating_sub(1);
                    continue;
                }
                match &message.content {
                    Content::Text(text) => newest = newest.or(Some((message.author, text))),
                    Content::Removed => count = count.saturating_sub(1),
                }
            }
            let said = newest.map(|(author, text)| {
                (log.confirmed.author(author).name.into(), markup::plain(text.as_str()))
            });
            (count, said)
        })
    }
}
