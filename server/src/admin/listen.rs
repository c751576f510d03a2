//! The socket on which the server is asked: a file that only its owner may open. Who killed a server left it there.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::PermissionsExt,
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use futures::FutureExt;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy, sink},
    net::{UnixListener, UnixStream},
    time::{sleep, timeout},
};

use super::{
    act,
    answer::Reply,
    command::{MOST, Request},
    place,
};
use crate::Shared;

/// For a request to arrive, and for its answer to be taken.
const PATIENCE: Duration = Duration::from_secs(5);

/// Goes when it is dropped.
pub(crate) struct Listening {
    listener: UnixListener,
    path: PathBuf,
    /// Who runs the server.
    owner: u32,
    #[expect(dead_code, reason = "is there to be held")]
    lock: File,
}

impl Drop for Listening {
    fn drop(&mut self) {
        // Whatever is left is replaced by the next server.
        let _ = fs::remove_file(&self.path);
    }
}

/// # Errors
/// A sentence: the place is not safe or not free, or there can be no socket.
pub(crate) async fn listen(path: &Path) -> anyhow::Result<Listening> {
    let lock = place::take(path).await?;
    let cannot = || format!("cannot listen at {}", path.display());
    let listener = UnixListener::bind(path).with_context(cannot)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).with_context(cannot)?;
    let owner = place::own().with_context(cannot)?;
    Ok(Listening { listener, path: path.into(), owner, lock })
}

/// One after the other, so that what holds is what was kept last. Runs until the server ends.
pub(crate) async fn serve(server: Shared, listening: Listening) {
    loop {
        match listening.listener.accept().await {
            // Whoever breaks off has their reasons.
            Ok((stream, _)) => _ = hear(&server, stream, listening.owner).await,
            Err(error) => {
                tracing::warn!(%error, "accept");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn hear(server: &Shared, mut stream: UnixStream, owner: u32) -> io::Result<()> {
    // The file's mode says so too, but not for the moment in which it is made.
    if ![owner, 0].contains(&stream.peer_cred()?.uid()) {
        return Ok(());
    }
    let answer = match timeout(PATIENCE, request(&mut stream)).await? {
        Ok(Ok(request)) => survive(act::carry_out(server, request)).await,
        Ok(Err(why)) => Reply::Refused(why.into()),
        Err(error) => return Err(error),
    };
    let mut line = serde_json::to_vec(&answer)?;
    line.push(b'\n');
    let farewell = async {
        stream.write_all(&line).await?;
        stream.shutdown().await?;
        // What nobody reads could cut off the answer.
        copy(&mut stream, &mut sink()).await?;
        io::Result::Ok(())
    };
    timeout(PATIENCE, farewell).await?
}

/// A bug in one command is not the end of all that are asked after it.
async fn survive(answer: impl Future<Output = Reply>) -> Reply {
    let answer = AssertUnwindSafe(answer).catch_unwind().await;
    answer.unwrap_or_else(|_| {
        tracing::error!("a command of the operator panicked");
        Reply::Refused("the server failed at that, by a bug; its log says more".into())
    })
}

/// One line, or why it is none.
async fn request(stream: &mut UnixStream) -> io::Result<Result<Request, &'static str>> {
    let mut line = Vec::new();
    let most = u64::try_from(MOST).unwrap_or(u64::MAX);
    BufReader::new(stream.take(most)).read_until(b'\n', &mut line).await?;
    Ok(if !line.ends_with(b"\n") && line.len() >= MOST {
        Err("that is too long")
    } else {
        Request::parse(&line)
            .ok_or("the server does not understand that; is it of another version?")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_command_that_panics_is_refused() {
        let broken = async { serde_json::from_str("").expect("this is to panic") };
        assert!(matches!(survive(broken).await, Reply::Refused(_)));
    }
}
