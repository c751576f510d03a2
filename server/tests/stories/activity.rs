//! The log of all that people do: who did what where and how it ended, and nothing that they said, are called,
//! or came with.

mod everybody;
mod hosts;
mod told;

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

use protocol::VERSION;
use reqwest::{
    Client, Method, RequestBuilder,
    header::{COOKIE, HeaderName, SET_COOKIE},
};
use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::{client::Socket, limits::PROXY, site::Try};

/// In every text that is typed or sent.
const MARK: &str = "Zwetschge";
const ADDRESS: &str = "203.0.113.77";

/// The program itself, with its log in a file.
struct Program {
    child: Child,
    folder: TempDir,
    address: SocketAddr,
}

impl Program {
    fn start(settings: &[&str]) -> Try<Self> {
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_parley"));
        command.current_dir(folder.path()).env_clear().args(["--listen", "127.0.0.1:0"]);
        command.args(settings).args(["--log", "trace", "--post-burst", "100"]);
        command.args(["--acts-per-person", "600+60", "--secret-key", &MARK.repeat(4)]);
        let log = File::create(folder.path().join("log"))?;
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn()?;
        let lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        for line in lines {
            if let Some((_, port)) = line?.split_once("http://localhost:") {
                let address = format!("127.0.0.1:{port}").parse()?;
                return Ok(Self { child, folder, address });
            }
        }
        Err(fs::read_to_string(folder.path().join("log"))?.into())
    }

    /// What it said until it ended.
    fn end(mut self) -> Try<String> {
        let killed = Command::new("kill").arg(self.child.id().to_string()).status()?;
        assert!(killed.success() && self.child.wait()?.success());
        Ok(fs::read_to_string(self.folder.path().join("log"))?)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It has ended, but after a test that failed.
        let _ = self.child.kill();
    }
}

/// Whose every request says everything that a request can say, marked.
struct Guest {
    http: Client,
    base: String,
    cookie: String,
}

impl Guest {
    fn new(program: &Program) -> Try<Self> {
        let http = Client::builder().no_proxy().build()?;
        Ok(Self { http, base: format!("http://{}", program.address), cookie: String::new() })
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        request
            .header("x-forwarded-for", ADDRESS)
            .header("user-agent", MARK)
            .header("referer", format!("http://{MARK}.example/"))
            .header("accept-language", MARK)
            .header("x-request-id", MARK)
            .header(COOKIE, format!("{}; look=theme={MARK}", self.cookie))
    }

    async fn connect(&self, at: SocketAddr) -> Try<Socket> {
        let ip = (HeaderName::from_static("x-forwarded-for"), ADDRESS);
        let query = format!("?version={VERSION}&{MARK}={MARK}");
        let headers = [ip, (COOKIE, self.cookie.as_str())];
        Ok(Socket::saying(TcpStream::connect(at).await?, at, &query, &headers).await)
    }

    /// As a program; the session that begins with it stays.
    async fn call(&mut self, path: &str, fields: &[(&str, &str)]) -> Try<serde_json::Value> {
        let form = self.request(Method::POST, path).header("accept", "application/json");
        let answer = form.form(fields).send().await?;
        let cookie = answer.headers().get(SET_COOKIE).and_then(|cookie| cookie.to_str().ok());
        if let Some(cookie) = cookie.filter(|cookie| cookie.starts_with("parley=")) {
            self.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        }
        Ok(answer.json().await?)
    }
}

#[tokio::test]
async fn the_log_says_who_did_what_and_nothing_of_what_they_said() -> Try {
    let program = Program::start(&PROXY)?;
    let (mut ann, mut ben) = (Guest::new(&program)?, Guest::new(&program)?);
    let (room, code) = everybody::forms(&mut ann, &mut ben).await?;
    everybody::pages(&ann, &code).await?;
    everybody::commands(&ben, program.address, room, &code).await?;
    let made = hosts::host(&program, &mut ann, room, &code).await?;
    ann.call(&format!("/r/{code}/leave"), &[]).await?;
    let (phone, way) = everybody::another(&program, &mut ann).await?;
    let [one, other, third] =
        [&ann, &ben, &phone].map(|guest| guest.cookie.trim_start_matches("parley="));
    assert_eq!((one.len(), other.len(), third.len(), way.len()), (64, 64, 64, 32));
    everybody::operate(&program, &code)?;
    let log = program.end()?;

    let fixed = [MARK, ADDRESS, "127.0.0.1", "localhost:", "ZZZZZ", "$argon2"];
    let secrets = [&code, one, other, third, &way].into_iter().chain(fixed);
    for secret in secrets.chain(made.iter().map(String::as_str)) {
        let told: Vec<_> = log.lines().filter(|line| line.contains(secret)).take(3).collect();
        assert!(told.is_empty(), "{secret} stands in the log:\n{}", told.join("\n"));
    }
    told::assert_all(&log, room);
    Ok(())
}

#[tokio::test]
async fn whoever_forgot_to_name_a_proxy_is_told_once() -> Try {
    for (settings, told) in [(&[][..], 1), (&PROXY[..], 0)] {
        let program = Program::start(settings)?;
        for _ in 0..3 {
            Guest::new(&program)?.request(Method::GET, "/").send().await?;
        }
        let log = program.end()?;
        assert_eq!(log.matches("is not among the trusted ones").count(), told, "{log}");
    }
    Ok(())
}
