//! Who asks, in which language.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE as COOKIE_HEADER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use samband_access::{Action, Grant, Principal, Session, Touch, UserName};
use samband_domain::kernel::Role;
use samband_domain::{ActorId, JournalId};

use super::problem::Problem;
use crate::text::{Lang, Words};

/// The session cookie's name where the site is reached by https.
pub const COOKIE_SECURE: &str = "__Host-samband";

/// The session cookie's name on a plain connection to this machine.
pub const COOKIE: &str = "samband";

/// The cookie that remembers the language.
pub(super) const LANGUAGE: &str = "samband-lang";

/// A person who is signed in, as every handler gets to know them.
///
/// As an extractor it leads a page's reader to the sign-in page and comes back afterwards; a
/// program is told 401.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Who asks, for the engine.
    pub principal: Principal,
    /// The person's region.
    pub region: JournalId,
    /// The person.
    pub actor: ActorId,
    /// The name they signed in with.
    pub user: UserName,
    /// The name to show; the sign-in name where the record holds none.
    pub name: String,
    /// The roles held now.
    pub roles: Vec<Role>,
    /// Whether they opened emergency access, which is in force now.
    pub emergency: bool,
    /// The session.
    pub session: Session,
    /// Whether the password must be changed before anything else.
    pub must_change: bool,
    /// What others did to the account, latest first.
    pub touched: Vec<Touch>,
    /// The language.
    pub lang: Lang,
    /// The words of that language.
    pub words: Words,
    /// The address of the page asked for, with its query.
    pub address: String,
}

impl Visitor {
    /// Whether they may do something towards their own region; for showing buttons. What is sent
    /// is authorised again by the engine.
    #[must_use]
    pub fn may(&self, app: &super::App, action: Action) -> bool {
        self.permit(app, action, &self.region).is_ok()
    }

    /// The authorisation for a reading.
    ///
    /// # Errors
    /// The problem that says why not and who may.
    pub fn permit(
        &self,
        app: &super::App,
        action: Action,
        target: &JournalId,
    ) -> Result<Grant, Problem> {
        app.engine.permit(&self.principal, action, target).map_err(Problem::from)
    }
}

/// Whoever asks, signed in or not.
#[derive(Clone, Debug)]
pub struct MaybeVisitor(pub Option<Arc<Visitor>>);

/// The language of a request, signed in or not, and the address asked for.
#[derive(Clone, Debug, Default)]
pub struct Tongue {
    /// The words of the language.
    pub words: Words,
    /// The address of the page asked for, with its query.
    pub address: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let visitor = parts.extensions.get::<Arc<Self>>();
        visitor.map(|visitor| Self::clone(visitor)).ok_or_else(Problem::not_signed_in)
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Problem> {
        Ok(parts.extensions.get::<Arc<Self>>().map(|visitor| Self::clone(visitor)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for MaybeVisitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(parts.extensions.get::<Arc<Visitor>>().cloned()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Tongue {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// The language of a request: as asked for in the address, or remembered in the cookie. Pages are
/// Swedish otherwise, whatever a hospital's browsers are set to; programs say what they prefer.
/// Also whether the address asked for it, so that it is worth remembering.
pub(super) fn language(uri: &Uri, headers: &HeaderMap) -> (Lang, bool) {
    let asked = query_value(uri.query().unwrap_or_default(), "lang").and_then(Lang::parse);
    if let Some(lang) = asked {
        return (lang, true);
    }
    let kept = cookie(headers, LANGUAGE).and_then(Lang::parse);
    let preferred = || {
        let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        header.map_or(Lang::default(), Lang::from_accept_language)
    };
    let program = uri.path().starts_with("/api/");
    let otherwise = || if program { preferred() } else { Lang::default() };
    (kept.unwrap_or_else(otherwise), false)
}

/// The first value of a name in a query; only for values that need no decoding.
pub(super) fn query_value<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE_HEADER).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
}

/// The address of this page in the other language.
pub(crate) fn in_language(address: &str, lang: Lang) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang="));
    let mut all: Vec<&str> = kept.collect();
    let asked = format!("lang={}", lang.code());
    all.push(&asked);
    format!("{path}?{}", all.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_wins_over_the_cookie_and_pages_are_swedish_first() {
        let mut headers = HeaderMap::new();
        let of = |uri: &'static str, headers: &HeaderMap| language(&Uri::from_static(uri), headers);
        assert_eq!(of("/picture", &headers), (Lang::Sv, false));
        headers.insert(ACCEPT_LANGUAGE, "en-GB, sv;q=0.5".parse().unwrap());
        assert_eq!(of("/picture", &headers), (Lang::Sv, false));
        assert_eq!(of("/api/v1/regions", &headers), (Lang::En, false));
        headers.insert(COOKIE_HEADER, "a=b; samband-lang=sv".parse().unwrap());
        assert_eq!(of("/picture", &headers), (Lang::Sv, false));
        assert_eq!(of("/api/v1/regions", &headers), (Lang::Sv, false));
        assert_eq!(of("/picture?x=1&lang=en", &headers), (Lang::En, true));
        assert_eq!(of("/picture?lang=tlh", &headers), (Lang::Sv, false));
    }

    #[test]
    fn the_switch_keeps_the_rest_of_the_address() {
        assert_eq!(in_language("/picture", Lang::En), "/picture?lang=en");
        let address = "/picture?period=2024&lang=en&x=1";
        assert_eq!(in_language(address, Lang::Sv), "/picture?period=2024&x=1&lang=sv");
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE_HEADER, "xsamband=1; samband=2;samband3=4".parse().unwrap());
        assert_eq!(cookie(&headers, COOKIE), Some("2"));
        assert_eq!(cookie(&headers, COOKIE_SECURE), None);
    }
}
