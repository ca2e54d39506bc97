//! The ways a command about blood can be refused.

use crate::kernel::refusals;

refusals! {
    /// The site's record is another system's.
    RECORD_ELSEWHERE = "stock.record_elsewhere",
        "design §9: no bag is promised twice; a site says which record rules";
    /// The site's record is kept here, so nobody else counts it.
    RECORD_HERE = "stock.record_here",
        "design §9: no bag is promised twice; a site says which record rules";
    /// The site is not open.
    SITE_CLOSED = "stock.site_closed", "kernel: a site takes nothing outside its validity";
    /// The unit is not in the region's live stock.
    UNIT_UNKNOWN = "stock.unit_unknown",
        "ISBT 128 ST-001: donation number, product code and division name a unit";
    /// The unit is in the record already.
    UNIT_KNOWN = "stock.unit_known",
        "ISBT 128 ST-001: a donation number is unique for 100 years";
    /// One unit twice in one list.
    TWICE = "stock.listed_twice", "ISBT 128 ST-001: one unit, one identity";
    /// No unit, or too many at a time.
    HOW_MANY = "stock.how_many", "design §5: one record stays readable";
    /// No code table is in force.
    NO_CODES = "stock.no_code_table", "ISBT 128: product codes are read by a licensed table";
    /// The product code is not in the region's table, or not valid today.
    CODE_UNKNOWN = "stock.product_code_unknown",
        "ISBT 128: a code that is not in the table is never guessed";
    /// The code table is the one in force, or is not valid today.
    CODES_OUTDATED = "stock.code_table_outdated",
        "ISBT 128: a table is used within its validity";
    /// The table gives a code another meaning than it had.
    CODE_REASSIGNED = "stock.code_reassigned",
        "ISBT 128 ST-001 §2.4.3: a code, once assigned, is never reassigned";
    /// The unit is past its expiry.
    EXPIRED = "stock.expired", "Directive 2004/33/EC annex IV: nothing is used past its expiry";
    /// The expiry lies further ahead than the product's shelf life allows.
    EXPIRY_BEYOND = "stock.expiry_beyond_shelf_life",
        "the region's rule set: shelf life of the product";
    /// Only a unit of known group is free to use.
    GROUP_UNKNOWN = "stock.group_unknown", "design §2: unknown is never a candidate";
    /// The unit's status does not allow it.
    STATUS = "stock.status", "design §2: a unit is where its record says, in one status";
    /// What is only there to make something else of is never given to anybody.
    INTERMEDIATE = "stock.intermediate", "blood.md §3: platelets are made of buffy coats";
    /// A reservation must lie ahead.
    LAPSED = "stock.reservation_lapsed", "the region's rule set: reservations lapse by the clock";
    /// Nobody asks for no unit, or for fewer than they can do with.
    PICK_COUNT = "stock.pick_count", "issue 4: reserve so many of the best, and at least so many";
    /// Nothing that fits lies free at the site.
    NONE_FREE = "stock.none_free", "design §2: a unit is set aside for one purpose at a time";
    /// Less lies free than somebody can do with.
    TOO_FEW = "stock.too_few", "issue 4: reserve so many of the best, and at least so many";
    /// A test that the rules ask for is not there.
    TEST_MISSING = "stock.test_missing",
        "the region's rule set: tests of each donation; SOSFS 2009:28";
    /// A test was not negative, whether the rules ask for it or not.
    TEST_NOT_NEGATIVE = "stock.test_not_negative",
        "the region's rule set: tests of each donation; SOSFS 2009:28";
    /// One test with two results in one list.
    TEST_TWICE = "stock.test_listed_twice", "design §2: a test said one thing";
    /// Attributes of which only one can be true.
    ATTRIBUTES = "stock.attributes_contradict",
        "blood.md §2: a titre is low or high; unknown is never a candidate";
    /// Whoever put a unit's facts right does not release it.
    SECOND_PERSON = "stock.second_person", "SOSFS 2009:28: facts are put right by two persons";
    /// Nothing changes.
    SAME = "stock.nothing_changes", "design §2: a correction says what was wrong";
    /// Reported as of a time that has not come.
    AHEAD = "stock.ahead_of_time", "design §2: a report speaks of what was";
    /// Older than what is known.
    OLDER = "stock.older_report", "design §2: the latest report counts";
    /// A report with the same row twice, or that contradicts itself.
    ROWS = "stock.external_rows", "design §9: a figure from another system is shown as it is";
    /// Demand that cannot be.
    DEMAND = "stock.demand_range", "blood.md §6: a region uses fewer than a thousand units a day";
    /// A shipment goes from one place to another.
    WAY = "shipment.way", "design §5: dispatch names sender and receiver";
    /// All units of a shipment come from the sending site.
    OTHER_SITE = "shipment.other_site", "design §5: dispatch locks what the sender holds";
    /// The dispatch is not known here.
    DISPATCH_UNKNOWN = "shipment.dispatch_unknown",
        "design §2: another region's event acts only through my own that names it by hash";
    /// It was sent to somebody else.
    NOT_RECEIVER = "shipment.not_receiver",
        "design §5: only the receiver's signed outcome per unit releases it";
    /// The unit was not in that dispatch, or was received already.
    NOT_SENT = "shipment.not_sent",
        "design §5: only the receiver's signed outcome per unit releases it";
    /// A receipt that says nothing.
    NOTHING_SAID = "shipment.nothing_said", "design §5: a receipt has an outcome per unit";
    /// Real, exercise and demo do not mix.
    MODES = "shipment.across_modes", "design §5: a reference across modes is refused";
    /// How it is packed does not agree with what is sent.
    PACKING = "shipment.packing",
        "ISBT 128 ST-001 data structure 028: every box has a number, every unit a box";
    /// When it is to leave or arrive cannot be.
    LEAVES = "shipment.leaves", "design §5: a dispatch names when it leaves and when it is there";
    /// The receiver speaks of a box that was not sent.
    BOX_UNKNOWN = "shipment.box_unknown",
        "design §5: only the receiver's signed outcome per unit releases it";
    /// Something of a box that did not come is said to have come.
    BOX_MISSING = "shipment.box_missing", "design §5: a receipt does not contradict itself";
    /// The dispatch was called off.
    CALLED_OFF = "shipment.called_off",
        "design §5: what was called off and noted is the sender's again";
    /// It was called off before.
    CALLED_OFF_ALREADY = "shipment.called_off_already", "design §5: a dispatch is called off once";
    /// What is not late and not said to be missing is not lost.
    NOT_LATE = "shipment.not_late", "issue 4: a box is lost after it was missed and searched for";
    /// A call that is not known.
    CALL_UNKNOWN = "supply.call_unknown",
        "design §2: another region's event acts only through my own that names it by hash";
    /// A call that cannot be.
    GOODS = "supply.goods", "issue 4: a call names component, number, place and time";
    /// Its time is over, or it was taken back.
    CALL_OVER = "supply.over", "issue 4: a call holds until its time";
    /// It went to somebody else.
    NOT_ASKED = "supply.not_asked", "design §2: a region answers what it was asked";
    /// An answer that does not fit its call.
    ANSWER = "supply.answer", "issue 4: all, some with a reason, or none with a reason";
    /// The dispatch is not what was agreed.
    NOT_AGREED = "supply.not_agreed", "issue 4: a dispatch that cites a call is what was agreed";
    /// More than was agreed.
    TOO_MANY = "supply.too_many", "issue 4: a dispatch that cites a call is what was agreed";
    /// A line of a timetable that cannot be.
    LEG = "supply.leg", "blood.md §1.9: a leg has days, a departure, a cut-off and a duration";
    /// A line that is not in the timetable.
    LEG_UNKNOWN = "supply.leg_unknown", "blood.md §1.9: a region states its own legs";
    /// What the clock was thought to make due is not due.
    NOT_DUE = "stock.not_due", "design §5: what is due is safe to repeat";
    /// A telephone number that cannot be one.
    PHONE = "stock.phone", "demo: who is on duty at each blood centre, with phone";
}
