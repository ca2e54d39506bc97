//! Listeners: plain, TLS for people, mutual TLS for other installations.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Request};
use axum::serve::{IncomingStream, Listener};
use rustls::ServerConfig;
use samband_domain::Digest;
use samband_web::peer::PeerCertificate;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Handshakes under way at a time; more wait in the system's queue.
const HANDSHAKES_MAX: usize = 256;

/// Binds an address, saying what to do if it cannot be had.
///
/// # Errors
/// If the address is taken or not ours.
pub async fn bind(address: &str) -> Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}; choose another with --listen"))
}

/// A listener whose connections have done their TLS handshake.
pub struct TlsListener {
    local: SocketAddr,
    ready: mpsc::Receiver<(TlsStream<TcpStream>, From)>,
}

/// Where a connection comes from, and the certificate it proved to own.
#[derive(Clone, Copy, Debug)]
pub struct From {
    /// Address.
    pub address: SocketAddr,
    /// Certificate.
    pub certificate: Option<Digest>,
}

impl TlsListener {
    /// Starts shaking hands on a bound listener. A slow or broken client holds nobody up.
    ///
    /// # Errors
    /// If the listener's address cannot be read.
    pub fn start(listener: TcpListener, config: Arc<ServerConfig>) -> Result<Self> {
        let local = listener.local_addr()?;
        let (send, ready) = mpsc::channel(HANDSHAKES_MAX);
        let acceptor = TlsAcceptor::from(config);
        let places = Arc::new(tokio::sync::Semaphore::new(HANDSHAKES_MAX));
        tokio::spawn(async move {
            loop {
                let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                    return;
                };
                let (stream, address) = match listener.accept().await {
                    Ok(accepted) => accepted,
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be taken");
                        tokio::time::sleep(Duration::from_millis(100)).await;
                        continue;
                    }
                };
                let (acceptor, send) = (acceptor.clone(), send.clone());
                tokio::spawn(async move {
                    let _place = place;
                    let shake = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream));
                    if let Ok(Ok(stream)) = shake.await {
                        let shown = stream.get_ref().1.peer_certificates();
                        let first = shown.and_then(<[_]>::first);
                        let certificate = first.map(|certificate| Digest::of(certificate));
                        let _ = send.send((stream, From { address, certificate })).await;
                    }
                });
            }
        });
        Ok(Self { local, ready })
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = From;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(accepted) => accepted,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        Ok(From { address: self.local, certificate: None })
    }
}

impl Connected<IncomingStream<'_, TlsListener>> for From {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Self {
        *stream.remote_addr()
    }
}

/// Tells the routes for people where a TLS connection comes from.
pub async fn tell_address(ConnectInfo(from): ConnectInfo<From>, mut request: Request) -> Request {
    request.extensions_mut().insert(ConnectInfo(from.address));
    request
}

/// Tells the routes for other installations which certificate a connection proved to own. One
/// without does not get through the handshake; zero belongs to nobody.
pub async fn tell_certificate(
    ConnectInfo(from): ConnectInfo<From>,
    mut request: Request,
) -> Request {
    let certificate = from.certificate.unwrap_or(Digest::ZERO);
    request.extensions_mut().insert(PeerCertificate(certificate));
    request
}
