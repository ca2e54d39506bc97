//! The primary phase from its JSON.

use super::model::{
    Approval, Class, Group, Objective, Place, Pool, Primary, UnitRow, Unknown, Way,
};
use crate::distribute::fields::{DistributeError, Fields, Node, fault, once};
use crate::distribute::survival::Survival;

/// Minutes that are planned if the file does not say.
const HORIZON: i64 = 720;
/// Most minutes that can be planned.
const MOST_HORIZON: i64 = 2880;
/// Most casualties in all, and most of any capacity.
const MOST: i64 = 5_000;
/// Most units in all.
const MOST_UNITS: usize = 1_000;

/// Fields of the file.
pub(in crate::distribute) const FIELDS: [&str; 13] = [
    "kind",
    "about",
    "objective",
    "parameters",
    "load",
    "unload",
    "horizon",
    "unknown_capacity",
    "classes",
    "casualties",
    "units",
    "hospitals",
    "region_caps",
];

impl Primary {
    pub(in crate::distribute) fn read(fields: &Fields) -> Result<Self, DistributeError> {
        let horizon = fields.may("horizon").map(|node| node.whole(60, MOST_HORIZON)).transpose()?;
        let mut asked = Self {
            objective: Objective::CapacityAndTime,
            parameters: None,
            load: fields.need("load")?.whole(0, 240)?,
            unload: fields.need("unload")?.whole(0, 240)?,
            horizon: horizon.unwrap_or(HORIZON),
            classes: Vec::new(),
            groups: Vec::new(),
            units: Vec::new(),
            hospitals: Vec::new(),
            region_caps: Vec::new(),
            unknown: Vec::new(),
        };
        asked.objective(fields)?;
        for row in fields.rows("classes", 6)? {
            let class = asked.class(&row)?;
            asked.classes.push(class);
        }
        asked.survival_is_there(fields)?;
        asked.groups(fields)?;
        for row in fields.rows("units", 200)? {
            let unit = asked.unit(&row)?;
            asked.units.push(unit);
        }
        if asked.units.iter().map(|unit| unit.count).sum::<usize>() > MOST_UNITS {
            return Err(fault(fields.below("units"), format!("more than {MOST_UNITS} in all")));
        }
        let assume = assume(fields)?;
        for row in fields.rows("hospitals", 200)? {
            let place = asked.place(&row, assume)?;
            asked.hospitals.push(place);
        }
        for (region, node) in fields.may("region_caps").map_or(Ok(Vec::new()), |n| n.entries())? {
            if !asked.hospitals.iter().any(|place| place.region == region) {
                let what = format!("no hospital is in a region “{region}”");
                return Err(fault(node.path, what));
            }
            asked.region_caps.push((region.to_owned(), node.whole(0, MOST)?));
        }
        Ok(asked)
    }

    fn objective(&mut self, fields: &Fields) -> Result<(), DistributeError> {
        let objective = fields.may("objective");
        let objective = objective.map(|node| node.word(&["capacity_and_time", "survivors"]));
        if objective.transpose()? == Some(1) {
            self.objective = Objective::Survivors;
        }
        if let Some(node) = fields.may("parameters") {
            let row = node.fields(&["name", "approved_by", "approved"])?;
            self.parameters = Some(Approval {
                name: row.need("name")?.name()?,
                approved_by: row.need("approved_by")?.name()?,
                approved: row.need("approved")?.name()?,
            });
        }
        if self.objective == Objective::Survivors && self.parameters.is_none() {
            let what = "is missing; survivors are only reckoned with a set of parameters that a \
                        named medical role has approved: write name, approved_by and approved, \
                        or ask for capacity_and_time";
            return Err(fault(fields.below("parameters"), what));
        }
        Ok(())
    }

    fn class(&self, row: &Node) -> Result<Class, DistributeError> {
        let known = ["class", "target", "counts", "weight", "in_rate", "survival"];
        let fields = row.fields(&known)?;
        let name = fields.need("class")?.name()?;
        let there: Vec<_> = self.classes.iter().map(|one| one.name.clone()).collect();
        once(&there, &name, &row.path, "class")?;
        let number =
            |name: &str, usual: i64| fields.may(name).map_or(Ok(usual), |node| node.whole(1, 1000));
        Ok(Class {
            name,
            target: fields.need("target")?.whole(0, MOST_HORIZON)?,
            counts: number("counts", 1)?,
            weight: number("weight", 1)?,
            in_rate: fields.may("in_rate").map_or(Ok(true), |node| node.flag())?,
            survival: fields.may("survival").map(|node| Survival::read(&node)).transpose()?,
        })
    }

    /// With survivors as objective, at least one class must have a curve.
    fn survival_is_there(&self, fields: &Fields) -> Result<(), DistributeError> {
        let asked = self.objective == Objective::Survivors;
        if asked && self.classes.iter().all(|class| class.survival.is_none()) {
            let what = "no class has a survival: write beta0, beta1, beta2 for one at least";
            return Err(fault(fields.below("classes"), what));
        }
        Ok(())
    }

    fn class_at(&self, node: &Node) -> Result<usize, DistributeError> {
        let names: Vec<&str> = self.classes.iter().map(|class| class.name.as_str()).collect();
        node.word(&names)
    }

    fn groups(&mut self, fields: &Fields) -> Result<(), DistributeError> {
        for row in fields.rows("casualties", 30)? {
            let fields = row.fields(&["class", "special", "count", "from"])?;
            self.groups.push(Group {
                class: self.class_at(&fields.need("class")?)?,
                special: fields.may("special").map(|node| node.name()).transpose()?,
                count: fields.need("count")?.whole(0, MOST)?,
                from: fields.may("from").map_or(Ok(0), |node| node.whole(0, MOST_HORIZON))?,
            });
        }
        if self.groups.iter().map(|group| group.count).sum::<i64>() > MOST {
            return Err(fault(fields.below("casualties"), format!("more than {MOST} in all")));
        }
        Ok(())
    }

    fn unit(&self, row: &Node) -> Result<UnitRow, DistributeError> {
        let known = ["id", "region", "way", "ready", "count", "seats", "carries"];
        let fields = row.fields(&known)?;
        let id = fields.need("id")?.name()?;
        let there: Vec<_> = self.units.iter().map(|one| one.id.clone()).collect();
        once(&there, &id, &row.path, "id")?;
        let mut carries = vec![fields.may("carries").is_none(); self.classes.len()];
        for node in fields.may("carries").map_or(Ok(Vec::new()), |node| node.list())? {
            carries[self.class_at(&node)?] = true;
        }
        if !carries.contains(&true) {
            let what = "empty: write the classes it carries, or leave the field out for all";
            return Err(fault(fields.below("carries"), what));
        }
        let way = fields.may("way").map_or(Ok(0), |node| node.word(&["road", "air"]))?;
        Ok(UnitRow {
            id,
            region: fields.need("region")?.name()?,
            way: if way == 0 { Way::Road } else { Way::Air },
            ready: fields.need("ready")?.whole(0, MOST_HORIZON)?,
            count: fields.may("count").map_or(Ok(1), |node| node.count(0, MOST_UNITS))?,
            seats: fields.may("seats").map_or(Ok(1), |node| node.whole(1, 100))?,
            carries,
        })
    }

    fn place(&mut self, row: &Node, assume: Option<i64>) -> Result<Place, DistributeError> {
        let known = ["id", "region", "minutes", "places", "per_hour", "most"];
        let fields = row.fields(&known)?;
        let id = fields.need("id")?.name()?;
        let there: Vec<_> = self.hospitals.iter().map(|one| one.id.clone()).collect();
        once(&there, &id, &row.path, "id")?;
        let ways = fields.need("minutes")?.fields(&["road", "air"])?;
        let mut minutes = [None, None];
        for (minutes, way) in minutes.iter_mut().zip(["road", "air"]) {
            *minutes = ways.may(way).map(|node| node.whole(0, MOST_HORIZON)).transpose()?;
        }
        if minutes == [None, None] {
            return Err(fault(ways.path, "empty: write minutes by road, by air or both"));
        }
        let mut pools: Vec<Pool> = Vec::new();
        for node in fields.need("places")?.list()? {
            if let Some(pool) = self.places(&id, &node, assume)? {
                if pools.iter().any(|one| (one.class, &one.special) == (pool.class, &pool.special))
                {
                    return Err(fault(node.path, "this class and need are there twice"));
                }
                pools.push(pool);
            }
        }
        let limit = |name: &str| match fields.may(name).map(|node| node.known(MOST)) {
            Some(Ok(limit)) => Ok(limit),
            Some(Err(error)) => Err(error),
            None => Ok(None),
        };
        let region = fields.need("region")?.name()?;
        Ok(Place { id, region, minutes, pools, per_hour: limit("per_hour")?, most: limit("most")? })
    }

    /// Places of a class; none if nobody knows any of its numbers.
    fn places(
        &mut self,
        hospital: &str,
        row: &Node,
        assume: Option<i64>,
    ) -> Result<Option<Pool>, DistributeError> {
        let fields = row.fields(&["class", "special", "now", "h2", "h6", "h24"])?;
        let class = self.class_at(&fields.need("class")?)?;
        let special = fields.may("special").map(|node| node.name()).transpose()?;
        let label = self.label(class, special.as_deref());
        let mut steps = [0; 4];
        let (mut last, mut known) = (0, false);
        for (at, name) in ["now", "h2", "h6", "h24"].into_iter().enumerate() {
            let told = fields.need(name)?.known(MOST)?;
            if told.is_none() {
                let what = format!("{label}, {name}");
                self.unknown.push(Unknown { hospital: hospital.to_owned(), what, assumed: assume });
            }
            // What is known goes on to hold; what is not is neither none nor without end.
            let number = told.or(assume.map(|assume| assume.max(last)));
            known |= number.is_some();
            last = number.unwrap_or(last);
            steps[at] = last;
        }
        Ok(known.then_some(Pool { class, special, steps }))
    }
}

/// What stands in for a number that nobody knows, if the file allows it.
fn assume(fields: &Fields) -> Result<Option<i64>, DistributeError> {
    let Some(node) = fields.may("unknown_capacity") else { return Ok(None) };
    if node.text().is_ok() {
        return node.word(&["leave_out"]).map(|_| None);
    }
    node.fields(&["assume"])?.need("assume")?.whole(0, MOST).map(Some)
}
