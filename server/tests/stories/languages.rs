//! In which language a page is drawn: by hand, by what the browser asks for, or else in English.

use app::catalogue;
use protocol::{Language, Refusal};
use reqwest::Method;

use crate::site::{Browser, Site, Try, header, location};

/// How the page at this path begins for somebody whose browser asks for these languages.
async fn first_byte(browser: &Browser, path: &str, asked: &str) -> Try<String> {
    let page = browser.request(Method::GET, path).header("accept", "text/html");
    let page = page.header("accept-language", asked).send().await?;
    for part in ["cookie", "accept-language"] {
        assert!(header(&page, "vary").contains(part), "{path}: {part}");
    }
    Ok(page.text().await?)
}

/// Whether it is all in this language, as far as its beginning and these words say.
fn is_in(html: &str, language: Language, words: &[&str]) -> bool {
    let (tag, dir) = (language.tag(), catalogue(language).dir);
    html.contains(&format!(r#"<html lang="{tag}" dir="{dir}""#))
        && words.iter().all(|words| html.contains(words))
}

#[tokio::test]
async fn a_page_is_in_the_language_that_the_browser_asks_for_from_its_first_byte() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    let room = ann.create("Ann").await?;
    for (asked, language) in [
        ("de-CH,de;q=0.9,en;q=0.8", Language::German),
        ("fr,es;q=0.5", Language::Spanish),
        ("ar-EG", Language::Arabic),
        ("fr", Language::English),
    ] {
        let words = catalogue(language);
        for (path, said) in [
            ("/", words.slogan),
            (room.as_str(), words.empty_title),
            ("/settings", words.how_it_looks),
            ("/r/ZZZZZ", words.door_title),
        ] {
            let html = first_byte(&ann, path, asked).await?;
            assert!(is_in(&html, language, &[said]), "{path} for {asked}\n{html}");
        }
    }
    site.stop().await
}

#[tokio::test]
async fn a_language_that_was_chosen_holds_whatever_the_browser_asks_for() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    let look = [("language", "ar"), ("back", "/settings"), ("switches", "typing")];
    let answer = ann.send("/look", &look).await?;
    assert_eq!((answer.status().as_u16(), location(&answer)?.as_str()), (303, "/settings"));
    let html = first_byte(&ann, "/settings", "de").await?;
    let chosen = r#"<option value="ar" lang="ar" dir="rtl" selected>"#;
    assert!(is_in(&html, Language::Arabic, &[chosen, "Deutsch", "Español", "English"]), "{html}");
    // Other choices leave it, and a strange one is none.
    ann.send("/look", &[("theme", "dark")]).await?;
    assert!(is_in(
        &first_byte(&ann, "/", "de").await?,
        Language::Arabic,
        &[r#"data-theme="dark""#]
    ));
    for (other, language) in
        [("de", Language::German), ("", Language::Spanish), ("xx", Language::Spanish)]
    {
        ann.send("/look", &[("language", other)]).await?;
        assert!(is_in(&first_byte(&ann, "/", "es").await?, language, &[]), "{other}");
    }
    site.stop().await
}

#[tokio::test]
async fn whatever_is_drawn_for_a_reader_is_in_their_language() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    let room = ann.create("Ann").await?;
    ann.say(&room, "Low tide").await?;
    let words = catalogue(Language::Arabic);
    ann.send("/look", &[("language", "ar")]).await?;
    let refused = ann.send("/rooms", &[("name", "")]).await?.text().await?;
    let why = format!(">{}<", words.live.refusal(&Refusal::NameEmpty));
    assert!(is_in(&refused, Language::Arabic, &[&why]), "{refused}");
    let file = ann.get(&format!("{room}/export/html")).await?.text().await?;
    let count = words.live.messages(1);
    assert!(is_in(&file, Language::Arabic, &[&count, "Low tide"]), "{file}");
    let text = ann.get(&format!("{room}/export/txt")).await?.text().await?;
    assert!(text.trim_end().ends_with(&count), "{text}");
    // What fills the emoji picker, at the address that the page names.
    let page = ann.get(&room).await?.text().await?;
    let (_, after) = page.split_once(r#"data-from=""#).ok_or("no address")?;
    let (address, _) = after.split_once('"').ok_or("no end of it")?;
    assert!(address.starts_with("/emoji/ar?"), "{address}");
    let picker = ann.get(address).await?;
    assert!(header(&picker, "cache-control").contains("immutable"));
    assert!(picker.text().await?.contains(words.emoji_food));
    assert_eq!(ann.get("/emoji/xx").await?.status(), 404);
    site.stop().await
}
