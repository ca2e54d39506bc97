//! What comes out: its label, how much, and until when; and what was used besides.

use maud::{Markup, html};
use samband_domain::blood::model::{
    Attribute, Division, Material, MaterialKind, Pdc, Process, Product, ProductCode, UnitId,
};
use samband_domain::donations::Command;
use samband_domain::donations::model::Output;
use samband_domain::donations::rules::expiry::{Basis, expiry};
use samband_domain::donations::rules::table::Many;
use samband_domain::rulesets::Scope;
use samband_domain::{Known, Region, SiteId, Time};

use super::{Bench, PREPARE, is_valid, possible};
use crate::components::Field;
use crate::pages::donations::new::sites;
use crate::pages::donations::said::number;
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

/// In how many parts something can be divided here.
const PARTS: std::ops::RangeInclusive<u8> = 2..=8;

/// The names of the fields of each output; a sort of product has its own.
const OUT: [(&str, &str); 4] =
    [("out-0", "ml-0"), ("out-1", "ml-1"), ("out-2", "ml-2"), ("out-3", "ml-3")];

/// The command that the form asks for, and the units that it makes.
pub(super) fn read(
    w: Words,
    region: &Region,
    bench: &Bench<'_>,
    process: Process,
    typed: &Typed,
    now: Time,
) -> Result<(Command, Vec<UnitId>), Errors> {
    let mut reader = Reader::new(w, typed);
    let site = bench.inputs.first().map(|(_, unit)| unit.site.clone());
    let site: Option<SiteId> = match (&bench.donation, site) {
        (_, Some(site)) => Some(site),
        (Some(_), None) => reader.value("site"),
        (None, None) => None,
    };
    let pool = if process.pools() {
        let text = reader.text("pool");
        let din = number(w, &text);
        din.map_err(|why| reader.wrong("pool", why)).ok()
    } else {
        None
    };
    let mut outputs = Vec::new();
    for (out, ml) in OUT.iter().take(sorts(bench, process).len()).copied() {
        let code: Option<Pdc> = reader.optional_value(out);
        let millilitres: Option<u16> = reader.optional_value(ml);
        let Some(code) = code else { continue };
        for tail in tails(bench, process, typed) {
            let collection = collection(bench);
            let product = ProductCode::parse(&format!("{code}{collection}{tail}")).ok();
            let millilitres = Known::from(millilitres);
            outputs.extend(product.map(|product| Output { product, din: pool, millilitres }));
        }
    }
    if outputs.is_empty() {
        reader.wrong("out-0", w.t("typed-needed"));
    }
    let materials = materials(&mut reader, typed);
    let _ = (region, now);
    let own = bench.donation.map(|(din, _)| din);
    let own = own.or(bench.inputs.first().map(|(id, _)| id.din));
    let made = outputs
        .iter()
        .filter_map(|output| Some(UnitId { din: output.din.or(own)?, product: output.product }));
    let made: Vec<_> = made.collect();
    reader.done(site.map(|site| {
        let command = Command::Prepare {
            site,
            process,
            donation: bench.donation.map(|(din, _)| din),
            inputs: bench.inputs.iter().map(|(id, _)| *id).collect(),
            outputs,
            materials,
        };
        (command, made)
    }))
}

/// How the blood was collected stays as it is on every label of it: by a volunteer, unless the
/// parent's label says otherwise.
fn collection(bench: &Bench<'_>) -> char {
    bench.inputs.first().map_or('V', |(id, _)| id.product.collection())
}

/// The divisions of what comes out: parts of a whole are A0, B0 …, parts of a part Aa, Ab ….
fn tails(bench: &Bench<'_>, process: Process, typed: &Typed) -> Vec<String> {
    let parent = bench.inputs.first().map_or(Division::Whole, |(id, _)| id.product.division());
    let kept = match parent {
        Division::Whole => "00".to_owned(),
        Division::Split(first) => format!("{first}0"),
        Division::Part(first, second) => format!("{first}{second}"),
    };
    if process.gives() != Many::Parts {
        return vec![if process.pools() { "00".into() } else { kept }];
    }
    let parts = typed.get("parts").parse().unwrap_or(*PARTS.start());
    let letters = (0..parts.clamp(*PARTS.start(), *PARTS.end())).map(|n| char::from(b'A' + n));
    let tail = |letter: char| match parent {
        Division::Split(first) => format!("{first}{}", letter.to_ascii_lowercase()),
        _ => format!("{letter}0"),
    };
    letters.map(tail).collect()
}

/// What was used besides, if anything was said of it.
pub(super) fn materials(reader: &mut Reader<'_>, typed: &Typed) -> Vec<Material> {
    if ["catalogue", "lot"].iter().all(|name| typed.get(name).is_empty()) {
        return Vec::new();
    }
    let kind: Option<MaterialKind> = reader.value("material");
    let (catalogue, lot) = (reader.text("catalogue"), reader.text("lot"));
    let millilitres: Option<u16> = reader.optional_value("adds");
    kind.map(|kind| Material { kind, catalogue, lot, millilitres }).into_iter().collect()
}

/// The sorts of product that can come out, each with a line of its own in the form.
fn sorts(bench: &Bench<'_>, process: Process) -> &'static [Product] {
    let all = possible(bench, process);
    &all[..all.len().min(OUT.len())]
}

/// The codes that can stand on the label of a product that comes of a process.
fn codes(
    region: &Region,
    bench: &Bench<'_>,
    process: Process,
    of: Product,
    now: Time,
) -> Vec<(String, String)> {
    let Some(table) = region.shared.blood.codes.as_deref() else { return Vec::new() };
    let becomes = |attribute: Attribute| {
        let mut units = bench.inputs.iter();
        process.makes_true() == Some(attribute)
            || !bench.inputs.is_empty() && units.all(|(_, unit)| unit.attributes.has(attribute))
    };
    let same = |row: &&samband_domain::blood::model::ProductRow| {
        let honest = [Attribute::Irradiated, Attribute::LowTitre]
            .into_iter()
            .all(|attribute| row.attributes.has(attribute) == becomes(attribute));
        row.product == of && row.facility.is_none() && is_valid(row, now) && honest
    };
    let rows = table.products().filter(same);
    rows.map(|row| (row.code.to_string(), format!("{} ({})", row.text, row.code))).collect()
}

/// Until when a product would keep, or the rule that nobody stated.
fn until(
    w: Words,
    region: &Region,
    bench: &Bench<'_>,
    (process, product): (Process, Product),
    now: Time,
) -> Result<String, String> {
    let rules = region.shared.rulesets.in_force(Scope::Blood, now);
    let rules = rules.ok_or_else(|| w.t("release-no-rules"))?;
    let held = &region.shared.donations.donations;
    let ids = bench.inputs.iter().flat_map(|(id, _)| region.shared.blood.donations_in(id));
    let dins: Vec<_> = ids.chain(bench.donation.map(|(din, _)| din)).collect();
    let collected: Option<Vec<Time>> =
        dins.iter().map(|din| held.get(din).map(|donation| donation.collected)).collect();
    let basis = Basis {
        collected: collected.and_then(|all| all.into_iter().min()).into(),
        made: now,
        parent: bench.inputs.iter().map(|(_, unit)| unit.expiry).min(),
    };
    match expiry(rules, process, product, basis) {
        Ok(until) => Ok(w.t_args("preparation-until", &[("time", w.date_time(until.0).into())])),
        Err(refusal) => Err(match refusal.facts.get("key") {
            Some(key) => w.t_args("preparation-no-rule", &[("key", key.clone().into())]),
            None => w.t("lack-collection-unknown"),
        }),
    }
}

/// A field by its name, with what it starts with.
type Start = (&'static str, Field, String);

/// For each sort of product that can come out its label and volume; and why others cannot.
fn lines(
    w: Words,
    region: &Region,
    bench: &Bench<'_>,
    process: Process,
    now: Time,
) -> (Vec<Start>, Vec<String>) {
    let all = sorts(bench, process);
    let one_of_each = process.gives() == Many::OneOfEach;
    let optional = one_of_each && all.len() > 1;
    let (mut fields, mut stopped) = (Vec::new(), Vec::new());
    for (place, product) in all.iter().enumerate() {
        let (out, ml) = OUT[place];
        let name = w.dynamic("product-", product.as_str());
        let codes = codes(region, bench, process, *product, now);
        let keeps = match until(w, region, bench, (process, *product), now) {
            Ok(keeps) if !codes.is_empty() => keeps,
            Ok(_) => {
                stopped.push(format!("{name}: {}", w.t("preparation-no-code")));
                continue;
            }
            Err(why) => {
                stopped.push(format!("{name}: {why}"));
                continue;
            }
        };
        let none = optional.then(|| (String::new(), w.t("preparation-not-made")));
        // What can be made is made, unless somebody says otherwise; of two plasmas only one.
        let liquid = *product == Product::PlasmaLiquid;
        let start = if liquid && optional { "" } else { codes[0].0.as_str() }.to_owned();
        let label = if one_of_each { name.clone() } else { w.t("preparation-label") };
        let volume = format!("{name}: {}", w.t("preparation-volume"));
        let select = Field::select(out, label, none.into_iter().chain(codes)).hint(keeps);
        fields.push((out, select, start));
        fields.push((ml, Field::number(ml, volume), String::new()));
    }
    (fields, stopped)
}

/// The fields for what was used besides, with what they start with.
pub(super) fn material_fields(w: Words) -> [(&'static str, Field, &'static str); 4] {
    let kinds = MaterialKind::ALL.iter();
    let kinds = kinds.map(|one| (one.to_string(), w.dynamic("material-kind-", one.as_str())));
    [
        ("material", Field::select("material", w.t("material-title"), kinds), "bag"),
        ("catalogue", Field::text("catalogue", w.t("material-catalogue")), ""),
        ("lot", Field::text("lot", w.t("material-lot")), ""),
        ("adds", Field::number("adds", w.t("material-adds")), ""),
    ]
}

pub(super) fn form(
    w: Words,
    region: &Region,
    bench: &Bench<'_>,
    process: Process,
    (draft, units): (&Draft, &str),
    now: Time,
) -> Markup {
    let key = draft.key(PREPARE);
    let field = |name: &str, field, start: &str| draft.field(PREPARE, name, field, start);
    let mut form = draft
        .form(w, "/preparation", PREPARE, &key, w.t("preparation-do"))
        .cancel("/preparation", w.t("import-cancel"))
        .hidden("units", units)
        .hidden("process", process.to_string());
    if let Some((_, donation)) = bench.donation {
        let site = Field::select("site", w.t("donation-site"), sites(region, now)).required();
        form = form.field(field("site", site, donation.site.as_str()));
    }
    if process.pools() {
        let pool = Field::text("pool", w.t("preparation-pool")).hint(w.t("preparation-pool-hint"));
        form = form.field(field("pool", pool.required(), ""));
    }
    if process.gives() == Many::Parts {
        let parts = PARTS.map(|n| (n.to_string(), n.to_string()));
        form = form.field(field(
            "parts",
            Field::select("parts", w.t("preparation-parts"), parts),
            "2",
        ));
    }
    let (fields, stopped) = lines(w, region, bench, process, now);
    let makes = !fields.is_empty();
    for (name, one, start) in fields {
        form = form.field(field(name, one, &start));
    }
    for (name, one, start) in material_fields(w) {
        form = form.field(field(name, one, start));
    }
    html! {
        @if !stopped.is_empty() {
            @let list = html! {
                (w.t("preparation-cannot"))
                ul { @for why in &stopped { li { (why) } } }
            };
            (crate::components::Note::warning(w, &list))
        }
        @if process.keeps_release() { p.fine { (w.t("preparation-keeps-release")) } }
        @if makes { (form) }
    }
}
