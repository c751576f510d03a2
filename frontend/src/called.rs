//! The two forms with a name that a room's page sends itself: joining, which begins a session and so
//! cannot go by socket, and changing the name.

use crate::{fetch::fetch, json::decode};
use protocol::{Member, Page, Refusal, Refused, RoomCode};
use serde::Deserialize;
use web_sys::{Headers, RequestInit, UrlSearchParams};

#[derive(Deserialize)]
struct Called {
    member: Member,
}

/// `None` when there was no answer: nobody knows, and asking again does no harm.
pub(crate) async fn join(code: &RoomCode, name: &str) -> Option<Result<Member, Refusal>> {
    ask(code, "join", name).await
}

/// As above.
pub(crate) async fn rename(code: &RoomCode, name: &str) -> Option<Result<Member, Refusal>> {
    ask(code, "name", name).await
}

async fn ask(code: &RoomCode, what: &str, name: &str) -> Option<Result<Member, Refusal>> {
    let form = UrlSearchParams::new().ok()?;
    form.append("name", name);
    let headers = Headers::new().ok()?;
    headers.append("accept", "application/json").ok()?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&form);
    init.set_headers(&headers);
    let path = format!("{}/{what}", Page::Room(code.clone()).path());
    let (answer, text) = fetch(&path, &init).await?;
    if answer.ok() {
        return Some(Ok(decode::<Called>(&text)?.member));
    }
    let refused = decode::<Refused>(&text).map(|refused| refused.refusal);
    // Somebody on the way refuses it, and will again: but for a time-out, which is nobody's word.
    let final_word = (400..500).contains(&answer.status()) && answer.status() != 408;
    refused.or(final_word.then_some(Refusal::Malformed)).map(Err)
}
