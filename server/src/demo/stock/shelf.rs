//! Invented units: the same from the same seed, with dates that follow from the day on which the
//! demo is started.

use anyhow::Result;
use jiff::ToSpan;
use jiff::civil::Date;
use samband_domain::blood::command::{Row, Standing};
use samband_domain::blood::model::{
    Antigen, Attributes, Din, Group, Phenotype, ProductCode, Rhd, TestResult, UnitId,
};
use samband_domain::{Digest, Known, Time};

use super::table::{MIX, WEEKDAYS};

/// What every number of the demo stock follows from.
const SEED: &str = "sodra-2026";

/// Product codes of the invented table.
pub mod code {
    /// Red cells in SAGM, leukoreduced.
    pub const RED_CELLS: &str = "B0001V00";
    /// Whole blood of low titre.
    pub const WHOLE_BLOOD: &str = "B0011V00";
    /// Pooled platelets.
    pub const PLATELETS: &str = "B0020V00";
    /// Pooled platelets, pathogens reduced.
    pub const PLATELETS_REDUCED: &str = "B0021V00";
    /// Platelets by apheresis, irradiated and matched by HLA.
    pub const PLATELETS_HLA: &str = "B0023V00";
}

/// A stream of numbers that is the same in every run (SplitMix64).
pub struct Chance(u64);

impl Chance {
    /// The stream of a name.
    pub fn named(name: &str) -> Self {
        let digest = Digest::of(format!("{SEED}/{name}").as_bytes()).0;
        let first = digest.iter().take(8);
        Self(first.fold(0, |all, byte| all << 8 | u64::from(*byte)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Whether something of so many percent happens.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    /// A place in a list of weights.
    fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: u32 = weights.iter().sum();
        let mut left = self.next() % u64::from(total.max(1));
        for (place, weight) in weights.iter().enumerate() {
            match left.checked_sub(u64::from(*weight)) {
                Some(rest) => left = rest,
                None => return place,
            }
        }
        0
    }
}

/// Splits a number by weights so that the parts sum to it, the largest remainders first.
pub fn split(number: u32, weights: &[u32]) -> Vec<u32> {
    let total: u32 = weights.iter().sum::<u32>().max(1);
    let mut parts: Vec<u32> = weights.iter().map(|weight| number * weight / total).collect();
    let mut order: Vec<_> = (0..weights.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse((number * weights[*place]) % total));
    let given: u32 = parts.iter().sum();
    for place in order.into_iter().take((number - given) as usize) {
        parts[place] += 1;
    }
    parts
}

/// Whole numbers of the eight groups by the mix of donors.
pub fn by_mix(number: u32) -> Vec<u32> {
    split(number, &MIX)
}

/// Makes a region's units, one after the other.
pub struct Maker {
    pub chance: Chance,
    facility: &'static str,
    rules: String,
    tests: &'static [&'static str],
    today: Date,
    latest: Date,
    serial: u32,
}

/// Tests of each donation, where nucleic acids are tested besides and where they are not.
const TESTS: [&str; 4] = ["hiv-ag-ab", "hbsag", "anti-hcv", "syphilis"];
const TESTS_NAT: [&str; 5] = ["hiv-ag-ab", "hbsag", "anti-hcv", "syphilis", "nat"];

impl Maker {
    /// For a region that draws under a facility's number. Nothing is drawn after the `latest` day,
    /// on which the stock is taken over: early in the morning that is the day before.
    pub fn new(region: &str, facility: &'static str, (today, latest): (Date, Date)) -> Self {
        let nat = region == "skane";
        Self {
            chance: Chance::named(region),
            facility,
            rules: format!("demovärldens regler, {region}"),
            tests: if nat { &TESTS_NAT } else { &TESTS },
            today,
            latest,
            serial: 0,
        }
    }

    /// A day on which blood was drawn, between so many and so many days ago; more on the days on
    /// which more people give.
    pub fn drawn(&mut self, ago: std::ops::RangeInclusive<i64>) -> Result<Date> {
        let mut days = Vec::new();
        for ago in ago {
            days.push(self.today.checked_sub(ago.days())?.min(self.latest));
        }
        let weekday = |day: &Date| WEEKDAYS[day.weekday().to_monday_zero_offset() as usize];
        let weights: Vec<_> = days.iter().map(weekday).collect();
        Ok(days[self.chance.weighted(&weights)])
    }

    /// How many days from today a label's date lies.
    pub fn days_left(&self, expiry: Time) -> i64 {
        let tonight = end_of(self.today).unwrap_or(expiry);
        // Daylight saving makes a day an hour longer or shorter.
        (expiry.since(tonight) + 43_200_000_000).div_euclid(86_400_000_000)
    }

    /// A unit drawn on a day and kept for so many days after it.
    pub fn unit(&mut self, product: &str, group: Group, drawn: Date, keeps: i64) -> Result<Row> {
        self.serial += 1;
        let year = drawn.year().rem_euclid(100);
        let din = format!("{}{year:02}{:06}", self.facility, self.serial);
        let id = UnitId { din: Din::parse(&din)?, product: ProductCode::parse(product)? };
        let negative = |test: &&str| Ok((test.parse()?, TestResult::Negative));
        let tests: Result<_> = self.tests.iter().map(negative).collect();
        Ok(Row {
            id,
            group: Known::Value(group),
            expiry: end_of(drawn.checked_add(keeps.days())?)?,
            standing: Standing::Available,
            attributes: Attributes::NONE,
            phenotype: self.phenotype(product, group.rhd),
            tests: Known::Value(tests?),
            rules: Some(self.rules.clone()),
        })
    }

    /// Every red cell is typed for K, every third for more; frequencies by general knowledge.
    fn phenotype(&mut self, product: &str, rhd: Rhd) -> Phenotype {
        use Antigen::{BigC, BigE, BigK, Fya, Fyb, Jka, Jkb, SmallC, SmallE};
        if product != code::RED_CELLS {
            return Phenotype::default();
        }
        let mut typed = Phenotype::default().with(BigK, self.chance.percent(9));
        if !self.chance.percent(33) {
            return typed;
        }
        let (big_c, big_e) = match rhd {
            Rhd::Negative => (self.chance.percent(2), self.chance.percent(1)),
            Rhd::Positive => (self.chance.percent(82), self.chance.percent(35)),
        };
        typed = typed.with(BigC, big_c).with(BigE, big_e);
        // Of two alleles at least one is there.
        typed = typed.with(SmallC, !big_c || self.chance.percent(70));
        typed = typed.with(SmallE, !big_e || self.chance.percent(90));
        let (jka, fya) = (self.chance.percent(77), self.chance.percent(66));
        typed = typed.with(Jka, jka).with(Jkb, !jka || self.chance.percent(65));
        typed.with(Fya, fya).with(Fyb, !fya || self.chance.percent(70))
    }
}

/// A date's last minute in Sweden, as labels have it.
fn end_of(date: Date) -> Result<Time> {
    let next = Time::start_of(date.checked_add(1.day())?);
    let next = next.ok_or_else(|| anyhow::anyhow!("{date} is outside the calendar"))?;
    Ok(next.plus_seconds(-60))
}
