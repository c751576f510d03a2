//! What hosts settle, do and have on their desks.

use proptest::{collection::vec, option, prelude::*, sample::select};
use protocol::*;

use super::message_id;

pub(super) fn line() -> impl Strategy<Value = Line> {
    "\\PC{1,8}".prop_filter_map("visible", |text| Line::parse(&text).ok())
}

pub(super) fn room_name() -> impl Strategy<Value = RoomName> {
    "\\PC{1,8}".prop_filter_map("visible", |text| RoomName::parse(&text).ok())
}

pub(super) fn role() -> impl Strategy<Value = Role> {
    select(vec![Role::Member, Role::Host])
}

fn admission() -> impl Strategy<Value = Admission> {
    select(vec![Admission::Open, Admission::Knock, Admission::Locked])
}

fn voices() -> impl Strategy<Value = Voices> {
    select(vec![Voices::Everyone, Voices::Hosts])
}

pub(super) fn rules() -> impl Strategy<Value = Rules> {
    let capacity = any::<Option<u32>>();
    (option::of(line()), admission(), any::<bool>(), capacity, any::<u32>(), voices()).prop_map(
        |(topic, admission, password, capacity, slow, voices)| Rules {
            topic,
            admission,
            password,
            capacity,
            slow,
            voices,
        },
    )
}

fn member_id() -> impl Strategy<Value = MemberId> {
    any::<u32>().prop_map(MemberId)
}

fn password() -> impl Strategy<Value = Password> {
    let typed = "\\PC{4,12}".prop_filter_map("long enough", |text| Password::parse(&text).ok());
    prop_oneof![typed, Just(Password::hidden())]
}

fn key() -> impl Strategy<Value = LinkKey> {
    let made = "[A-Za-z0-9_-]{22,64}".prop_map(|text| LinkKey::parse(&text).unwrap());
    prop_oneof![made, Just(LinkKey::hidden())]
}

pub(crate) fn act() -> impl Strategy<Value = Act> {
    let until = any::<Option<i64>>;
    let settled = prop_oneof![
        option::of(room_name()).prop_map(|name| Act::Rename { name }),
        option::of(line()).prop_map(|topic| Act::Topic { topic }),
        select(Lifetime::ALL.to_vec()).prop_map(|lifetime| Act::Lifetime { lifetime }),
        any::<bool>().prop_map(|listed| Act::List { listed }),
        any::<Option<u32>>().prop_map(|most| Act::Capacity { most }),
        option::of(password()).prop_map(|password| Act::Password { password }),
        any::<u32>().prop_map(|entry| Act::RestorePassword { entry }),
        admission().prop_map(|admission| Act::Admission { admission }),
        any::<u32>().prop_map(|seconds| Act::Slow { seconds }),
        voices().prop_map(|voices| Act::Voices { voices }),
    ];
    let done = prop_oneof![
        (message_id(), any::<bool>())
            .prop_map(|(message, removed)| Act::Remove { message, removed }),
        (member_id(), until()).prop_map(|(member, until)| Act::Mute { member, until }),
        (member_id(), until()).prop_map(|(member, until)| Act::Bar { member, until }),
        (member_id(), role()).prop_map(|(member, role)| Act::Appoint { member, role }),
        (member_id(), any::<bool>()).prop_map(|(knock, admit)| Act::Answer { knock, admit }),
        message_id().prop_map(|report| Act::Settle { report }),
        (key(), any::<(bool, i64, Option<u32>)>())
            .prop_map(|(key, (host, until, uses))| Act::Link { key, host, until, uses }),
        any::<u32>().prop_map(|link| Act::Revoke { link }),
        Just(Act::Burn),
    ];
    prop_oneof![settled, done]
}

pub(crate) fn matter() -> impl Strategy<Value = Matter> {
    let by = || option::of(member_id());
    let all = vec(member_id(), 0..4);
    prop_oneof![
        (member_id(), option::of(line()), any::<Option<bool>>())
            .prop_map(|(member, says, answer)| Matter::Knock(Knock { member, says, answer })),
        (message_id(), any::<u32>(), member_id(), all, any::<bool>()).prop_map(
            |(message, seq, author, by, settled)| {
                Matter::Report(Report { message, seq, author, by, settled })
            }
        ),
        (member_id(), any::<(Option<i64>, Option<i64>)>(), by()).prop_map(
            |(member, (muted, barred), by)| Matter::Curb(Curb { member, muted, barred, by })
        ),
        (by(), any::<(u32, bool, i64, Option<u32>, bool)>()).prop_map(
            |(by, (id, host, until, left, revoked))| {
                Matter::Link(Link { id, host, by, until, left, revoked })
            }
        ),
        (by(), any::<bool>(), act(), option::of(act())).prop_map(|(by, automatic, act, undo)| {
            Matter::Logged(Logged { by, automatic, act, undo })
        }),
    ]
}

pub(super) fn item() -> impl Strategy<Value = Item> {
    (any::<u64>(), any::<i64>(), matter()).prop_map(|(rev, at, matter)| Item { rev, at, matter })
}
