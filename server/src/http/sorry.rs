//! The page for when nothing can be read: drawn from the refusal alone, without a script, and with
//! what a form held.

use app::{APP, Catalogue};
use axum::{
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, RETRY_AFTER},
    },
    response::{Html, IntoResponse, Response},
};
use leptos::prelude::*;
use protocol::Refusal;

use super::{
    fields::{retry_after, status},
    site,
    visit::{Kept, Words as Said},
};

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

pub(super) fn page(refusal: &Refusal, words: &'static Catalogue, kept: Option<Kept>) -> Response {
    let why = words.live.refusal(refusal);
    let css = site::files(words.language).css;
    let retry = match kept {
        Some(kept) => again(kept, words).into_any(),
        // The address of the page itself.
        None => view! { <a class="button" data-variant="primary" href="">{words.live.retry}</a> }
            .into_any(),
    };
    let document = Owner::new_root(None).with(|| {
        view! {
            <!DOCTYPE html>
            <html lang=words.language.tag() dir=words.dir>
                <head>
                    <meta charset="utf-8" />
                    <title inner_html=APP></title>
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
                    <link rel="stylesheet" href=css />
                </head>
                <body>
                    <main class="notice">
                        <h1 class="notice__title">{APP}</h1>
                        <p role="alert">{why}</p>
                        {retry}
                    </main>
                </body>
            </html>
        }
        .to_html()
    });
    let mut response = (status(refusal), Html(document)).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    if let Some(seconds) = retry_after(refusal) {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// The same form, of a message with the same id: however often it is sent, it posts once.
fn again(kept: Kept, words: &'static Catalogue) -> impl IntoView {
    let Kept { action, name, said } = kept;
    let said = said.map(|Said { id, body }| {
        // HTML takes a first line break in a text area for its own.
        let text = format!("\n{}", body.replace('&', "&amp;").replace('<', "&lt;"));
        view! {
            <input type="hidden" name="id" value=id />
            <textarea class="field__input" name="body" rows="8" aria-label=words.message inner_html=text></textarea>
        }
    });
    view! {
        <form class="stack-4" method="post" action=action>
            {name.map(|name| view! { <input type="hidden" name="name" value=name /> })}
            {said}
            <button class="button" data-variant="primary">{words.live.retry}</button>
        </form>
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use protocol::Language;

    use super::*;

    #[tokio::test]
    async fn a_text_outlives_a_store_that_cannot_be_read() {
        let kept = Kept {
            action: "/r/KMRT".into(),
            name: Some("\"><b>".into()),
            said: Some(Said {
                id: "0198c0de-0000-7000-8000-000000000001".into(),
                body: "\nif a < b && c {\n</textarea><script>".into(),
            }),
        };
        let response =
            page(&Refusal::Busy { retry_ms: 1200 }, app::catalogue(Language::English), Some(kept));
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()[RETRY_AFTER], "2");
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let html = String::from_utf8(bytes.into()).unwrap();
        for part in [
            r#"action="/r/KMRT""#,
            r#"value="0198c0de-0000-7000-8000-000000000001""#,
            ">\n\nif a &lt; b &amp;&amp; c {\n&lt;/textarea>&lt;script></textarea>",
            "&quot;",
        ] {
            assert!(html.contains(part), "{part}\n{html}");
        }
        assert!(!html.contains("<script") && !html.contains("\"><b>"), "{html}");
    }
}
