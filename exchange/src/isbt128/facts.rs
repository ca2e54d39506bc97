//! What a structure says, fact by fact: for answers to programs and for reading aloud.

use samband_domain::Known;
use samband_domain::blood::model::{Division, Phenotype};
use serde_json::{Map, Value, json};

use super::antigens::{Last, Scheme};
use super::group::{GroupCode, Pool, PoolRhd};
use super::moment::{At, Occasion};
use super::platelets::Titre;
use super::scan::{How, Scan};
use super::structure::Structure;

/// The facts of a structure: `structure`, `name`, `text` and what it says. A number of a person
/// (donor, patient, staff) is in it because it was scanned; whoever shows it decides whether to.
#[must_use]
pub fn facts(structure: &Structure) -> Value {
    let mut all = Map::new();
    all.insert("structure".into(), json!(format!("{:03}", structure.number())));
    all.insert("name".into(), json!(name(structure)));
    all.insert("text".into(), json!(structure.encode()));
    let Value::Object(said) = said(structure) else { return Value::Object(all) };
    all.extend(said);
    Value::Object(all)
}

/// The facts of a scan: `how`, `kind`, `din` and `unit` where it names them, `text` as symbols
/// hold it, and `structures` one by one.
#[must_use]
pub fn scan(scan: &Scan) -> Value {
    let what = &scan.what;
    let structures: Vec<Value> = scan.message.parts().into_iter().map(facts).collect();
    json!({
        "how": match scan.how {
            How::Scanned => "scanned",
            How::Typed => "typed",
        },
        "kind": what.kind(),
        "din": what.din().map(|din| din.to_string()),
        "unit": what.unit().map(|unit| unit.to_string()),
        "text": scan.message.encode(),
        "structures": structures,
    })
}

/// A short name of the structure.
#[must_use]
pub fn name(structure: &Structure) -> &'static str {
    match structure {
        Structure::Donation(..) => "donation",
        Structure::Group(_) => "group",
        Structure::Product(_) => "product",
        Structure::Stamp(stamp) => match stamp.occasion {
            Occasion::Expiry => "expiry",
            Occasion::Collection => "collection",
            Occasion::Production => "production",
        },
        Structure::SpecialTest(_) => "special_test",
        Structure::RedCells(_) => "red_cell_antigens",
        Structure::Platelets(_) => "platelet_antigens",
        Structure::Container(_) => "container",
        Structure::ContainerLot(_) => "container_lot",
        Structure::Donor(_) => "donor",
        Structure::Staff(_) => "staff",
        Structure::Item(_) => "item",
        Structure::ItemLot(_) => "item_lot",
        Structure::Born(_) => "date_of_birth",
        Structure::Patient(_) => "patient",
        Structure::ExpiryMonth(_) => "expiry_month",
        Structure::Markers(_) => "infection_markers",
        Structure::Consignment(_) => "consignment",
        Structure::Antigens(_) => "antigen_history",
        Structure::Passed(_) => "not_interpreted",
    }
}

fn said(structure: &Structure) -> Value {
    match structure {
        Structure::Donation(din, flag) => json!({
            "din": din.as_str(),
            "check": din.check_character().to_string(),
            "facility": din.facility().as_str(),
            "year": din.year(),
            "serial": din.serial(),
            "flag": format!("{:02}", flag.number()),
            "flag_means": flag.code(),
        }),
        Structure::Group(message) => {
            let rh_kell = message.rh_kell;
            let mut all = group(message.code);
            if let Value::Object(map) = &mut all {
                map.insert("antigens".into(), phenotype(rh_kell.phenotype()));
                map.insert("needs_special_test".into(), json!(rh_kell.needs_special_test()));
            }
            all
        }
        Structure::Product(code) => json!({
            "product_code": code.as_str(),
            "pdc": code.pdc().as_str(),
            "collection": code.collection().to_string(),
            "division": division(code.division()),
        }),
        Structure::Stamp(stamp) => match stamp.at {
            At::Day(day) => json!({ "date": day.to_string() }),
            At::Minute(at) => json!({ "local_time": at.strftime("%Y-%m-%dT%H:%M").to_string() }),
        },
        Structure::SpecialTest(code) => json!({ "code": code.as_str() }),
        Structure::ContainerLot(lot) | Structure::ItemLot(lot) => json!({ "lot": lot.as_str() }),
        Structure::Passed(_) => json!({}),
        other => tested(other),
    }
}

/// What test results and numbers of things say.
fn tested(structure: &Structure) -> Value {
    match structure {
        Structure::RedCells(antigens) => json!({
            "scheme": match antigens.scheme() {
                Scheme::General => "general",
                Scheme::Finnish => "finnish",
            },
            "antigens": phenotype(antigens.phenotype()),
            "cmv_antibodies": known(antigens.cmv_antibodies()),
            "last": last(antigens.last()),
        }),
        Structure::Platelets(antigens) => json!({
            "hla": antigens.hla().collect::<Vec<_>>(),
            "hpa": results(antigens.hpa()),
            "iga": known(antigens.iga()),
            "cmv_antibodies": known(antigens.cmv_antibodies()),
            "titre": match antigens.titre() {
                Titre::NotTested => "not_tested",
                Titre::NoHighTitre => "no_high_titre",
                Titre::NoInformation => "no_information",
            },
        }),
        Structure::Markers(markers) => json!({ "markers": results(markers.results()) }),
        Structure::Antigens(history) => json!({
            "antigens": phenotype(history.phenotype()),
            "tested": history.all().iter().map(|one| json!({
                "antigen": format!("{:06}", one.antigen),
                "name": one.known().map(|antigen| antigen.as_str()),
                "found": one.found,
                "method": format!("{:?}", one.method).to_lowercase(),
                "tests": format!("{:?}", one.tests).to_lowercase(),
            })).collect::<Vec<_>>(),
        }),
        Structure::Container(container) => json!({
            "container": container.which().to_string(),
            "manufacturer": container.manufacturer(),
            "catalogue": container.catalogue(),
        }),
        Structure::Item(item) => {
            json!({ "manufacturer": item.manufacturer(), "catalogue": item.catalogue() })
        }
        Structure::Donor(donor) => {
            json!({ "facility": donor.facility().as_str(), "number": donor.number() })
        }
        Structure::Staff(staff) => {
            json!({ "facility": staff.facility().as_str(), "number": staff.number() })
        }
        Structure::Born(born) => {
            json!({ "location": born.location(), "date": born.date().to_string() })
        }
        Structure::Patient(patient) => {
            json!({ "location": patient.location(), "number": patient.number() })
        }
        Structure::ExpiryMonth(month) => {
            json!({ "month": format!("{:04}-{:02}", month.year(), month.month()) })
        }
        Structure::Consignment(consignment) => json!({
            "consignment": consignment.reference(),
            "facility": consignment.facility().as_str(),
            "year": consignment.year(),
            "serial": consignment.serial(),
            "box": consignment.carton(),
            "boxes": consignment.cartons(),
        }),
        _ => json!({}),
    }
}

fn group(code: GroupCode) -> Value {
    let mut all = Map::new();
    let group = code.group();
    all.insert("group".into(), json!(group.map(|group| group.as_str())));
    all.insert("group_text".into(), json!(group.map(|group| group.text())));
    all.insert("intended".into(), json!(code.intended().map(|intended| intended.as_str())));
    let kind = match code {
        GroupCode::Group(..) => "group",
        GroupCode::AboOnly(abo, _) => {
            all.insert("abo".into(), json!(abo.as_str()));
            "abo_only"
        }
        GroupCode::Deficient(kind, rhd, _) => {
            all.insert("deficiency".into(), json!(format!("{kind:?}")));
            all.insert("rhd".into(), json!(rhd.as_str()));
            "h_deficient"
        }
        GroupCode::Pool(Pool::OneAbo(abo)) => {
            all.insert("abo".into(), json!(abo.as_str()));
            "pool"
        }
        GroupCode::Pool(Pool::MixedAbo(rhd)) => {
            if let PoolRhd::One(rhd) = rhd {
                all.insert("rhd".into(), json!(rhd.as_str()));
            }
            "pool"
        }
        GroupCode::Subgroup(subgroup) => {
            all.insert("subgroup".into(), json!(format!("{subgroup:?}")));
            "subgroup"
        }
        GroupCode::Special(special) => {
            all.insert("message".into(), json!(special.as_str()));
            "message"
        }
    };
    all.insert("kind".into(), json!(kind));
    Value::Object(all)
}

/// Antigen by name: found, not found. What was not tested is not there.
fn phenotype(phenotype: Phenotype) -> Value {
    let found = phenotype.present().iter().map(|antigen| (antigen.as_str(), true));
    results(found.chain(phenotype.absent().iter().map(|antigen| (antigen.as_str(), false))))
}

fn results<'a>(results: impl Iterator<Item = (&'a str, bool)>) -> Value {
    Value::Object(results.map(|(name, found)| (name.to_owned(), json!(found))).collect())
}

fn known(fact: Known<bool>) -> Value {
    fact.value().map_or(Value::Null, Value::Bool)
}

fn last(last: Last) -> Value {
    match last {
        Last::Elsewhere => json!("see_label"),
        Last::Absent(number) => json!({ "absent": number }),
        Last::National => json!("national"),
        Last::NoHaemoglobinS => json!("no_haemoglobin_s"),
        Last::ParvovirusAntibodies => json!("parvovirus_b19_antibodies"),
        Last::IgaDeficient => json!("iga_deficient"),
        Last::Nothing => Value::Null,
    }
}

fn division(division: Division) -> Value {
    match division {
        Division::Whole => Value::Null,
        Division::Split(first) => json!(first.to_string()),
        Division::Part(first, second) => json!(format!("{first}{second}")),
    }
}
