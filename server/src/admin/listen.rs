//! The socket on which the server is asked, and its place: a file that only its owner may open, in a folder in which
//! others cannot replace it. Who killed a server left it there; the lock beside it says whether one has it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, ErrorKind},
    os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    time::{sleep, timeout},
};

use super::{
    act,
    answer::Reply,
    command::{MOST, Request},
};
use crate::Shared;

/// For a request to arrive, and for its answer to be taken.
const PATIENCE: Duration = Duration::from_secs(5);
/// For the server before this one to end.
const TURN: Duration = Duration::from_secs(1);

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
/// A sentence: others could reach into the folder, another server has the place, or something else stands there.
pub(crate) async fn listen(path: &Path) -> anyhow::Result<Listening> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let mode = fs::metadata(folder)
        .with_context(|| format!("cannot look at {}", folder.display()))?
        .permissions()
        .mode();
    // Others may not put another one in its place; in a folder like /tmp they cannot.
    ensure!(
        mode & 0o1002 != 0o002,
        "anybody may write in {}: forbid it, or choose another place with --admin-socket",
        folder.display()
    );
    let cannot = || format!("cannot listen at {}", path.display());
    let lock = lock(path).await.with_context(cannot)?;
    let Some(lock) = lock else {
        bail!(
            "another Parley is asked at {}: choose another place with --admin-socket",
            path.display()
        )
    };
    match fs::symlink_metadata(path) {
        Ok(there) if there.file_type().is_socket() => fs::remove_file(path).with_context(cannot)?,
        Ok(_) => bail!("{} is there and is no socket", path.display()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(cannot),
    }
    let listener = UnixListener::bind(path).with_context(cannot)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).with_context(cannot)?;
    let owner = fs::symlink_metadata(path).with_context(cannot)?.uid();
    Ok(Listening { listener, path: path.into(), owner, lock })
}

/// `None`: another process has it. One that is ending gives it back in a moment.
async fn lock(path: &Path) -> io::Result<Option<File>> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).mode(0o600).open(name)?;
    let since = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) if since.elapsed() < TURN => {
                sleep(Duration::from_millis(20)).await;
            }
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
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
        Ok(Ok(request)) => act::carry_out(server, request).await,
        Ok(Err(why)) => Reply::Refused(why.into()),
        Err(error) => return Err(error),
    };
    let mut line = serde_json::to_vec(&answer)?;
    line.push(b'\n');
    timeout(PATIENCE, stream.write_all(&line)).await?
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
