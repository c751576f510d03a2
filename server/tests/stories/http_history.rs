//! The log beyond its newest page, over HTTP: as values, and as pages that need no script.

use crate::site::{Browser, Site, Try, header, location};
use protocol::{Refusal, Refused, RoomPage};
use reqwest::StatusCode;

/// A room in which `1`, `2`, … was said.
async fn room_of(host: &Browser, count: u32) -> Try<String> {
    let room = host.create("Ann").await?;
    for n in 1..=count {
        host.say(&room, &n.to_string()).await?;
    }
    Ok(room)
}

async fn history(reader: &Browser, room: &str, query: &str) -> Try<RoomPage> {
    let response = reader.get(&format!("{room}/history{query}")).await?;
    assert_eq!(response.status(), StatusCode::OK, "{query}");
    assert_eq!(header(&response, "cache-control"), "private, no-cache");
    assert_eq!(header(&response, "x-robots-tag"), "noindex");
    Ok(response.json().await?)
}

fn seqs(page: &RoomPage) -> Vec<u32> {
    page.messages.iter().map(|message| message.seq).collect()
}

#[tokio::test]
async fn any_part_of_the_log_is_read_by_its_address() -> Try {
    let site = Site::start(&["--post-burst", "1000"]).await?;
    let (ann, visitor) = (site.browser()?, site.browser()?);
    let room = room_of(&ann, 60).await?;
    for reader in [&ann, &visitor] {
        for (query, first, last, found) in [
            ("", 11, 60, None),
            ("?before=11", 1, 10, None),
            ("?after=50", 51, 60, None),
            ("?at=30", 5, 54, Some(30)),
            ("?on=2001-01-01", 1, 25, Some(1)),
            ("?on=9000-01-01", 35, 60, Some(60)),
        ] {
            let page = history(reader, &room, query).await?;
            assert_eq!(seqs(&page), (first..=last).collect::<Vec<_>>(), "{query}");
            assert_eq!((page.found, page.head), (found, 60), "{query}");
            let room = reader.page(&room, query).await?;
            assert_eq!((seqs(&room), room.found), (seqs(&page), found), "the page of {query}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn who_has_much_to_read_begins_where_they_left_off() -> Try {
    let site = Site::start(&["--post-burst", "1000"]).await?;
    let (ann, bob, visitor) = (site.browser()?, site.browser()?, site.browser()?);
    let room = room_of(&ann, 5).await?;
    bob.send(&format!("{room}/join"), &[("name", "Bob")]).await?;
    for n in 6..=90 {
        ann.say(&room, &n.to_string()).await?;
    }
    let begins = async |reader: &Browser, query| {
        let page = reader.page(&room, query).await?;
        Ok::<_, Box<dyn std::error::Error>>((page.messages.first().map(|one| one.seq), page.found))
    };
    assert_eq!(begins(&bob, "").await?, (Some(1), None), "five that are known, and what is new");
    assert_eq!(begins(&bob, "?at=newest").await?, (Some(41), None));
    for reader in [&ann, &visitor] {
        assert_eq!(begins(reader, "").await?, (Some(41), None));
    }
    bob.send(&format!("{room}/read"), &[("seq", "60")]).await?;
    assert_eq!(begins(&bob, "").await?, (Some(41), None), "what is new is all on the newest page");
    Ok(())
}

#[tokio::test]
async fn an_address_that_means_nothing_is_refused_to_programs_and_the_room_to_people() -> Try {
    let site = Site::start(&["--post-burst", "1000"]).await?;
    let ann = site.browser()?;
    let room = room_of(&ann, 2).await?;
    for query in ["?at=x", "?before=-1", "?after=4294967296", "?on=2026-02-30", "?on=yesterday"] {
        let response = ann.get(&format!("{room}/history{query}")).await?;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
        let refused: Refused = response.json().await?;
        assert_eq!(refused, Refused { n: None, refusal: Refusal::Malformed });
    }
    let page = ann.get(&format!("{room}?at=x")).await?;
    assert_eq!(page.status(), StatusCode::OK);
    for path in ["/r/ZZZZ/history", "/r/no/history"] {
        let response = ann.get(path).await?;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn a_day_leads_to_its_first_message_in_the_readers_zone() -> Try {
    let site = Site::start(&["--post-burst", "1000"]).await?;
    let ann = site.browser()?;
    let room = room_of(&ann, 3).await?;
    let response = ann.get(&format!("{room}?on=2001-01-01")).await?;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(location(&response)?, format!("{room}?at=1#m1"));
    let empty = ann.create("Ann").await?;
    let response = ann.get(&format!("{empty}?on=2001-01-01")).await?;
    assert_eq!(location(&response)?, empty);
    Ok(())
}

/// Whether the element is in the page and not shown.
fn is_hidden(page: &str, id: &str) -> bool {
    let tag = page.split('<').find(|tag| tag.contains(&format!(r#" id="{id}""#)));
    tag.and_then(|tag| tag.split('>').next()).expect("it is there").contains(" hidden")
}

#[tokio::test]
async fn a_page_without_a_script_leads_to_what_is_not_on_it() -> Try {
    let site = Site::start(&["--post-burst", "1000"]).await?;
    let ann = site.browser()?;
    let room = room_of(&ann, 60).await?;
    let page = |query: &str| {
        let path = format!("{room}{query}");
        let ann = &ann;
        async move { Ok::<_, Box<dyn std::error::Error>>(ann.get(&path).await?.text().await?) }
    };
    let (newest, oldest) = (page("").await?, page("?before=11").await?);
    assert!(newest.contains(&format!(r#"href="{room}?before=11""#)), "{newest}");
    assert!(!newest.contains("?after=") && is_hidden(&newest, "jump"));
    assert!(oldest.contains(&format!(r#"href="{room}?after=10#m11""#)), "{oldest}");
    assert!(!oldest.contains("?before=") && !is_hidden(&oldest, "jump"));
    let found = page("?at=30").await?;
    assert_eq!(found.matches("data-found").count(), 1);
    Ok(())
}
