//! Sending one message by one channel. The protocol of gateways is described in
//! `docs/examples/channels.toml`.

use anyhow::{Context as _, Result};
use hmac::{Hmac, KeyInit as _, Mac as _};
use lettre::message::{Mailbox, MultiPart, header};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use samband_domain::alarms::model::Channel;
use samband_domain::{Digest, Mode, Time};
use samband_web::text::message::{Email, Spoken, mark};
use serde_json::{Value, json};
use sha2::Sha256;

use super::DEADLINE;
use super::config::{Adapter, Channels, Security, Smtp};
use crate::http::Target;

/// The header that signs a call: `t=SECONDS,v1=HEX`, an HMAC-SHA256 over `SECONDS.BODY`.
const SIGNATURE: &str = "Samband-Signature";

/// Something to send: what it says for each kind of channel.
pub enum Content {
    Email(Email),
    /// A text message, and the mode it is sent in.
    Sms(String),
    Voice {
        say: Vec<Spoken>,
        asks: bool,
    },
    Webhook(Value),
}

/// An envelope.
pub struct Letter<'a> {
    /// The name of the message for ever.
    pub name: &'a str,
    /// Where it goes.
    pub to: &'a str,
    pub content: Content,
    pub now: Time,
}

impl Channels {
    /// Whether a channel is there.
    pub fn has(&self, channel: Channel) -> bool {
        match channel {
            Channel::Web => false,
            Channel::Email => self.email.is_some(),
            Channel::Webhook => self.webhook.is_some(),
            Channel::Sms => self.sms.is_some(),
            Channel::Voice => self.voice.is_some(),
        }
    }

    /// Hands a message over. That it was taken says nothing about anybody having read it.
    ///
    /// # Errors
    /// What the channel said.
    pub async fn send(&self, letter: Letter<'_>) -> Result<()> {
        let none = "no such channel";
        match letter.content {
            Content::Email(ref email) => {
                self.email.as_ref().context(none)?.send(&letter, email).await
            }
            Content::Webhook(ref said) => {
                let secret = &self.webhook.as_ref().context(none)?.secret;
                let target = Target::read(letter.to)?;
                let body = said.to_string();
                let headers = [
                    (SIGNATURE, signature(secret, letter.now, &body)),
                    ("Idempotency-Key", letter.name.to_owned()),
                ];
                target.post(&headers, body).await?.taken()
            }
            Content::Sms(ref text) => {
                let said = json!({ "text": text });
                self.sms.as_ref().context(none)?.send(&letter, "sms", self.mode, said).await
            }
            Content::Voice { ref say, asks } => {
                let parts =
                    say.iter().map(|one| json!({"language": one.language, "text": one.text}));
                let mut said = json!({ "say": parts.collect::<Vec<_>>() });
                if asks {
                    let keys = json!({"1": "takes_on", "2": "cannot", "3": "wrong_recipient"});
                    said["keys"] = keys;
                    said["pin_digits"] = json!(4);
                }
                self.voice.as_ref().context(none)?.send(&letter, "voice", self.mode, said).await
            }
        }
    }
}

impl Adapter {
    async fn send(&self, letter: &Letter<'_>, kind: &str, mode: Mode, said: Value) -> Result<()> {
        let mut body = json!({
            "message": letter.name,
            "channel": kind,
            "mode": mode.as_str(),
            "mark": mark(mode),
            "to": letter.to,
        });
        if let (Value::Object(body), Value::Object(said)) = (&mut body, said) {
            body.extend(said);
        }
        let headers = [
            ("Authorization", format!("Bearer {}", self.token)),
            ("Idempotency-Key", letter.name.to_owned()),
        ];
        self.target.post(&headers, body.to_string()).await?.taken()
    }
}

/// Signs a call. The time is part of it, so that an old one cannot be sent again later.
fn signature(secret: &str, now: Time, body: &str) -> String {
    let seconds = now.0.div_euclid(1_000_000);
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length is a key");
    mac.update(format!("{seconds}.{body}").as_bytes());
    let hex: String =
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={seconds},v1={hex}")
}

impl Smtp {
    fn transport(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>> {
        let parameters = || -> Result<TlsParameters> {
            let mut parameters = TlsParameters::builder(self.server.clone());
            if let Some(ca) = &self.ca {
                parameters = parameters.add_root_certificate(Certificate::from_pem(ca)?);
            }
            Ok(parameters.build_rustls()?)
        };
        let tls = match self.security {
            Security::Tls => Tls::Wrapper(parameters()?),
            Security::Starttls => Tls::Required(parameters()?),
            Security::None => Tls::None,
        };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&self.server);
        let mut builder = builder.port(self.port).tls(tls).timeout(Some(DEADLINE));
        if let Some((user, password)) = &self.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(builder.build())
    }

    async fn send(&self, letter: &Letter<'_>, email: &Email) -> Result<()> {
        let from: Mailbox = self.from.parse()?;
        // The same message keeps its name, so that a mailbox can tell a repetition.
        let digest = Digest::of(letter.name.as_bytes()).to_string();
        let id = format!("<{}@{}>", &digest[..40], from.email.domain());
        let message = Message::builder()
            .message_id(Some(id))
            .from(from)
            .to(letter.to.parse()?)
            .subject(&email.subject)
            .header(Machine)
            .header(Urgent)
            .multipart(MultiPart::alternative_plain_html(email.text.clone(), email.html.clone()))?;
        self.transport()?.send(message).await?;
        Ok(())
    }
}

/// Answering machines leave it alone.
#[derive(Clone)]
struct Machine;

impl header::Header for Machine {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".into())
    }
}

/// Shown at the top.
#[derive(Clone)]
struct Urgent;

impl header::Header for Urgent {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Importance")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "high".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_that_others_compute() {
        // printf '1700000000.{}' | openssl dgst -sha256 -hmac 0123456789abcdef
        let signed = signature("0123456789abcdef", Time(1_700_000_000_000_000), "{}");
        assert_eq!(signed, SIGNED);
        assert_ne!(signature("0123456789abcdeg", Time(1_700_000_000_000_000), "{}"), SIGNED);
    }

    const SIGNED: &str =
        "t=1700000000,v1=e4f8e2ecae2295b2ddb2f0b5584c8275e226c0ebe9b3b819e70156bb67122e3e";
}
