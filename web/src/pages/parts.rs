//! What several pages say in the same way: names, ages, windows, references.

use std::collections::BTreeSet;

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::bonds::SILENCE_SECONDS;
use samband_domain::kernel::{OwnerKind, view};
use samband_domain::words::RecordRef;
use samband_domain::{ActorId, JournalId, Known, SharedState, Time, Window, figures};
use samband_engine::{Journal, World};

use crate::components::{Field, Status, tag, time_tag};
use crate::text::{Lang, Ratio, Words};

/// A region as pages name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its journal.
    pub id: JournalId,
    /// Its name as its owner writes it: `Region Skåne`.
    pub name: String,
    /// The county that places it on the map.
    pub county: Option<String>,
    /// As of when its state is known here.
    pub as_of: Known<Time>,
    /// Whether it is written here.
    pub local: bool,
}

impl Place {
    /// A journal as a place, at a moment.
    pub(crate) fn of(journal: &Journal, now: Time) -> Self {
        let facts = journal.shared().kernel.journal.as_ref();
        let county = facts.and_then(view::county_code);
        Self {
            id: journal.id.clone(),
            name: journal.name(),
            county: county.map(|code| code.as_str().to_owned()),
            as_of: journal.as_of(now),
            local: journal.is_local(),
        }
    }

    /// The name without the word that every region has in common.
    pub(crate) fn short(&self) -> &str {
        short(&self.name)
    }

    /// Whether what is known of it is too old to trust without asking.
    pub(crate) fn stale(&self, now: Time) -> bool {
        !self.local
            && self.as_of.value().is_none_or(|as_of| now.since(as_of) > SILENCE_SECONDS * 1_000_000)
    }

    /// `Kronoberg, 26 h gammalt`; nothing while it is fresh.
    pub(crate) fn age_mark(&self, w: Words, now: Time) -> Option<Markup> {
        self.stale(now).then(|| tag(Status::Stale, &age_text(w, self.as_of, now)))
    }
}

/// `Region Skåne` is called `Skåne` where only regions stand.
pub(crate) fn short(name: &str) -> &str {
    name.strip_prefix("Region ").unwrap_or(name)
}

/// How old something is, in words that name the unknown.
pub(crate) fn age_text(w: Words, as_of: Known<Time>, now: Time) -> String {
    match as_of {
        Known::Value(then) => w.t_args("provenance-age", &[("age", w.age(then.0, now.0).into())]),
        Known::Unknown => w.t("provenance-age-unknown"),
    }
}

/// The regions held here, in the order of their names.
pub(crate) fn places(world: &World, now: Time) -> Vec<Place> {
    let mut places: Vec<_> = world
        .journals
        .values()
        .filter(|journal| is_region(journal.shared()))
        .map(|journal| Place::of(journal, now))
        .collect();
    places.sort_by(|a, b| a.short().cmp(b.short()));
    places
}

/// Whether the journal has begun and belongs to a region.
pub(crate) fn is_region(shared: &SharedState) -> bool {
    let facts = shared.kernel.journal.as_ref();
    facts.is_some_and(|facts| facts.owner.kind == OwnerKind::Region)
}

/// The short name of a journal that may be unknown here.
pub(crate) fn name_of(places: &[Place], id: &JournalId) -> String {
    let found = places.iter().find(|place| place.id == *id);
    found.map_or_else(|| id.to_string(), |place| place.short().to_owned())
}

/// The same as [`name_of`], straight from the world.
pub(crate) fn region_name(world: &World, id: &JournalId) -> String {
    let name = world.journal(id).map(|journal| journal.name());
    name.map_or_else(|| id.to_string(), |name| short(&name).to_owned())
}

/// An actor's title, or the id where no title is known.
pub(crate) fn title_of(shared: &SharedState, actor: &ActorId) -> String {
    let title = shared.kernel.actors.get(actor).map(|p| p.title.clone());
    title.unwrap_or_else(|| actor.to_string())
}

/// What people of a region wrote, as they wrote it: Swedish, whatever language the page is in, so
/// that a screen reader says it so.
pub(crate) fn as_written(w: Words, text: &str) -> Markup {
    html! {
        @if w.lang() == Lang::Sv { (text) } @else { span lang=(Lang::Sv.code()) { (text) } }
    }
}

/// A ratio of the domain as the screen's numbers take it.
pub(crate) fn ratio(known: Known<figures::view::Ratio>) -> Option<Ratio> {
    known.value().map(|r| (r.numerator, r.denominator))
}

/// What a person may do towards one region, for showing or hiding forms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct May(BTreeSet<Action>);

impl May {
    /// Those of the actions that are allowed.
    pub(crate) fn of(actions: &[Action], allowed: impl Fn(Action) -> bool) -> Self {
        Self(actions.iter().copied().filter(|a| allowed(*a)).collect())
    }

    /// Whether the action is allowed.
    pub(crate) fn has(&self, action: Action) -> bool {
        self.0.contains(&action)
    }

    /// Whether any of the actions is allowed.
    pub(crate) fn any(&self, actions: &[Action]) -> bool {
        actions.iter().any(|action| self.has(*action))
    }
}

/// `från 2025-01-01`, `2025-01-01 – 2025-12-31`: the last day is inside.
pub(crate) fn window(w: Words, window: &Window) -> Markup {
    let from = day(w, window.from());
    html! {
        @match window.until() {
            None => { (w.t("window-from")) " " (from) }
            Some(until) => { (from) " – " (day(w, Time(until.0.saturating_sub(1)))) }
        }
    }
}

/// A day that is never broken over two lines.
pub(crate) fn day(w: Words, time: Time) -> Markup {
    html! { span.nowrap { (w.date(time.0)) } }
}

/// A share of full time: `20 %`.
pub(crate) fn share_text(w: Words, permille: Known<u16>) -> String {
    match permille {
        Known::Value(share) => {
            let decimals = u8::from(share % 10 != 0);
            w.percent((share.into(), 1_000), decimals)
        }
        Known::Unknown => w.unknown(),
    }
}

/// Where the journal page shows a record first.
pub(crate) fn record_href(at: &RecordRef) -> String {
    let (journal, epoch, seq) = (&at.journal, at.epoch, at.seq);
    let next = seq.saturating_add(1);
    format!("/journal?region={journal}&before={epoch}.{next}#r-{epoch}-{seq}")
}

/// A record by number and the beginning of its hash, leading to the journal.
pub(crate) fn record_link(w: Words, at: &RecordRef) -> Markup {
    let number = w.t_args(
        "record-number",
        &[("epoch", at.epoch.to_string().into()), ("seq", w.int(at.seq).into())],
    );
    html! { a href=(record_href(at)) { (number) } " " code.digest.nowrap { (at.hash.short()) } }
}

/// A text that other regions read: what is asked for, and that nobody is named in it.
pub(crate) fn shared_area(w: Words, name: &str, label: String, hint: &str) -> Field {
    let own = w.t("form-shared-hint");
    let hint = if hint.is_empty() { own } else { format!("{hint} {own}") };
    Field::text_area(name, label).hint(hint)
}

/// An instant, or the word for unknown.
pub(crate) fn known_time(w: Words, time: Known<Time>) -> Markup {
    match time {
        Known::Value(time) => time_tag(w, time.0),
        Known::Unknown => html! { span.unknown { (w.unknown()) } },
    }
}

/// A message key's tail from a name of the domain: dots have no place in a key.
pub(crate) fn key_of(name: &str) -> String {
    name.replace('.', "-")
}
