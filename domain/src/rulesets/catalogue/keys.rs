//! The catalogue itself. A key is never removed and never changes its shape: old rule sets must
//! stay readable. New keys go where they belong.

use super::{Heading, Row, Shape, codes};

macro_rules! catalogue {
    ($($Heading:ident {$($(#[doc = $doc:literal])+ $NAME:ident = $text:literal, $Shape:ident
        $(($given:expr))?;)*})*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Place { $($($NAME),*),* }

        pub(super) static ROWS: &[Row] = &[$($(Row {
            text: $text,
            shape: Shape::$Shape $(($given))?,
            heading: Heading::$Heading,
            doc: concat!($($doc),+),
        }),*),*];

        /// Every key by name.
        pub mod key {
            use super::Place;
            use crate::rulesets::catalogue::Key;

            $($($(#[doc = $doc])+ pub const $NAME: Key = Key(Place::$NAME as u16);)*)*
        }
    };
}

catalogue! {
    ShelfLife {
        /// How long red cells keep.
        SHELF_LIFE_RED_CELLS = "shelf_life.red_cells", Span;
        /// How long paediatric red-cell units keep.
        SHELF_LIFE_RED_CELLS_PAEDIATRIC = "shelf_life.red_cells_paediatric", Span;
        /// How long washed red cells keep.
        SHELF_LIFE_RED_CELLS_WASHED = "shelf_life.red_cells_washed", Span;
        /// How long frozen red cells keep.
        SHELF_LIFE_RED_CELLS_FROZEN = "shelf_life.red_cells_frozen", Span;
        /// How long red cells thawed and freed of glycerol keep.
        SHELF_LIFE_RED_CELLS_DEGLYCEROLISED = "shelf_life.red_cells_deglycerolised", Span;
        /// How long whole blood in CPD keeps.
        SHELF_LIFE_WHOLE_BLOOD = "shelf_life.whole_blood", Span;
        /// How long whole blood in CPDA-1 keeps.
        SHELF_LIFE_WHOLE_BLOOD_CPDA1 = "shelf_life.whole_blood_cpda1", Span;
        /// How long pooled platelets keep.
        SHELF_LIFE_PLATELETS_POOLED = "shelf_life.platelets_pooled", Span;
        /// How long platelets by apheresis keep.
        SHELF_LIFE_PLATELETS_APHERESIS = "shelf_life.platelets_apheresis", Span;
        /// How long cold-stored platelets keep.
        SHELF_LIFE_PLATELETS_COLD = "shelf_life.platelets_cold", Span;
        /// How long frozen platelets keep.
        SHELF_LIFE_PLATELETS_FROZEN = "shelf_life.platelets_frozen", Span;
        /// How long thawed platelets keep.
        SHELF_LIFE_PLATELETS_THAWED = "shelf_life.platelets_thawed", Span;
        /// How long granulocytes keep.
        SHELF_LIFE_GRANULOCYTES = "shelf_life.granulocytes", Span;
        /// How long frozen plasma keeps.
        SHELF_LIFE_PLASMA_FROZEN = "shelf_life.plasma_frozen", Span;
        /// How long thawed plasma keeps.
        SHELF_LIFE_PLASMA_THAWED = "shelf_life.plasma_thawed", Span;
        /// How long plasma never frozen keeps.
        SHELF_LIFE_PLASMA_LIQUID = "shelf_life.plasma_liquid", Span;
        /// How long freeze-dried plasma keeps.
        SHELF_LIFE_PLASMA_FREEZE_DRIED = "shelf_life.plasma_freeze_dried", Span;
        /// How long cryoprecipitate keeps.
        SHELF_LIFE_CRYOPRECIPITATE = "shelf_life.cryoprecipitate", Span;
        /// Irradiated red cells keep this long after irradiation, and never beyond the old date.
        SHELF_LIFE_IRRADIATED_CAP_DAYS = "shelf_life.irradiated_cap_days", Days;
    }
    Storage {
        /// Storage temperature of red cells.
        STORAGE_RED_CELLS = "storage.red_cells", Temperature;
        /// Storage temperature of paediatric red-cell units.
        STORAGE_RED_CELLS_PAEDIATRIC = "storage.red_cells_paediatric", Temperature;
        /// Storage temperature of washed red cells.
        STORAGE_RED_CELLS_WASHED = "storage.red_cells_washed", Temperature;
        /// Storage temperature of frozen red cells.
        STORAGE_RED_CELLS_FROZEN = "storage.red_cells_frozen", Temperature;
        /// Storage temperature of red cells thawed and freed of glycerol.
        STORAGE_RED_CELLS_DEGLYCEROLISED = "storage.red_cells_deglycerolised", Temperature;
        /// Storage temperature of whole blood in CPD.
        STORAGE_WHOLE_BLOOD = "storage.whole_blood", Temperature;
        /// Storage temperature of whole blood in CPDA-1.
        STORAGE_WHOLE_BLOOD_CPDA1 = "storage.whole_blood_cpda1", Temperature;
        /// Storage temperature of pooled platelets.
        STORAGE_PLATELETS_POOLED = "storage.platelets_pooled", Temperature;
        /// Storage temperature of platelets by apheresis.
        STORAGE_PLATELETS_APHERESIS = "storage.platelets_apheresis", Temperature;
        /// Storage temperature of cold-stored platelets.
        STORAGE_PLATELETS_COLD = "storage.platelets_cold", Temperature;
        /// Storage temperature of frozen platelets.
        STORAGE_PLATELETS_FROZEN = "storage.platelets_frozen", Temperature;
        /// Storage temperature of thawed platelets.
        STORAGE_PLATELETS_THAWED = "storage.platelets_thawed", Temperature;
        /// Storage temperature of granulocytes.
        STORAGE_GRANULOCYTES = "storage.granulocytes", Temperature;
        /// Storage temperature of frozen plasma.
        STORAGE_PLASMA_FROZEN = "storage.plasma_frozen", Temperature;
        /// Storage temperature of thawed plasma.
        STORAGE_PLASMA_THAWED = "storage.plasma_thawed", Temperature;
        /// Storage temperature of plasma never frozen.
        STORAGE_PLASMA_LIQUID = "storage.plasma_liquid", Temperature;
        /// Storage temperature of freeze-dried plasma.
        STORAGE_PLASMA_FREEZE_DRIED = "storage.plasma_freeze_dried", Temperature;
        /// Storage temperature of cryoprecipitate.
        STORAGE_CRYOPRECIPITATE = "storage.cryoprecipitate", Temperature;
    }
    Handling {
        /// Smallest irradiation dose.
        IRRADIATION_DOSE_MIN = "irradiation.dose_min", Count(&["Gy"]);
        /// Who gets irradiated components.
        IRRADIATION_REQUIRED_FOR = "irradiation.required_for", List(codes::IRRADIATION);
        /// For how long after allogeneic stem-cell transplantation.
        IRRADIATION_ALLOGENEIC_HSCT_MONTHS = "irradiation.allogeneic_hsct_months", Months;
        /// For how long after autologous stem-cell transplantation.
        IRRADIATION_AUTOLOGOUS_HSCT_MONTHS = "irradiation.autologous_hsct_months", Months;
        /// For how long after intrauterine transfusion.
        IRRADIATION_INTRAUTERINE_MONTHS = "irradiation.intrauterine_months", Months;
        /// Newborns below this birth weight get irradiated components.
        IRRADIATION_BIRTH_WEIGHT_BELOW = "irradiation.birth_weight_below", Count(&["g"]);
        /// How long thawed plasma may stand in a ward's fridge.
        PLASMA_THAWED_WARD_FRIDGE_HOURS = "plasma_thawed.ward_fridge_hours", Hours;
        /// How long thawed plasma may stand at room temperature.
        PLASMA_THAWED_ROOM_HOURS = "plasma_thawed.room_hours", Hours;
        /// A reservation that nobody fetched lapses after this time.
        RESERVATION_LAPSE_HOURS = "reservation.lapse_hours", Hours;
        /// Red cells back within this time without cooling may be used again.
        RETURN_RED_CELLS_UNCOOLED_MINUTES = "return.red_cells.uncooled_minutes", Minutes;
        /// Red cells back within this time in a cooled box may be used again.
        RETURN_RED_CELLS_COOLED_MINUTES = "return.red_cells.cooled_minutes", Minutes;
        /// A massive-transfusion package may be returned within this time.
        RETURN_PACKAGE_HOURS = "return.package_hours", Hours;
        /// A unit taken out of storage is given within this time.
        TRANSFUSE_WITHIN_HOURS = "transfuse.within_hours", Hours;
    }
    Compatibility {
        /// Which ABO groups of platelets a recipient may get.
        PLATELETS_ABO = "platelets.abo", Choice(codes::PLATELETS_ABO);
        /// Which ABO groups of whole blood a recipient may get.
        WHOLE_BLOOD_ABO = "whole_blood.abo", Choice(codes::WHOLE_BLOOD_ABO);
        /// Largest anti-A and anti-B titre that still counts as low.
        WHOLE_BLOOD_TITRE_MAX = "whole_blood.titre_max", Count(&["1:n"]);
        /// Plasma for a recipient of unknown group.
        PLASMA_UNKNOWN_GROUP = "plasma.unknown_group", Choice(codes::PLASMA_UNKNOWN);
        /// Who decides that an RhD-negative recipient gets RhD-positive red cells.
        D_POS_RED_CELLS_TO_D_NEG = "d_pos_red_cells_to_d_neg", Choice(codes::D_POS_RED_CELLS);
        /// RhD-negative women and girls within this age get RhD-positive platelets and plasma only
        /// after a physician.
        D_POS_PLATELETS_FEMALE_AGE = "d_pos_platelets.female_age", Age;
        /// RhD-negative men and boys within this age get RhD-positive platelets and plasma only
        /// after a physician.
        D_POS_PLATELETS_MALE_AGE = "d_pos_platelets.male_age", Age;
        /// Women and girls within this age get K-negative red cells.
        K_NEG_FEMALE_AGE = "k_neg.female_age", Age;
        /// Whether leukoreduced components count as safe for recipients who need CMV-safe ones.
        CMV_LEUKOREDUCED_COUNTS = "cmv.leukoreduced_counts", Flag;
        /// What comes after the recipient's own group for RhD-positive recipients.
        PREFERENCE_RHD_POS = "preference.rhd_pos", Choice(codes::PREFERENCE_RHD_POS);
    }
    Emergency {
        /// Red cells in an emergency when the group is unknown.
        EMERGENCY_RED_CELLS_UNKNOWN =
            "emergency.red_cells.unknown", Choice(codes::EMERGENCY_RED_CELLS);
        /// What emergency red cells should be if possible.
        EMERGENCY_RED_CELLS_PREFER = "emergency.red_cells.prefer", List(codes::EMERGENCY_PREFER);
        /// Women and girls within this age get O RhD-negative.
        EMERGENCY_RED_CELLS_O_NEG_FEMALE_AGE = "emergency.red_cells.o_neg_female_age", Age;
        /// Men and boys within this age get O RhD-negative.
        EMERGENCY_RED_CELLS_O_NEG_MALE_AGE = "emergency.red_cells.o_neg_male_age", Age;
        /// Plasma in an emergency when the group is unknown.
        EMERGENCY_PLASMA = "emergency.plasma", Choice(codes::EMERGENCY_PLASMA);
        /// Platelets in an emergency when the group is unknown.
        EMERGENCY_PLATELETS = "emergency.platelets", Choice(codes::EMERGENCY_PLATELETS);
        /// Red cells in a massive-transfusion package.
        MTP_RATIO_RED_CELLS = "mtp.ratio.red_cells", Count(&["units"]);
        /// Plasma in a massive-transfusion package.
        MTP_RATIO_PLASMA = "mtp.ratio.plasma", Count(&["units"]);
        /// Platelets in a massive-transfusion package.
        MTP_RATIO_PLATELETS = "mtp.ratio.platelets", Count(&["units"]);
        /// A new package comes this often until it is called off.
        MTP_INTERVAL_MINUTES = "mtp.interval_minutes", Minutes;
    }
    Children {
        /// Younger than this counts as infant.
        INFANT_MONTHS = "infant.months", Months;
        /// Red cells for infants.
        INFANT_RED_CELLS = "infant.red_cells", Choice(codes::INFANT_RED_CELLS);
        /// Plasma for infants.
        INFANT_PLASMA = "infant.plasma", Choice(codes::INFANT_PLASMA);
        /// Whether units for infants lack what the mother's antibodies hit.
        INFANT_LACKS_MATERNAL_TARGETS = "infant.lacks_maternal_targets", Flag;
        /// Whether the mother's identity, group and antibodies come with the order.
        INFANT_MOTHER_DATA_REQUIRED = "infant.mother_data_required", Flag;
        /// Younger than this needs no compatibility test.
        INFANT_NO_TEST_MONTHS = "infant.no_test_months", Months;
        /// Whether units for exchange transfusion lack what the mother's antibodies hit.
        EXCHANGE_LACKS_MATERNAL_TARGETS = "exchange.lacks_maternal_targets", Flag;
        /// The unit for exchange transfusion.
        EXCHANGE_UNIT = "exchange.unit", Choice(codes::EXCHANGE_UNIT);
        /// Red cells for infants and for exchange transfusion are at most this old.
        INFANT_RED_CELLS_FRESH_DAYS = "infant.red_cells_fresh_days", Days;
    }
    Testing {
        /// Which components need no BAS test; every other one does.
        BAS_NOT_REQUIRED_FOR = "bas.not_required_for", List(codes::COMPONENTS);
        /// How long a BAS test holds.
        BAS_VALIDITY_DAYS = "bas.validity_days", Days;
        /// Whether the sampling day is the first of these days.
        BAS_COUNTS_SAMPLING_DAY = "bas.counts_sampling_day", Flag;
        /// How old a sample may be at the BAS test.
        BAS_SAMPLE_AGE_DAYS = "bas.sample_age_days", Days;
        /// How long a crossmatch (MG test) holds.
        MG_VALIDITY_DAYS = "mg.validity_days", Days;
        /// How long crossmatched units stay reserved.
        MG_RESERVED_DAYS = "mg.reserved_days", Days;
        /// Whether a crossmatch is read by two persons.
        MG_SECOND_PERSON = "mg.second_person", Flag;
        /// On how many separate occasions a recipient's group is sampled.
        GROUP_SAMPLE_OCCASIONS = "group_sample.occasions", Count(&["occasions"]);
        /// How old a group sample may be.
        GROUP_SAMPLE_AGE_DAYS = "group_sample.age_days", Days;
        /// When both samples may be taken on one occasion.
        GROUP_SAMPLE_SAME_OCCASION = "group_sample.same_occasion", Choice(codes::SAME_OCCASION);
        /// Whether a group from another region is determined again.
        REGROUP_OTHER_REGION = "regroup.other_region", Flag;
        /// How soon another region answers about one patient.
        DISCLOSURE_ANSWER_HOURS = "disclosure.answer_hours", Hours;
        /// How soon another region answers about one patient in an emergency.
        DISCLOSURE_EMERGENCY_MINUTES = "disclosure.emergency_minutes", Minutes;
    }
    Donors {
        /// Whether every donation is tested by NAT.
        NAT_IN_USE = "nat.in_use", Flag;
        /// What a donor must have and know.
        DONOR_IDENTITY = "donor.identity", List(codes::IDENTITY);
        /// Youngest donor.
        DONOR_AGE_MINIMUM = "donor.age.minimum", Years;
        /// First-time donors within this age need no physician's assessment.
        DONOR_AGE_FIRST_WITHOUT_PHYSICIAN = "donor.age.first_without_physician", Age;
        /// Whether returning donors need a physician's assessment by age.
        DONOR_AGE_RETURNING_NEEDS_PHYSICIAN = "donor.age.returning_needs_physician", Flag;
        /// Donors within this age need no yearly permission.
        DONOR_AGE_WITHOUT_ANNUAL_PERMISSION = "donor.age.without_annual_permission", Age;
        /// Lightest donor of a full donation.
        DONOR_WEIGHT_MINIMUM = "donor.weight.minimum", Kilograms;
        /// Largest volume of a donation, samples included.
        DONOR_VOLUME_MAXIMUM = "donor.volume.maximum", Millilitres;
        /// Women's haemoglobin before donation, at least.
        DONOR_HB_FEMALE = "donor.hb.female", GramsPerLitre;
        /// Men's haemoglobin before donation, at least.
        DONOR_HB_MALE = "donor.hb.male", GramsPerLitre;
        /// So much lower if the sample is taken after the donation.
        DONOR_HB_LOWER_AFTER_DONATION = "donor.hb.lower_after_donation", GramsPerLitre;
        /// Platelets before platelet apheresis, at least.
        DONOR_PLATELETS_MINIMUM = "donor.platelets.minimum", Count(&["10^9/L"]);
        /// Total protein before plasmapheresis, at least.
        DONOR_PROTEIN_MINIMUM = "donor.protein.minimum", GramsPerLitre;
        /// Whole-blood donations a year, at most.
        DONOR_WHOLE_BLOOD_PER_YEAR = "donor.whole_blood.per_year", Count(&["donations"]);
        /// Women's shortest interval between whole-blood donations.
        DONOR_WHOLE_BLOOD_INTERVAL_FEMALE_DAYS = "donor.whole_blood.interval_female_days", Days;
        /// Men's shortest interval between whole-blood donations.
        DONOR_WHOLE_BLOOD_INTERVAL_MALE_DAYS = "donor.whole_blood.interval_male_days", Days;
        /// Shortest interval between platelet donations.
        DONOR_PLATELETS_INTERVAL_DAYS = "donor.platelets.interval_days", Days;
        /// Shortest interval between plasma donations.
        DONOR_PLASMA_INTERVAL_DAYS = "donor.plasma.interval_days", Days;
        /// Deferral after delivery.
        DONOR_PREGNANCY_MONTHS_AFTER = "donor.pregnancy.months_after", Months;
        /// Deferral after abortion: as long as the pregnancy, and at least this.
        DONOR_ABORTION_WEEKS_MINIMUM = "donor.abortion.weeks_minimum", Count(&["weeks"]);
        /// Deferral after sexual risk.
        DONOR_SEXUAL_RISK_MONTHS = "donor.sexual_risk.months", Months;
        /// Deferral after a new partner, the same for all donors.
        DONOR_NEW_PARTNER_MONTHS = "donor.new_partner.months", Months;
        /// Whether men who have sex with men have a rule of their own.
        DONOR_MSM_SEPARATE_RULE = "donor.msm.separate_rule", Flag;
        /// Deferral after tattoo, piercing or cosmetic treatment.
        DONOR_TATTOO_MONTHS = "donor.tattoo.months", Months;
        /// Deferral after travel, malaria apart.
        DONOR_TRAVEL_DAYS = "donor.travel.days", Days;
        /// Deferral after a visit to a malaria area.
        DONOR_MALARIA_MONTHS = "donor.malaria.months", Months;
        /// Deferral after a visit to a Zika area.
        DONOR_ZIKA_DAYS = "donor.zika.days", Days;
        /// Infections that exclude for good.
        DONOR_PERMANENT_EXCLUSION = "donor.permanent_exclusion", List(codes::EXCLUSION);
        /// A donor who was spoken to is not called again within this time.
        DONOR_CALL_INTERVAL_DAYS = "donor.call_interval_days", Days;
    }
    DonorTests {
        /// What every donation is tested for.
        TESTS_EACH_DONATION = "tests.each_donation", List(codes::TESTS);
        /// What new donors are tested for besides.
        TESTS_NEW_DONOR = "tests.new_donor", List(codes::TESTS);
        /// After so many years without donation a donor is tested as a new one.
        TESTS_NEW_DONOR_AGAIN_YEARS = "tests.new_donor_again_years", Years;
        /// A donor's group counts from so many determinations on, over all donations.
        TESTS_GROUP_DETERMINATIONS = "tests.group_determinations", Count(&["determinations"]);
        /// Whether results typed by hand wait for a second person.
        TESTS_TYPED_BY_TWO = "tests.typed_by_two", Flag;
    }
    Supply {
        /// Whether platelet pools are pathogen-reduced.
        PLATELETS_POOLS_PATHOGEN_REDUCED = "platelets.pools_pathogen_reduced", Flag;
        /// Whether frozen platelets are made.
        PLATELETS_FROZEN_IN_USE = "platelets_frozen.in_use", Choice(codes::IN_USE);
        /// Whether whole blood is given before hospital.
        WHOLE_BLOOD_PREHOSPITAL = "whole_blood.prehospital", Choice(codes::IN_USE);
        /// Which special units are ordered from Lund.
        SPECIAL_UNITS_FROM_LUND = "special_units.from_lund", List(codes::SPECIAL_UNITS);
        /// Whether the region supplies the others with special units.
        SPECIAL_UNITS_SUPPLIER = "special_units.supplier", Flag;
        /// Whether a withdrawal is closed by two persons.
        WITHDRAWAL_TWO_PERSONS = "withdrawal.two_persons", Flag;
    }
    MinimumStock {
        /// Minimum stock of red cells, O RhD pos.
        MINIMUM_STOCK_RED_CELLS_O_POS = "minimum_stock.red_cells.o_pos", Count(&["units"]);
        /// Minimum stock of red cells, O RhD neg.
        MINIMUM_STOCK_RED_CELLS_O_NEG = "minimum_stock.red_cells.o_neg", Count(&["units"]);
        /// Minimum stock of red cells, A RhD pos.
        MINIMUM_STOCK_RED_CELLS_A_POS = "minimum_stock.red_cells.a_pos", Count(&["units"]);
        /// Minimum stock of red cells, A RhD neg.
        MINIMUM_STOCK_RED_CELLS_A_NEG = "minimum_stock.red_cells.a_neg", Count(&["units"]);
        /// Minimum stock of red cells, B RhD pos.
        MINIMUM_STOCK_RED_CELLS_B_POS = "minimum_stock.red_cells.b_pos", Count(&["units"]);
        /// Minimum stock of red cells, B RhD neg.
        MINIMUM_STOCK_RED_CELLS_B_NEG = "minimum_stock.red_cells.b_neg", Count(&["units"]);
        /// Minimum stock of red cells, AB RhD pos.
        MINIMUM_STOCK_RED_CELLS_AB_POS = "minimum_stock.red_cells.ab_pos", Count(&["units"]);
        /// Minimum stock of red cells, AB RhD neg.
        MINIMUM_STOCK_RED_CELLS_AB_NEG = "minimum_stock.red_cells.ab_neg", Count(&["units"]);
        /// Minimum stock of platelets, all groups.
        MINIMUM_STOCK_PLATELETS = "minimum_stock.platelets", Count(&["units"]);
        /// Minimum stock of plasma, all groups.
        MINIMUM_STOCK_PLASMA = "minimum_stock.plasma", Count(&["units"]);
        /// A unit whose date is at most so many days away counts as expiring.
        EXPIRING_DAYS = "expiring.days", Days;
    }
    AlarmClock {
        /// Without an answer, the next way to the same person is tried after this time.
        ALARM_NEXT_WAY_SECONDS = "alarm.next_way_seconds", Count(&["s"]);
        /// Without an answer, the deputy is woken beside the first after this time.
        ALARM_DEPUTY_SECONDS = "alarm.deputy_seconds", Count(&["s"]);
        /// Without an answer, the recipient's switchboard is woken after this time.
        ALARM_SWITCHBOARD_SECONDS = "alarm.switchboard_seconds", Count(&["s"]);
        /// Without an answer, a person telephones after this time.
        ALARM_BY_HAND_SECONDS = "alarm.by_hand_seconds", Count(&["s"]);
        /// The same way is tried again this often as long as nobody answers.
        ALARM_AGAIN_SECONDS = "alarm.again_seconds", Count(&["s"]);
        /// A way that failed is tried again after this time.
        ALARM_RETRY_SECONDS = "alarm.retry_seconds", Count(&["s"]);
        /// A blood centre says what it has within this time.
        ALARM_STOCK_SECONDS = "alarm.stock_seconds", Count(&["s"]);
        /// Transports are promised, or missing with a reason, within this time.
        ALARM_PLEDGE_SECONDS = "alarm.pledge_seconds", Count(&["s"]);
        /// The first situation report is there within this time.
        ALARM_REPORT_SECONDS = "alarm.report_seconds", Count(&["s"]);
    }
    CasualtyBlood {
        /// Share of all casualties who are admitted, where nobody has counted them by class.
        CASUALTY_BLOOD_ADMITTED_PERMILLE = "casualty_blood.admitted_permille", Count(&["permille"]);
        /// Share of the delayed (P3) who are admitted.
        CASUALTY_BLOOD_P3_ADMITTED_PERMILLE =
            "casualty_blood.p3_admitted_permille", Count(&["permille"]);
        /// Red cells for 100 admitted, the lower end.
        CASUALTY_BLOOD_LOW_RED_CELLS = "casualty_blood.low.red_cells", Count(&["per100"]);
        /// Plasma for 100 admitted, the lower end.
        CASUALTY_BLOOD_LOW_PLASMA = "casualty_blood.low.plasma", Count(&["per100"]);
        /// Platelets for 100 admitted, the lower end.
        CASUALTY_BLOOD_LOW_PLATELETS = "casualty_blood.low.platelets", Count(&["per100"]);
        /// Red cells for 100 admitted, to plan by.
        CASUALTY_BLOOD_PLAN_RED_CELLS = "casualty_blood.plan.red_cells", Count(&["per100"]);
        /// Plasma for 100 admitted, to plan by.
        CASUALTY_BLOOD_PLAN_PLASMA = "casualty_blood.plan.plasma", Count(&["per100"]);
        /// Platelets for 100 admitted, to plan by.
        CASUALTY_BLOOD_PLAN_PLATELETS = "casualty_blood.plan.platelets", Count(&["per100"]);
        /// Red cells for 100 admitted, the upper end.
        CASUALTY_BLOOD_HIGH_RED_CELLS = "casualty_blood.high.red_cells", Count(&["per100"]);
        /// Plasma for 100 admitted, the upper end.
        CASUALTY_BLOOD_HIGH_PLASMA = "casualty_blood.high.plasma", Count(&["per100"]);
        /// Platelets for 100 admitted, the upper end.
        CASUALTY_BLOOD_HIGH_PLATELETS = "casualty_blood.high.platelets", Count(&["per100"]);
        /// Red cells for one massive transfusion.
        CASUALTY_BLOOD_MASSIVE_RED_CELLS = "casualty_blood.massive.red_cells", Count(&["units"]);
        /// Plasma for one massive transfusion.
        CASUALTY_BLOOD_MASSIVE_PLASMA = "casualty_blood.massive.plasma", Count(&["units"]);
        /// Platelets for one massive transfusion.
        CASUALTY_BLOOD_MASSIVE_PLATELETS = "casualty_blood.massive.platelets", Count(&["units"]);
        /// Share of casualties with massive transfusion, the lower end.
        CASUALTY_BLOOD_MASSIVE_LOW_PERMILLE =
            "casualty_blood.massive.low_permille", Count(&["permille"]);
        /// Share of casualties with massive transfusion, the upper end.
        CASUALTY_BLOOD_MASSIVE_HIGH_PERMILLE =
            "casualty_blood.massive.high_permille", Count(&["permille"]);
        /// So many times more is ordered than used, the lower end.
        CASUALTY_BLOOD_ORDERS_LOW_TENTHS = "casualty_blood.orders.low_tenths", Count(&["tenths"]);
        /// So many times more is ordered than used, the upper end.
        CASUALTY_BLOOD_ORDERS_HIGH_TENTHS = "casualty_blood.orders.high_tenths", Count(&["tenths"]);
        /// Share of the red cells that is group O.
        CASUALTY_BLOOD_GROUP_O_PERMILLE = "casualty_blood.group_o_permille", Count(&["permille"]);
        /// Share of the group O that is RhD negative where age and sex decide.
        CASUALTY_BLOOD_O_NEG_BY_AGE_PERMILLE =
            "casualty_blood.o_neg_by_age_permille", Count(&["permille"]);
        /// How fast blood is used after an explosion or in a city, per hour.
        CASUALTY_BLOOD_CURVE_BLAST = "casualty_blood.curve.blast", Count(&["e5"]);
        /// How fast blood is used in between, per hour.
        CASUALTY_BLOOD_CURVE_MIDDLE = "casualty_blood.curve.middle", Count(&["e5"]);
        /// How fast blood is used where there are several scenes, per hour.
        CASUALTY_BLOOD_CURVE_MULTI_SITE = "casualty_blood.curve.multi_site", Count(&["e5"]);
    }
    MassCasualty {
        /// The immediate (P1) who wait, in per cent of the places ready for them, speak for it
        /// from.
        INDICATOR_P1_WAITING_PERCENT = "indicator.p1_waiting_percent", Count(&["percent"]);
        /// So many hours of an emergency place for one seriously injured (places divided by this
        /// is what can be received in an hour).
        INDICATOR_EMERGENCY_HOURS_TENTHS = "indicator.emergency_hours_tenths", Count(&["tenths"]);
        /// Time to receive all immediate (P1) speaks for it from.
        INDICATOR_CLEAR_P1_MINUTES = "indicator.clear_p1_minutes", Minutes;
        /// Fewer free operating theatres than this speak for it.
        INDICATOR_THEATRE_LEAST = "indicator.theatre_least", Count(&["places"]);
        /// Share of the immediate (P1) who need intensive care; fewer free places speak for it.
        INDICATOR_INTENSIVE_CARE_PERMILLE =
            "indicator.intensive_care_permille", Count(&["permille"]);
        /// Blood that lasts fewer hours than this speaks for it.
        INDICATOR_BLOOD_HOURS = "indicator.blood_hours", Hours;
        /// Seriously injured whom one transport carries within the first hour; fewer transports
        /// speak for it.
        INDICATOR_TRANSPORT_PATIENTS = "indicator.transport_patients", Count(&["patients"]);
        /// How many decide on triage by the rules of mass casualties.
        MEASURE_TRIAGE_DECIDERS = "measure.triage_deciders", Count(&["persons"]);
        /// How many decide on rationing.
        MEASURE_RATIONING_DECIDERS = "measure.rationing_deciders", Count(&["persons"]);
        /// Which parameters of survival are approved for proposals of where casualties go.
        DISTRIBUTION_SURVIVAL_PARAMETERS =
            "distribution.survival_parameters", Choice(codes::SURVIVAL);
    }
}
