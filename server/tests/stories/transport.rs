//! Requests that come slowly, or are too large: whoever sends them is hung up on, and others do not notice.
//! So is whoever comes when there are too many.
//! What is wrong with frames is in `bad_input`.

use std::collections::BTreeMap;

use protocol::Body;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

use crate::{
    http_pages::PATIENCE,
    rate::pass,
    site::{Site, Try, header},
};

const FORM: &str = "Host: x\r\nAccept: application/json\r\n\
    Content-Type: application/x-www-form-urlencoded\r\n";

/// What comes until the server hangs up; what it does not want to hear it may cut off.
async fn answer(line: &mut TcpStream) -> Try<String> {
    let mut said = Vec::new();
    let _ = timeout(PATIENCE, line.read_to_end(&mut said)).await?;
    Ok(String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test]
async fn whoever_dribbles_a_header_is_hung_up_on_after_10_s() -> Try {
    let site = Site::start(&[]).await?;
    let mut slow = TcpStream::connect(site.address).await?;
    slow.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await?;
    // Answered: by then the server has read what came before.
    assert_eq!(site.browser()?.get("/").await?.status(), 200);
    pass(9_000).await;
    slow.write_all(b"still").await?;
    assert_eq!(site.browser()?.get("/").await?.status(), 200);
    pass(2_000).await;
    assert!(!answer(&mut slow).await?.starts_with("HTTP/1.1 200"));
    site.stop().await
}

#[tokio::test]
async fn whoever_dribbles_a_form_is_answered_after_15_s() -> Try {
    let site = Site::start(&[]).await?;
    let mut slow = TcpStream::connect(site.address).await?;
    let head = format!("POST /rooms HTTP/1.1\r\n{FORM}Content-Length: 100\r\n\r\nname=A");
    slow.write_all(head.as_bytes()).await?;
    assert_eq!(site.browser()?.get("/").await?.status(), 200);
    for _ in 0..2 {
        pass(8_000).await;
        slow.write_all(b"n").await?;
    }
    let mut said = [0; 12];
    timeout(PATIENCE, slow.read_exact(&mut said)).await??;
    assert_eq!(&said, b"HTTP/1.1 408");
    site.stop().await
}

#[tokio::test]
async fn more_than_a_browser_says_before_the_body_is_not_read() -> Try {
    let site = Site::start(&[]).await?;
    let long = "x".repeat(64 * 1024);
    let many = "X-Many: 1\r\n".repeat(200);
    for head in [
        format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {long}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n"),
        format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n"),
    ] {
        let mut line = TcpStream::connect(site.address).await?;
        // It may be hung up on before all of it is written.
        let _ = line.write_all(head.as_bytes()).await;
        let said = answer(&mut line).await?;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{said}");
        assert!(said.is_empty() || said.contains("\r\nconnection: close\r\n"), "{said}");
    }
    let mut line = TcpStream::connect(site.address).await?;
    let most = format!(
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: {}\r\n\r\n",
        "x".repeat(16 * 1024)
    );
    line.write_all(most.as_bytes()).await?;
    assert!(answer(&mut line).await?.starts_with("HTTP/1.1 200"));
    site.stop().await
}

#[tokio::test]
async fn a_form_over_64_kib_is_refused_however_it_is_sent() -> Try {
    let site = Site::start(&[]).await?;
    let refusal = format!(r#"{{"n":null,"refusal":{{"body_too_long":{{"max":{}}}}}}}"#, Body::MAX);
    let body = format!("name=Ann&room_name={}", "x".repeat(64 * 1024));
    let chunk = format!("{:x}\r\n{body}\r\n", body.len());
    for (framing, sent) in [
        (format!("Content-Length: {}", body.len()), body.clone()),
        ("Transfer-Encoding: chunked".to_owned(), chunk.repeat(8)),
        ("Content-Length: 99999999999".to_owned(), body.clone()),
    ] {
        let mut line = TcpStream::connect(site.address).await?;
        let head = format!("POST /rooms HTTP/1.1\r\n{FORM}Connection: close\r\n{framing}\r\n\r\n");
        let _ = line.write_all((head + &sent).as_bytes()).await;
        let mut said = Vec::new();
        while !String::from_utf8_lossy(&said).contains(&refusal) {
            let read = timeout(PATIENCE, line.read_buf(&mut said)).await??;
            assert!(read > 0, "{framing}: {}", String::from_utf8_lossy(&said));
        }
        assert!(said.starts_with(b"HTTP/1.1 422"), "{framing}");
    }
    site.stop().await
}

/// More of it than a kernel keeps for a client who reads nothing.
const PICKERS: usize = 64;

#[tokio::test]
async fn who_takes_nothing_of_an_answer_holds_a_connection_for_30_s() -> Try {
    let site = Site::start(&["--connections-in-all", "1"]).await?;
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(4096)?;
    let mut stalls = socket.connect(site.address).await?;
    let ask = "GET /emoji/en HTTP/1.1\r\nHost: x\r\n\r\n".repeat(PICKERS);
    stalls.write_all(ask.as_bytes()).await?;
    let (mut places, mut waited) = (Vec::new(), 0);
    while places.last() != Some(&true) {
        assert!(waited < 1000, "it is held for ever");
        let mut next = TcpStream::connect(site.address).await?;
        next.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await?;
        let said = answer(&mut next).await?;
        places.push(said.starts_with("HTTP/1.1 200"));
        assert!(places.last() == Some(&true) || said.starts_with("HTTP/1.1 503"), "{said}");
        pass(7_000).await;
        waited += 1;
    }
    assert!(waited > 4, "who reads slowly has time: {waited}");
    let mut came = Vec::new();
    let _ = timeout(PATIENCE, stalls.read_to_end(&mut came)).await?;
    let all = answered(&came);
    assert!((1..PICKERS).contains(&all), "{all}");
    site.stop().await
}

fn answered(came: &[u8]) -> usize {
    String::from_utf8_lossy(came).matches("HTTP/1.1 200").count()
}

#[tokio::test]
async fn a_full_server_says_so_and_when_to_come_again_as_safely_as_all_else() -> Try {
    for (url, https) in [("http://chat.example.org", false), ("https://chat.example.org", true)] {
        let site = Site::start(&["--connections-in-all", "2", "--public-url", url]).await?;
        let held =
            [TcpStream::connect(site.address).await?, TcpStream::connect(site.address).await?];
        let said = answer(&mut TcpStream::connect(site.address).await?).await?;
        let (head, body) = said.split_once("\r\n\r\n").ok_or("no end of the head")?;
        let mut lines = head.lines();
        assert_eq!(lines.next(), Some("HTTP/1.1 503 Service Unavailable"));
        let full: BTreeMap<_, _> = lines.filter_map(|line| line.split_once(": ")).collect();
        drop(held);
        // Any other answer that is no page.
        let usual = loop {
            // One that is still one too many may be closed before it has asked.
            if let Ok(other) = site.browser()?.get("/healthz").await
                && other.status() == 200
            {
                break other;
            }
        };
        for name in [
            "content-security-policy",
            "cross-origin-opener-policy",
            "cross-origin-resource-policy",
            "permissions-policy",
            "referrer-policy",
            "strict-transport-security",
            "x-content-type-options",
        ] {
            let only_https = ["cross-origin-opener-policy", "strict-transport-security"];
            let said = full.get(name).copied().unwrap_or_default();
            assert_eq!(said, header(&usual, name), "{name}");
            assert_eq!(said.is_empty(), !https && only_https.contains(&name), "{name}");
        }
        for (name, value) in [
            ("retry-after", "10"),
            ("connection", "close"),
            ("content-type", "text/plain"),
            ("content-length", &*body.len().to_string()),
        ] {
            assert_eq!(full.get(name), Some(&value), "{name}");
        }
        assert_eq!(body, "Too many connections.\n");
        site.stop().await?;
    }
    Ok(())
}
