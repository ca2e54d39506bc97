//! One call of a server over the network.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Largest answer, in bytes.
const ANSWER_MAX: usize = 16 * 1024 * 1024;

/// Where a call goes.
pub struct Target {
    tls: Option<Arc<ClientConfig>>,
    authority: String,
    host: String,
    port: u16,
    path: String,
}

impl Target {
    /// Reads an address.
    ///
    /// # Errors
    /// If it is none.
    pub fn read(url: &str) -> Result<Self> {
        let uri: hyper::Uri = url.parse().with_context(|| format!("“{url}” is no address"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            bail!("“{url}” is no address");
        };
        let (tls, usual) = match scheme {
            "https" => (Some(trust()?), 443),
            "http" => (None, 80),
            _ => bail!("“{url}”: http or https"),
        };
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let port = authority.port_u16().unwrap_or(usual);
        let path = uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        Ok(Self { tls, authority: authority.to_string(), host, port, path })
    }

    /// Calls, and waits for the status and the body.
    ///
    /// # Errors
    /// If no answer came.
    pub async fn call(
        &self,
        method: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<(u16, Bytes)> {
        let at = || format!("{}:{}", self.host, self.port);
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await.with_context(at)?;
        stream.set_nodelay(true)?;
        let mut request = hyper::Request::builder()
            .method(method)
            .uri(&self.path)
            .header(HOST, &self.authority)
            .header(CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body)))?;
        match &self.tls {
            None => exchange(stream, request).await,
            Some(config) => {
                let name = ServerName::try_from(self.host.clone())?;
                let connector = TlsConnector::from(Arc::clone(config));
                exchange(connector.connect(name, stream).await.context("TLS")?, request).await
            }
        }
    }
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: hyper::Request<Full<Bytes>>,
) -> Result<(u16, Bytes)> {
    let (mut send, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let answer = send.send_request(request).await?;
    let status = answer.status().as_u16();
    let body = Limited::new(answer.into_body(), ANSWER_MAX).collect().await;
    connection.abort();
    let body = body.map_err(|error| anyhow::anyhow!("the answer broke off: {error}"))?;
    Ok((status, body.to_bytes()))
}

/// Certificates that this machine trusts.
fn trust() -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
