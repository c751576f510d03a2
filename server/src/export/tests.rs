//! What becomes of an export, on a real database.

use std::pin::Pin;

use app::catalogue;
use futures::StreamExt;
use protocol::{Act, Language, Lifetime};
use tokio::time::{advance, pause, resume};

use super::*;
use crate::{
    Server,
    address::Proxies,
    house::{House, session},
    store::{By, DeviceOp, Op, Which},
};

/// Of which this person, whose session has that number, has got the beginning.
async fn begun(
    house: &House,
    room: RoomId,
    (person, n): (PersonId, u8),
    whence: Whence,
) -> Pin<Box<dyn Stream<Item = store::Result<Bytes>>>> {
    let first = house.server.store.newest(room).await.unwrap();
    let reader = Reader { person, session: session(n), whence };
    let (look, words) = (Look::default(), catalogue(Language::English));
    let file = export(house.server.clone(), first, reader, look, words, Format::Text);
    let mut file = Box::pin(file.unwrap());
    assert!(file.next().await.unwrap().is_ok());
    file
}

#[tokio::test]
async fn a_file_of_which_nothing_is_fetched_for_a_while_has_no_end() {
    let house = House::new().await;
    let person = house.person(1).await;
    let room = house.room(person, Lifetime::Month, clock::now()).await.room.id;
    for (seconds, goes_on) in [(59, true), (60, false)] {
        let mut file = begun(&house, room, (person, 1), Whence::default()).await;
        pause();
        advance(Duration::from_secs(seconds)).await;
        resume();
        assert_eq!(file.next().await.unwrap().is_ok(), goes_on, "after {seconds} s");
    }
}

#[tokio::test]
async fn who_may_read_the_room_no_more_gets_no_more_of_it() {
    let place = |text: &str| Proxies::new(Vec::new(), false).of_socket(text.parse().unwrap());
    let (here, there) = (place("203.0.113.5"), place("198.51.100.7"));
    let bans = ["203.0.113.5/32", "198.51.100.0/24", "192.0.2.0/24"];
    for (what, goes_on) in [
        ("nothing", true),
        ("they leave", false),
        ("a host puts them out", false),
        ("whoever runs the server puts them out", false),
        ("the room is burned", false),
        ("they are signed out", false),
        (bans[0], false),
        (bans[1], false),
        (bans[2], true),
    ] {
        let house = House::new().await;
        let (host, guest, at) = (house.person(1).await, house.person(2).await, clock::now());
        let room = house.room(host, Lifetime::Month, at).await.room.id;
        let member = house.join(room, guest, at).await.id;
        // Whose two headers disagree.
        let whence = Whence { said: [here, there], ..Whence::default() };
        let mut file = begun(&house, room, (guest, 2), whence).await;
        let act = |by, act| {
            let (link, addresses, capacity) = (None, Vec::new(), 9);
            Op::Host { room, by, act, link, addresses, capacity, at }
        };
        let bar = Act::Bar { member, until: Some(at + 1000) };
        let op = match what {
            "they leave" => Some(Op::Leave { room, person: guest }),
            "a host puts them out" => Some(act(By::Person(host), bar)),
            "whoever runs the server puts them out" => Some(act(By::Operator, bar)),
            "the room is burned" => Some(act(By::Person(host), Act::Burn)),
            "they are signed out" => {
                let which = Which::One(house.server.store.devices(guest).await.unwrap()[0].id);
                Some(Op::Device(DeviceOp::SignOut { by: session(2), which, at }))
            }
            network if bans.contains(&network) => {
                let (network, until) = (network.parse().unwrap(), Some(at + 60_000));
                let Server { bans, store, .. } = &*house.server;
                bans.set(&**store, network, until, at).await.unwrap();
                None
            }
            _ => None,
        };
        if let Some(op) = op {
            house.apply(op).await;
        }
        assert_eq!(file.next().await.unwrap().is_ok(), goes_on, "{what}");
    }
}
