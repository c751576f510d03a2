//! How a page that nobody looks at says that something is new: a number before its title, a mark on its
//! icon, and a number on the app's, where browsers have it.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

const ICON: &str = "/icon.svg";
const MARKED: &str = "/icon-new.svg";

/// So many now instead of so many before.
pub(crate) fn show(before: u32, count: u32) {
    let title = document().title();
    document().set_title(&titled(&title, before, count));
    if (before > 0) != (count > 0)
        && let Ok(Some(icon)) = document().query_selector("link[rel=icon]")
    {
        // Fails only for what is no name of an attribute.
        let _ = icon.set_attribute("href", if count > 0 { MARKED } else { ICON });
    }
    badge(count);
}

/// Whatever else wrote the title meanwhile keeps what it wrote.
fn titled(title: &str, before: u32, count: u32) -> String {
    let number = |count| if count > 0 { format!("({count}) ") } else { String::new() };
    let bare = title.strip_prefix(&number(before)).unwrap_or(title);
    number(count) + bare
}

fn badge(count: u32) {
    let way = || {
        let navigator = Reflect::get(&window(), &"navigator".into()).ok()?;
        let set = Reflect::get(&navigator, &"setAppBadge".into()).ok()?;
        let set: Function = set.dyn_into().ok()?;
        set.call1(&navigator, &JsValue::from(count)).ok()?.dyn_into::<Promise>().ok()
    };
    if let Some(set) = way() {
        // A page that is not installed has no icon to set it on.
        spawn_local(async move { drop(JsFuture::from(set).await) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_before_a_title_is_one_and_goes_again() {
        for (title, before, count, then) in [
            ("Tea · Parley", 0, 3, "(3) Tea · Parley"),
            ("(3) Tea · Parley", 3, 12, "(12) Tea · Parley"),
            ("(12) Tea · Parley", 12, 0, "Tea · Parley"),
            ("(3) little pigs", 0, 0, "(3) little pigs"),
            ("(3) little pigs", 0, 3, "(3) (3) little pigs"),
            ("(3) (3) little pigs", 3, 0, "(3) little pigs"),
            ("Another", 3, 4, "(4) Another"),
        ] {
            assert_eq!(titled(title, before, count), then, "{title}");
        }
    }
}
