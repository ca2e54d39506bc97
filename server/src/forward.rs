//! Between the process that writes and those that follow it: commands over TLS, each side shown
//! what stands in their common database.
//!
//! The writer's certificate is known by its fingerprint, the follower by a secret that is new at
//! every start of the writer. Both stand in the database; whoever can read that has its password
//! and could write it anyway.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use samband_domain::Digest;
use samband_engine::{Announced, Courier, Delivery, Engine, Undelivered};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::listen::{From, TlsListener, bind};
use crate::place::Place;
use crate::tls::Identity;

/// Where commands are taken; the number changes when their form does.
const PATH: &str = "/forward/v1";

/// Address for those that follow unless another is named: this machine, any port.
const LISTEN: &str = "127.0.0.1:0";

/// Largest message and largest answer, in bytes: an imported file and what stands around it.
const MESSAGE_MAX: usize = 64 * 1024 * 1024;

/// How long it may take to reach the writer.
const REACH_WITHIN: Duration = Duration::from_secs(3);

/// How long its answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// Connections kept for the next command.
const KEPT_MAX: usize = 16;

/// Takes commands from those that follow, and tells them where.
///
/// # Errors
/// If the address cannot be had, or the database does not take it.
pub async fn listen(
    engine: &Engine,
    identity: &Identity,
    place: &Place,
) -> Result<tokio::task::JoinHandle<()>> {
    let settings = &place.settings;
    let asked = settings.follower_listen.as_deref().unwrap_or(LISTEN);
    let listener = bind(asked).await.context("follower_listen in samband.toml")?;
    let local = listener.local_addr()?;
    let Some(address) = address_told(settings.follower_address.as_deref(), local) else {
        bail!(
            "follower_listen = \"{asked}\" means every address of this machine: say under which \
             one followers reach it with follower_address = \"HOST:PORT\" in samband.toml"
        );
    };
    let listener = TlsListener::start(listener, identity.server()?)?;
    let secret = Digest(samband_access::secret::random::<32>()?).to_string();
    let certificate = identity.fingerprint();
    let announced = Announced { address, certificate, secret: secret.clone() };
    let router = Router::new()
        .route(PATH, post(take))
        .layer(DefaultBodyLimit::max(MESSAGE_MAX))
        .with_state(Arc::new((engine.clone(), format!("Bearer {secret}"))));
    let service = router.into_make_service_with_connect_info::<From>();
    let task = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, service).await {
            tracing::error!(%error, "commands from followers are no longer taken");
        }
    });
    engine.announce(&announced).await.context("followers cannot be told where to send commands")?;
    tracing::info!(address = announced.address, "commands from followers are taken");
    Ok(task)
}

/// The address that followers are told: as settled, or as bound if that is one.
fn address_told(settled: Option<&str>, local: SocketAddr) -> Option<String> {
    match settled {
        Some(settled) => Some(settled.to_owned()),
        None if local.ip().is_unspecified() => None,
        None => Some(local.to_string()),
    }
}

async fn take(
    State(held): State<Arc<(Engine, String)>>,
    headers: HeaderMap,
    message: Bytes,
) -> Result<Vec<u8>, (StatusCode, String)> {
    let (engine, word) = &*held;
    // Digests are compared, so that the time it takes tells nothing about the secret.
    let shown = headers.get(AUTHORIZATION).map(|value| Digest::of(value.as_bytes()));
    if shown != Some(Digest::of(word.as_bytes())) {
        tracing::warn!("a command without the secret of this start was refused");
        return Err((StatusCode::UNAUTHORIZED, String::new()));
    }
    let answer = engine.take_forwarded(&message).await;
    answer.map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))
}

type Connection = SendRequest<Full<Bytes>>;

/// Takes commands to the writer; keeps its connections.
pub struct Messenger {
    identity: Arc<Identity>,
    kept: Mutex<Vec<(Announced, Connection)>>,
}

impl Messenger {
    /// One that shows this installation's certificate.
    pub fn new(identity: Arc<Identity>) -> Self {
        Self { identity, kept: Mutex::default() }
    }

    /// A connection of before that still stands.
    fn kept(&self, to: &Announced) -> Option<Connection> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(there, connection)| there == to && !connection.is_closed());
        kept.pop().map(|(_, connection)| connection)
    }

    fn keep(&self, to: &Announced, connection: Connection) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT_MAX {
            kept.push((to.clone(), connection));
        }
    }

    async fn reach(&self, to: &Announced) -> Result<Connection> {
        let stream = TcpStream::connect(&to.address).await.with_context(|| to.address.clone())?;
        stream.set_nodelay(true)?;
        let connector = TlsConnector::from(self.identity.client(to.certificate)?);
        // The name is not checked; the fingerprint is.
        let name = ServerName::try_from("samband.invalid")?;
        let stream = connector.connect(name, stream).await.context(to.address.clone())?;
        let (send, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(send)
    }

    async fn carry(&self, to: &Announced, message: Vec<u8>) -> Result<Vec<u8>, Undelivered> {
        let message = Bytes::from(message);
        if let Some(kept) = self.kept(to) {
            match self.ask(kept, to, message.clone()).await {
                // It was closed meanwhile, before anything was sent.
                Err(Unasked::Closed(_)) => {}
                Err(Unasked::Unsure(why)) => return Err(Undelivered::Unsure(why)),
                Ok((status, body)) => return judge(to, status, body),
            }
        }
        let reached = tokio::time::timeout(REACH_WITHIN, self.reach(to)).await;
        let late = || Undelivered::Away(format!("{} does not answer", to.address));
        let away = |error: anyhow::Error| Undelivered::Away(format!("{error:#}"));
        let fresh = reached.map_err(|_| late())?.map_err(away)?;
        match self.ask(fresh, to, message).await {
            Err(Unasked::Closed(why)) => Err(Undelivered::Away(why)),
            Err(Unasked::Unsure(why)) => Err(Undelivered::Unsure(why)),
            Ok((status, body)) => judge(to, status, body),
        }
    }

    async fn ask(
        &self,
        mut connection: Connection,
        to: &Announced,
        message: Bytes,
    ) -> Result<(StatusCode, Vec<u8>), Unasked> {
        let request = hyper::Request::post(PATH)
            .header(hyper::header::HOST, to.address.as_str())
            .header(AUTHORIZATION, format!("Bearer {}", to.secret))
            .body(Full::new(message))
            .map_err(|error| Unasked::Closed(error.to_string()))?;
        let why = |why: &dyn std::fmt::Display| format!("{}: {why}", to.address);
        let asked = async {
            let answer = connection.send_request(request).await;
            let answer = answer.map_err(|error| match error.is_canceled() {
                true => Unasked::Closed(why(&error)),
                false => Unasked::Unsure(why(&error)),
            })?;
            let status = answer.status();
            let body = Limited::new(answer.into_body(), MESSAGE_MAX).collect().await;
            let body = body.map_err(|error| Unasked::Unsure(why(&error)))?;
            Ok((status, body.to_bytes().to_vec()))
        };
        let answer = tokio::time::timeout(ANSWER_WITHIN, asked).await;
        let answer = answer.map_err(|_| Unasked::Unsure(why(&"no answer in time")))??;
        self.keep(to, connection);
        Ok(answer)
    }
}

/// Why a connection brought no answer.
enum Unasked {
    /// Nothing was sent.
    Closed(String),
    /// It was sent.
    Unsure(String),
}

/// What the writer's status says.
fn judge(to: &Announced, status: StatusCode, body: Vec<u8>) -> Result<Vec<u8>, Undelivered> {
    let address = &to.address;
    match status {
        StatusCode::OK => Ok(body),
        StatusCode::UNAUTHORIZED => {
            Err(Undelivered::Away(format!("{address} has another secret than the database")))
        }
        StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => {
            let why = "it does not understand this command: run the same version everywhere";
            Err(Undelivered::Away(why.into()))
        }
        status => Err(Undelivered::Unsure(format!("{address} answered {status}"))),
    }
}

impl Courier for Messenger {
    fn deliver<'a>(&'a self, to: &'a Announced, message: Vec<u8>) -> Delivery<'a> {
        Box::pin(self.carry(to, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A data directory that is gone with this value.
    struct Scratch(std::path::PathBuf);

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn only_who_reads_the_database_is_heard_and_only_its_writer_is_believed() {
        let name = format!("samband-forward-{}", std::process::id());
        let scratch = Scratch(std::env::temp_dir().join(name));
        let place = Place::open(&scratch.0).unwrap();
        let engine = crate::engine_at::open_engine(&place).await.unwrap();
        let identity = Arc::new(Identity::open(&place.tls()).unwrap());
        let task = listen(&engine, &identity, &place).await.unwrap();
        let told = engine.store().shelf_get("writer", "forward").await.unwrap().unwrap();
        let told: Announced = serde_json::from_str(&told).unwrap();
        // A follower has a certificate of its own.
        let other = Identity::open(&scratch.0.join("other")).unwrap();
        let messenger = Messenger::new(Arc::new(other));
        for _ in 0..3 {
            let answer = messenger.deliver(&told, b"[]".to_vec()).await.unwrap();
            assert_eq!(answer, br#"{"Receipts":[]}"#);
        }
        let away = async |to: Announced, message: &[u8]| match messenger
            .deliver(&to, message.to_vec())
            .await
        {
            Err(Undelivered::Away(why)) => why,
            other => panic!("{other:?}"),
        };
        let secret = Digest::of(b"guessed").to_string();
        let why = away(Announced { secret, ..told.clone() }, b"[]").await;
        assert!(why.contains("another secret"), "{why}");
        let certificate = Digest::of(b"another");
        let why = away(Announced { certificate, ..told.clone() }, b"[]").await;
        assert!(why.contains("another certificate"), "{why}");
        let why = away(told.clone(), b"{}").await;
        assert!(why.contains("same version"), "{why}");
        let nobody = bind("127.0.0.1:0").await.unwrap();
        let address = nobody.local_addr().unwrap().to_string();
        drop(nobody);
        let why = away(Announced { address: address.clone(), ..told }, b"[]").await;
        assert!(why.contains(&address), "{why}");
        task.abort();
        engine.stop().await;
    }

    #[test]
    fn followers_are_told_an_address_that_means_one_machine() {
        let at = |text: &str| text.parse::<SocketAddr>().unwrap();
        assert_eq!(address_told(None, at("10.0.0.5:8444")).as_deref(), Some("10.0.0.5:8444"));
        assert_eq!(address_told(None, at("0.0.0.0:8444")), None);
        assert_eq!(address_told(None, at("[::]:8444")), None);
        let settled = address_told(Some("db.example.org:8444"), at("0.0.0.0:8444"));
        assert_eq!(settled.as_deref(), Some("db.example.org:8444"));
    }
}
