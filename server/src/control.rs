//! The command line towards a data directory: if a server runs there, it is asked through a
//! socket that only the directory's owner can reach; if not, the directory is opened here. Either
//! way the same function does the work.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use samband_engine::Engine;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;

use crate::engine_at::open_engine;
use crate::operate::{Operation, Surroundings, operate};
use crate::place::Place;
use crate::tls::Identity;

/// Largest request: a file to import and what stands around it.
const REQUEST_MAX: u32 = 64 * 1024 * 1024;

/// What an operation says while it runs.
#[derive(Debug)]
pub enum Said {
    /// A line for the person, to standard error.
    Line(String),
    /// Bytes of the result, to standard output or the named file.
    Data(Vec<u8>),
}

#[derive(Serialize, Deserialize)]
struct End {
    error: Option<String>,
}

const LINE: u8 = 1;
const DATA: u8 = 2;
const END: u8 = 3;

/// Carries an operation out, wherever the directory's writer is.
///
/// # Errors
/// What the operation says went wrong.
pub async fn run(place: &Place, operation: Operation, output: Option<&Path>) -> Result<()> {
    let mut sink = Sink::new(output);
    let outcome = match place.hold()? {
        Some(_held) => run_here(place, operation, &mut sink).await,
        None => run_there(place, operation, &mut sink).await,
    };
    outcome?;
    sink.finish()
}

async fn run_here(place: &Place, operation: Operation, sink: &mut Sink) -> Result<()> {
    let engine = open_engine(place).await?;
    let identity = Arc::new(Identity::open(&place.tls())?);
    let around = Surroundings { place: place.clone(), identity };
    let (say, mut hear) = mpsc::channel(16);
    let work = async {
        let outcome = operate(&engine, &around, operation, &say).await;
        drop(say);
        outcome
    };
    let listen = async {
        while let Some(said) = hear.recv().await {
            sink.take(said)?;
        }
        anyhow::Ok(())
    };
    let (outcome, heard) = tokio::join!(work, listen);
    engine.stop().await;
    heard?;
    outcome
}

async fn run_there(place: &Place, operation: Operation, sink: &mut Sink) -> Result<()> {
    let path = place.socket();
    let stream = UnixStream::connect(&path).await.map_err(|_| {
        anyhow!(
            "{} is in use by another process that does not answer; wait for it to finish",
            place.root().display()
        )
    })?;
    converse(stream, &operation, &mut |said| sink.take(said)).await
}

/// Asks a running server and gives what it answers; opens nothing here.
///
/// # Errors
/// If none answers, or what it says went wrong.
pub async fn ask(socket: &Path, operation: &Operation) -> Result<Vec<u8>> {
    let stream = UnixStream::connect(socket).await.context("nothing listens there")?;
    let mut answer = Vec::new();
    let mut take = |said| {
        if let Said::Data(bytes) = said {
            answer.extend(bytes);
        }
        Ok(())
    };
    converse(stream, operation, &mut take).await?;
    Ok(answer)
}

async fn converse(
    mut stream: UnixStream,
    operation: &Operation,
    take: &mut dyn FnMut(Said) -> Result<()>,
) -> Result<()> {
    let request = serde_json::to_vec(operation)?;
    stream.write_u32(u32::try_from(request.len())?).await?;
    stream.write_all(&request).await?;
    loop {
        let kind = stream.read_u8().await.context("the running server broke off")?;
        let mut bytes = vec![0; stream.read_u32().await? as usize];
        stream.read_exact(&mut bytes).await?;
        match kind {
            LINE => take(Said::Line(String::from_utf8(bytes)?))?,
            DATA => take(Said::Data(bytes))?,
            END => {
                let end: End = serde_json::from_slice(&bytes)?;
                return end.error.map_or(Ok(()), |error| Err(anyhow!(error)));
            }
            _ => bail!("the running server is of another version; stop it and try again"),
        }
    }
}

/// Answers the command line while the server runs.
///
/// # Errors
/// If the socket cannot be made.
pub async fn listen(engine: Engine, around: Surroundings) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let path = around.place.socket();
    let _ = std::fs::remove_file(&path);
    let listener = UnixListener::bind(&path)
        .with_context(|| format!("cannot make the control socket {}", path.display()))?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    loop {
        let (stream, _) = listener.accept().await?;
        let (engine, around) = (engine.clone(), around.clone());
        tokio::spawn(async move {
            if let Err(error) = answer(stream, &engine, &around).await {
                tracing::warn!(%error, "the command line broke off");
            }
        });
    }
}

async fn answer(mut stream: UnixStream, engine: &Engine, around: &Surroundings) -> Result<()> {
    let length = stream.read_u32().await?;
    if length > REQUEST_MAX {
        bail!("a request of {length} bytes is too large");
    }
    let mut request = vec![0; length as usize];
    stream.read_exact(&mut request).await?;
    let operation: Operation = serde_json::from_slice(&request)?;
    let (say, mut hear) = mpsc::channel(16);
    let work = async {
        let outcome = operate(engine, around, operation, &say).await;
        drop(say);
        outcome
    };
    let tell = async {
        while let Some(said) = hear.recv().await {
            let (kind, bytes) = match said {
                Said::Line(line) => (LINE, line.into_bytes()),
                Said::Data(bytes) => (DATA, bytes),
            };
            frame(&mut stream, kind, &bytes).await?;
        }
        anyhow::Ok(())
    };
    let (outcome, told) = tokio::join!(work, tell);
    told?;
    let end = End { error: outcome.err().map(|error| format!("{error:#}")) };
    frame(&mut stream, END, &serde_json::to_vec(&end)?).await
}

async fn frame(stream: &mut UnixStream, kind: u8, bytes: &[u8]) -> Result<()> {
    stream.write_u8(kind).await?;
    stream.write_u32(u32::try_from(bytes.len())?).await?;
    stream.write_all(bytes).await?;
    Ok(())
}

/// Where the result goes. A named file appears whole or not at all.
struct Sink {
    file: Option<(std::path::PathBuf, std::path::PathBuf, std::fs::File)>,
    target: Option<std::path::PathBuf>,
}

impl Sink {
    fn new(output: Option<&Path>) -> Self {
        Self { file: None, target: output.map(Path::to_owned) }
    }

    fn take(&mut self, said: Said) -> Result<()> {
        match (said, &self.target) {
            (Said::Line(line), _) => eprintln!("{line}"),
            (Said::Data(bytes), None) => std::io::stdout().lock().write_all(&bytes)?,
            (Said::Data(bytes), Some(target)) => {
                if self.file.is_none() {
                    let name = target.file_name().unwrap_or_default().to_string_lossy();
                    let partial = target.with_file_name(format!(".{name}.partial"));
                    let file = std::fs::File::create(&partial)
                        .with_context(|| format!("cannot write {}", target.display()))?;
                    self.file = Some((partial, target.clone(), file));
                }
                if let Some((_, _, file)) = &mut self.file {
                    file.write_all(&bytes)?;
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<()> {
        std::io::stdout().lock().flush()?;
        if let Some((partial, target, file)) = self.file {
            file.sync_all()?;
            std::fs::rename(partial, target)?;
        }
        Ok(())
    }
}
