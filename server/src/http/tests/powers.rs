//! Who is answered what: every route of the router's list, asked by everybody there can be, of a room of theirs, of
//! another's, of one that is locked and of none. A route without a row here fails, and so does a row without a route.

mod cast;

use reqwest::{Method, Response};
use serde_json::Value;

use super::{Site, routes};
use cast::{Cast, Place, SECRET, Someone, Who};

/// Of a route, by column: those of `Who` in their order, and anybody where there is no such room, link or way.
///
/// `+` it is shown, or done · `n` they are no member · `h` no host · `b` barred · `m` muted ·
/// `?` there is none · `.` no room is asked for
const ANSWERS: &str = "
                                Nobody Elsewhere Former Barred Beside Muted Member Host  none
GET  /                            +       +        +      +      +      +     +     +     .
GET  /new                         +       +        +      +      +      +     +     +     .
POST /rooms                       +       +        +      +      +      +     +     +     .
POST /join                        +       +        +      b      b      +     +     +     ?
POST /look                        +       +        +      +      +      +     +     +     .
GET  /i/{key}                     +       +        +      b      b      +     +     +     ?
POST /i                           +       +        +      b      b      +     +     +     ?
GET  /settings                    +       +        +      +      +      +     +     +     .
GET  /devices                     +       +        +      +      +      +     +     +     .
POST /devices/sign-out            n       +        +      +      n      +     +     +     .
POST /devices/move                n       +        +      +      n      +     +     +     .
GET  /move/{token}                +       +        +      +      +      +     +     +     ?
POST /move/{token}                +       +        +      +      +      +     +     +     ?
GET  /r/{code}                    +       +        +      b      b      +     +     +     ?
POST /r/{code}                    +       +        +      b      b      m     +     +     ?
GET  /r/{code}/                   +       +        +      b      b      +     +     +     ?
POST /r/{code}/act                n       n        n      b      b      h     h     +     ?
GET  /r/{code}/desk               n       n        n      b      b      h     h     +     ?
GET  /r/{code}/export/{format}    n       n        n      b      b      +     +     +     ?
GET  /r/{code}/history            +       +        +      b      b      +     +     +     ?
POST /r/{code}/join               +       +        +      b      b      +     +     +     ?
POST /r/{code}/knock              +       +        +      b      b      +     +     +     ?
POST /r/{code}/leave              +       +        +      b      b      +     +     +     ?
GET  /r/{code}/m/{seq}            n       n        n      b      b      +     +     +     ?
POST /r/{code}/name               n       n        n      b      b      m     +     +     ?
GET  /r/{code}/people             +       +        +      b      b      +     +     +     ?
GET  /r/{code}/people/{member}    n       n        n      b      b      h     h     +     ?
GET  /r/{code}/qr.svg             +       +        +      b      b      +     +     +     ?
POST /r/{code}/read               n       n        n      b      b      +     +     +     ?
POST /r/{code}/report             n       n        n      b      b      +     +     +     ?
GET  /r/{code}/rules              n       n        n      b      b      h     h     +     ?
POST /r/{code}/rules              n       n        n      b      b      h     h     +     ?
GET  /emoji/{language}            +       +        +      +      +      +     +     +     .
GET  /favicon.ico                 +       +        +      +      +      +     +     +     .
GET  /healthz                     +       +        +      +      +      +     +     +     .
GET  /live                        +       +        +      +      +      +     +     +     .
GET  /readyz                      +       +        +      +      +      +     +     +     .
";

struct Row {
    method: Method,
    route: &'static str,
    /// As in `Who::ALL`.
    answers: [char; 8],
    none: char,
}

fn rows() -> Vec<Row> {
    ANSWERS.lines().skip(2).map(row).collect()
}

fn row(line: &'static str) -> Row {
    let mut words = line.split_whitespace();
    let (method, route) = (words.next().unwrap().parse().unwrap(), words.next().unwrap());
    let mut answers = words.map(|word| word.parse::<char>().unwrap());
    let row = Row {
        method,
        route,
        answers: std::array::from_fn(|_| answers.next().unwrap()),
        none: answers.next().unwrap(),
    };
    assert_eq!(answers.next(), None, "{line}");
    row
}

/// As a letter of the table, or what it was if there is none for it.
async fn answered(answer: Response) -> Result<char, String> {
    let status = answer.status();
    if matches!(status.as_u16(), 101 | 200) {
        return Ok('+');
    }
    let body = answer.text().await.unwrap();
    assert!(!body.contains(SECRET), "{status} {body}");
    let said: Value = serde_json::from_str(&body).unwrap_or_default();
    // A page says why it is shut, or nothing if there is none.
    let said = match (&said["refusal"], &said["view"]["door"]["gate"]["way"]) {
        (Value::Null, Value::Null) if said["view"].is_object() => "no_such_room".into(),
        (Value::Null, way) => way.clone(),
        (refusal, _) => refusal.clone(),
    };
    let with_arguments = said.as_object().and_then(|said| said.keys().next());
    let word = said.as_str().or(with_arguments.map(String::as_str));
    match (word, status.as_u16()) {
        (Some("no_such_room" | "link_void"), 404) => Ok('?'),
        (Some("not_a_member"), 403) => Ok('n'),
        (Some("not_a_host"), 403) => Ok('h'),
        (Some("barred"), 403) => Ok('b'),
        (Some("muted"), 403) => Ok('m'),
        (Some("locked"), 403) => Ok('l'),
        (Some("password" | "password_needed"), 403) => Ok('p'),
        (Some("full" | "room_full"), 409) => Ok('f'),
        (Some("knock" | "knocked" | "knock_first"), 403) => Ok('k'),
        (word, status) => Err(format!("{status} {word:?} {body}")),
    }
}

/// From a proxy that is believed, people can be at as many addresses.
const SETTINGS: &[&str] = &["--trusted-proxies", "127.0.0.1"];

/// Forms that change what is in a room each time that they are done.
const CHANGES: [&str; 4] = ["/r/{code}", "/r/{code}/act", "/r/{code}/report", "/r/{code}/rules"];

/// Which answers are not what they should be.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    async fn ask(&mut self, someone: &Someone<'_>, row: &Row, place: &Place, expected: char) {
        let Row { method, route, .. } = row;
        let answer = answered(someone.ask(method, route, place).await).await;
        if answer != Ok(expected) {
            let (who, path) = (someone.who, place.path(route));
            self.0.push(format!("{method} {route} ({path}) {who:?}: {expected} is {answer:?}"));
        }
    }

    /// As `ask`; and what is refused changes nothing in either room, where what is done does.
    async fn ask_and_look(
        &mut self,
        cast: &Cast<'_>,
        who: &Someone<'_>,
        row: &Row,
        place: &Place,
        expected: char,
    ) {
        let before = cast.rooms().await;
        self.ask(who, row, place, expected).await;
        let changed = cast.rooms().await != before;
        let (done, must) = (expected == '+', CHANGES.contains(&row.route));
        let wrong = if done { must && !changed } else { changed };
        if wrong {
            self.0.push(format!("{} {:?} {expected}: changed is {changed}", row.route, who.who));
        }
    }

    fn none(self) {
        assert!(self.0.is_empty(), "{}", self.0.join("\n"));
    }
}

#[tokio::test]
async fn each_route_is_for_those_it_is_for() {
    let site = Site::start(SETTINGS).await;
    let mut wrong = Wrong::default();
    for row in rows() {
        let Cast { all, mut here, mut there } = Cast::new(&site).await;
        let [_, elsewhere, .., host] = &all;
        for someone in &all {
            if row.none != '.' {
                wrong.ask(someone, &row, &Place::nowhere(), row.none).await;
                let answer = row.answers[someone.who.there() as usize];
                there.token = elsewhere.way().await;
                wrong.ask(someone, &row, &there, answer).await;
            }
            here.token = host.way().await;
            wrong.ask(someone, &row, &here, row.answers[someone.who as usize]).await;
        }
    }
    wrong.none();
    site.stop().await;
}

#[tokio::test]
async fn what_is_refused_changes_no_room_and_what_is_done_does() {
    let site = Site::start(SETTINGS).await;
    let mut wrong = Wrong::default();
    for row in rows().into_iter().filter(|row| row.method == Method::POST && row.none != '.') {
        // Who comes that way is the one whose way it is.
        if row.route == "/move/{token}" {
            continue;
        }
        let cast = Cast::new(&site).await;
        for someone in &cast.all {
            let there = row.answers[someone.who.there() as usize];
            let here = row.answers[someone.who as usize];
            wrong.ask_and_look(&cast, someone, &row, &Place::nowhere(), row.none).await;
            wrong.ask_and_look(&cast, someone, &row, &cast.there, there).await;
            wrong.ask_and_look(&cast, someone, &row, &cast.here, here).await;
        }
    }
    wrong.none();
    site.stop().await;
}

/// A door, as its host shuts it, and what all routes say to who never was in the room and to who was; `?`: as if
/// there were none, and `f`: it is full.
const DOORS: [(&str, (&str, &str), char, char); 4] = [
    ("admission", ("admission", "locked"), '?', 'l'),
    ("admission", ("admission", "knock"), 'k', 'k'),
    ("password", ("password", "neap tide"), 'p', 'p'),
    ("capacity", ("most", "1"), 'f', 'f'),
];

#[tokio::test]
async fn a_room_with_a_door_shows_nothing_on_any_route_to_who_is_outside() {
    let mut wrong = Wrong::default();
    for (act, door, stranger, former) in DOORS {
        let site = Site::start(SETTINGS).await;
        for row in rows().into_iter().filter(|row| row.none != '.' && row.route != "/move/{token}")
        {
            let Cast { all, here, .. } = Cast::new(&site).await;
            let [.., host] = &all;
            host.acts(&here.code, &[("act", act), door]).await;
            for someone in &all {
                let open = row.answers[someone.who as usize];
                // A link opens all but what is locked, of a full room its page alone; and who is to knock may.
                let way_in = match stranger {
                    '?' => false,
                    'f' => row.route == "/i/{key}",
                    'k' if row.route == "/r/{code}/knock" => true,
                    _ => row.route.starts_with("/i"),
                };
                let answer = match someone.who {
                    Who::Nobody | Who::Elsewhere if !way_in => stranger,
                    // Of what is locked they hear nothing, either.
                    Who::Beside if stranger == '?' => stranger,
                    Who::Former if !way_in => former,
                    Who::Nobody
                    | Who::Elsewhere
                    | Who::Former
                    | Who::Barred
                    | Who::Beside
                    | Who::Muted
                    | Who::Member
                    | Who::Host => open,
                };
                wrong.ask(someone, &row, &here, answer).await;
            }
        }
        site.stop().await;
    }
    wrong.none();
}

#[tokio::test]
async fn there_is_a_row_for_every_route_and_a_route_for_every_row() {
    let site = Site::start(&[]).await;
    let routes: Vec<_> = routes().collect();
    let (rows, place) = (rows(), Place::nowhere());
    for row in &rows {
        assert!(routes.contains(&row.route), "{} is no route", row.route);
    }
    for route in routes {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let expected = rows.iter().any(|row| row.method == method && row.route == route);
            let url = format!("{}{}", site.base, place.path(route));
            let answer = site.http.request(method.clone(), url).send().await.unwrap();
            assert_eq!(answer.status() != 405, expected, "{method} {route} has no answers here");
        }
    }
    site.stop().await;
}
