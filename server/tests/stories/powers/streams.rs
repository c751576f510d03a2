//! Who may follow what, with the code of the room and without it; and that nobody else hears any of it.

use protocol::{Act, Audience, Command, Event, Listed, Reset, RoomId};

use super::{Cast, Who, answer, cast, start};

/// Of one who is this to the room; `None`: there is no such room.
fn expected(who: Who, there: Option<Who>, stream: Audience, says_code: bool) -> &'static str {
    match (stream, there) {
        (Audience::Lobby, _) => "ok",
        (Audience::Person, _) if matches!(who, Who::Nobody | Who::Beside) => "not_a_member",
        (Audience::Person, _) => "ok",
        (Audience::Room(_), None) => "no_such_room",
        (Audience::Room(_), Some(there)) if !says_code && !there.is_in() => "no_such_room",
        (Audience::Room(_), Some(Who::Barred | Who::Beside)) => "barred",
        (Audience::Room(_), Some(_)) => "ok",
        (Audience::Desk(_), Some(Who::Host)) => "ok",
        (Audience::Desk(_), Some(Who::Member | Who::Muted)) => "not_a_host",
        (Audience::Desk(_), _) => "not_a_member",
    }
}

/// The answer to `Watch` without `since`.
fn is_page_of(stream: Audience, event: &Event) -> bool {
    match stream {
        Audience::Room(room) => {
            matches!(event, Event::Reset(Reset::Room(page)) if page.room.id == room)
        }
        Audience::Desk(_) => matches!(event, Event::Reset(Reset::Desk(_))),
        Audience::Person => matches!(event, Event::Reset(Reset::Person(_))),
        Audience::Lobby => matches!(event, Event::Listed(Listed::All { .. })),
    }
}

#[tokio::test]
async fn each_stream_is_for_those_it_is_for() {
    let server = start().await;
    let Cast { room, other, mut sockets, .. } = cast(&server).await;
    for (who, socket) in &mut sockets {
        let in_other = match who {
            Who::Elsewhere => Who::Host,
            Who::Nobody | Who::Beside => Who::Nobody,
            Who::Former | Who::Barred | Who::Muted | Who::Member | Who::Host => Who::Elsewhere,
        };
        for (id, code, there) in [
            (room.id, &room.code, Some(*who)),
            (other.id, &other.code, Some(in_other)),
            (RoomId(2_000_000_000), &room.code, None),
        ] {
            for (stream, code) in [
                (Audience::Desk(id), None),
                (Audience::Desk(id), Some(code)),
                (Audience::Room(id), None),
                (Audience::Room(id), Some(code)),
                (Audience::Person, None),
                (Audience::Lobby, None),
            ] {
                let watch = Command::Watch { stream, since: None, code: code.cloned() };
                let (done, events) = answer(socket, watch).await;
                let what = format!("{who:?} {there:?} {stream:?} {code:?}");
                assert_eq!(done, expected(*who, there, stream, code.is_some()), "{what}");
                let shown = events.iter().any(|event| is_page_of(stream, event));
                assert_eq!(shown, done == "ok", "{what} {events:?}");
            }
        }
    }
    // What happens there is heard by who does it, a host, and by none of the others.
    let desk = Audience::Desk(room.id);
    let of_desk =
        |event: &Event| matches!(event, Event::Changes(changes) if changes.stream == desk);
    sockets.reverse();
    for (who, socket) in &mut sockets {
        let events = match who {
            Who::Host => {
                let act = Act::Slow { seconds: 30 };
                answer(socket, Command::Host { room: room.id, act }).await.1
            }
            Who::Nobody
            | Who::Elsewhere
            | Who::Former
            | Who::Barred
            | Who::Beside
            | Who::Muted
            | Who::Member => socket.so_far().await,
        };
        assert_eq!(events.iter().any(of_desk), *who == Who::Host, "{who:?} {events:?}");
    }
}
