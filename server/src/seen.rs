//! Where people came from last, so that one who is barred from a room does not come back to it as somebody else at
//! once. Only in memory, and never shown. After a restart who was not seen since is barred alone: whoever looks into a
//! room of theirs is, with a script or without, and to keep the addresses of all who do not would be worse.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::{address::Network, store::PersonId};

/// People that are kept. With more, all are forgotten: then only the person themselves is kept out.
const MOST: usize = 100_000;

#[derive(Default)]
pub(crate) struct Seen(Mutex<HashMap<PersonId, Network>>);

impl Seen {
    pub(crate) fn note(&self, person: PersonId, from: Option<Network>) {
        let Some(from) = from else { return };
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST {
            seen.clear();
        }
        seen.insert(person, from);
    }

    pub(crate) fn of(&self, person: PersonId) -> Option<Network> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&person).copied()
    }
}
