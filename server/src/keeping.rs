//! What the program does besides serving: backup, restore, check, and asking a server how it is. Owns what
//! they say; what they do with data is the store's.

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

use crate::{
    Config,
    config::{Command, Database},
    secret,
    store::{
        Report, postgres,
        sqlite::{self, Restored},
    },
};

/// For a server to say how it is.
const PATIENCE: Duration = Duration::from_secs(5);
const LONGEST_ANSWER: u64 = 4096;

/// Returns what to say when all is well.
///
/// # Errors
/// A sentence, or one for each thing that is wrong.
pub async fn keep(command: &Command, config: &Config) -> anyhow::Result<String> {
    match (command, &config.database) {
        (Command::Backup { file, replace }, Database::File(database)) => {
            let bytes = sqlite::backup(database, file, *replace)?;
            Ok(format!("{} is in {} ({bytes} bytes)", database.display(), file.display()))
        }
        (Command::Restore { file }, Database::File(database)) => {
            secret::folder(&config.data)?;
            let Restored { report, kept } = sqlite::restore(database, file)?;
            let mut said = format!("{} is back: {}", file.display(), contents(&report));
            if let Some(kept) = kept {
                said += &format!("\nThe database before it is {}", kept.display());
            }
            Ok(said)
        }
        (Command::Backup { .. } | Command::Restore { .. }, Database::Server(_)) => {
            bail!("PostgreSQL has programs of its own for that: use pg_dump and pg_restore")
        }
        (Command::Check, Database::File(database)) => {
            judged(&database.display().to_string(), &sqlite::check(database)?)
        }
        (Command::Check, Database::Server(database)) => {
            judged(&database.to_string(), &postgres::check(database).await?)
        }
        (Command::Health, _) => healthy(config.listen).await,
    }
}

fn judged(database: &str, report: &Report) -> anyhow::Result<String> {
    if !report.findings.is_empty() {
        bail!("{database} does not hold together:\n{}", report.findings.join("\n"))
    }
    Ok(format!("{database} is sound: {}", contents(report)))
}

/// What listens there is asked for `/readyz`.
async fn healthy(listen: SocketAddr) -> anyhow::Result<String> {
    let here = match listen.ip() {
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    // Who listens everywhere is asked here.
    let ip = if listen.ip().is_unspecified() { here } else { listen.ip() };
    let address = SocketAddr::new(ip, listen.port());
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        let request =
            format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(LONGEST_ANSWER).read_to_end(&mut answer).await?;
        io::Result::Ok(answer)
    };
    let answer = match timeout(PATIENCE, ask).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => bail!("nothing answers at {address}: {error}"),
        Err(_) => bail!("nothing answers at {address} within {PATIENCE:?}"),
    };
    if answer.starts_with(b"HTTP/1.1 200 ") {
        return Ok(format!("{address} is ready"));
    }
    bail!("{address} is not ready")
}

fn contents(Report { rooms, messages, people, .. }: &Report) -> String {
    format!("{rooms} rooms, {messages} messages, {people} people")
}
