//! The same bytes, made beforehand.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::routing::get;
use tokio::task::JoinHandle;

use super::http::{self, Answer};

/// axum, with nothing around it.
pub(super) struct Axum {
    task: JoinHandle<()>,
    pub(super) address: String,
}

impl Axum {
    pub(super) async fn start(answer: &Answer) -> Result<Self> {
        let body = Bytes::from(answer.body.clone());
        let mut headers = HeaderMap::new();
        for name in [CONTENT_TYPE, CONTENT_ENCODING] {
            if let Some(value) = answer.header(name.as_str()) {
                headers.insert(name, value.parse()?);
            }
        }
        let route = get(move || {
            let (headers, body) = (headers.clone(), body.clone());
            async move { (headers, body) }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, Router::new().route("/", route)).await;
        });
        Ok(Self { task, address })
    }
}

impl Drop for Axum {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// nginx with a file.
pub(super) struct Nginx {
    child: Child,
    pub(super) address: String,
}

impl Nginx {
    /// None where it is not installed.
    pub(super) fn start(answer: &Answer, folder: &Path) -> Result<Option<Self>> {
        if Command::new("nginx").arg("-v").stderr(Stdio::null()).status().is_err() {
            return Ok(None);
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        std::fs::write(folder.join("answer"), &answer.body)?;
        std::fs::write(folder.join("nginx.conf"), configuration(answer, folder, &address))?;
        let child = Command::new("nginx")
            .arg("-p")
            .arg(folder)
            .args(["-c", "nginx.conf", "-e", "error.log"])
            .stdin(Stdio::null())
            .spawn()?;
        let peer = Self { child, address };
        let started = Instant::now();
        while http::get(&peer.address, "/", &[]).is_err() {
            if started.elapsed() > Duration::from_secs(10) {
                let log = std::fs::read_to_string(folder.join("error.log")).unwrap_or_default();
                bail!("nginx does not answer: {log}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Some(peer))
    }
}

fn configuration(answer: &Answer, folder: &Path, address: &str) -> String {
    let root = folder.display();
    let kind = answer.header("content-type").unwrap_or("text/html");
    let coding = answer.header("content-encoding");
    let coding = coding.map(|c| format!("add_header Content-Encoding {c};")).unwrap_or_default();
    // Only root may name a user, and then its workers must get at the file.
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|meta| {
        use std::os::unix::fs::MetadataExt as _;
        meta.uid() == 0
    });
    let user = if is_root { "user root;" } else { "" };
    format!(
        "{user} daemon off; worker_processes auto; pid nginx.pid;
         events {{ worker_connections 512; }}
         http {{
             access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
             open_file_cache max=8; types {{}} default_type '{kind}';
             client_body_temp_path {root}/body; proxy_temp_path {root}/proxy;
             fastcgi_temp_path {root}/fastcgi; uwsgi_temp_path {root}/uwsgi;
             scgi_temp_path {root}/scgi;
             server {{ listen {address}; root {root}; {coding}
                 location = / {{ try_files /answer =404; }} }}
         }}"
    )
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let _ = self.child.wait().context("nginx does not end");
    }
}
