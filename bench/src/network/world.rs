//! A world as the peer reads it: the very tables that ours draws from.

use anyhow::{Result, bail};
use samband_planning::simulate::model::{CallUp, Donors, Policy, Supply, Transfers, WEEK, World};
use serde_json::{Value, json};

/// The world, and the policies to simulate.
///
/// # Errors
/// If the world has no donors: the peer knows no other supply.
pub(super) fn json(world: &World, spread: f64, policies: &[(String, Policy)]) -> Result<Value> {
    let Supply::Donors(donors) = &world.supply else { bail!("a world without donors") };
    let regions: Vec<Value> = (0..world.regions.len()).map(|n| region(world, n)).collect();
    let sites = world.sites.iter().map(|site| {
        json!({
            "region": site.region,
            "target": site.target,
            "classes": site.classes.each_ref().map(|pick| pick.below),
        })
    });
    let products = world.products.iter().map(|product| {
        json!({
            "life": product.life,
            "bucket_days": product.bucket_days,
            "preparation_days": product.preparation_days,
            "soon": product.soon,
            "horizon_days": product.horizon_days,
            "shortage_cost": product.shortage_cost,
            "outdate_cost": product.outdate_cost,
        })
    });
    let legs = world.legs.iter().map(|leg| match leg {
        None => Value::Null,
        Some(leg) => json!({ "days": leg.days, "km": leg.km, "weekdays": leg.weekdays }),
    });
    let demand: Vec<Vec<Vec<&[u32]>>> = (0..world.sites.len())
        .map(|site| {
            let of = |component| {
                (0..WEEK as u32).map(|day| world.demand_of(day, site, component).below()).collect()
            };
            (0..3).map(of).collect()
        })
        .collect();
    Ok(json!({
        "regions": regions,
        "sites": sites.collect::<Vec<_>>(),
        "products": products.collect::<Vec<_>>(),
        "legs": legs.collect::<Vec<_>>(),
        "donors": donors.iter().map(donors_of).collect::<Vec<_>>(),
        "demand": demand,
        "spread": spread,
        "warmup_days": world.warmup_days,
        "least_gain": world.least_gain,
        "policies": policies.iter().map(policy).collect::<Vec<_>>(),
    }))
}

fn region(world: &World, n: usize) -> Value {
    let region = &world.regions[n];
    let ladders = region
        .ladders
        .each_ref()
        .map(|classes| classes.each_ref().map(|ladder| ladder.steps().to_vec()));
    // Whoever lends while a patient waits, the nearest first.
    let mut lenders: Vec<(f64, usize)> = (0..world.regions.len())
        .filter_map(|from| Some((world.leg(from, n).filter(|leg| leg.urgent)?.km, from)))
        .collect();
    lenders.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    json!({
        "first": region.first,
        "end": region.end,
        "hub": region.hub,
        "use_per_day": region.use_per_day,
        "floor": region.floor,
        "target": region.target,
        "platelet_target": region.platelet_target,
        "ladders": ladders,
        "lenders": lenders,
    })
}

fn donors_of(one: &Donors) -> Value {
    json!({
        "registered": one.registered,
        "groups": one.groups.below,
        "women": one.women,
        "interval_days": one.interval_days,
        "again_days": one.again_days,
        "deferral_days": one.deferral_days,
        "outcome": one.outcome.below,
        "yield_of_call": one.yield_of_call,
        "recruits": one.recruits.below(),
        "share_today": one.share_today,
        "capacity": one.capacity,
        "bus_capacity": one.bus_capacity,
        "weekdays": one.weekdays.below,
        "correction": one.correction,
    })
}

fn policy((name, policy): &(String, Policy)) -> Value {
    let price = match policy.transfers {
        Transfers::Closed => None,
        Transfers::Priced(price) => Some(price),
    };
    let callup = match policy.callup {
        CallUp::Local => "local",
        CallUp::Pooled => "pooled",
        CallUp::Today => "today",
    };
    json!({ "name": name, "price": price, "callup": callup })
}
