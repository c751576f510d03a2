//! The checker itself: what is planted is found, and a good story passes.

use protocol::{Body, PersonName, Role};

use super::*;

const HERE: RoomId = RoomId(1);
const THERE: RoomId = RoomId(2);
type Plant = fn(&mut Story);

fn member(id: u32) -> Member {
    let name = PersonName::parse(&format!("Person {id}")).unwrap_or_else(|_| unreachable!());
    Member { id: MemberId(id), name, role: Role::Member, rev: 1 }
}

fn message(seq: u32, author: u32, body: &str) -> Message {
    Message {
        id: MessageId::now(),
        seq,
        rev: u64::from(seq) + 1,
        version: 1,
        author: MemberId(author),
        content: Content::Text(Body::parse(body).unwrap_or_else(|_| unreachable!())),
        created_at: i64::from(seq),
    }
}

/// So many people take turns in a room, eight times in all. The first stays; the others are sent to
/// the newest page once, and what is said while they wait comes in another order.
fn room(room: RoomId, people: u32) -> (Log, Vec<Account>) {
    let say = |n: u32| message(n, (n - 1) % people + 1, &format!("{n} of {}", room.0));
    let messages: Vec<_> = (1..=8).map(say).collect();
    let members: Vec<_> = (1..=people).map(member).collect();
    let account = |author: u32| {
        let own = messages.iter().filter(|message| message.author == MemberId(author));
        let resumed = vec![messages[..4].to_vec(), [&messages[6..], &messages[5..]].concat()];
        Account {
            who: format!("{author} in {}", room.0),
            room,
            author: MemberId(author),
            attempted: own.clone().map(|own| (own.id, text(own).to_owned())).collect(),
            acknowledged: own.cloned().collect(),
            refused: Vec::new(),
            runs: if author == 1 { vec![messages.clone()] } else { resumed },
            window: messages[2..].to_vec(),
            members: members.clone(),
            foreign: Vec::new(),
            gaps: Vec::new(),
        }
    };
    let accounts = (1..=people).map(account).collect();
    (Log { room, messages, members }, accounts)
}

fn good() -> Story {
    let (here, mut accounts) = room(HERE, 2);
    let (there, others) = room(THERE, 1);
    accounts.extend(others);
    Story { logs: vec![here, there], accounts, removed: BTreeMap::new() }
}

/// All that somebody saw.
fn seen(account: &mut Account, change: impl Fn(&mut Vec<Message>)) {
    account.runs.iter_mut().for_each(&change);
    change(&mut account.window);
}

fn swap(list: &mut [Message]) {
    let place = |seq| list.iter().position(|one| one.seq == seq);
    if let (Some(one), Some(other)) = (place(7), place(8)) {
        list.swap(one, other);
        (list[one].seq, list[other].seq) = (7, 8);
    }
}

/// What the complaints begin with.
fn kinds(story: &Story) -> BTreeSet<String> {
    let complaints = check(story).into_iter().map(|complaint| complaint.to_string());
    complaints.filter_map(|text| text.split(':').next().map(str::to_owned)).collect()
}

#[test]
fn a_good_story_passes() {
    assert_eq!(check(&good()), []);
    assert_eq!(check(&Story::default()), []);
}

#[test]
fn what_is_planted_in_the_log_is_found() {
    let plants: [(&str, &str, Plant); 10] = [
        ("the newest is lost", "lost", |story| drop(story.logs[0].messages.pop())),
        ("one is lost, and the rest moves up", "lost", |story| {
            story.logs[0].messages.remove(3);
            story.logs[0].messages.iter_mut().zip(1..).for_each(|(one, seq)| one.seq = seq);
        }),
        ("what was acknowledged says something else", "lost", |story| {
            story.logs[0].messages[2].content = message(1, 1, "other").content;
        }),
        ("one is lost and leaves its place empty", "hole", |story| {
            story.logs[0].messages.remove(3);
        }),
        ("one is there twice, for everyone", "twice", |story| {
            let double = Message { seq: 9, rev: 10, ..story.logs[0].messages[7].clone() };
            for account in &mut story.accounts[..2] {
                account.runs.last_mut().into_iter().for_each(|run| run.push(double.clone()));
                account.window.push(double.clone());
            }
            story.logs[0].messages.push(double);
        }),
        ("two change places", "moved", |story| swap(&mut story.logs[0].messages)),
        ("nobody said this", "stranger", |story| {
            story.logs[0].messages.push(message(9, 1, "boo"));
        }),
        ("it was said in another room", "stranger", |story| {
            let other = Message { seq: 9, ..story.logs[1].messages[0].clone() };
            story.logs[0].messages.push(other);
        }),
        ("it was said by another", "stranger", |story| {
            story.logs[0].messages[0].author = MemberId(2);
        }),
        ("time goes back", "time", |story| story.logs[0].messages[4].created_at = 1),
    ];
    for (what, kind, plant) in plants {
        let mut story = good();
        plant(&mut story);
        assert!(kinds(&story).contains(kind), "{what}: {:?}", check(&story));
    }
}

#[test]
fn what_is_planted_with_one_client_is_found_and_nothing_else() {
    let plants: [(&str, &[&str], Plant); 9] = [
        ("two change places", &["moved", "window"], |story| {
            seen(&mut story.accounts[0], |list| swap(list))
        }),
        ("their own order is not kept", &["order"], |story| {
            story.accounts[1].attempted.swap(0, 1);
        }),
        ("one in the middle never came", &["missed", "window"], |story| {
            seen(&mut story.accounts[0], |list| list.retain(|message| message.seq != 5));
        }),
        ("the newest never came", &["missed", "window"], |story| {
            seen(&mut story.accounts[0], |list| list.retain(|message| message.seq != 8));
        }),
        ("an older copy is shown", &["window"], |story| story.accounts[0].window[4].rev -= 1),
        ("nothing is shown", &["window"], |story| story.accounts[0].window.clear()),
        ("an old name is shown", &["name"], |story| story.accounts[0].members.truncate(1)),
        ("they heard of another room", &["foreign"], |story| {
            story.accounts[0].foreign.push(THERE);
        }),
        ("they were refused for good", &["refused for good"], |story| {
            story.accounts[0].refused.push((MessageId::now(), Refusal::IdConflict));
        }),
    ];
    for (what, expected, plant) in plants {
        let mut story = good();
        plant(&mut story);
        let expected: BTreeSet<_> = expected.iter().map(|&kind| kind.to_owned()).collect();
        assert_eq!(kinds(&story), expected, "{what}: {:?}", check(&story));
    }
}

/// All saw it in its place, and then that it was taken away.
fn one_is_taken_away(story: &mut Story) {
    let gone = |one: &Message| Message { rev: 20, content: Content::Removed, ..one.clone() };
    story.removed.insert(story.logs[0].messages[4].id, false);
    story.logs[0].messages[4] = gone(&story.logs[0].messages[4]);
    for account in &mut story.accounts[..2] {
        account.window[2] = gone(&account.window[2]);
        let copy = account.window[2].clone();
        account.runs.last_mut().into_iter().for_each(|run| run.push(copy.clone()));
    }
}

fn had_back(story: &mut Story) {
    let back = Message { rev: 21, ..story.accounts[0].runs[0][4].clone() };
    story.removed.insert(back.id, true);
    story.logs[0].messages[4] = back.clone();
    story.accounts[..2].iter_mut().for_each(|account| account.window[2] = back.clone());
}

#[test]
fn what_was_taken_away_may_have_been_seen_before_and_not_since() {
    let plants: [(&str, &[&str], Plant); 7] = [
        ("nothing", &[], |_| {}),
        ("it was had back", &[], |story| had_back(story)),
        ("it was had back, and nobody took it away", &["moved"], |story| {
            had_back(story);
            story.removed.clear();
        }),
        ("nobody took it away", &["lost", "moved", "stranger"], |story| story.removed.clear()),
        ("it is there as before", &["kept"], |story| {
            story.logs[0].messages[4].content = story.accounts[0].runs[0][4].content.clone();
            for account in &mut story.accounts[..2] {
                account.window[2] = story.logs[0].messages[4].clone();
                seen(account, |list| list.retain(|one| one.content != Content::Removed));
            }
        }),
        ("one still shows it", &["window"], |story| {
            story.accounts[0].window[2] = story.accounts[0].runs[0][4].clone();
        }),
        ("it had said something else", &["moved"], |story| {
            story.accounts[0].runs[0][4].content = message(1, 1, "other").content;
        }),
    ];
    for (what, expected, plant) in plants {
        let mut story = good();
        one_is_taken_away(&mut story);
        plant(&mut story);
        let expected: BTreeSet<_> = expected.iter().map(|&kind| kind.to_owned()).collect();
        assert_eq!(kinds(&story), expected, "{what}: {:?}", check(&story));
    }
}

#[test]
fn a_story_without_a_log_is_not_good() {
    let mut story = good();
    story.logs.pop();
    assert_eq!(kinds(&story), BTreeSet::from(["no log of the room of 1 in 2".to_owned()]));
}

#[test]
fn the_answer_to_what_is_older_than_the_page_is_nothing_that_was_seen_in_the_log() {
    let mut account = good().accounts.remove(0);
    account.runs = vec![vec![message(5, 1, "a page")]];
    account.saw(&[message(2, 1, "sent again"), message(6, 2, "new")]);
    let seen: Vec<_> = account.runs[0].iter().map(|message| message.seq).collect();
    assert_eq!(seen, [5, 6]);
}
