//! What is a command, and what is none.

use proptest::prelude::*;

use super::*;

fn read<T: FromStr + fmt::Display>(text: &str) -> Option<String> {
    text.parse::<T>().ok().map(|it| it.to_string())
}

#[test]
fn a_network_is_no_narrower_than_people_are_told_apart_and_never_everybody() {
    for (text, reach) in [
        ("203.0.113.5", Some("203.0.113.5")),
        (" 203.0.113.5/24 ", Some("203.0.113.0/24")),
        ("::ffff:203.0.113.5", Some("203.0.113.5")),
        ("::ffff:203.0.113.5/128", Some("203.0.113.5")),
        ("::ffff:203.0.113.0/120", Some("203.0.113.0/24")),
        ("::ffff:203.0.113.5/97", Some("128.0.0.0/1")),
        ("::ffff:203.0.113.0/96", None),
        ("::ffff:203.0.113.0/95", None),
        ("::ffff:203.0.113.0/64", None),
        ("::1", Some("::/64")),
        ("2001:db8::1", Some("2001:db8::/64")),
        ("2001:db8::1/128", Some("2001:db8::/64")),
        ("2001:db8:1::/48", Some("2001:db8:1::/48")),
        ("0.0.0.0/0", None),
        ("::/0", None),
        ("example.org", None),
        ("203.0.113.5:80", None),
        ("", None),
    ] {
        assert_eq!(read::<Reach>(text).as_deref(), reach, "{text}");
    }
}

#[test]
fn a_time_is_a_count_of_minutes_hours_or_days_or_ever() {
    for (text, lasting) in [
        ("30m", Some("30m")),
        ("12h", Some("720m")),
        ("7d", Some("10080m")),
        ("ever", Some("ever")),
        ("0d", None),
        ("7", None),
        ("d", None),
        ("-1h", None),
        ("4294967295d", None),
    ] {
        assert_eq!(read::<Lasting>(text).as_deref(), lasting, "{text}");
    }
    assert_eq!("1h".parse::<Lasting>().unwrap().from(5), 3_600_005);
    assert_eq!("ever".parse::<Lasting>().unwrap().from(5), FOR_EVER);
}

#[test]
fn a_room_is_its_code_or_its_number() {
    for (text, room) in [
        ("KMRT", Some("KMRT")),
        ("physics", Some("physics")),
        ("id:7", Some("id:7")),
        ("id:", None),
        ("id:-7", None),
        ("a_b", None),
        ("", None),
    ] {
        assert_eq!(read::<Where>(text).as_deref(), room, "{text}");
    }
}

#[test]
fn what_is_sent_is_read_as_it_was_meant_and_nothing_else_is() {
    let (room, network) = ("KMRT".parse().unwrap(), "203.0.113.5".parse().unwrap());
    let whom = Whom::Person { room, name: PersonName::parse("Bo").unwrap() };
    let command = AdminCommand::Ban { whom, lasting: "1h".parse().unwrap() };
    let json = r#"{"command":{"ban":{"whom":{"person":{"room":"KMRT","name":"Bo"}},"lasting":"60m"}},"json":true}"#;
    let request = Request { command, json: true };
    assert_eq!(serde_json::to_string(&request).unwrap(), json);
    assert_eq!(Request::parse(json.as_bytes()), Some(request));
    let parse = |command: &str| {
        Request::parse(format!("{{\"command\":{command},\"json\":false}}\n").as_bytes())
    };
    let command = AdminCommand::Unban { whom: Whom::Address { network } };
    let json = r#"{"unban":{"whom":{"address":{"network":"203.0.113.5"}}}}"#;
    assert_eq!(parse(json), Some(Request { command, json: false }));
    assert!(parse(r#""bans""#).is_some());
    for garbage in [
        "",
        "{}",
        "null",
        r#""burn""#,
        r#"{"remove":{}}"#,
        r#"{"remove":{"room":"KMRT","all":true}}"#,
        r#"{"remove":{"room":"../KMRT"}}"#,
        r#"{"ban":{"whom":{"address":{"network":"0.0.0.0/0"}},"lasting":"1d"}}"#,
        r#"{"announce":{"text":""}}"#,
        r#""stats" "stats""#,
        r#""stats","as":"root""#,
    ] {
        assert_eq!(parse(garbage), None, "{garbage}");
    }
    assert_eq!(Request::parse(br#""bans""#), None);
    assert_eq!(Request::parse(&[0xff, b'"']), None);
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange_to_be_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Request::parse(&bytes);
    }
}
