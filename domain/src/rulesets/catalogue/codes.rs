//! The codes that choices and lists are made of.

/// Platelet ABO policies.
pub const PLATELETS_ABO: &[&str] = &["as_red_cells", "any_low_titre", "any"];
/// Whole-blood ABO policies.
pub const WHOLE_BLOOD_ABO: &[&str] = &["identical", "identical_or_low_titre_o"];
/// Plasma for a recipient of unknown group.
pub const PLASMA_UNKNOWN: &[&str] = &["ab", "ab_or_a_low_titre"];
/// Who decides on RhD-positive red cells for an RhD-negative recipient.
pub const D_POS_RED_CELLS: &[&str] = &["physician", "emergency_only", "never"];
/// For RhD-positive recipients: all units of the same ABO group first, or all RhD-positive first.
pub const PREFERENCE_RHD_POS: &[&str] = &["same_abo_first", "rhd_pos_first"];
/// Emergency red cells for an unknown group.
pub const EMERGENCY_RED_CELLS: &[&str] = &["o_neg", "o_neg_or_o_pos_by_age"];
/// What emergency red cells should be if possible; capital letters are written `big_`.
pub const EMERGENCY_PREFER: &[&str] = &["leukoreduced", "big_c_neg", "d_neg", "big_e_neg", "k_neg"];
/// Emergency plasma for an unknown group.
pub const EMERGENCY_PLASMA: &[&str] = &["ab", "ab_or_a_low_titre"];
/// Emergency platelets for an unknown group.
pub const EMERGENCY_PLATELETS: &[&str] = &["o", "as_red_cells", "any"];
/// Red cells for infants.
pub const INFANT_RED_CELLS: &[&str] = &["o", "o_neg"];
/// Plasma for infants.
pub const INFANT_PLASMA: &[&str] = &["ab"];
/// The unit for exchange transfusion.
pub const EXCHANGE_UNIT: &[&str] = &["o_k_neg_in_ab_plasma"];
/// Components.
pub const COMPONENTS: &[&str] = &["red_cells", "whole_blood", "platelets", "plasma"];
/// When both group samples may be taken on one occasion.
pub const SAME_OCCASION: &[&str] =
    &["never", "emergency_documented", "emergency_approved_by_physician"];
/// Who gets irradiated components.
pub const IRRADIATION: &[&str] = &[
    "severe_cellular_immunodeficiency",
    "purine_analogues",
    "allogeneic_hsct",
    "autologous_hsct",
    "hla_matched_platelets",
    "relatives_donation",
    "low_birth_weight",
    "intrauterine_transfusion",
    "exchange_transfusion",
];
/// What a donor must have and know.
pub const IDENTITY: &[&str] = &["personal_number", "valid_id", "understands_swedish"];
/// Infections that exclude for good.
pub const EXCLUSION: &[&str] = &["hiv", "htlv", "hbv", "hcv"];
/// Tests of donations: the codes that test results are recorded by.
pub const TESTS: &[&str] =
    &["hiv-ag-ab", "hbsag", "anti-hcv", "syphilis", "nat", "anti-hbc", "htlv"];
/// Whether something is in use.
pub const IN_USE: &[&str] = &["no", "starting", "yes"];
/// Special units.
pub const SPECIAL_UNITS: &[&str] =
    &["irradiated", "washed", "frozen_thawed", "hla_matched", "exchange"];
/// Parameters of survival that a medical role can approve for distribution.
pub const SURVIVAL: &[&str] = &["none_approved", "mills_penetrating"];
