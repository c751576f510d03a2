//! Somebody's open page, without a browser: it follows its room, comes back after every cut and resumes,
//! and keeps what it has to say until the server has it. All that it decides `sync` decides, as in a
//! browser.

mod link;
mod page;

use anyhow::{Context, Result};
use protocol::{Command, RoomId};
use sync::Confirmed;
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

use crate::{chance::Chance, check::Account, person::Person};
use page::Page;

/// Orders that may wait; whoever gives one more waits too.
const ORDERS: usize = 64;

/// What can be seen of it from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// There is a line, and nothing is missing.
    pub live: bool,
    pub acknowledged: usize,
    /// The newest place up to which all is here.
    pub head: u32,
    /// The codes with which its connections ended.
    pub ends: Vec<u16>,
}

enum Order {
    Say(String),
    Do(Command),
    /// What was said in this place, once more.
    Again(usize),
    Wake,
}

/// What is unusual about a page.
#[derive(Clone, Default)]
pub struct Habits {
    /// It sends each command twice.
    pub twice: bool,
    /// It has this already, and resumes.
    pub has: Option<Confirmed>,
}

/// Dropping it closes the page.
pub struct Tab {
    pub room: RoomId,
    orders: mpsc::Sender<Order>,
    pub view: watch::Receiver<View>,
    page: JoinHandle<Result<Account>>,
}

impl Tab {
    pub fn open(person: Person, chance: Chance) -> Self {
        Self::with(person, chance, Habits::default())
    }

    pub fn with(person: Person, chance: Chance, habits: Habits) -> Self {
        let (orders, taken) = mpsc::channel(ORDERS);
        let (shown, view) = watch::channel(View::default());
        let room = person.room.id;
        let page = tokio::spawn(Page::new(person, chance, habits, shown).run(taken));
        Self { room, orders, view, page }
    }

    /// Into the outbox, which is as long as it must be.
    pub async fn say(&self, body: String) {
        let _ = self.orders.send(Order::Say(body)).await;
    }

    /// A command that is not repeated if it gets lost.
    pub async fn carry_out(&self, command: Command) {
        let _ = self.orders.send(Order::Do(command)).await;
    }

    /// What it said as its `nth` message, once more, if it was answered by now; whoever did say that is not told
    /// twice.
    pub async fn again(&self, nth: usize) {
        let _ = self.orders.send(Order::Again(nth)).await;
    }

    /// As when a machine wakes up: there may be a line now.
    pub async fn wake(&self) {
        let _ = self.orders.send(Order::Wake).await;
    }

    /// Resolves when this can be seen.
    ///
    /// # Errors
    /// The page is no more.
    pub async fn until(&mut self, is_so: impl FnMut(&View) -> bool) -> Result<View> {
        let view = self.view.wait_for(is_so).await.map(|view| view.clone());
        view.context("the page ended by itself")
    }

    /// Closes it, and says what happened in it.
    ///
    /// # Errors
    /// A frame came that is none of the protocol's.
    pub async fn close(self) -> Result<Account> {
        drop(self.orders);
        self.page.await?
    }
}
