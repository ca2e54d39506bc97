//! Everything that stands between a request and its answer, in one form.
//!
//! A handler returns a [`Problem`]; the gate, which knows the language, who asks and whether a
//! person or a program reads, makes a page or a problem document (RFC 9457) of it.

use std::any::Any;
use std::collections::BTreeMap;

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use samband_access::{Denied, SIGN_IN_BUSY, SIGN_IN_WAIT};
use samband_domain::Refusal;
use samband_engine::{AccountError, Failure, VerifyError};
use samband_journal::store::StoreError;

/// What pages return when they cannot answer.
pub type PageError = Problem;

/// Why a request has no answer: status, stable code, the rule's source, the facts it used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The status.
    pub status: StatusCode,
    /// The stable code; its texts stand in the catalogue.
    pub code: &'static str,
    /// Where the rule comes from, if a rule refused.
    pub source: Option<&'static str>,
    /// The facts that were used, by name.
    pub facts: BTreeMap<&'static str, String>,
    /// After how many seconds it is worth trying again.
    pub retry_after: Option<u64>,
}

impl Problem {
    /// A problem without a rule behind it; its texts are `refusal-<code>`.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code, source: None, facts: BTreeMap::new(), retry_after: None }
    }

    /// Adds a fact.
    #[must_use]
    pub fn fact(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.facts.insert(name, value.into());
        self
    }

    /// Nobody is signed in.
    #[must_use]
    pub fn not_signed_in() -> Self {
        Refusal { kind: &samband_access::NOT_SIGNED_IN, facts: BTreeMap::new() }.into()
    }

    /// There is nothing of that name.
    #[must_use]
    pub fn not_found(name: impl Into<String>) -> Self {
        let name: String = name.into();
        let short = name.chars().take(100).collect::<String>();
        Self::new(StatusCode::NOT_FOUND, "web.not_found").fact("name", short)
    }

    /// The request has not the form it must have; `detail` says what is wrong.
    #[must_use]
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "web.malformed").fact("detail", detail)
    }

    /// The request is well formed, but cannot be carried out as it is.
    #[must_use]
    pub fn unprocessable(code: &'static str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code)
    }

    /// Something broke here; the log knows what.
    #[must_use]
    pub fn broken() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "web.broken")
    }

    fn unavailable(code: &'static str) -> Self {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Self { retry_after: Some(2), ..Self::new(status, code) }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let Refusal { kind, facts } = refusal;
        let seconds = facts.get("seconds").and_then(|seconds| seconds.parse().ok());
        let (status, retry_after) = match kind.code {
            code if code == SIGN_IN_WAIT.code => (StatusCode::TOO_MANY_REQUESTS, seconds),
            code if code == SIGN_IN_BUSY.code => (StatusCode::SERVICE_UNAVAILABLE, Some(1)),
            "access.not_signed_in" | "sign_in.refused" => (StatusCode::UNAUTHORIZED, None),
            code if code.starts_with("access.") => (StatusCode::FORBIDDEN, None),
            "form.not_found" => (StatusCode::NOT_FOUND, None),
            code if code.ends_with(".unknown") || code.ends_with("_unknown") => {
                (StatusCode::NOT_FOUND, None)
            }
            _ => (StatusCode::UNPROCESSABLE_ENTITY, None),
        };
        Self { status, code: kind.code, source: Some(kind.source), facts, retry_after }
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        denied.refusal().into()
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Refused(refusal) => refusal.into(),
            AccountError::Denied(denied) => denied.into(),
            AccountError::Failed(failure) => failure.into(),
            AccountError::Store(error) => error.into(),
            AccountError::Hash(error) => {
                tracing::error!(%error, "no password was hashed");
                Self::broken()
            }
            AccountError::Random(error) => {
                tracing::error!(%error, "no randomness");
                Self::broken()
            }
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let code = failure.code();
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Denied(denied) => denied.into(),
            Failure::NoJournal(region) => {
                Self::new(StatusCode::NOT_FOUND, code).fact("region", region.as_str())
            }
            Failure::KeyConflict => Self::new(StatusCode::CONFLICT, code),
            Failure::BadKey => Self::new(StatusCode::BAD_REQUEST, code),
            Failure::NoKey(region) => Self::unavailable(code).fact("region", region.as_str()),
            Failure::Unavailable(why) => {
                tracing::error!(%why, "not recorded for certain");
                Self::unavailable(code)
            }
            Failure::SteppedDown | Failure::Busy => Self::unavailable(code),
            // A process is started by somebody; asking every other second does not help.
            Failure::NoWriter(_) => Self { retry_after: Some(10), ..Self::unavailable(code) },
        }
    }
}

impl From<(usize, Failure)> for Problem {
    fn from((place, failure): (usize, Failure)) -> Self {
        Self::from(failure).fact("place", (place + 1).to_string())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store did not answer");
        Self::unavailable("store.unavailable")
    }
}

impl From<VerifyError> for Problem {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::NoJournal(id) => Self::not_found(id.as_str()),
            other => {
                Self::new(StatusCode::CONFLICT, "journal.broken").fact("found", other.to_string())
            }
        }
    }
}

impl From<samband_domain::words::IdError> for Problem {
    fn from(error: samband_domain::words::IdError) -> Self {
        Self::not_found(error.0)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// A handler panicked: the answer says so without saying what.
#[allow(clippy::needless_pass_by_value)]
pub(super) fn from_panic(cause: Box<dyn Any + Send>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("?");
    tracing::error!(%text, "a handler panicked");
    Problem::broken().into_response()
}

/// Nothing is at this address.
pub(super) async fn no_such_page(uri: axum::http::Uri) -> Problem {
    Problem::not_found(uri.path())
}

/// Something is at this address, but not for this method.
pub(super) async fn no_such_method(method: axum::http::Method) -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "web.method").fact("method", method.as_str())
}
