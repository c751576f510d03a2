//! Where it stands that somebody came.

use leptos::prelude::*;
use protocol::{Here, Look, MemberId, Presence, Present, RoomId};

use super::{super::RoomState, CLOCK, Server, member, view, words};

/// What comes to a page.
enum Told {
    /// A text of this member.
    Said(u32),
    Came(&'static [u32]),
}

fn presents(ids: &[u32]) -> Vec<Present> {
    ids.iter().map(|id| Present { member: member(*id), away: false }).collect()
}

#[test]
fn that_somebody_came_stands_before_the_first_that_they_said() {
    use Told::{Came, Said};
    let owner = Owner::new();
    owner.set();
    // Of all rows, `|` stands for a line. The reader is 2, and 1 is here; the first text is theirs.
    for (told, then) in [
        (&[Came(&[3]), Said(3)][..], "1|3"),
        (&[Said(3), Came(&[3])], "1|3"),
        (&[Said(3), Said(1), Said(3), Came(&[3])], "1|313"),
        (&[Said(1), Said(3), Came(&[3])], "11|3"),
        (&[Said(3), Said(4), Came(&[4, 3])], "1|3|4"),
        (&[Said(3), Said(1), Came(&[4, 3])], "1|31|"),
        (&[Said(1), Came(&[3])], "11|"),
        // Who speaks without being here, and comes later.
        (&[Said(3), Came(&[4]), Came(&[3])], "13|"),
    ] {
        let mut server = Server::new();
        server.post("first");
        let mut opened = view(server.page(50));
        opened.here = Here { total: 2, away: 0, people: presents(&[2, 1]) };
        let room = RoomState::new(&opened, RwSignal::new(Look::default()), CLOCK, words());
        let mut total = 2;
        for one in told {
            match one {
                Said(author) => {
                    server.post("said");
                    server.messages.last_mut().unwrap().author = MemberId(*author);
                    room.apply(server.changes(server.rev - 1, server.rev));
                }
                Came(ids) => {
                    total += u32::try_from(ids.len()).unwrap();
                    let (changed, went) = (Vec::new(), Vec::new());
                    let (room_id, came) = (RoomId(1), presents(ids));
                    room.presence(Presence::Moved {
                        room: room_id,
                        total,
                        away: 0,
                        came,
                        changed,
                        went,
                    });
                }
            }
        }
        let authors = server.messages.iter().map(|message| message.author.0.to_string());
        let drawn = room.rows.with_untracked(|rows| {
            let line = |at: usize| if rows[at].line.is_some() { "|" } else { "" };
            authors.enumerate().map(|(at, author)| author + line(at)).collect::<String>()
        });
        assert_eq!(drawn, then);
    }
}

#[test]
fn in_an_empty_room_too() {
    let owner = Owner::new();
    owner.set();
    let mut server = Server::new();
    let mut opened = view(server.page(50));
    opened.here = Here { total: 1, away: 0, people: presents(&[2]) };
    let room = RoomState::new(&opened, RwSignal::new(Look::default()), CLOCK, words());
    server.post("said");
    room.apply(server.changes(1, 2));
    let (came, changed, went) = (presents(&[1]), Vec::new(), Vec::new());
    room.presence(Presence::Moved { room: RoomId(1), total: 2, away: 0, came, changed, went });
    assert!(room.scene.with_untracked(|scene| scene.line.is_some()));
    assert!(room.rows.with_untracked(|rows| rows.iter().all(|row| row.line.is_none())));
}
