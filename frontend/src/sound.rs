//! A soft knock, for whoever wants it. Browsers let a page sound only after something was done in it, and some of them only what
//! was made ready then.

use std::cell::{Cell, RefCell};

use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AudioContext;

use crate::document;

/// Two beats: seconds from the first on, and pitch in hertz.
const BEATS: [(f64, f32); 2] = [(0.0, 330.0), (0.14, 262.0)];
/// Of 1.
const LOUD: f32 = 0.12;
/// Seconds in which a beat dies away.
const LASTS: f64 = 0.12;

thread_local! {
    static WANTED: Cell<bool> = const { Cell::new(false) };
    static READY: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// Whether the reader wants it, from now on.
pub(crate) fn want(wanted: bool) {
    WANTED.set(wanted);
}

/// Once a page.
pub(crate) fn listen() {
    for kind in ["click", "keydown"] {
        document::listen(kind, |_, _| {
            READY.with_borrow_mut(|ready| {
                if WANTED.get()
                    && ready.is_none()
                    && let Ok(audio) = AudioContext::new()
                {
                    // Until there is something to hear it costs nothing.
                    quietly(audio.suspend());
                    *ready = Some(audio);
                }
            });
        });
    }
}

/// Where nothing was done yet, it is silent.
pub(crate) fn knock() {
    let Some(audio) = READY.with_borrow(Clone::clone).filter(|_| WANTED.get()) else { return };
    let Ok(awake) = audio.resume() else { return };
    spawn_local(async move {
        if JsFuture::from(awake).await.is_ok() {
            // Only what is missing in a browser can fail, and then there is nothing to hear.
            let _ = play(&audio);
        }
    });
}

fn play(audio: &AudioContext) -> Result<(), JsValue> {
    let start = audio.current_time();
    for (after, pitch) in BEATS {
        let (at, end) = (start + after, start + after + LASTS);
        let (tone, loudness) = (audio.create_oscillator()?, audio.create_gain()?);
        tone.frequency().set_value(pitch);
        loudness.gain().set_value_at_time(LOUD, at)?;
        loudness.gain().exponential_ramp_to_value_at_time(0.001, end)?;
        tone.connect_with_audio_node(&loudness)?.connect_with_audio_node(&audio.destination())?;
        tone.start_with_when(at)?;
        tone.stop_with_when(end)?;
        if after > 0.0 {
            let audio = audio.clone();
            let rest = Closure::once_into_js(move || quietly(audio.suspend()));
            tone.set_onended(Some(rest.unchecked_ref()));
        }
    }
    Ok(())
}

/// Whether it is done, nobody has to know.
fn quietly(promise: Result<js_sys::Promise, JsValue>) {
    if let Ok(promise) = promise {
        spawn_local(async move { drop(JsFuture::from(promise).await) });
    }
}
