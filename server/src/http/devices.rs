//! Where the reader is signed in, and the way to another device: from both of its ends.

use axum::{
    extract::{Extension, Path, State},
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use protocol::{Arrival, Devices, Now, Page, Picture, Refusal, SignedIn, View, Way};
use qrcode::{Color, EcLevel, QrCode};
use serde::Deserialize;
use serde_json::json;

use super::{
    fields::{Fields, wants_json},
    pages::{as_values, draw, offered, show},
    room::address,
    visit::Visit,
    whence::Whence,
};
use crate::{
    Server, Shared,
    handlers::devices,
    session::{self, Known},
    store::{SessionId, Which},
};

pub(super) async fn page(State(server): State<Shared>, uri: Uri, headers: HeaderMap) -> Response {
    let who = session::who(&server, &headers).await;
    let view = async {
        let known = who.clone()?.known();
        view(&server, known.as_ref()).await.map(View::Devices)
    };
    let page = show(&headers, as_values(&uri), view.await).await;
    offered(&server, &headers, who.as_ref().ok(), page)
}

/// # Errors
/// The store does not answer.
pub(super) async fn view(server: &Server, known: Option<&Known>) -> Result<Devices, Refusal> {
    let Some(known) = known else { return Ok(Devices::default()) };
    let signed_in = server.store.devices(known.person.id).await?.into_iter().map(|one| SignedIn {
        id: format!("{:016x}", one.id.0),
        device: one.device,
        since: one.since,
        seen: one.seen_at,
        here: server.hub.is_here(one.id),
        this: one.id == known.session.id(),
    });
    let mut signed_in: Vec<_> = signed_in.collect();
    signed_in.sort_by_key(|one| !one.this);
    Ok(Devices { signed_in, ..Devices::default() })
}

#[derive(Default, Deserialize)]
pub(super) struct SignOut {
    /// One of those that are listed, or `others`.
    #[serde(default)]
    device: String,
}

impl SignOut {
    fn which(&self) -> Option<Which> {
        if self.device == "others" {
            return Some(Which::Others);
        }
        let id = u64::from_str_radix(&self.device, 16).ok()?;
        Some(Which::One(SessionId(id)))
    }
}

pub(super) async fn sign_out(mut visit: Visit, Fields(fields): Fields<SignOut>) -> Response {
    let out = async {
        let which = fields?.which().ok_or(Refusal::Malformed)?;
        visit.recognise().await?;
        let known = visit.known.as_ref().ok_or(Refusal::NotAMember)?;
        devices::sign_out(&visit.server, known, which).await
    };
    match out.await {
        Ok(()) => visit.done(&Page::Devices, json!({})),
        Err(refusal) => visit.back_to_devices(refusal).await,
    }
}

#[derive(Default, Deserialize)]
pub(super) struct Open {
    /// There is to be none.
    off: Option<String>,
}

/// The token is nowhere but in this answer: what is loaded again is a new one.
pub(super) async fn open_way(mut visit: Visit, Fields(fields): Fields<Open>) -> Response {
    let opened = async {
        let off = fields?.off.is_some();
        visit.recognise().await?;
        let known = visit.known.as_ref().ok_or(Refusal::NotAMember)?;
        if off {
            devices::close_way(&visit.server, known).await?;
            return Ok(None);
        }
        let opened = devices::open_way(&visit.server, known, visit.from).await?;
        let way = opened.map(|(token, until)| {
            let link = address(&visit.server, visit.headers(), &format!("/move/{token}"));
            Way { picture: picture(&link), link, until }
        });
        Ok(Some(Devices { full: way.is_none(), way, ..view(&visit.server, Some(known)).await? }))
    };
    match opened.await {
        Ok(None) => visit.done(&Page::Devices, json!({})),
        Ok(Some(devices)) if wants_json(visit.headers()) => {
            let way = devices.way.map(|way| json!({ "link": way.link, "until": way.until }));
            visit.done(&Page::Devices, json!({ "way": way }))
        }
        Ok(Some(devices)) => visit.shown(View::Devices(devices)).await,
        Err(refusal) => visit.back_to_devices(refusal).await,
    }
}

/// As dark squares, line by line.
fn picture(link: &str) -> Option<Picture> {
    let code = QrCode::with_error_correction_level(link, EcLevel::L).ok()?;
    let (width, mut path) = (code.width(), String::new());
    for (y, line) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in line.chunk_by(|one, next| one == next) {
            if run[0] == Color::Dark {
                path.push_str(&format!("M{x} {y}h{n}v1h-{n}z", n = run.len()));
            }
            x += run.len();
        }
    }
    Some(Picture { size: u32::try_from(width).ok()?, path })
}

/// Asks before anything happens: what looks at a link by itself does not press buttons.
pub(super) async fn arrival(
    State(server): State<Shared>,
    Extension(whence): Extension<Whence>,
    Path(token): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let who = session::who(&server, &headers).await;
    let arrival = async {
        let known = who.clone()?.known();
        let person = devices::at_the_end_of(&server, whence.network, &token).await?;
        let now = known.map(|known| match known.person.id == person.id {
            true => Now::Theirs,
            false => Now::Other(known.person.name.into()),
        });
        Ok(Arrival { name: Some(person.name.into()), now })
    };
    let values = as_values(&uri);
    let page = match arrival.await {
        Err(Refusal::NoSuchRoom) => nowhere(&headers, values).await,
        arrival => show(&headers, values, arrival.map(View::Arrival)).await,
    };
    offered(&server, &headers, who.as_ref().ok(), page)
}

/// The same for what never was, what is over and what somebody else has used.
async fn nowhere(headers: &HeaderMap, values: bool) -> Response {
    draw(headers, values, StatusCode::NOT_FOUND, View::Arrival(Arrival::default())).await
}

pub(super) async fn arrive(mut visit: Visit, Path(token): Path<String>) -> Response {
    match visit.arrive(&token).await {
        Ok(()) => visit.done(&Page::Lobby, json!({})),
        Err(refusal) => visit.back_to_arrival(refusal).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_the_three_corners_that_cameras_look_for() {
        let Some(Picture { size, path }) =
            picture("https://chat.example.org/move/0123456789abcdef")
        else {
            panic!("it is not too long");
        };
        assert!((21..60).contains(&size), "{size}");
        for corner in [
            "M0 0h7v1h-7z".to_owned(),
            format!("M{} 0h7v1h-7z", size - 7),
            format!("M0 {}h7v1h-7z", size - 1),
        ] {
            assert!(path.contains(&corner), "{corner}");
        }
        assert_eq!(picture(&"x".repeat(5_000)), None);
    }

    #[test]
    fn a_form_says_which_device() {
        let which = |device: &str| SignOut { device: device.into() }.which();
        assert_eq!(which("00000000000000ff"), Some(Which::One(SessionId(255))));
        assert_eq!(which("others"), Some(Which::Others));
        for strange in ["", "all", "-1", "g", "10000000000000000"] {
            assert_eq!(which(strange), None, "{strange}");
        }
    }
}
