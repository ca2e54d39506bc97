//! Just enough HTTP to ask once.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use anyhow::{Context as _, Result, ensure};

/// An answer.
pub(crate) struct Answer {
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Reads a page.
pub(crate) fn get(address: &str, path: &str, headers: &[(&str, String)]) -> Result<Answer> {
    ask(address, "GET", path, headers, "")
}

/// Sends a document in somebody's name.
pub(crate) fn send(address: &str, path: &str, token: &str, json: &str) -> Result<Answer> {
    ask(address, "POST", path, &in_the_name_of(token), json)
}

/// Puts a document in the place of another, in somebody's name.
pub(crate) fn put(address: &str, path: &str, token: &str, json: &str) -> Result<Answer> {
    ask(address, "PUT", path, &in_the_name_of(token), json)
}

fn in_the_name_of(token: &str) -> [(&'static str, String); 2] {
    [("Content-Type", "application/json".to_owned()), ("Authorization", format!("Bearer {token}"))]
}

/// Sends a document.
pub(crate) fn post(address: &str, path: &str, json: &str) -> Result<Answer> {
    let headers = [("Content-Type", "application/json".to_owned())];
    ask(address, "POST", path, &headers, json)
}

fn ask(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, String)],
    body: &str,
) -> Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() {
        text += &format!("Content-Length: {}\r\n", body.len());
    }
    write!(stream, "{text}\r\n{body}")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    parse(&answer).with_context(|| format!("{method} {path}"))
}

fn parse(answer: &[u8]) -> Result<Answer> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").context("half an answer")?;
    let head = String::from_utf8_lossy(&answer[..end]);
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    let body = || String::from_utf8_lossy(&answer[end + 4..]).chars().take(300).collect::<String>();
    ensure!(status.contains(" 200") || status.contains(" 201"), "{status}: {}", body());
    let split = |line: &str| -> Option<(String, String)> {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    };
    let headers: Vec<_> = lines.filter_map(split).collect();
    let answer = Answer { headers, body: answer[end + 4..].to_vec() };
    if answer.header("transfer-encoding").is_some_and(|coding| coding == "chunked") {
        let body = unchunk(&answer.body)?;
        return Ok(Answer { body, ..answer });
    }
    Ok(answer)
}

fn unchunk(mut rest: &[u8]) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n").context("half a chunk")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end])?.trim(), 16)?;
        rest = &rest[end + 2..];
        if size == 0 {
            return Ok(body);
        }
        body.extend(rest.get(..size).context("half a chunk")?);
        rest = rest.get(size + 2..).context("half a chunk")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_and_chunked_answers_are_read_and_refusals_are_not() {
        let whole = parse(b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n\r\nbody").unwrap();
        assert_eq!((whole.header("content-type"), &*whole.body), (Some("a/b"), &b"body"[..]));
        let chunked =
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nbod\r\n1\r\ny\r\n0\r\n\r\n";
        assert_eq!(parse(chunked).unwrap().body, b"body");
        assert!(parse(b"HTTP/1.1 403 Forbidden\r\n\r\n").is_err());
        assert!(parse(&chunked[..chunked.len() - 12]).is_err());
    }
}
