//! Writes an alert as CAP 1.2.

use super::NAMESPACE;
use super::alert::{Alert, Message};
use super::info::{Area, Content, Info, Named, Resource};
use super::text::Item;
use super::words::Word;
use crate::xml::Out;

/// The alert as an XML document, valid by the schema of CAP 1.2.
#[must_use]
pub fn write(alert: &Alert) -> String {
    Out::document("alert", &format!("xmlns=\"{NAMESPACE}\""), |out| write_alert(out, alert))
}

fn write_alert(out: &mut Out, alert: &Alert) {
    out.line("identifier", &alert.identifier);
    out.line("sender", &alert.sender);
    out.line("sent", &alert.sent.to_string());
    out.line("status", alert.status.word().text());
    out.line("msgType", alert.message.word().text());
    out.maybe("source", alert.source.as_deref());
    out.line("scope", alert.scope.word().text());
    out.maybe("restriction", alert.scope.restriction().map(|text| &**text));
    out.maybe("addresses", list(alert.scope.addresses()).as_deref());
    for code in &alert.codes {
        out.line("code", code);
    }
    out.maybe("note", alert.status.note().map(|text| &**text));
    out.maybe("references", references(&alert.message).as_deref());
    out.maybe("incidents", list(&alert.incidents).as_deref());
    for info in &alert.infos {
        out.within("info", |out| write_info(out, info));
    }
}

fn list(items: &[Item]) -> Option<String> {
    let items: Vec<String> = items.iter().map(Item::in_list).collect();
    if items.is_empty() { None } else { Some(items.join(" ")) }
}

fn references(message: &Message) -> Option<String> {
    let all: Vec<String> = message.references().iter().map(ToString::to_string).collect();
    if all.is_empty() { None } else { Some(all.join(" ")) }
}

fn write_info(out: &mut Out, info: &Info) {
    out.line("language", &info.language);
    for category in info.categories.iter() {
        out.line("category", category.text());
    }
    out.line("event", &info.event);
    for response in &info.responses {
        out.line("responseType", response.text());
    }
    out.line("urgency", info.urgency.text());
    out.line("severity", info.severity.text());
    out.line("certainty", info.certainty.text());
    out.maybe("audience", info.audience.as_deref());
    write_named(out, "eventCode", &info.event_codes);
    let moments = [("effective", info.effective), ("onset", info.onset), ("expires", info.expires)];
    for (name, moment) in moments {
        out.maybe(name, moment.map(|moment| moment.to_string()).as_deref());
    }
    out.maybe("senderName", info.sender_name.as_deref());
    out.maybe("headline", info.headline.as_deref());
    out.maybe("description", info.description.as_deref());
    out.maybe("instruction", info.instruction.as_deref());
    out.maybe("web", info.web.as_ref().map(|uri| uri.text()));
    out.maybe("contact", info.contact.as_deref());
    write_named(out, "parameter", &info.parameters);
    for resource in &info.resources {
        out.within("resource", |out| write_resource(out, resource));
    }
    for area in &info.areas {
        out.within("area", |out| write_area(out, area));
    }
}

fn write_named(out: &mut Out, element: &str, all: &[Named]) {
    for named in all {
        out.within(element, |out| {
            out.line("valueName", &named.name);
            out.line("value", named.value.as_deref().unwrap_or_default());
        });
    }
}

fn write_resource(out: &mut Out, resource: &Resource) {
    out.line("resourceDesc", &resource.description);
    out.line("mimeType", &resource.mime_type);
    out.maybe("size", resource.size.map(|size| size.to_string()).as_deref());
    match &resource.content {
        Content::Unstated => {}
        Content::At(uri) => out.line("uri", uri.text()),
        Content::Within { uri, bytes } => {
            out.maybe("uri", uri.as_ref().map(|uri| uri.text()));
            out.line("derefUri", bytes.text());
        }
    }
    out.maybe("digest", resource.digest.as_deref());
}

fn write_area(out: &mut Out, area: &Area) {
    out.line("areaDesc", &area.description);
    for polygon in &area.polygons {
        out.line("polygon", &polygon.to_string());
    }
    for circle in &area.circles {
        out.line("circle", &circle.to_string());
    }
    write_named(out, "geocode", &area.geocodes);
    if let Some(height) = area.height {
        out.line("altitude", &height.altitude().to_string());
        out.maybe("ceiling", height.ceiling().map(|ceiling| ceiling.to_string()).as_deref());
    }
}
