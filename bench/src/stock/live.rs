//! A thousand open pages: each listens, and asks again when the stock changed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::{Barrier, watch};

use super::{counted, take_over, unit};
use crate::Amount;
use crate::page::server::Server;
use crate::report::Section;
use crate::stopwatch::{ms, percentiles};

const ABOUT: &str = "\
As many browsers as said hold an event stream each on loopback. One unit is taken over through the \
interface; every browser hears the topic and asks for the stock again on a connection that it keeps \
open, gzip accepted, as the page's script does. Measured from the moment the change is sent until the \
answer is wholly there; server, browsers and the change share this machine's cores. Afterwards \
the stock must count every change; an answer that is still the one from before does not count.";

/// A change's number, and when it was sent.
type Change = Option<Instant>;

pub(super) async fn run(server: &Server, amount: Amount) -> Result<Section> {
    let mut section = Section::new("Live pages", ABOUT);
    let pages: usize = amount.of(8, 200, 1_000);
    let rounds = amount.of(2, 5, 20);
    let token: Arc<str> = server.sign_in("coordinator@skane", "samband-demo")?.into();
    let before = counted(server, &token)?;
    let bench = server.sign_in("scientist@skane", "samband-demo")?;
    section.table(&["fetched", "pages", "p50", "p99", "last of all, median"]);
    let mut serial = 900_000;
    for path in ["/stock", "/stock?region=skane"] {
        let (sent, change) = watch::channel::<Change>(None);
        let ready = Arc::new(Barrier::new(pages + 1));
        let done = Arc::new(Barrier::new(pages + 1));
        let open = |_| {
            let page = Page {
                address: server.address.clone(),
                path,
                token: Arc::clone(&token),
                change: change.clone(),
            };
            tokio::spawn(page.live(rounds, Arc::clone(&ready), Arc::clone(&done)))
        };
        let tasks: Vec<_> = (0..pages).map(open).collect();
        ready.wait().await;
        for _ in 0..rounds {
            // Whatever the last change stirred up has come to rest.
            tokio::time::sleep(Duration::from_millis(300)).await;
            sent.send(Some(Instant::now()))?;
            take_over(server, &bench, "lund-bc", &[unit(serial)])?;
            serial += 1;
            tokio::time::timeout(Duration::from_secs(60), done.wait())
                .await
                .context("a page never showed the change")?;
        }
        let mut all = Vec::new();
        let mut last = vec![Duration::ZERO; rounds];
        for task in tasks {
            let times = task.await??;
            for (slowest, time) in last.iter_mut().zip(&times) {
                *slowest = (*slowest).max(*time);
            }
            all.extend(times);
        }
        ensure!(all.len() == pages * rounds, "{} answers", all.len());
        let (half, most) = percentiles(all);
        let name = path.trim_start_matches('/');
        section.row([
            format!("`GET {path}`, gzip"),
            pages.to_string(),
            ms(half),
            ms(most),
            ms(percentiles(last).0),
        ]);
        section.figure(format!("{name} p50_ms"), half.as_secs_f64() * 1e3);
        section.figure(format!("{name} p99_ms"), most.as_secs_f64() * 1e3);
    }
    let after = counted(server, &token)?;
    ensure!(after == before + 2 * rounds as u64, "{after} units after {before}");
    Ok(section)
}

/// One open page.
struct Page {
    address: String,
    path: &'static str,
    token: Arc<str>,
    change: watch::Receiver<Change>,
}

impl Page {
    async fn live(
        self,
        rounds: usize,
        ready: Arc<Barrier>,
        done: Arc<Barrier>,
    ) -> Result<Vec<Duration>> {
        let mut stream = self.ask("/api/v1/events", false).await?;
        let mut asking = self.ask(self.path, true).await?;
        let mut body = Vec::new();
        answer(&mut asking, &mut body).await?;
        let mut line = String::new();
        // The first beat says that the stream is open.
        while !line.contains("alive") {
            line.clear();
            ensure!(stream.read_line(&mut line).await? > 0, "the stream ended");
        }
        ready.wait().await;
        let mut times = Vec::new();
        for _ in 0..rounds {
            let before = std::mem::take(&mut body);
            // The clock's own records come in between: a page asks until it shows the change.
            loop {
                let sent = self.hears(&mut stream).await?;
                self.again(&mut asking).await?;
                answer(&mut asking, &mut body).await?;
                if body != before {
                    times.push(sent.elapsed());
                    break;
                }
            }
            done.wait().await;
        }
        Ok(times)
    }

    /// Waits until the stock has changed; when that change was sent.
    async fn hears(&self, stream: &mut BufReader<TcpStream>) -> Result<Instant> {
        let mut line = String::new();
        loop {
            line.clear();
            ensure!(stream.read_line(&mut line).await? > 0, "the stream ended");
            if line.starts_with("data:") && line.contains("\"stock\"") {
                return self.change.borrow().context("a change that nobody sent");
            }
        }
    }

    async fn ask(&self, path: &str, gzip: bool) -> Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        let mut stream = BufReader::new(stream);
        let coding = if gzip { "Accept-Encoding: gzip\r\n" } else { "" };
        let Self { address, token, .. } = self;
        let text = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n{coding}\r\n"
        );
        stream.get_mut().write_all(text.as_bytes()).await?;
        Ok(stream)
    }

    async fn again(&self, stream: &mut BufReader<TcpStream>) -> Result<()> {
        let Self { address, token, path, .. } = self;
        let text = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Accept-Encoding: gzip\r\n\r\n"
        );
        stream.get_mut().write_all(text.as_bytes()).await?;
        Ok(())
    }
}

/// Reads one whole answer, counted or in chunks.
async fn answer(stream: &mut BufReader<TcpStream>, body: &mut Vec<u8>) -> Result<()> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    ensure!(line.contains(" 200"), "{}", line.trim());
    let (mut length, mut chunked) = (None, false);
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        let head = line.trim().to_ascii_lowercase();
        if head.is_empty() {
            break;
        }
        if let Some(number) = head.strip_prefix("content-length:") {
            length = Some(number.trim().parse::<usize>()?);
        }
        chunked |= head.starts_with("transfer-encoding:") && head.contains("chunked");
    }
    body.clear();
    if let Some(length) = length {
        body.resize(length, 0);
        stream.read_exact(body).await?;
        return Ok(());
    }
    ensure!(chunked, "an answer of unknown length");
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        let size = usize::from_str_radix(line.trim(), 16)?;
        let start = body.len();
        body.resize(start + size + 2, 0);
        stream.read_exact(&mut body[start..]).await?;
        body.truncate(start + size);
        if size == 0 {
            return Ok(());
        }
    }
}
