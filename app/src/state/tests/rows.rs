//! What is drawn of what is known.

use protocol::{Mark, MemberId, MessageId, Refusal, RoomId, WhoAmI};
use sync::Confirmed;

use super::{
    super::{Delivery, Group, Lines, Pending, Reader, RowView, rows},
    Server, member, words,
};
use crate::LocalTime;

fn drawn(confirmed: &Confirmed, pending: &[Pending], me: &WhoAmI) -> Vec<RowView> {
    drawn_for(confirmed, pending, me, None, &Lines::default())
}

/// Days are UTC's and are called by their number.
fn drawn_for(
    confirmed: &Confirmed,
    pending: &[Pending],
    me: &WhoAmI,
    read: Option<u32>,
    lines: &Lines,
) -> Vec<RowView> {
    let local = |at: i64| LocalTime {
        year: 1970,
        month: 1,
        day: u8::try_from(at.div_euclid(86_400_000)).unwrap() + 1,
        ..LocalTime::default()
    };
    let name_of_day = |time: LocalTime| time.day.to_string();
    let (local, name_of_day) = (&local, &name_of_day);
    let words = words();
    let reader = Reader { words, me, read, found: None, live: true, lines, local, name_of_day };
    rows(confirmed, 0, pending, &reader)
}

fn pending(body: &str) -> Pending {
    Pending { id: MessageId::now(), body: body.into(), refusal: None }
}

#[test]
fn the_overlay_is_drawn_last_and_goes_when_its_value_comes() {
    let mut server = Server::new();
    server.post("one");
    let me = WhoAmI::Member(member(1));
    let mut mine = pending("mine");
    let confirmed = Confirmed::from(server.page(50));
    let before = drawn(&confirmed, std::slice::from_ref(&mine), &me);
    let seen: Vec<_> =
        before.iter().map(|row| (row.body.as_str(), row.delivery.as_str(), row.own)).collect();
    assert_eq!(seen, [("one", "sent", true), ("mine", "pending", true)]);

    mine.refusal = Some(Refusal::IdConflict);
    let failed = drawn(&confirmed, std::slice::from_ref(&mine), &me);
    assert_eq!(failed[1].delivery, Delivery::Failed(Refusal::IdConflict));

    server.post("mine");
    server.messages[1].id = mine.id;
    let after = drawn(&Confirmed::from(server.page(50)), &[mine.clone()], &me);
    assert_eq!(after.len(), 2);
    assert_eq!(
        (after[1].id, after[1].delivery.as_str()),
        (mine.id, "sent"),
        "the same row, in its place"
    );
}

#[test]
fn without_a_line_what_is_pending_waits_and_what_failed_has_failed() {
    let (lines, me) = (Lines::default(), WhoAmI::Visitor { name: String::new() });
    let reader = |live| Reader {
        words: words(),
        me: &me,
        read: None,
        found: None,
        live,
        lines: &lines,
        local: &|_| LocalTime::default(),
        name_of_day: &|_| String::new(),
    };
    let failed = Pending { refusal: Some(Refusal::BodyEmpty), ..pending("failed") };
    let confirmed = Confirmed::from(Server::new().page(50));
    for (live, first) in [(true, Delivery::Pending), (false, Delivery::Waiting)] {
        let drawn = rows(&confirmed, 0, &[pending("mine"), failed.clone()], &reader(live));
        let seen: Vec<_> = drawn.into_iter().map(|row| row.delivery).collect();
        assert_eq!(seen, [first, Delivery::Failed(Refusal::BodyEmpty)]);
    }
}

#[test]
fn one_author_within_five_minutes_is_a_group() {
    let minute = 60_000;
    // Author and minute of each message, and the groups they make.
    for (said, groups) in [
        (vec![(1, 0)], vec![Group::Only]),
        (vec![(1, 0), (1, 5)], vec![Group::First, Group::Last]),
        (vec![(1, 0), (1, 6)], vec![Group::Only, Group::Only]),
        (vec![(1, 0), (1, 4), (1, 8)], vec![Group::First, Group::Middle, Group::Last]),
        (vec![(1, 0), (2, 0), (1, 0)], vec![Group::Only, Group::Only, Group::Only]),
    ] {
        let mut server = Server::new();
        for (author, at) in &said {
            server.post("said");
            let message = server.messages.last_mut().unwrap();
            message.author = MemberId(*author);
            message.created_at = at * minute;
        }
        let drawn =
            drawn(&Confirmed::from(server.page(50)), &[], &WhoAmI::Visitor { name: "V".into() });
        assert_eq!(drawn.iter().map(|row| row.group).collect::<Vec<_>>(), groups, "{said:?}");
        let mark = |row: &RowView| row.mark.map(|mark| mark.word);
        let [one, other] = [1, 2].map(|id| Some(Mark::of(RoomId(1), MemberId(id)).word));
        let marks = said.iter().map(|(author, _)| if *author == 1 { one } else { other });
        assert!(drawn.iter().map(mark).eq(marks), "{said:?}");
    }
}

#[test]
fn a_day_and_what_is_new_break_a_group_and_say_so() {
    let day = 24 * 60;
    let said = [(1, day - 2), (1, day - 1), (1, day), (1, day + 1), (1, day + 2)];
    let mut server = Server::new();
    for (author, minute) in said {
        server.post("said");
        let message = server.messages.last_mut().unwrap();
        message.author = MemberId(author);
        message.created_at = minute * 60_000;
    }
    let me = WhoAmI::Visitor { name: "V".into() };
    let confirmed = Confirmed::from(server.page(50));
    let drawn = drawn_for(&confirmed, &[pending("mine")], &me, Some(4), &Lines::default());
    let seen: Vec<_> = drawn.iter().map(|row| (row.day.as_deref(), row.new, row.group)).collect();
    assert_eq!(
        seen,
        [
            (Some("1"), false, Group::First),
            (None, false, Group::Last),
            (Some("2"), false, Group::First),
            (None, false, Group::Last),
            (None, true, Group::Only),
            (None, false, Group::Only),
        ]
    );
}

#[test]
fn a_line_stands_after_its_message_and_ends_a_group() {
    let mut server = Server::new();
    for text in ["one", "two", "three"] {
        server.post(text);
    }
    let mut lines = Lines::default();
    lines.came(Some(server.messages[1].id), member(2));
    let confirmed = Confirmed::from(server.page(50));
    let me = WhoAmI::Member(member(1));
    let drawn = drawn_for(&confirmed, &[], &me, None, &lines);
    let groups: Vec<_> = drawn.iter().map(|row| (row.group, row.line.is_some())).collect();
    assert_eq!(groups, [(Group::First, false), (Group::Last, true), (Group::Only, false)]);
}
