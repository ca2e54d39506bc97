//! What pages about donations say in the same way: what is lacking, and how a number is read.

use maud::{Markup, html};
use samband_domain::Refusal;
use samband_domain::blood::model::Din;
use samband_exchange::isbt128::classify;

use crate::app::import::words_of;
use crate::text::Words;

/// What is lacking, in a few words: by the code of the rule.
pub(crate) fn lack(w: Words, code: &str) -> String {
    let key = format!("lack-{}", code.replace('.', "-"));
    w.find(&key, &[]).unwrap_or_else(|| code.to_owned())
}

/// What is lacking with what it is about: the tests, the flag, how many determinations.
pub(crate) fn lack_whole(w: Words, lacks: &Refusal) -> Markup {
    let fact = |name: &str| lacks.facts.get(name).map(String::as_str);
    let tests = fact("test").map(|tests| {
        let named = tests.split(", ").map(|test| w.dynamic("test-", test));
        named.collect::<Vec<_>>().join(", ")
    });
    let flag = fact("flag").map(|flag| w.dynamic("donation-flag-", flag));
    let counts = fact("there").zip(fact("needed")).map(|(there, needed)| {
        w.t_args("lack-determinations", &[("there", there.into()), ("needed", needed.into())])
    });
    let key = fact("key").map(str::to_owned);
    let more: Vec<_> = [tests, flag, counts, key].into_iter().flatten().collect();
    html! {
        (lack(w, lacks.kind.code))
        @if !more.is_empty() { ": " (more.join("; ")) }
    }
}

/// A donation number as it was scanned or typed. A scan may name the whole unit.
pub(crate) fn number(w: Words, text: &str) -> Result<Din, String> {
    let text = text.trim();
    if let Ok(din) = Din::parse(text) {
        return Ok(din);
    }
    match classify(text) {
        Ok(scan) => scan
            .what
            .din()
            .or(scan.what.unit().map(|unit| unit.din))
            .ok_or_else(|| w.t("donation-no-number")),
        Err(refused) => Err(words_of(w, refused.code(), &refused.args())),
    }
}
