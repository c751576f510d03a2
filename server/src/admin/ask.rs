//! Asking the server that runs.

use std::{
    io::{self, ErrorKind},
    path::Path,
    time::Duration,
};

use anyhow::{anyhow, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
    time::timeout,
};

use super::{answer::Reply, command::Request};

/// For the server to answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// Bytes.
const LONGEST_ANSWER: u64 = 16 * 1024 * 1024;

pub(super) async fn ask(path: &Path, request: &Request) -> anyhow::Result<String> {
    let at = path.display();
    let mut stream = UnixStream::connect(path).await.map_err(|error| absent(path, &error))?;
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    let exchange = async {
        stream.write_all(&line).await?;
        let mut answer = String::new();
        stream.take(LONGEST_ANSWER).read_to_string(&mut answer).await?;
        io::Result::Ok(answer)
    };
    let answer = match timeout(PATIENCE, exchange).await {
        Ok(answer) => answer.map_err(|error| anyhow!("no answer at {at}: {error}"))?,
        Err(_) => bail!("no answer at {at} within {PATIENCE:?}"),
    };
    match serde_json::from_str(&answer) {
        Ok(Reply::Refused(why)) => bail!("{why}"),
        Ok(Reply::Done(said)) => Ok(said),
        Err(_) => bail!("what answers at {at} is not understood; is it of another version?"),
    }
}

fn absent(path: &Path, error: &io::Error) -> anyhow::Error {
    let at = path.display();
    let kind = error.kind();
    if matches!(kind, ErrorKind::NotFound | ErrorKind::ConnectionRefused) {
        let how = "start it, or say with --data or --admin-socket where it is";
        anyhow!("no Parley is asked at {at}: {how}")
    } else if kind == ErrorKind::PermissionDenied {
        anyhow!("only who runs Parley may ask at {at}: do it as that user, or as root")
    } else {
        anyhow!("cannot ask at {at}: {error}")
    }
}
