//! What the pages of hosts say, and the doors of their rooms.

use leptos::prelude::*;
use protocol::{
    Act, Admission, Body, Content, Curb, DeskPage, DeskView, Door, FOR_EVER, Gate, Gateway, Item,
    Knock, Language, Lifetime, Line, Link, LinkKey, Logged, Look, Matter, Member, MemberId,
    Message, MessageId, MessageView, PersonName, PersonView, Point, Refusal, Report, Role, Room,
    RoomCode, RoomName, RoomView, RulesView, View, Voices, WhoAmI,
};

use super::{CLOCK, view};
use crate::{Clock, Files, RoomState, catalogue, shell};

const HOUR: i64 = 60 * 60 * 1000;

/// The whole document.
fn drawn(view: View, language: Language) -> String {
    let owner = Owner::new();
    owner.set();
    let data = protocol::PageData { look: Look::default(), view };
    shell(data, catalogue(language), Files::default(), CLOCK, None).to_html()
}

fn english(view: View) -> String {
    drawn(view, Language::English).replace(['\u{2068}', '\u{2069}'], "")
}

fn member(id: u32, name: &str, role: Role) -> Member {
    Member { id: MemberId(id), name: PersonName::parse(name).unwrap(), role, rev: 1 }
}

fn room(name: &str) -> Room {
    let name = PersonName::parse(name).unwrap();
    view(&name, RoomName::parse(name.as_str()).ok()).page.room
}

fn message(text: &str) -> Message {
    let mut message = view(&PersonName::parse("Bo").unwrap(), None).page.messages.remove(0);
    message.content = Content::Text(Body::parse(text).unwrap());
    message
}

/// Something of each kind, by and about somebody of this name, and a message that says it.
fn desk(name: &str) -> DeskView {
    let (bo, ana) = (member(1, name, Role::Member), member(2, name, Role::Host));
    let said = message(name);
    let logged =
        |act, undo| Matter::Logged(Logged { by: Some(ana.id), automatic: false, act, undo });
    let mute = |until| Act::Mute { member: bo.id, until };
    let link =
        |id, host| Link { id, host, by: Some(ana.id), until: HOUR, left: Some(5), revoked: false };
    let matters = vec![
        Matter::Knock(Knock { member: bo.id, says: Line::parse(name).ok(), answer: None }),
        Matter::Report(Report {
            message: said.id,
            seq: 1,
            author: bo.id,
            by: vec![ana.id, bo.id],
            settled: false,
        }),
        Matter::Curb(Curb {
            member: bo.id,
            muted: Some(HOUR),
            barred: Some(FOR_EVER),
            by: Some(ana.id),
        }),
        Matter::Link(link(1, true)),
        Matter::Link(link(2, false)),
        logged(Act::Rename { name: RoomName::parse(name).ok() }, Some(Act::Rename { name: None })),
        logged(mute(Some(HOUR)), Some(mute(None))),
        logged(Act::Topic { topic: Line::parse(name).ok() }, None),
    ];
    let items = matters.into_iter().zip(1..).map(|(matter, rev)| Item { rev, at: 0, matter });
    DeskView {
        room: room(name),
        me: ana.clone(),
        page: DeskPage {
            items: items.collect(),
            members: vec![bo, ana],
            at: Point { epoch: 1, rev: 9 },
        },
        before: None,
        older: Some(6),
        said: vec![said],
        made: Some("https://parley.example/i/KEY".into()),
        refusal: None,
    }
}

fn rules(name: &str) -> RulesView {
    let (name, topic) = (name.to_owned(), name.to_owned());
    let room = room(&name);
    RulesView { room, name, topic, longest: Lifetime::Month, most: 200, refusal: None }
}

fn person(name: &str) -> PersonView {
    let (me, member) = (member(2, "Ana", Role::Host), member(1, name, Role::Member));
    PersonView { room: room(name), me, member, joined: true, curb: None, refusal: None }
}

fn about(name: &str, role: Role) -> MessageView {
    MessageView {
        room: room(name),
        me: member(2, "Ana", role),
        message: message(name),
        author: member(1, name, Role::Member),
        reported: false,
        refusal: None,
    }
}

/// Their marks and the quotes in them, one after another. Quotes in a text are text, and a title's are too.
fn tags(html: &str) -> String {
    let (_, inside) = html.split_once("<body>").unwrap();
    let mut open = false;
    let is_kept = |c: &char| {
        open = *c == '<' || open && *c != '>';
        matches!(c, '<' | '>') || open && *c == '"'
    };
    inside.chars().filter(is_kept).collect()
}

#[test]
fn nothing_that_somebody_wrote_changes_an_element_of_a_page() {
    let pages = |name: &str| {
        [
            View::Desk(desk(name).into()),
            View::Rules(rules(name).into()),
            View::Person(person(name).into()),
            View::Message(about(name, Role::Host).into()),
        ]
    };
    for name in ["<b>&\"'>", "</title><i>", "--><script>"] {
        for (odd, plain) in pages(name).into_iter().zip(pages("Ana")) {
            let (odd, plain) = (english(odd), english(plain));
            assert_eq!(tags(&odd), tags(&plain), "{name}: {odd}");
        }
    }
}

#[test]
fn the_desk_says_who_waits_and_what_holds() {
    let mut desk = desk("Bo");
    desk.page.members[1].name = PersonName::parse("Ana").unwrap();
    let html = english(View::Desk(desk.clone().into()));
    for said in [
        "Admit Bo",
        "Refuse Bo",
        "Knocked at 08:05",
        "Reported by Ana and Bo at 08:05",
        "Banned by Ana for good",
        "Muted by Ana until 08:05",
        "5 uses left",
        "https://parley.example/i/KEY",
        "Ana muted Bo until 08:05",
        "Undo: Ana muted Bo until 08:05",
        "Everything in it goes at once",
    ] {
        assert!(html.contains(said), "{said} in {html}");
    }
    for none in ["Nobody is at the door", "No reports", "Nobody is kept out", "No link opens"] {
        assert!(!html.contains(none), "{none}");
    }
    desk.page.items.clear();
    desk.made = None;
    let html = english(View::Desk(desk.into()));
    for none in ["Nobody is at the door", "No reports", "Nobody is kept out", "No link opens"] {
        assert!(html.contains(none), "{none}");
    }
}

#[test]
fn what_is_answered_settled_past_or_revoked_is_not_on_the_desk() {
    let mut desk = desk("Bo");
    for item in &mut desk.page.items {
        match &mut item.matter {
            Matter::Knock(knock) => knock.answer = Some(false),
            Matter::Report(report) => report.settled = true,
            Matter::Curb(curb) => (curb.muted, curb.barred) = (Some(0), None),
            Matter::Link(link) if link.host => link.revoked = true,
            Matter::Link(link) => link.left = Some(0),
            Matter::Logged(_) => {}
        }
    }
    let html = english(View::Desk(desk.into()));
    for none in ["Nobody is at the door", "No reports", "Nobody is kept out", "No link opens"] {
        assert!(html.contains(none), "{none}");
    }
}

#[test]
fn what_no_host_did_was_whoever_runs_the_server_or_the_server_itself() {
    let mut view = desk("Bo");
    let act = Act::Admission { admission: protocol::Admission::Knock };
    for (automatic, actor) in [(false, "The operator of this server"), (true, "The server")] {
        let logged = Logged { by: None, automatic, act: act.clone(), undo: None };
        view.page.items = vec![Item { rev: 1, at: 0, matter: Matter::Logged(logged) }];
        let html = english(View::Desk(view.clone().into()));
        assert!(html.contains(&format!(">{actor} lets people in who knock<")), "{html}");
    }
}

#[test]
fn a_removed_message_can_be_had_back_for_as_long_as_it_is_kept() {
    const LATER: Clock = Clock { now: || 10_001, ..CLOCK };
    let mut view = desk("Bo");
    let back = |removed| Act::Remove { message: MessageId::now(), removed };
    let logged = Logged { by: None, automatic: false, act: back(true), undo: Some(back(false)) };
    view.page.items = vec![Item { rev: 1, at: 0, matter: Matter::Logged(logged) }];
    for (clock, shown) in [(CLOCK, true), (LATER, false)] {
        let owner = Owner::new();
        owner.set();
        let data =
            protocol::PageData { look: Look::default(), view: View::Desk(view.clone().into()) };
        let html =
            shell(data, catalogue(Language::English), Files::default(), clock, None).to_html();
        assert_eq!(html.contains(r#"name="removed" value="off""#), shown);
    }
}

#[test]
fn hosts_do_to_others_what_they_do_not_do_to_themselves() {
    let others = english(View::Person(person("Bo").into()));
    let mut me = person("Ana");
    me.me = me.member.clone();
    let mine = english(View::Person(me.into()));
    for act in ["mute", "bar"] {
        let field = format!(r#"name="act" value="{act}""#);
        assert!(others.contains(&field) && !mine.contains(&field), "{act}");
    }
    assert!(mine.contains(r#"name="act" value="appoint""#));
    let mut held = person("Bo");
    let member = held.member.id;
    held.curb =
        Some(Curb { member, muted: Some(HOUR), barred: Some(FOR_EVER), by: Some(MemberId(2)) });
    let held = english(View::Person(held.into()));
    for said in ["Muted until 08:05", "Banned for good", "Undo mute", "Undo ban"] {
        assert!(held.contains(said), "{said}");
    }
}

#[test]
fn members_report_a_message_and_hosts_remove_it() {
    let report = "/r/KMRT/report";
    let remove = r#"name="act" value="remove""#;
    let members = english(View::Message(about("Bo", Role::Member).into()));
    assert!(members.contains(report) && !members.contains(remove), "{members}");
    let hosts = english(View::Message(about("Bo", Role::Host).into()));
    assert!(!hosts.contains(report) && hosts.contains(remove), "{hosts}");
    let gone = Message { content: Content::Removed, ..message("Low tide") };
    let gone = MessageView { message: gone, ..about("Bo", Role::Host) };
    let gone = english(View::Message(gone.into()));
    assert!(!gone.contains(report) && gone.contains("data-deleted"), "{gone}");
    assert!(gone.contains(r#"name="removed" value="off""#), "{gone}");
    let told = MessageView { reported: true, ..about("Bo", Role::Member) };
    let told = english(View::Message(told.into()));
    assert!(told.contains("The hosts will look at it") && !told.contains(report), "{told}");
}

#[test]
fn a_refusal_stands_at_its_field() {
    let rules = |refusal| {
        let view = RulesView { refusal: Some(refusal), ..rules("Tides") };
        english(View::Rules(view.into()))
    };
    for (refusal, described) in [
        (Refusal::RoomNameReserved, "name-help"),
        (Refusal::LineTooLong { max: 120 }, "topic-help"),
        (Refusal::PasswordLength { min: 4, max: 64 }, "password-help"),
    ] {
        let field = format!(r#"aria-invalid="true" aria-describedby="{described}""#);
        assert!(rules(refusal).contains(&field), "{described}");
    }
    assert!(rules(Refusal::NotAHost).contains(r#"role="alert""#));
}

#[test]
fn that_a_locked_room_is_not_shown_in_the_lobby_stands_at_the_switch() {
    for (admission, said) in [(Admission::Open, false), (Admission::Locked, true)] {
        let mut view = rules("Tides");
        (view.room.listed, view.room.rules.admission) = (true, admission);
        let html = english(View::Rules(view.into()));
        assert!(html.contains("Everyone on this server sees its name"), "{admission:?}");
        assert_eq!(html.contains("the lobby does not show it"), said, "{admission:?}");
        assert!(
            html.contains(r#"name="listed" value="on" checked"#),
            "it is listed all the same: {html}"
        );
    }
}

fn gate(way: Gateway, room: Option<&str>, refusal: Option<Refusal>) -> View {
    let code = RoomCode::parse("KMRT").unwrap();
    let key = LinkKey::parse("abcdefghijklmnopqrstuvwx");
    let room = room.map(|room| RoomName::parse(room).unwrap());
    let gate = Gate { code, room, way, name: "Quiet Otter".into(), key, refusal };
    View::Door(Door { code: "KMRT".into(), ended: None, gate: Some(gate) })
}

#[test]
fn a_stranger_learns_nothing_of_a_room_whose_door_is_closed() {
    let missing = View::Door(Door { code: "KMRT".into(), ended: None, gate: None });
    for language in Language::ALL {
        let locked = drawn(gate(Gateway::Locked, None, None), language);
        assert_eq!(locked, drawn(missing.clone(), language));
        for way in [
            Gateway::Full,
            Gateway::Password,
            Gateway::Knock,
            Gateway::Knocked { at: 0 },
            Gateway::Invited { host: false },
            Gateway::Invited { host: true },
        ] {
            let html = drawn(gate(way, Some("Tidepool"), None), language);
            assert!(!html.contains("Tidepool"), "{way:?} in {language:?}: {html}");
        }
    }
}

#[test]
fn who_was_in_a_room_is_told_what_happened_to_its_door() {
    let later = |hours| Gateway::Barred { until: hours * HOUR };
    for (way, said) in [
        (Gateway::Locked, "Tidepool is locked"),
        (later(1), "You can join again at 08:05."),
        (later(2), "Until 08:05."),
        (Gateway::Barred { until: FOR_EVER }, "There is no end to it"),
        (Gateway::Knocked { at: 0 }, "You knocked at 08:05."),
        (Gateway::Invited { host: true }, "You become host of this room."),
    ] {
        let html = english(gate(way, Some("Tidepool"), None));
        assert!(html.contains(said), "{said}: {html}");
    }
}

#[test]
fn who_is_barred_and_was_never_in_the_room_is_told_why_and_nothing_of_it() {
    for (until, said) in [
        (HOUR, "A host banned you, or somebody on your network, until 08:05."),
        (FOR_EVER, "There is no end to it"),
    ] {
        let html = english(gate(Gateway::Barred { until }, None, None));
        assert!(html.contains("This room does not let you in") && html.contains(said), "{html}");
        assert!(!html.contains("KMRT"), "{html}");
    }
}

#[test]
fn a_password_is_wrong_only_when_it_was_tried() {
    let tried = |refusal| english(gate(Gateway::Password, None, Some(refusal)));
    let wrong = r#"aria-invalid="true" aria-describedby="password-help""#;
    assert!(tried(Refusal::PasswordWrong).contains(wrong));
    assert!(!tried(Refusal::PasswordNeeded).contains("aria-invalid"));
    let name = tried(Refusal::NameReserved);
    assert!(name.contains(r#"aria-describedby="name-problem""#) && !name.contains(wrong));
}

#[test]
fn who_cannot_write_is_told_so_and_keeps_what_they_wrote() {
    let bo = PersonName::parse("Bo").unwrap();
    let plain = || RoomView { draft: "Half a th".into(), ..view(&bo, None) };
    let muted = RoomView { muted: Some(HOUR), ..plain() };
    let mut quiet = plain();
    quiet.page.room.rules.voices = Voices::Hosts;
    let mut host = quiet.clone();
    host.me = WhoAmI::Member(member(2, "Ana", Role::Host));
    let mut slow = plain();
    slow.page.room.rules.slow = 30;
    let past = RoomView { muted: Some(-1), ..plain() };
    for (view, state, said) in [
        (plain(), "ready", "You write as"),
        (muted, "locked", "You can write again at 08:05"),
        (past, "ready", "You write as"),
        (quiet, "locked", "Only hosts write here"),
        (host, "ready", "You write as"),
        (slow, "ready", "Slow mode: one message every 30 s"),
    ] {
        let html = english(View::Room(view.into()));
        let form = html.split_once("<main").unwrap().1;
        assert!(form.contains(&format!(r#"data-state="{state}""#)), "{said}: {form}");
        assert!(form.contains(said) && form.contains(">Half a th</textarea>"), "{said}: {form}");
    }
}

#[test]
fn a_removed_message_says_that_it_was_and_nothing_more() {
    let mut view = view(&PersonName::parse("Bo").unwrap(), None);
    view.page.messages[0].content = Content::Removed;
    let html = english(View::Room(view.into()));
    assert!(html.contains("data-deleted") && html.contains("<p>Message removed</p>"), "{html}");
    let owner = Owner::new();
    owner.set();
    let words = &catalogue(Language::English).live;
    let mut view = super::view(&PersonName::parse("Bo").unwrap(), None);
    let state = RoomState::new(&view, RwSignal::new(Look::default()), CLOCK, words);
    assert_eq!(state.others_said_since(0).0, 1);
    view.page.messages[0].content = Content::Removed;
    let state = RoomState::new(&view, RwSignal::new(Look::default()), CLOCK, words);
    assert_eq!(state.others_said_since(0), (0, None));
}
