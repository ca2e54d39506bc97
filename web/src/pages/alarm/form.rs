//! Reading what a duty officer typed: the report, the findings, the recipients.

use maud::{Markup, Render, html};
use samband_domain::alarms::model::{Between, Place, Recipient};
use samband_domain::incidents::model::{Assessment, CareMode, Finding, Holds, Report};
use samband_domain::{Known, Mode};

use super::field_name;
use crate::app::alarm::{Choice, known_of};
use crate::components::{Field, KEY_FIELD};
use crate::pages::typed::{ACT, Draft, Errors, Reader, SHOWN, Typed};
use crate::text::Words;

/// Longest number of people that can be typed.
const PEOPLE_MAX: u64 = 100_000;

/// The fields of a report; `start` is what is known already.
pub(super) fn report_fields(w: Words, draft: &Draft, act: &str, start: Option<&Report>) -> Markup {
    let was = |pick: fn(&Report) -> String| start.map(pick).unwrap_or_default();
    let place = start.and_then(|report| report.place.as_ref().value());
    let point = place.and_then(|place| place.point.value());
    let point = point.map(|(n, e)| format!("{}, {}", super::degrees(n), super::degrees(e)));
    let injured = start.and_then(|report| report.injured.value());
    let number =
        |pick: fn(Between) -> u32| injured.map(pick).map_or(String::new(), |n| n.to_string());
    let field =
        |name: &'static str, field: Field, start: &str| draft.field(act, name, field, start);
    html! {
        (field("title", Field::text("title", w.t("alarm-new-title")).required()
            .hint(w.t("alarm-new-title-hint")), &was(|report| report.title.clone())))
        (field("text", Field::text_area("text", w.t("alarm-new-text")).required()
            .hint(w.t("form-shared-hint")), &was(|report| report.text.clone())))
        (field("source", Field::text("source", w.t("alarm-new-source")).required()
            .hint(w.t("alarm-new-source-hint")), &was(|report| report.source.clone())))
        (field("place", Field::text("place", w.t("alarm-new-place"))
            .hint(w.t("alarm-new-unknown-hint")), place.map_or("", |place| &place.text)))
        (field("point", Field::text("point", w.t("alarm-new-point"))
            .hint(w.t("alarm-new-point-hint")), &point.unwrap_or_default()))
        div.pair {
            (field("least", Field::number("least", w.t("alarm-new-least")), &number(|b| b.least)))
            (field("most", Field::number("most", w.t("alarm-new-most")), &number(|b| b.most)))
        }
        p.hint { (w.t("alarm-new-injured-hint")) }
    }
}

/// The report as typed.
pub(super) fn read_report(w: Words, reader: &mut Reader<'_>, typed: &Typed) -> Option<Report> {
    let (title, text) = (reader.text("title"), reader.text("text"));
    let source = reader.text("source");
    let (place, injured) = (read_place(w, reader, typed), read_injured(w, reader, typed));
    Some(Report { title, text, source, place: place?, happened: Known::Unknown, injured: injured? })
}

/// A place in words, with its point if that was typed; blank is unknown.
pub(super) fn read_place(w: Words, reader: &mut Reader<'_>, typed: &Typed) -> Option<Known<Place>> {
    let point = typed.get("point");
    let read = if point.is_empty() { Some(None) } else { degrees(point).map(Some) };
    let Some(read) = read else {
        reader.wrong("point", w.t("alarm-new-point-wrong"));
        return None;
    };
    let text = match (typed.get("place"), point) {
        ("", "") => return Some(Known::Unknown),
        ("", point) => point.to_owned(),
        (text, _) => text.to_owned(),
    };
    Some(Known::Value(Place { text, point: known_of(read) }))
}

/// `55.605, 13.0038`, decimal commas too: `55,605 13,0038`.
fn degrees(text: &str) -> Option<(i32, i32)> {
    let dotted = !text.contains('.') && text.matches(',').count() >= 2;
    let text =
        if dotted { text.replace(", ", " ").replace(',', ".") } else { text.replace(',', " ") };
    let mut parts = text.split([' ', ';']).filter(|part| !part.is_empty());
    let (north, east) = (parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    Some((micro(north, 90)?, micro(east, 180)?))
}

/// Degrees in decimal writing as millionths, without a detour over binary fractions.
fn micro(text: &str, most: i64) -> Option<i32> {
    let (sign, size) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, rest) = size.split_once('.').unwrap_or((size, ""));
    if whole.len() > 3 || rest.len() > 12 || !rest.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let six: String = rest.chars().chain("000000".chars()).take(6).collect();
    let value = whole.parse::<u16>().ok().map(i64::from)? * 1_000_000 + six.parse::<i64>().ok()?;
    (value <= most * 1_000_000).then(|| i32::try_from(sign * value).ok())?
}

/// A range; only one end typed is that many, blank is unknown.
pub(super) fn read_injured(
    w: Words,
    reader: &mut Reader<'_>,
    typed: &Typed,
) -> Option<Known<Between>> {
    let mut end = |name: &'static str| -> Option<Option<u32>> {
        if typed.get(name).is_empty() {
            return Some(None);
        }
        let count = reader.count(name)?;
        let count = u32::try_from(count).ok().filter(|n| u64::from(*n) <= PEOPLE_MAX);
        if count.is_none() {
            reader.wrong(name, w.t("typed-no-number"));
        }
        count.map(Some)
    };
    let (least, most) = (end("least"), end("most"));
    Some(match (least?, most?) {
        (None, None) => Known::Unknown,
        (least, most) => {
            let (least, most) = (least.or(most)?, most.or(least)?);
            Known::Value(Between { least, most })
        }
    })
}

const FINDINGS: [(&str, &str, &str, &str); 2] = [
    ("harm", "harm_basis", "harm_source", "alarm-new-harm"),
    ("imbalance", "imbalance_basis", "imbalance_source", "alarm-new-imbalance"),
];

/// The two findings: each holds, or is suspected; that is enough.
pub(super) fn finding_fields(w: Words, draft: &Draft, act: &str) -> Markup {
    let field = |name: &str, field: Field, start: &str| draft.field(act, name, field, start);
    html! {
        @for (name, basis, source, label) in FINDINGS {
            (field(name, Field::radios(name, w.t(label), [
                ("yes", w.t("alarm-holds-yes")), ("suspected", w.t("alarm-holds-suspected")),
            ]).required(), "suspected"))
            details.fold open[draft.is(act)] {
                summary {
                    (w.t("alarm-new-basis-fold")) span.hidden { ": " (w.t(label)) }
                }
                (field(basis, Field::text(basis, w.t("alarm-new-basis-of")),
                    &w.t("alarm-basis-usual")))
                (field(source, Field::text(source, w.t("alarm-new-source-of"))
                    .hint(w.t("alarm-new-source-of-hint")), ""))
            }
        }
    }
}

/// The findings as typed; whoever reported is the source where no other is named.
pub(super) fn read_findings(
    w: Words,
    reader: &mut Reader<'_>,
    typed: &Typed,
) -> Option<Assessment> {
    let mut read = |name: &'static str, basis: &str, source: &str| -> Option<Finding> {
        let holds: Holds = reader.value(name)?;
        let or = |said: &str, usual: &str| {
            if said.is_empty() { usual.to_owned() } else { said.to_owned() }
        };
        let basis = or(typed.get(basis), &w.t("alarm-basis-usual"));
        Some(Finding { holds, basis, source: or(typed.get(source), typed.get("source")) })
    };
    let harm = read("harm", "harm_basis", "harm_source");
    let imbalance = read("imbalance", "imbalance_basis", "imbalance_source");
    Some(Assessment { harm: harm?, imbalance: imbalance? })
}

/// The region's mode from now on.
pub(super) fn mode_field(w: Words, draft: &Draft, act: &str) -> Markup {
    let modes = [CareMode::Staff, CareMode::Reinforced, CareMode::Catastrophe];
    let options = modes.map(|mode| (mode.as_str(), w.dynamic("care-mode-", mode.as_str())));
    draft
        .field(act, "mode", Field::select("mode", w.t("alarm-new-mode"), options), "staff")
        .render()
}

/// Who is alarmed: one tick each, all of them in sight.
pub(super) fn recipient_fields(
    draft: &Draft,
    act: &str,
    (legend, hint): (&str, &str),
    choices: &[Choice],
    name: impl Fn(&Recipient) -> String,
) -> Markup {
    html! {
        fieldset.recipients aria-describedby="to-hint" {
            legend { (legend) }
            span.hint id="to-hint" { (hint) }
            @for one in choices {
                @let field = Field::check_box(&field_name(&one.to), name(&one.to));
                @let start = if one.preselected { "on" } else { "" };
                (draft.field(act, &field_name(&one.to), field, start))
            }
        }
    }
}

/// Those who are ticked.
pub(super) fn read_recipients(typed: &Typed, choices: &[Choice]) -> Vec<Recipient> {
    let ticked = choices.iter().filter(|one| typed.get(&field_name(&one.to)) == "on");
    ticked.map(|one| one.to.clone()).collect()
}

/// The word that confirms the scope, as it is shown.
pub(super) fn confirm_word(w: Words, mode: Mode) -> String {
    if mode == Mode::Exercise { w.t("alarm-confirm-drill") } else { w.t("alarm-confirm-word") }
}

/// Whether the scope was confirmed: by the word that is shown, or by how many are alarmed.
pub(super) fn confirmed(w: Words, typed: &Typed, mode: Mode, recipients: usize) -> bool {
    let said = typed.get("confirm").to_lowercase();
    said == confirm_word(w, mode).to_lowercase() || said == recipients.to_string()
}

/// A form of the page with parts of its own between the fields.
pub(super) fn whole(
    draft: &Draft,
    (action, act): (&str, &str),
    shown: i64,
    body: &Markup,
    buttons: &Markup,
) -> Markup {
    html! {
        form.form.alarm-form method="post" action=(action) novalidate {
            input type="hidden" name=(KEY_FIELD) value=(draft.key(act));
            input type="hidden" name=(ACT) value=(act);
            input type="hidden" name=(SHOWN) value=(shown);
            (body)
            div.submit { (buttons) }
        }
    }
}

/// What was read, if everything could be.
pub(super) fn done<T>(reader: Reader<'_>, read: Option<T>) -> Result<T, Errors> {
    reader.done(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_read_as_people_write_them_and_never_guessed() {
        assert_eq!(degrees("55.6050, 13.0038"), Some((55_605_000, 13_003_800)));
        assert_eq!(degrees("55,605 13,0038"), Some((55_605_000, 13_003_800)));
        assert_eq!(degrees("55,605, 13,0038"), Some((55_605_000, 13_003_800)));
        assert_eq!(degrees("-33.9 151.2"), Some((-33_900_000, 151_200_000)));
        for wrong in ["55.605", "95.0 13.0", "55.6 13.0 7", "norr om Lund", "55.6 181"] {
            assert_eq!(degrees(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn one_end_of_a_range_is_both_and_none_is_unknown() {
        let typed = |pairs: &[(&str, &str)]| {
            Typed::new(pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect())
        };
        let read = |typed: &Typed| {
            let mut reader = Reader::new(Words::sv(), typed);
            let read = read_injured(Words::sv(), &mut reader, typed);
            reader.done(read)
        };
        assert_eq!(read(&typed(&[])), Ok(Known::Unknown));
        let both = Known::Value(Between { least: 30, most: 30 });
        assert_eq!(read(&typed(&[("least", "30")])), Ok(both));
        assert!(read(&typed(&[("most", "många")])).unwrap_err().contains_key("most"));
    }
}
