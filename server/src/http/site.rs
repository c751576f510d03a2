//! The built site: in the binary (release) or on disk (debug).

use std::{io::Read, sync::LazyLock};

use app::Files;
use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
            VARY,
        },
    },
    response::{IntoResponse, Response},
};
use brotli_decompressor::Decompressor;
use leptos::config::{LeptosOptions, get_config_from_str};
use protocol::Language;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::emoji;

/// For what has its hash in its address.
pub(super) const FOR_EVER: &str = "public, max-age=31536000, immutable";

#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
#[exclude = "*.ts"]
#[exclude = "*.ts.*"]
// Half a megabyte for those who take nothing packed, which no browser does: see `plain`.
#[cfg_attr(not(debug_assertions), exclude = "*.wasm")]
struct Site;

/// For a page that loads itself anew: only while `cargo leptos watch` runs the server.
pub(super) fn watched() -> Option<LeptosOptions> {
    std::env::var_os("LEPTOS_WATCH").and_then(|_| OPTIONS.clone())
}

/// Where the build put things.
static OPTIONS: LazyLock<Option<LeptosOptions>> = LazyLock::new(|| {
    let options = get_config_from_str(include_str!("../../../Leptos.toml"));
    // Only the environment (LEPTOS_*) can make them wrong.
    options.inspect_err(|error| tracing::error!(%error, "the site is not found")).ok()
});

/// Found by their endings: the names carry hashes that only the build knows.
pub(super) fn files(language: Language) -> Files {
    let (folder, name) = match &*OPTIONS {
        Some(options) => (format!("{}/", options.site_pkg_dir), options.output_name.to_string()),
        None => return Files::default(),
    };
    let find = |ending: &str| {
        let of_ours = |path: &str| {
            let file = path.strip_prefix(&folder).unwrap_or_default();
            file.starts_with(&name) && file.ends_with(ending)
        };
        let mut paths = Site::iter();
        let found = paths.find_map(|path| {
            let path = path.strip_suffix(".br").unwrap_or(&path);
            of_ours(path).then(|| format!("/{path}"))
        });
        found.unwrap_or_default()
    };
    Files {
        js: find(".js"),
        wasm: find(".wasm"),
        css: find(".css"),
        emoji: emoji::address(language),
    }
}

pub(super) fn get(path: &str, request: &HeaderMap) -> Option<Response> {
    let path = path.trim_start_matches('/');
    if path.is_empty() || path.ends_with(".br") || path.ends_with(".gz") {
        return None;
    }
    let (file, encoding) = packed(path, request).or_else(|| Some((plain(path)?, None)))?;
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let tag = hex(&file.metadata.sha256_hash());
    let data = Body::from(file.data);
    let file = File { data, tag: &tag, kind: kind.as_ref(), lasts: lasts(path), encoding };
    Some(file.answer(request))
}

/// What browsers may keep.
pub(super) struct File<'a> {
    pub(super) data: Body,
    /// Another one for other content.
    pub(super) tag: &'a str,
    pub(super) kind: &'a str,
    pub(super) lasts: &'static str,
    /// What `data` is packed with.
    pub(super) encoding: Option<&'static str>,
}

impl File<'_> {
    pub(super) fn answer(self, request: &HeaderMap) -> Response {
        let Self { data, tag, kind, lasts, encoding } = self;
        let tag = format!("\"{tag}{}\"", encoding.unwrap_or_default());
        let known = request.get(IF_NONE_MATCH).and_then(|known| known.to_str().ok());
        let mut response =
            if known.is_some_and(|known| known.split(',').any(|known| known.trim() == tag)) {
                StatusCode::NOT_MODIFIED.into_response()
            } else {
                Response::new(data)
            };
        let headers = response.headers_mut();
        let mut insert = |name, value: &str| {
            // A type or a hash has nothing in it that a header could not hold.
            HeaderValue::from_str(value).map(|value| headers.insert(name, value)).ok();
        };
        insert(CONTENT_TYPE, kind);
        insert(VARY, "accept-encoding");
        insert(ETAG, &tag);
        insert(CACHE_CONTROL, lasts);
        if let Some(encoding) = encoding {
            insert(CONTENT_ENCODING, encoding);
        }
        response
    }
}

/// Browsers that ask for it unasked must not find a 404.
pub(super) async fn icon(headers: HeaderMap) -> Response {
    get("icon.svg", &headers).unwrap_or_else(|| StatusCode::NO_CONTENT.into_response())
}

fn packed(path: &str, request: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let mut packings = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| accepts(request, encoding));
    packings.find_map(|(encoding, ending)| {
        Some((Site::get(&format!("{path}.{ending}"))?, Some(encoding)))
    })
}

/// What is only there packed is unpacked.
fn plain(path: &str) -> Option<EmbeddedFile> {
    Site::get(path).or_else(|| {
        let packed = Site::get(&format!("{path}.br"))?;
        let mut data = Vec::new();
        Decompressor::new(&*packed.data, 4096).read_to_end(&mut data).ok()?;
        Some(EmbeddedFile { data: data.into(), metadata: packed.metadata })
    })
}

pub(super) fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    let accepted = request.get(ACCEPT_ENCODING).and_then(|accepted| accepted.to_str().ok());
    let mut listed =
        accepted.unwrap_or_default().split(',').map(|item| item.split(';').map(str::trim));
    listed.any(|mut item| item.next() == Some(encoding) && item.next() != Some("q=0"))
}

/// Names in the package carry a hash of what is in them; a debug build's need not.
fn lasts(path: &str) -> &'static str {
    let folder = OPTIONS.as_ref().map_or("pkg", |options| &*options.site_pkg_dir);
    let in_package = path.split_once('/').is_some_and(|(first, _)| first == folder);
    match (in_package, cfg!(debug_assertions)) {
        (true, false) => FOR_EVER,
        (true, true) => "no-cache",
        (false, true | false) => "public, max-age=3600",
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_build_and_the_program_agree_where_things_are() {
        let built = get_config_from_str(include_str!("../../../Cargo.toml")).unwrap();
        let used = get_config_from_str(include_str!("../../../Leptos.toml")).unwrap();
        let compared = |options: &LeptosOptions| {
            let LeptosOptions {
                output_name,
                site_root,
                site_pkg_dir,
                site_addr,
                reload_port,
                hash_files,
                ..
            } = options;
            format!(
                "{output_name} {site_root} {site_pkg_dir} {site_addr} {reload_port} {hash_files}"
            )
        };
        assert_eq!(compared(&built), compared(&used));
    }
}
