//! What somebody typed into a form, what is wrong with it, and how it comes back.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::civil::Date;
use maud::{Markup, html};
use samband_domain::{Time, Window};

use crate::app::fresh_key;
use crate::components::{Field, Form, KEY_FIELD, Note};
use crate::text::Words;

/// The hidden field that says which of a page's forms was sent.
pub(crate) const ACT: &str = "act";

/// The hidden field that says when the form was shown. What is to happen "now" happens then, so
/// that sending a form twice asks for the same thing twice.
pub(crate) const SHOWN: &str = "shown";

/// Where each form stands on its page.
const PLACES: &[(&str, &str)] = &[
    ("open-site", "open-site"),
    ("correct-site", "change-site"),
    ("close-site", "change-site"),
    ("correct-figure", "correct"),
    ("register-actor", "register"),
    ("grant-mandate", "give"),
    ("end-mandate", "change-mandate"),
    ("record-approval", "change-mandate"),
    ("correct-actor", "correct"),
    ("erase-actor", "erase"),
    ("join-body", "change-bodies"),
    ("leave-body", "change-bodies"),
    ("annotate", "annotate"),
    ("propose", "propose"),
    ("sign", "do"),
    ("decline", "do"),
    ("withdraw", "do"),
    ("end", "do"),
    ("rules-review", "do"),
    ("rules-adopt", "do"),
    ("rules-withdraw", "do"),
    ("trust-peer", "trust"),
    ("drop-peer", "about"),
    ("settle-fork", "about"),
    ("state-duty", "state-duty"),
    ("state-demand", "state-demand"),
    ("count-stock", "count"),
    ("handle-units", "handle"),
    ("send-units", "send"),
    ("collect", "collect"),
    ("clear-donation", "clear"),
    ("enter-results", "enter"),
    ("verify-results", "verify"),
    ("disagree-results", "verify"),
    ("reject-results", "verify"),
    ("prepare", "prepare"),
    ("irradiate-units", "irradiate"),
    ("assign-numbers", "assign"),
    ("release-units", "release"),
    ("receive-shipment", "receive"),
    ("call-off-shipment", "call-off"),
    ("lost-units", "lost"),
    ("call-units", "ask"),
    ("answer-call", "answer"),
    ("withdraw-call", "withdraw"),
    ("set-target", "set"),
    ("clear-target", "clear"),
    ("state-leg", "state-leg"),
    ("end-leg", "end-leg"),
    ("ask-rare", "ask"),
    ("quarantine-unit", "quarantine-unit"),
    ("release-unit", "release-unit"),
    ("reserve-unit", "reserve-unit"),
    ("unreserve-unit", "unreserve-unit"),
    ("record-tests", "record-tests"),
    ("correct-unit", "correct-unit"),
    ("discard-unit", "discard-unit"),
    ("call-back", "call-back"),
    ("follow-withdrawal", "follow"),
    ("tell-withdrawal", "tell"),
    ("close-withdrawal", "close"),
    ("discard-withdrawn", "discard"),
    ("make-lot", "make-lot"),
    ("consign-lots", "consign-lots"),
    ("take-out", "take-out"),
    ("vigilance-notify", "vigilance-notify"),
    ("vigilance-confirm", "vigilance-confirm"),
    ("file-report", "file-report"),
    ("stop-exercise", "do"),
    ("request-new", "do"),
    ("request-emergency", "do"),
    ("request-reserve", "next"),
    ("request-issue", "next"),
    ("request-crossmatch", "next"),
    ("request-decide", "do"),
    ("paper-enter", "do"),
    ("ward-return", "do"),
    ("ward-waste", "do"),
    ("ward-reaction", "do"),
    ("patient-register", "do"),
    ("patient-sample", "do"),
    ("patient-group", "do"),
    ("patient-screen", "do"),
    ("patient-verify", "do"),
    ("patient-antibody", "do"),
    ("patient-not-seen", "do"),
    ("patient-resolve", "do"),
    ("patient-require", "do"),
    ("patient-end-need", "do"),
    ("patient-turn", "do"),
    ("patient-mother", "do"),
    ("patient-link", "do"),
    ("patient-unlink", "do"),
    ("patient-block", "do"),
    ("patient-lift", "do"),
    ("patient-correct", "do"),
    ("patient-ask", "do"),
    ("ask-answer", "do"),
    ("ask-no-record", "do"),
    ("ask-take-in", "do"),
    ("ask-decline", "decline"),
    ("accept-move", "accept"),
    ("refuse-move", "refuse"),
    ("incident-note", "incident-note"),
    ("incident-mode", "incident-mode"),
    ("incident-suspect", "do"),
    ("incident-confirm", "incident-confirm"),
    ("incident-assess", "incident-assess"),
    ("incident-resolve", "incident-resolve"),
    ("incident-second", "measures"),
    ("incident-extend", "measures"),
    ("incident-lift", "measures"),
    ("incident-stand-down", "incident-stand-down"),
    ("incident-close", "incident-close"),
    ("incident-deviate", "deviation"),
    ("incident-stock", "centres"),
    ("duty-assign", "duty-assign"),
    ("duty-drop", "duties"),
    ("duty-report", "duties"),
];

/// The fields of a form as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed(Vec<(String, String)>);

impl Typed {
    /// The fields as the form sent them.
    pub(crate) fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// A field without the white space around it; empty if it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        let mut found = self.0.iter().filter(|(key, _)| key == name);
        found.next().map_or("", |(_, value)| value.trim())
    }

    /// Which form was sent.
    pub(crate) fn act(&self) -> &str {
        self.get(ACT)
    }

    /// When the form was shown; now, if that was not within the last day.
    pub(crate) fn shown(&self, now: Time) -> Time {
        let shown = self.get(SHOWN).parse().map(Time).ok();
        shown.filter(|shown| now.plus_days(-1) <= *shown && *shown <= now).unwrap_or(now)
    }

    /// The idempotency key.
    pub(crate) fn key(&self) -> &str {
        self.get(KEY_FIELD)
    }
}

/// What is wrong with the fields, by name.
pub(crate) type Errors = BTreeMap<&'static str, String>;

/// A page's forms: empty, or as they come back from a refusal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    typed: Typed,
    errors: Errors,
    refusal: Option<Markup>,
    key: String,
    shown: Time,
}

impl Draft {
    /// Empty forms with a key that was never used.
    pub(crate) fn fresh(now: Time) -> Self {
        Self { key: fresh_key(), shown: now, ..Self::default() }
    }

    /// Forms as somebody typed them, with what is wrong. `refusal` is the box that explains.
    pub(crate) fn back(typed: Typed, errors: Errors, refusal: Option<Markup>, now: Time) -> Self {
        Self { typed, errors, refusal, key: fresh_key(), shown: now }
    }

    /// Forms to be sent again with the same key, since nobody knows yet whether it was recorded.
    pub(crate) fn again(typed: Typed, refusal: Markup, now: Time) -> Self {
        let (key, shown) = (typed.key().to_owned(), typed.shown(now));
        Self { typed, errors: Errors::new(), refusal: Some(refusal), key, shown }
    }

    /// Whether this is the form that came back.
    pub(crate) fn is(&self, act: &str) -> bool {
        self.typed.act() == act
    }

    /// What was sent in a field; empty if nothing came back.
    pub(crate) fn was(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    /// What is wrong with a field of the form that came back.
    pub(crate) fn error(&self, name: &str) -> Option<&str> {
        self.errors.get(name).map(String::as_str)
    }

    /// What the page says first about a form that came back, with the way to it.
    pub(crate) fn banner(&self, w: Words) -> Markup {
        let act = self.typed.act();
        let place = PLACES.iter().find(|(of, _)| *of == act).map(|(_, place)| *place);
        html! {
            @if let Some(refusal) = &self.refusal {
                (refusal)
                @if let Some(place) = place {
                    p { a href={ "#" (place) } { (w.t("typed-to-form")) } }
                }
            } @else if let Some((first, _)) = self.errors.first_key_value() {
                @let count = w.t_args("form-problems", &[("n", self.errors.len().into())]);
                @let note = html! {
                    (count) ". " a href={ "#f-" (first) } { (w.t("typed-to-form")) }
                };
                (Note::warning(w, &note))
            }
        }
    }

    /// A field with what was typed into it, or what it starts with.
    pub(crate) fn field(&self, act: &str, name: &str, field: Field, start: &str) -> Field {
        if self.is(act) {
            let error = self.errors.get(name).cloned();
            field.value(self.typed.get(name)).error(error)
        } else {
            field.value(start)
        }
    }

    /// The key of one form: every form of a page needs its own.
    pub(crate) fn key(&self, act: &str) -> String {
        if self.is(act) && self.key == self.typed.key() {
            self.key.clone()
        } else {
            format!("{}-{act}", self.key)
        }
    }

    /// A form of the page at `action`.
    pub(crate) fn form<'a>(
        &self,
        w: Words,
        action: &'a str,
        act: &str,
        key: &'a str,
        submit: String,
    ) -> Form<'a> {
        Form::post(w, action, key, submit).hidden(ACT, act).hidden(SHOWN, self.shown.0.to_string())
    }
}

/// Reads fields into values and collects what is wrong with them.
pub(crate) struct Reader<'a> {
    words: Words,
    typed: &'a Typed,
    errors: Errors,
}

impl<'a> Reader<'a> {
    /// Begins with nothing wrong.
    pub(crate) fn new(words: Words, typed: &'a Typed) -> Self {
        Self { words, typed, errors: Errors::new() }
    }

    /// Notes what is wrong with a field.
    pub(crate) fn wrong(&mut self, name: &'static str, text: String) {
        self.errors.entry(name).or_insert(text);
    }

    /// A text that must be there.
    pub(crate) fn text(&mut self, name: &'static str) -> String {
        let text = self.typed.get(name).to_owned();
        if text.is_empty() {
            self.wrong(name, self.words.t("typed-needed"));
        }
        text
    }

    /// A text that may be left out.
    pub(crate) fn optional(&self, name: &str) -> Option<String> {
        Some(self.typed.get(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A value that must be there and readable.
    pub(crate) fn value<T: FromStr>(&mut self, name: &'static str) -> Option<T> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        let value = text.parse().ok();
        if value.is_none() {
            self.wrong(name, self.words.t("typed-unreadable"));
        }
        value
    }

    /// A value that may be left out; readable if it is there.
    pub(crate) fn optional_value<T: FromStr>(&mut self, name: &'static str) -> Option<T> {
        if self.typed.get(name).is_empty() {
            return None;
        }
        self.value(name)
    }

    /// The beginning of a day that must be named.
    pub(crate) fn day(&mut self, name: &'static str) -> Option<Time> {
        let date: Date = self.value(name)?;
        self.start(name, Some(date))
    }

    /// The beginning of a day that may be left out.
    pub(crate) fn optional_day(&mut self, name: &'static str) -> Option<Time> {
        let date: Option<Date> = self.optional_value(name);
        date.and_then(|date| self.start(name, Some(date)))
    }

    /// The end of a day that must be named.
    pub(crate) fn day_after(&mut self, name: &'static str) -> Option<Time> {
        let date: Date = self.value(name)?;
        self.start(name, date.tomorrow().ok())
    }

    /// The end of a last day that may be left out.
    pub(crate) fn last_day(&mut self, name: &'static str) -> Option<Time> {
        let date: Option<Date> = self.optional_value(name);
        date.and_then(|date| self.start(name, date.tomorrow().ok()))
    }

    fn start(&mut self, name: &'static str, date: Option<Date>) -> Option<Time> {
        let time = date.and_then(Time::start_of);
        if time.is_none() {
            self.wrong(name, self.words.t("typed-unreadable"));
        }
        time
    }

    /// A window from a first day, `now` if that is today, to a last day inside it.
    pub(crate) fn window(
        &mut self,
        first: &'static str,
        last: &'static str,
        now: Time,
    ) -> Option<Window> {
        let from = self.day(first)?;
        let until = self.last_day(last);
        let today = from <= now && now < from.plus_days(1);
        let from = if today { now } else { from };
        let window = Window::new(from, until).ok();
        if window.is_none() {
            self.wrong(last, self.words.t("typed-ends-before"));
        }
        window
    }

    /// A whole number, spaces between its digits allowed.
    pub(crate) fn count(&mut self, name: &'static str) -> Option<u64> {
        let text = self.text(name);
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let count = digits.parse().ok();
        if count.is_none() && !text.is_empty() {
            self.wrong(name, self.words.t("typed-no-number"));
        }
        count
    }

    /// A share of full time in per cent, as thousandths.
    pub(crate) fn share(&mut self, name: &'static str) -> Option<u16> {
        let text = self.typed.get(name).replace(',', ".");
        let text = text.trim_end_matches('%').trim();
        if text.is_empty() {
            return None;
        }
        let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
        let parsed = match (whole.parse::<u16>(), tenth.parse::<u16>()) {
            (Ok(whole), Ok(tenth)) if tenth < 10 && whole <= 100 => Some(whole * 10 + tenth),
            _ => None,
        };
        if parsed.is_none() {
            self.wrong(name, self.words.t("typed-no-share"));
        }
        parsed
    }

    /// What was read, or what is wrong. None read and nothing wrong cannot be.
    pub(crate) fn done<T>(self, read: Option<T>) -> Result<T, Errors> {
        match read {
            Some(read) if self.errors.is_empty() => Ok(read),
            _ => Err(self.errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        Typed::new(pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect())
    }

    #[test]
    fn a_last_day_is_inside_the_window_and_a_window_never_ends_before_it_starts() {
        let sent =
            typed(&[("from", "2027-01-01"), ("until", "2027-01-01"), ("early", "2026-12-31")]);
        let mut reader = Reader::new(Words::sv(), &sent);
        let window = reader.window("from", "until", Time(0)).expect("one day");
        assert_eq!(window.until(), Some(window.from().plus_days(1)));
        assert_eq!(reader.window("from", "early", Time(0)), None);
        assert!(reader.done(Some(())).unwrap_err().contains_key("early"));
    }

    #[test]
    fn numbers_and_shares_are_read_as_people_write_them() {
        let sent =
            typed(&[("n", "22 345"), ("bad", "många"), ("share", "37,5 %"), ("much", "101")]);
        let mut reader = Reader::new(Words::sv(), &sent);
        assert_eq!(reader.count("n"), Some(22_345));
        assert_eq!(reader.share("share"), Some(375));
        assert_eq!(reader.share("absent"), None);
        assert_eq!(reader.count("bad"), None);
        assert_eq!(reader.share("much"), None);
        let errors = reader.done(Some(())).unwrap_err();
        let names: Vec<_> = errors.keys().copied().collect();
        assert_eq!(names, ["bad", "much"]);
    }

    #[test]
    fn what_was_typed_comes_back_into_its_own_form_only() {
        let sent = typed(&[("act", "a"), ("name", "Lund"), (KEY_FIELD, "k")]);
        let errors = Errors::from([("name", "fel".to_owned())]);
        let draft = Draft::back(sent.clone(), errors, None, Time(0));
        let own = draft.field("a", "name", Field::text("name", "Namn"), "x");
        let other = draft.field("b", "name", Field::text("name", "Namn"), "x");
        let text = |field: Field| maud::Render::render(&field).0;
        assert!(text(own.clone()).contains("value=\"Lund\"") && text(own).contains("fel"));
        assert!(text(other.clone()).contains("value=\"x\"") && !text(other).contains("fel"));
        assert_ne!(draft.key("a"), "k", "a refused form is a new command");
        assert_eq!(Draft::again(sent, html! {}, Time(0)).key("a"), "k");
        assert_ne!(draft.key("a"), draft.key("b"));
    }
}
