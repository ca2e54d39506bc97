//! The question as a form that works without scripts: everything stands in the address.

use maud::{Markup, html};
use samband_domain::blood::model::{Attribute, Component, Group, Requirement};
use serde::Deserialize;

use crate::app::compatible::{Asked, Wrong};
use crate::components::{Field, Note};
use crate::text::Words;

/// What stands in the address: the question, and the boxes that were ticked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Typed {
    #[serde(flatten)]
    asked: Asked,
    #[serde(default)]
    irradiated: String,
    #[serde(default)]
    cmv_safe: String,
    #[serde(default)]
    iga_deficient: String,
    #[serde(default)]
    washed: String,
    #[serde(default)]
    hla_matched: String,
    #[serde(default)]
    unit_irradiated: String,
    #[serde(default)]
    unit_leukoreduced: String,
    #[serde(default)]
    unit_low_titre: String,
    #[serde(default)]
    unit_additive_solution: String,
}

impl Typed {
    /// A question as somebody typed it.
    #[cfg(test)]
    pub(super) fn of(asked: Asked) -> Self {
        Self { asked, ..Self::default() }
    }

    /// Whether nothing was asked yet.
    pub(super) fn is_blank(&self) -> bool {
        self.asked.component.is_empty() && self.asked.recipient.is_empty()
    }

    /// Whether anything beyond component, recipient, sex, age and region was asked.
    fn says_more(&self) -> bool {
        let asked = &self.asked;
        let texts = [&asked.antibodies, &asked.mother, &asked.unit_phenotype];
        let ticks = self.required().into_iter().map(|(_, tick)| tick);
        let ticks = ticks.chain(self.of_the_unit().into_iter().map(|(_, tick)| tick));
        texts.iter().any(|text| !text.is_empty()) || ticks.into_iter().any(|tick| tick == "on")
    }

    fn required(&self) -> [(Requirement, &str); 5] {
        [
            (Requirement::Irradiated, &self.irradiated),
            (Requirement::CmvSafe, &self.cmv_safe),
            (Requirement::IgaDeficient, &self.iga_deficient),
            (Requirement::Washed, &self.washed),
            (Requirement::HlaMatched, &self.hla_matched),
        ]
    }

    fn of_the_unit(&self) -> [(Attribute, &str); 4] {
        [
            (Attribute::Irradiated, &self.unit_irradiated),
            (Attribute::Leukoreduced, &self.unit_leukoreduced),
            (Attribute::LowTitre, &self.unit_low_titre),
            (Attribute::AdditiveSolution, &self.unit_additive_solution),
        ]
    }

    /// The question with the boxes that were ticked.
    pub(super) fn asked(&self) -> Asked {
        let mut asked = self.asked.clone();
        for (requirement, _) in self.required().iter().filter(|(_, tick)| *tick == "on") {
            asked.requirements.push_str(&format!(" {requirement}"));
        }
        for (attribute, _) in self.of_the_unit().iter().filter(|(_, tick)| *tick == "on") {
            asked.unit.push_str(&format!(" {attribute}"));
        }
        asked
    }
}

/// The form, with what is wrong beside its field: what is always asked in sight, the rest folded
/// unless something stands there. Its answer is shown from the answer on.
pub(super) fn form(
    w: Words,
    typed: &Typed,
    wrong: &[Wrong],
    regions: &[(String, String)],
) -> Markup {
    let asked = &typed.asked;
    let all = (String::new(), w.t("compatibility-all-regions"));
    let choices = std::iter::once(all).chain(regions.iter().cloned());
    let emergency = if asked.emergency.is_empty() { "" } else { "on" };
    let more = more(w, typed, wrong);
    html! {
        form.form method="get" action="/compatibility#answer" novalidate {
            @if !wrong.is_empty() { (Note::warning(w, &w.t("compatibility-not-understood"))) }
            div.two {
                (component(w, &asked.component))
                (recipient(w, &asked.recipient).error(said(w, wrong, "recipient")))
                (sex(w, &asked.sex))
                (text(w, wrong, "age", &asked.age, [
                    w.t("compatibility-age"), w.t("compatibility-age-hint"),
                ]))
                (Field::select("region", w.t("compatibility-region"), choices)
                    .value(&asked.region))
                (Field::check_box("emergency", w.t("compatibility-emergency")).value(emergency))
            }
            details open[typed.says_more() || !wrong.is_empty()] {
                summary { (w.t("compatibility-more")) }
                div.two { @for field in &more { (field) } }
            }
            div.submit { button type="submit" { (w.t("compatibility-ask")) } }
        }
    }
}

/// What is wrong with a field, in words.
fn said(w: Words, wrong: &[Wrong], field: &str) -> Option<String> {
    let found = wrong.iter().find(|one| one.field == field)?;
    let known = found.known.replace("unknown", &w.t("compatibility-word-unknown"));
    let args = [("value", found.value.as_str().into()), ("known", known.into())];
    Some(w.t_args("compatibility-wrong", &args))
}

fn text(w: Words, wrong: &[Wrong], name: &str, value: &str, [label, hint]: [String; 2]) -> Field {
    Field::text(name, label).value(value).hint(hint).error(said(w, wrong, name))
}

/// What is seldom asked: antibodies, requirements, and what is known of the unit.
fn more(w: Words, typed: &Typed, wrong: &[Wrong]) -> Vec<Field> {
    let asked = &typed.asked;
    let mut fields = vec![
        text(
            w,
            wrong,
            "antibodies",
            &asked.antibodies,
            [w.t("compatibility-antibodies"), w.t("compatibility-antibodies-hint")],
        ),
        text(
            w,
            wrong,
            "mother",
            &asked.mother,
            [w.t("compatibility-mother"), w.t("compatibility-mother-hint")],
        ),
    ];
    fields.extend(typed.required().map(|(requirement, tick)| {
        let label = w.dynamic("compat-requirement-", requirement.as_str());
        Field::check_box(requirement.as_str(), label).value(tick)
    }));
    fields.push(text(
        w,
        wrong,
        "unit_phenotype",
        &asked.unit_phenotype,
        [w.t("compatibility-unit-phenotype"), w.t("compatibility-unit-phenotype-hint")],
    ));
    fields.extend(typed.of_the_unit().map(|(attribute, tick)| {
        let label = w.dynamic("compat-unit-", attribute.as_str());
        Field::check_box(&format!("unit_{attribute}"), label).value(tick)
    }));
    fields
}

fn component(w: Words, chosen: &str) -> Field {
    let named = |one: &Component| (one.as_str(), w.dynamic("compat-component-", one.as_str()));
    let options: Vec<_> = Component::ALL.iter().map(named).collect();
    Field::select("component", w.t("compatibility-component"), options).value(chosen)
}

fn recipient(w: Words, chosen: &str) -> Field {
    let groups = Group::ALL.map(|group| (group.as_str().to_owned(), group.to_string()));
    let unknown = ("unknown".to_owned(), w.t("compatibility-unknown"));
    // However the group was written in the address, its option is the one chosen.
    let read: Result<Group, _> = chosen.parse();
    let chosen = read.map_or_else(|_| chosen.to_owned(), |group| group.as_str().to_owned());
    let options = groups.into_iter().chain([unknown]);
    Field::select("recipient", w.t("compatibility-recipient"), options).value(chosen)
}

fn sex(w: Words, chosen: &str) -> Field {
    let options = [
        ("", w.t("compatibility-sex-unknown")),
        ("f", w.t("compatibility-sex-female")),
        ("m", w.t("compatibility-sex-male")),
    ];
    Field::select("sex", w.t("compatibility-sex"), options).value(chosen)
}
