//! From a request to the end of every unit: the gate rule by rule, the way of a unit through a
//! region's record, and random histories in which nothing unfit reaches a patient.

mod afterwards;
mod best;
mod flow;
mod gate;
mod histories;
mod people;
mod reports;
