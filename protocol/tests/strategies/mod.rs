//! Any value of what frames carry, of every kind that there is.

mod hosts;

use proptest::{collection::vec, option, prelude::*, sample::select};
use protocol::*;

use crate::samples;

pub(crate) use hosts::{act, matter};

fn point() -> impl Strategy<Value = Point> {
    any::<(u32, u64)>().prop_map(|(epoch, rev)| Point { epoch, rev })
}

pub(crate) fn stream() -> impl Strategy<Value = Audience> {
    prop_oneof![
        any::<u32>().prop_map(|id| Audience::Room(RoomId(id))),
        Just(Audience::Person),
        any::<u32>().prop_map(|id| Audience::Desk(RoomId(id))),
        Just(Audience::Lobby),
    ]
}

fn name() -> impl Strategy<Value = PersonName> {
    "\\PC{1,8}".prop_filter_map("visible", |text| PersonName::parse(&text).ok())
}

fn body() -> impl Strategy<Value = Body> {
    ".{1,80}".prop_filter_map("visible", |text| Body::parse(&text).ok())
}

fn message_id() -> impl Strategy<Value = MessageId> {
    any::<u128>().prop_map(|bits| {
        let version_7 = (bits & !(0xf << 76)) | (7 << 76);
        let variant = (version_7 & !(0b11 << 62)) | (0b10 << 62);
        let hex = format!("{variant:032x}");
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-").parse().unwrap()
    })
}

fn message() -> impl Strategy<Value = Message> {
    let content = prop_oneof![body().prop_map(Content::Text), Just(Content::Removed)];
    (message_id(), any::<u32>(), any::<u64>(), any::<u32>(), any::<u32>(), content, any::<i64>())
        .prop_map(|(id, seq, rev, version, author, content, created_at)| {
            let author = MemberId(author);
            Message { id, seq, rev, version, author, content, created_at }
        })
}

fn member() -> impl Strategy<Value = Member> {
    (any::<u32>(), name(), hosts::role(), any::<u64>()).prop_map(|(id, name, role, rev)| Member {
        id: MemberId(id),
        name,
        role,
        rev,
    })
}

fn code() -> impl Strategy<Value = RoomCode> {
    "[A-HJKMNPR-Z]{4,5}".prop_map(|text| RoomCode::parse(&text).unwrap())
}

fn room() -> impl Strategy<Value = Room> {
    let name = option::of(hosts::room_name());
    let (lifetime, rules) = (select(Lifetime::ALL.to_vec()), hosts::rules());
    (any::<u32>(), code(), name, any::<bool>(), lifetime, rules, any::<u64>()).prop_map(
        |(id, code, name, listed, lifetime, rules, rev)| Room {
            id: RoomId(id),
            code,
            name,
            listed,
            lifetime,
            rules,
            rev,
        },
    )
}

fn membership() -> impl Strategy<Value = Membership> {
    any::<(u32, bool, u32, Option<i64>, u64)>().prop_map(|(room, joined, read, muted, rev)| {
        Membership { room: RoomId(room), joined, read, muted, rev }
    })
}

pub(crate) fn value() -> impl Strategy<Value = protocol::Value> {
    prop_oneof![
        message().prop_map(protocol::Value::Message),
        member().prop_map(protocol::Value::Member),
        room().prop_map(protocol::Value::Room),
        membership().prop_map(protocol::Value::Membership),
        hosts::item().prop_map(|item| protocol::Value::Item(Box::new(item))),
    ]
}

fn changes() -> impl Strategy<Value = Changes> {
    (stream(), any::<u32>(), any::<u64>(), any::<u64>(), vec(value(), 0..6), any::<bool>())
        .prop_map(|(stream, epoch, after, upto, values, more)| Changes {
            stream,
            epoch,
            after,
            upto,
            values,
            more,
        })
}

pub(crate) fn reset() -> impl Strategy<Value = Reset> {
    let of_person = (vec(membership(), 0..4), point());
    let of_desk = (vec(hosts::item(), 0..4), vec(member(), 0..4), point());
    prop_oneof![
        page().prop_map(Reset::Room),
        of_person.prop_map(|(memberships, at)| Reset::Person(PersonPage { memberships, at })),
        of_desk.prop_map(|(items, members, at)| Reset::Desk(DeskPage { items, members, at })),
    ]
}

fn page() -> impl Strategy<Value = RoomPage> {
    let place = option::of(any::<u32>());
    (room(), vec(message(), 0..4), vec(member(), 0..4), any::<u32>(), place, point()).prop_map(
        |(room, messages, members, head, found, at)| RoomPage {
            room,
            messages,
            members,
            head,
            found,
            at,
        },
    )
}

fn link() -> impl Strategy<Value = RoomLink> {
    (room(), any::<(u32, u32)>()).prop_map(|(Room { id, code, name, .. }, (unread, head))| {
        RoomLink { id, code, name, unread, head }
    })
}

fn present() -> impl Strategy<Value = Vec<Present>> {
    let one = (member(), any::<bool>()).prop_map(|(member, away)| Present { member, away });
    vec(one, 0..4)
}

pub(crate) fn presence() -> impl Strategy<Value = Presence> {
    let counts = || (any::<u32>().prop_map(RoomId), any::<u32>(), any::<u32>());
    prop_oneof![
        (counts(), present()).prop_map(|((room, total, away), people)| {
            Presence::All { room, here: Here { total, away, people } }
        }),
        (counts(), present(), present(), vec(member(), 0..4)).prop_map(
            |((room, total, away), came, changed, went)| {
                Presence::Moved { room, total, away, came, changed, went }
            }
        ),
        counts().prop_map(|(room, total, away)| Presence::Counted { room, total, away }),
    ]
}

pub(crate) fn refusal() -> impl Strategy<Value = Refusal> {
    let all: Vec<_> = samples::refusals().into_iter().map(|(refusal, _)| refusal).collect();
    prop_oneof![
        4 => select(all),
        1 => any::<i64>().prop_map(|until| Refusal::Barred { until }),
        1 => any::<(u32, u32)>().prop_map(|(min, max)| Refusal::PasswordLength { min, max }),
        1 => any::<u32>().prop_map(|retry_ms| Refusal::TooFast { retry_ms }),
        1 => option::of(name()).prop_map(|free| Refusal::NameTaken { free }),
        1 => any::<String>().prop_map(|id| Refusal::Internal { id }),
    ]
}

pub(crate) fn reason() -> impl Strategy<Value = Reason> {
    select(vec![Reason::Expired, Reason::Burned, Reason::Removed, Reason::Left, Reason::Locked])
}

pub(crate) fn listed() -> impl Strategy<Value = Listed> {
    let name = option::of(hosts::room_name());
    let open = (code(), name, any::<u32>(), any::<i64>())
        .prop_map(|(code, name, here, last_at)| OpenRoom { code, name, here, last_at });
    (any::<i64>(), vec(open, 0..3), option::of(vec(code(), 0..3))).prop_map(|(at, rooms, gone)| {
        match gone {
            Some(gone) => Listed::Moved { at, rooms, gone },
            None => Listed::All { at, rooms },
        }
    })
}

pub(crate) fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (any::<u32>(), any::<String>(), any::<(u32, u32)>()).prop_map(
            |(version, build, (burst, every_ms))| {
                Event::Hello(Hello { version, build, rate: Rate { burst, every_ms } })
            }
        ),
        changes().prop_map(Event::Changes),
        reset().prop_map(Event::Reset),
        presence().prop_map(Event::Presence),
        (any::<u32>(), vec(member(), 0..4))
            .prop_map(|(room, who)| Event::Typing(Typing { room: RoomId(room), who })),
        (any::<Option<u32>>(), refusal())
            .prop_map(|(n, refusal)| Event::Refused(Refused { n, refusal })),
        vec(link(), 0..3).prop_map(Event::Rooms),
        listed().prop_map(Event::Listed),
        any::<(u32, u32)>().prop_map(|(room, head)| Event::News(News { room: RoomId(room), head })),
        (stream(), reason()).prop_map(|(stream, reason)| Event::Closed(Closed { stream, reason })),
        Just(Event::Beat),
        hosts::line().prop_map(Event::Announced),
    ]
}

pub(crate) fn command() -> impl Strategy<Value = Command> {
    let room = || any::<u32>().prop_map(RoomId);
    prop_oneof![
        1 => (stream(), option::of(point()), option::of(code()))
            .prop_map(|(stream, since, code)| Command::Watch { stream, since, code }),
        1 => stream().prop_map(|stream| Command::Unwatch { stream }),
        1 => vec(room(), 0..4).prop_map(|of| Command::News { of }),
        1 => (room(), message_id(), any::<String>())
            .prop_map(|(room, id, body)| Command::Post { room, id, body }),
        1 => (room(), any::<String>()).prop_map(|(room, name)| Command::SetName { room, name }),
        1 => room().prop_map(|room| Command::Leave { room }),
        1 => (room(), any::<bool>()).prop_map(|(room, on)| Command::Typing { room, on }),
        1 => any::<bool>().prop_map(|away| Command::Away { away }),
        1 => (room(), any::<u32>()).prop_map(|(room, seq)| Command::Read { room, seq }),
        // With all that a host may do in it.
        6 => (room(), act()).prop_map(|(room, act)| Command::Host { room, act }),
        1 => (room(), message_id()).prop_map(|(room, message)| Command::Report { room, message }),
        1 => Just(Command::Beat),
    ]
}

pub(crate) fn request() -> impl Strategy<Value = Request> {
    (any::<u32>(), command()).prop_map(|(n, command)| Request { n, command })
}
