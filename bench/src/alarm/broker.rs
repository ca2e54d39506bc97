//! Mosquitto, and just enough MQTT 3.1.1 to subscribe and publish.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// What a page reads when an alarm is raised in Skåne.
pub(super) const WORD: &str = r#""topic":"incident","journal":"skane""#;

/// The same bytes as a page is sent, without the frame of the protocol.
const PAYLOAD: &[u8] =
    b"id: 4711\ndata: {\"topic\":\"alarm\",\"journal\":\"skane\",\"serial\":4711}\n\n\
      id: 4711\ndata: {\"topic\":\"incident\",\"journal\":\"skane\",\"serial\":4711}\n\n";

const TOPIC: &str = "larm";

/// A running broker on this machine.
pub(super) struct Mosquitto {
    child: Child,
    pub(super) address: String,
}

impl Mosquitto {
    /// None where it is not installed.
    pub(super) fn start(folder: &Path) -> Result<Option<Self>> {
        let names = ["mosquitto", "/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"];
        let there = |name: &&str| {
            let mut asked = Command::new(name);
            asked.arg("-h").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
        };
        let Some(program) = names.into_iter().find(there) else { return Ok(None) };
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let conf = folder.join("mosquitto.conf");
        let text = format!(
            "listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n\
             max_connections -1\nset_tcp_nodelay true\nlog_dest none\n"
        );
        std::fs::write(&conf, text)?;
        let child = Command::new(program)
            .arg("-c")
            .arg(&conf)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let broker = Self { child, address: format!("127.0.0.1:{port}") };
        let begun = Instant::now();
        while std::net::TcpStream::connect(&broker.address).is_err() {
            if begun.elapsed() > Duration::from_secs(10) {
                bail!("mosquitto does not answer");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Some(broker))
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("a short name");
    [&length.to_be_bytes()[..], text.as_bytes()].concat()
}

/// A packet: what it is, how long the rest is, the rest.
fn packet(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![kind];
    let mut left = body.len();
    loop {
        let digit = u8::try_from(left % 128).expect("below 128");
        left /= 128;
        out.push(if left > 0 { digit | 0x80 } else { digit });
        if left == 0 {
            break;
        }
    }
    out.extend(body);
    out
}

/// Reads the head of a packet: how long the rest is.
pub(super) async fn length(stream: &mut BufReader<TcpStream>) -> Result<usize> {
    stream.read_u8().await.context("the broker hung up")?;
    let (mut length, mut shift) = (0, 0);
    loop {
        let digit = stream.read_u8().await?;
        length |= usize::from(digit & 0x7f) << shift;
        shift += 7;
        if digit & 0x80 == 0 {
            return Ok(length);
        }
    }
}

async fn connected(stream: TcpStream, name: &str) -> Result<BufReader<TcpStream>> {
    let mut stream = BufReader::with_capacity(1_024, stream);
    // Version 4 (3.1.1), a clean session, no keep-alive.
    let body = [text("MQTT"), vec![4, 2, 0, 0], text(name)].concat();
    stream.get_mut().write_all(&packet(0x10, &body)).await?;
    let length = length(&mut stream).await?;
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer).await?;
    ensure!(answer.get(1) == Some(&0), "the broker refuses: {answer:?}");
    Ok(stream)
}

/// Subscribes.
pub(super) async fn subscribe(stream: TcpStream, n: usize) -> Result<BufReader<TcpStream>> {
    let mut stream = connected(stream, &format!("sida-{n}")).await?;
    let body = [vec![0, 1], text(TOPIC), vec![0]].concat();
    stream.get_mut().write_all(&packet(0x82, &body)).await?;
    let length = length(&mut stream).await?;
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer).await?;
    ensure!(answer.get(2) == Some(&0), "the broker refuses: {answer:?}");
    Ok(stream)
}

/// Publishes once, on a connection of its own, as a request is one of its own.
pub(super) async fn publish(address: String) -> Result<()> {
    let stream = TcpStream::connect(&address).await?;
    stream.set_nodelay(true)?;
    let mut stream = connected(stream, "larmet").await?;
    let body = [text(TOPIC), PAYLOAD.to_vec()].concat();
    stream.get_mut().write_all(&packet(0x30, &body)).await?;
    // Said goodbye, so that nothing is taken for a failure.
    stream.get_mut().write_all(&packet(0xe0, &[])).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_as_the_protocol_says() {
        assert_eq!(packet(0xe0, &[]), [0xe0, 0]);
        let long = packet(0x30, &[7; 321]);
        assert_eq!(&long[..3], [0x30, 0xc1, 0x02], "MQTT 3.1.1 §2.2.3: 321 is 0xC1 0x02");
        assert_eq!(text("MQTT"), [0, 4, b'M', b'Q', b'T', b'T']);
        assert!(String::from_utf8_lossy(PAYLOAD).contains(WORD));
    }
}
