//! Style sheet, script and icon, built into the binary and addressed by their contents.
//!
//! An address holds the digest of the bytes, so a browser may keep what it has for ever and
//! never shows a page of today with the style of yesterday.

use std::fmt::Write as _;
use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// Where the router mounts [`serve`]: `/assets/{name}`.
pub const ROUTE: &str = "/assets/{name}";

/// The style sheet in the order in which its parts build on each other.
const CSS: &str = concat!(
    include_str!("../assets/samband.css"),
    include_str!("../assets/parts.css"),
    include_str!("../assets/drawings.css"),
    include_str!("../assets/pages.css"),
    include_str!("../assets/alarm.css"),
    include_str!("../assets/rosters.css"),
    include_str!("../assets/readiness.css"),
    include_str!("../assets/print.css"),
);

/// A file that pages refer to.
#[derive(Debug)]
pub struct Asset {
    /// The name in the address, with the digest: `samband.0123456789abcdef.css`.
    pub name: String,
    /// The path that pages refer to.
    pub href: String,
    /// The media type.
    pub content_type: &'static str,
    /// The bytes.
    pub bytes: &'static [u8],
    /// The entity tag, quoted.
    pub etag: String,
}

impl Asset {
    fn new(stem: &str, ending: &str, content_type: &'static str, bytes: &'static [u8]) -> Self {
        let digest = Sha256::digest(bytes).iter().take(8).fold(String::new(), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let name = format!("{stem}.{digest}.{ending}");
        Self {
            href: format!("/assets/{name}"),
            name,
            content_type,
            bytes,
            etag: format!("\"{digest}\""),
        }
    }
}

fn all() -> &'static [Asset; 5] {
    const SCRIPT: &str = "text/javascript; charset=utf-8";
    static ALL: OnceLock<[Asset; 5]> = OnceLock::new();
    ALL.get_or_init(|| {
        [
            Asset::new("samband", "css", "text/css; charset=utf-8", CSS.as_bytes()),
            Asset::new("live", "js", SCRIPT, include_bytes!("../assets/live.js")),
            Asset::new("icon", "svg", "image/svg+xml", include_bytes!("../assets/icon.svg")),
            Asset::new("scan", "js", SCRIPT, include_bytes!("../assets/scan.js")),
            Asset::new("alarm", "js", SCRIPT, include_bytes!("../assets/alarm.js")),
        ]
    })
}

/// The address of the style sheet.
#[must_use]
pub fn css_href() -> &'static str {
    &all()[0].href
}

/// The address of the script that keeps pages fresh.
#[must_use]
pub fn js_href() -> &'static str {
    &all()[1].href
}

/// The address of the script that leads scans to where they belong.
#[must_use]
pub fn scan_href() -> &'static str {
    &all()[3].href
}

/// The address of the script that lets an alarm be heard, and tells the clocks by the second.
#[must_use]
pub fn alarm_href() -> &'static str {
    &all()[4].href
}

/// The address of the icon.
#[must_use]
pub fn icon_href() -> &'static str {
    &all()[2].href
}

/// The file of that name, digest included.
#[must_use]
pub fn find(name: &str) -> Option<&'static Asset> {
    all().iter().find(|asset| asset.name == name)
}

/// Answers `GET /assets/{name}`.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = find(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let cached =
        [(ETAG, asset.etag.as_str()), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    let known = headers.get(IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    if known.is_some_and(|tags| tags.split(',').any(|tag| tag.trim() == asset.etag)) {
        return (StatusCode::NOT_MODIFIED, cached).into_response();
    }
    (cached, [(CONTENT_TYPE, asset.content_type)], asset.bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_contents_and_nothing_else_is_found() {
        for asset in all() {
            assert_eq!(find(&asset.name).map(|found| found.bytes), Some(asset.bytes));
            assert!(asset.href.ends_with(&asset.name));
        }
        assert!(find("samband.css").is_none());
        assert!(find("../Cargo.toml").is_none());
        assert_ne!(all()[0].etag, all()[1].etag);
    }

    #[test]
    fn the_scripts_stay_small_and_fetch_nothing_from_elsewhere() {
        let scripts = [include_str!("../assets/live.js"), include_str!("../assets/scan.js")];
        for script in scripts {
            assert!(script.lines().count() <= 180, "take a kept library when it outgrows this");
        }
        for text in [scripts[0], scripts[1], CSS] {
            assert!(
                !text.contains("http://")
                    && !text.contains("https://")
                    && !text.contains("@import")
            );
        }
    }
}
