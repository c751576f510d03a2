//! The page of people: everyone who is here, whoever asks for them may read the room.

use crate::client::{Person, Running, soon};
use protocol::{Here, Refusal, Refused};

async fn get<T: serde::de::DeserializeOwned>(server: &Running, path: &str) -> (u16, T) {
    let answer = soon(reqwest::get(format!("http://{}{path}", server.address))).await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn everyone_is_found_page_by_page() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let mut sockets = vec![ana.enter(&room).await];
    for n in 2..=120 {
        let (guest, _) = Person::join(&server, &room, &format!("Guest {n}")).await;
        sockets.push(guest.enter(&room).await);
    }
    let (mut ids, mut after) = (Vec::<u32>::new(), String::new());
    loop {
        let (status, page): (_, Here) =
            get(&server, &format!("/r/{}/people{after}", room.code)).await;
        assert_eq!((status, page.total, page.away), (200, 120, 0));
        let Some(last) = page.people.last() else { break };
        after = format!("?after={}", last.member.id.0);
        ids.extend(page.people.iter().map(|one| one.member.id.0));
    }
    assert_eq!(ids, (1..=120).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_cannot_be_answered_is_refused() {
    let server = Running::start().await;
    let (_, room, _) = Person::create(&server, "Ana").await;
    for (path, status, refusal) in [
        ("/r/ZZZZZ/people".into(), 404, Refusal::NoSuchRoom),
        ("/r/nonsense/people".into(), 404, Refusal::NoSuchRoom),
        (format!("/r/{}/people?after=me", room.code), 400, Refusal::Malformed),
        (format!("/r/{}/people?after=-1", room.code), 400, Refusal::Malformed),
    ] {
        let refused = get::<Refused>(&server, &path).await;
        assert_eq!(refused, (status, Refused { n: None, refusal }), "{path}");
    }
}
