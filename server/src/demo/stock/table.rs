//! The demo stock's numbers, as `docs/demo.md` lists them with where each comes from.

/// What one region has, and what it uses.
pub struct Numbers {
    /// Region.
    pub region: &'static str,
    /// The facility whose numbers its units bear: reserved for tests, never a real one.
    pub facility: &'static str,
    /// Red cells used in a day, in thousandths.
    pub red_cells_milli: u64,
    /// Red cells free to use, in the order of the eight groups. Sums to the region's stock.
    pub red_cells: [u32; 8],
    /// How many more of each group are taken over than that, since wards take or set aside some of
    /// them before anybody looks; fewer, where the chain from donor to shelf adds some.
    pub moved: [i32; 8],
    /// How many are set aside for requests; part of what is set aside in all.
    pub requested: u32,
    /// How many days of use the stock was made for; the units' ages follow from it.
    pub stock_days: i64,
    /// Red cells in quarantine: about two days of donations.
    pub quarantined: u32,
    /// Platelets used in a day, in thousandths.
    pub platelets_milli: u64,
    /// Platelets free to use.
    pub platelets: u32,
    /// How many of them the chain from donor to shelf adds.
    pub platelets_made: u32,
    /// Blood centres with their share of the stock, in percent.
    pub places: &'static [(&'static str, u32)],
    /// Fixed small stocks: place, group by its number, units. Part of `red_cells`.
    pub crisis: &'static [(&'static str, usize, u32)],
}

/// O RhD neg, by its number among the eight groups.
pub const O_NEG: usize = 1;
/// O RhD pos.
pub const O_POS: usize = 0;

/// Group mix of donors in Kronoberg, in percent (literature).
pub const MIX: [u32; 8] = [32, 6, 37, 7, 10, 2, 5, 1];

/// Share of O RhD neg among the red cells used, in percent: above its share among donors, since
/// it is what emergencies start with (assumed).
pub const O_NEG_USED: u32 = 10;

/// Donations by weekday from Monday, in percent (SCANDAT).
pub const WEEKDAYS: [u32; 7] = [21, 22, 26, 19, 8, 5, 0];

/// What is set aside, in thousandths of the stock.
pub const RESERVED_PERMILLE: u32 = 70;

/// How many O RhD pos in Blekinge expire within ten days.
pub const EXPIRING: u32 = 40;

/// A region's use of red cells by group, in thousandths a day.
pub fn used_by_group(numbers: &Numbers) -> [u64; 8] {
    let rest = u64::from(MIX.iter().sum::<u32>() - MIX[O_NEG]);
    std::array::from_fn(|n| match n {
        O_NEG => numbers.red_cells_milli * u64::from(O_NEG_USED) / 100,
        _ => {
            let others = numbers.red_cells_milli * u64::from(100 - O_NEG_USED) / 100;
            others * u64::from(MIX[n]) / rest
        }
    })
}

/// The four regions after the disturbances: O RhD neg in Skåne 24 for 52, A RhD neg in Kronoberg 3
/// for 10, platelets in Skåne 26 for 45.
pub const ALL: [Numbers; 4] = [
    Numbers {
        region: "blekinge",
        facility: "A9990",
        red_cells_milli: 13_700,
        red_cells: [61, 11, 71, 13, 19, 4, 10, 2],
        moved: [1, 0, 3, 0, 0, 0, 0, 0],
        requested: 2,
        stock_days: 14,
        quarantined: 35,
        platelets_milli: 1_100,
        platelets: 3,
        platelets_made: 1,
        places: &[("karlskrona-bc", 65), ("karlshamn-bc", 35)],
        crisis: &[],
    },
    Numbers {
        region: "halland",
        facility: "A9991",
        red_cells_milli: 25_000,
        red_cells: [88, 17, 102, 19, 28, 6, 14, 3],
        moved: [4, 0, 1, 0, 1, 0, 0, 0],
        requested: 1,
        stock_days: 11,
        quarantined: 60,
        platelets_milli: 2_100,
        platelets: 5,
        platelets_made: 0,
        places: &[("halmstad-bc", 48), ("varberg-bc", 40), ("kungsbacka", 12)],
        crisis: &[],
    },
    Numbers {
        region: "kronoberg",
        facility: "A9992",
        red_cells_milli: 16_400,
        red_cells: [47, 9, 55, 3, 15, 3, 7, 1],
        moved: [0; 8],
        requested: 0,
        stock_days: 9,
        quarantined: 42,
        platelets_milli: 1_400,
        platelets: 3,
        platelets_made: 0,
        places: &[("vaxjo-bc", 70), ("ljungby-bc", 30)],
        crisis: &[],
    },
    Numbers {
        region: "skane",
        facility: "A9993",
        red_cells_milli: 124_000,
        red_cells: [278, 24, 321, 61, 87, 17, 43, 9],
        moved: [2, 0, -1, 0, 1, 0, 0, 0],
        requested: 3,
        stock_days: 7,
        // With the eleven from Halland that lack a test of Skåne's rules, and three that the chain
        // holds back: 240.
        quarantined: 226,
        platelets_milli: 17_800,
        platelets: 26,
        platelets_made: 1,
        places: &[
            ("lund-bc", 40),
            ("malmo-bc", 30),
            ("helsingborg-bc", 14),
            ("kristianstad-bc", 11),
            ("ystad-bc", 5),
        ],
        crisis: &[
            ("helikopter-kris-1", O_NEG, 2),
            ("helikopter-kris-2", O_NEG, 2),
            ("traumalada-1", O_NEG, 2),
            ("depa-sus", O_POS, 4),
            ("depa-sus", O_NEG, 2),
        ],
    },
];

/// Whom to telephone: region, place, function, number, hours. The numbers are set aside for
/// fiction by the telecom authority; nobody answers.
pub const DUTY: &[(&str, &str, &str, &str, &str)] = &[
    ("blekinge", "karlskrona-bc", "blood-centre", "08-465 004 00", "dygnet runt"),
    (
        "blekinge",
        "karlshamn-bc",
        "blood-centre",
        "08-465 004 01",
        "vardagar 07–16, annars Karlskrona",
    ),
    ("halland", "halmstad-bc", "blood-centre", "031-390 06 00", "dygnet runt"),
    ("halland", "varberg-bc", "blood-centre", "031-390 06 01", "dygnet runt"),
    ("halland", "kungsbacka", "blood-centre", "031-390 06 02", "vardagar 07–16, annars Varberg"),
    ("kronoberg", "vaxjo-bc", "blood-centre", "08-465 004 20", "dygnet runt"),
    ("kronoberg", "ljungby-bc", "blood-centre", "08-465 004 21", "vardagar 07–16, annars Växjö"),
    ("skane", "lund-bc", "blood-centre", "040-628 04 00", "dygnet runt"),
    (
        "skane",
        "lund-ref",
        "reference-laboratory",
        "070-174 06 05",
        "dygnet runt, även för andra regioner",
    ),
    ("skane", "malmo-bc", "blood-centre", "040-628 04 01", "dygnet runt"),
    ("skane", "helsingborg-bc", "blood-centre", "040-628 04 02", "vardagar 07–21, annars Lund"),
    ("skane", "kristianstad-bc", "blood-centre", "040-628 04 03", "vardagar 07–21, annars Lund"),
    ("skane", "ystad-bc", "blood-centre", "040-628 04 04", "vardagar 07–16, annars Lund"),
];
