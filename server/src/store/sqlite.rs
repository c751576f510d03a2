//! SQLite.

use std::path::Path;

use tokio::sync::mpsc::Sender;

use super::{Commit, Store};

pub(crate) struct Sqlite;

impl Sqlite {
    pub(crate) fn start(_: &Path, _: Sender<Commit>) -> anyhow::Result<impl Store> {
        Err::<Nothing, _>(anyhow::anyhow!("not yet"))
    }
}

enum Nothing {}

impl Store for Nothing {
    fn apply(&self, _: super::Op) -> super::Answer<'_, super::Applied> {
        match *self {}
    }
    fn person(&self, _: super::SessionHash) -> super::Answer<'_, Option<super::Person>> {
        match *self {}
    }
    fn rooms(&self, _: super::PersonId) -> super::Answer<'_, Vec<protocol::RoomLink>> {
        match *self {}
    }
    fn entry(
        &self,
        _: super::Door,
        _: Option<super::PersonId>,
    ) -> super::Answer<'_, Option<super::Entry>> {
        match *self {}
    }
    fn newest(&self, _: protocol::RoomId) -> super::Answer<'_, protocol::RoomPage> {
        match *self {}
    }
    fn since(&self, _: protocol::RoomId, _: protocol::Point) -> super::Answer<'_, super::Since> {
        match *self {}
    }
    fn ready(&self) -> super::Answer<'_, ()> {
        match *self {}
    }
}
