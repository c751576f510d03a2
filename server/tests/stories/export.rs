//! A room as a file: all of it, in its order, for whoever is in it.

use protocol::{Refusal, Refused};
use reqwest::{Method, Response, StatusCode};
use serde::Deserialize;

use crate::{
    client::soon,
    devices::Device,
    life::until_ended,
    limits::PROXY,
    site::{Browser, Site, Try, assert_door, header, location, words},
};

/// What `docs/export.md` says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    version: u32,
    room: Room,
    exported_at: String,
    epoch: u32,
    complete_to: u32,
    messages: Vec<Message>,
    members: Vec<Member>,
    counts: Counts,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Room {
    code: String,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    seq: u32,
    id: String,
    rev: u64,
    version: u32,
    author: u32,
    at: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Member {
    id: u32,
    name: String,
    role: String,
    rev: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Counts {
    messages: u32,
    members: u32,
}

async fn export(reader: &Browser, room: &str, format: &str) -> Try<String> {
    let response = reader.get(&format!("{room}/export/{format}")).await?;
    assert_eq!(response.status(), StatusCode::OK, "{format}");
    assert_eq!(header(&response, "cache-control"), "private, no-cache");
    assert_eq!(header(&response, "x-robots-tag"), "noindex");
    let code = room.trim_start_matches("/r/");
    let file = format!("attachment; filename=\"parley-{code}.{format}\"");
    assert_eq!(header(&response, "content-disposition"), file, "a browser saves it");
    Ok(response.text().await?)
}

#[tokio::test]
async fn a_room_of_several_pages_is_in_the_file_whole_and_in_order() -> Try {
    let site = Site::start(&["--post-burst", "1000"]).await?;
    let (ann, bob) = (site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    bob.send(&format!("{room}/join"), &[("name", "Bob")]).await?;
    for n in 1..=120 {
        let author = if n % 2 == 0 { &ann } else { &bob };
        author.say(&room, &format!("\"{n}\"\n<b>")).await?;
    }
    let text = export(&ann, &room, "json").await?;
    let file: File = serde_json::from_str(&text)?;
    assert_eq!((file.format.as_str(), file.version, file.epoch), ("parley.room", 1, 1));
    assert_eq!(format!("/r/{}", file.room.code), room);
    assert_eq!((file.room.name, file.complete_to), (None, 120));
    assert_eq!((file.counts.messages, file.counts.members), (120, 2));
    let page = ann.page(&room, "?at=120").await?;
    let newest = page.messages.last().ok_or("no message")?;
    let last = file.messages.last().ok_or("no message")?;
    assert_eq!((&last.id, last.rev), (&newest.id.to_string(), newest.rev));
    assert!(file.exported_at >= last.at && last.at.ends_with('Z'), "{}", last.at);
    for (message, n) in file.messages.iter().zip(1..) {
        assert_eq!((message.seq, message.version), (n, 1));
        assert_eq!(message.text, format!("\"{n}\"\n<b>"));
        let author = file.members.iter().find(|member| member.id == message.author);
        let author = author.ok_or("an author who is nobody")?;
        assert_eq!(author.name, if n % 2 == 0 { "Ann" } else { "Bob" });
        assert_eq!(author.role, if n % 2 == 0 { "host" } else { "member" });
        assert!(author.rev > 0);
    }
    let line = text.lines().find(|line| line.contains("\"seq\":77,")).ok_or("no such line")?;
    assert_eq!(serde_json::from_str::<Message>(line.trim_end_matches(','))?.seq, 77, "a line each");
    Ok(())
}

#[tokio::test]
async fn in_a_text_nobody_writes_a_line_that_looks_like_anothers() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    let room = ann.create("Ann").await?;
    ann.say(&room, "hello\n12:00  Bob: I owe you 100").await?;
    let eve = site.browser()?;
    eve.send(&format!("{room}/join"), &[("name", "Bob: I owe you 100")]).await?;
    eve.say(&room, "ok").await?;
    let text = export(&ann, &room, "txt").await?;
    assert!(!text.lines().any(|line| line.contains("  Bob: ") && !line.starts_with("       ")));
    let said: Vec<_> = text.lines().skip_while(|line| !line.contains("Ann: hello")).collect();
    assert_eq!(said.get(1), Some(&"       12:00  Bob: I owe you 100"));
    assert_eq!(said.last(), Some(&"2 messages"));
    Ok(())
}

#[tokio::test]
async fn hours_are_counted_as_whoever_exports_chose() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    let room = ann.create("Ann").await?;
    ann.say(&room, "hello").await?;
    for (hours, twelve) in [("12", true), ("24", false), ("language", false)] {
        ann.send("/look", &[("hours", hours)]).await?;
        for format in ["txt", "html"] {
            let file = export(&ann, &room, format).await?;
            let counted = ["\u{a0}am", "\u{a0}pm"].map(|half| file.matches(half).count());
            // Of the file and of the message.
            assert_eq!(counted[0] + counted[1], if twelve { 2 } else { 0 }, "{hours} {file}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn in_a_page_nothing_runs_and_nothing_is_loaded() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    let room = ann.create("<i>Ann").await?;
    ann.say(&room, "**bold** <script>alert(1)</script> https://example.org/").await?;
    let page = export(&ann, &room, "html").await?;
    assert!(page.contains("<strong>bold</strong> &lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
    assert!(page.contains("<bdi>&lt;i&gt;Ann</bdi>"), "{page}");
    assert!(page.contains("default-src 'none'"));
    for loads in ["<script", "<link", "<img", "src=", "url(", "@import"] {
        assert!(!page.contains(loads), "{loads}");
    }
    Ok(())
}

#[tokio::test]
async fn only_whoever_is_in_a_room_takes_it_along() -> Try {
    let site = Site::start(&[]).await?;
    let (ann, bob) = (site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    bob.send(&format!("{room}/join"), &[("name", "Bob")]).await?;
    export(&bob, &room, "json").await?;
    bob.send(&format!("{room}/leave"), &[]).await?;
    let stranger = site.browser()?;
    for (who, reader, path, refusal, code) in [
        ("a former member", &bob, format!("{room}/export/json"), Refusal::NotAMember, 403),
        ("a visitor", &stranger, format!("{room}/export/html"), Refusal::NotAMember, 403),
        ("no such room", &ann, "/r/ZZZZ/export/json".into(), Refusal::NoSuchRoom, 404),
        ("no such format", &ann, format!("{room}/export/pdf"), Refusal::NoSuchRoom, 404),
    ] {
        let program = reader.request(Method::GET, &path).header("accept", "application/json");
        let values = program.send().await?;
        assert_eq!(values.status(), code, "{who}");
        assert_eq!(values.json::<Refused>().await?.refusal, refusal, "{who}");
        let page = reader.get(&path).await?;
        assert_eq!(page.status(), code, "{who}");
        let html = page.text().await?;
        if refusal == Refusal::NoSuchRoom {
            assert_door(&html);
        } else {
            assert!(html.contains(words().live.refusal(&refusal).as_str()), "{who}: {html}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_room_in_which_nothing_was_said_is_a_file_too() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    let fields = [("name", "Ann"), ("room_name", "</title><b>\"Tea\"")];
    let room = location(&ann.send("/rooms", &fields).await?)?;
    let file: File = serde_json::from_str(&export(&ann, &room, "json").await?)?;
    assert_eq!((file.complete_to, file.messages.len(), file.members.len()), (0, 0, 0));
    assert_eq!(file.room.name.as_deref(), Some(fields[1].1));
    let html = export(&ann, &room, "html").await?;
    let name = "&lt;/title&gt;&lt;b&gt;&quot;Tea&quot;";
    assert!(html.contains(&format!("<title>{name} – Parley</title>")), "{html}");
    assert!(html.contains(&format!("<h1 dir=\"auto\">{name}</h1>")), "{html}");
    assert!(export(&ann, &room, "txt").await?.starts_with(fields[1].1));
    Ok(())
}

#[tokio::test]
async fn a_person_has_one_on_its_way_an_address_some_and_all_together_so_many() -> Try {
    let settings = ["--exports-per-address", "2", "--exports-in-all", "3"];
    let site = Site::start(&[&PROXY[..], &["--post-burst", "1000"], &settings].concat()).await?;
    let ann = site.browser_at("203.0.113.5")?;
    let room = ann.create("Ann").await?;
    fill(&ann, &room).await?;
    let ben = guest(site.browser_at("203.0.113.5")?, &room).await?;
    let cem = guest(site.browser_at("203.0.113.5")?, &room).await?;
    let far = guest(site.browser_at("203.0.113.6")?, &room).await?;
    let eve = guest(site.browser_at("203.0.113.7")?, &room).await?;
    let path = format!("{room}/export/json");
    let mut open = Vec::new();
    for (reader, status, what) in [
        (&ann, 200, "the first"),
        (&ann, 429, "another of the same person"),
        (&ben, 200, "her neighbour's"),
        (&cem, 429, "the third from there"),
        (&far, 200, "from elsewhere"),
        (&eve, 503, "one too many in all"),
    ] {
        let answer = reader.get(&path).await?;
        assert_eq!(answer.status(), status, "{what}");
        assert_eq!(header(&answer, "retry-after"), if status == 200 { "" } else { "5" }, "{what}");
        open.extend((status == 200).then_some(answer));
    }
    // Who hangs up gives the place back, and who has all of it.
    open.pop();
    let whole = eventually(&eve, &path).await?;
    for file in open.drain(..).chain([whole]) {
        let file: File = serde_json::from_str(&file.text().await?)?;
        assert_eq!(file.counts.messages, 400);
    }
    eventually(&cem, &path).await?;
    site.stop().await
}

/// As soon as there is a place for it.
async fn eventually(reader: &Browser, path: &str) -> Try<Response> {
    soon(async {
        loop {
            let answer = reader.get(path).await?;
            if answer.status() == StatusCode::OK {
                return Ok(answer);
            }
        }
    })
    .await
}

/// In the room.
async fn guest(browser: Browser, room: &str) -> Try<Browser> {
    let joined = browser.send(&format!("{room}/join"), &[]).await?;
    assert_eq!(joined.status(), StatusCode::SEE_OTHER);
    Ok(browser)
}

#[tokio::test]
async fn of_a_room_that_ends_meanwhile_no_file_looks_whole() -> Try {
    let site = Site::start(&["--post-burst", "1000", "--grace", "5"]).await?;
    let ann = site.browser()?;
    let wish = [("name", "Ann"), ("room_name", ""), ("lifetime", "while-here")];
    let room = location(&ann.send("/rooms", &wish).await?)?;
    fill(&ann, &room).await?;
    let guests = [site.browser()?, site.browser()?];
    let [ben, cem] = guests.map(|browser| guest(browser, &room));
    let files = begun(&[&ann, &ben.await?, &cem.await?], &room).await?;
    until_ended(&ann, &room).await?;
    assert_cut_off(files).await;
    site.stop().await
}

#[tokio::test]
async fn who_is_put_out_meanwhile_gets_no_more_of_it() -> Try {
    let site = Site::start(&["--post-burst", "1000"]).await?;
    let (ann, bo) = (site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    bo.send(&format!("{room}/join"), &[("name", "Bo")]).await?;
    fill(&ann, &room).await?;
    let files = begun(&[&bo], &room).await?;
    let whole = ann.get(&format!("{room}/export/json")).await?;
    let bar = [("act", "bar"), ("member", "2"), ("minutes", "60")];
    let (status, said) = ann.call(&format!("{room}/act"), &bar).await?;
    assert_eq!(status, StatusCode::OK, "{said}");
    assert_cut_off(files).await;
    let file: File = serde_json::from_str(&whole.text().await?)?;
    assert_eq!(file.counts.messages, 400, "who stays has all of it");
    site.stop().await
}

#[tokio::test]
async fn on_a_device_that_is_signed_out_meanwhile_no_more_of_it_comes() -> Try {
    let site = Site::start(&["--post-burst", "1000"]).await?;
    let (mut laptop, room) = Device::with_room(&site, "Ann").await?;
    let room = format!("/r/{}", room["code"].as_str().ok_or("no code")?);
    let bo = site.browser()?;
    bo.send(&format!("{room}/join"), &[("name", "Bo")]).await?;
    fill(&bo, &room).await?;
    let (mut phone, path) = (laptop.another(&site).await?, format!("{room}/export/json"));
    let mut goes = phone.get(&path).await?;
    goes.chunk().await?.ok_or("nothing")?;
    laptop.send("/devices/sign-out", &[("device", "others")]).await?;
    assert_cut_off(vec![goes]).await;
    let file: File = serde_json::from_str(&laptop.get(&path).await?.text().await?)?;
    assert_eq!(file.counts.messages, 400, "which is as good as ever on the other");
    site.stop().await
}

/// One each, of which something has come, in different formats.
async fn begun(readers: &[&Browser], room: &str) -> Try<Vec<Response>> {
    let mut files = Vec::new();
    for (reader, format) in readers.iter().zip(["json", "txt", "html"]) {
        let mut file = reader.get(&format!("{room}/export/{format}")).await?;
        assert_eq!(file.status(), StatusCode::OK);
        file.chunk().await?.ok_or("nothing")?;
        files.push(file);
    }
    Ok(files)
}

async fn assert_cut_off(files: Vec<Response>) {
    for file in files {
        assert!(file.text().await.is_err(), "it has an end");
    }
}

/// With more than a socket holds, so that no file of it ends unread.
async fn fill(ann: &Browser, room: &str) -> Try {
    for _ in 0..400 {
        ann.say(room, &"\u{1f44d}".repeat(4000)).await?;
    }
    Ok(())
}
