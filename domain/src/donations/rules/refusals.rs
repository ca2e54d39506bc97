//! The ways a command about donations can be refused, and what a donation can lack.

use crate::kernel::refusals;

refusals! {
    /// The donation's number was used before.
    NUMBER_USED = "donation.number_used", "ISBT 128 ST-001 §2.2: a number is unique for 100 years";
    /// Reported as of a time that has not come.
    AHEAD = "donation.ahead_of_time", "design §2: a report speaks of what was";
    /// Numbers that are no range of one facility and year.
    RANGE = "donation.number_range", "ISBT 128 ST-001 §2.2: numbers run within facility and year";
    /// Numbers that another site has already.
    RANGE_TAKEN = "donation.number_range_taken",
        "ISBT 128 ST-001 §2.2: a number is unique for 100 years";
    /// A donation is held for a reason that nobody has looked into.
    FLAGGED = "donation.flagged",
        "design §2: what has happened is recorded, and its units are held";
    /// It is not held for that.
    NOT_FLAGGED = "donation.not_flagged", "design §2: a decision settles what is open";
    /// The bag has no label yet.
    UNLABELLED = "donation.unlabelled",
        "ISBT 128 ST-001: donation number, product code and division name a unit";
    /// The donation was called back.
    WITHDRAWN = "donation.withdrawn",
        "Directive 2005/61/EC; SOSFS 2009:28: what is called back is not used";
    /// Results wait for a second person.
    NOT_VERIFIED = "donation.results_not_verified",
        "the region's rule set: results typed by hand are checked by a second person";
    /// The group is not determined often enough, or not on this donation.
    GROUP_UNCONFIRMED = "donation.group_unconfirmed",
        "the region's rule set; SOSFS 2009:28: the group is determined on each donation";
    /// Two determinations of the group differ.
    GROUP_CONFLICT = "donation.group_conflict",
        "SOSFS 2009:28: each donation's group is held against the donor's history";
    /// Results that say nothing.
    NOTHING_SAID = "donation.nothing_said", "design §2: a report says something";
    /// One test with two results in one entry.
    TEST_TWICE = "donation.test_listed_twice", "design §2: a test said one thing";
    /// Results are not in the state that is needed.
    ENTRY_STATE = "donation.entry_settled", "design §2: a decision settles what is open";
    /// Whoever entered results does not verify them.
    SAME_PERSON = "donation.same_person", "SOSFS 2009:28: two persons, not one twice";
    /// The number or sort of what goes in does not fit what is done.
    INPUTS = "preparation.inputs", "blood.md §3: what each component is made of";
    /// The number or sort of what comes out does not fit what is done.
    OUTPUTS = "preparation.outputs", "blood.md §3: what each component is made of";
    /// A label says something of a unit that what is done to it does not make true.
    LABEL = "preparation.label", "ISBT 128: a product code says what was done to the unit";
    /// Units lie at another site.
    OTHER_SITE = "preparation.other_site", "design §2: a unit is where its record says";
    /// Children hold more than there was.
    VOLUME = "preparation.volume", "what comes out is not more than what went in";
    /// When the blood was collected is not known here.
    COLLECTION_UNKNOWN = "preparation.collection_unknown",
        "the region's rule set: shelf life counts from the collection";
    /// The divisions do not name parts of one unit.
    DIVISION = "preparation.division", "ISBT 128 ST-001 §2.4.3: A0, B0 … and Aa, Ab …";
    /// What is made of several donations needs a number of its own, and nothing else has one.
    NUMBER = "preparation.number",
        "ISBT 128: a pool has its own number from the facility that prepares it";
    /// Different ABO groups in one pool.
    MIXED = "preparation.mixed_groups", "blood.md §2: compatibility is judged by one ABO group";
    /// No titre was determined on this donation.
    TITRE_MISSING = "preparation.titre_missing",
        "the region's rule set: whole_blood.titre_max; unknown is never low";
    /// The titre is above the region's limit.
    TITRE_ABOVE = "preparation.titre_above", "the region's rule set: whole_blood.titre_max";
    /// The region does not make it.
    NOT_IN_USE = "preparation.not_in_use", "the region's rule set: what is in use";
}
