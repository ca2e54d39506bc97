//! What comes in: each part with a refusal in our own form.

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use samband_domain::{Digest, Period, Time, Window};
use serde::de::DeserializeOwned;

use crate::app::{App, Problem, UPLOAD_MAX, fresh_key};

/// The header that makes sending a command twice the same as once.
pub const KEY_HEADER: &str = "idempotency-key";

/// The key of a command. A client that sends none gets one drawn for it, and has nothing to repeat
/// the command with if no answer comes.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key itself.
    pub text: String,
    /// What was sent with it: what is left out there is filled in with the present time, so the
    /// command alone would be another one every time.
    pub asked: Option<Digest>,
}

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let asked = parts.extensions.get::<Sent>().map(|sent| sent.0);
        let Some(value) = parts.headers.get(KEY_HEADER) else {
            return Ok(Self { text: fresh_key(), asked });
        };
        let wrong = |_| Problem::new(StatusCode::BAD_REQUEST, "command.bad_key");
        value.to_str().map(|text| Self { text: text.to_owned(), asked }).map_err(wrong)
    }
}

/// Digest of a request's address and body.
#[derive(Clone, Copy, Debug)]
struct Sent(Digest);

/// Reads the body of a command that carries a key, for its digest; files are left to their own
/// route, which digests them itself.
///
/// # Errors
/// A problem if the body is too large.
pub async fn digest_what_is_sent(request: Request, next: Next) -> Result<Response, Problem> {
    let keyed = request.headers().contains_key(KEY_HEADER);
    let json = request
        .headers()
        .get(CONTENT_TYPE)
        .is_none_or(|kind| kind.to_str().is_ok_and(|kind| kind.starts_with("application/json")));
    if !keyed || !json {
        return Ok(next.run(request).await);
    }
    let (mut parts, body) = request.into_parts();
    let too_large = |_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "web.too_large");
    // The route's own limit is stricter where it should be.
    let bytes = to_bytes(body, UPLOAD_MAX).await.map_err(too_large)?;
    let method = parts.method.as_str().as_bytes();
    let address = parts.uri.to_string();
    let digest = Digest::of_parts(&[method, b" ", address.as_bytes(), b"\n", &bytes]);
    parts.extensions.insert(Sent(digest));
    Ok(next.run(Request::from_parts(parts, bytes.into())).await)
}

/// A JSON body.
#[derive(Clone, Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let body = Json::<T>::from_request(request, app).await;
        body.map(|Json(body)| Self(body)).map_err(|rejection| {
            let code = match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => "web.too_large",
                StatusCode::UNSUPPORTED_MEDIA_TYPE => "web.media_type",
                _ => "web.malformed",
            };
            // JSON of another shape is as unreadable to us as no JSON at all.
            let status = match rejection.status() {
                StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
                other => other,
            };
            Problem::new(status, code).fact("detail", rejection.body_text())
        })
    }
}

/// The query. A name that is not asked for refuses: whoever mistypes a filter would otherwise take
/// everything for what was filtered.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        let wrong =
            |error: axum::extract::rejection::QueryRejection| Problem::malformed(error.body_text());
        if let Some(known) = Names::of::<T>() {
            let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
            let axum::extract::Query(pairs) = pairs.map_err(wrong)?;
            let strange =
                |(name, _): &&(String, String)| *name != "lang" && !known.contains(&name.as_str());
            if let Some((name, _)) = pairs.iter().find(strange) {
                let shown: String = name.chars().take(60).collect();
                return Err(Problem::new(StatusCode::BAD_REQUEST, "web.query_name")
                    .fact("name", shown)
                    .fact("known", known.join(", ")));
            }
        }
        query.map(|axum::extract::Query(query)| Self(query)).map_err(wrong)
    }
}

/// Asks a type for the names of its fields: it reads nothing and always fails.
#[derive(Debug, Default)]
struct Names(Option<&'static [&'static str]>);

impl Names {
    /// The names of a type's fields; none where it takes any name.
    fn of<T: DeserializeOwned>() -> Option<&'static [&'static str]> {
        let mut names = Self::default();
        let _ = T::deserialize(&mut names);
        names.0
    }
}

impl<'de> serde::Deserializer<'de> for &mut Names {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: serde::de::Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(serde::de::Error::custom("only names"))
    }

    fn deserialize_struct<V: serde::de::Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        self.0 = Some(fields);
        Err(serde::de::Error::custom("only names"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// What stands in the path; what is no identifier names nothing.
#[derive(Clone, Debug)]
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        let name = parts.uri.path().to_owned();
        path.map(|axum::extract::Path(path)| Self(path)).map_err(|_| Problem::not_found(name))
    }
}

/// Reads a moment: RFC 3339, or a date, which means its start in Sweden.
///
/// # Errors
/// A problem that names the field.
pub fn moment(field: &'static str, text: &str) -> Result<Time, Problem> {
    if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
        return Ok(Time(stamp.as_microsecond()));
    }
    let date = text.parse::<jiff::civil::Date>().ok().and_then(Time::start_of);
    let wrong = || Problem::new(StatusCode::BAD_REQUEST, "web.moment").fact("field", field);
    date.ok_or_else(|| wrong().fact("value", text.chars().take(60).collect::<String>()))
}

/// Reads a window.
///
/// # Errors
/// A problem that names the field.
fn window(from: Time, until: Option<&str>) -> Result<Window, Problem> {
    let until = until.map(|text| moment("until", text)).transpose()?;
    let wrong = |_| Problem::new(StatusCode::BAD_REQUEST, "web.window");
    Window::new(from, until).map_err(wrong)
}

/// Reads a window that begins now unless it says when.
///
/// # Errors
/// A problem that names the field.
pub fn window_from_now(
    app: &App,
    from: Option<&str>,
    until: Option<&str>,
) -> Result<Window, Problem> {
    window(moment_or_now(app, "from", from)?, until)
}

/// Reads a moment; now if none is named.
///
/// # Errors
/// A problem that names the field.
pub fn moment_or_now(app: &App, field: &'static str, text: Option<&str>) -> Result<Time, Problem> {
    text.map_or_else(|| Ok(app.engine.now()), |text| moment(field, text))
}

/// Reads a period.
///
/// # Errors
/// A problem that shows what stood there.
pub fn period(text: &str) -> Result<Period, Problem> {
    let wrong = |_| {
        let shown: String = text.chars().take(60).collect();
        Problem::new(StatusCode::BAD_REQUEST, "web.period").fact("value", shown)
    };
    text.parse().map_err(wrong)
}
