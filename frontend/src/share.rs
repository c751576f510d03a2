//! The system's own way to hand a link on. Browsers have it on HTTPS only, and not all of them.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

pub(crate) fn can_share() -> bool {
    way().is_some()
}

pub(crate) fn share(link: &str) {
    let Some((navigator, share)) = way() else { return };
    let what = Object::new();
    // Fails only for what is no object.
    let _ = Reflect::set(&what, &"url".into(), &link.into());
    if let Ok(Ok(shared)) = share.call1(&navigator, &what).map(JsCast::dyn_into::<Promise>) {
        // Whoever thinks better of it has not failed.
        spawn_local(async move { drop(JsFuture::from(shared).await) });
    }
}

fn way() -> Option<(JsValue, Function)> {
    let navigator = Reflect::get(&window(), &"navigator".into()).ok()?;
    let share = Reflect::get(&navigator, &"share".into()).ok()?;
    Some((navigator, share.dyn_into().ok()?))
}
