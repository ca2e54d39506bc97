//! Every way a command about donors can be refused.

use crate::kernel::refusals;

refusals! {
    /// Somebody with this number is registered already.
    REGISTERED = "donor.registered", "blood.md §7.1: one person, one donor record";
    /// The record is part of another one.
    IS_MERGED = "donor.merged", "blood.md §7.1: one person, one donor record";
    /// A record cannot be merged into itself.
    MERGE_ITSELF = "donor.merge_itself", "blood.md §7.1: one person, one donor record";
    /// Two records with different groups are not one person before a laboratory says so.
    MERGE_GROUPS = "donor.merge_groups",
        "blood.md §5.4: each donation's group is compared with history";
    /// The record was not merged.
    NOT_MERGED = "donor.not_merged", "issue 4: a merge can be taken back, once";
    /// The donor may not give today, or not on the day asked for.
    NOT_ELIGIBLE = "donor.not_eligible",
        "blood.md §5.2: the region's rules on donors; each reason names its own";
    /// Something cannot have happened tomorrow.
    DAY_AHEAD = "donor.day_ahead", "design §2: a report tells what has happened";
    /// The answer does not fit the question.
    ANSWER_FORM = "donor.answer_form", "blood.md §5.2: what each rule needs to know";
    /// The deferral has ended already.
    DEFERRAL_ENDED = "donor.deferral_ended", "design §5: nothing leaves an end state";
    /// The day lies behind.
    DAY_PAST = "donor.day_past", "design §2: what is to hold ends in time to come";
    /// It would hold for longer than allowed.
    TOO_LONG = "donor.too_long",
        "SOSFS 2009:28 annex 4: a permission by age is given for a year at a time";
    /// No rule leaves this to a physician.
    NOT_FOR_PHYSICIAN = "donor.not_for_physician",
        "issue 4: a physician decides where a rule says so; there is no override";
    /// A session needs a time to come, room for somebody, and something to give.
    SESSION_FORM = "donor.session_form", "issue 4: capacity per session";
    /// The session was called off or is over.
    SESSION_CLOSED = "donor.session_closed", "issue 4: appointments stand in open sessions";
    /// Every place is taken.
    SESSION_FULL = "donor.session_full", "issue 4: capacity per session";
    /// The time lies outside the session.
    OUTSIDE_SESSION = "donor.outside_session", "issue 4: appointments stand in open sessions";
    /// The session does not offer this.
    KIND_NOT_OFFERED = "donor.kind_not_offered", "issue 4: appointments stand in open sessions";
    /// The donor has an appointment to come.
    BOOKED = "donor.booked", "issue 4: one appointment at a time";
    /// The appointment is over.
    SETTLED = "donor.appointment_settled", "design §5: nothing leaves an end state";
    /// A list holds some, and not everybody.
    LIST_SIZE = "donor.list_size", "issue 4: a list that somebody can work through";
    /// Nobody fits.
    NOBODY = "donor.nobody_to_call", "issue 4: nobody is called twice within a set time";
    /// What can be given must be said.
    KINDS_NEEDED = "donor.kinds_needed", "mission A50: a donor gives what they are approved for";
    /// A type is written as laboratories write it.
    TYPE_FORM = "donor.type_form", "issue 4: typed donors can be found";
    /// No such pass is known, or it is none.
    PASS_UNKNOWN = "donor.pass_unknown",
        "blood.md §5.3: a guest comes with the home region's word";
    /// Demo, exercise and reality do not mix.
    PASS_MODES = "donor.pass_modes", "design §5: a reference across modes is refused";
    /// The code is not that of the pass.
    PASS_CODE = "donor.pass_code", "blood.md §5.3: a guest comes with the home region's word";
    /// The pass holds no longer.
    PASS_ENDED = "donor.pass_ended", "blood.md §5.3: both regions' rules hold for a guest";
    /// Somebody is registered with this pass.
    PASS_USED = "donor.pass_used", "issue 4: one pass, one guest";
    /// The pass was taken back already.
    PASS_REVOKED = "donor.pass_revoked", "design §5: nothing leaves an end state";
    /// Only a guest's pass can be renewed, and only by the same home region.
    NOT_GUEST = "donor.not_guest", "issue 4: one pass, one guest";
}
