//! What is known of a patient, and what regions ask each other about one.

mod disclosure;
mod person;
mod results;

pub use disclosure::{
    Answer, Asked, Decline, Elsewhere, ElsewhereGroup, Ground, History, Outcome, Urgency,
};
pub use person::{
    Block, Ended, Identity, Indication, Linked, Mother, Need, Patient, Turn, TurnKind,
};
pub use results::{
    Capture, Determination, Finding, Purpose, Sample, SampleNumber, SampleNumberError, Screen,
    ScreenResult, SharedOccasion, Target, Verified,
};
