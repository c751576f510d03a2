//! A desk's log, page by page, without a script.

use protocol::{Matter, View};
use reqwest::StatusCode;

use crate::site::{Site, Try, no, words};

/// More than two pages of them.
const DONE: u32 = 205;

#[tokio::test]
async fn a_host_reads_the_log_back_to_its_beginning_by_links() -> Try {
    let site = Site::start(&["--acts-per-person", "1000+1"]).await?;
    let (ann, bo) = (site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    bo.send(&format!("{room}/join"), &[("name", "Bo")]).await?;
    for seconds in 1..=DONE {
        let act = [("act", "slow"), ("seconds", &*seconds.to_string())];
        assert_eq!(ann.call(&format!("{room}/act"), &act).await?.0, StatusCode::OK);
    }
    let (mut path, mut read, mut pages) = (format!("{room}/desk"), Vec::new(), 0);
    loop {
        let data = if path.contains('?') { "&data" } else { "?data" };
        let view = ann.get(&format!("{path}{data}")).await?.json::<protocol::PageData>().await?;
        let View::Desk(desk) = view.view else { return Err(no("desk", &view.view)) };
        let logged = desk.page.items.iter().rev();
        read.extend(
            logged.filter(|item| matches!(item.matter, Matter::Logged(_))).map(|it| it.rev),
        );
        let html = ann.get(&path).await?.text().await?;
        assert_eq!(html.contains(words().hosting.burn_help), pages == 0, "only the log is older");
        pages += 1;
        let Some((_, after)) = html.split_once(r#"rel="prev" href=""#) else { break };
        path = after.split('"').next().unwrap_or_default().to_owned();
        assert_eq!(bo.get(&path).await?.status(), StatusCode::FORBIDDEN, "for hosts alone");
    }
    assert_eq!((pages, read), (3, (1..=DONE.into()).rev().collect()));
    let beyond = ann.get(&format!("{room}/desk?before=1")).await?.text().await?;
    assert!(beyond.contains(words().hosting.no_log), "{beyond}");
    site.stop().await
}
