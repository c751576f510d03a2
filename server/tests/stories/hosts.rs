//! What hosts do is so at once for everyone who is connected, on all their lines, and for nobody else.

use std::time::{Duration, Instant};

use protocol::{
    Act, Admission, Audience, Command, Content, Event, FOR_EVER, Item, Matter, Member, MemberId,
    MessageId, Reason, Refusal, Reset, Role, Room, RoomId, Value, Voices,
};

use crate::client::{Person, Running, Socket};

const DESK: fn(RoomId) -> Audience = Audience::Desk;

pub(crate) async fn act(socket: &mut Socket, room: &Room, act: Act) -> u32 {
    socket.send(Command::Host { room: room.id, act }).await
}

/// Follows the desk: what is on it.
async fn desk(socket: &mut Socket, room: &Room) -> Vec<Item> {
    socket.send(Command::Watch { stream: DESK(room.id), since: None, code: None }).await;
    socket
        .until(
            |event| {
                if let Event::Reset(Reset::Desk(page)) = event { Some(page.items) } else { None }
            },
        )
        .await
}

/// The next thing on the desk of this kind.
async fn item<T>(socket: &mut Socket, of: impl Fn(&Item, &[Member]) -> Option<T>) -> T {
    socket
        .until(|event| {
            let Event::Changes(changes) = event else { return None };
            let named = |value: &Value| {
                if let Value::Member(member) = value { Some(member.clone()) } else { None }
            };
            let members: Vec<Member> = changes.values.iter().filter_map(named).collect();
            changes.values.iter().find_map(|value| {
                if let Value::Item(item) = value { of(item, &members) } else { None }
            })
        })
        .await
}

async fn changed_room(socket: &mut Socket) -> Room {
    socket
        .until(|event| {
            let Event::Changes(changes) = event else { return None };
            changes
                .values
                .into_iter()
                .find_map(|value| if let Value::Room(room) = value { Some(room) } else { None })
        })
        .await
}

#[tokio::test]
async fn who_is_put_out_is_out_on_every_line_and_hears_and_says_nothing_more() {
    let server = Running::start().await;
    let (ann, room, _) = Person::create(&server, "Ann").await;
    let (bo, member) = Person::join(&server, &room, "Bo").await;
    let (mut host, _) = ann.enter(&room).await;
    let (mut one, _) = bo.enter(&room).await;
    let (mut other, _) = bo.enter(&room).await;
    while host.moved().await.1 != ["Bo"] {}
    act(&mut host, &room, Act::Bar { member: member.id, until: Some(FOR_EVER) }).await;
    assert_eq!((one.ended().await, other.ended().await), (Reason::Removed, Reason::Removed));
    while host.moved().await.2 != [member.id.0] {}
    host.post(&room, MessageId::now(), "now among us").await;
    let heard = one.so_far().await;
    assert!(!heard.iter().any(|event| matches!(event, Event::Changes(_))), "{heard:?}");
    let barred = Refusal::Barred { until: FOR_EVER };
    let n = one.post(&room, MessageId::now(), "I am back").await;
    assert_eq!(one.refused().await, (Some(n), Refusal::NotAMember));
    let n = one.watch(room.id, None).await;
    assert_eq!(one.refused().await, (Some(n), barred.clone()), "not even to read along");
    let mut anew = bo.connect().await;
    anew.code = Some(room.code.clone());
    let n = anew.watch(room.id, None).await;
    assert_eq!(anew.refused().await, (Some(n), barred));
    act(&mut host, &room, Act::Bar { member: member.id, until: None }).await;
    host.so_far().await;
    let mut bo = bo;
    assert_eq!(bo.join_too(&room, "Bo").await.id, member.id, "undone, and the same as before");
}

#[tokio::test]
async fn who_is_put_out_is_so_in_every_tab_within_a_second_of_the_answer() {
    let server = Running::start().await;
    let (ann, room, _) = Person::create(&server, "Ann").await;
    let (bo, member) = Person::join(&server, &room, "Bo").await;
    let (mut host, _) = ann.enter(&room).await;
    let (mut tab, _) = bo.enter(&room).await;
    let (mut other_tab, _) = bo.enter(&room).await;
    act(&mut host, &room, Act::Bar { member: member.id, until: Some(FOR_EVER) }).await;
    // What is said after it is answered after it.
    let heard = host.so_far().await;
    assert!(!heard.iter().any(|event| matches!(event, Event::Refused(_))), "{heard:?}");
    let answered = Instant::now();
    for tab in [&mut tab, &mut other_tab] {
        assert_eq!(tab.ended().await, Reason::Removed);
        assert!(answered.elapsed() < Duration::from_secs(1));
    }
}

#[tokio::test]
async fn a_room_that_is_locked_sends_its_visitors_away_and_its_members_stay() {
    let server = Running::start().await;
    let (ann, room, _) = Person::create(&server, "Ann").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (mut host, _) = ann.enter(&room).await;
    let (mut member, _) = bo.enter(&room).await;
    let (mut visitor, _) = Person::nobody(&server).enter(&room).await;
    act(&mut host, &room, Act::Admission { admission: Admission::Locked }).await;
    assert_eq!(visitor.ended().await, Reason::Locked);
    let n = visitor.watch(room.id, None).await;
    assert_eq!(visitor.refused().await, (Some(n), Refusal::NoSuchRoom));
    let room = changed_room(&mut member).await;
    assert_eq!(room.rules.admission, Admission::Locked);
    let n = member.post(&room, MessageId::now(), "still here").await;
    assert!(n > 0 && !member.changes().await.values.is_empty());
}

#[tokio::test]
async fn who_reads_along_is_sent_away_when_the_room_becomes_full_in_whatever_way() {
    let server = Running::start().await;
    for way in ["joined", "admitted", "made smaller"] {
        let (ann, room, _) = Person::create(&server, "Ann").await;
        let (mut host, _) = ann.enter(&room).await;
        let two = |most| Act::Capacity { most: Some(most) };
        act(&mut host, &room, two(2)).await;
        let mut cy = Person::nobody(&server);
        let (mut visitor, _) = Person::nobody(&server).enter(&room).await;
        match way {
            "joined" => {
                let (mut joins, _) = cy.enter(&room).await;
                cy.join_too(&room, "Cy").await;
                // Nobody yet, as far as this line knows.
                assert_eq!(joins.ended().await, Reason::Locked);
            }
            "admitted" => {
                act(&mut host, &room, Act::Admission { admission: Admission::Knock }).await;
                assert_eq!(visitor.ended().await, Reason::Locked);
                cy.knock(&room, "Cy", "It is me").await;
                let open = Act::Admission { admission: Admission::Open };
                act(&mut host, &room, open).await;
                host.so_far().await;
                visitor.follow(room.id).await;
                let knock = MemberId(2);
                act(&mut host, &room, Act::Answer { knock, admit: true }).await;
            }
            _ => _ = act(&mut host, &room, two(1)).await,
        }
        assert_eq!(visitor.ended().await, Reason::Locked, "{way}");
        let n = visitor.watch(room.id, None).await;
        let (refused, refusal) = visitor.refused().await;
        assert!(refused == Some(n) && matches!(refusal, Refusal::RoomFull), "{way}");
        host.post(&room, MessageId::now(), "still here").await;
        let said = |value: &Value| matches!(value, Value::Message(_));
        host.until(|event| {
            let Event::Changes(changes) = event else { return None };
            changes.values.iter().any(said).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn who_knocks_is_seen_at_every_desk_and_let_in_live() {
    let server = Running::start().await;
    let (ann, room, ann_member) = Person::create(&server, "Ann").await;
    let (bo, bo_member) = Person::join(&server, &room, "Bo").await;
    let (mut host, _) = ann.enter(&room).await;
    let (mut second, _) = bo.enter(&room).await;
    let n = second.send(Command::Watch { stream: DESK(room.id), since: None, code: None }).await;
    assert_eq!(second.refused().await, (Some(n), Refusal::NotAHost));
    act(&mut host, &room, Act::Appoint { member: bo_member.id, role: Role::Host }).await;
    act(&mut host, &room, Act::Admission { admission: Admission::Knock }).await;
    assert_eq!(changed_room(&mut second).await.rules.admission, Admission::Knock);
    desk(&mut host, &room).await;
    desk(&mut second, &room).await;
    let mut cid = Person::nobody(&server);
    cid.knock(&room, "Cid", "It is me").await;
    let knock = |item: &Item, members: &[Member]| {
        let Matter::Knock(knock) = &item.matter else { return None };
        let name = members.iter().find(|one| one.id == knock.member)?.name.as_str().to_owned();
        Some((knock.member, name, knock.says.clone().map(String::from), knock.answer))
    };
    let (id, name, says, answered) = item(&mut host, knock).await;
    assert_eq!((&*name, says.as_deref(), answered), ("Cid", Some("It is me"), None));
    assert_eq!(item(&mut second, knock).await.0, id);
    let mut waiting = cid.connect().await;
    waiting.send(Command::Watch { stream: Audience::Person, since: None, code: None }).await;
    act(&mut second, &room, Act::Answer { knock: id, admit: true }).await;
    assert_eq!(item(&mut host, knock).await.3, Some(true));
    let joined = waiting.until(|event| {
        let Event::Changes(changes) = event else { return None };
        changes.values.into_iter().find_map(|value| {
            if let Value::Membership(mine) = value { Some(mine.joined) } else { None }
        })
    });
    assert!(joined.await, "the one who waits hears of it");
    let (mut inside, log) = cid.enter(&room).await;
    assert!(log.here.people.iter().any(|one| one.member.id == id));
    inside.post(&room, MessageId::now(), "thank you").await;
    // Who is a host no more hears no more of the desk.
    act(&mut second, &room, Act::Appoint { member: ann_member.id, role: Role::Member }).await;
    assert_eq!(host.ended().await, Reason::Removed);
    let n = act(&mut host, &room, Act::Burn).await;
    assert_eq!(host.refused().await, (Some(n), Refusal::NotAHost));
}

#[tokio::test]
async fn a_message_that_is_taken_away_is_gone_for_everyone_and_can_come_back() {
    let server = Running::start().await;
    let (ann, room, _) = Person::create(&server, "Ann").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (mut host, mut log) = ann.enter(&room).await;
    let (mut member, _) = bo.enter(&room).await;
    let id = MessageId::now();
    member.post(&room, id, "cheap lamps").await;
    host.read(&mut log, 1).await;
    desk(&mut host, &room).await;
    member.send(Command::Report { room: room.id, message: id }).await;
    let reported = |item: &Item, _: &[Member]| {
        if let Matter::Report(report) = &item.matter { Some(report.clone()) } else { None }
    };
    let report = item(&mut host, reported).await;
    assert_eq!((report.message, report.settled), (id, false));
    let content = async |socket: &mut Socket| {
        socket
            .until(|event| {
                let Event::Changes(changes) = event else { return None };
                changes.values.into_iter().find_map(|value| match value {
                    Value::Message(message) if message.version > 1 => Some(message.content),
                    Value::Message(_)
                    | Value::Member(_)
                    | Value::Room(_)
                    | Value::Membership(_)
                    | Value::Item(_) => None,
                })
            })
            .await
    };
    act(&mut host, &room, Act::Remove { message: id, removed: true }).await;
    assert_eq!(content(&mut member).await, Content::Removed);
    let (_, newcomer) = Person::nobody(&server).enter(&room).await;
    assert_eq!(newcomer.bodies(), ["(removed)"]);
    let n = member.send(Command::Host { room: room.id, act: Act::Burn }).await;
    assert_eq!(member.refused().await, (Some(n), Refusal::NotAHost));
    act(&mut host, &room, Act::Remove { message: id, removed: false }).await;
    assert!(
        matches!(content(&mut member).await, Content::Text(body) if body.as_str() == "cheap lamps")
    );
    let n = act(&mut host, &room, Act::Remove { message: MessageId::now(), removed: true }).await;
    assert_eq!(host.refused().await, (Some(n), Refusal::NoSuchMessage));
}

#[tokio::test]
async fn who_may_write_is_as_the_hosts_say() {
    let server = Running::start().await;
    let (ann, room, _) = Person::create(&server, "Ann").await;
    let (bo, member) = Person::join(&server, &room, "Bo").await;
    let (mut host, _) = ann.enter(&room).await;
    let (mut bo, _) = bo.enter(&room).await;
    let say = async |socket: &mut Socket| {
        let n = socket.post(&room, MessageId::now(), "hello").await;
        let answer = socket.until(|event| {
            if let Event::Refused(refused) = event {
                return Some(Err((refused.n, refused.refusal)));
            }
            let Event::Changes(changes) = event else { return None };
            let said = changes.values.iter().any(|value| matches!(value, Value::Message(_)));
            said.then_some(Ok(()))
        });
        answer.await.map_err(|(m, refusal)| {
            assert_eq!(m, Some(n));
            refusal
        })
    };
    act(&mut host, &room, Act::Voices { voices: Voices::Hosts }).await;
    changed_room(&mut bo).await;
    assert_eq!(say(&mut bo).await, Err(Refusal::HostsOnly));
    assert_eq!(say(&mut host).await, Ok(()));
    act(&mut host, &room, Act::Voices { voices: Voices::Everyone }).await;
    changed_room(&mut bo).await;
    act(&mut host, &room, Act::Mute { member: member.id, until: Some(FOR_EVER) }).await;
    act(&mut host, &room, Act::Slow { seconds: 3600 }).await;
    changed_room(&mut bo).await;
    assert_eq!(say(&mut bo).await, Err(Refusal::Muted { until: FOR_EVER }));
    act(&mut host, &room, Act::Mute { member: member.id, until: None }).await;
    act(&mut host, &room, Act::Rename { name: protocol::RoomName::parse("Tea").ok() }).await;
    changed_room(&mut bo).await;
    assert_eq!(say(&mut bo).await, Ok(()));
    let Err(Refusal::TooFast { retry_ms }) = say(&mut bo).await else { panic!() };
    assert!((3_500_000..=3_600_000).contains(&retry_ms), "{retry_ms}");
}

#[tokio::test]
async fn a_room_that_is_burned_ends_for_everyone_at_once() {
    let server = Running::start().await;
    let (ann, room, _) = Person::create(&server, "Ann").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (mut host, _) = ann.enter(&room).await;
    let (mut member, _) = bo.enter(&room).await;
    let (mut visitor, _) = Person::nobody(&server).enter(&room).await;
    act(&mut host, &room, Act::Burn).await;
    for socket in [&mut host, &mut member, &mut visitor] {
        assert_eq!(socket.ended().await, Reason::Burned);
        let n = socket.watch(room.id, None).await;
        assert_eq!(socket.refused().await, (Some(n), Refusal::NoSuchRoom));
    }
}
