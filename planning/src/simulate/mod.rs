//! Regions, donors, stock and patients in simulated time: joint or alone.
