//! Every list goes out as a file, one way for all: what an operation answers as JSON is laid out as
//! a table, unless the operation has a table of its own. What is no list, and what concerns single
//! persons, is refused; never is somebody who asks for a file given something else.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Query, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;
use samband_domain::Time;
use samband_exchange::Table;
use utoipa::IntoParams as _;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Content, OpenApi, RefOr};

use super::answer::{Form, Format};
use super::lines::{Value, lines};
use crate::app::{App, Problem, Tongue};
use crate::text::Words;

/// Lists that stand inside an answer: the operation, and the field that holds its rows.
const INSIDE: &[(&str, &str)] = &[
    ("/api/v1/alarms/clocks", "regions"),
    ("/api/v1/capacity", "hospitals"),
    ("/api/v1/incidents/{issuer}/{id}/blood", "regions"),
    ("/api/v1/plans/targets", "rows"),
    ("/api/v1/plans/use", "days"),
];

/// What concerns single persons: read one by one, where the reading can be recorded, and never
/// handed out as a file that nobody follows any longer.
const PRIVATE: &[&str] = &[
    "/api/v1/accounts/{user}",
    "/api/v1/accounts/{user}/sessions",
    "/api/v1/break-glass",
    "/api/v1/call-ups/{id}",
    "/api/v1/call-ups/{id}/next",
    "/api/v1/disclosures",
    "/api/v1/donations/{din}",
    "/api/v1/donors",
    "/api/v1/donors/{id}/eligibility",
    "/api/v1/patients",
    "/api/v1/patients/{patient}",
    "/api/v1/people/{region}/{actor}",
    "/api/v1/rosters",
    "/api/v1/units/{din}/{product}/trace",
];

/// How an operation goes out as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// It reads the form itself; it may leave the table to what stands here.
    Own,
    /// Its answer is a list.
    List,
    /// The rows stand in a field of its answer.
    Inside(&'static str),
    /// Never: it concerns single persons.
    Private,
}

/// How each operation goes out as a file; what is not named here cannot.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists(BTreeMap<String, Kind>);

/// Finds out from the description which operations are lists, and describes there that they go out
/// as files.
pub(super) fn describe(description: &mut OpenApi) -> Lists {
    let mut lists = Lists::default();
    for (path, item) in &mut description.paths.paths {
        let Some(get) = &mut item.get else { continue };
        let own = get.parameters.iter().flatten().any(is_format);
        let inside = INSIDE.iter().find(|(inside, _)| inside == path);
        let kind = if PRIVATE.contains(&path.as_str()) {
            Kind::Private
        } else if own {
            Kind::Own
        } else if get.responses.responses.get("200").is_some_and(is_list) {
            Kind::List
        } else if let Some((_, field)) = inside {
            Kind::Inside(field)
        } else {
            continue;
        };
        if matches!(kind, Kind::List | Kind::Inside(_)) {
            let form = Form::into_params(|| None).into_iter().map(RefOr::T);
            get.parameters.get_or_insert_default().extend(form);
        }
        lists.0.insert(path.clone(), kind);
    }
    lists
}

fn is_list(response: &RefOr<utoipa::openapi::Response>) -> bool {
    let RefOr::T(response) = response else { return false };
    let list = |content: &RefOr<Content>| {
        let RefOr::T(content) = content else { return false };
        matches!(content.schema, Some(RefOr::T(Schema::Array(_))))
    };
    response.content.get("application/json").is_some_and(list)
}

fn is_format(parameter: &RefOr<Parameter>) -> bool {
    matches!(parameter, RefOr::T(parameter) if parameter.name == "format")
}

/// Answers a request for a file with a file, or says why there is none.
///
/// # Errors
/// A problem for a form that does not exist, for what is no list, for what concerns single persons.
pub(super) async fn in_form(
    State((app, lists)): State<(App, Arc<Lists>)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let form = Query::<Form>::try_from_uri(request.uri()).map(|Query(form)| form);
    let form = form.unwrap_or_default();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || form.format.is_none() {
        return Ok(next.run(request).await);
    }
    let format = form.format()?;
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let path = path.unwrap_or_default();
    let kind = lists.0.get(&path).copied();
    let file = format != Format::Json;
    match kind {
        Some(Kind::Private) if file => {
            let problem = Problem::new(StatusCode::FORBIDDEN, "export.private");
            let source = Some("GDPR 5.1 c, 5.1 f");
            return Err(Problem { source, ..problem }.fact("name", path));
        }
        None if file => return Err(no_table(&path)),
        Some(Kind::Own) => {}
        _ => *request.uri_mut() = without_form(request.uri()),
    }
    let words = request.extensions().get::<Tongue>().map_or_else(Words::sv, |one| one.words);
    let response = next.run(request).await;
    let json = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    if !file || !json || response.status() != StatusCode::OK {
        return Ok(response);
    }
    let field = if let Some(Kind::Inside(field)) = kind { field } else { "" };
    let stem = stem(&path);
    let body = bytes(response.into_body()).await?;
    let table = table(&stem, words, &body, field).ok_or_else(|| no_table(&path))?;
    let now: Time = app.engine.now();
    form.file(&stem, words, now, || table)?.ok_or_else(Problem::broken)
}

async fn bytes(body: Body) -> Result<axum::body::Bytes, Problem> {
    to_bytes(body, usize::MAX).await.map_err(|error| {
        tracing::error!(%error, "an answer broke off");
        Problem::broken()
    })
}

fn no_table(path: &str) -> Problem {
    Problem::new(StatusCode::NOT_ACCEPTABLE, "export.no_table").fact("name", path)
}

/// The address without what is said about the form, which the operation knows nothing of.
fn without_form(uri: &Uri) -> Uri {
    let kept: Vec<_> = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !matches!(pair.split('=').next(), Some("format" | "headings" | "")))
        .collect();
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    format!("{}{query}", uri.path()).parse().unwrap_or_else(|_| uri.clone())
}

/// What the file is called: the words of the path that name no single thing.
fn stem(path: &str) -> String {
    let words = path.strip_prefix(super::ROOT).unwrap_or(path).split('/');
    let words: Vec<_> = words.filter(|one| !one.is_empty() && !one.starts_with('{')).collect();
    words.join("-")
}

/// A list as JSON, or the list in one of its fields, laid out as a table; none if it is no list.
#[must_use]
pub fn table(name: &str, words: Words, json: &[u8], field: &str) -> Option<Table> {
    let value: Value = serde_json::from_slice(json).ok()?;
    let rows = match value {
        Value::List(rows) => rows,
        Value::Map(fields) if !field.is_empty() => {
            let found = fields.into_iter().find(|(name, _)| name == field)?.1;
            let Value::List(rows) = found else { return None };
            rows
        }
        _ => return None,
    };
    Some(lines(name, words, &rows))
}
