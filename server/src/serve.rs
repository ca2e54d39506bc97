//! Running: engine, listeners, clock, pulls, and a stop that loses nothing.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::middleware::map_request;
use samband_domain::Mode;
use samband_engine::{Clock as _, Engine, SystemClock};
use samband_web::app::channels::Board;
use samband_web::app::{App, Site};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::cli::Serve;
use crate::demo::World;
use crate::engine_at::{open_by, open_engine};
use crate::exercise::{Gate, story};
use crate::listen::{From, TlsListener, bind, tell_address, tell_certificate};
use crate::operate::Surroundings;
use crate::place::Place;
use crate::sender::{Channels, Sender};
use crate::tls::{Identity, public_server};
use crate::{control, demo, forward, pull};

/// Address for people unless another is named.
const LISTEN: &str = "127.0.0.1:8080";

/// The same for an exercise in a made-up world: never that of anything real.
const LISTEN_EXERCISE: &str = "127.0.0.1:8090";

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
    let made_up = MadeUp::of(&options)?;
    let (scratch, root) = root_of(&options)?;
    let channels = Channels::read_all(&options.channels)?;
    let mut place =
        if scratch.is_some() { Place::open(&root)? } else { Place::open_standing(&root)? };
    override_settings(&mut place, &options);
    let _held = place.must_hold()?;
    let usual = if options.exercise { LISTEN_EXERCISE } else { LISTEN };
    let listen = place.settings.listen.clone().unwrap_or_else(|| usual.into());
    let listener = bind(&listen).await?;
    let engine = tokio::select! {
        engine = start(&place, made_up.as_ref()) => engine?,
        () = told_to_stop(told.clone()) => return Ok(()),
    };
    let identity = Arc::new(Identity::open(&place.tls())?);
    let around = Surroundings { place: place.clone(), identity: Arc::clone(&identity) };

    let board = Arc::new(Board::new(channels.iter().flat_map(Channels::set_up).collect()));
    check_modes(&engine, &channels)?;
    let settings = &place.settings;
    let tls = settings.tls_certificate.as_ref().zip(settings.tls_key.as_ref());
    let site = Site {
        secure: tls.is_some()
            || settings.public_url.as_ref().is_some_and(|url| url.starts_with("https://")),
        public: settings.public_url.clone(),
        proxies: settings.proxies.clone(),
        // Neighbours pull from the process that writes.
        reached: (!engine.follows()).then(|| around.reached()),
        channels: Arc::clone(&board),
    };
    let scheme = if tls.is_some() { "https" } else { "http" };
    let reached = format!("{scheme}://{}", listener.local_addr()?);
    let link = settings.public_url.clone().unwrap_or(reached);
    if let Some(directory) = options.prints.clone() {
        tokio::spawn(crate::prints::daily(engine.clone(), directory));
    }
    tokio::spawn(background(engine.clone(), around));
    let app = App::new(engine.clone(), options.demo, site);
    // "Joint or alone?" as usually asked is worked out before the first reader comes.
    let _ = app.joint_usual();
    let app = samband_web::app::router(app);
    let others = start_others(&engine, &identity, &place).await?;
    if !engine.follows() {
        // Only now: a link in a message leads somewhere.
        tokio::spawn(
            Sender::new(engine.clone(), channels, (board, watch_real(&place)), &link).run(),
        );
    }
    announce(&place, listener.local_addr()?, tls.is_some(), made_up.as_ref());
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

/// The data directory; that of a made-up world is gone with what comes first.
fn root_of(options: &Serve) -> Result<(Option<Scratch>, PathBuf)> {
    match &options.data {
        Some(data) if !options.demo && !options.exercise => Ok((None, data.clone())),
        _ => {
            let scratch = demo_directory()?;
            let root = scratch.0.clone();
            Ok((Some(scratch), root))
        }
    }
}

/// Asks the real installation for ever whether an alarm runs, where an exercise names one.
fn watch_real(place: &Place) -> Arc<Gate> {
    let real = place.settings.real.clone();
    let gate = Arc::new(Gate::new(real.as_ref()));
    if let Some(real) = real {
        let gate = Arc::clone(&gate);
        tokio::spawn(async move {
            if let Err(error) = gate.watch(&real).await {
                tracing::error!(%error, "the exercise sends nothing");
            }
        });
    }
    gate
}

/// That the channels are those of the journals here: a file of another mode is refused.
fn check_modes(engine: &Engine, channels: &[Channels]) -> Result<()> {
    let world = engine.world();
    let modes = world.locals().filter_map(|journal| journal.mode());
    Channels::check(channels, &modes.map(|mode| mode.as_str()).collect())
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
    let attend = attend(engine.clone());
    let control = async {
        if let Err(error) = control.await {
            tracing::error!(%error, "the command line cannot reach this server");
        }
    };
    tokio::join!(pulls, clock, attend, control);
}

/// Attends to alarms for ever: a fault in it must not end it.
async fn attend(engine: Engine) {
    loop {
        let one = engine.clone();
        match tokio::spawn(async move { one.attend().await }).await {
            Ok(()) => return,
            Err(error) => tracing::error!(%error, "what attends to alarms broke off; again"),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
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

/// A made-up world, as the command line asks for it.
struct MadeUp {
    world: World,
    mode: Mode,
    password: String,
    played: bool,
}

impl MadeUp {
    fn of(options: &Serve) -> Result<Option<Self>> {
        if !options.demo && !options.exercise {
            return Ok(None);
        }
        let (mode, world, password) = if options.exercise {
            // An exercise has credentials of its own: nobody knows them who was not told.
            let token = samband_access::Token::draw()?;
            let password = format!("ovning-{}", &token.reveal()[..12]);
            (Mode::Exercise, World::Mellansverige, password)
        } else {
            (Mode::Demo, World::Sodra, demo::PASSWORD.to_owned())
        };
        let world = options.world.unwrap_or(world);
        if mode == Mode::Exercise && world == World::Sodra {
            anyhow::bail!("the exercise is held in --world mellansverige");
        }
        Ok(Some(Self { world, mode, password, played: options.played }))
    }

    async fn build(&self, engine: &Engine, clock: &demo::DemoClock) -> Result<()> {
        match self.world {
            World::Sodra => demo::build(engine, clock).await?,
            World::Mellansverige => {
                demo::build_mellan(engine, clock, self.mode, &self.password).await?;
            }
        }
        if self.played {
            let from = SystemClock.now().plus_seconds(-story::LASTS);
            clock.show(from);
            story::play(engine, &story::Back { clock, from }, |_| {}).await?;
        }
        clock.show_present();
        Ok(())
    }
}

/// The engine of a place, and in it the made-up world if that is wanted.
async fn start(place: &Place, made_up: Option<&MadeUp>) -> Result<Engine> {
    let Some(made_up) = made_up else {
        return open_engine(place).await;
    };
    let clock = Arc::new(demo::DemoClock::default());
    let engine = open_by(place, clock.clone()).await?;
    made_up.build(&engine, &clock).await.context("the made-up world could not be made")?;
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

fn announce(place: &Place, address: SocketAddr, tls: bool, made_up: Option<&MadeUp>) {
    let scheme = if tls { "https" } else { "http" };
    println!("Samband: {scheme}://{address}");
    if let Some(made_up) = made_up {
        if made_up.mode == Mode::Exercise {
            println!("ÖVNING – exercise in a world of its own. Data: {}", place.root().display());
        }
        print!("{}", demo::accounts_table(made_up.world, &made_up.password));
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
