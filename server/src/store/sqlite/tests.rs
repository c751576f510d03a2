//! SQLite's own part: what happens to files, locks, disks and threads.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::store::contract;

fn start(folder: &tempfile::TempDir) -> Sqlite {
    Sqlite::start(&folder.path().join("test.db"), mpsc::channel(64).0).unwrap()
}

#[tokio::test]
async fn keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    contract::people_talk(&start(&folder)).await;
}
