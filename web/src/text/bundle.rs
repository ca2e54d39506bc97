//! The message catalogues, parsed once.

use std::borrow::Cow;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::{Lang, number};

/// A language's catalogue: what all pages share, and a file for each large area.
macro_rules! catalogue {
    ($lang:literal: $($area:literal)*) => {
        concat!(
            include_str!(concat!("../../messages/", $lang, ".ftl")),
            $("\n", include_str!(concat!("../../messages/", $lang, "/", $area, ".ftl")),)*
        )
    };
}

/// The Swedish catalogue as built into the binary.
pub(super) const SV: &str = catalogue!("sv": "donors" "donations" "patients" "transfusion" "supply" "withdrawals"
        "mobile" "callup" "settlement" "plans" "forecast" "campaigns" "joint" "alarms" "incident" "readiness" "rosters" "messages" "alarm_pages" "exercise");
/// The English catalogue as built into the binary.
pub(super) const EN: &str = catalogue!("en": "donors" "donations" "patients" "transfusion" "supply" "withdrawals"
        "mobile" "callup" "settlement" "plans" "forecast" "campaigns" "joint" "alarms" "incident" "readiness" "rosters" "messages" "alarm_pages" "exercise");

/// A variable in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg<'a> {
    /// A text, shown as it is.
    Text(Cow<'a, str>),
    /// A count: chooses the plural form and is shown with the language's grouping.
    Count(i64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Arg::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Arg::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Arg::Text(Cow::Owned(text))
    }
}

macro_rules! count_from {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Arg<'_> {
            fn from(count: $kind) -> Self {
                Arg::Count(i64::try_from(count).unwrap_or(i64::MAX))
            }
        }
    )*};
}
count_from!(u8, u16, u32, u64, usize, i32, i64);

type Bundle = FluentBundle<FluentResource>;

fn bundle(lang: Lang) -> &'static Bundle {
    static SV_BUNDLE: OnceLock<Bundle> = OnceLock::new();
    static EN_BUNDLE: OnceLock<Bundle> = OnceLock::new();
    match lang {
        Lang::Sv => SV_BUNDLE.get_or_init(|| load(Lang::Sv, SV)),
        Lang::En => EN_BUNDLE.get_or_init(|| load(Lang::En, EN)),
    }
}

/// A catalogue is part of the binary, so an unreadable line is a mistake of ours that the
/// catalogue test names; at run time the readable part is used rather than no page at all.
fn load(lang: Lang, source: &str) -> Bundle {
    let resource = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    let locales = lang.code().parse().into_iter().collect();
    let mut bundle = FluentBundle::new_concurrent(locales);
    // Isolation marks would end up in copied text, exports and print.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match lang {
        Lang::Sv => |value, _| grouped(Lang::Sv, value),
        Lang::En => |value, _| grouped(Lang::En, value),
    }));
    bundle.add_resource_overriding(resource);
    bundle
}

fn grouped(lang: Lang, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(count) => {
            count.as_string().parse().ok().map(|n| number::integer(lang, n))
        }
        _ => None,
    }
}

/// Formats one message; `None` when the catalogue has no such key.
pub(super) fn format(lang: Lang, key: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
    let bundle = bundle(lang);
    let pattern = bundle.get_message(key)?.value()?;
    let mut values = FluentArgs::with_capacity(args.len());
    for (name, arg) in args {
        match arg {
            Arg::Text(text) => values.set(*name, FluentValue::from(text.as_ref())),
            Arg::Count(count) => values.set(*name, FluentValue::from(*count)),
        }
    }
    let mut problems = Vec::new();
    Some(bundle.format_pattern(pattern, Some(&values), &mut problems).into_owned())
}
