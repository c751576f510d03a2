//! The rooms that are open to everyone, as the lobby has them: live.

use protocol::{Audience, Command, Event, Listed, MessageId, OpenRoom, RoomCode};

use crate::client::{Person, Running, Socket};

async fn listed(socket: &mut Socket) -> Listed {
    socket.until(|event| if let Event::Listed(listed) = event { Some(listed) } else { None }).await
}

async fn look(socket: &mut Socket) -> Vec<OpenRoom> {
    socket.send(Command::Watch { stream: Audience::Lobby, since: None, code: None }).await;
    match listed(socket).await {
        Listed::All { rooms, .. } => rooms,
        moved @ Listed::Moved { .. } => panic!("nothing to move from: {moved:?}"),
    }
}

/// Until so many are said to be in this room.
async fn until_here(socket: &mut Socket, code: &RoomCode, here: u32) {
    loop {
        if let Listed::Moved { rooms, .. } = listed(socket).await
            && rooms.iter().any(|room| room.code == *code && room.here == here)
        {
            return;
        }
    }
}

#[tokio::test]
async fn who_looks_at_the_lobby_sees_people_come_and_go_and_rooms_begin() {
    let server = Running::with(&["--rooms", "General,Random"]).await;
    // Who has entered nothing sees it too.
    let stranger = Person::nobody(&server);
    let mut lobby = stranger.connect().await;
    let rooms = look(&mut lobby).await;
    let codes: Vec<_> = rooms.iter().map(|room| room.code.as_str()).collect();
    assert_eq!((codes, rooms[0].here), (vec!["general", "random"], 0));
    let general = rooms[0].code.clone();

    let (mut ana, room) = Person::nobody(&server).and_join(&general, "Ana").await;
    let (mut tab, _) = ana.enter(&room).await;
    until_here(&mut lobby, &general, 1).await;
    ana.listed("Tea").await;
    let tea = loop {
        if let Listed::Moved { rooms, .. } = listed(&mut lobby).await
            && let Some(tea) = rooms
                .into_iter()
                .find(|room| room.name.as_ref().is_some_and(|name| name.as_str() == "Tea"))
        {
            break tea;
        }
    };
    assert_eq!(tea.here, 0);

    // Whoever comes later gets all of it, and the others nothing that they have.
    let mut second = stranger.connect().await;
    let rooms = look(&mut second).await;
    assert_eq!(rooms.iter().map(|room| room.here).collect::<Vec<_>>(), [1, 0, 0]);
    tab.send(Command::Leave { room: room.id }).await;
    for socket in [&mut lobby, &mut second] {
        until_here(socket, &general, 0).await;
    }

    // Who looks elsewhere hears nothing of it.
    second.send(Command::Unwatch { stream: Audience::Lobby }).await;
    second.so_far().await;
    ana.join_too(&room, "Ana").await;
    let (mut tab, _) = ana.enter(&room).await;
    tab.post(&room, MessageId::now(), "Hello").await;
    until_here(&mut lobby, &general, 1).await;
    let heard = second.so_far().await;
    assert!(!heard.iter().any(|event| matches!(event, Event::Listed(_))), "{heard:?}");
}
