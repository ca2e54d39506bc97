//! Problems as documents for programs (RFC 9457).

use std::collections::BTreeMap;

use axum::Json;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::{Problem, explain};
use crate::text::Words;

/// A problem document: stable code, texts in the language asked for, facts as they are.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDocument {
    /// The stable code as an address: `urn:samband:refusal:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The status.
    pub status: u16,
    /// What happened and what to do, in the language of `Accept-Language`.
    pub detail: String,
    /// The stable code.
    pub code: String,
    /// The rule that refused, in words.
    pub rule: Option<String>,
    /// Where the rule comes from.
    pub source: Option<String>,
    /// The facts that the rule was held against.
    pub facts: BTreeMap<String, String>,
}

/// The document of a problem. The texts are made from `named`, the same with the names that people
/// know; the facts stay as programs know them.
#[must_use]
pub fn problem_document(problem: &Problem, named: &Problem, words: Words) -> Response {
    let explained = explain(named, words);
    let facts = problem.facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    let document = ProblemDocument {
        kind: format!("urn:samband:refusal:{}", problem.code),
        title: problem.status.canonical_reason().unwrap_or("Problem").to_owned(),
        status: problem.status.as_u16(),
        detail: explained.text,
        code: problem.code.to_owned(),
        rule: explained.rule,
        source: problem.source.map(str::to_owned),
        facts: facts.collect(),
    };
    let mut response = (problem.status, Json(document)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(words.lang().code()));
    if let Some(seconds) = problem.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
