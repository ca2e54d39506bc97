//! Demand to come, per site, component and group, always as quantiles.
