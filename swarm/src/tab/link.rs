//! A page's socket, if it has one.

use std::{future::pending, time::Duration};

use anyhow::Result;
use futures::future::BoxFuture;
use protocol::{Command, Event};
use tokio::time::timeout;

use crate::person::{Ear, Person, Voice};

/// A line that takes no more does not hold the page up.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Default)]
pub(super) enum Link {
    #[default]
    None,
    Opening(BoxFuture<'static, Result<(Voice, Ear)>>),
    Open(Box<(Voice, Ear)>),
}

pub(super) enum Said {
    Opened,
    Event(Event),
    /// The close code, 1006 for a line that broke.
    Ended(u16),
}

impl Link {
    pub(super) fn open(person: Person) -> Self {
        Self::Opening(Box::pin(async move { person.connect().await }))
    }

    /// Nothing is lost if it is not waited for to its end.
    pub(super) async fn next(&mut self) -> Result<Said> {
        let opened = match self {
            Self::None => return pending().await,
            Self::Open(open) => {
                return Ok(open.1.next().await?.map_or_else(Said::Ended, Said::Event));
            }
            Self::Opening(opening) => opening.await,
        };
        let Ok(open) = opened else {
            *self = Self::None;
            return Ok(Said::Ended(1006));
        };
        *self = Self::Open(Box::new(open));
        Ok(Said::Opened)
    }

    /// Of the last request.
    pub(super) fn count(&self) -> u32 {
        if let Self::Open(open) = self { open.0.count() } else { 0 }
    }

    /// Returns the request's count.
    pub(super) async fn say(&mut self, command: Command) -> u32 {
        if let Self::Open(open) = self {
            let _ = timeout(PATIENCE, open.0.say(command)).await;
        }
        self.count()
    }
}
