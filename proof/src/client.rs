//! A program that uses the API.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Response;
use ureq::{Body, RequestBuilder};

/// How long one answer may take before the client gives up on it.
const WITHIN: Duration = Duration::from_secs(30);

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// After how many seconds to try again, if it says so.
    pub retry_after: Option<String>,
    /// As of which records a follower answers.
    pub as_of: Option<String>,
    /// Body, null if it is no JSON.
    pub body: Value,
}

impl Answer {
    /// The body of an answer with status 200.
    ///
    /// # Panics
    /// If it has another.
    #[track_caller]
    #[must_use]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }

    /// The stable code of a refusal.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

/// A client of one server.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    base: String,
    token: Option<String>,
}

impl Client {
    /// One that is not signed in.
    #[must_use]
    pub fn new(address: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(WITHIN))
            .build();
        Self { agent: config.into(), base: address.to_owned(), token: None }
    }

    /// One that is.
    ///
    /// # Errors
    /// If it is not let in.
    pub fn sign_in(address: &str, user: &str, password: &str) -> Result<Self> {
        let mut client = Self::new(address);
        let asked = json!({ "user": user, "password": password });
        let answer = client.post("/api/v1/sign-in", None, &asked)?;
        if answer.status != 200 {
            bail!("{user} is not let in: {} {}", answer.status, answer.body);
        }
        client.token = answer.body["token"].as_str().map(str::to_owned);
        Ok(client)
    }

    /// The same person at another address of the same installation.
    #[must_use]
    pub fn at(&self, address: &str) -> Self {
        Self { token: self.token.clone(), ..Self::new(address) }
    }

    /// Reads.
    ///
    /// # Errors
    /// If there is no answer.
    pub fn try_get(&self, path: &str) -> Result<Answer> {
        let request = self.agent.get(format!("{}{path}", self.base));
        answer(self.with_token(request).call())
    }

    /// Reads what must be there.
    ///
    /// # Panics
    /// If it is not.
    #[track_caller]
    #[must_use]
    pub fn get(&self, path: &str) -> Value {
        self.try_get(path).unwrap_or_else(|error| panic!("{path}: {error:#}")).ok()
    }

    /// Gives a command under a key.
    ///
    /// # Errors
    /// If there is no answer.
    pub fn post(&self, path: &str, key: Option<&str>, body: &Value) -> Result<Answer> {
        let mut request = self.with_token(self.agent.post(format!("{}{path}", self.base)));
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        answer(request.send_json(body))
    }

    /// Sends what a page's form would.
    ///
    /// # Panics
    /// If there is no answer, or another than a way back to a page.
    #[track_caller]
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) {
        let request = self.with_token(self.agent.post(format!("{}{path}", self.base)));
        let sent = request.send_form(fields.iter().copied());
        let status = sent.unwrap_or_else(|error| panic!("{path}: {error:#}")).status().as_u16();
        assert!([200, 303].contains(&status), "{path}: {status}");
    }

    /// Reads a page or a file: its status and its text.
    ///
    /// # Panics
    /// If there is no answer.
    #[track_caller]
    #[must_use]
    pub fn text(&self, path: &str) -> (u16, String) {
        let request = self.agent.get(format!("{}{path}", self.base));
        said(path, self.with_token(request).call())
    }

    /// Sends what a page's form would, and reads the page that is answered with.
    ///
    /// # Panics
    /// If there is no answer.
    #[track_caller]
    #[must_use]
    pub fn fill(&self, path: &str, fields: &[(String, String)]) -> (u16, String) {
        let request = self.with_token(self.agent.post(format!("{}{path}", self.base)));
        said(path, request.send_form(fields.iter().map(|(k, v)| (k.as_str(), v.as_str()))))
    }

    /// A client that shows something else than a person's token.
    #[must_use]
    pub fn showing(address: &str, secret: &str) -> Self {
        Self { token: Some(secret.to_owned()), ..Self::new(address) }
    }

    /// Puts something in the place of what was there, under a key.
    ///
    /// # Errors
    /// If there is no answer.
    pub fn put(&self, path: &str, key: Option<&str>, body: &Value) -> Result<Answer> {
        let mut request = self.with_token(self.agent.put(format!("{}{path}", self.base)));
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        answer(request.send_json(body))
    }

    /// Sends a file.
    ///
    /// # Errors
    /// If there is no answer.
    pub fn post_text(&self, path: &str, kind: &str, text: &str) -> Result<Answer> {
        let request = self.with_token(self.agent.post(format!("{}{path}", self.base)));
        let key = samband_domain::Digest::of(format!("{path} {text}").as_bytes()).to_string();
        answer(request.header("Idempotency-Key", &key).content_type(kind).send(text))
    }

    /// Gives a command that must be carried out. The key is the path and body themselves.
    ///
    /// # Panics
    /// If it is not.
    #[track_caller]
    pub fn act(&self, path: &str, body: &Value) -> Value {
        let key = samband_domain::Digest::of(format!("{path} {body}").as_bytes()).to_string();
        let answer = self.post(path, Some(&key), body);
        answer.unwrap_or_else(|error| panic!("{path}: {error:#}")).ok()
    }

    fn with_token<B>(&self, request: RequestBuilder<B>) -> RequestBuilder<B> {
        match &self.token {
            Some(token) => request.header("Authorization", format!("Bearer {token}")),
            None => request,
        }
    }
}

#[track_caller]
fn said(path: &str, outcome: Result<Response<Body>, ureq::Error>) -> (u16, String) {
    let mut response = outcome.unwrap_or_else(|error| panic!("{path}: {error:#}"));
    let text = response.body_mut().read_to_string();
    (response.status().as_u16(), text.unwrap_or_else(|error| panic!("{path}: {error:#}")))
}

fn answer(outcome: Result<Response<Body>, ureq::Error>) -> Result<Answer> {
    let mut response = outcome?;
    let status = response.status().as_u16();
    let header = |name: &str| {
        let value = response.headers().get(name);
        value.and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    let (retry_after, as_of) = (header("retry-after"), header("samband-as-of"));
    let text = response.body_mut().read_to_string().context("the answer broke off")?;
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Ok(Answer { status, retry_after, as_of, body })
}

/// A report of figures: measure, period, value.
#[must_use]
pub fn figures(source: &str, rows: &[(&str, &str, u64)]) -> Value {
    let rows: Vec<_> = rows
        .iter()
        .map(|(measure, period, value)| {
            json!({ "measure": measure, "period": period, "value": value })
        })
        .collect();
    json!({ "source": source, "rows": rows })
}

/// A site to open.
#[must_use]
pub fn site(id: &str, name: &str) -> Value {
    let from = "2025-01-01";
    json!({ "id": id, "name": name, "kind": "depot", "record": "samband", "from": from })
}
