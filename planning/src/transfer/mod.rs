//! Who sends what to whom in the days to come, at least cost, and why.
