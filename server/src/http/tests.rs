//! What holds for every route that there is, asked of the real server: a new one cannot be forgotten.

mod powers;

use reqwest::{Client, Method, Response, header::HeaderMap};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use super::routes;
use crate::{Config, serve};

const LISTED: &str = "https://app.example.org";
const FOREIGN: &str = "https://evil.example";

struct Site {
    base: String,
    code: String,
    http: Client,
    _data: TempDir,
    stop: oneshot::Sender<()>,
    served: JoinHandle<anyhow::Result<()>>,
}

impl Site {
    async fn start(settings: &[&str]) -> Self {
        let data = TempDir::new().unwrap();
        let folder = data.path().to_str().unwrap();
        let config =
            Config::try_parse_from([&["parley", "--data", folder], settings].concat()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(serve(config, listener, async {
            let _ = stopped.await;
        }));
        let http = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build();
        let http = http.unwrap();
        let made = http.post(format!("{base}/rooms")).header("accept", "application/json");
        let made: serde_json::Value =
            made.form(&[("name", "Ann")]).send().await.unwrap().json().await.unwrap();
        let code = made["room"]["code"].as_str().unwrap().to_owned();
        Self { base, code, http, _data: data, stop, served }
    }

    /// Every route, and what is none, asked for in every way.
    async fn every_answer(&self, mut check: impl FnMut(&str, Option<&str>, &Response)) {
        for route in routes().chain(["/nowhere", "/pkg/gone.js", "/r/ZZZZZ"]) {
            let path = route.split('/').map(|part| self.filled(part)).collect::<Vec<_>>().join("/");
            for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::OPTIONS] {
                for origin in [None, Some(LISTED), Some(FOREIGN)] {
                    let url = format!("{}{path}", self.base);
                    let mut request = self.http.request(method.clone(), url);
                    if let Some(origin) = origin {
                        request = request.header("origin", origin);
                    }
                    let answer = request.send().await.unwrap();
                    check(&format!("{method} {path} {origin:?}"), origin, &answer);
                }
            }
        }
    }

    fn filled<'a>(&'a self, part: &'a str) -> &'a str {
        match part {
            "{code}" => &self.code,
            "{format}" => "txt",
            "{language}" => "en",
            "{key}" => "0123456789abcdef0123456789abcdef",
            "{member}" | "{seq}" => "1",
            "{token}" => "0123456789abcdef0123456789abcdef",
            part => {
                assert!(!part.contains('{'), "say here what stands for {part}");
                part
            }
        }
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.served.await.unwrap().unwrap();
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[tokio::test]
async fn every_answer_says_what_may_be_done_with_it() {
    for https in [false, true] {
        let settings: &[&str] =
            if https { &["--public-url", "https://chat.example.org"] } else { &[] };
        let site = Site::start(settings).await;
        site.every_answer(|asked, _, answer| {
            let headers = answer.headers();
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("cross-origin-opener-policy", if https { "same-origin" } else { "" }),
                ("strict-transport-security", if https { "max-age=63072000" } else { "" }),
                ("access-control-allow-origin", ""),
                ("access-control-allow-credentials", ""),
            ] {
                assert_eq!(header(headers, name), value, "{asked} {name}");
            }
            let policy = header(headers, "content-security-policy");
            for part in ["default-src 'none'", "frame-ancestors 'none'"] {
                assert!(policy.contains(part), "{asked} {policy}");
            }
            assert!(!policy.contains("unsafe-inline") && !policy.contains('*'), "{asked} {policy}");
            assert!(header(headers, "permissions-policy").contains("camera=()"), "{asked}");
            assert_eq!(header(headers, "x-request-id").len(), 8, "{asked}");
            for cookie in headers.get_all("set-cookie") {
                let cookie = cookie.to_str().unwrap();
                let (name, _) = cookie.split_once('=').unwrap();
                let session = if https { "__Host-parley" } else { "parley" };
                assert!(["look", session].contains(&name), "{asked} {cookie}");
                assert_eq!(cookie.contains("; Secure"), https, "{asked} {cookie}");
                assert_eq!(cookie.contains("; HttpOnly"), name == session, "{asked} {cookie}");
                for flag in ["; SameSite=Lax", "; Path=/"] {
                    assert!(cookie.contains(flag), "{asked} {cookie}");
                }
                assert!(!cookie.contains("Domain"), "{asked} {cookie}");
            }
        })
        .await;
        site.stop().await;
    }
}

#[tokio::test]
async fn answers_may_be_read_by_pages_of_listed_origins_and_no_others() {
    let site = Site::start(&["--origins", LISTED]).await;
    site.every_answer(|asked, origin, answer| {
        let headers = answer.headers();
        let (allowed, credentials) = match origin {
            Some(LISTED) => (LISTED, "true"),
            Some(_) | None => ("", ""),
        };
        assert_eq!(header(headers, "access-control-allow-origin"), allowed, "{asked}");
        assert_eq!(header(headers, "access-control-allow-credentials"), credentials, "{asked}");
        // What a cache keeps is not for another origin.
        let vary = headers.get_all("vary").into_iter().filter_map(|value| value.to_str().ok());
        assert!(vary.flat_map(|value| value.split(',')).any(|name| name.trim() == "origin"));
        let reads = asked.starts_with("GET") || asked.starts_with("HEAD");
        let writes = !reads || asked.contains("/live");
        assert!(!writes || origin != Some(FOREIGN) || answer.status() == 403, "{asked}");
    })
    .await;
    site.stop().await;
}
