//! Trying a channel: a message to an address of one's own, which must come back.

use std::sync::Arc;
use std::time::Duration;

use samband_domain::alarms::model::Channel;
use samband_domain::{Digest, Mode};
use samband_web::text::message::{Email, Spoken, canary};
use serde_json::json;

use super::channel::{Content, Letter};
use super::config::Try;
use super::{Sender, within};

/// Tries a channel for ever.
pub async fn run(sender: Arc<Sender>, of: usize, channel: Channel, tried: Try) {
    let every = Duration::from_secs(u64::from(tried.every));
    loop {
        let began = tokio::time::Instant::now();
        once(&sender, of, channel, &tried.to).await;
        // A channel that takes its time is not tried less often for that.
        tokio::time::sleep_until(began + every).await;
    }
}

async fn once(sender: &Sender, of: usize, channel: Channel, to: &str) {
    let by = &sender.channels[of];
    if by.mode == Mode::Exercise && !sender.gate.is_open() {
        return;
    }
    let Ok(random) = samband_access::secret::random::<16>() else { return };
    let code = Digest::of(&random).to_string()[..12].to_owned();
    let (subject, text) = canary(by.mode, &code);
    let mode = by.mode.as_str();
    let content = match channel {
        Channel::Web => return,
        Channel::Email => {
            let html = format!("<p>{text}</p>");
            Content::Email(Email { subject, text, html })
        }
        Channel::Sms => Content::Sms(text),
        Channel::Voice => {
            let say = vec![Spoken { language: "sv-SE", text }];
            Content::Voice { say, asks: false }
        }
        Channel::Webhook => Content::Webhook(json!({
            "message": format!("canary/{channel}/{code}"),
            "channel": "webhook",
            "mode": mode,
            "text": text,
            "canary": code,
        })),
    };
    let (at, now) = ((by.mode, channel), sender.engine.now());
    // Noted before it is sent: it may be back before the channel has answered.
    sender.board.sent(at, &code, now);
    let name = format!("canary/{channel}/{code}");
    let sent = within(by.send(Letter { name: &name, to, content, now })).await;
    if let Err(error) = sent {
        let why = format!("{error:#}");
        tracing::warn!(%channel, mode, why, "a channel was tried in vain");
        sender.board.broke(at, &why, sender.engine.now());
    }
}
