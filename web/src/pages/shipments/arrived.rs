//! Receiving with the scanner: box labels (ISBT 128 data structure 028) and bags, in any order.

use std::collections::BTreeSet;

use samband_domain::blood::model::UnitId;
use samband_domain::blood::model::supply::Parcel;
use samband_exchange::isbt128::{Scanned, classify};
use samband_exchange::stock::counted;

use crate::app::import::words_of;
use crate::text::Words;

/// What was scanned at the receiver's bench: everything in a box whose label was scanned, and
/// every bag by itself. None if nothing was scanned.
///
/// # Errors
/// What was scanned that is not of this shipment, or is not understood.
pub(super) fn scanned(
    w: Words,
    (parcel, open): (&Parcel, &[UnitId]),
    text: &str,
) -> Result<Option<BTreeSet<UnitId>>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let (mut units, mut bags) = (BTreeSet::new(), Vec::new());
    for line in text.lines() {
        match classify(line).map(|scan| scan.what) {
            Ok(Scanned::Consignment(label)) => {
                let ours = parcel.consignment.as_deref() == Some(&label.reference());
                let packed = parcel.boxes.iter().find(|one| one.number == label.carton());
                let Some(packed) = packed.filter(|_| ours) else {
                    let args =
                        [("consignment", label.reference().into()), ("box", label.carton().into())];
                    return Err(w.t_args("receive-other-box", &args));
                };
                units.extend(packed.units.iter().copied());
                bags.push("");
            }
            _ => bags.push(line),
        }
    }
    let found = counted(&bags.join("\n"));
    if let Some(bad) = found.bad.first() {
        let reason = words_of(w, bad.code, &bad.args);
        let args = [("line", bad.line.into()), ("reason", reason.into())];
        return Err(w.t_args("scan-bad-line", &args));
    }
    if let Some(other) = found.units.iter().find(|unit| !open.contains(unit)) {
        let name =
            format!("{} {} {}", other.din.spaced(), other.din.check_character(), other.product);
        return Err(w.t_args("receive-other-unit", &[("unit", name.into())]));
    }
    units.extend(found.units);
    Ok(Some(units))
}

#[cfg(test)]
mod tests {
    use samband_domain::Known;
    use samband_domain::blood::model::supply::Packed;
    use samband_domain::blood::model::{Facility, UnitId};
    use samband_exchange::isbt128::Structure;
    use samband_exchange::isbt128::item::Consignment;

    use super::*;

    fn unit(serial: u32) -> UnitId {
        UnitId::parse(&format!("A999026{serial:06}.E0336V00")).expect("a unit")
    }

    fn parcel() -> (Parcel, Vec<UnitId>) {
        let packed = |number, units| Packed { number, units, tenths: Known::Unknown, logger: None };
        let boxes = vec![packed(1, vec![unit(1), unit(2)]), packed(2, vec![unit(3), unit(4)])];
        let consignment = Some("A99902600007".into());
        (Parcel { consignment, boxes, ..Parcel::default() }, (1..=4).map(unit).collect())
    }

    fn label(serial: u32, carton: u8) -> String {
        let facility = Facility::parse("A9990").expect("a facility");
        let label = Consignment::new(facility, 26, serial, carton, 2).expect("a label");
        Structure::Consignment(label).encode()
    }

    fn read(text: &str) -> Result<Option<BTreeSet<UnitId>>, String> {
        let (parcel, open) = parcel();
        scanned(Words::sv(), (&parcel, &open), text)
    }

    #[test]
    fn a_box_label_stands_for_its_box_and_a_bag_for_itself() {
        assert_eq!(read(" \n"), Ok(None));
        let bag = format!("={}00=<{}", unit(3).din, unit(3).product);
        let all = read(&format!("{}\n{bag}\n", label(7, 1))).expect("both are of the shipment");
        assert_eq!(all, Some(BTreeSet::from([unit(1), unit(2), unit(3)])));
    }

    #[test]
    fn what_is_of_another_shipment_is_refused_by_name() {
        let other = read(&label(8, 1)).expect_err("another consignment's box");
        assert!(other.contains("A99902600008"), "{other}");
        let bag = format!("={}00=<{}", unit(9).din, unit(9).product);
        let other = read(&bag).expect_err("a bag of no box");
        assert!(other.contains("000009"), "{other}");
        assert!(read("hej").is_err());
    }
}
