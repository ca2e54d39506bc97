//! What the messages say that wake people: the same alarm for e-mail, text message, telephone and
//! other systems. Swedish first, then English in short.
//!
//! Whatever an exercise or a demo sends begins and ends with its mark; what is too long is cut in
//! the headline, so that neither mark nor link nor code is ever hidden.

use samband_domain::alarms::model::{Alarm, Kind};
use samband_domain::{Known, Mode};

use super::{Lang, Words};

/// Longest text message, in characters: three parts of one message.
pub const SMS_MAX: usize = 459;

/// Longest subject of an e-mail.
pub const SUBJECT_MAX: usize = 140;

/// Longest text that a telephone reads of the headline.
const SPOKEN_MAX: usize = 200;

/// Characters of the alarm's number that a text message carries.
const LAST: usize = 4;

/// An alarm as it is told to one person.
#[derive(Clone, Copy, Debug)]
pub struct Wake<'a> {
    /// Real, exercise or demo.
    pub mode: Mode,
    /// The name of the region that alarms.
    pub from: &'a str,
    /// The alarm.
    pub alarm: &'a Alarm,
    /// When it was issued, in microseconds.
    pub issued: i64,
    /// The message key of the role as which the person is reached, e.g. `duty-role-tib`.
    pub role: &'a str,
    /// Whose role.
    pub party: &'a str,
    /// The personal link.
    pub link: &'a str,
    /// Four digits.
    pub pin: &'a str,
    /// Whether an answer is owed.
    pub asks: bool,
}

/// An e-mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// Subject.
    pub subject: String,
    /// For every mail program.
    pub text: String,
    /// For a screen that shows a button.
    pub html: String,
}

/// Words in one language, as a telephone speaks them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// `sv-SE` or `en-GB`.
    pub language: &'static str,
    /// The words.
    pub text: String,
}

/// What marks everything that is not real.
#[must_use]
pub fn mark(mode: Mode) -> Option<String> {
    match mode {
        Mode::Real => None,
        Mode::Exercise => Some(Words::sv().t("msg-mark-exercise")),
        Mode::Demo => Some(Words::sv().t("msg-mark-demo")),
    }
}

/// A text between two marks.
#[must_use]
pub fn marked(mode: Mode, text: &str) -> String {
    match mark(mode) {
        Some(mark) => format!("{mark} {text} {mark}"),
        None => text.to_owned(),
    }
}

/// The first characters of a text; a cut shows.
fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(max.saturating_sub(3)).collect();
    format!("{}...", kept.trim_end())
}

/// In the alphabet of text messages as far as their words go: a single character outside it would
/// more than double the parts.
fn plain(text: &str) -> String {
    let one = |c: char| match c {
        '–' | '—' | '−' => '-',
        '”' | '“' | '„' => '"',
        '’' | '‘' => '\'',
        '\u{a0}' | '\u{202f}' | '\n' | '\t' => ' ',
        c => c,
    };
    text.chars().map(one).collect()
}

impl Wake<'_> {
    /// What it is: a recall and an update say so first.
    fn kind(&self, words: Words) -> String {
        let kind = words.dynamic("msg-kind-", self.alarm.kind.as_str());
        match self.alarm.replaces {
            Some(_) if self.alarm.kind != Kind::Recall => {
                words.t_args("msg-update", &[("kind", kind.into())])
            }
            _ => kind,
        }
    }

    fn short(&self, words: Words, headline: &str) -> String {
        let (kind, region) = (self.kind(words), self.from);
        let args =
            [("kind", kind.into()), ("region", region.into()), ("headline", headline.into())];
        words.t_args("msg-short", &args)
    }

    /// The short form within a length: the headline gives way.
    fn within(&self, max: usize, around: impl Fn(&str) -> String) -> String {
        let headline = plain(&self.alarm.headline);
        let whole = around(&headline);
        let over = whole.chars().count().saturating_sub(max);
        if over == 0 {
            return whole;
        }
        around(&cut(&headline, headline.chars().count().saturating_sub(over).max(4)))
    }

    /// The end of the alarm's number, by which the page for codes finds it.
    fn last(&self) -> String {
        let id = self.alarm.id.as_str();
        id.chars().skip(id.chars().count().saturating_sub(LAST)).collect()
    }

    /// A text message. Where it grows too long, English gives way before the headline does.
    #[must_use]
    pub fn sms(&self) -> String {
        let key = if self.asks { "msg-sms-answer" } else { "msg-sms-read" };
        let last = self.last();
        let how = |words: Words| {
            words.t_args(key, &[("pin", self.pin.into()), ("last", last.as_str().into())])
        };
        let swedish = |headline: &str| {
            let short = self.short(Words::sv(), headline);
            format!("{short}. {} {}", how(Words::sv()), self.link)
        };
        let english = format!("{}. {}", self.kind(Words::en()), how(Words::en()));
        let both = |headline: &str| {
            plain(&marked(self.mode, &format!("{} / {english}", swedish(headline))))
        };
        let whole = both(&plain(&self.alarm.headline));
        if whole.chars().count() <= SMS_MAX {
            return whole;
        }
        self.within(SMS_MAX, |headline| plain(&marked(self.mode, &swedish(headline))))
    }

    /// What a telephone says: Swedish, English, and the mark last.
    #[must_use]
    pub fn spoken(&self) -> Vec<Spoken> {
        let headline = cut(&plain(&self.alarm.headline), SPOKEN_MAX);
        let digits: Vec<_> = self.pin.chars().map(String::from).collect();
        let digits = digits.join(" ");
        let say = |words: Words| {
            let (kind, region) = (self.kind(words), self.from);
            let args = [
                ("kind", kind.into()),
                ("region", region.into()),
                ("headline", headline.as_str().into()),
            ];
            let start = words.t_args("msg-voice-start", &args);
            let then = if self.asks {
                words.t_args("msg-voice-answer", &[("pin", digits.as_str().into())])
            } else {
                words.t("msg-voice-read")
            };
            format!("{start} {then}")
        };
        let swedish = |text: String| Spoken { language: "sv-SE", text };
        let mark = mark(self.mode);
        let first = mark.as_ref().map(|mark| format!("{mark}. ")).unwrap_or_default();
        let mut all = vec![swedish(format!("{first}{}", say(Words::sv())))];
        all.push(Spoken { language: "en-GB", text: say(Words::en()) });
        all.extend(mark.map(swedish));
        all
    }

    /// An e-mail.
    #[must_use]
    pub fn email(&self) -> Email {
        let subject = self
            .within(SUBJECT_MAX, |headline| marked(self.mode, &self.short(Words::sv(), headline)));
        let (sv, en) = (self.lines(Words::sv()), self.lines(Words::en()));
        let mark = mark(self.mode);
        let ends = mark.iter().map(String::as_str);
        let all: Vec<&str> = ends
            .clone()
            .chain(sv.iter().map(String::as_str))
            .chain(["--"])
            .chain(en.iter().map(String::as_str))
            .chain(ends)
            .collect();
        let html = maud::html! {
            @if let Some(mark) = &mark { p { strong { (mark) } } }
            @for (words, lines) in [(Words::sv(), &sv), (Words::en(), &en)] {
                div lang=(words.lang().code()) {
                    @for line in lines.iter().filter(|line| *line != self.link) { p { (line) } }
                    p { a href=(self.link) style=(BUTTON) { (words.t("msg-button")) } }
                }
            }
            @if let Some(mark) = &mark { p { strong { (mark) } } }
        };
        Email { subject, text: all.join("\n\n"), html: html.into_string() }
    }

    /// The same for another system: text and headline marked on their own.
    #[must_use]
    pub fn text(&self) -> String {
        let lines = self.lines(Words::sv()).join("\n");
        match mark(self.mode) {
            Some(mark) => format!("{mark}\n{lines}\n{mark}"),
            None => lines,
        }
    }

    fn lines(&self, words: Words) -> Vec<String> {
        let alarm = self.alarm;
        let place = match &alarm.place {
            Known::Value(place) => place.text.clone(),
            _ => words.unknown(),
        };
        let injured = match &alarm.injured {
            Known::Value(injured) if injured.least == injured.most => words.int(injured.least),
            Known::Value(injured) => {
                let ends = [("least", injured.least.into()), ("most", injured.most.into())];
                words.t_args("msg-between", &ends)
            }
            _ => words.unknown(),
        };
        let one = |key: &str, name: &str, value: &str| words.t_args(key, &[(name, value.into())]);
        let role = words.find(self.role, &[]).unwrap_or_else(|| self.role.to_owned());
        let you = [("role", role.into()), ("party", self.party.into())];
        let mut all = vec![self.kind(words), alarm.headline.clone()];
        if words.lang() == Lang::Sv {
            all.push(alarm.text.clone());
        }
        if alarm.incident.is_some() {
            all.extend([
                one("msg-place", "place", &place),
                one("msg-injured", "injured", &injured),
            ]);
        }
        all.push(one("msg-from", "region", self.from));
        all.push(one("msg-issued", "time", &words.date_time(self.issued)));
        all.push(words.t_args("msg-you", &you));
        if self.asks {
            all.extend([words.t("msg-answer-here"), self.link.to_owned()]);
            all.push(one("msg-answer-code", "pin", self.pin));
            all.push(words.t("msg-receipt-is-nothing"));
        } else {
            all.extend([words.t("msg-read-here"), self.link.to_owned()]);
            all.push(words.t("msg-no-answer"));
        }
        all
    }
}

/// Large enough for a thumb, in every mail program.
const BUTTON: &str = "display:inline-block;padding:16px 24px;background:#12466b;color:#ffffff;\
                      font-size:18px;text-decoration:none;border-radius:6px";

/// The message that tries a channel, and its subject.
#[must_use]
pub fn canary(mode: Mode, code: &str) -> (String, String) {
    let words = Words::sv();
    let args = [("code", code.into())];
    let subject = marked(mode, &words.t_args("msg-canary-subject", &args));
    (subject, marked(mode, &words.t_args("msg-canary", &args)))
}
