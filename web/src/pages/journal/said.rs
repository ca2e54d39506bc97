//! What one record says, in a line: kind, whom or what it is about, who acted.

mod alarm;
mod blood;

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::words::RecordRef;
use samband_domain::{
    ActorId, Event, Private, SharedState, SiteId, Time, agreements, bonds, figures, kernel, mobile,
    plans, rare, rulesets,
};

use super::super::parts::{May, key_of, record_href, title_of};
use super::super::records::Entry;
use super::super::roles::capacity;
use crate::components::{Status, tag};
use crate::text::Words;

/// One record as a line of the list.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) at: RecordRef,
    pub(super) recorded: Time,
    /// The title of whoever acted; none if that is not known here.
    pub(super) actor: Option<String>,
    kind: Option<String>,
    about: About,
}

/// What a record is about.
#[derive(Clone, Debug, PartialEq, Eq)]
enum About {
    /// Nothing of it is known here.
    Withheld,
    /// Nothing to add to the kind.
    Nothing,
    /// A name or text.
    Text(String),
    /// A name that leads somewhere.
    Link(String, String),
}

impl Line {
    /// The kind in words.
    pub(super) fn kind_words(&self, w: Words) -> String {
        match &self.kind {
            Some(kind) => {
                let key = format!("kind-{}", key_of(kind));
                w.find(&key, &[]).unwrap_or_else(|| kind.clone())
            }
            None => w.t("journal-kind-withheld"),
        }
    }

    /// What it is about, with a link where there is a page.
    pub(super) fn about_words(&self, w: Words) -> Markup {
        match &self.about {
            About::Withheld => tag(Status::Unknown, &w.t("journal-withheld")),
            About::Nothing => html! { "–" },
            About::Text(text) => html! { (text) },
            About::Link(href, text) => html! { a href=(href) { (text) } },
        }
    }
}

/// Reads a record as a line. What the reader may not see is left out here, not on the screen.
pub(super) fn line(w: Words, entry: Entry, shared: &SharedState, may: &May) -> Line {
    let Entry { at, recorded, said } = entry;
    let Some(said) = said else {
        return Line { at, recorded, actor: None, kind: None, about: About::Withheld };
    };
    let about = match &said.event {
        Some(event) => about(w, event, &at, shared, may),
        None => About::Nothing,
    };
    let actor = Some(actor_words(w, shared, &said.actor));
    Line { at, recorded, actor, kind: Some(said.kind), about }
}

/// Who acted, by title; the machine and the engine by what they are.
fn actor_words(w: Words, shared: &SharedState, actor: &ActorId) -> String {
    match actor.as_str() {
        "machine" | "engine" | "peer" | "link" if !shared.kernel.actors.contains_key(actor) => {
            w.dynamic("role-", actor.as_str())
        }
        _ => title_of(shared, actor),
    }
}

fn about(w: Words, event: &Event, at: &RecordRef, shared: &SharedState, may: &May) -> About {
    match event {
        Event::Kernel(event) => of_kernel(w, event, at, shared, may),
        Event::Figures(event) => of_figures(w, event, at),
        Event::Agreements(event) => of_agreements(event, shared),
        Event::Bonds(event) => of_bonds(event),
        Event::Rulesets(event) => of_rule_sets(event, shared),
        Event::Blood(event) => blood::about(w, event, at, shared),
        // Of people only the kind is said here; who it is stands on their own pages.
        Event::Donors(_) | Event::Patients(_) | Event::Transfusion(_) => About::Nothing,
        Event::Mobile(event) => of_mobile(event, shared),
        Event::Donations(_) => About::Nothing,
        Event::Rare(event) => of_rare(w, event),
        Event::Plans(event) => of_plans(w, event, shared),
        Event::Incidents(event) => alarm::of_incidents(event, shared),
        Event::Alarms(event) => alarm::of_alarms(w, event),
        Event::Readiness(event) => alarm::of_readiness(event, shared),
        Event::Unknown { kind, version } => About::Text(format!("{kind} v{version}")),
    }
}

fn of_rare(w: Words, event: &rare::Event) -> About {
    match event {
        rare::Event::Asked(asked, _) => {
            let lacks = crate::pages::lacking_text(w, asked.wanted.lacks);
            let hla = asked.wanted.hla.join(", ");
            About::Text([lacks, hla].join(" ").trim().to_owned())
        }
        rare::Event::Answered(said, _) => {
            About::Text(format!("{}: {}", said.ask.journal, said.band))
        }
    }
}

fn of_plans(w: Words, event: &plans::Event, shared: &SharedState) -> About {
    use plans::Event as E;
    let site = |id: &SiteId| {
        let held = shared.kernel.sites.get(id);
        held.map_or_else(|| id.to_string(), |held| held.name.clone())
    };
    let arc = |arc: &plans::model::Arc| {
        let group = arc.group.map_or_else(String::new, |group| format!(" {group}"));
        let what = w.dynamic("compat-component-", arc.component.as_str());
        format!("{} → {}: {what}{group}", site(&arc.from.site), site(&arc.to.site))
    };
    About::Text(match event {
        E::UseReported(report, _) => {
            format!("{}–{}: {}", report.from, report.to, report.source)
        }
        E::TargetSet(set, _) => {
            let group = set.line.group.map_or_else(String::new, |group| format!(" {group}"));
            let what = w.dynamic("compat-component-", set.line.component.as_str());
            format!("{}: {what}{group}", site(&set.site))
        }
        E::Accepted(accepted, _) => {
            format!("{}, {}", arc(&accepted.proposal.arc), accepted.units)
        }
        E::Refused(refused, _) => format!("{}: {}", arc(&refused.arc), refused.reason),
        E::Reopened(open, _) => arc(&open.arc),
        E::CallUpAdopted(week, _) => week.week.to_string(),
        E::CallUpWithdrawn(gone, _) => gone.week.to_string(),
        E::StrataTold(told, _) => told.on.to_string(),
        E::HomesStated(report, _) => format!("{}: {}", report.month, report.source),
        E::CampaignRecorded(it, _) => it.campaign.title.clone(),
        E::CampaignCounted(count, _) => {
            let held = shared.plans.campaigns.get(&count.campaign);
            held.map_or_else(|| count.campaign.to_string(), |held| held.campaign.title.clone())
        }
    })
}

fn of_mobile(event: &mobile::Event, shared: &SharedState) -> About {
    use mobile::Event as E;
    let site = |id: &SiteId| {
        let held = shared.kernel.sites.get(id);
        held.map_or_else(|| id.to_string(), |held| held.name.clone())
    };
    match event {
        E::Lent(lent, _) => About::Text(format!("{}: {}", lent.addressee, site(&lent.site))),
        E::Taken(taken, _) => About::Text(site(&taken.site)),
        E::Reported(reported, _) => About::Text(reported.addressee.to_string()),
        E::Adopted(adopted, _) => {
            let at = &adopted.report;
            About::Text(format!("{} {}:{}", at.journal, at.epoch, at.seq))
        }
    }
}

fn of_kernel(
    w: Words,
    event: &kernel::Event,
    at: &RecordRef,
    shared: &SharedState,
    may: &May,
) -> About {
    use kernel::Event as E;
    let region = &at.journal;
    let named = |actor: &ActorId, text: String| {
        if may.has(Action::SeePerson) {
            About::Link(format!("/people/{region}/{actor}"), text)
        } else {
            About::Text(text)
        }
    };
    let person = |actor: &ActorId| named(actor, title_of(shared, actor));
    let mandate = |one: &kernel::Mandate| {
        let title = title_of(shared, &one.holder);
        let what = capacity(w, &one.capacity);
        let both = format!("{what} – {title}");
        named(&one.holder, if what == title { title } else { both })
    };
    let site = |name: &str| About::Link(format!("/regions/{region}#sites"), name.to_owned());
    let site_of = |id| shared.kernel.sites.get(id).map_or(About::Nothing, |one| site(&one.name));
    let given = |id| shared.kernel.mandates.get(id).map_or(About::Nothing, mandate);
    match event {
        E::JournalOpened(opened, _) => About::Text(opened.owner.name.clone()),
        E::KeyRotated(rotated, _) => About::Text(rotated.new.id()),
        E::RecordAnnotated(note, _) => {
            let at = &note.record;
            About::Link(record_href(at), format!("{}:{} – {}", at.epoch, at.seq, note.text))
        }
        E::BodyJoined(body, _) => About::Text(body.name.clone()),
        E::BodyLeft(left, _) => About::Text(left.body.to_string()),
        E::SiteOpened(opened, _) => site(&opened.name),
        E::SiteCorrected(right, _) => site(&right.name),
        E::SiteClosed(closed, _) => site_of(&closed.site),
        E::ActorRegistered(new, _) => person(&new.actor),
        E::ActorCorrected(right, _) => person(&right.actor),
        E::ActorErased(erased, _) => person(&erased.actor),
        E::MandateGranted(given, _) => mandate(given),
        E::MandateEnded(ended, _) => given(&ended.mandate),
        E::ApprovalRecorded(answer, _) => given(&answer.mandate),
        E::PersonRead(_, Private::Here(read)) if may.has(Action::SeeReads) => person(&read.person),
        E::GlassBroken(_, Private::Here(opened)) if may.has(Action::SeeGlass) => {
            person(&opened.actor)
        }
        E::GlassReviewed(_, Private::Here(reviewed)) if may.has(Action::SeeGlass) => {
            given(&reviewed.mandate)
        }
        E::AccountNoted(_, Private::Here(noted)) if may.has(Action::SeePerson) => {
            person(&noted.person)
        }
        // Whom somebody read about stands on that person's own page.
        E::SubjectRead(_, Private::Here(read)) if may.has(Action::SeeReads) => {
            About::Text(read.of.subject().as_str().to_owned())
        }
        E::ListRead(_, Private::Here(read)) if may.has(Action::SeeReads) => {
            let of: Vec<_> = read.of.iter().map(|of| of.subject().as_str().to_owned()).collect();
            About::Text(of.join(", "))
        }
        E::SubjectRead(..) | E::ListRead(..) => About::Withheld,
        E::PersonRead(..) | E::GlassBroken(..) | E::GlassReviewed(..) | E::AccountNoted(..) => {
            About::Withheld
        }
    }
}

fn of_figures(w: Words, event: &figures::Event, at: &RecordRef) -> About {
    use figures::Event as E;
    let region = &at.journal;
    let page = |measure, period: &samband_domain::Period| {
        format!("/figures/{region}/{measure}?period={period}")
    };
    match event {
        E::FiguresReported(report, _) => match report.rows.first() {
            Some(row) => About::Link(page(row.measure, &row.period), report.source.title.clone()),
            None => About::Text(report.source.title.clone()),
        },
        E::FigureCorrected(right, _) => {
            let measure = w.dynamic("measure-", right.measure.as_str());
            let text = format!("{measure} {}: {}", right.period, right.reason);
            About::Link(page(right.measure, &right.period), text)
        }
    }
}

fn of_agreements(event: &agreements::Event, shared: &SharedState) -> About {
    let document = event.document();
    let held = shared.agreements.held.get(&document);
    let title = held.map_or_else(|| document.short(), |held| held.document.title.clone());
    About::Link(format!("/agreements/{document}"), title)
}

fn of_rule_sets(event: &rulesets::Event, shared: &SharedState) -> About {
    let digest = event.rule_set();
    let held = shared.rulesets.held.get(&digest);
    let title = held.map_or_else(|| digest.short(), |held| held.set.title.clone());
    About::Link(format!("/rule-sets/{digest}"), title)
}

fn of_bonds(event: &bonds::Event) -> About {
    use bonds::Event as E;
    let journal = match event {
        E::Trusted(peer, _) => &peer.journal,
        E::Dropped(dropped, _) => &dropped.journal,
        E::Noticed(noticed, _) => &noticed.head.journal,
        E::EpochNoticed(epoch, _) => &epoch.genesis.journal,
        E::ForkSeen(fork, _) => &fork.held.journal,
        E::ForkSettled(settled, _) => &settled.journal,
        E::FellSilent(silent, _) => &silent.journal,
        E::HeardAgain(heard, _) => &heard.journal,
        E::Moved(moved, _) => &moved.journal,
    };
    About::Link("/peers".to_owned(), journal.to_string())
}
