//! What a figure is.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kernel::model::plain_enum;
use crate::words::{ActorId, Digest, Known, Period, RecordRef, Time};

plain_enum! {
    /// What is counted.
    Measure {
        /// Inhabitants at the end of the period.
        Population = "population",
        /// Inhabitants aged 18–64: the denominator of the national 5 % goal.
        Population1864 = "population_18_64",
        /// Registered donors who donated in the last 12 months, of any age (mission A44).
        ActiveDonors = "active_donors",
        /// Whole-blood donations in the period.
        WholeBloodDonations = "whole_blood_donations",
        /// What this region's university care takes of all red cells used in the sjukvårdsregion,
        /// in thousandths (mission A23).
        UniversityRedCells = "university_red_cells_permille",
        /// The same of platelets.
        UniversityPlatelets = "university_platelets_permille",
    }
}

impl Measure {
    /// The measures of the donor table, which every region states.
    pub const DONOR_TABLE: [Self; 4] =
        [Self::Population, Self::Population1864, Self::ActiveDonors, Self::WholeBloodDonations];

    /// Whether it is a share in thousandths rather than a count.
    #[must_use]
    pub const fn is_permille(self) -> bool {
        matches!(self, Self::UniversityRedCells | Self::UniversityPlatelets)
    }
}

/// Where figures come from: a document or a register, as a person would cite it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Title as cited, e.g. `Projektrapport Transfusionsmedicin, version 1.0`.
    pub title: String,
    /// When the source was published, as far as it says.
    pub published: Known<Period>,
    /// The file the figures were read from; none for figures typed in.
    pub file: Option<FileRef>,
    /// The source's own warnings about how to read its figures.
    pub warnings: Vec<Warning>,
}

/// The file that figures were read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// Name.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
}

/// A warning that a source attaches to a measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Which measure; none means the whole source.
    pub measure: Option<Measure>,
    /// Stable code with a text in the message catalogue, or `other`.
    pub code: String,
    /// The warning in the source's language.
    pub text: String,
}

/// One figure of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureRow {
    /// What.
    pub measure: Measure,
    /// For when.
    pub period: Period,
    /// How many; `unknown` if the source leaves it open.
    pub value: Known<u64>,
    /// Row in the file, from 1, header included; none for figures typed in.
    pub row: Option<u32>,
    /// Column heading in the file.
    pub column: Option<String>,
}

/// Where a figure in force comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Source; the figures of one report share it.
    pub source: Arc<Source>,
    /// Row in the file.
    pub row: Option<u32>,
    /// Column heading in the file.
    pub column: Option<String>,
    /// When it was recorded here.
    pub recorded: Time,
    /// Who recorded it.
    pub by: ActorId,
    /// The record.
    pub at: RecordRef,
    /// Why it replaced an earlier figure, if it is a correction.
    pub correction: Option<String>,
}

/// A figure in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// How many.
    pub value: Known<u64>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// How many earlier figures it replaced.
    pub replaced: u32,
}
