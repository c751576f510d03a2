//! Keeping what was said: backup, restore and check, by the program itself, beside a server that runs.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output},
    sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
};

use crate::client::{Person, Running, Socket, Stopped};
use futures::future::{join, join_all};
use protocol::{Event, Message, MessageId, Reset, Room};
use tempfile::TempDir;

/// The program on a data folder. Its words, and whether all was well.
fn parley(data: &Path, arguments: &[&str]) -> (bool, String) {
    heard(
        Command::new(env!("CARGO_BIN_EXE_parley"))
            .env_clear()
            .arg("--data")
            .arg(data)
            .args(arguments),
    )
}

fn heard(command: &mut Command) -> (bool, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    // What is logged besides has its time in front.
    let said = [stdout, stderr].concat();
    let said = String::from_utf8(said).unwrap();
    let said = said.lines().filter(|line| !line.contains(" INFO ")).collect::<Vec<_>>();
    (status.success(), said.join("\n"))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Posts until it is told that there was enough, and has then heard of all.
async fn talk(person: &Person, room: &Room, enough: &AtomicBool, said: &AtomicU32) {
    let (mut socket, mut log) = person.enter(room).await;
    while !enough.load(Relaxed) {
        let id = MessageId::now();
        socket.post(room, id, "on and on").await;
        while !log.messages.values().any(|message| message.id == id) {
            log.apply(socket.changes().await);
        }
        said.fetch_add(1, Relaxed);
    }
    socket.read(&mut log, said.load(Relaxed)).await;
    log.check();
}

async fn newest(socket: &mut Socket) -> Vec<Message> {
    let page = |event| {
        if let Event::Reset(Reset::Room(page)) = event { Some(page.messages) } else { None }
    };
    socket.until(page).await
}

/// Eight people talk in a room, and meanwhile a backup is made. Ana, the room, and how many messages the
/// backup holds.
async fn backed_up(server: &Running, file: &str) -> (Person, Room, u32) {
    let (ana, room, _) = Person::create(server, "Ana").await;
    let mut people = vec![ana.clone()];
    for n in 1..8 {
        people.push(Person::join(server, &room, &format!("Guest {n}")).await.0);
    }
    let (enough, said) = (AtomicBool::new(false), AtomicU32::new(0));
    let (data, into) = (server.data().to_owned(), file.to_owned());
    let backup = async {
        while said.load(Relaxed) < 50 {
            tokio::task::yield_now().await;
        }
        let before = said.load(Relaxed);
        let keeping = tokio::task::spawn_blocking(move || {
            for arguments in [&["backup", &into][..], &["check"]] {
                let (well, words) = parley(&data, arguments);
                assert!(well, "{words}");
            }
        });
        keeping.await.unwrap();
        enough.store(true, Relaxed);
        (before, said.load(Relaxed))
    };
    let talks = people.iter().map(|person| talk(person, &room, &enough, &said));
    let ((before, after), _) = join(backup, join_all(talks)).await;
    assert!(after > before, "they talked meanwhile");
    let conn = rusqlite::Connection::open(file).unwrap();
    let count = conn.query_row("SELECT count(*) FROM messages", [], |row| row.get(0)).unwrap();
    assert!((before..=after + 8).contains(&count), "{before} {count} {after}");
    (ana, room, count)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_while_people_talk_is_whole_and_comes_back() {
    let mut server = Running::start().await;
    let kept = tempfile::tempdir().unwrap();
    let file = kept.path().join("backup.db");
    let (file, database) = (file.to_str().unwrap(), server.data().join("parley.db"));
    let (mut ana, room, count) = backed_up(&server, file).await;
    assert_eq!(names(kept.path()), ["backup.db"], "nothing else is left there");
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    for path in [file, database.to_str().unwrap()] {
        let url = format!("sqlite:{path}");
        let (well, words) = parley(server.data(), &["check", "--database-url", &url]);
        assert!(well && words.contains("is sound: 1 rooms"), "{words}");
    }

    // While it runs nobody takes its database away.
    let (well, words) = parley(server.data(), &["restore", file]);
    assert!(!well && words.contains("is in use by another process"), "{words}");
    let (_, log) = ana.enter(&room).await;
    server.stop();
    let stopped = server.ended().await;
    let (well, words) = parley(stopped.data(), &["restore", file]);
    assert!(well && words.contains(&format!("{count} messages")), "{words}");
    let there = ["admin.sock.lock", "key", "parley.db", "parley.db.replaced-1", "parley.db.run"];
    assert_eq!(names(stopped.data()), there, "{words}");

    // Whoever comes back with what they had starts from what is there now.
    let server = stopped.again().await;
    ana.address = server.address;
    let mut socket = ana.connect().await;
    socket.watch(room.id, Some(log.complete)).await;
    assert_eq!(newest(&mut socket).await.last().unwrap().seq, count);
    let (mut socket, mut log) = ana.enter(&room).await;
    assert!(log.complete.epoch > 1);
    socket.post(&room, MessageId::now(), "again").await;
    socket.read(&mut log, count + 1).await;
    log.check();
}

#[tokio::test]
async fn each_time_a_backup_is_put_back_clients_start_anew() {
    let mut server = Running::start().await;
    let (mut ana, room, _) = Person::create(&server, "Ana").await;
    let kept = tempfile::tempdir().unwrap();
    let file = kept.path().join("backup.db");
    let file = file.to_str().unwrap();
    assert!(parley(server.data(), &["backup", file]).0);
    let mut epochs = vec![];
    // Within one second, with the same revs and other words.
    for text in ["one", "two", "three"] {
        let (mut socket, mut log) = ana.enter(&room).await;
        socket.post(&room, MessageId::now(), text).await;
        socket.read(&mut log, 1).await;
        assert_eq!(log.bodies(), [text]);
        epochs.push(log.complete.epoch);
        let (other, ..) = Person::create(&server, "Bo").await;
        drop((socket, other));
        server.stop();
        let stopped = server.ended().await;
        let (well, words) = parley(stopped.data(), &["restore", file]);
        assert!(well, "{words}");
        let (well, words) = parley(stopped.data(), &["check"]);
        assert!(well, "{words}");
        server = stopped.again().await;
        ana.address = server.address;
        let mut socket = ana.connect().await;
        socket.watch(room.id, Some(log.complete)).await;
        assert_eq!(newest(&mut socket).await, []);
    }
    assert!(epochs.is_sorted_by(|one, next| one < next), "{epochs:?}");
    let (.., newer, _) = Person::create(&server, "Cy").await;
    assert!(newer.id.0 > 3 * 65536, "no id is given out twice");
}

/// The folder of a server that has ended, and one with a backup of it.
async fn ended_with_a_backup() -> (Stopped, TempDir) {
    let mut server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (mut socket, mut log) = ana.enter(&room).await;
    for text in ["one", "two", "three"] {
        socket.post(&room, MessageId::now(), text).await;
    }
    socket.read(&mut log, 3).await;
    drop(socket);
    let kept = tempfile::tempdir().unwrap();
    let good = kept.path().join("good.db");
    let (well, words) = parley(server.data(), &["backup", good.to_str().unwrap()]);
    assert!(well, "{words}");
    server.stop();
    (server.ended().await, kept)
}

/// What was done to a backup, and what is said of it.
type Flaw = (&'static str, fn(&Path), &'static str);

fn sql(path: &Path, sql: &str) {
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
}

const FLAWS: [Flaw; 9] = [
    (
        "gap.db",
        |path| sql(path, "DELETE FROM messages WHERE pk & 0xffffffff = 2"),
        "gap.db does not hold together, and was not put back:\nroom 1: message 3 follows message 1",
    ),
    ("orphan.db", |path| sql(path, "DELETE FROM persons"), "belongs to none of the persons"),
    ("index.db", |path| sql(path, "DELETE FROM search_data WHERE id > 10"), "index"),
    (
        "newer.db",
        |path| sql(path, "PRAGMA user_version = 9999"),
        "newer.db was written by a newer version",
    ),
    (
        "foreign.db",
        |path| sql(path, "DROP TABLE search; DROP TABLE messages"),
        "foreign.db is a database of another program",
    ),
    (
        "truncated.db",
        |path| fs::OpenOptions::new().write(true).open(path).unwrap().set_len(30_000).unwrap(),
        "truncated.db is not a database of this program, or is damaged",
    ),
    (
        "noise.db",
        |path| fs::write(path, "x".repeat(5000)).unwrap(),
        "noise.db is not a database of this program, or is damaged",
    ),
    ("empty.db", |path| fs::write(path, "").unwrap(), "empty.db is a database of another program"),
    ("missing.db", |path| fs::remove_file(path).unwrap(), "there is no database"),
];

#[tokio::test]
async fn what_is_no_whole_backup_is_refused_and_changes_nothing() {
    let (stopped, kept) = ended_with_a_backup().await;
    let data = stopped.data();
    let before = (names(data), fs::read(data.join("parley.db")).unwrap());
    for (name, harm, sentence) in FLAWS {
        let path = kept.path().join(name);
        fs::copy(kept.path().join("good.db"), &path).unwrap();
        harm(&path);
        let path = path.to_str().unwrap();
        let (well, words) = parley(data, &["restore", path]);
        assert!(!well && words.starts_with("parley: "), "{name}: {words}");
        assert!(words.contains(sentence), "{name}: {words}");
        assert!((names(data), fs::read(data.join("parley.db")).unwrap()) == before, "{name}");
        let (well, words) = parley(data, &["check", "--database-url", &format!("sqlite:{path}")]);
        assert!(!well && words.starts_with("parley: "), "{name}: {words}");
    }
}

#[tokio::test]
async fn a_backup_replaces_nothing_that_it_was_not_told_to() {
    let (stopped, kept) = ended_with_a_backup().await;
    let (data, good) = (stopped.data(), kept.path().join("good.db"));
    let (good, none) = (good.to_str().unwrap(), kept.path().join("none.db"));
    let itself = data.join("parley.db");
    let before = fs::read(&itself).unwrap();
    for (arguments, sentence) in [
        (&["backup", good][..], "good.db exists already: name another file, or add --replace"),
        (&["backup", itself.to_str().unwrap(), "--replace"], "is the database itself"),
        (&["restore", itself.to_str().unwrap()], "is the database itself"),
    ] {
        let (well, words) = parley(data, arguments);
        assert!(!well && words.contains(sentence), "{words}");
    }
    assert!(fs::read(&itself).unwrap() == before);
    // What a backup that was killed has left there.
    fs::write(format!("{good}.partial"), "x".repeat(5000)).unwrap();
    let (well, words) = parley(data, &["backup", good, "--replace"]);
    assert!(well, "{words}");
    let (well, words) = parley(data, &["check", "--database-url", &format!("sqlite:{good}")]);
    assert!(well, "{words}");
    let (well, words) = parley(&data.join("nowhere"), &["backup", none.to_str().unwrap()]);
    assert!(!well && words.contains("there is no database"), "{words}");
    assert_eq!(names(kept.path()), ["good.db"]);
}

#[tokio::test]
async fn what_a_database_had_in_its_log_is_kept_with_it_and_not_written_into_the_next() {
    let (stopped, kept) = ended_with_a_backup().await;
    let (data, good) = (stopped.data(), kept.path().join("good.db"));
    let at = |name: &str| data.join(name);
    // As a server that was killed leaves it.
    let conn = rusqlite::Connection::open(at("parley.db")).unwrap();
    conn.execute_batch("UPDATE persons SET name = 'In the log'").unwrap();
    for name in ["parley.db", "parley.db-wal"] {
        fs::copy(at(name), kept.path().join(name)).unwrap();
    }
    drop(conn);
    let log = fs::read(kept.path().join("parley.db-wal")).unwrap();
    for (n, damaged) in [(1, false), (2, true)] {
        for name in ["parley.db", "parley.db-wal"] {
            fs::copy(kept.path().join(name), at(name)).unwrap();
        }
        if damaged {
            fs::write(at("parley.db"), "noise".repeat(2000)).unwrap();
        }
        let (well, words) = parley(data, &["restore", good.to_str().unwrap()]);
        let aside = format!("parley.db.replaced-{n}");
        assert!(well && words.contains(&aside), "{words}");
        assert!(!at("parley.db-wal").exists());
        assert!(fs::read(at(&format!("{aside}-wal"))).unwrap() == log);
        let name = |path: &Path| -> rusqlite::Result<String> {
            let conn = rusqlite::Connection::open(path)?;
            conn.query_row("SELECT name FROM persons", [], |row| row.get(0))
        };
        assert_eq!(name(&at("parley.db")).unwrap(), "Ana");
        if !damaged {
            assert_eq!(name(&at(&aside)).unwrap(), "In the log");
        }
    }
}

/// A folder `disk` in which little fits, with a file that was there before: files may not grow, or it is
/// a disk of its own. Then what is left there.
const SMALL: [(&str, &str); 2] = [
    ("trap '' XFSZ; ulimit -f 40; eval \"$0\"", "cannot write"),
    (
        "exec unshare -Urm sh -c 'mount -t tmpfs -o size=64k none disk && eval \"$0\"' \"$0\" \"$@\"",
        "no room is left for disk/",
    ),
];

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_half_is_left_there() {
    let server = Running::start().await;
    Person::create(&server, "Ana").await;
    let kept = tempfile::tempdir().unwrap();
    fs::create_dir(kept.path().join("disk")).unwrap();
    let story = "echo before >disk/old.db; \"$@\"; ls -A disk; cat disk/old.db";
    let start = ["--data", "disk/new", "--listen", "127.0.0.1:0"];
    let own = ["-Urm", "mount", "-t", "tmpfs", "none", "/mnt"];
    let own = Command::new("unshare").args(own).output().is_ok_and(|done| done.status.success());
    // Not everyone may make a disk.
    for (disk, sentence) in SMALL.iter().take(1 + usize::from(own)) {
        for also in [&["disk/new.db"][..], &["disk/old.db", "--replace"]] {
            let mut command = Command::new("sh");
            command.current_dir(kept.path()).args(["-c", disk, story]);
            command.args([env!("CARGO_BIN_EXE_parley"), "backup"]).args(also);
            let (_, words) = heard(command.arg("--data").arg(server.data()));
            assert!(words.starts_with("old.db\nbefore\nparley: "), "{words}");
            assert!(words.contains(sentence), "{words}");
        }
        let mut command = Command::new("sh");
        command.current_dir(kept.path()).args(["-c", disk, story]);
        let (_, words) = heard(command.arg(env!("CARGO_BIN_EXE_parley")).args(start));
        let sentence = sentence.replace("disk/", "the database disk/new/parley.db");
        assert!(words.contains(&format!("parley: {sentence}")), "{words}");
    }
}
