//! CAP 1.2: every kind of fault is found and placed, everything that can be said survives being
//! written and read, nothing makes the reader fall. HAVE and MeasureReport: unknown stays unknown.

mod capacity;
mod documents;
mod faults;
mod hostile;
mod oracle;
mod pointers;
mod round_trip;
mod strategies;
mod values;
