//! The forms of a patient's page, one at a time.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::Group;
use samband_domain::blood::model::recipient::{Requirement, Sex, Significance};
use samband_domain::patients::model::{
    Ground, Identity, Indication, Purpose, Sample, ScreenResult, Urgency,
};
use samband_domain::patients::view::Family;
use samband_domain::{Known, Time};

use super::one::View;
use super::read::UNKNOWN;
use crate::components::{Field, Form};
use crate::pages::parts::places;
use crate::pages::typed::Draft;
use crate::text::Words;

/// Each step of the page, what one must be allowed to do for it, and whether the form's answer is
/// hard to take back.
pub(super) const STEPS: &[(&str, Action)] = &[
    ("sample", Action::AdmitPatients),
    ("group", Action::KeepPatients),
    ("screen", Action::KeepPatients),
    ("verify", Action::KeepPatients),
    ("antibody", Action::KeepPatients),
    ("not-seen", Action::KeepPatients),
    ("resolve", Action::JudgePatients),
    ("require", Action::JudgePatients),
    ("end-need", Action::JudgePatients),
    ("turn", Action::JudgePatients),
    ("mother", Action::AdmitPatients),
    ("link", Action::KeepPatients),
    ("unlink", Action::KeepPatients),
    ("block", Action::AdmitPatients),
    ("lift", Action::AdmitPatients),
    ("correct", Action::KeepPatients),
    ("ask", Action::AskDisclosure),
];

/// The form of a step, if the step exists and the reader may take it.
pub(super) fn form(w: Words, view: &View, family: &Family<'_>, draft: &Draft) -> Option<Markup> {
    let asked = STEPS.iter().find(|(step, _)| draft.is(&format!("patient-{step}")));
    let asked = asked.or_else(|| STEPS.iter().find(|(step, _)| view.step.as_deref() == Some(step)));
    let (step, action) = *asked?;
    if !view.may.has(action) {
        return None;
    }
    let path = format!("/patients/{}", view.id);
    let act = format!("patient-{step}");
    let key = draft.key(&act);
    let sheet = Sheet { w, view, family, draft, act: &act };
    let blank = draft.form(w, &path, &act, &key, w.dynamic("patient-do-", step));
    let filled = sheet.fill(step, blank.cancel(&path, w.t("import-cancel")));
    let means = w.find(&format!("patient-means-{step}"), &[]);
    Some(html! {
        section #do {
            div.panel {
                h2 { (w.dynamic("patient-step-", step)) }
                @if let Some(means) = means { p { (means) } }
                (filled)
            }
        }
    })
}

struct Sheet<'a> {
    w: Words,
    view: &'a View,
    family: &'a Family<'a>,
    draft: &'a Draft,
    act: &'a str,
}

/// A choice that begins with nothing chosen.
fn choose(
    w: Words,
    options: impl IntoIterator<Item = (String, String)>,
) -> impl Iterator<Item = (String, String)> {
    std::iter::once((String::new(), w.t("form-choose"))).chain(options)
}

/// Every group.
pub(super) fn groups() -> impl Iterator<Item = (String, String)> {
    Group::ALL.iter().map(|group| (group.as_str().to_owned(), group.to_string()))
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
    let name = is.and_then(|is| is.name.as_ref().value().cloned()).unwrap_or_default();
    let born = is.and_then(|is| is.born.value()).map(|day| day.to_string()).unwrap_or_default();
    let sex = is.and_then(|is| is.sex.value()).map_or("", Sex::as_str);
    let field = Field::text("number", w.t("patient-number")).hint(w.t("patient-number-hint"));
    form = form.field(put("number", field.required(), &number));
    let field = Field::text("name", w.t("patient-name")).hint(w.t("patient-name-hint"));
    form = form.field(put("name", field, &name));
    let field = Field::date("born", w.t("patient-born")).hint(w.t("patient-born-hint"));
    form = form.field(put("born", field, &born));
    let sexes =
        Sex::ALL.iter().map(|one| (one.to_string(), w.dynamic("patient-sex-", one.as_str())));
    let any = std::iter::once((String::new(), w.unknown())).chain(sexes);
    form.field(put("sex", Field::select("sex", w.t("patient-sex"), any), sex))
}

impl Sheet<'_> {
    fn put(&self, name: &str, field: Field, start: &str) -> Field {
        self.draft.field(self.act, name, field, start)
    }

    fn text(&self, name: &str, label: &str) -> Field {
        self.put(name, Field::text(name, self.w.t(label)).required(), "")
    }

    fn at(&self, label: &str) -> Field {
        let field = Field::text("at", self.w.t(label)).hint(self.w.t("patient-at-hint"));
        self.put("at", field, "")
    }

    fn reason(&self) -> Field {
        let field = Field::text_area("reason", self.w.t("form-reason")).required();
        self.put("reason", field, "")
    }

    fn select(
        &self,
        name: &str,
        label: &str,
        options: impl IntoIterator<Item = (String, String)>,
        start: &str,
    ) -> Field {
        let field = Field::select(name, self.w.t(label), choose(self.w, options)).required();
        self.put(name, field, start)
    }

    fn group_field(&self, name: &str, unclear: bool) -> Field {
        let unknown = unclear.then(|| (UNKNOWN.to_owned(), self.w.t("patient-group-unclear")));
        self.select(name, "patient-group", groups().chain(unknown), "")
    }

    fn instrument(&self) -> Field {
        let field = Field::text("instrument", self.w.t("patient-instrument"));
        self.put("instrument", field.hint(self.w.t("patient-instrument-hint")), "")
    }

    /// The samples that may be analysed; the newest is what one expects.
    fn sample_field(&self) -> Field {
        let w = self.w;
        let line = |one: &&Sample| {
            let purpose = w.dynamic("patient-purpose-", one.purpose.as_str());
            let text = format!("{} · {purpose} · {}", one.number, w.date_time(one.taken.0));
            (one.number.to_string(), text)
        };
        let samples = self.family.samples();
        let signed: Vec<_> = samples.iter().filter(|one| one.identity_signed).collect();
        let newest = signed.first().map(|one| one.number.to_string()).unwrap_or_default();
        let newest = self.view.of.clone().unwrap_or(newest);
        self.select("sample", "patient-sample", signed.into_iter().map(line), &newest)
    }

    fn fill<'f>(&self, step: &str, form: Form<'f>) -> Form<'f> {
        match step {
            "sample" => self.sample(form),
            "group" => {
                let extent = ["full", "emergency"]
                    .map(|one| (one.to_owned(), self.w.dynamic("patient-extent-", one)));
                let extent = Field::radios("extent", self.w.t("patient-extent"), extent);
                let antigens = Field::text("antigens", self.w.t("patient-antigens"));
                let antigens = antigens.hint(self.w.t("patient-antigens-hint"));
                form.field(self.sample_field())
                    .field(self.group_field("group", true))
                    .field(self.put("extent", extent, "full"))
                    .field(self.at("patient-determined"))
                    .field(self.instrument())
                    .field(self.put("antigens", antigens, ""))
            }
            "screen" => {
                let results = ScreenResult::ALL.iter();
                let results = results
                    .map(|one| (one.to_string(), self.w.dynamic("patient-screen-", one.as_str())));
                form.field(self.sample_field())
                    .field(self.select("result", "patient-screen", results, ""))
                    .field(self.at("patient-performed"))
                    .field(self.instrument())
            }
            "verify" => self.verify(form),
            "antibody" => self.antibody(form),
            "not-seen" | "end-need" => self.by_name(step, form),
            "require" => self.require(form),
            "turn" => self.turn(form),
            "ask" => self.ask(form),
            _ => self.person(step, form),
        }
    }

    fn sample<'f>(&self, form: Form<'f>) -> Form<'f> {
        let w = self.w;
        let number = Field::text("sample", w.t("patient-sample")).hint(w.t("patient-sample-hint"));
        let purposes = Purpose::ALL.iter();
        let purposes =
            purposes.map(|one| (one.to_string(), w.dynamic("patient-purpose-", one.as_str())));
        // The first sample is for the group; from then on for compatibility.
        let any = self.family.samples().is_empty();
        let purpose = if any { Purpose::Group } else { Purpose::Compatibility };
        let signed = ["yes", "no"].map(|one| (one.to_owned(), w.dynamic("patient-signed-", one)));
        let shared = Field::text("shared-reason", w.t("patient-shared-reason"));
        let physician = Field::text("shared-physician", w.t("patient-shared-physician"));
        form.field(self.put("sample", number.required(), ""))
            .field(self.select("purpose", "patient-purpose", purposes, purpose.as_str()))
            .field(self.at("patient-taken"))
            .field(self.text("place", "patient-place"))
            .field(self.text("taken-by", "patient-taken-by"))
            .field(self.put(
                "signed",
                Field::radios("signed", w.t("patient-signed"), signed).required(),
                "",
            ))
            .field(self.put("shared-reason", shared.hint(w.t("patient-shared-hint")), ""))
            .field(self.put("shared-physician", physician, ""))
    }

    fn verify<'f>(&self, form: Form<'f>) -> Form<'f> {
        let was = self.draft.was("result-id").to_owned();
        let result = if was.is_empty() { self.view.of.clone().unwrap_or_default() } else { was };
        let is_screen = self.family.screens().any(|one| one.id.as_str() == result);
        let results = ScreenResult::ALL.iter();
        let results =
            results.map(|one| (one.to_string(), self.w.dynamic("patient-screen-", one.as_str())));
        let form = form.hidden("result-id", result);
        if is_screen {
            form.field(self.select("again-screen", "patient-screen", results, ""))
        } else {
            form.field(self.group_field("again-group", true))
        }
    }

    fn antibody<'f>(&self, form: Form<'f>) -> Form<'f> {
        let w = self.w;
        let against = Field::text("against", w.t("patient-against")).required();
        let significances = Significance::ALL.iter();
        let significances = significances
            .map(|one| (one.to_string(), w.dynamic("patient-significance-", one.as_str())));
        let all = significances
            .chain(std::iter::once((UNKNOWN.to_owned(), w.t("patient-significance-unknown"))));
        let place = Field::text("place", w.t("patient-laboratory")).required();
        let method = Field::text("method", w.t("patient-method"));
        form.field(self.put("against", against.hint(w.t("patient-against-hint")), ""))
            .field(self.select("significance", "patient-significance", all, "significant"))
            .field(self.at("patient-found"))
            .field(self.put("place", place, ""))
            .field(self.put("method", method.hint(w.t("patient-method-hint")), ""))
    }

    fn by_name<'f>(&self, step: &str, form: Form<'f>) -> Form<'f> {
        let of = self.view.of.clone().unwrap_or_default();
        if step == "not-seen" {
            let all = self.family.findings().into_iter();
            let all = all.map(|one| (one.id.to_string(), one.against.to_string()));
            form.field(self.select("finding", "patient-antibody", all, &of))
                .field(self.at("patient-not-seen-at"))
        } else {
            let open = self.family.needs().filter(|need| need.ended.is_none());
            let all = open.map(|need| {
                let name = self.w.dynamic("patient-need-", need.requirement.as_str());
                (need.id.to_string(), name)
            });
            form.field(self.select("need", "patient-need", all, &of)).field(self.reason())
        }
    }

    fn require<'f>(&self, form: Form<'f>) -> Form<'f> {
        let w = self.w;
        let all = Requirement::ALL.iter();
        let all = all.map(|one| (one.to_string(), w.dynamic("patient-need-", one.as_str())));
        let why = Indication::ALL.iter();
        let why = why.map(|one| (one.to_string(), w.dynamic("patient-indication-", one.as_str())));
        let from =
            Field::date("from", w.t("patient-need-from")).hint(w.t("patient-need-from-hint"));
        let until = Field::date("until", w.t("patient-need-until"));
        form.field(self.select("requirement", "patient-need", all, ""))
            .field(self.select("indication", "patient-indication", why, ""))
            .field(self.put("from", from.required(), &today(self.view.now)))
            .field(self.put("until", until.hint(w.t("patient-need-until-hint")), ""))
            .field(self.put("note", Field::text_area("note", w.t("patient-note")), ""))
    }

    fn turn<'f>(&self, form: Form<'f>) -> Form<'f> {
        let kinds = ["transplanted", "rejected", "settled"];
        let kinds = kinds.map(|one| (one.to_owned(), self.w.dynamic("patient-turn-", one)));
        let start = if self.family.turns().next().is_some() { "settled" } else { "transplanted" };
        let unknown = std::iter::once((UNKNOWN.to_owned(), self.w.unknown()));
        let group = Field::select(
            "group",
            self.w.t("patient-turn-group"),
            choose(self.w, groups().chain(unknown)),
        );
        let note = Field::text_area("note", self.w.t("patient-turn-note")).required();
        form.field(self.select("turned", "patient-turned", kinds, start))
            .field(self.put("group", group.hint(self.w.t("patient-turn-group-hint")), ""))
            .field(self.at("patient-valid-from"))
            .field(self.put("note", note, ""))
    }

    fn ask<'f>(&self, form: Form<'f>) -> Form<'f> {
        let w = self.w;
        let regions = places(&self.view.world, self.view.now).into_iter();
        let regions = regions.filter(|place| place.id != self.view.region);
        let regions = regions.map(|place| (place.id.to_string(), place.short().to_owned()));
        let grounds = Ground::ALL.iter();
        let grounds = grounds.map(|one| (one.to_string(), w.dynamic("ask-ground-", one.as_str())));
        let urgencies = Urgency::ALL.iter();
        let urgencies =
            urgencies.map(|one| (one.to_string(), w.dynamic("ask-urgency-", one.as_str())));
        let reason = Field::text_area("reason", w.t("ask-reason")).hint(w.t("ask-reason-hint"));
        form.field(self.select("to", "ask-to", regions, ""))
            .field(self.select("ground", "ask-ground", grounds, ""))
            .field(self.select("urgency", "ask-urgency", urgencies, "routine"))
            .field(self.put("reason", reason.required(), ""))
            .field(self.text("phone", "ask-phone"))
    }

    /// Forms about who somebody is.
    fn person<'f>(&self, step: &str, form: Form<'f>) -> Form<'f> {
        let w = self.w;
        let number = |name: &str, label: &str| {
            let field = Field::text(name, w.t(label)).hint(w.t("patient-number-hint"));
            self.put(name, field.required(), "")
        };
        match step {
            "correct" => {
                let put = |name: &str, field, start: &str| self.put(name, field, start);
                let is = &self.family.person().identity;
                identity_fields(w, form, put, Some(is), "").field(self.reason())
            }
            "resolve" => {
                let mut found: Vec<Group> = self
                    .family
                    .determinations()
                    .filter(|one| one.set_aside.is_none())
                    .filter_map(|one| one.group.value())
                    .chain(self.family.elsewhere().map(|one| one.said.group))
                    .collect();
                found.sort_unstable_by_key(|group| group.index());
                found.dedup();
                let found = found.iter().map(|one| (one.as_str().to_owned(), one.to_string()));
                form.field(self.select("group", "patient-resolve-group", found, ""))
                    .field(self.reason())
            }
            "mother" => {
                let stated = self.family.mothers().any(|one| one.corrected.is_none());
                let form = form.field(number("mother-number", "patient-mother-number"));
                if stated { form.field(self.reason()) } else { form }
            }
            "link" => {
                let check = Field::text_area("check", w.t("patient-check"));
                let check = check.hint(w.t("patient-check-hint")).required();
                form.field(number("to-number", "patient-link-number"))
                    .field(self.put("check", check, ""))
            }
            "block" => {
                form.field(self.put("note", Field::text_area("note", w.t("patient-note")), ""))
            }
            _ => {
                let was = self.draft.was("member").to_owned();
                let of =
                    if was.is_empty() { self.view.of.clone().unwrap_or_default() } else { was };
                form.hidden("member", of).field(self.reason())
            }
        }
    }
}

/// Today as a date field reads it.
fn today(now: Time) -> String {
    samband_domain::words::Day::of(now).to_string()
}

/// Whether something is known.
pub(super) fn is_known<T>(known: &Known<T>) -> bool {
    matches!(known, Known::Value(_))
}
