//! Who takes what is sent: a mail server and a gateway of calls on this machine. Just enough SMTP
//! and HTTP; each says when a message was there, and by which name.

use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader,
};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::UnboundedSender;

/// A message that has arrived: its name, or the id that follows from it, and when.
pub(super) type Taken = (String, Instant);

/// Longest message that is taken, in bytes.
const MOST: usize = 1_000_000;

/// Takes for ever on a port of its own, which is returned.
pub(super) async fn open(kind: Kind, tell: UnboundedSender<Taken>) -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let tell = tell.clone();
            tokio::spawn(async move {
                let _ = stream.set_nodelay(true);
                // Whoever hangs up has said what there was to say.
                let _ = match kind {
                    Kind::Mail => mail(stream, &tell).await,
                    Kind::Calls => call(stream, &tell).await,
                };
            });
        }
    });
    Ok(port)
}

/// What is spoken.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// SMTP.
    Mail,
    /// HTTP.
    Calls,
}

/// A line without its end; none when the other side has hung up.
async fn line(from: &mut (impl AsyncBufRead + Unpin)) -> Result<Option<String>> {
    let mut line = Vec::new();
    if from.read_until(b'\n', &mut line).await? == 0 {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&line).trim_end().to_owned()))
}

async fn mail(stream: TcpStream, tell: &UnboundedSender<Taken>) -> Result<()> {
    let mut stream = BufReader::new(stream);
    stream.get_mut().write_all(b"220 bench ESMTP\r\n").await?;
    while let Some(said) = line(&mut stream).await? {
        let word = said.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        let answer: &[u8] = match word.as_str() {
            "EHLO" => b"250-bench\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
            "HELO" | "MAIL" | "RCPT" | "RSET" | "NOOP" => b"250 OK\r\n",
            "DATA" => {
                stream.get_mut().write_all(b"354 go on\r\n").await?;
                let id = message(&mut stream).await?;
                tell.send((id, Instant::now()))?;
                b"250 taken\r\n"
            }
            "QUIT" => {
                stream.get_mut().write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => b"500 unknown\r\n",
        };
        stream.get_mut().write_all(answer).await?;
    }
    Ok(())
}

/// Reads a message to its lonely dot; its id.
async fn message(stream: &mut BufReader<TcpStream>) -> Result<String> {
    let (mut id, mut read) = (None, 0);
    loop {
        let said = line(stream).await?.context("the message broke off")?;
        read += said.len();
        if read > MOST {
            bail!("too long");
        }
        if said == "." {
            return id.context("a message without an id");
        }
        if id.is_none()
            && let Some((name, value)) = said.split_once(':')
            && name.eq_ignore_ascii_case("message-id")
        {
            id = Some(value.trim().to_owned());
        }
    }
}

async fn call(stream: TcpStream, tell: &UnboundedSender<Taken>) -> Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut name, mut length) = (String::new(), 0);
        let Some(first) = line(&mut stream).await? else { return Ok(()) };
        if !first.starts_with("POST ") {
            bail!("no call: {first}");
        }
        while let Some(said) = line(&mut stream).await?.filter(|said| !said.is_empty()) {
            let Some((head, value)) = said.split_once(':') else { continue };
            match head.to_ascii_lowercase().as_str() {
                "idempotency-key" => value.trim().clone_into(&mut name),
                "content-length" => length = value.trim().parse()?,
                _ => {}
            }
        }
        if length > MOST {
            bail!("too long");
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        tell.send((name, Instant::now()))?;
        stream.get_mut().write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").await?;
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    async fn told(kind: Kind, words: &str) -> Option<String> {
        let (tell, mut taken) = mpsc::unbounded_channel();
        let port = open(kind, tell).await.unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.write_all(words.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        taken.try_recv().ok().map(|(name, _)| name)
    }

    #[tokio::test]
    async fn a_message_is_known_by_its_name_and_half_of_one_is_none() {
        let letter = "EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n\
                      Message-ID: <1@b>\r\n\r\nhej\r\n";
        assert_eq!(told(Kind::Mail, &format!("{letter}.\r\n")).await.as_deref(), Some("<1@b>"));
        assert_eq!(told(Kind::Mail, letter).await, None);
        let call = "POST /sms HTTP/1.1\r\nIdempotency-Key: a/b/0\r\nContent-Length: 2\r\n\r\n";
        assert_eq!(told(Kind::Calls, &format!("{call}{{}}")).await.as_deref(), Some("a/b/0"));
        assert_eq!(told(Kind::Calls, &format!("{call}{{")).await, None);
    }
}
