//! Asking the server that runs.

use std::{
    fs,
    io::{self, ErrorKind},
    os::unix::fs::MetadataExt,
    path::Path,
    time::Duration,
};

use anyhow::{anyhow, bail, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
    time::timeout,
};

use super::{
    answer::Reply,
    command::Request,
    place::{folder, own},
};

/// For the server to answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// Bytes.
const LONGEST_ANSWER: u64 = 16 * 1024 * 1024;

pub(super) async fn ask(path: &Path, request: &Request) -> anyhow::Result<String> {
    let at = path.display();
    let mut stream = UnixStream::connect(path).await.map_err(|error| absent(path, &error))?;
    let answers = stream.peer_cred()?.uid();
    ensure!(
        is_believed(answers, own()?, fs::metadata(folder(path))?.uid()),
        "who answers at {at} is neither you nor root nor the owner of its folder: nothing was asked"
    );
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

/// Whoever may write there could have put a socket of their own in the place of the server's.
fn is_believed(answers: u32, asks: u32, folder: u32) -> bool {
    [0, asks, folder].contains(&answers)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_answers_is_root_or_who_asks_or_whose_folder_it_is() {
        for (answers, asks, folder, believed) in [
            (0, 1000, 0, true),
            (1000, 1000, 0, true),
            (998, 0, 998, true),
            (998, 1000, 998, true),
            (998, 0, 0, false),
            (998, 1000, 1000, false),
        ] {
            assert_eq!(is_believed(answers, asks, folder), believed, "{answers} {asks} {folder}");
        }
    }
}
