//! What does not hold together is found and named; what does, is not complained of.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::{super::check, *};
use crate::store::contract::flaws::{FLAWS, assert_found, settle};

/// What only a server's database can be.
const OWN: &[(&str, &[&str])] = &[
    ("UPDATE meta SET last_room = 0", &["room 1 is there, but 0 is noted as the last"]),
    ("UPDATE meta SET last_person = 1", &["person 2 is there, but 1 is noted as the last"]),
    (
        "UPDATE search SET words = array_to_tsvector(ARRAY['thing', '7']) WHERE {seq} = 8",
        &["the search index has other words than the messages"],
    ),
    (
        "INSERT INTO barred(room_id, address, member, until) VALUES(1, decode('07', 'hex'), 2, 90)",
        &["room 1: an address is barred until 90, but 0 is noted"],
    ),
];

#[tokio::test]
async fn each_flaw_is_named_and_nothing_else() {
    let url = Cluster::shared().unwrap().database().unwrap();
    let (store, _published, _folder) = start(&url).await;
    settle(&store).await;
    let mut client = connect(&url).await;
    for (flaw, expected) in FLAWS.iter().chain(OWN) {
        let tx = client.transaction().await.unwrap();
        let flaw = flaw.replace("{seq}", "seq").replace("{n}", "n");
        tx.batch_execute(&flaw).await.unwrap();
        assert_found(&flaw, check::look(&tx).await.unwrap().findings, expected);
        tx.rollback().await.unwrap();
    }
    let report = check::check(&url.parse().unwrap()).await.unwrap();
    assert_eq!((report.rooms, report.messages, report.people), (1, 8, 2));
}

#[tokio::test]
async fn what_was_barred_before_rooms_noted_it_is_noted() {
    let url = Cluster::shared().unwrap().database().unwrap();
    let (store, _published, _folder) = start(&url).await;
    settle(&store).await;
    drop(store);
    let back =
        "INSERT INTO barred(room_id, address, member, until) VALUES(1, decode('07', 'hex'), 2, 90);
         DROP INDEX barred_over; ALTER TABLE rooms DROP COLUMN barred_until;
         ALTER TABLE members DROP COLUMN skeleton_as_written, DROP COLUMN skeleton_of_capitals;
         ALTER TABLE desk DROP COLUMN password;
         DELETE FROM parley_schema WHERE version > 9";
    connect(&url).await.batch_execute(back).await.unwrap();
    drop(start(&url).await);
    assert_eq!(check::check(&url.parse().unwrap()).await.unwrap().findings, [""; 0]);
}

#[tokio::test]
async fn what_is_no_database_of_this_version_is_a_sentence() {
    let cluster = Cluster::shared().unwrap();
    let [empty, older] = [cluster.database().unwrap(), cluster.database().unwrap()];
    drop(start(&older).await);
    let steps = schema::STEPS.len();
    let age = format!("DELETE FROM parley_schema WHERE version = {steps}");
    connect(&older).await.batch_execute(&age).await.unwrap();
    for (url, sentence) in [
        (empty, "holds nothing of this program"),
        (older, "was written by an older version of this program"),
        (cluster.url("nowhere"), "there is no database"),
    ] {
        let said = check::check(&url.parse().unwrap()).await.err().unwrap().to_string();
        assert!(said.contains(sentence) && said.lines().count() == 1, "{said}");
    }
}
