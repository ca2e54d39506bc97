//! What a message says: the alarm as it stands in the journal of whoever wakes.

use samband_domain::Mode;
use samband_domain::alarms::model::{Alarm, Channel, Party, asks};
use samband_domain::alarms::view::Message;
use samband_engine::World;
use samband_web::app::channels::Name;
use samband_web::text::message::{Wake, mark};
use serde_json::json;

use super::channel::Content;

/// The content for the message's channel; none if the alarm is not there.
pub fn content(
    world: &World,
    mode: Mode,
    name: &Name,
    message: &Message,
    link: &str,
) -> Option<Content> {
    let alarms = &world.local(&name.journal)?.shared.alarms;
    let key = &name.key;
    let own = (key.issuer == name.journal).then(|| alarms.issued.get(&key.alarm)).flatten();
    let heard = || alarms.heard.get(&(key.issuer.clone(), key.alarm.clone()));
    let alarm: &Alarm = match own {
        Some(issued) => &issued.alarm,
        None => &heard()?.alarm,
    };
    // When it was issued, or when this region heard of it.
    let issued = own.map(|issued| issued.said);
    let issued = issued.or_else(|| Some(alarms.obligations.get(key)?.since))?;
    let region = |id| world.journal(id).map_or_else(|| id.to_string(), |journal| journal.name());
    let party = match &key.to.party {
        Party::Region(id) => region(id),
        Party::Outside(code) => code.to_string(),
    };
    let (from, link) = (region(&key.issuer), format!("{link}/a/{}", message.token));
    let role = format!("duty-role-{}", key.to.role);
    let asks = asks(key.to.role, alarm.kind);
    let wake = Wake {
        mode,
        from: &from,
        alarm,
        issued: issued.0,
        role: &role,
        party: &party,
        link: &link,
        pin: &message.pin,
        asks,
    };
    Some(match message.way.channel {
        Channel::Web => return None,
        Channel::Email => Content::Email(wake.email()),
        Channel::Sms => Content::Sms(wake.sms()),
        Channel::Voice => Content::Voice { say: wake.spoken(), asks },
        Channel::Webhook => Content::Webhook(json!({
            "message": name.to_string(),
            "channel": "webhook",
            "mode": mode.as_str(),
            "mark": mark(mode),
            "text": wake.text(),
            "alarm": {
                "id": alarm.id,
                "issuer": key.issuer,
                "kind": alarm.kind,
                "replaces": alarm.replaces,
                "asks": asks,
                "issued": issued.to_string(),
            },
            "to": { "role": key.to.role, "party": party },
            "link": link,
            "pin": message.pin,
        })),
    })
}
