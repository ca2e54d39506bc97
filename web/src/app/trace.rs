//! The life of a unit, both ways: from the donor to the recipient, through pools, shipments and
//! regions, as the records of every journal known here tell it. Who gave and who received is there
//! only for those who may see it in their own region.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use samband_access::Action;
use samband_domain::blood::Event as Blood;
use samband_domain::blood::model::stock::Arrival;
use samband_domain::blood::model::{Din, Source, UnitId};
use samband_domain::donations::Event as Donation;
use samband_domain::words::RecordRef;
use samband_domain::{Event, JournalId, Private, Subject, Time};
use samband_engine::World;

use super::{App, Problem, Visitor, stock};
use crate::pages::records;
use crate::text::Words;

/// Most donations that one picture follows; a pool is made of four to six.
const DONATIONS_MAX: usize = 40;

/// Most records of one donation in one journal.
const RECORDS_MAX: u32 = 400;

/// What a node of the picture stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Who gave.
    Donor,
    /// A donation.
    Donation,
    /// A unit, as it came into being.
    Unit,
    /// On its way between two places.
    Shipment,
    /// In a place's hands.
    Place,
    /// In a ward's hand, for somebody.
    Issued,
    /// Its end.
    End,
}

impl Kind {
    /// As message key and in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Donor => "donor",
            Self::Donation => "donation",
            Self::Unit => "unit",
            Self::Shipment => "shipment",
            Self::Place => "place",
            Self::Issued => "issued",
            Self::End => "end",
        }
    }
}

/// One node of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it stands for.
    pub kind: Kind,
    /// Its name.
    pub title: String,
    /// What is to be said about it.
    pub detail: String,
    /// Where it leads.
    pub href: Option<String>,
    /// In whose journal it stands.
    pub region: JournalId,
    /// When.
    pub when: Option<Time>,
    /// The record.
    pub at: Option<RecordRef>,
    /// Whether it is the unit that was asked for.
    pub asked: bool,
    /// Whether its donation is called back.
    pub stopped: bool,
}

/// The picture: nodes, and what came of what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// Nodes.
    pub nodes: Vec<Node>,
    /// From which node to which, by place.
    pub edges: BTreeSet<(usize, usize)>,
    /// How many records were read.
    pub records: usize,
    /// Whether there was more than one picture holds.
    pub cut: bool,
    donations: BTreeMap<Din, usize>,
    units: BTreeMap<UnitId, usize>,
    last: BTreeMap<UnitId, usize>,
}

/// One record, as the reader may see it.
struct Line {
    at: RecordRef,
    recorded: Time,
    event: Event,
}

/// Draws up the life of a unit.
///
/// # Errors
/// A problem if the store does not answer, or nobody here knows the unit.
pub async fn of_unit(
    app: &App,
    world: &World,
    visitor: &Visitor,
    unit: UnitId,
) -> Result<Graph, Problem> {
    let mut lines: BTreeMap<(Time, JournalId, u32, u64), Line> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut next = VecDeque::from([(unit.din, true)]);
    let mut graph = Graph::default();
    while let Some((din, up)) = next.pop_front() {
        if !seen.insert(din) {
            continue;
        }
        if seen.len() > DONATIONS_MAX {
            graph.cut = true;
            break;
        }
        for line in about(app, world, visitor, &din, &mut graph.cut).await? {
            let (from, into) = related(&line.event, &din);
            // First all that it was made of, then all that came of that: from a donation down to
            // a pool and up again to the pool's other donors would follow strangers.
            if up {
                from.into_iter().for_each(|din| next.push_front((din, true)));
            }
            next.extend(into.into_iter().map(|din| (din, false)));
            let key = (line.recorded, line.at.journal.clone(), line.at.epoch, line.at.seq);
            lines.insert(key, line);
        }
    }
    graph.records = lines.len();
    let scribe = Scribe {
        w: visitor.words,
        world,
        reader: &visitor.region,
        donors: visitor.may(app, Action::SeeDonors),
        patients: visitor.may(app, Action::SeePatients),
    };
    for line in in_order(lines.into_values().collect()) {
        graph.tell(&scribe, &line, &unit, &seen);
    }
    if !graph.units.contains_key(&unit) {
        let problem = Problem::new(axum::http::StatusCode::NOT_FOUND, "web.no_unit");
        return Err(problem.fact("unit", unit.to_string()));
    }
    graph.keep_connected(&unit);
    Ok(graph)
}

async fn about(
    app: &App,
    world: &World,
    visitor: &Visitor,
    din: &Din,
    cut: &mut bool,
) -> Result<Vec<Line>, Problem> {
    let subject = Subject::donation(din);
    let mut all = Vec::new();
    for journal in world.journals.values() {
        let own = journal.id == visitor.region && journal.is_local();
        let found = app.engine.store().about(&journal.id, &subject, None, RECORDS_MAX).await?;
        *cut |= found.len() == RECORDS_MAX as usize;
        for record in found {
            let entry = records::Entry::of(record, own);
            let (at, recorded) = (entry.at, entry.recorded);
            if let Some(event) = entry.said.and_then(|said| said.event) {
                all.push(Line { at, recorded, event });
            }
        }
    }
    Ok(all)
}

/// The lines as things happened: within a journal in its own order, a receipt after the dispatch
/// that it names, and otherwise by the clock. Two journals' clocks may disagree.
fn in_order(lines: Vec<Line>) -> Vec<Line> {
    let mut waiting: BTreeSet<_> = lines.iter().map(|line| line.at.hash).collect();
    let mut journals: BTreeMap<JournalId, VecDeque<Line>> = BTreeMap::new();
    for line in lines {
        journals.entry(line.at.journal.clone()).or_default().push_back(line);
    }
    for queue in journals.values_mut() {
        queue.make_contiguous().sort_by_key(|line| (line.at.epoch, line.at.seq));
    }
    let mut ordered = Vec::new();
    loop {
        let blocked = |line: &Line| match &line.event {
            Event::Blood(Blood::Received(got, _)) => waiting.contains(&got.dispatch.hash),
            _ => false,
        };
        let heads = journals.iter().filter_map(|(id, queue)| Some((id, queue.front()?)));
        // Records that contradict each other could wait for each other: then the clock decides.
        let next = heads.min_by_key(|(_, line)| (blocked(line), line.recorded));
        let Some(id) = next.map(|(id, _)| id.clone()) else { return ordered };
        if let Some(line) = journals.get_mut(&id).and_then(VecDeque::pop_front) {
            waiting.remove(&line.at.hash);
            ordered.push(line);
        }
    }
}

/// What a number's units were made of, and what they went into.
fn related(event: &Event, din: &Din) -> (Vec<Din>, Vec<Din>) {
    let Event::Blood(Blood::Produced(made, _)) = event else { return Default::default() };
    let (from, mut into) = (made.from.donations(), made.load.units.iter().map(|one| one.id.din));
    let here = into.clone().any(|other| other == *din);
    let from = from.into_iter().filter(|other| here && other != din).collect();
    (from, into.by_ref().filter(|other| other != din).collect())
}

struct Scribe<'a> {
    w: Words,
    world: &'a World,
    reader: &'a JournalId,
    donors: bool,
    patients: bool,
}

impl Scribe<'_> {
    fn site(&self, region: &JournalId, site: &samband_domain::SiteId) -> String {
        let name = stock::site_name(self.world, region, site);
        format!("{name}, {}", crate::pages::region_short(self.world, region))
    }

    fn stopped(&self, din: &Din) -> bool {
        let all = self.world.journals.values();
        all.into_iter().any(|one| one.shared().donations.withdrawn.contains_key(din))
    }
}

impl Graph {
    fn add(&mut self, line: &Line, kind: Kind, title: String) -> usize {
        self.nodes.push(Node {
            kind,
            title,
            detail: String::new(),
            href: None,
            region: line.at.journal.clone(),
            when: Some(line.recorded),
            at: Some(line.at.clone()),
            asked: false,
            stopped: false,
        });
        self.nodes.len() - 1
    }

    fn donation(&mut self, scribe: &Scribe<'_>, line: &Line, din: &Din) -> usize {
        if let Some(held) = self.donations.get(din) {
            return *held;
        }
        let title = format!("{} {}", din.spaced(), din.check_character());
        let node = self.add(line, Kind::Donation, title);
        self.nodes[node].href = Some(format!("/units/{din}"));
        self.nodes[node].detail = scribe.w.t("trace-donation-elsewhere");
        self.nodes[node].stopped = scribe.stopped(din);
        self.donations.insert(*din, node);
        node
    }

    fn unit(&mut self, scribe: &Scribe<'_>, line: &Line, id: &UnitId, asked: &UnitId) -> usize {
        if let Some(held) = self.units.get(id) {
            return *held;
        }
        let node = self.add(line, Kind::Unit, id.to_string());
        self.nodes[node].href = Some(stock::unit_href(id));
        self.nodes[node].asked = id == asked;
        self.nodes[node].stopped = scribe.stopped(&id.din);
        self.units.insert(*id, node);
        self.last.insert(*id, node);
        node
    }

    /// Goes on from where the unit was last.
    fn step(&mut self, unit: &UnitId, node: usize) {
        if let Some(before) = self.last.insert(*unit, node) {
            self.edges.insert((before, node));
        }
    }

    fn tell(&mut self, scribe: &Scribe<'_>, line: &Line, asked: &UnitId, dins: &BTreeSet<Din>) {
        match &line.event {
            Event::Donations(Donation::Collected(collected, giver)) => {
                let node = self.donation(scribe, line, &collected.din);
                let kind = collected.donation.kind;
                let site = scribe.site(&line.at.journal, &collected.donation.site);
                let kind = scribe.w.dynamic("donation-kind-", kind.as_str());
                self.nodes[node].detail = format!("{kind}, {site}");
                self.nodes[node].when = Some(collected.donation.collected);
                self.giver(scribe, line, node, giver);
            }
            Event::Donations(Donation::PlasmaLot(made, _)) => {
                let title = format!("{} {}", scribe.w.t("trace-industry"), made.lot);
                let node = self.add(line, Kind::End, title);
                self.nodes[node].href = Some(format!("/plasma#{}", made.lot));
                for unit in made.units.iter().filter(|unit| dins.contains(&unit.din)) {
                    self.step(unit, node);
                }
            }
            Event::Blood(event) => self.tell_blood(scribe, line, event, (asked, dins)),
            _ => {}
        }
    }

    fn giver(
        &mut self,
        scribe: &Scribe<'_>,
        line: &Line,
        donation: usize,
        giver: &Private<samband_domain::donations::model::Giver>,
    ) {
        let region = crate::pages::region_short(scribe.world, &line.at.journal);
        let own = line.at.journal == *scribe.reader && scribe.donors;
        let known = giver.here().filter(|_| own).map(|giver| giver.donor.clone());
        let (title, href) = match known {
            Some(Some(donor)) => (donor.to_string(), Some(format!("/donors/{donor}"))),
            Some(None) => (scribe.w.t("trace-donor-unknown"), None),
            None => (scribe.w.t("trace-donor-hidden"), None),
        };
        let node = self.add(line, Kind::Donor, title);
        self.nodes[node].href = href;
        self.nodes[node].detail = region;
        self.edges.insert((node, donation));
    }

    fn tell_blood(
        &mut self,
        scribe: &Scribe<'_>,
        line: &Line,
        event: &Blood,
        (asked, dins): (&UnitId, &BTreeSet<Din>),
    ) {
        let w = scribe.w;
        let ours = |unit: &&UnitId| dins.contains(&unit.din);
        match event {
            Blood::TakenOver(taken, _) => {
                let site = scribe.site(&line.at.journal, &taken.site);
                for entry in taken.load.units.iter().filter(|entry| dins.contains(&entry.id.din)) {
                    let from = self.donation(scribe, line, &entry.id.din);
                    let unit = self.unit(scribe, line, &entry.id, asked);
                    let product = w.dynamic("product-", entry.product.as_str());
                    self.nodes[unit].detail = product;
                    self.edges.insert((from, unit));
                    let place = self.add(line, Kind::Place, site.clone());
                    self.nodes[place].detail = w.t("trace-taken-over");
                    self.step(&entry.id, place);
                }
            }
            Blood::Produced(made, _) => {
                let process = w.dynamic("process-", made.from.process().as_str());
                let site = scribe.site(&line.at.journal, &made.site);
                let new: Vec<_> = made.load.units.iter().map(|entry| entry.id).collect();
                for entry in &made.load.units {
                    let unit = self.unit(scribe, line, &entry.id, asked);
                    let product = w.dynamic("product-", entry.product.as_str());
                    self.nodes[unit].detail = format!("{product}; {process}, {site}");
                    if let Source::Donation { din, .. } = &made.from {
                        let from = self.donation(scribe, line, din);
                        self.edges.insert((from, unit));
                    }
                }
                for used in made.consumed.iter().filter(ours) {
                    for id in &new {
                        let (Some(from), Some(to)) = (self.last.get(used), self.units.get(id))
                        else {
                            continue;
                        };
                        self.edges.insert((*from, *to));
                    }
                }
            }
            Blood::Dispatched(sent, _) => {
                let to = scribe.site(&sent.way.to_region, &sent.way.to_site);
                for entry in sent.load.units.iter().filter(|entry| dins.contains(&entry.id.din)) {
                    let known = self.units.contains_key(&entry.id);
                    let unit = self.unit(scribe, line, &entry.id, asked);
                    if !known {
                        let from = self.donation(scribe, line, &entry.id.din);
                        self.edges.insert((from, unit));
                        let product = w.dynamic("product-", entry.product.as_str());
                        self.nodes[unit].detail = product;
                    }
                    let node = self.add(line, Kind::Shipment, w.t("trace-on-its-way"));
                    self.nodes[node].detail = format!("→ {to}");
                    self.nodes[node].href = Some(format!("/shipments/{}", line.at.hash));
                    self.step(&entry.id, node);
                }
            }
            Blood::Received(received, _) => {
                let site = scribe.site(&line.at.journal, &received.site);
                for (unit, outcome) in received.outcomes.iter().filter(|(unit, _)| ours(&unit)) {
                    let title = match outcome {
                        Arrival::Missing => w.t("trace-not-in-box"),
                        _ => site.clone(),
                    };
                    let node = self.add(line, Kind::Place, title);
                    self.nodes[node].detail = w.dynamic("trace-arrival-", outcome.as_str());
                    self.step(unit, node);
                }
            }
            _ => self.tell_end(scribe, line, event, dins),
        }
    }

    /// What became of it in a ward's hand, or at its end.
    fn tell_end(&mut self, scribe: &Scribe<'_>, line: &Line, event: &Blood, dins: &BTreeSet<Din>) {
        let w = scribe.w;
        let ours = |unit: &&UnitId| dins.contains(&unit.din);
        match event {
            Blood::Issued(given, to) => {
                let request = to.here().map(|to| to.request.clone());
                let may = line.at.journal == *scribe.reader && scribe.patients;
                let request = request.filter(|_| may);
                for unit in given.units.iter().filter(ours) {
                    let node = self.add(line, Kind::Issued, w.t("trace-issued"));
                    match &request {
                        Some(request) => {
                            let href = format!("/requests/{request}");
                            self.nodes[node].href = Some(href);
                            self.nodes[node].detail = request.to_string();
                        }
                        None => self.nodes[node].detail = w.t("trace-recipient-hidden"),
                    }
                    self.step(unit, node);
                }
            }
            Blood::Returned(back, _) => {
                let site = scribe.site(&line.at.journal, &back.site);
                for unit in back.units.iter().filter(ours) {
                    let node = self.add(line, Kind::Place, site.clone());
                    self.nodes[node].detail = w.t("trace-returned");
                    self.step(unit, node);
                }
            }
            Blood::Discarded(gone, _) => {
                for unit in gone.units.iter().filter(ours) {
                    let node = self.add(line, Kind::End, w.t("trace-discarded"));
                    self.nodes[node].detail = w.dynamic("discard-", gone.reason.as_str());
                    self.step(unit, node);
                }
            }
            Blood::Used(used, _) if used.fate != samband_domain::blood::model::Fate::Industry => {
                for unit in used.units.iter().filter(ours) {
                    let title = w.dynamic("trace-fate-", used.fate.as_str());
                    let node = self.add(line, Kind::End, title);
                    let region = &line.at.journal;
                    self.nodes[node].detail = crate::pages::region_short(scribe.world, region);
                    self.step(unit, node);
                }
            }
            _ => {}
        }
    }

    /// Leaves out what does not hang together with the unit: forwards from it and from what it was
    /// made of, backwards to the donors.
    fn keep_connected(&mut self, unit: &UnitId) {
        let Some(start) = self.units.get(unit).copied() else { return };
        let mut keep = BTreeSet::from([start]);
        // Back to where it came from.
        loop {
            let more: Vec<_> = self.edges.iter().filter(|(_, to)| keep.contains(to)).collect();
            let before = keep.len();
            keep.extend(more.into_iter().map(|(from, _)| *from));
            if keep.len() == before {
                break;
            }
        }
        // And on to everything that came of it.
        loop {
            let more: Vec<_> = self.edges.iter().filter(|(from, _)| keep.contains(from)).collect();
            let before = keep.len();
            keep.extend(more.into_iter().map(|(_, to)| *to));
            if keep.len() == before {
                break;
            }
        }
        let places: BTreeMap<_, _> =
            keep.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        let nodes = std::mem::take(&mut self.nodes).into_iter().enumerate();
        self.nodes = nodes.filter(|(n, _)| keep.contains(n)).map(|(_, node)| node).collect();
        let edges = std::mem::take(&mut self.edges).into_iter();
        self.edges =
            edges.filter_map(|(from, to)| Some((*places.get(&from)?, *places.get(&to)?))).collect();
    }

    /// In which column each node stands: after everything that it came of.
    #[must_use]
    pub fn columns(&self) -> Vec<usize> {
        let mut columns = vec![0; self.nodes.len()];
        // A record that contradicts itself could go in a circle: so many rounds and no more.
        for _ in 0..self.nodes.len() {
            let mut moved = false;
            for (from, to) in &self.edges {
                if from != to && columns[*to] <= columns[*from] && columns[*from] < 40 {
                    columns[*to] = columns[*from] + 1;
                    moved = true;
                }
            }
            if !moved {
                break;
            }
        }
        columns
    }
}
