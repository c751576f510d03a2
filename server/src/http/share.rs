//! The room's address as a picture that a phone's camera reads.

use axum::{
    extract::{Extension, Path, State},
    http::{HeaderMap, HeaderValue, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use protocol::Refusal;
use qrcode::{EcLevel, QrCode, render::svg};

use super::{
    pages::{enter, for_its_reader, refused},
    room::link,
    whence::Whence,
};
use crate::{Shared, handlers::internal};

/// As open as the room's page: whoever has its address has this too.
pub(super) async fn qr(
    State(server): State<Shared>,
    Extension(whence): Extension<Whence>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Response {
    let picture = async {
        let (_, entry) = enter(&server, &whence, &headers, &code).await?;
        picture(&link(&server, &headers, &entry.room.code))
    };
    let mut response = match picture.await {
        Ok(svg) => {
            ([(CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"))], svg).into_response()
        }
        Err(refusal) => refused(&refusal),
    };
    for_its_reader(&mut response);
    response
}

/// Dark on white in any theme, for cameras need it, with the margin that they need.
fn picture(link: &str) -> Result<String, Refusal> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M).map_err(internal)?;
    Ok(code.render::<svg::Color<'_>>().quiet_zone(true).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_drawn_and_one_that_is_too_long_is_not() {
        let svg = picture("http://192.168.1.7:3000/r/KMRT");
        assert!(svg.is_ok_and(|svg| svg.contains("<svg") && svg.contains("<path")));
        assert!(picture(&"x".repeat(5_000)).is_err());
    }
}
