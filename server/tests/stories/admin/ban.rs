//! An address that is banned: by which headers it is known, what it gets, and who is never taken for it.

use protocol::{Close, VERSION};
use reqwest::{
    Client, Response,
    header::{FORWARDED, HeaderName, HeaderValue},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{FROM, admin};
use crate::client::{Running, Socket, code, soon};

const HERE: &str = "203.0.113.5";
const THERE: &str = "198.51.100.7";

async fn banned() -> Running {
    let server = Running::with(&["--trusted-proxies", "127.0.0.1"]).await;
    assert_eq!(asked(&server, "/", &[]).await.status(), 200);
    admin(&server, &["ban", "address", HERE]).await.unwrap();
    server
}

async fn asked(server: &Running, path: &str, said: &[(HeaderName, &[u8])]) -> Response {
    let http = Client::builder().no_proxy().build().unwrap();
    let mut request = http.get(format!("http://{}{path}", server.address));
    for (name, value) in said {
        request = request.header(name, HeaderValue::from_bytes(value).unwrap());
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn nothing_that_is_written_beside_an_address_hides_it() {
    let server = banned().await;
    for (said, status) in [
        (&[(FROM, &b"203.0.113.5"[..])][..], 403),
        (&[(FROM, b"\xe9, 203.0.113.5")], 403),
        (&[(FROM, b"\xe9"), (FROM, b"203.0.113.5")], 403),
        (&[(FORWARDED, b"for=\xe9, for=203.0.113.5")], 403),
        (&[(FROM, b"203.0.113.5"), (FORWARDED, b"for=198.51.100.7")], 403),
        (&[(FROM, b"203.0.113.5"), (FORWARDED, b"for=\xe9")], 403),
        (&[(FROM, b"198.51.100.7"), (FORWARDED, b"for=203.0.113.5")], 403),
        (&[(FROM, b"\xe9, 198.51.100.7")], 200),
        (&[(FROM, b"203.0.113.5, 198.51.100.7")], 200),
        (&[(FROM, b"198.51.100.7"), (FORWARDED, b"for=198.51.100.8")], 200),
    ] {
        assert_eq!(asked(&server, "/", said).await.status(), status, "{said:?}");
    }
}

#[tokio::test]
async fn whose_two_headers_disagree_is_asked_again_when_somebody_is_banned() {
    let server = Running::with(&["--trusted-proxies", "127.0.0.1"]).await;
    let query = format!("?version={VERSION}");
    let mut open = Vec::new();
    for said in [&[(FROM, HERE), (FORWARDED, "for=192.0.2.1")][..], &[(FROM, THERE)]] {
        let line = TcpStream::connect(server.address).await.unwrap();
        let mut socket = Socket::saying(line, server.address, &query, said).await;
        socket.event().await;
        open.push(socket);
    }
    admin(&server, &["ban", "address", HERE]).await.unwrap();
    assert_eq!(open[0].closed().await, code(Close::Restart));
    assert_eq!(open[1].so_far().await, []);
}

#[tokio::test]
async fn who_is_banned_keeps_no_connection_and_may_ask_how_the_server_is() {
    let server = banned().await;
    let mut line = TcpStream::connect(server.address).await.unwrap();
    let request = format!("GET / HTTP/1.1\r\nhost: {}\r\n{FROM}: {HERE}\r\n\r\n", server.address);
    line.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    soon(line.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    for path in ["/healthz", "/readyz"] {
        let answer = asked(&server, path, &[(FROM, HERE.as_bytes())]).await;
        assert_eq!(answer.status(), 200, "{path}");
    }
}
