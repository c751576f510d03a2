//! The socket: whose it is, what is refused on it, and what is said where it is not.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
};

use super::admin;
use crate::client::{Person, Running, soon};

/// What the server answers to these bytes.
async fn answer(socket: &Path, bytes: &[u8]) -> String {
    let mut stream = UnixStream::connect(socket).await.unwrap();
    soon(stream.write_all(bytes)).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = String::new();
    soon(stream.read_to_string(&mut answer)).await.unwrap();
    answer
}

#[tokio::test]
async fn only_who_runs_the_server_can_open_the_socket_and_it_goes_with_the_server() {
    let mut server = Running::start().await;
    let socket = server.data().join("admin.sock");
    Person::nobody(&server).connect().await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&socket), 0o600);
    server.stop();
    let stopped = server.ended().await;
    assert!(!stopped.data().join("admin.sock").exists());
}

#[tokio::test]
async fn what_is_no_command_is_refused_and_the_next_one_is_answered() {
    let server = Running::start().await;
    let (_ann, room, _) = Person::create(&server, "Ann").await;
    let socket = server.data().join("admin.sock");
    let burn =
        format!("{{\"command\":{{\"burn\":{{\"room\":\"{}\"}}}},\"json\":false}}\n", room.code);
    let long = [b"\"", "x".repeat(4_000_000).as_bytes(), b"\"\n"].concat();
    for (bytes, why) in [
        (&b"\xff\xfe\n"[..], "understand"),
        (b"GET / HTTP/1.1\r\n\r\n", "understand"),
        (b"{\n", "understand"),
        (b"", "understand"),
        (burn.as_bytes(), "understand"),
        (
            b"{\"command\":{\"remove\":{\"room\":\"KMRT\",\"seq\":-1}},\"json\":false}\n",
            "understand",
        ),
        (&long, "too long"),
    ] {
        let said = answer(&socket, bytes).await;
        assert!(said.starts_with("{\"refused\"") && said.contains(why), "{said}");
    }
    let blank = answer(
        &socket,
        b"{\"command\":{\"announce\":{\"text\":\"\\u0007\\u200b\"}},\"json\":false}\n",
    )
    .await;
    assert!(blank.starts_with("{\"refused\""), "{blank}");
    assert!(admin(&server, &["rooms"]).await.unwrap().ends_with("\n1 of 1 rooms"));
}

#[tokio::test]
async fn a_server_takes_over_from_one_that_was_killed_and_from_no_other() {
    let mut server = Running::start().await;
    let socket = server.data().join("admin.sock");
    server.stop();
    let stopped = server.ended().await;
    // As one leaves it that was killed.
    drop(UnixListener::bind(&socket).unwrap());
    assert!(socket.exists());
    let server = stopped.again().await;
    Person::nobody(&server).connect().await;
    assert!(admin(&server, &["bans"]).await.is_ok());
    // Another one, in the same folder.
    let other = server.data().join("other.db");
    let url = format!("sqlite:{}", other.display());
    let folder = server.data().to_str().unwrap();
    let config = ["parley", "--data", folder, "--database-url", &url];
    let config = server::Config::try_parse_from(config).unwrap();
    let second = server::open(config).await.unwrap();
    let (_ann, room, _) = Person::create(&server, "Ann").await;
    drop(second);
    let said = admin(&server, &["rooms"]).await.unwrap();
    assert!(said.contains(room.code.as_str()), "{said}");
}

#[tokio::test]
async fn where_it_would_not_be_safe_there_is_no_socket_and_the_server_runs() {
    for (mode, there, listens) in [
        (0o700, None, true),
        (0o755, None, true),
        (0o1777, None, true),
        (0o1770, None, true),
        (0o777, None, false),
        (0o770, None, false),
        (0o720, None, false),
        (0o700, Some("x"), false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("place");
        let socket = place.join("admin.sock");
        fs::create_dir(&place).unwrap();
        fs::set_permissions(&place, fs::Permissions::from_mode(mode)).unwrap();
        if let Some(text) = there {
            fs::write(&socket, text).unwrap();
        }
        let (data, at) = (folder.path().to_str().unwrap(), socket.to_str().unwrap());
        let config = ["parley", "--data", data, "--admin-socket", at];
        let opened = server::open(server::Config::try_parse_from(config).unwrap()).await.unwrap();
        assert_eq!(UnixStream::connect(&socket).await.is_ok(), listens, "{mode:o} {there:?}");
        drop(opened);
        let left = there.map(str::to_owned);
        assert_eq!(fs::read_to_string(&socket).ok(), left, "{mode:o} {there:?}");
    }
}

#[tokio::test]
async fn a_link_in_the_place_of_the_lock_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (socket, elsewhere) = (folder.path().join("admin.sock"), folder.path().join("elsewhere"));
    symlink(&elsewhere, folder.path().join("admin.sock.lock")).unwrap();
    let config = ["parley", "--data", folder.path().to_str().unwrap()];
    let opened = server::open(server::Config::try_parse_from(config).unwrap()).await.unwrap();
    assert!(UnixStream::connect(&socket).await.is_err());
    drop(opened);
    assert!(!elsewhere.exists());
}

#[tokio::test]
async fn where_no_server_is_asked_a_sentence_says_what_to_do() {
    let mut server = Running::start().await;
    let socket = server.data().join("admin.sock");
    server.stop();
    let stopped = server.ended().await;
    let ask = || {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_parley"));
        program.env_clear().args(["admin", "stats", "--data"]).arg(stopped.data());
        let output = program.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let sentence = format!(
        "parley: no Parley is asked at {}: start it, or say with --data or --admin-socket where it is\n",
        socket.display()
    );
    assert_eq!(ask(), (Some(1), sentence.clone()));
    drop(UnixListener::bind(&socket).unwrap());
    assert_eq!(ask(), (Some(1), sentence));
}

#[tokio::test]
async fn nothing_of_it_is_reached_by_http() {
    let server = Running::start().await;
    for path in ["admin", "admin/rooms", "stats", "admin.sock"] {
        let url = format!("http://{}/{path}", server.address);
        assert_eq!(reqwest::get(url).await.unwrap().status(), 404, "{path}");
    }
}
