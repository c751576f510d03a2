//! Asking a server that runs whether it is ready, for whoever watches over it.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use anyhow::bail;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// For it to say how it is.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes.
const LONGEST_ANSWER: u64 = 4096;

/// Returns a sentence when it is ready.
///
/// # Errors
/// A sentence: nothing answers there, or it says that it is not.
pub(crate) async fn ask(listen: SocketAddr) -> anyhow::Result<String> {
    let address = reachable(listen);
    let answer = match timeout(PATIENCE, readyz(address)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => bail!("nothing answers at {address}: {error}"),
        Err(_) => bail!("nothing answers at {address} within {PATIENCE:?}"),
    };
    if answer.starts_with(b"HTTP/1.1 200 ") {
        return Ok(format!("{address} is ready"));
    }
    bail!("{address} is not ready")
}

async fn readyz(address: SocketAddr) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(LONGEST_ANSWER).read_to_end(&mut answer).await?;
    Ok(answer)
}

/// Who listens everywhere is asked on this machine.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let here: IpAddr = match listen.ip() {
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    let ip = if listen.ip().is_unspecified() { here } else { listen.ip() };
    SocketAddr::new(ip, listen.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_everywhere_is_asked_here() {
        for (listen, asked) in [
            ("0.0.0.0:3000", "127.0.0.1:3000"),
            ("[::]:3000", "[::1]:3000"),
            ("192.168.1.5:80", "192.168.1.5:80"),
            ("[fd00::5]:80", "[fd00::5]:80"),
        ] {
            let (listen, asked) = (listen.parse(), asked.parse());
            assert_eq!(listen.map(reachable), asked);
        }
    }
}
