//! Sweden's 21 regions: short name, name, SCB county code (länskod).

use samband_domain::JournalId;

use crate::KnownRegion;

/// Short name, name as the region writes it, SCB county code.
pub const REGIONS: [(&str, &str, &str); 21] = [
    ("stockholm", "Region Stockholm", "01"),
    ("uppsala", "Region Uppsala", "03"),
    ("sormland", "Region Sörmland", "04"),
    ("ostergotland", "Region Östergötland", "05"),
    ("jonkoping", "Region Jönköpings län", "06"),
    ("kronoberg", "Region Kronoberg", "07"),
    ("kalmar", "Region Kalmar län", "08"),
    ("gotland", "Region Gotland", "09"),
    ("blekinge", "Region Blekinge", "10"),
    ("skane", "Region Skåne", "12"),
    ("halland", "Region Halland", "13"),
    ("vastra-gotaland", "Västra Götalandsregionen", "14"),
    ("varmland", "Region Värmland", "17"),
    ("orebro", "Region Örebro län", "18"),
    ("vastmanland", "Region Västmanland", "19"),
    ("dalarna", "Region Dalarna", "20"),
    ("gavleborg", "Region Gävleborg", "21"),
    ("vasternorrland", "Region Västernorrland", "22"),
    ("jamtland", "Region Jämtland Härjedalen", "23"),
    ("vasterbotten", "Region Västerbotten", "24"),
    ("norrbotten", "Region Norrbotten", "25"),
];

/// Name and county code of a region by its short name.
#[must_use]
pub fn find(id: &str) -> Option<(&'static str, &'static str)> {
    REGIONS.iter().find(|(short, ..)| *short == id).map(|(_, name, code)| (*name, *code))
}

/// The regions that a file may speak of: those held here under their own names, and else all of
/// Sweden's, so that a file of several regions is understood whoever reads it.
#[must_use]
pub fn with_all_of_sweden(mut held: Vec<KnownRegion>) -> Vec<KnownRegion> {
    for (id, name, code) in REGIONS {
        let journal = JournalId::new(id).expect("the list holds identifiers");
        let same = |region: &KnownRegion| {
            region.journal == journal || region.county_code.as_deref() == Some(code)
        };
        if !held.iter().any(same) {
            let (name, county_code) = (name.to_owned(), Some(code.to_owned()));
            held.push(KnownRegion { journal, name, county_code });
        }
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_keeps_its_name_and_nothing_is_there_twice() {
        let own = KnownRegion {
            journal: "skane".parse().unwrap(),
            name: "Skånes egna namn".into(),
            county_code: Some("12".into()),
        };
        let all = with_all_of_sweden(vec![own.clone()]);
        assert_eq!((all.len(), &all[0]), (REGIONS.len(), &own));
        assert_eq!(with_all_of_sweden(all.clone()), all);
        assert_eq!(find("halland"), Some(("Region Halland", "13")));
    }
}
