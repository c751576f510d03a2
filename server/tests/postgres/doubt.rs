//! A commit that is stored, and of which the server hears nothing any more.

use cluster::Cluster;
use protocol::{Event, MessageId};
use tokio_postgres::{Client, NoTls};

use crate::client::{Person, Running};

/// From now on commits are stored and not answered, as if a copy of the database had to have them first; or
/// no longer, and those that wait are answered.
async fn keep_to_itself(database: &Client, silent: bool) {
    let names = if silent { "'nobody'" } else { "''" };
    let set = format!("ALTER SYSTEM SET synchronous_standby_names = {names}");
    database.execute(&set, &[]).await.unwrap();
    database.execute("SELECT pg_reload_conf()", &[]).await.unwrap();
}

#[tokio::test]
async fn what_was_stored_unknown_to_its_author_reaches_everyone_though_nobody_says_anything_more() {
    let cluster = Cluster::new().unwrap();
    let url = cluster.database().unwrap();
    let server = Running::on_database(url.clone()).await;
    let (database, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (mut ana, _) = ana.enter(&room).await;
    let (mut bo, mut log) = bo.enter(&room).await;

    keep_to_itself(&database, true).await;
    // It takes a moment.
    let mut said = 0;
    let mut refusal = None;
    while refusal.is_none() {
        said += 1;
        ana.post(&room, MessageId::now(), &said.to_string()).await;
        let answer = ana.until(|event| {
            if let Event::Refused(refused) = event {
                return Some(Some(refused.refusal));
            }
            matches!(event, Event::Changes(_)).then_some(None)
        });
        refusal = answer.await;
    }
    assert!(refusal.is_some_and(|refusal| refusal.is_retryable()));
    keep_to_itself(&database, false).await;
    bo.read(&mut log, said).await;
    assert_eq!(log.bodies().last().copied(), Some(&*said.to_string()));
    log.check();
}
