//! Running: engine, listeners, clock, pulls, and a stop that loses nothing.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::middleware::map_request;
use samband_engine::Engine;
use samband_web::app::{App, Site};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::cli::Serve;
use crate::engine_at::{open_by, open_engine};
use crate::listen::{From, TlsListener, bind, tell_address, tell_certificate};
use crate::operate::Surroundings;
use crate::place::Place;
use crate::tls::{Identity, public_server};
use crate::{control, demo, forward, pull};

/// Address for people unless another is named.
const LISTEN: &str = "127.0.0.1:8080";

/// How often the clock's work is done.
const TICK: Duration = Duration::from_secs(5);

/// How long open requests may take once the server is told to stop.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// Runs the server until it is told to stop.
///
/// # Errors
/// If it cannot start, or another process took its database over.
pub async fn serve(options: Serve) -> Result<()> {
    // First of all: a process told to stop while it starts leaves nothing behind either.
    let told = hear_stop()?;
    // Dropped last, so that nothing of a demo is left behind.
    let scratch = options.demo.then(demo_directory).transpose()?;
    let root = match (&scratch, &options.data) {
        (Some(scratch), _) => scratch.0.clone(),
        (None, Some(data)) => data.clone(),
        (None, None) => unreachable!("the command line asks for --data or --demo"),
    };
    let mut place = Place::open(&root)?;
    override_settings(&mut place, &options);
    let _held = place.must_hold()?;
    let listen = place.settings.listen.clone().unwrap_or_else(|| LISTEN.into());
    let listener = bind(&listen).await?;
    let engine = tokio::select! {
        engine = start(&place, options.demo) => engine?,
        () = told_to_stop(told.clone()) => return Ok(()),
    };
    let identity = Arc::new(Identity::open(&place.tls())?);
    let around = Surroundings { place: place.clone(), identity: Arc::clone(&identity) };

    let settings = &place.settings;
    let tls = settings.tls_certificate.as_ref().zip(settings.tls_key.as_ref());
    let site = Site {
        secure: tls.is_some()
            || settings.public_url.as_ref().is_some_and(|url| url.starts_with("https://")),
        public: settings.public_url.clone(),
        proxies: settings.proxies.clone(),
        // Neighbours pull from the process that writes.
        reached: (!engine.follows()).then(|| around.reached()),
    };
    tokio::spawn(background(engine.clone(), around));
    let app = App::new(engine.clone(), options.demo, site);
    // "Joint or alone?" as usually asked is worked out before the first reader comes.
    let _ = app.joint_usual();
    let app = samband_web::app::router(app);
    let others = start_others(&engine, &identity, &place).await?;
    announce(&place, listener.local_addr()?, tls.is_some(), options.demo);
    let outcome = match tls {
        None => {
            let service = app.into_make_service_with_connect_info::<SocketAddr>();
            let server =
                axum::serve(listener, service).with_graceful_shutdown(told_to_stop(told.clone()));
            until_stopped(&engine, told.clone(), async { server.await.map_err(Into::into) }).await
        }
        Some((certificate, key)) => {
            let listener = TlsListener::start(listener, public_server(certificate, key)?)?;
            let app = app.layer(map_request(tell_address));
            let service = app.into_make_service_with_connect_info::<From>();
            let server =
                axum::serve(listener, service).with_graceful_shutdown(told_to_stop(told.clone()));
            until_stopped(&engine, told.clone(), async { server.await.map_err(Into::into) }).await
        }
    };
    others.iter().for_each(tokio::task::JoinHandle::abort);
    let _ = std::fs::remove_file(place.socket());
    engine.stop().await;
    outcome
}

/// What runs beside the listeners: clock, pulls, the command line's socket.
async fn background(engine: Engine, around: Surroundings) {
    let every = Duration::from_secs(around.place.settings.pull_seconds.unwrap_or(10).max(1));
    let pulls = async {
        if !engine.follows() {
            pull::run(engine.clone(), Arc::clone(&around.identity), every).await;
        }
    };
    let control = control::listen(engine.clone(), around.clone());
    let clock = async {
        loop {
            tokio::time::sleep(TICK).await;
            engine.tick().await;
        }
    };
    let control = async {
        if let Err(error) = control.await {
            tracing::error!(%error, "the command line cannot reach this server");
        }
    };
    tokio::join!(pulls, clock, control);
}

/// What listens for other processes: neighbours, and those that follow. One that follows has
/// neither; both go to the process that writes.
async fn start_others(
    engine: &Engine,
    identity: &Identity,
    place: &Place,
) -> Result<Vec<tokio::task::JoinHandle<()>>> {
    if engine.follows() {
        if place.settings.peer_listen.is_some() {
            tracing::warn!("peer_listen stands idle: neighbours pull from the process that writes");
        }
        return Ok(Vec::new());
    }
    let mut others: Vec<_> = start_peers(engine, identity, place).await?.into_iter().collect();
    if engine.store().is_shared() {
        others.push(forward::listen(engine, identity, place).await?);
    }
    Ok(others)
}

async fn start_peers(
    engine: &Engine,
    identity: &Identity,
    place: &Place,
) -> Result<Option<tokio::task::JoinHandle<()>>> {
    let Some(address) = &place.settings.peer_listen else {
        return Ok(None);
    };
    let listener = TlsListener::start(bind(address).await?, identity.server()?)?;
    let router: Router = samband_web::peer::router(engine.clone());
    let service =
        router.layer(map_request(tell_certificate)).into_make_service_with_connect_info::<From>();
    let task = async move {
        if let Err(error) = axum::serve(listener, service).await {
            tracing::error!(%error, "other installations are no longer served");
        }
    };
    println!("Other installations: https://{address}");
    Ok(Some(tokio::spawn(task)))
}

/// Runs a server until it ends by itself, or the engine has stepped down.
async fn until_stopped(
    engine: &Engine,
    told: watch::Receiver<bool>,
    server: impl Future<Output = Result<()>>,
) -> Result<()> {
    let stepped_down = async {
        while !engine.health().stopped {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    let overdue = async {
        told_to_stop(told).await;
        tokio::time::sleep(STOP_WITHIN).await;
    };
    tokio::select! {
        outcome = server => outcome,
        () = overdue => Ok(()),
        () = stepped_down => {
            anyhow::bail!("another process writes this database now; this one has stopped")
        }
    }
}

/// Listens from now on for being told to stop.
fn hear_stop() -> Result<watch::Receiver<bool>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (tell, told) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tell.send_replace(true);
    });
    Ok(told)
}

async fn told_to_stop(mut told: watch::Receiver<bool>) {
    // The other end is dropped only once the word is given.
    let _ = told.wait_for(|told| *told).await;
}

/// The engine of a place, and in it the demo world if that is wanted.
async fn start(place: &Place, demo: bool) -> Result<Engine> {
    if !demo {
        return open_engine(place).await;
    }
    let clock = Arc::new(demo::DemoClock::default());
    let engine = open_by(place, clock.clone()).await?;
    demo::build(&engine, &clock).await.context("the demo world could not be made")?;
    Ok(engine)
}

fn override_settings(place: &mut Place, options: &Serve) {
    let settings = &mut place.settings;
    settings.follow |= options.follow;
    if options.follower_listen.is_some() {
        settings.follower_listen.clone_from(&options.follower_listen);
    }
    if options.listen.is_some() {
        settings.listen.clone_from(&options.listen);
    }
    if options.peer_listen.is_some() {
        settings.peer_listen.clone_from(&options.peer_listen);
    }
    if options.pull_seconds.is_some() {
        settings.pull_seconds = options.pull_seconds;
    }
}

fn announce(place: &Place, address: SocketAddr, tls: bool, demo: bool) {
    let scheme = if tls { "https" } else { "http" };
    println!("Samband: {scheme}://{address}");
    if demo {
        print!("{}", demo::accounts_table());
    } else {
        println!("Data: {}", place.root().display());
        if place.settings.follow {
            println!("Follows the process that writes this database; commands are sent there.");
        }
    }
}

/// A directory of its own for a demo, gone when it ends.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn demo_directory() -> Result<Scratch> {
    let bytes = samband_access::secret::random::<8>()?;
    let name = samband_domain::Digest::of(&bytes).short();
    let path = std::env::temp_dir().join(format!("samband-demo-{name}"));
    std::fs::create_dir(&path).with_context(|| format!("cannot make {}", path.display()))?;
    Ok(Scratch(path))
}
