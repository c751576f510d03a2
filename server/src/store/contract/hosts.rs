//! What hosts do, as it is kept, and what is read of it.

use protocol::{Act, Admission, Content, Item, LinkKey, Matter, Password, Reset, Role, Voices};

use super::*;

const NOW: i64 = 1_000_000;
const LATER: i64 = NOW + 60_000;

fn secret() -> Secret {
    Secret(session().0)
}

pub(super) struct Room<'a> {
    store: &'a dyn Store,
    pub(super) id: RoomId,
    host: PersonId,
}

impl Room<'_> {
    pub(super) async fn act(&self, act: Act) -> Result<Effect> {
        self.act_with(act, None, vec![], NOW).await
    }

    async fn act_with(
        &self,
        act: Act,
        link: Option<Secret>,
        addresses: Vec<Secret>,
        at: i64,
    ) -> Result<Effect> {
        let (room, by) = (self.id, By::Person(self.host));
        let op = Op::Host { room, by, act, link, addresses, capacity: 9, at };
        let Applied::Acted(effect) = self.store.apply(op).await? else { panic!() };
        Ok(effect)
    }

    async fn come(&self, called: &str, proof: Proof, from: Option<Secret>) -> Result<Member> {
        self.come_as(person(self.store).await, called, proof, from).await
    }

    async fn come_as(
        &self,
        person: PersonId,
        called: &str,
        proof: Proof,
        from: Option<Secret>,
    ) -> Result<Member> {
        let names = vec![name(called)];
        let op = Op::Join { room: self.id, person, names, capacity: 9, proof, from, at: NOW };
        let Applied::Joined { member, .. } = self.store.apply(op).await? else { panic!() };
        Ok(member)
    }

    async fn desk(&self) -> protocol::DeskPage {
        let read = self.store.since(Stream::Desk(self.id), None).await.unwrap();
        let Since::Reset(Reset::Desk(page)) = read else { panic!("{read:?}") };
        page
    }

    async fn is(&self) -> protocol::Room {
        self.store.newest(self.id).await.unwrap().room
    }
}

pub(super) async fn room(store: &dyn Store) -> Room<'_> {
    let host = person(store).await;
    Room { store, id: create(store, host, 1).await.room.id, host }
}

pub(super) async fn what_hosts_settle_is_kept(store: &dyn Store) {
    let room = room(store).await;
    let topic = protocol::Line::parse("Tides").ok();
    let kept = "$argon2id$kept".to_owned();
    for act in [
        Act::Rename { name: protocol::RoomName::parse("Tea").ok() },
        Act::Topic { topic: topic.clone() },
        Act::Lifetime { lifetime: Lifetime::Day },
        Act::List { listed: true },
        Act::Capacity { most: Some(5) },
        Act::Voices { voices: Voices::Hosts },
        Act::Slow { seconds: 30 },
        Act::Password { password: Some(Password::kept(kept.clone())) },
        Act::Admission { admission: Admission::Knock },
    ] {
        room.act(act).await.unwrap();
    }
    let is = room.is().await;
    assert_eq!(is.rules.topic, topic);
    assert_eq!((is.lifetime, is.listed), (Lifetime::Day, true));
    let rules = (is.rules.admission, is.rules.password, is.rules.capacity);
    assert_eq!(rules, (Admission::Knock, true, Some(5)));
    assert_eq!((is.rules.slow, is.rules.voices), (30, Voices::Hosts));
    assert_eq!(store.password(room.id).await, Ok(Some(kept.clone())));
    assert_eq!(room.come("Bo", Proof::None, None).await, Err(StoreError::KnockFirst));
    assert_eq!(room.come("Bo", Proof::Password(kept), None).await, Err(StoreError::KnockFirst));
    let desk = room.desk().await;
    assert_eq!(desk.items.len(), 9);
    assert!(desk.items.is_sorted_by_key(|item| item.rev) && desk.at.rev == 9);
    assert_eq!(desk.members.len(), 1, "the host, who did it all");
    assert!(!protocol::encode(&desk).contains("argon2"), "the password is in no log");
}

pub(super) async fn a_password_is_had_back_by_the_entry_that_keeps_it(store: &dyn Store) {
    let (room, other) = (room(store).await, room(store).await);
    let password = |kept: &str| Act::Password { password: Some(Password::kept(kept.into())) };
    let restore = |entry| Act::RestorePassword { entry };
    for (act, effect, holds) in [
        (password("$argon2id$spring"), Ok(Effect::Closed), Some("$argon2id$spring")),
        (password("$argon2id$neap"), Ok(Effect::Said), Some("$argon2id$neap")),
        (Act::Password { password: None }, Ok(Effect::Said), None),
        (restore(2), Ok(Effect::Closed), Some("$argon2id$spring")),
        (restore(3), Ok(Effect::Said), Some("$argon2id$neap")),
        (restore(1), Err(StoreError::NoSuchEntry), Some("$argon2id$neap")),
        (restore(u32::MAX), Err(StoreError::NoSuchEntry), Some("$argon2id$neap")),
    ] {
        assert_eq!(room.act(act.clone()).await, effect, "{act:?}");
        assert_eq!(store.password(room.id).await.unwrap().as_deref(), holds, "{act:?}");
        assert_eq!(room.is().await.rules.password, holds.is_some());
    }
    assert_eq!(other.act(restore(2)).await, Err(StoreError::NoSuchEntry), "it is of another room");
    let desk = room.desk().await;
    assert_eq!(desk.items.len(), 5, "what is refused is not logged");
    assert!(!protocol::encode(&desk).contains("argon2"), "no password is on the desk");
}

pub(super) async fn who_knocks_is_let_in_by_a_host(store: &dyn Store) {
    let room = room(store).await;
    room.act(Act::Admission { admission: Admission::Knock }).await.unwrap();
    let (bo, names) = (person(store).await, vec![name("Bo")]);
    let says = protocol::Line::parse("It is me").ok();
    let op = Op::Knock { room: room.id, person: bo, names, says, capacity: 9, from: None, at: NOW };
    // In another room too, or the person's own stream would have two values in one place.
    let other = self::room(store).await;
    other.act(Act::Admission { admission: Admission::Knock }).await.unwrap();
    let Op::Knock { person, names, says, .. } = op.clone() else { panic!() };
    let elsewhere =
        Op::Knock { room: other.id, person, names, says, capacity: 9, from: None, at: NOW };
    for op in [op.clone(), elsewhere, op] {
        assert_eq!(store.apply(op).await, Ok(Applied::Knocked));
    }
    let entry = store.entry(Door::Id(room.id), Some(bo)).await.unwrap().unwrap();
    let past = entry.past.unwrap();
    assert!(entry.member.is_none() && !past.was_in);
    let item = store.item(room.id, Kind::Knock, past.member.id.0.into()).await.unwrap();
    assert!(item.is_some_and(|item| item.matter.waits()));
    let before = room.desk().await.at;
    let admitted = room.act(Act::Answer { knock: past.member.id, admit: true }).await.unwrap();
    let Effect::In { person, member, .. } = admitted else { panic!("{admitted:?}") };
    assert_eq!((person, member.id), (bo, past.member.id));
    let entry = store.entry(Door::Id(room.id), Some(bo)).await.unwrap().unwrap();
    assert_eq!(entry.member.map(|member| member.id), Some(past.member.id));
    let since = store.since(Stream::Desk(room.id), Some(before)).await.unwrap();
    let Since::Changes(changes) = since else { panic!("{since:?}") };
    let answered = |value: &protocol::Value| {
        matches!(value, protocol::Value::Item(item)
            if matches!(&item.matter, Matter::Knock(knock) if knock.answer == Some(true)))
    };
    assert!(changes.values.iter().any(answered), "{changes:?}");
    assert_eq!(store.members(room.id, vec![member.id]).await.unwrap(), [(member, true)]);
}

pub(super) async fn a_link_is_known_by_its_key_alone(store: &dyn Store) {
    let room = room(store).await;
    room.act(Act::Admission { admission: Admission::Knock }).await.unwrap();
    let key = secret();
    let act = |uses| {
        let key = LinkKey::parse(&"k".repeat(32)).unwrap();
        Act::Link { key, host: false, until: LATER, uses }
    };
    room.act_with(act(Some(2)), Some(key), vec![], NOW).await.unwrap();
    let (of, link) = store.link(key, NOW).await.unwrap().unwrap();
    assert_eq!((of, link.left, link.revoked), (room.id, Some(2), false));
    assert_eq!(store.link(secret(), NOW).await, Ok(None));
    assert_eq!(room.come("Bo", Proof::Link(secret()), None).await, Err(StoreError::LinkVoid));
    let other = self::room(store).await;
    assert_eq!(other.come("Bo", Proof::Link(key), None).await, Err(StoreError::LinkVoid));
    room.come("Bo", Proof::Link(key), None).await.unwrap();
    room.come("Cy", Proof::Link(key), None).await.unwrap();
    assert_eq!(room.come("Di", Proof::Link(key), None).await, Err(StoreError::LinkVoid));
    assert_eq!(store.link(key, NOW).await, Ok(None));
}

/// Whoever only looks at a link is told the same as who would come by it.
pub(super) async fn a_link_is_none_once_it_opens_nothing(store: &dyn Store) {
    let room = room(store).await;
    let bo = room.come("Bo", Proof::None, None).await.unwrap();
    room.act(Act::Appoint { member: bo.id, role: Role::Host }).await.unwrap();
    let maker = store.entry(Door::Id(room.id), Some(room.host)).await.unwrap().unwrap().member;
    let maker = maker.unwrap().id;
    for host in [false, true] {
        let key = secret();
        let link = LinkKey::parse(&"k".repeat(32)).unwrap();
        let link = Act::Link { key: link, host, until: LATER, uses: None };
        room.act_with(link, Some(key), vec![], NOW).await.unwrap();
        let there = store.link(key, LATER - 1).await.unwrap().unwrap();
        assert_eq!((there.0, there.1.host), (room.id, host));
        assert_eq!(store.link(key, LATER).await, Ok(None), "it is over");
        let by = By::Person(store.who(room.id, bo.id).await.unwrap().unwrap());
        for (role, opens) in [(Role::Member, false), (Role::Host, true)] {
            let act = Act::Appoint { member: maker, role };
            let (room, link, addresses) = (room.id, None, vec![]);
            let op = Op::Host { room, by, act, link, addresses, capacity: 9, at: NOW };
            store.apply(op).await.unwrap();
            let found = store.link(key, NOW).await.unwrap();
            assert_eq!(found.is_some(), opens, "its maker is a {role:?} by now");
        }
        room.act(Act::Revoke { link: there.1.id }).await.unwrap();
        assert_eq!(store.link(key, NOW).await, Ok(None), "it is revoked");
    }
}

/// Only knocking makes nobody known, and a ban says what is known by now.
pub(super) async fn an_address_is_barred_when_the_ban_is_said_again(store: &dyn Store) {
    let room = room(store).await;
    let (bo, di, home) = (person(store).await, person(store).await, secret());
    let member = room.come_as(bo, "Bo", Proof::None, None).await.unwrap();
    room.act(Act::Admission { admission: Admission::Knock }).await.unwrap();
    let (names, at) = (vec![name("Di")], NOW);
    let knock =
        Op::Knock { room: room.id, person: di, names, says: None, capacity: 9, from: None, at };
    assert_eq!(store.apply(knock).await, Ok(Applied::Knocked));
    room.act(Act::Admission { admission: Admission::Open }).await.unwrap();
    let bar = Act::Bar { member: member.id, until: Some(LATER) };
    room.act(bar.clone()).await.unwrap();
    assert_eq!(store.barred(room.id, home).await, Ok(None));
    let desk = room.desk().await;
    room.act_with(bar, None, vec![home], NOW).await.unwrap();
    assert_eq!(store.barred(room.id, home).await, Ok(Some(LATER)));
    assert_eq!(room.desk().await, desk, "nothing new was done");
    let barred = Err(StoreError::Barred { until: LATER });
    assert_eq!(room.come_as(di, "Di", Proof::None, Some(home)).await, barred);
    room.come_as(di, "Di", Proof::None, None).await.unwrap();
}

pub(super) async fn who_is_barred_is_kept_out_with_their_address(store: &dyn Store) {
    let room = room(store).await;
    let (bo, home) = (person(store).await, secret());
    let member = room.come_as(bo, "Bo", Proof::None, Some(home)).await.unwrap();
    let bar = |until| Act::Bar { member: member.id, until };
    let out = room.act_with(bar(Some(LATER)), None, vec![home], NOW).await.unwrap();
    assert_eq!(out, Effect::Out { person: bo, member: member.id });
    let barred = Err(StoreError::Barred { until: LATER });
    assert_eq!(room.come_as(bo, "Bo", Proof::None, None).await, barred);
    assert_eq!(room.come("Bobby", Proof::None, Some(home)).await, barred);
    room.come("Cy", Proof::None, Some(secret())).await.unwrap();
    let noted = async || {
        let entry = store.entry(Door::Id(room.id), None).await.unwrap().unwrap();
        (entry.barred_until, store.barred(room.id, home).await.unwrap())
    };
    assert_eq!(noted().await, (LATER, Some(LATER)));
    assert_eq!(store.barred(room.id, secret()).await, Ok(None));
    assert_eq!(store.barred(self::room(store).await.id, home).await, Ok(None));
    assert_eq!(store.who(room.id, member.id).await, Ok(Some(bo)));
    room.act(bar(None)).await.unwrap();
    assert_eq!(noted().await.1, None);
    room.act_with(bar(Some(LATER)), None, vec![home], NOW).await.unwrap();
    // What is kept of an address goes when it is over.
    store.apply(Op::Purge { before: LATER }).await.unwrap();
    assert_eq!(noted().await.1, Some(LATER));
    store.apply(Op::Purge { before: LATER + 1 }).await.unwrap();
    assert_eq!(noted().await.1, None);
    room.act(bar(None)).await.unwrap();
    room.come("Bobby", Proof::None, Some(home)).await.unwrap();
    room.come_as(bo, "Bo", Proof::None, None).await.unwrap();
    let mute = Act::Mute { member: member.id, until: Some(LATER) };
    room.act(mute).await.unwrap();
    let entry = store.entry(Door::Id(room.id), Some(bo)).await.unwrap().unwrap();
    assert_eq!(entry.muted, Some(LATER));
    room.act(Act::Appoint { member: member.id, role: Role::Host }).await.unwrap();
    let member = store.members(room.id, vec![member.id]).await.unwrap();
    assert_eq!(member[0].0.role, Role::Host);
}

pub(super) async fn what_is_taken_away_can_be_had_back_until_it_is_purged(store: &dyn Store) {
    let room = room(store).await;
    let message = say(store, room.id, room.host, "spring tide").await;
    let bo = person(store).await;
    room.come_as(bo, "Bo", Proof::None, None).await.unwrap();
    let report = Op::Report { room: room.id, person: bo, message: message.id, at: NOW };
    assert_eq!(store.apply(report).await, Ok(Applied::Reported { seq: 1 }));
    let remove = |removed| Act::Remove { message: message.id, removed };
    let content = async || store.newest(room.id).await.unwrap().messages[0].content.clone();
    room.act(remove(true)).await.unwrap();
    assert_eq!(content().await, Content::Removed);
    let settled = |item: &Item| matches!(&item.matter, Matter::Report(report) if report.settled);
    assert!(room.desk().await.items.iter().any(settled));
    room.act_with(remove(false), None, vec![], NOW + REGRET).await.unwrap();
    assert_eq!(content().await, message.content);
    room.act(remove(true)).await.unwrap();
    assert_eq!(store.apply(Op::Purge { before: NOW + 1 }).await, Ok(Applied::Purged));
    assert_eq!(room.act(remove(false)).await, Err(StoreError::NoSuchMessage));
    assert_eq!(content().await, Content::Removed);
}

pub(super) async fn what_waits_longest_for_a_host_is_not_buried_under_what_came_after(
    store: &dyn Store,
) {
    let room = room(store).await;
    let bo = person(store).await;
    room.come_as(bo, "Bo", Proof::None, None).await.unwrap();
    let mut said = Vec::new();
    for _ in 0..MAX_ITEMS + 2 {
        said.push(say(store, room.id, room.host, "cheap lamps").await);
    }
    let report = |message: &Message| {
        let (room, message) = (room.id, message.id);
        store.apply(Op::Report { room, person: bo, message, at: NOW })
    };
    for message in &said {
        assert_eq!(report(message).await, Ok(Applied::Reported { seq: message.seq }));
    }
    // Where they stand on the desk, and whether they wait.
    let reports = async || {
        let items = room.desk().await.items.into_iter();
        let of = |item: Item| match item.matter {
            Matter::Report(report) => Some((report.seq, !report.settled)),
            Matter::Knock(_) | Matter::Curb(_) | Matter::Link(_) | Matter::Logged(_) => None,
        };
        items.filter_map(of).collect::<Vec<_>>()
    };
    let waiting = |first, last| (first..=last).map(|seq| (seq, true)).collect::<Vec<_>>();
    assert_eq!(reports().await, waiting(1, MAX_ITEMS));
    for message in &said[1..=3] {
        room.act(Act::Settle { report: message.id }).await.unwrap();
    }
    let left = [waiting(1, 1), waiting(5, MAX_ITEMS + 2)].concat();
    assert_eq!(reports().await, [left, vec![(4, false)]].concat());
}

pub(super) async fn what_was_done_is_read_back_to_the_first_of_it(store: &dyn Store) {
    let room = room(store).await;
    let last = MAX_LOGGED + 5;
    for seconds in 1..=last {
        room.act(Act::Slow { seconds }).await.unwrap();
    }
    room.act(Act::Admission { admission: Admission::Knock }).await.unwrap();
    let (names, at) = (vec![name("Bo")], NOW);
    let bo = person(store).await;
    let knock =
        Op::Knock { room: room.id, person: bo, names, says: None, capacity: 9, from: None, at };
    store.apply(knock).await.unwrap();
    let done = |page: protocol::DeskPage| {
        assert_eq!(page.members.len(), usize::from(!page.items.is_empty()), "who did it");
        page.items.iter().map(|item| item.rev).collect::<Vec<_>>()
    };
    let (last, most) = (u64::from(last), u64::from(MAX_LOGGED));
    for (before, from, to) in [
        (u64::MAX, last + 2 - most, last + 1),
        (last + 2 - most, 1, last + 1 - most),
        (2, 1, 1),
        (1, 1, 0),
        (0, 1, 0),
    ] {
        let found = done(store.logged(room.id, before).await.unwrap());
        assert_eq!(found, (from..=to).collect::<Vec<_>>(), "before {before}");
    }
    let nowhere = store.logged(RoomId(2_000_000_000), 9).await;
    assert_eq!(nowhere, Err(StoreError::NoSuchRoom));
}

pub(super) async fn what_is_burned_is_gone_and_who_was_there_may_know(store: &dyn Store) {
    let room = room(store).await;
    let key = secret();
    let link = LinkKey::parse(&"k".repeat(32)).unwrap();
    let link = Act::Link { key: link, host: true, until: LATER, uses: None };
    room.act_with(link, Some(key), vec![], NOW).await.unwrap();
    let code = room.is().await.code;
    assert_eq!(room.act(Act::Burn).await, Ok(Effect::Over));
    assert_eq!(store.entry(Door::Id(room.id), Some(room.host)).await, Ok(None));
    assert_eq!(store.link(key, NOW).await, Ok(None));
    let ended = store.ended(code, room.host).await.unwrap().unwrap();
    assert!(ended.burned && ended.at == NOW);
}
