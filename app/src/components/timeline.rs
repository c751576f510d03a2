//! The log: it scrolls, and follows the newest message as long as the reader is near the end.

use leptos::{html::Div, prelude::*};

use super::{icon::Icon, message::MessageRow, words};
use crate::RoomState;

#[component]
pub(super) fn Timeline(room: RoomState) -> impl IntoView {
    let words = words();
    let log = NodeRef::<Div>::new();
    let inner = NodeRef::<Div>::new();
    follow::the_end(log, inner);
    view! {
        <div class="timeline" role="log" aria-label=words.messages aria-live="off" tabindex="0" data-static node_ref=log>
            <div class="timeline__inner" node_ref=inner>
                // Its style hides it as soon as something was said.
                <div class="notice">
                    <span class="notice__art"><Icon name="message" large=true /></span>
                    <h2 class="notice__title">{words.empty_title}</h2>
                    <p class="notice__text">{words.empty_text}</p>
                </div>
                <For each=move || room.rows.get() key=|row| row.id let:row>
                    <MessageRow row />
                </For>
            </div>
        </div>
    }
}

/// Sizes change for many reasons (a message, a keyboard, a window): whatever the reason, who was at
/// the end stays there. Nobody else is moved.
mod follow {
    use leptos::{
        html::Div,
        prelude::*,
        wasm_bindgen::{JsCast, closure::Closure},
        web_sys::{Element, ResizeObserver},
    };

    /// CSS pixels from the end at which a reader still counts as being there.
    const NEAR: i32 = 100;

    fn is_near_end(log: &Element) -> bool {
        log.scroll_height() - log.scroll_top() - log.client_height() <= NEAR
    }

    pub(super) fn the_end(log: NodeRef<Div>, inner: NodeRef<Div>) {
        Effect::new(move || {
            let (Some(log), Some(inner)) = (log.get(), inner.get()) else { return };
            let follows = StoredValue::new(true);
            let element: Element = log.clone().unchecked_into();
            let content: Element = inner.unchecked_into();
            let settle = {
                let (element, content) = (element.clone(), content.clone());
                move || {
                    // Where nothing overflows there is no end to stand at: it hugs the composer.
                    let short = content.client_height() <= element.client_height();
                    let _ = element.toggle_attribute_with_force("data-short", short);
                    if follows.get_value() {
                        element.set_scroll_top(element.scroll_height());
                    }
                }
            };
            // The server's page opens at the end without a script; from here on the script sees to it.
            let _ = element.remove_attribute("data-static");
            settle();
            let watched = element.clone();
            let scrolled =
                Closure::<dyn Fn()>::new(move || follows.set_value(is_near_end(&watched)));
            let _ = element
                .add_event_listener_with_callback("scroll", scrolled.as_ref().unchecked_ref());
            scrolled.forget();
            let resized = Closure::<dyn Fn()>::new(settle);
            if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
                observer.observe(&element);
                observer.observe(&content);
            }
            resized.forget();
        });
    }
}
