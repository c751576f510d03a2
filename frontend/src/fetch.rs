//! What goes by HTTP instead of by socket, and what is answered.

use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestInit, Response, window};

use crate::json::decode;

/// Milliseconds: what is not answered by then never will be, though a browser that lost its network
/// would wait on.
const PATIENCE: u32 = 15_000;

/// `None` when there was no answer.
pub(crate) async fn fetch(path: &str, init: &RequestInit) -> Option<(Response, String)> {
    init.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE)));
    let answer = window()?.fetch_with_str_and_init(path, init);
    let answer: Result<JsValue, JsValue> = JsFuture::from(answer).await;
    let answer: Response = answer.ok()?.dyn_into().ok()?;
    let text = JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?;
    Some((answer, text))
}

/// `None` when there was no answer, or none that is a `T`.
pub(crate) async fn get<T: DeserializeOwned>(path: &str) -> Option<T> {
    let (answer, text) = fetch(path, &RequestInit::new()).await?;
    if answer.ok() { decode(&text) } else { None }
}
