//! Joining: the one act that begins a session, and so the one that goes by HTTP and not by socket.

use protocol::{Member, Page, Refusal, Refused, RoomCode, decode};
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response, UrlSearchParams, window};

#[derive(Deserialize)]
struct Joined {
    member: Member,
}

/// `None` when there was no answer: nobody knows, and asking again does no harm.
pub(crate) async fn join(code: &RoomCode, name: &str) -> Option<Result<Member, Refusal>> {
    let form = UrlSearchParams::new().ok()?;
    form.append("name", name);
    let headers = Headers::new().ok()?;
    headers.append("accept", "application/json").ok()?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&form);
    init.set_headers(&headers);
    let path = format!("{}/join", Page::Room(code.clone()).path());
    let answer = answer(window()?.fetch_with_str_and_init(&path, &init)).await?;
    let text = JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?;
    if answer.ok() {
        Some(Ok(decode::<Joined>(&text).ok()?.member))
    } else {
        Some(Err(decode::<Refused>(&text).ok()?.refusal))
    }
}

async fn answer(fetch: js_sys::Promise) -> Option<Response> {
    let answer: Result<JsValue, JsValue> = JsFuture::from(fetch).await;
    answer.ok()?.dyn_into().ok()
}
