//! The sources that rules cite by key, with their full titles. One place for pages, files and the
//! manual; a rule may cite anything, and what is not here is shown as it was written.

/// What is cited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The key that rules cite.
    pub key: &'static str,
    /// Its title as one would cite it.
    pub title: &'static str,
    /// Where it can be read, if that is public and known.
    pub address: Option<&'static str>,
}

/// What stands where somebody assumed a value to show the system with.
pub const ASSUMED: &str = "assumed (demo)";

macro_rules! sources {
    ($($key:literal: $title:literal $(, $address:literal)?;)*) => {
        /// Every source, by key.
        pub const SOURCES: &[Source] = &[$(Source {
            key: $key,
            title: $title,
            address: sources!(@ $($address)?),
        }),*];
    };
    (@) => { None };
    (@ $address:literal) => { Some($address) };
}

sources! {
    "BLEK": "Region Blekinge, transfusionsmedicin: Förenliga blodgrupper";
    "CFR": "21 CFR 610.53, Dating periods for licensed biological products (USA)",
        "https://www.accessdata.fda.gov/scripts/cdrh/cfdocs/cfCFR/CFRSearch.cfm?fr=610.53";
    "DAL-P": "Landstinget Dalarna: Transfusionspaket";
    "DSKI": "Dansk Selskab for Klinisk Immunologi: Transfusionsmedicinske standarder",
        "https://dski.dk/books/";
    "EU33": "Kommissionens direktiv 2004/33/EG om vissa tekniska krav på blod och \
        blodkomponenter, bilaga IV och V";
    "GEBLOD": "GeBlod: krav på blodgivare", "https://geblod.nu/";
    "HALL": "Region Halland: Blodkomponenter för transfusion",
        "https://vardgivare.regionhalland.se/behandlingsstod/laboratoriemedicin/transfusionsmedicin-blodcentralen/blodkomponenter-for-transfusion/";
    "HSLF-2015-24": "HSLF-FS 2015:24, ändring av SOSFS 2009:28",
        "https://lagen.nu/hslf-fs/2015:24";
    "HSLF-2021-17": "HSLF-FS 2021:17, ändring av SOSFS 2009:28",
        "https://lagen.nu/hslf-fs/2021:17";
    "KRON": "Region Kronoberg: Blodgruppsförenlighet",
        "https://www.regionkronoberg.se/vardgivare/vardriktlinjer/provtagning-och-diagnostik/transfusionsmedicin/blodgruppsforenlighet/";
    "KRON-B": "Region Kronoberg, transfusionsmedicin: Beställnings- och svarsrutiner";
    "KRON-K": "Region Kronoberg: Blodkomponenter",
        "https://www.regionkronoberg.se/vardgivare/vardriktlinjer/provtagning-och-diagnostik/transfusionsmedicin/blodkomponenter/";
    "LBCC": "Australian Red Cross Lifeblood: Component compatibility",
        "https://www.lifeblood.com.au/health-professionals/products/component-compatibility";
    "LEARN": "LearnHaem: transfusion, efter BSH:s riktlinjer", "https://www.learnhaem.com/";
    "LIO": "Region Östergötland, laboratoriemedicin: BAS-test",
        "http://lioappl1.lio.se/lmcsortiment/Analysis.aspx?service=16719";
    "LT-KOMP": "Läkartidningen 2021: Blodkomponenter och helblod – så framställs och används de",
        "https://lakartidningen.se/klinik-och-vetenskap-1/artiklar-1/temaartikel/2021/03/blodkomponenter-och-helblod-sa-framstalls-och-anvands-de/";
    "NAT-DR": "Doktorn.com: Nya blodgivningsregler från 1 december 2025",
        "https://www.doktorn.com/artikel/nya-blodgivningsregler-fran-1-december-2025";
    "NAT-LV": "Läkemedelsvärlden: Nya regler gör att fler kan ge blod",
        "https://www.lakemedelsvarlden.se/nya-regler-gor-att-fler-kan-ge-blod";
    "NAT-SK": "Region Skåne 2025: Nya regler gör blodgivningen mer jämlik – fler kan bli \
        blodgivare i Skåne",
        "https://www.skane.se/om-region-skane/nyheter/2025/nya-regler-gor-blodgivningen-mer-jamlik--fler-kan-bli-blodgivare-i-skane";
    "NU": "NU-sjukvården, transfusionsmedicin";
    "RJL": "Region Jönköpings län: Val av blod",
        "https://folkhalsaochsjukvard.rjl.se/vardstod/diagnostik/laboratoriemedicin2/val-av-blod/";
    "SEED0": "Projektrapport Transfusionsmedicin i Södra sjukvårdsregionen, version 1.0, \
        2025-10-17";
    "SOS-MAJ": "Socialstyrelsen: Ändringar i föreskrifterna om blodverksamhet från 1 maj 2021",
        "https://www.socialstyrelsen.se/aktuellt/andringar-i-socialstyrelsens-foreskrifter-om-blodverksamhet-fran-1-maj/";
    "SOS28": "SOSFS 2009:28 om blodverksamhet, konsoliderad till HSLF-FS 2023:43 (före \
        NAT-ändringen 2025-12-01)",
        "https://www.socialstyrelsen.se/kunskapsstod-och-regler/regler-och-riktlinjer/foreskrifter-och-allmanna-rad/konsoliderade-foreskrifter/200928-om-blodverksamhet/";
    "SOS29": "SOSFS 2009:29 om transfusion av blodkomponenter, konsoliderad till HSLF-FS 2018:17",
        "https://www.socialstyrelsen.se/kunskapsstod-och-regler/regler-och-riktlinjer/foreskrifter-och-allmanna-rad/konsoliderade-foreskrifter/200929-om-transfusion-av-blodkomponenter/";
    "TSE-IND": "transfusion.se: Indikationer för specialkomponenter",
        "https://transfusion.se/indikationer-for-specialkomponenter/";
    "VASTM": "Region Västmanland, transfusionsmedicin: Inför transfusion",
        "https://regionvastmanland.se/vardgivare/behandlingsstod/laboratoriemedicin/transfusionsmedicin/infor-transfusion/";
    "VHB": "Vårdhandboken, Transfusion av blodkomponenter: Beställning av undersökning",
        "https://www.vardhandboken.se/vard-och-behandling/lakemedelsbehandling/transfusion-av-blodkomponenter/bestallning-av-undersokning/";
    "VHB-K": "Vårdhandboken, Transfusion av blodkomponenter: Beställning av blodkomponent",
        "https://www.vardhandboken.se/vard-och-behandling/lakemedelsbehandling/transfusion-av-blodkomponenter/bestallning-av-blodkomponent/";
}

/// The source with a key.
#[must_use]
pub fn find(key: &str) -> Option<&'static Source> {
    SOURCES.iter().find(|source| source.key == key)
}

/// The keys that a rule's source cites, as it separates them.
pub fn cited(source: &str) -> impl Iterator<Item = &str> {
    source.split(';').map(str::trim).filter(|key| !key.is_empty())
}
