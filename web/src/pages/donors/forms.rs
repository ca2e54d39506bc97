//! The forms of a donor's page, one at a time.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::Group;
use samband_domain::donations::model::DonationKind;
use samband_domain::donors::model::{
    Answer, Asked, DeferralReason, Donor, Identity, Imputability, Question, ReactionKind, Severity,
};
use samband_domain::donors::view;
use samband_domain::words::Day;
use samband_domain::{JournalId, Known};
use samband_engine::World;

use super::one::View;
use super::read::field_of;
use crate::components::{Field, Form};
use crate::pages::typed::Draft;
use crate::text::Words;

/// Kinds with the name of their field.
pub(crate) const KINDS: [(&str, &str); 3] = [
    ("whole_blood", "kind-whole-blood"),
    ("plasmapheresis", "kind-plasmapheresis"),
    ("plateletpheresis", "kind-plateletpheresis"),
];

/// Each step of the page and what one must be allowed to do for it.
pub(crate) const STEPS: &[(&str, Action)] = &[
    ("declare", Action::KeepDonors),
    ("admit", Action::KeepDonors),
    ("book", Action::CallDonors),
    ("defer", Action::KeepDonors),
    ("lift", Action::JudgeDonors),
    ("assess", Action::JudgeDonors),
    ("retract", Action::JudgeDonors),
    ("react", Action::KeepDonors),
    ("correct", Action::KeepDonors),
    ("agree", Action::KeepDonors),
    ("earlier", Action::KeepDonors),
    ("type", Action::TypeDonors),
    ("merge", Action::KeepDonors),
    ("unmerge", Action::KeepDonors),
    ("pass", Action::KeepDonors),
    ("revoke", Action::KeepDonors),
];

/// A choice that begins with nothing chosen.
pub(crate) fn choose(
    w: Words,
    options: impl IntoIterator<Item = (String, String)>,
) -> impl Iterator<Item = (String, String)> {
    std::iter::once((String::new(), w.t("form-choose"))).chain(options)
}

/// The sites of the own region, by name.
pub(crate) fn sites(world: &World, region: &JournalId) -> Vec<(String, String)> {
    let Some(journal) = world.journal(region) else { return Vec::new() };
    let sites = journal.shared().kernel.sites.values();
    let mut all: Vec<_> = sites.map(|site| (site.id.to_string(), site.name.clone())).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

/// The kinds as choices.
pub(crate) fn kinds(w: Words) -> impl Iterator<Item = (String, String)> {
    let kinds = DonationKind::ALL.iter();
    kinds.map(move |kind| (kind.to_string(), w.dynamic("donor-kind-", kind.as_str())))
}

/// The fields of who somebody is.
pub(super) fn identity_fields<'a>(
    w: Words,
    mut form: Form<'a>,
    put: impl Fn(&str, Field, &str) -> Field,
    is: Option<&Identity>,
    typed: &str,
) -> Form<'a> {
    let number = is.map_or_else(|| typed.to_owned(), |is| is.number.to_string());
    let text = |part: Option<&String>| part.cloned().unwrap_or_default();
    let field = Field::text("number", w.t("donor-number")).hint(w.t("donor-number-hint"));
    form = form.field(put("number", field.required(), &number));
    let field = Field::text("name", w.t("donor-name")).required();
    form = form.field(put("name", field, &text(is.map(|is| &is.name))));
    let phone = Field::text("phone", w.t("donor-phone"));
    form = form.field(put("phone", phone, &text(is.and_then(|is| is.phone.as_ref()))));
    let email = Field::text("email", w.t("donor-email"));
    form.field(put("email", email, &text(is.and_then(|is| is.email.as_ref()))))
}

/// What was given before.
pub(super) fn earlier_fields<'a>(
    w: Words,
    form: Form<'a>,
    put: impl Fn(&str, Field, &str) -> Field,
) -> Form<'a> {
    let answers = ["never", "given", "unknown"]
        .map(|answer| (answer.to_owned(), w.dynamic("donor-earlier-", answer)));
    let field = Field::radios("earlier", w.t("donor-earlier"), answers).required();
    form.field(put("earlier", field, ""))
        .field(put("earlier-day", Field::date("earlier-day", w.t("donor-earlier-day")), ""))
        .field(put(
            "earlier-kind",
            Field::select("earlier-kind", w.t("donor-earlier-kind"), kinds(w)),
            "whole_blood",
        ))
}

/// The form of a step, if the step exists and the reader may take it.
pub(super) fn form(w: Words, view: &View, donor: &Donor, draft: &Draft) -> Option<Markup> {
    let asked = STEPS.iter().find(|(step, _)| draft.is(&format!("donor-{step}")));
    let asked = asked.or_else(|| STEPS.iter().find(|(step, _)| view.step.as_deref() == Some(step)));
    let (step, action) = *asked?;
    if !view.may.has(action) {
        return None;
    }
    let path = format!("/donors/{}", view.id);
    let act = format!("donor-{step}");
    let key = draft.key(&act);
    let sheet = Sheet { w, view, donor, draft, act: &act };
    let blank = draft.form(w, &path, &act, &key, w.dynamic("donor-do-", step));
    let filled = sheet.fill(step, blank.cancel(&path, w.t("import-cancel")));
    let means = w.find(&format!("donor-means-{step}"), &[]);
    Some(html! {
        section #do {
            div.panel.answers {
                h2 { (w.dynamic("donor-step-", step)) }
                @if let Some(means) = means { p { (means) } }
                (filled)
            }
        }
    })
}

struct Sheet<'a> {
    w: Words,
    view: &'a View,
    donor: &'a Donor,
    draft: &'a Draft,
    act: &'a str,
}

impl<'a> Sheet<'a> {
    fn put(&self, name: &str, field: Field, start: &str) -> Field {
        self.draft.field(self.act, name, field, start)
    }

    /// A text that must be there.
    fn reason(&self, form: Form<'a>) -> Form<'a> {
        let field = Field::text("reason", self.w.t("donor-why")).required();
        form.field(self.put("reason", field, ""))
    }

    fn of(&self, form: Form<'a>) -> Form<'a> {
        let was = self.draft.was("of");
        let of = if was.is_empty() { self.view.of.clone().unwrap_or_default() } else { was.into() };
        form.hidden("of", of)
    }

    fn choice<T: AsRef<str>>(&self, name: &str, label: &str, prefix: &str, of: &[T]) -> Field {
        let w = self.w;
        let options =
            of.iter().map(|one| (one.as_ref().to_owned(), w.dynamic(prefix, one.as_ref())));
        Field::select(name, w.t(label), choose(w, options))
    }

    fn fill(&self, step: &str, form: Form<'a>) -> Form<'a> {
        let w = self.w;
        let put = |name: &str, field, start: &str| self.put(name, field, start);
        match step {
            "declare" => self.declaration(form),
            "correct" => {
                let form = identity_fields(w, form, put, Some(&self.donor.identity), "");
                self.reason(form)
            }
            "agree" => self.terms(form),
            "earlier" => earlier_fields(w, form, put),
            "lift" | "retract" | "unmerge" => self.reason(self.of(form)),
            "revoke" => self.reason(self.of(form)).danger(),
            "merge" => {
                let field = Field::text("other", w.t("donor-other")).hint(w.t("donor-other-hint"));
                self.reason(form.field(put("other", field.required(), "")))
            }
            "book" => self.booking(form),
            "pass" => {
                let form = KINDS.iter().fold(form, |form, (kind, name)| {
                    let field = Field::check_box(name, w.dynamic("donor-kind-", kind));
                    let start = if *kind == "whole_blood" { "on" } else { "" };
                    form.field(put(name, field, start))
                });
                let until = Day::of(self.view.now).plus_days(30).to_string();
                let field = Field::date("until", w.t("donor-pass-until")).required();
                form.field(put("until", field, &until))
            }
            _ => self.judged(step, form),
        }
    }

    fn judged(&self, step: &str, form: Form<'a>) -> Form<'a> {
        let w = self.w;
        let put = |name: &str, field, start: &str| self.put(name, field, start);
        match step {
            "defer" => {
                let reasons: Vec<_> = DeferralReason::ALL.iter().map(|one| one.as_str()).collect();
                let field = self.choice("defer-reason", "donor-why", "deferral-", &reasons);
                let hows = ["day", "further", "permanent"]
                    .map(|how| (how.to_owned(), w.dynamic("defer-how-", how)));
                let how = Field::radios("defer-how", w.t("defer-how"), hows).required();
                form.field(put("defer-reason", field.required(), ""))
                    .field(put("defer-how", how, "day"))
                    .field(put("defer-until", Field::date("defer-until", w.t("defer-until")), ""))
                    .field(put("note", Field::text("note", w.t("donor-note")), ""))
            }
            "assess" => {
                let start = self.view.of.clone().unwrap_or_default();
                let grounds =
                    ["first_age", "returning_age", "annual_permission", "infection", "reaction"];
                let field = self.choice("ground", "donor-ground", "ground-", &grounds);
                let until = Day::of(self.view.now).plus_months(12).to_string();
                let days = Field::date("until", w.t("donor-assessed-until")).required();
                let form = form.field(put("ground", field.required(), &start));
                self.reason(form.field(put("until", days, &until)))
            }
            "react" => {
                let kinds: Vec<_> = ReactionKind::ALL.iter().map(|one| one.as_str()).collect();
                let severities: Vec<_> = Severity::ALL.iter().map(|one| one.as_str()).collect();
                let levels: Vec<_> = Imputability::ALL.iter().map(|one| one.as_str()).collect();
                let kind = self.choice("react-kind", "reaction-kind", "reaction-", &kinds);
                let severity =
                    self.choice("severity", "reaction-severity", "severity-", &severities);
                let level =
                    self.choice("imputability", "reaction-imputability", "imputability-", &levels);
                let din = Field::text("din", w.t("reaction-din")).hint(w.t("reaction-din-hint"));
                form.field(put("react-kind", kind.required(), ""))
                    .field(put("severity", severity.required(), ""))
                    .field(put("imputability", level, ""))
                    .field(put("din", din, ""))
                    .field(put("note", Field::text("note", w.t("donor-note")), ""))
            }
            "type" => {
                let groups =
                    Group::ALL.iter().map(|one| (one.as_str().to_owned(), one.to_string()));
                let group = Field::select("group", w.t("donor-group"), choose(w, groups));
                let antigens =
                    Field::text("antigens", w.t("donor-antigens")).hint(w.t("donor-antigens-hint"));
                form.field(put("group", group, ""))
                    .field(put("antigens", antigens, ""))
                    .field(put("hla", Field::text("hla", "HLA").hint(w.t("donor-hla-hint")), ""))
                    .field(put("hpa", Field::text("hpa", "HPA").hint(w.t("donor-hpa-hint")), ""))
            }
            "admit" => form.hidden("kind", self.view.kind.as_str()),
            _ => form,
        }
    }

    fn terms(&self, form: Form<'a>) -> Form<'a> {
        let (w, terms) = (self.w, &self.donor.terms);
        let sites = choose(w, sites(&self.view.world, &self.view.region));
        let site = terms.site.as_ref().map(ToString::to_string).unwrap_or_default();
        let field = Field::select("site", w.t("donor-site"), sites);
        let mut form = form.field(self.put("site", field, &site));
        for (kind, name) in KINDS {
            let field = Field::check_box(name, w.dynamic("donor-kind-", kind));
            let on = terms.kinds.iter().any(|one| one.as_str() == kind);
            form = form.field(self.put(name, field, if on { "on" } else { "" }));
        }
        let field = Field::check_box("may-call", w.t("donor-may-call"));
        form.field(self.put("may-call", field, if terms.may_call { "on" } else { "" }))
    }

    fn booking(&self, form: Form<'a>) -> Form<'a> {
        let (w, view) = (self.w, self.view);
        let Some(region) = view.world.local(&view.region) else { return form };
        let open = view::sessions_to_come(&region.shared.donors, view.now);
        let sessions = open.iter().map(|(id, session)| {
            let facts = &session.facts;
            let site = crate::app::stock::site_name(&view.world, &view.region, &facts.site);
            let free =
                usize::from(facts.capacity).saturating_sub(view::taken(&region.own.donors, id));
            let args = [
                ("site", site.into()),
                ("from", w.date_time(facts.window.from().0).into()),
                ("n", free.into()),
            ];
            (id.to_string(), w.t_args("session-choice", &args))
        });
        let sessions: Vec<_> = sessions.collect();
        let from = open.first().map(|(_, session)| session.facts.window.from().max(view.now));
        let at = from.map(|from| format!("{} {}", Day::of(from), w.clock(from.0)));
        let at = at.unwrap_or_default();
        let session = Field::select("session", w.t("session"), choose(w, sessions)).required();
        let when = Field::text("at", w.t("appointment-at")).hint(w.t("appointment-at-hint"));
        form.field(self.put("session", session, ""))
            .field(self.put("at", when.required(), &at))
            .field(self.put(
                "kind",
                Field::select("kind", w.t("donor-kind"), kinds(w)),
                view.kind.as_str(),
            ))
    }

    /// The health declaration: every question that the rules ask, and the measurements.
    fn declaration(&self, form: Form<'a>) -> Form<'a> {
        let (w, view) = (self.w, self.view);
        let today = Day::of(view.now);
        let visit = self.donor.visit.as_ref();
        let site = visit.map(|visit| &visit.site).or(self.donor.terms.site.as_ref());
        let site = site.map(ToString::to_string).unwrap_or_default();
        let visit = visit.filter(|visit| Day::of(visit.at) == today);
        let field = Field::select("site", w.t("donor-where"), sites(&view.world, &view.region));
        let mut form = form.field(self.put("site", field.required(), &site));
        let checks = visit.map(|visit| visit.declaration.checks).unwrap_or_default();
        let number = |known: Known<u16>| known.value().map(|n| n.to_string()).unwrap_or_default();
        let measured = [
            ("weight", checks.weight, true),
            ("hb", checks.hb, true),
            ("platelets", checks.platelets, view.kind == DonationKind::Plateletpheresis),
            ("protein", checks.protein, view.kind == DonationKind::Plasmapheresis),
        ];
        for (name, value, asked) in measured {
            if asked || value != Known::Unknown {
                let field = Field::number(name, w.dynamic("donor-check-", name));
                form = form.field(self.put(name, field, &number(value)));
            }
        }
        let after = Field::check_box("hb-after", w.t("donor-check-hb-after"));
        form = form.field(self.put("hb-after", after, if checks.hb_after { "on" } else { "" }));
        let questions = view.rules().map(|rules| view::questions(rules, self.donor.identity.sex()));
        for question in questions.unwrap_or_else(|| Question::ALL.to_vec()) {
            let answer = visit.and_then(|visit| visit.declaration.answers.get(&question).copied());
            form = self.question(form, question, answer);
        }
        form
    }

    fn question(&self, form: Form<'a>, question: Question, answer: Option<Answer>) -> Form<'a> {
        let w = self.w;
        let name = field_of(question);
        let options = [("no", w.t("answer-no")), ("yes", w.t("answer-yes"))];
        let start = match answer {
            None => "",
            Some(Answer::No) => "no",
            Some(_) => "yes",
        };
        let label = w.dynamic("question-ask-", question.as_str());
        let field = Field::radios(&name, label, options);
        let form = form.field(self.put(&name, field, start));
        if question.asked() != Asked::Since {
            return form;
        }
        let day = match answer {
            Some(Answer::On(day) | Answer::Ended { day, .. }) => day.to_string(),
            _ => String::new(),
        };
        let name = format!("d-{question}");
        let field = Field::date(&name, w.dynamic("question-day-", question.as_str()));
        let form = form.field(self.put(&name, field, &day));
        if question == Question::Abortion {
            let weeks = match answer {
                Some(Answer::Ended { weeks, .. }) => weeks.to_string(),
                _ => String::new(),
            };
            let field = Field::number("weeks", w.t("question-weeks"));
            return form.field(self.put("weeks", field, &weeks));
        }
        form
    }
}
