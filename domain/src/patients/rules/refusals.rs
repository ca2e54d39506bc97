//! The ways a command about patients can be refused.

use crate::kernel::refusals;

refusals! {
    /// Somebody with this number is registered already.
    REGISTERED = "patient.registered", "SOSFS 2009:29: one person, one record of groups";
    /// Only a reserve number stands for somebody without a name.
    NAME = "patient.name_needed", "blood.md §2.3: personnummer, surname and first name";
    /// The date of birth and the number say different things.
    BORN = "patient.born_differs", "SKV 704: the number states the date of birth";
    /// The sex and the number say different things.
    SEX = "patient.sex_differs", "SKV 704: the number states the registered sex";
    /// A reserve number becomes a person by a link, after a check of identity.
    NUMBER_KIND = "patient.number_kind",
        "blood.md §2.3: a reserve number is linked after an identity check, never overwritten";
    /// Nothing changes.
    SAME = "patient.nothing_changes", "design §2: a correction says what was wrong";
    /// The tube's number is in the record.
    SAMPLE_KNOWN = "patient.sample_known", "SOSFS 2009:29: one tube, one number";
    /// No such sample of this person.
    SAMPLE_UNKNOWN = "patient.sample_unknown",
        "SOSFS 2009:29: a result belongs to a sample that somebody took";
    /// The identity check was not signed.
    UNSIGNED = "patient.sample_unsigned", "VASTM, NU: not signed, not analysed";
    /// It has not happened yet.
    AHEAD = "patient.in_future", "design §2: what is reported has happened";
    /// A result from before its sample was taken.
    BEFORE_SAMPLE = "patient.before_sample", "design §2: a sample is taken before it is analysed";
    /// Whoever typed a result does not verify it.
    SECOND_PERSON = "patient.second_person",
        "EIA EI-5: results come by interface or are verified by a second person";
    /// The second person read something else.
    DIFFERS = "patient.reads_differ",
        "EIA EI-5: results come by interface or are verified by a second person";
    /// There is nothing to verify.
    NO_VERIFY = "patient.nothing_to_verify",
        "EIA EI-5: results come by interface or are verified by a second person";
    /// There are no two groups to decide between.
    NO_CONFLICT = "patient.no_conflict", "EIA EI-6: a discrepancy is resolved by a decision";
    /// Nobody found this group.
    GROUP_NOT_FOUND = "patient.group_not_found",
        "EIA EI-6: a decision chooses among what was found, and a new sample finds more";
    /// Less than the region's rule asks for.
    TOO_SHORT = "patient.requirement_too_short", "the region's rule set: irradiation after a cause";
    /// It ended already.
    ENDED = "patient.requirement_ended", "design §2: what ended does not end again";
    /// The order of a transplant's turns.
    TURN = "patient.turn_order",
        "blood.md §2.3: a rejection and a settlement follow a transplant";
    /// The group after a transplant is not determined often enough.
    NOT_SETTLED = "patient.not_settled",
        "EIA EI-9: locked until a new group history is settled";
    /// Nobody is their own mother.
    OWN_MOTHER = "patient.own_mother", "blood.md §2.7: the mother's antibodies come with the order";
    /// Another mother was stated; why she is not is needed.
    MOTHER_STATED = "patient.mother_stated", "design §2: a correction says what was wrong";
    /// Only a reserve number is linked to a person, once.
    NOT_RESERVE = "patient.not_reserve",
        "blood.md §2.3: a reserve number stands for somebody whose identity is not established";
    /// It is not linked.
    NOT_LINKED = "patient.not_linked", "design §2: only what was linked is parted";
    /// Registered, decided and asked under the person, not under the reserve number.
    LINKED = "patient.linked", "blood.md §2.3: after the link the person's own number is used";
    /// A block stands, or none does.
    BLOCK = "patient.block", "PDL 2008:355 6 kap.; lag 2022:913: the patient may block";
    /// A region asks another one, not itself.
    ASK_SELF = "disclosure.own_region", "design §1: a region reads its own record";
    /// A reserve number says nothing in another region.
    ASK_RESERVE = "disclosure.reserve_number",
        "blood.md §8.4: a reserve number is one region's own; the duty laboratory is telephoned";
    /// A question about this patient to this region is open.
    ASKED = "disclosure.asked_already", "design §2: one question, one clock";
    /// The other region's record is not a question to this region.
    NOT_ASKED = "disclosure.not_asked", "INERA: by request, with ground and log; never a register";
    /// Who is meant cannot be read here yet.
    UNREADABLE = "disclosure.identity_unread", "design §1: who is meant is for the asked region alone";
    /// Whoever asked took it back.
    WITHDRAWN = "disclosure.withdrawn", "PDL 2008:355: what nobody needs any more is not told";
    /// It was answered or declined.
    REPLIED = "disclosure.replied", "design §2: one question, one answer";
    /// The person here is not the one asked about.
    OTHER_PERSON = "disclosure.other_person", "PDL 2008:355: another person's history is not told";
    /// There is a record of this person.
    PERSON_KNOWN = "disclosure.person_known",
        "INERA: that nothing is known is said only where nothing is known";
    /// The patient forbids it.
    BLOCKED = "disclosure.blocked", "PDL 2008:355 6 kap.; lag 2022:913: the patient may block";
    /// A block is broken only in an emergency.
    BLOCK_BREAK = "disclosure.block_break",
        "lag 2022:913: a block is broken only when life is in danger";
    /// The record is not an answer to this region.
    NO_ANSWER = "disclosure.no_answer", "INERA: by request, with ground and log";
}
