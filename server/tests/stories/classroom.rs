//! A class behind one address: nobody in it is refused by what keeps floods and guessing away.

use futures::{StreamExt, TryStreamExt, stream};
use protocol::{Command, Event, MessageId, Room, VERSION};
use reqwest::{
    Client, RequestBuilder,
    header::{ACCEPT, COOKIE, HeaderName, SET_COOKIE},
};
use tokio::net::TcpStream;

use crate::{
    client::{Person, Running, Socket},
    site::Try,
};

const PUPILS: u32 = 200;
/// Forms that are on their way at the same time.
const AT_ONCE: usize = 50;
const SCHOOL: (HeaderName, &str) = (HeaderName::from_static("x-forwarded-for"), "203.0.113.5");

/// Comes by the address that the teacher wrote down, mistypes it and then the code, joins, and speaks.
async fn come_in(server: &Running, http: &Client, room: &Room, n: u32) -> Try<Socket> {
    let base = format!("http://{}", server.address);
    let send = async |request: RequestBuilder, status: u16| {
        let request = request.header(SCHOOL.0, SCHOOL.1).header(ACCEPT, "application/json");
        let answer = request.send().await?;
        assert_eq!(answer.status(), status, "pupil {n}");
        Try::Ok(answer)
    };
    let name = format!("Pupil {n}");
    let form = [("name", name.as_str()), ("code", "ZZZZZ")];
    send(http.get(format!("{base}/r/YYYYY")), 404).await?;
    send(http.post(format!("{base}/join")).form(&form), 404).await?;
    send(http.get(format!("{base}/r/{}", room.code)), 200).await?;
    let join = http.post(format!("{base}/r/{}/join", room.code));
    let joined = send(join.form(&form[..1]), 200).await?;
    let cookie = joined.headers().get(SET_COOKIE).ok_or("no session")?.to_str()?;
    let cookie = cookie.split(';').next().unwrap_or_default();
    let line = TcpStream::connect(server.address).await?;
    let query = format!("?version={VERSION}");
    let mut socket =
        Socket::saying(line, server.address, &query, &[SCHOOL, (COOKIE, cookie)]).await;
    socket.follow(room.id).await;
    for text in ["Good morning", "Is this on?"] {
        socket.post(room, MessageId::now(), text).await;
    }
    Ok(socket)
}

#[tokio::test]
async fn two_hundred_join_talk_and_mistype_twice_each_and_nobody_is_refused() -> Try {
    let server = Running::with(&["--trusted-proxies", "127.0.0.1"]).await;
    let (teacher, room, _) = Person::create(&server, "Teacher").await;
    let (mut desk, mut log) = teacher.enter(&room).await;
    let http = Client::builder().no_proxy().build()?;
    let coming = (1..=PUPILS).map(|n| come_in(&server, &http, &room, n));
    let mut pupils: Vec<Socket> = stream::iter(coming).buffered(AT_ONCE).try_collect().await?;
    desk.read(&mut log, 2 * PUPILS).await;
    log.check();
    for pupil in &mut pupils {
        let told = pupil.so_far().await;
        assert!(!told.iter().any(|event| matches!(event, Event::Refused(_))), "{told:?}");
    }
    // All of them are still there, and somebody who comes late is not one too many.
    let late = come_in(&server, &http, &room, PUPILS + 1).await?;
    drop(late);
    desk.send(Command::Beat).await;
    assert!(!desk.so_far().await.iter().any(|event| matches!(event, Event::Refused(_))));
    Ok(())
}
