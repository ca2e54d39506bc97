//! One call of another system or server: JSON there, a status and what it says back.

use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, Result, bail};
use http_body_util::{BodyExt as _, Collected, Full, Limited};
use hyper::Method;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HOST, USER_AGENT};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Longest answer, in bytes.
const ANSWER_MAX: usize = 16 * 1024 * 1024;

/// Of its words, so many characters are kept.
const WORDS_MAX: usize = 200;

/// Where a call goes.
#[derive(Clone, Debug)]
pub struct Target {
    tls: bool,
    host: String,
    port: u16,
    path: String,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// None if it broke off.
    body: Option<Bytes>,
}

impl Target {
    /// Reads an address: https, or http to this machine.
    ///
    /// # Errors
    /// If it is another.
    pub fn read(url: &str) -> Result<Self> {
        let uri: hyper::Uri = url.parse().with_context(|| format!("“{url}” is no address"))?;
        let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else {
            bail!("“{url}” is no address");
        };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let tls = scheme == "https";
        let here = ["127.0.0.1", "::1", "localhost"].contains(&&*host);
        if !(tls || scheme == "http" && here) {
            bail!("“{url}”: https, or http to this machine only");
        }
        let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
        let path = uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        Ok(Self { tls, host, port, path })
    }

    /// Posts JSON.
    ///
    /// # Errors
    /// If no answer came.
    pub async fn post(&self, headers: &[(&str, String)], body: String) -> Result<Answer> {
        self.call(Method::POST, headers, body).await
    }

    /// Asks.
    ///
    /// # Errors
    /// If no answer came.
    pub async fn get(&self, headers: &[(&str, String)]) -> Result<Answer> {
        self.call(Method::GET, headers, String::new()).await
    }

    async fn call(
        &self,
        method: Method,
        headers: &[(&str, String)],
        body: String,
    ) -> Result<Answer> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await;
        let stream = stream.with_context(|| format!("{}:{}", self.host, self.port))?;
        stream.set_nodelay(true)?;
        if !self.tls {
            return self.ask(stream, method, headers, body).await;
        }
        let name = ServerName::try_from(self.host.clone())?;
        let stream = TlsConnector::from(trust()?).connect(name, stream).await.context("TLS")?;
        self.ask(stream, method, headers, body).await
    }

    async fn ask(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        method: Method,
        headers: &[(&str, String)],
        body: String,
    ) -> Result<Answer> {
        let io = TokioIo::new(stream);
        let (mut send, connection) = hyper::client::conn::http1::handshake(io).await?;
        let connection = tokio::spawn(connection);
        let usual = if self.tls { 443 } else { 80 };
        let host =
            if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let host = if self.port == usual { host } else { format!("{host}:{}", self.port) };
        let mut request = hyper::Request::builder()
            .method(method)
            .uri(&self.path)
            .header(HOST, host)
            .header(USER_AGENT, "samband")
            .header(CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let answer = send.send_request(request.body(Full::new(Bytes::from(body)))?).await?;
        let status = answer.status().as_u16();
        let body = Limited::new(answer.into_body(), ANSWER_MAX).collect().await;
        connection.abort();
        // A status without its words is an answer all the same.
        Ok(Answer { status, body: body.ok().map(Collected::to_bytes) })
    }
}

impl Answer {
    /// Whether it was taken; it was, too, where the gateway has had it before.
    ///
    /// # Errors
    /// What it said otherwise.
    pub fn taken(self) -> Result<()> {
        match self.status {
            200..=299 | 409 => Ok(()),
            status => {
                let said = String::from_utf8_lossy(self.body.as_deref().unwrap_or_default());
                let words: String = said.chars().take(WORDS_MAX).collect();
                bail!("{status} {}", words.split_whitespace().collect::<Vec<_>>().join(" "))
            }
        }
    }

    /// What it says.
    ///
    /// # Errors
    /// If it broke off, or is of another kind.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        let body = self.body.as_ref().context("the answer broke off")?;
        serde_json::from_slice(body).context("an answer of another kind")
    }
}

/// Certificates that this machine trusts.
fn trust() -> Result<Arc<ClientConfig>> {
    static CONFIG: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    if let Some(config) = CONFIG.get() {
        return Ok(Arc::clone(config));
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::clone(CONFIG.get_or_init(|| Arc::new(config))))
}
