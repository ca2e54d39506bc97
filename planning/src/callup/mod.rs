//! Whom to invite, week by week: donors by stratum, with fairness between regions.
