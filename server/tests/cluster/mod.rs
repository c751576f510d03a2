//! A PostgreSQL of the tests' own, reached over a socket in a temporary folder. It ends and is
//! removed with the process that started it, however that ends.
#![allow(unreachable_pub, dead_code, reason = "each test uses its own part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at what it did not expect"
)]

use std::{
    env, fs,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use tokio_postgres::{Client, NoTls};

/// It has nothing to fear but the end of its process, for which it need not sync.
const OPTIONS: &str =
    "-c listen_addresses= -c fsync=off -c max_connections=40 -c unix_socket_directories=";

pub struct Cluster {
    folder: PathBuf,
    databases: AtomicU32,
}

impl Cluster {
    /// The one of this process, for tests that leave it running.
    pub fn shared() -> &'static Self {
        static CLUSTER: OnceLock<Cluster> = OnceLock::new();
        CLUSTER.get_or_init(Self::new)
    }

    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap().keep();
        if is_root() {
            done(Command::new("chown").arg("postgres").arg(&folder));
        }
        let cluster = Self { folder, databases: AtomicU32::new(0) };
        let initdb = ["--username=parley", "--auth=trust", "--encoding=UTF8", "--no-locale"];
        done(program("initdb").args(initdb).arg("--no-sync").arg("-D").arg(cluster.data()));
        // Ends it when this process has ended, which closes the pipe; whoever ends this process and
        // all of its group does not end that too.
        let mut leash = program("sh");
        leash.process_group(0);
        leash
            .arg("-c")
            .arg(r#"trap '' INT TERM HUP; cat; "$1" -D "$2/data" -m immediate stop; rm -rf "$2""#)
            .arg("sh");
        leash.arg(binary("pg_ctl")).arg(&cluster.folder).stdin(Stdio::piped());
        leash.stdout(Stdio::null()).stderr(Stdio::null());
        std::mem::forget(leash.spawn().unwrap());
        cluster.start();
        cluster
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Returns when it takes connections.
    pub fn start(&self) {
        let options = format!("{OPTIONS}{}", self.folder.display());
        let log = self.folder.join("log");
        let mut start = program("pg_ctl");
        start.args(["--wait", "--silent", "start", "-o", &options, "-D"]).arg(self.data());
        done(start.arg("-l").arg(log));
    }

    /// As if the machine had crashed.
    pub fn kill(&self) {
        done(
            program("pg_ctl").args(["-m", "immediate", "--silent", "stop", "-D"]).arg(self.data()),
        );
    }

    /// A signal to the server and all that serve connections.
    pub fn signal(&self, name: &str, backends: &[i32]) {
        let pid = fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        let mut kill = Command::new("sh");
        kill.args(["-c", r#"kill -s "$@""#, "sh", name, pid.lines().next().unwrap()]);
        done(kill.args(backends.iter().map(i32::to_string)));
    }

    /// An empty database, as a URL.
    pub async fn database(&self) -> String {
        self.database_with("ENCODING 'UTF8'").await
    }

    pub async fn database_with(&self, options: &str) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let client = self.connect("postgres").await;
        let sql = format!("CREATE DATABASE {name} {options} TEMPLATE template0");
        client.batch_execute(&sql).await.unwrap();
        self.url(&name)
    }

    pub fn url(&self, database: &str) -> String {
        self.url_as("parley", database)
    }

    pub fn url_as(&self, user: &str, database: &str) -> String {
        let socket = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://{user}@{socket}/{database}")
    }

    pub async fn connect(&self, database: &str) -> Client {
        connect(&self.url(database)).await
    }
}

pub async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("there is no program `id`");
    id.stdout == b"0\n"
}

/// PostgreSQL refuses to run as root.
fn program(name: &str) -> Command {
    let path = binary(name);
    if !is_root() {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(path);
    command.current_dir("/");
    command
}

/// On the path, or where Debian keeps it.
fn binary(name: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut versions: Vec<PathBuf> = versions.map(|one| one.unwrap().path().join("bin")).collect();
    versions.sort();
    let folders = versions.into_iter().rev().chain(env::split_paths(&path));
    let found = folders.map(|folder| folder.join(name)).find(|path| Path::exists(path));
    found.unwrap_or_else(|| {
        panic!("the tests need PostgreSQL's own {name}: install PostgreSQL (on Debian, `apt-get install postgresql`) and put its programs on the PATH")
    })
}

fn done(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}
