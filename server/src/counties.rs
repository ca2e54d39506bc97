//! Sweden's 21 regions: short name, name, SCB county code (länskod).

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
pub fn find(id: &str) -> Option<(&'static str, &'static str)> {
    REGIONS.iter().find(|(short, ..)| *short == id).map(|(_, name, code)| (*name, *code))
}
