//! Words, numbers and times in the two languages of the screen.
//!
//! Every text a person reads comes from `web/messages/sv.ftl` and `en.ftl`; both are built into
//! the binary. [`Words`] is a small copyable handle that every page and component is given, so
//! that no text can be written without deciding its language.

mod bundle;
pub mod message;
mod number;
mod rules;
mod source;
mod time;

#[cfg(test)]
mod catalogue_test;
#[cfg(test)]
mod message_test;

pub use bundle::Arg;
pub(crate) use number::round_half_up;
pub use number::{Format, Ratio, Whole};
pub use time::machine_time;

/// Key prefixes that the program completes at run time (`refusal-` + code and so on).
///
/// The test for unused keys takes every key with one of these prefixes as used; a page that
/// builds keys from data adds its prefix here.
pub const DYNAMIC_PREFIXES: &[&str] = &[
    "access-",
    "account-act-",
    "action-",
    "agreed-circle-",
    "agreed-of-",
    "agreement-",
    "alarm-ask-",
    "alarm-by-",
    "alarm-done-",
    "alarm-headline-",
    "alarm-kind-",
    "alarm-means-",
    "alarm-next-",
    "alarm-outcome-",
    "alarm-owed-",
    "alarm-said-",
    "alarm-send-",
    "alarm-stage-",
    "alarm-standing-",
    "alarm-step-",
    "alarm-told-",
    "answer-",
    "appointment-",
    "approval-",
    "arrival-",
    "ask-",
    "attribute-",
    "bedside-",
    "box-state-",
    "bus-conflict-",
    "call-reason-",
    "call-standing-",
    "call-ups-silent-",
    "call-ups-switch-",
    "callup-pooling-",
    "callup-response-",
    "callup-sex-",
    "campaign-channel-",
    "capacity-",
    "care-mode-",
    "channel-",
    "code-table-",
    "codes-",
    "column-",
    "compat-",
    "count-",
    "crossmatch-",
    "defer-how-",
    "deferral-",
    "discard-",
    "discrepancy-",
    "donation-flag-",
    "donation-kind-",
    "done-",
    "donor-check-",
    "donor-do-",
    "donor-earlier-",
    "donor-kind-",
    "donor-means-",
    "donor-step-",
    "duty-of-",
    "duty-role-",
    "ended-",
    "exception-",
    "field-",
    "follow-up-",
    "forecast-model-",
    "forecast-weekday-",
    "gate-",
    "give-",
    "ground-",
    "holiday-",
    "import-bad-",
    "import-file-",
    "import-ignored-",
    "import-note-",
    "imputability-",
    "inc-of-",
    "isbt-error-",
    "joint-five-",
    "joint-for-",
    "joint-scenario-",
    "joint-verdict-",
    "kind-",
    "label-",
    "lack-",
    "legal-",
    "lot-kind-",
    "material-kind-",
    "measure-",
    "mode-",
    "msg-",
    "outcome-",
    "paper-",
    "patient-",
    "permission-",
    "plan-need-",
    "plan-outcome-",
    "plan-unknown-",
    "process-",
    "product-",
    "purpose-",
    "quarantine-",
    "question-",
    "rare-may-",
    "reacted-",
    "reaction-",
    "ready-of-",
    "reason-",
    "record-",
    "refusal-",
    "region-",
    "relation-",
    "request-act-",
    "request-kind-",
    "results-weight-",
    "role-",
    "roster-",
    "route-",
    "rule-",
    "rules-adopt-",
    "rules-bad-",
    "rules-compare-only-",
    "rules-event-",
    "rules-is-",
    "rules-review-",
    "rules-to-",
    "rules-withdraw-",
    "scan-kind-",
    "scope-",
    "settlement-gap-",
    "settlement-key-",
    "severity-",
    "simulate-",
    "site-kind-",
    "stage-",
    "standing-",
    "status-",
    "step-",
    "stock-record-",
    "supply-agreement-carriage-",
    "supply-agreement-home-",
    "targets-light-",
    "temperature-",
    "test-",
    "trace-arrival-",
    "trace-fate-",
    "trace-kind-",
    "unit-act-",
    "unit-status-",
    "urgency-",
    "verdict-",
    "vigilance-category-",
    "vigilance-notice-",
    "ward-",
    "warning-",
    "withdrawal-found-",
    "withdrawal-gap-",
    "withdrawal-of-",
    "withdrawal-outcome-",
    "yearly-",
];

/// A language of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Swedish, the first language.
    #[default]
    Sv,
    /// English, by the switch.
    En,
}

impl Lang {
    /// Both languages, Swedish first.
    pub const ALL: [Lang; 2] = [Lang::Sv, Lang::En];

    /// The code for `<html lang>` and for the cookie.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Lang::Sv => "sv",
            Lang::En => "en",
        }
    }

    /// The language's name in itself.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Lang::Sv => "Svenska",
            Lang::En => "English",
        }
    }

    /// The one that the switch leads to.
    #[must_use]
    pub fn other(self) -> Lang {
        match self {
            Lang::Sv => Lang::En,
            Lang::En => Lang::Sv,
        }
    }

    /// Reads a code such as `en`, `sv-SE` or `en;q=0.8`; nothing else is a language of ours.
    #[must_use]
    pub fn parse(code: &str) -> Option<Lang> {
        let primary = code.trim().split(['-', '_', ';']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|lang| primary.eq_ignore_ascii_case(lang.code()))
    }

    /// The first language of an `Accept-Language` header that is ours; Swedish when none is.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Lang {
        header.split(',').find_map(Lang::parse).unwrap_or_default()
    }
}

/// The handle by which pages speak: texts, numbers and times in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Words {
    lang: Lang,
}

impl Words {
    /// The words of a language.
    #[must_use]
    pub const fn new(lang: Lang) -> Self {
        Self { lang }
    }

    /// Swedish words.
    #[must_use]
    pub const fn sv() -> Self {
        Self::new(Lang::Sv)
    }

    /// English words.
    #[must_use]
    pub const fn en() -> Self {
        Self::new(Lang::En)
    }

    /// The language.
    #[must_use]
    pub const fn lang(self) -> Lang {
        self.lang
    }

    /// The text of a key without variables. An absent key shows itself, which tests refuse.
    #[must_use]
    pub fn t(self, key: &str) -> String {
        self.t_args(key, &[])
    }

    /// The text of a key with its variables; counts choose the plural and are grouped.
    #[must_use]
    pub fn t_args(self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.find(key, args).unwrap_or_else(|| key.to_owned())
    }

    /// The text of a key that may be absent, for keys built from data.
    #[must_use]
    pub fn find(self, key: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
        bundle::format(self.lang, key, args)
    }

    /// The text of `prefix` + `name`, or `name` itself where the catalogue has none.
    #[must_use]
    pub fn dynamic(self, prefix: &str, name: &str) -> String {
        self.find(&format!("{prefix}{name}"), &[]).unwrap_or_else(|| name.to_owned())
    }

    /// What stands where nothing is known: never 0, never a blank.
    #[must_use]
    pub fn unknown(self) -> String {
        self.t("unknown")
    }
}
