//! What the pages of readiness say in the same way: ages, forms of one button, numbers.

use maud::{Markup, html};
use samband_domain::{Known, Mode, Time};

use crate::app::readiness::Fresh;
use crate::components::{KEY_FIELD, Status, tag};
use crate::pages::typed::{ACT, Draft, SHOWN};
use crate::text::Words;

/// `12 min gammalt`, in a tag that is fresh, getting old, or old.
pub(super) fn age(w: Words, then: Time, now: Time) -> Markup {
    let text = w.t_args("provenance-age", &[("age", w.age(then.0, now.0).into())]);
    fresh_tag(Fresh::of(then, now), &text)
}

/// A text in a tag that says how fresh it is.
pub(super) fn fresh_tag(fresh: Fresh, text: &str) -> Markup {
    let status = match fresh {
        Fresh::Fresh => Status::Known,
        Fresh::Aging => Status::Stale,
        Fresh::Old => Status::Attention,
    };
    tag(status, text)
}

/// A number that may be unknown.
pub(super) fn number(w: Words, value: Known<u32>) -> Markup {
    match value {
        Known::Value(value) => html! { (w.int(value)) },
        Known::Unknown => html! { span.unknown { (w.unknown()) } },
    }
}

/// A form's hidden fields. `nth` tells forms of one kind on a page apart.
pub(super) fn hidden(draft: &Draft, act: &str, nth: &str, now: Time) -> Markup {
    let shown = Some(draft.was(SHOWN)).filter(|was| draft.is(act) && !was.is_empty());
    let shown = shown.map_or_else(|| now.0.to_string(), str::to_owned);
    // A form that is sent again since nobody knows what became of it keeps its key.
    let key = draft.key(act);
    let key = if key.ends_with(nth) { key } else { format!("{key}{nth}") };
    html! {
        input type="hidden" name=(KEY_FIELD) value=(key);
        input type="hidden" name=(ACT) value=(act);
        input type="hidden" name=(SHOWN) value=(shown);
    }
}

/// A form of one button that sends what is said beside it.
pub(super) fn button(
    (draft, now): (&Draft, Time),
    (action, act): (&str, &str),
    fields: &[(&str, String)],
    label: &str,
    quiet: bool,
) -> Markup {
    let nth: String = fields.iter().map(|(_, value)| format!("-{value}")).collect();
    let nth = samband_domain::Digest::of(nth.as_bytes()).to_string();
    html! {
        form.one-tap method="post" action=(action) {
            (hidden(draft, act, &format!("-{}", &nth[..8]), now))
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            button type="submit" class=[quiet.then_some("quiet")] { (label) }
        }
    }
}

/// What a printed or copied part begins and ends with outside the real world.
pub(super) fn mark(w: Words, mode: Option<Mode>) -> Markup {
    let key = match mode {
        Some(Mode::Exercise) => "ready-mark-exercise",
        Some(Mode::Demo) => "ready-mark-demo",
        Some(Mode::Real) | None => return html! {},
    };
    html! { p.mode-mark { strong { (w.t(key)) } } }
}
