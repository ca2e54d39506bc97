//! Whether a request that carries a cookie may act: it must come from a page of this site.
//!
//! A browser says where a request comes from in `Sec-Fetch-Site`, or at least in `Origin` whenever
//! it is not a plain reading. A request with neither comes from no browser that a foreign page
//! could drive, and brings its cookie by itself. Requests with a bearer token need no such check.

use samband_domain::Refusal;

use crate::refusals::FOREIGN_PAGE;

/// The parts of a request that the decision rests on, as sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Request<'a> {
    /// Method.
    pub method: &'a str,
    /// `Host`, or `:authority`.
    pub host: Option<&'a str>,
    /// `Origin`.
    pub origin: Option<&'a str>,
    /// `Sec-Fetch-Site`.
    pub sec_fetch_site: Option<&'a str>,
}

/// Whether the request may act with a cookie. `public` is the address under which people reach
/// the site, where a proxy in front of it sends another `Host`, e.g. `https://samband.example`.
///
/// # Errors
/// [`FOREIGN_PAGE`] with what the browser said.
pub fn check(request: &Request<'_>, public: Option<&str>) -> Result<(), Refusal> {
    if matches!(request.method, "GET" | "HEAD" | "OPTIONS") {
        return Ok(());
    }
    match (request.sec_fetch_site, request.origin) {
        (Some("same-origin" | "none"), _) | (None, None) => Ok(()),
        (_, Some(origin)) if is_own(origin, request.host, public) => Ok(()),
        (site, origin) => {
            let said = |header: Option<&str>| -> String {
                header.unwrap_or("-").chars().take(100).collect()
            };
            Err(FOREIGN_PAGE.because([("site", said(site)), ("origin", said(origin))]))
        }
    }
}

/// An origin is own if it is the public address, or names the host that was asked. The scheme
/// cannot be compared, since a proxy may end TLS.
fn is_own(origin: &str, host: Option<&str>, public: Option<&str>) -> bool {
    if public.is_some_and(|public| public.trim_end_matches('/').eq_ignore_ascii_case(origin)) {
        return true;
    }
    let named = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    match (named, host) {
        (Some(named), Some(host)) => !named.is_empty() && named.eq_ignore_ascii_case(host),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post<'a>(site: Option<&'a str>, origin: Option<&'a str>) -> Request<'a> {
        Request { method: "POST", host: Some("samband.example:8080"), origin, sec_fetch_site: site }
    }

    #[test]
    fn own_pages_and_programs_may_act() {
        let own = Some("http://samband.example:8080");
        for (site, origin) in [
            (Some("same-origin"), own),
            (Some("same-origin"), Some("null")),
            (Some("none"), None),
            (None, own),
            (None, Some("https://SAMBAND.example:8080")),
            (None, None),
        ] {
            assert!(check(&post(site, origin), None).is_ok(), "{site:?} {origin:?}");
        }
    }

    #[test]
    fn pages_elsewhere_may_not() {
        for (site, origin) in [
            (Some("cross-site"), Some("https://evil.example")),
            (Some("cross-site"), None),
            (Some("same-site"), Some("http://other.example:8080")),
            (Some("same-site"), None),
            (Some("strange"), None),
            (None, Some("https://evil.example")),
            (None, Some("http://samband.example")),
            (None, Some("http://samband.example:8080.evil.example")),
            (None, Some("ftp://samband.example:8080")),
            (None, Some("null")),
            (None, Some("")),
            (None, Some("https://")),
        ] {
            let refusal = check(&post(site, origin), None).unwrap_err();
            assert_eq!(refusal.kind.code, "access.foreign_page", "{site:?} {origin:?}");
        }
        let hostless = Request { host: Some(""), ..post(None, Some("https://")) };
        assert!(check(&hostless, None).is_err());
    }

    #[test]
    fn reading_needs_no_proof_and_every_other_method_does() {
        for method in ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "get", "X"] {
            let request =
                Request { method, ..post(Some("cross-site"), Some("https://evil.example")) };
            let plain = matches!(method, "GET" | "HEAD" | "OPTIONS");
            assert_eq!(check(&request, None).is_ok(), plain, "{method}");
        }
    }

    #[test]
    fn behind_a_proxy_the_public_address_counts() {
        let public = Some("https://samband.region.example/");
        let own = post(None, Some("https://samband.region.example"));
        assert!(check(&own, public).is_ok() && check(&own, None).is_err());
        let stripped = post(None, Some("http://samband.region.example"));
        assert!(check(&stripped, public).is_err());
    }
}
