//! Who guesses codes is answered after the same questions to the database, whether there is such a room that is
//! closed to them, there was one, or there never was: how long it takes tells nothing.

use std::fs;

use cluster::Cluster;
use reqwest::{Client, Method};
use serde_json::Value;
use tokio_postgres::NoTls;

use crate::client::Running;

/// A difference that is found each time is one.
const TRIES: usize = 5;

/// What a database was asked, as its server wrote it down.
struct Asked {
    prefix: String,
    read: usize,
}

impl Asked {
    async fn of(url: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        for setting in ["log_line_prefix = '%d '", "log_statement = 'all'"] {
            client.batch_execute(&format!("ALTER SYSTEM SET {setting}")).await.unwrap();
        }
        client.batch_execute("SELECT pg_reload_conf()").await.unwrap();
        let prefix = format!("{} LOG:  execute ", url.rsplit_once('/').unwrap().1);
        let mut asked = Self { prefix, read: 0 };
        // Who is connected already hears of it some time.
        while asked.since().is_empty() {
            client.query("SELECT 1", &[]).await.unwrap();
        }
        asked
    }

    /// Since this was asked last, without the values and the names of statements.
    fn since(&mut self) -> Vec<String> {
        let log = fs::read_to_string(Cluster::shared().unwrap().log()).unwrap();
        let new = log[self.read..].lines();
        self.read = log.len();
        let statements = new.filter_map(|line| line.strip_prefix(&self.prefix));
        statements.map(|line| line.split_once(": ").unwrap().1.to_owned()).collect()
    }
}

struct Browser<'a> {
    server: &'a Running,
    http: Client,
}

impl<'a> Browser<'a> {
    fn new(server: &'a Running) -> Self {
        let http = Client::builder().cookie_store(true).no_proxy().build().unwrap();
        Self { server, http }
    }

    /// The status, and what was said without the code.
    async fn ask(&self, method: &Method, path: &str, form: &[(&str, &str)]) -> (u16, String) {
        let url = format!("http://{}{path}", self.server.address);
        let request = self.http.request(method.clone(), url).header("accept", "application/json");
        let request = if *method == Method::POST { request.form(form) } else { request };
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn create(&self) -> String {
        let (status, said) = self.ask(&Method::POST, "/rooms", &[("name", "Ann")]).await;
        assert_eq!(status, 200, "{said}");
        let said: Value = serde_json::from_str(&said).unwrap();
        said["room"]["code"].as_str().unwrap().to_owned()
    }

    async fn act(&self, code: &str, form: &[(&str, &str)]) {
        let (status, said) = self.ask(&Method::POST, &format!("/r/{code}/act"), form).await;
        assert_eq!(status, 200, "{said}");
    }
}

/// Of each code, the answer and what the database was asked for it.
async fn told(
    asked: &mut Asked,
    stranger: &Browser<'_>,
    method: &Method,
    path: &str,
    form: &[(&str, &str)],
    codes: [&str; 3],
) -> Vec<((u16, String), Vec<String>)> {
    let mut told = Vec::new();
    for code in codes {
        asked.since();
        let answer = stranger.ask(method, &path.replace("CODE", code), form).await;
        told.push((answer, asked.since()));
    }
    told
}

#[tokio::test]
async fn what_is_closed_what_is_over_and_what_never_was_cost_the_same_questions() {
    let server = Running::start().await;
    let mut asked = Asked::of(server.database().unwrap()).await;
    let (ann, nobody, elsewhere) =
        (Browser::new(&server), Browser::new(&server), Browser::new(&server));
    let [locked, burned] = [ann.create().await, ann.create().await];
    ann.act(&locked, &[("act", "admission"), ("admission", "locked")]).await;
    ann.act(&burned, &[("act", "burn"), ("sure", "on")]).await;
    elsewhere.create().await;
    // A browser's first page gives it a token.
    nobody.ask(&Method::GET, "/", &[]).await;
    for (who, stranger) in [("nobody", nobody), ("elsewhere", elsewhere)] {
        for (method, path, form) in [
            (Method::GET, "/r/CODE?data", &[][..]),
            (Method::GET, "/r/CODE/history", &[]),
            (Method::GET, "/r/CODE/export/txt", &[]),
            (Method::POST, "/r/CODE/join", &[("name", "Eve")]),
            (Method::POST, "/r/CODE/knock", &[("name", "Eve")]),
            (Method::POST, "/r/CODE/leave", &[]),
        ] {
            let codes = ["ZZZZZ", &locked, &burned];
            let mut told = told(&mut asked, &stranger, &method, path, form, codes).await;
            // What the server asks of its own accord may fall in between, but not time after time.
            for _ in 0..TRIES {
                if told.iter().all(|one| *one == told[0]) {
                    break;
                }
                told = self::told(&mut asked, &stranger, &method, path, form, codes).await;
            }
            let (answer, questions) = &told[0];
            assert_eq!(answer.0, 404, "{who} {path}");
            assert!(!questions.is_empty(), "{who} {path}");
            for (code, other) in codes.iter().zip(&told) {
                assert_eq!(other, &told[0], "{who} {path} {code}");
            }
        }
    }
}
