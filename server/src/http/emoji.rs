//! What the emoji picker is filled with: the same for everybody, drawn once and packed once. Its address
//! has its hash, so that a browser that keeps it never has an old one.

use std::{io::Write, sync::LazyLock};

use axum::{
    body::Bytes,
    http::{HeaderMap, Uri},
    response::Response,
};
use brotli::CompressorWriter;
use sha2::{Digest, Sha256};

use super::site::{self, File};

const PATH: &str = "/emoji";
/// Of brotli, from 0 to 11. Only the two highest, which take a second, would save more.
const QUALITY: u32 = 5;
/// Of brotli: two to this power bytes are looked back at, which is more than there are.
const WINDOW: u32 = 20;

static HTML: LazyLock<Bytes> = LazyLock::new(|| app::emoji().into());
static TAG: LazyLock<String> = LazyLock::new(|| site::hex(&Sha256::digest(&*HTML)));
/// Nothing when it cannot be packed: then it goes out as it is.
static PACKED: LazyLock<Option<Bytes>> = LazyLock::new(|| pack(&HTML));

/// Where a page says that it is.
pub(super) fn address() -> String {
    format!("{PATH}?{}", *TAG)
}

pub(super) async fn get(uri: Uri, headers: HeaderMap) -> Response {
    let packed = PACKED.clone().filter(|_| site::accepts(&headers, "br"));
    let encoding = packed.is_some().then_some("br");
    let lasts = match uri.query() {
        Some(tag) if tag == *TAG => site::FOR_EVER,
        Some(_) | None => "no-cache",
    };
    let data = packed.unwrap_or_else(|| HTML.clone());
    let file =
        File { data: data.into(), tag: &TAG, kind: "text/html; charset=utf-8", lasts, encoding };
    file.answer(&headers)
}

fn pack(html: &[u8]) -> Option<Bytes> {
    let mut packer = CompressorWriter::new(Vec::new(), html.len(), QUALITY, WINDOW);
    packer.write_all(html).ok()?;
    Some(packer.into_inner().into())
}
