//! From the signature to the first attempt on every channel, through the server itself: its
//! sender, a mail server and gateways on this machine.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use samband_domain::Digest;
use serde_json::{Value, json};
use tokio::sync::mpsc::{self, UnboundedReceiver};

use super::net::REGIONS;
use super::takers::{self, Kind, Taken};
use super::{PATIENCE, aim};
use crate::Amount;
use crate::page::http;
use crate::page::server::Server;
use crate::report::Section;
use crate::stopwatch::{ms, percentiles};

/// Every role with the channel that its first way is: between them they use all.
const ROLES: [(&str, &str); 4] = [
    ("tib", "webhook"),
    ("regional_command", "sms"),
    ("blood_centre", "email"),
    ("transport", "voice"),
];

const HOST: &str = "bench.exempel.test";
const NUMBER: &str = "+46701740699";

/// No longer than this, however many alarms are left: what was measured until then counts.
const LONGEST: Duration = Duration::from_secs(100);

/// A message that is waited for: which channel.
type Awaited = BTreeMap<String, &'static str>;

/// Measures.
pub(super) async fn run(section: &mut Section, amount: Amount) -> Result<()> {
    let folder = crate::scratch::folder()?;
    let (tell, mut taken) = mpsc::unbounded_channel();
    let mail = takers::open(Kind::Mail, tell.clone()).await?;
    let calls = takers::open(Kind::Calls, tell).await?;
    let channels = channel_file(folder.path(), mail, calls)?;
    let path = channels.to_str().context("a path in words")?.to_owned();
    let at = folder.path().to_owned();
    let options = ["--world".to_owned(), "mellansverige".to_owned(), "--channels".into(), path];
    let server = tokio::task::spawn_blocking(move || Server::start_with(&at, &options)).await??;
    let address = server.address.clone();
    let tokens = tokio::task::spawn_blocking(move || staffed(&address, calls)).await??;

    let begun = Instant::now();
    let (mut times, mut last) = (BTreeMap::<&str, Vec<Duration>>::new(), Vec::new());
    let wanted = amount.of(1, 20, 100);
    for n in 0..wanted {
        if begun.elapsed() > LONGEST {
            eprintln!("bench: {n} of {wanted} alarms in {LONGEST:?}; that is what is shown");
            break;
        }
        // A gateway's ordinary life: what the last alarm stirred up has come to rest.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let one = alarm(&server.address, n % REGIONS.len(), &tokens, &mut taken).await?;
        last.extend(one.iter().map(|(_, time)| *time).max());
        for (channel, time) in one {
            times.entry(channel).or_default().push(time);
        }
    }
    table(section, &times, last);
    Ok(())
}

fn table(section: &mut Section, times: &BTreeMap<&str, Vec<Duration>>, last: Vec<Duration>) {
    let alarms = last.len();
    section.table(&["through the sender", "messages", "p50", "p99", "aim"]);
    for (channel, times) in times {
        let (half, most) = percentiles(times.clone());
        let count = times.len().to_string();
        section.row([(*channel).to_owned(), count, ms(half), ms(most), aim(most)]);
        section.figure(format!("sent {channel} p99_ms"), most.as_secs_f64() * 1e3);
    }
    let all: Vec<_> = times.values().flatten().copied().collect();
    let (count, (half, most)) = (all.len(), percentiles(all));
    section.row([
        format!("all, {alarms} alarms"),
        count.to_string(),
        ms(half),
        ms(most),
        aim(most),
    ]);
    let slowest = percentiles(last).1;
    let recipients = REGIONS.len() * ROLES.len();
    section.row([
        format!("last of {recipients} of each alarm"),
        alarms.to_string(),
        String::new(),
        ms(slowest),
        aim(slowest),
    ]);
    section.figure("sent p50_ms", half.as_secs_f64() * 1e3);
    section.figure("sent p99_ms", most.as_secs_f64() * 1e3);
}

/// The channels of the demo: each by this machine, and nobody else is reached.
fn channel_file(folder: &Path, mail: u16, calls: u16) -> Result<std::path::PathBuf> {
    use std::os::unix::fs::PermissionsExt as _;
    let secret = folder.join("secret");
    std::fs::write(&secret, "shown to the gateways of the measurement")?;
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600))?;
    let (path, hook) = (folder.join("channels.toml"), hook(calls));
    let text = format!(
        "mode = \"demo\"\nallow = [\"@{HOST}\", {NUMBER:?}, {hook:?}]\n\
         link = \"http://127.0.0.1:1\"\n\
         [email]\nserver = \"127.0.0.1\"\nport = {mail}\nsecurity = \"none\"\n\
         from = \"Samband <samband@{HOST}>\"\n\
         [webhook]\nsecret = {{ file = {secret:?} }}\n\
         [sms]\nurl = \"http://127.0.0.1:{calls}/sms\"\ntoken = {{ file = {secret:?} }}\n\
         [voice]\nurl = \"http://127.0.0.1:{calls}/voice\"\ntoken = {{ file = {secret:?} }}\n"
    );
    std::fs::write(&path, text)?;
    Ok(path)
}

fn hook(calls: u16) -> String {
    format!("http://127.0.0.1:{calls}/hook")
}

/// Signs every duty officer in, and puts one person with one way on every roster.
fn staffed(address: &str, calls: u16) -> Result<Vec<String>> {
    let mut tokens = Vec::new();
    for region in REGIONS {
        let asked = json!({ "user": format!("tib@{region}"), "password": "samband-demo" });
        let answer = http::post(address, "/api/v1/sign-in", &asked.to_string())?;
        let said: Value = serde_json::from_slice(&answer.body)?;
        let token = said["token"].as_str().context("no token")?.to_owned();
        for (role, channel) in ROLES {
            let to = match channel {
                "webhook" => hook(calls),
                "email" => format!("{role}-{region}@{HOST}"),
                _ => NUMBER.to_owned(),
            };
            let ways = json!([{ "channel": channel, "address": to }]);
            let turns = json!([{ "name": role, "rank": 0, "ways": ways }]);
            let body = json!({ "party": region, "role": role, "turns": turns }).to_string();
            http::put(address, "/api/v1/rosters", &token, &body)?;
        }
        tokens.push(token);
    }
    Ok(tokens)
}

/// One alarm: how long until each first message was taken, by channel.
async fn alarm(
    address: &str,
    from: usize,
    tokens: &[String],
    taken: &mut UnboundedReceiver<Taken>,
) -> Result<Vec<(&'static str, Duration)>> {
    let (address, token) = (address.to_owned(), tokens[from].clone());
    let body = raise().to_string();
    let begun = Instant::now();
    let send = move || http::send(&address, "/api/v1/alarms/raise", &token, &body);
    let answer = tokio::task::spawn_blocking(send).await??;
    let said: Value = serde_json::from_slice(&answer.body)?;
    let id = said["alarm"].as_str().context("no alarm was issued")?;
    // What was taken before the answer came is waited for all the same: nothing is thrown away.
    let mut awaited = names(REGIONS[from], id);
    let mut times = Vec::new();
    while !awaited.is_empty() {
        let next = tokio::time::timeout(PATIENCE, taken.recv()).await;
        let (name, at) = next.context("a message never came")?.context("nobody takes")?;
        // A second message of an earlier alarm has a name of its own.
        if let Some(channel) = awaited.remove(&name) {
            times.push((channel, at.duration_since(begun)));
        }
    }
    ensure!(times.len() == REGIONS.len() * ROLES.len(), "{} messages", times.len());
    Ok(times)
}

/// The first message to everybody, as it is named for ever.
fn names(issuer: &str, alarm: &str) -> Awaited {
    let all = REGIONS.iter().flat_map(|region| ROLES.iter().map(move |role| (region, role)));
    all.map(|(region, (role, channel))| {
        let name = format!("{region}/{issuer}/{alarm}/region/{region}/{role}/0/{channel}/0");
        let name = match *channel {
            "email" => format!("<{}@{HOST}>", &Digest::of(name.as_bytes()).to_string()[..40]),
            _ => name,
        };
        (name, *channel)
    })
    .collect()
}

fn raise() -> Value {
    let found = json!({ "holds": "suspected", "basis": "rapport", "source": "SOS Alarm" });
    let to = |(region, role): (&str, &str)| {
        let party = json!({ "region": region });
        json!({ "party": party, "role": role })
    };
    let everybody = REGIONS.into_iter().flat_map(|region| ROLES.map(|(role, _)| (region, role)));
    json!({
        "report": { "title": "Bussolycka", "text": "Två bussar", "source": "SOS Alarm" },
        "basis": "fler skadade än resurser",
        "assessment": { "harm": found, "imbalance": found },
        "confirm": "demo",
        "alarm": { "to": everybody.map(to).collect::<Vec<_>>() },
    })
}
