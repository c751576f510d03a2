//! Requests that come slowly, or are too large: whoever sends them is hung up on, and others do not notice.
//! What is wrong with frames is in `bad_input`.

use protocol::Body;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{
    http_pages::PATIENCE,
    rate::pass,
    site::{Site, Try},
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
