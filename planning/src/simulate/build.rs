//! From a scenario as written to the world that is simulated.

use std::ops::RangeInclusive;

use samband_domain::blood::model::Group;
use samband_domain::blood::rules::compatible::{
    DPosRedCells, EmergencyRedCells, PlateletAbo, Policies, RhdPosOrder, Ruled,
};
use samband_domain::rulesets::{Age, key};

use super::document::{self as doc, Scenario, ScenarioError, Variant, wrong};
use super::draw::{Pick, Table};
use super::events;
use super::model::{
    CLASSES, COMPONENTS, Donors, GROUPS, Ladder, Leg, PLASMA, PLATELETS, PerLine, Product,
    RED_CELLS, Region, Site, Supply, UNKNOWN, WEEK, World,
};
use super::values::{Basis, Values};

/// Days of a year, for means.
const YEAR: f64 = 365.0;

/// The world of a scenario for a run of so many years.
///
/// # Errors
/// [`ScenarioError`] with the place of the value and what would be right.
pub fn build(
    scenario: &Scenario,
    variant: Option<&Variant>,
    years: u32,
) -> Result<World, ScenarioError> {
    check(scenario)?;
    let products = products(&scenario.components)?;
    let mut regions = Vec::new();
    let mut sites = Vec::new();
    for spec in &scenario.region {
        let region = regions.len();
        let (made, places) = region_of(scenario, spec, (region, sites.len()), &products)?;
        regions.push(made);
        sites.extend(places);
    }
    let use_per_day: Vec<PerLine<f64>> = regions.iter().map(|region| region.use_per_day).collect();
    let basis = Basis {
        horizon_days: scenario.components.all().map(|one| one.horizon_days.value),
        spread: scenario.demand.variance_to_mean.value,
        bucket_days: products.map(|product| product.bucket_days),
    };
    let demand_years =
        if scenario.demand.growth_per_year.value.abs() < 1e-12 { 1 } else { years.max(1) as usize };
    let events = match variant {
        Some(variant) => events::of(variant, &regions, &sites)?,
        None => Vec::new(),
    };
    Ok(World {
        legs: legs(scenario, &regions)?,
        supply: Supply::Donors(donors(scenario)?),
        demand: demand(scenario, demand_years),
        demand_years,
        values: Values::new(&use_per_day, &basis),
        events,
        warmup_days: scenario.run.warmup_days.value,
        price: scenario.transport.price.value,
        least_gain: scenario.transport.least_gain.value,
        products,
        regions,
        sites,
    })
}

fn check(scenario: &Scenario) -> Result<(), ScenarioError> {
    let in_range =
        |place: &str, value: f64, range: RangeInclusive<f64>| match range.contains(&value) {
            true => Ok(()),
            false => {
                let (low, high) = (range.start(), range.end());
                Err(wrong(place, format!("{value} is not between {low} and {high}")))
            }
        };
    let (donors, demand) = (&scenario.donors, &scenario.demand);
    for (place, value) in [
        ("donors.share_women", donors.share_women.value),
        ("donors.deferral", donors.deferral.value),
        ("demand.share_unknown", demand.share_unknown.value),
        ("donors.correction_per_week", donors.correction_per_week.value),
    ] {
        in_range(place, value, 0.0..=1.0)?;
    }
    in_range("donors.attendance", donors.attendance.value, 0.01..=1.0)?;
    in_range("donors.usable", donors.usable.value, 0.01..=1.0)?;
    in_range("donors.registered_per_active", donors.registered_per_active.value, 0.5..=5.0)?;
    in_range("donors.leaving_per_year", donors.leaving_per_year.value, 0.0..=0.9)?;
    in_range("demand.factor", demand.factor.value, 0.0..=10.0)?;
    in_range("demand.growth_per_year", demand.growth_per_year.value, -0.5..=0.5)?;
    in_range("demand.variance_to_mean", demand.variance_to_mean.value, 0.0..=20.0)?;
    in_range("transport.price", scenario.transport.price.value, 0.0..=1e7)?;
    for (place, days) in [
        ("donors.interval_days_men", donors.interval_days_men.value),
        ("donors.interval_days_women", donors.interval_days_women.value),
        ("donors.again_days", donors.again_days.value),
        ("donors.deferral_days", donors.deferral_days.value),
    ] {
        in_range(place, f64::from(days), 1.0..=240.0)?;
    }
    match scenario.region.len() {
        1..=64 => Ok(()),
        found => Err(wrong("region", format!("{found} regions: give 1 to 64"))),
    }
}

fn products(components: &doc::Components) -> Result<[Product; 3], ScenarioError> {
    let names = COMPONENTS.map(|component| component.as_str());
    let mut out = Vec::with_capacity(3);
    for (name, one) in names.into_iter().zip(components.all()) {
        let step = one.age_step_days.value.max(1);
        let life = one.life_days.value / step;
        let place = format!("components.{name}");
        if !(1..=60).contains(&life) {
            let what = format!("life_days / age_step_days is {life}: it must be 1 to 60");
            return Err(wrong(place, what));
        }
        if one.preparation_days.value >= one.life_days.value || one.preparation_days.value > 14 {
            return Err(wrong(place, "preparation_days must be below life_days and at most 14"));
        }
        out.push(Product {
            life,
            bucket_days: step,
            preparation_days: one.preparation_days.value,
            soon: one.back_to_centre_days.value / step,
            horizon_days: one.horizon_days.value.max(1e-9),
            shortage_cost: one.shortage_cost.value,
            outdate_cost: one.outdate_cost.value,
        });
    }
    out.try_into().map_err(|_| wrong("components", "three are needed"))
}

/// The region's rules, as far as this model asks for them.
fn policies(spec: &doc::Region) -> Result<Policies, ScenarioError> {
    let place = |field: &str| format!("region[{}].{field}", spec.id);
    let unknown = |field: &str, value: &str| {
        wrong(place(field), format!("“{value}” is not a choice of the blood area's rule"))
    };
    let mut out = Policies::none();
    let find = |value: &str| PlateletAbo::ALL.iter().find(|one| one.as_str() == value);
    let abo = find(&spec.platelets_abo.value)
        .ok_or_else(|| unknown("platelets_abo", &spec.platelets_abo.value))?;
    out.platelets_abo = Ruled::says(key::PLATELETS_ABO, *abo, &spec.platelets_abo.source);
    let find = |value: &str| EmergencyRedCells::ALL.iter().find(|one| one.as_str() == value);
    let cells = find(&spec.unknown_red_cells.value)
        .ok_or_else(|| unknown("unknown_red_cells", &spec.unknown_red_cells.value))?;
    let source = &spec.unknown_red_cells.source;
    out.emergency_red_cells = Ruled::says(key::EMERGENCY_RED_CELLS_UNKNOWN, *cells, source);
    let find = |value: &str| RhdPosOrder::ALL.iter().find(|one| one.as_str() == value);
    let order = find(&spec.rhd_pos_order.value)
        .ok_or_else(|| unknown("rhd_pos_order", &spec.rhd_pos_order.value))?;
    let source = &spec.rhd_pos_order.source;
    out.rhd_pos_order = Ruled::says(key::PREFERENCE_RHD_POS, *order, source);
    // D-positive red cells to a D-negative recipient are never a substitution here; platelets are,
    // for a grown man (blood.md §2.2).
    let never = DPosRedCells::Never;
    out.d_pos_red_cells = Ruled::says(key::D_POS_RED_CELLS_TO_D_NEG, never, "fixed");
    let (women, men) = (Age { years: 50, inclusive: false }, Age { years: 18, inclusive: false });
    out.d_pos_platelets_female = Ruled::says(key::D_POS_PLATELETS_FEMALE_AGE, women, "KRON");
    out.d_pos_platelets_male = Ruled::says(key::D_POS_PLATELETS_MALE_AGE, men, "KRON");
    out.emergency_o_neg_female =
        Ruled::says(key::EMERGENCY_RED_CELLS_O_NEG_FEMALE_AGE, women, "LBCC");
    out.emergency_o_neg_male = Ruled::says(key::EMERGENCY_RED_CELLS_O_NEG_MALE_AGE, men, "LBCC");
    Ok(out)
}

fn ladders(policies: &Policies) -> [[Ladder; CLASSES]; 3] {
    std::array::from_fn(|component| {
        std::array::from_fn(|class| Ladder::of(policies, component, class))
    })
}

/// Shares of the classes that ask for a component.
fn class_shares(demand: &doc::Demand, component: usize) -> [f64; CLASSES] {
    let unknown = if component == RED_CELLS { demand.share_unknown.value } else { 0.0 };
    let whole: f64 = demand.group_shares.value.iter().sum();
    std::array::from_fn(|class| match class {
        UNKNOWN => unknown,
        group => demand.group_shares.value[group] / whole * (1.0 - unknown),
    })
}

/// Shares of the groups from which the classes' need is planned.
fn planned(
    scenario: &Scenario,
    ladders: &[[Ladder; CLASSES]; 3],
    place: &str,
) -> Result<PerLine<f64>, ScenarioError> {
    let mut out = PerLine::default();
    for (component, document) in scenario.components.all().into_iter().enumerate() {
        let name = COMPONENTS[component].as_str();
        let mut held = [false; GROUPS];
        for text in &document.held_groups.value {
            let group: Group = text.parse().map_err(|error| {
                wrong(format!("components.{name}.held_groups"), format!("{error}"))
            })?;
            held[group.index()] = true;
        }
        let shares = class_shares(&scenario.demand, component);
        for (class, share) in shares.into_iter().enumerate().filter(|(_, share)| *share > 0.0) {
            let steps = ladders[component][class].steps();
            let first = steps.iter().find(|group| held[usize::from(**group)]);
            let first = first.ok_or_else(|| {
                let who = Group::ALL.get(class).map_or("an unknown group", |one| one.text());
                let what = format!("by its rules {who} can have no {name} of the groups held");
                wrong(place, what)
            })?;
            out[component][usize::from(*first)] += share;
        }
    }
    Ok(out)
}

/// A region's places, and what they use together.
fn sites_of(
    scenario: &Scenario,
    spec: &doc::Region,
    region: usize,
    shares: &PerLine<f64>,
) -> (Vec<Site>, PerLine<f64>) {
    let factor = scenario.demand.factor.value;
    let mut use_per_day = PerLine::default();
    let mut sites = Vec::new();
    for site in &spec.site {
        let mut target = PerLine::<u16>::default();
        for (component, document) in scenario.components.all().iter().enumerate() {
            let all = site.use_per_day.value[component] * factor;
            for (group, share) in shares[component].iter().enumerate() {
                let mean = all * share;
                use_per_day[component][group] += mean;
                if mean > 0.0 {
                    let least = f64::from(document.site_least.value);
                    let wanted = (document.site_days.value * mean).ceil().max(least);
                    target[component][group] = wanted.min(20_000.0) as u16;
                }
            }
        }
        let classes =
            std::array::from_fn(|component| Pick::new(&class_shares(&scenario.demand, component)));
        let (name, university) = (site.name.clone(), site.university);
        sites.push(Site { name, region, university, target, classes });
    }
    (sites, use_per_day)
}

fn region_of(
    scenario: &Scenario,
    spec: &doc::Region,
    (region, first): (usize, usize),
    products: &[Product; 3],
) -> Result<(Region, Vec<Site>), ScenarioError> {
    let place = format!("region[{}]", spec.id);
    if spec.site.is_empty() {
        return Err(wrong(place, "give at least one site; the first is the blood centre"));
    }
    let ladders = ladders(&policies(spec)?);
    let shares = planned(scenario, &ladders, &place)?;
    let (sites, use_per_day) = sites_of(scenario, spec, region, &shares);
    let components = scenario.components.all();
    let days = |component: usize, days: f64| {
        use_per_day[component].map(|mean: f64| (mean * days).ceil() as u32)
    };
    let sum = |component: usize, group: usize| -> u32 {
        sites.iter().map(|site| u32::from(site.target[component][group])).sum()
    };
    let platelet_target = platelet_targets(scenario, &use_per_day[PLATELETS], products);
    let mut target = PerLine::default();
    for group in 0..GROUPS {
        let wanted = (use_per_day[RED_CELLS][group] * spec.red_cell_days.value).ceil() as u32;
        target[RED_CELLS][group] = wanted.max(sum(RED_CELLS, group));
        target[PLATELETS][group] = platelet_target.iter().map(|day| day[group]).max().unwrap_or(0);
        target[PLASMA][group] = 2 * sum(PLASMA, group);
    }
    let made = Region {
        id: spec.id.clone(),
        name: spec.name.clone(),
        first,
        end: first + sites.len(),
        hub: first,
        floor: std::array::from_fn(|n| days(n, components[n].floor_days.value)),
        use_per_day,
        target,
        platelet_target,
        ladders,
    };
    Ok((made, sites))
}

/// What must be there on each weekday until the platelets made next are ready.
fn platelet_targets(
    scenario: &Scenario,
    means: &[f64; GROUPS],
    products: &[Product; 3],
) -> [[u32; GROUPS]; WEEK] {
    let factors = weekday_factors(&scenario.demand);
    let donors = &scenario.donors.weekday_shares.value;
    let whole: f64 = donors.iter().sum();
    // A day with less than a tenth of a week's donors makes no platelets to speak of.
    let makes = |day: usize| donors[day % WEEK] / whole >= 0.1;
    let safety = scenario.components.platelets.safety.as_ref().map_or(0.0, |safety| safety.value);
    let ready = products[PLATELETS].preparation_days as usize;
    std::array::from_fn(|today| {
        let next = (today + 1..=today + WEEK).find(|day| makes(*day)).unwrap_or(today + WEEK);
        let days = today..next + ready;
        let days: f64 = days.map(|day| factors[day % WEEK]).sum();
        means.map(|mean| {
            let spread = scenario.demand.variance_to_mean.value * mean * days;
            (mean * days + safety * spread.sqrt()).round() as u32
        })
    })
}

fn weekday_factors(demand: &doc::Demand) -> [f64; WEEK] {
    let factors = demand.weekday_factors.value;
    let mean = factors.iter().sum::<f64>() / WEEK as f64;
    factors.map(|factor| factor / mean)
}

fn demand(scenario: &Scenario, years: usize) -> Vec<Table> {
    let spec = &scenario.demand;
    let factors = weekday_factors(spec);
    let mut out = Vec::new();
    for year in 0..years {
        let growth = (1.0 + spec.growth_per_year.value).powf(year as f64 + 0.5);
        let growth = if years == 1 { 1.0 } else { growth };
        for site in scenario.region.iter().flat_map(|region| &region.site) {
            for mean in site.use_per_day.value {
                for factor in factors {
                    let mean = mean * spec.factor.value * growth * factor;
                    out.push(Table::counts(mean, spec.variance_to_mean.value));
                }
            }
        }
    }
    out
}

fn legs(scenario: &Scenario, regions: &[Region]) -> Result<Vec<Option<Leg>>, ScenarioError> {
    let mut out = vec![None; regions.len() * regions.len()];
    for leg in &scenario.leg {
        let place = format!("leg[{}–{}]", leg.between[0], leg.between[1]);
        let [a, b] = events::pair(&leg.between, regions, &place)?;
        if !(1..=14).contains(&leg.days.value) {
            return Err(wrong(place, "days must be 1 to 14"));
        }
        let days = leg.weekdays.value.iter().enumerate();
        let weekdays = days.fold(0, |all, (day, goes)| all | u8::from(*goes) << day);
        let made = Leg {
            days: leg.days.value,
            km: leg.km.value.max(0.0),
            weekdays,
            urgent: leg.urgent.value,
        };
        out[a * regions.len() + b] = Some(made);
        out[b * regions.len() + a] = Some(made);
    }
    Ok(out)
}

fn donors(scenario: &Scenario) -> Result<Vec<Donors>, ScenarioError> {
    let spec = &scenario.donors;
    let (show, deferred) = (spec.attendance.value, spec.deferral.value);
    let given = show * (1.0 - deferred);
    let registered = |region: &doc::Region| {
        f64::from(region.active_donors.value) * spec.registered_per_active.value
    };
    let donations: f64 =
        scenario.region.iter().map(|one| f64::from(one.donations_per_year.value)).sum();
    let all: f64 = scenario.region.iter().map(registered).sum();
    if all < 1.0 || donations < 1.0 {
        return Err(wrong("region", "there are no donors or no donations"));
    }
    // Leaving is drawn at a call: the chance that gives the year's share at today's calls.
    let calls = (donations / all / given).max(1e-3);
    let leaves = 1.0 - (1.0 - spec.leaving_per_year.value).powf(1.0 / calls);
    let kinds =
        [1.0 - show, show * deferred, given * (1.0 - spec.usable.value), given * spec.usable.value];
    let outcome: [f64; 8] =
        std::array::from_fn(|n| kinds[n % 4] * if n < 4 { 1.0 - leaves } else { leaves });
    let recruits = |count: f64| {
        let mean = count * spec.leaving_per_year.value * WEEK as f64 / YEAR;
        Table::counts(mean, if scenario.demand.variance_to_mean.value > 0.0 { 1.0 } else { 0.0 })
    };
    let one = |region: &doc::Region| {
        let bus = region.buses.value * spec.bus_visits_per_week.value;
        Donors {
            registered: registered(region).round() as u32,
            groups: Pick::new(&spec.group_shares.value),
            mix: spec.group_shares.value,
            women: spec.share_women.value,
            interval_days: [spec.interval_days_men.value, spec.interval_days_women.value],
            again_days: spec.again_days.value,
            deferral_days: spec.deferral_days.value,
            outcome: Pick::new(&outcome),
            yield_of_call: kinds[3],
            recruits: recruits(registered(region)),
            share_today: f64::from(region.donations_per_year.value) / donations,
            capacity: ((f64::from(region.visits_per_week.value + bus)) / show) as u32,
            bus_capacity: (f64::from(bus) / show) as u32,
            weekdays: Pick::new(&spec.weekday_shares.value),
            correction: spec.correction_per_week.value,
        }
    };
    Ok(scenario.region.iter().map(one).collect())
}
