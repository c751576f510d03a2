//! What the emoji picker is filled with: the same for all who read a language, drawn once and packed once.
//! Its address has its hash, so that a browser that keeps it never has an old one.

use std::{io::Write, sync::OnceLock};

use app::catalogue;
use axum::{
    body::Bytes,
    extract::Path,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use protocol::Language;
use sha2::{Digest, Sha256};

use super::site::{self, File};

struct Picker {
    html: Bytes,
    tag: String,
    /// Nothing when it cannot be packed: then it goes out as it is.
    packed: OnceLock<Option<Bytes>>,
}

impl Picker {
    fn of(language: Language) -> &'static Self {
        static ALL: [OnceLock<Picker>; Language::ALL.len()] =
            [const { OnceLock::new() }; Language::ALL.len()];
        ALL[language as usize].get_or_init(|| {
            let html = Bytes::from(app::emoji(catalogue(language)));
            Self { tag: site::hex(&Sha256::digest(&html)), html, packed: OnceLock::new() }
        })
    }
}

/// Where a page says that it is.
pub(super) fn address(language: Language) -> String {
    format!("/emoji/{}?{}", language.tag(), Picker::of(language).tag)
}

pub(super) async fn get(Path(tag): Path<String>, uri: Uri, headers: HeaderMap) -> Response {
    let Some(language) = Language::parse(&tag) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Picker { html, tag, packed } = Picker::of(language);
    let packed =
        packed.get_or_init(|| pack(html)).clone().filter(|_| site::accepts(&headers, "gzip"));
    let encoding = packed.is_some().then_some("gzip");
    let lasts = match uri.query() {
        Some(asked) if asked == *tag => site::FOR_EVER,
        Some(_) | None => "no-cache",
    };
    let data = packed.unwrap_or_else(|| html.clone());
    let file = File { data: data.into(), tag, kind: "text/html; charset=utf-8", lasts, encoding };
    file.answer(&headers)
}

fn pack(html: &[u8]) -> Option<Bytes> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(html).ok()?;
    Some(packer.finish().ok()?.into())
}
