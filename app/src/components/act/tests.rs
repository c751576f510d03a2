//! Every act has its form and its sentence.

use std::collections::BTreeSet;

use protocol::{
    Act, Admission, FOR_EVER, Language, Lifetime, Line, LinkKey, MemberId, MessageId, Password,
    Role, RoomName, Voices, encode,
};

use super::{DAY, MINUTE, fields};
use crate::catalogue;

const NOW: i64 = 1_800_000_000_000;

/// As many as there are things to say of them.
fn acts() -> Vec<Act> {
    let (member, message) = (MemberId(7), MessageId::now());
    vec![
        Act::Rename { name: RoomName::parse("Tides").ok() },
        Act::Rename { name: None },
        Act::Topic { topic: Line::parse("What lives in the pools").ok() },
        Act::Topic { topic: None },
        Act::Lifetime { lifetime: Lifetime::Day },
        Act::List { listed: true },
        Act::List { listed: false },
        Act::Capacity { most: Some(12) },
        Act::Capacity { most: None },
        Act::Password { password: Some(Password::hidden()) },
        Act::Password { password: None },
        Act::RestorePassword { entry: 9 },
        Act::Admission { admission: Admission::Open },
        Act::Admission { admission: Admission::Knock },
        Act::Admission { admission: Admission::Locked },
        Act::Slow { seconds: 0 },
        Act::Slow { seconds: 30 },
        Act::Voices { voices: Voices::Everyone },
        Act::Voices { voices: Voices::Hosts },
        Act::Remove { message, removed: true },
        Act::Remove { message, removed: false },
        Act::Mute { member, until: Some(NOW + 10 * MINUTE) },
        Act::Mute { member, until: None },
        Act::Bar { member, until: Some(FOR_EVER) },
        Act::Bar { member, until: None },
        Act::Appoint { member, role: Role::Host },
        Act::Appoint { member, role: Role::Member },
        Act::Answer { knock: member, admit: true },
        Act::Answer { knock: member, admit: false },
        Act::Settle { report: message },
        Act::Link { key: LinkKey::hidden(), host: true, until: NOW + 7 * DAY, uses: Some(1) },
        Act::Link { key: LinkKey::hidden(), host: false, until: NOW + DAY, uses: None },
        Act::Revoke { link: 3 },
        Act::Burn,
    ]
}

#[test]
fn every_act_is_called_in_its_form_as_on_the_wire() {
    let mut named = BTreeSet::new();
    for act in acts() {
        let fields = fields(&act, NOW);
        let ("act", name) = &fields[0] else { panic!("{fields:?}") };
        let wire = encode(&act);
        let tag = wire.trim_start_matches("{").trim_start_matches('"').split('"').next();
        assert_eq!(tag, Some(name.as_str()), "{wire}");
        named.insert(name.clone());
    }
    assert_eq!(named, Act::NAMES.map(str::to_owned).into());
}

#[test]
fn an_end_is_so_many_minutes_away() {
    let member = MemberId(7);
    for (until, minutes) in [
        (None, ""),
        (Some(NOW), ""),
        (Some(NOW - 1), ""),
        (Some(NOW + 1), "1"),
        (Some(NOW + 10 * MINUTE), "10"),
        (Some(NOW + 10 * MINUTE + 1), "11"),
        (Some(FOR_EVER), "ever"),
    ] {
        for act in [Act::Mute { member, until }, Act::Bar { member, until }] {
            let fields = fields(&act, NOW);
            assert_eq!(fields[1..], [("member", "7".into()), ("minutes", minutes.into())]);
        }
    }
}

#[test]
fn every_act_has_a_sentence_of_its_own_in_each_language() {
    for language in Language::ALL {
        let words = catalogue(language);
        let said: Vec<_> =
            acts().iter().map(|act| words.did(act, "Ana", "Bo", &|_| "UNTIL".into())).collect();
        for (act, said) in acts().iter().zip(&said) {
            let whom = act.member().is_some();
            assert!(said.contains("Ana") && said.contains("Bo") == whom, "{language:?}: {said}");
        }
        let different: BTreeSet<_> = said.iter().collect();
        assert_eq!(different.len(), said.len(), "{language:?}");
        assert_eq!(said.iter().filter(|said| said.contains("UNTIL")).count(), 2, "{language:?}");
    }
}
