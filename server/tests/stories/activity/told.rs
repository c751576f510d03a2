//! What the log has to say of it: a row for each route that takes a form, for each command and for each thing that
//! hosts do, and one for each way it ended.

use protocol::{Act, Command, RoomId};

/// Who is asked what, which has a row for every route of the router.
const POWERS: &str = include_str!("../../../src/http/tests/powers.rs");

/// By forms.
const DONE: &[(&str, &str)] = &[
    ("/rooms", "ok"),
    ("/rooms", "name_too_long"),
    ("/rooms", "malformed"),
    ("/join", "no_such_room"),
    ("/r/{code}/join", "ok"),
    ("/r/{code}", "ok"),
    ("/r/{code}", "id_conflict"),
    ("/r/{code}", "body_too_long"),
    ("/r/{code}/name", "ok"),
    ("/r/{code}/name", "name_taken"),
    ("/r/{code}/read", "ok"),
    ("/r/{code}/leave", "ok"),
    ("/join", "ok"),
    ("/look", "ok"),
    ("/look", "name_too_long"),
    ("/i", "ok"),
    ("/i", "link_void"),
    ("/r/{code}", "muted"),
    ("/r/{code}/act", "ok"),
    ("/r/{code}/act", "room_name_too_long"),
    ("/r/{code}/act", "line_too_long"),
    ("/r/{code}/act", "password_length"),
    ("/r/{code}/act", "malformed"),
    ("/r/{code}/act", "not_a_host"),
    ("/r/{code}/rules", "ok"),
    ("/r/{code}/rules", "room_name_too_long"),
    ("/r/{code}/rules", "line_too_long"),
    ("/r/{code}/rules", "malformed"),
    ("/r/{code}/report", "ok"),
    ("/r/{code}/report", "no_such_message"),
    ("/r/{code}/report", "malformed"),
    ("/r/{code}/join", "password_needed"),
    ("/r/{code}/join", "password_wrong"),
    ("/r/{code}/join", "knock_first"),
    ("/r/{code}/join", "barred"),
    ("/r/{code}/knock", "ok"),
    ("/r/{code}/knock", "line_too_long"),
    ("/devices/sign-out", "ok"),
    ("/devices/sign-out", "malformed"),
    ("/devices/move", "ok"),
    ("/move/{token}", "ok"),
    ("/move/{token}", "no_such_room"),
];

/// By a socket.
const COMMANDED: &[(&str, &str)] = &[
    ("watch", "ok"),
    ("watch", "no_such_room"),
    ("unwatch", "ok"),
    ("news", "ok"),
    ("post", "ok"),
    ("post", "id_conflict"),
    ("post", "not_a_member"),
    ("set_name", "ok"),
    ("set_name", "name_too_long"),
    ("leave", "ok"),
    ("typing", "ok"),
    ("away", "ok"),
    ("read", "ok"),
    ("host", "ok"),
    ("host", "malformed"),
    ("host", "no_such_message"),
    ("report", "ok"),
    ("report", "no_such_message"),
    ("beat", "ok"),
    ("unreadable", "malformed"),
    ("unreadable", "unknown_command"),
];

/// By whoever runs the server.
const OPERATED: &[(&str, &str)] = &[
    ("rooms", "ok"),
    ("announce", "ok"),
    ("ban", "no_such_member"),
    ("ban", "ok"),
    ("bans", "ok"),
    ("unban", "ok"),
    ("unban", "refused"),
    ("stats", "ok"),
    ("remove", "no_such_message"),
    ("remove", "ok"),
    ("remove", "refused"),
];

/// All of it in one line.
fn assert_told(log: &str, parts: &[String]) {
    let told = log.lines().any(|line| parts.iter().all(|part| line.contains(part)));
    assert!(told, "{log}\n{parts:?}");
}

pub(super) fn assert_all(log: &str, room: RoomId) {
    let at = [" person=".to_owned(), format!(" room={}", room.0)];
    for (route, outcome) in DONE {
        let ended = format!("outcome=\"{outcome}\"");
        let line = ["request{id=", "method=\"POST\"", " status="].map(str::to_owned);
        let parts = [&line[..], &[format!("route=\"{route}\""), ended]].concat();
        let known = if route.starts_with("/r") { &at[..] } else { &at[..1] };
        let place = if *outcome == "ok" { known } else { &[] };
        assert_told(log, &[&parts, place].concat());
    }
    let taken = ["method=\"GET\" route=\"/r/{code}/export/{format}\"", "outcome=\"ok\""];
    assert_told(log, &[&taken.map(str::to_owned), &at[..]].concat());
    for (command, outcome) in COMMANDED {
        let ended = [format!("command=\"{command}\""), format!("outcome=\"{outcome}\"")];
        assert_told(log, &[&[" id=".to_owned()], &at[..1], &ended].concat());
    }
    for act in Act::NAMES {
        let act = format!(" act=\"{act}\"");
        let form = ["method=\"POST\" route=\"/r/{code}/act\"", &act, "outcome=\"ok\""];
        assert_told(log, &[&form.map(str::to_owned), &at[..1]].concat());
        let socket = [" id=", "command=\"host\"", &act].map(str::to_owned);
        assert_told(log, &[&socket, &at[..]].concat());
    }
    for (command, outcome) in OPERATED {
        let ended = [format!("command=\"{command}\""), format!("outcome=\"{outcome}\"")];
        assert_told(log, &[&["by=\"operator\"".to_owned()], &ended[..]].concat());
    }
}

#[test]
fn nothing_that_can_be_done_is_left_out() {
    let is_in = |rows: &[(&str, &str)], what| rows.contains(&(what, "ok"));
    for command in Command::NAMES {
        assert!(is_in(COMMANDED, command), "do {command} with marked words");
    }
    let forms: Vec<_> = POWERS.lines().filter_map(|line| line.strip_prefix("POST ")).collect();
    assert!(forms.len() > 10, "{forms:?}");
    for route in forms.iter().filter_map(|row| row.split_whitespace().next()) {
        assert!(is_in(DONE, route), "send the form of {route} with marked words");
    }
}
