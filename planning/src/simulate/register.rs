//! The donors of a replication: who may be called, who waits, who is gone. One entry for each
//! donor; queues are lists through the entries, so that a day costs what happens on it.

use rand_xoshiro::rand_core::Rng as _;

use super::model::{Donors, GROUPS};
use crate::random::Stream;

/// Days ahead in which somebody may come back; longer than any interval.
const AHEAD: usize = 256;
/// No donor.
const NOBODY: u32 = u32::MAX;
/// Days of a week's ring.
const VISITS: usize = 8;

#[derive(Clone, Copy, Debug)]
struct Donor {
    next: u32,
    /// Day after the last donation; 0 if none.
    last: u32,
    queue: u16,
    woman: bool,
    on_register: bool,
    /// Donations since the year began.
    gave: u8,
    /// Calls since the year began.
    asked: u8,
    /// Whether on the register since before the year began.
    whole_year: bool,
}

#[derive(Clone, Copy, Debug)]
struct Queue {
    head: u32,
    tail: u32,
    len: u32,
}

const EMPTY: Queue = Queue { head: NOBODY, tail: NOBODY, len: 0 };

/// What a call led to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// Calls.
    pub calls: u32,
    /// Deferred at the visit.
    pub deferred: u32,
}

/// All donors of all regions.
#[derive(Clone, Debug)]
pub struct Register {
    donors: Vec<Donor>,
    free: Vec<u32>,
    /// Who left since the year began; their places are free when it is read off.
    left: Vec<u32>,
    /// Who may be called, by region and group; whoever waited longest stands first.
    ready: Vec<Queue>,
    back: Vec<Queue>,
    /// Donors on the register by region and group.
    pub registered: Vec<u32>,
    /// Usable donations by day, region and group.
    usable: Vec<u32>,
    /// All donations by day and region.
    given: Vec<u32>,
    streams: Vec<Stream>,
    regions: usize,
}

impl Register {
    /// The donors at the start: everybody at some point of the interval, evenly.
    #[must_use]
    pub fn new(all: &[Donors], streams: Vec<Stream>) -> Self {
        let regions = all.len();
        let mut out = Self {
            donors: Vec::new(),
            free: Vec::new(),
            left: Vec::new(),
            ready: vec![EMPTY; regions * GROUPS],
            back: vec![EMPTY; AHEAD],
            registered: vec![0; regions * GROUPS],
            usable: vec![0; VISITS * regions * GROUPS],
            given: vec![0; VISITS * regions],
            streams,
            regions,
        };
        for (region, donors) in all.iter().enumerate() {
            for _ in 0..donors.registered {
                let bits = out.streams[region].next_u64();
                let id = out.enter(region, donors, bits);
                let interval = donors.interval_days[usize::from(out.donors[id as usize].woman)];
                // Half of them have waited out their interval.
                let wait = (out.streams[region].next_u64() % u64::from(interval * 2)) as u32;
                match wait.checked_sub(interval) {
                    Some(days) if days > 0 => out.come_back(id, days),
                    _ => out.make_ready(id),
                }
            }
        }
        out
    }

    fn enter(&mut self, region: usize, donors: &Donors, bits: u64) -> u32 {
        let group = donors.groups.of(bits as u32);
        let woman = (bits >> 32) as f64 / 4_294_967_296.0 < donors.women;
        let donor = Donor {
            next: NOBODY,
            last: 0,
            queue: (region * GROUPS + group) as u16,
            woman,
            on_register: true,
            gave: 0,
            asked: 0,
            whole_year: false,
        };
        self.registered[region * GROUPS + group] += 1;
        if let Some(id) = self.free.pop() {
            self.donors[id as usize] = donor;
            return id;
        }
        self.donors.push(donor);
        (self.donors.len() - 1) as u32
    }

    fn make_ready(&mut self, id: u32) {
        let queue = usize::from(self.donors[id as usize].queue);
        append(&mut self.donors, &mut self.ready[queue], id);
    }

    fn come_back(&mut self, id: u32, day: u32) {
        append(&mut self.donors, &mut self.back[day as usize % AHEAD], id);
    }

    /// Those whose time has come may be called again.
    pub fn turn(&mut self, today: u32) {
        let mut at = std::mem::replace(&mut self.back[today as usize % AHEAD], EMPTY).head;
        while at != NOBODY {
            let next = self.donors[at as usize].next;
            self.make_ready(at);
            at = next;
        }
    }

    /// New donors of a week.
    pub fn recruit(&mut self, region: usize, donors: &Donors) {
        for _ in 0..donors.recruits.draw(&mut self.streams[region]) {
            let bits = self.streams[region].next_u64();
            let id = self.enter(region, donors, bits);
            self.make_ready(id);
        }
    }

    /// How many of a region and group may be called.
    #[must_use]
    pub fn ready(&self, region: usize, group: usize) -> u32 {
        self.ready[region * GROUPS + group].len
    }

    /// Calls the first `count` of a region and group for a day of the week that begins today.
    pub fn call(
        &mut self,
        (region, group): (usize, usize),
        count: u32,
        donors: &Donors,
        today: u32,
    ) -> Called {
        let mut out = Called::default();
        for _ in 0..count {
            let Some(id) = pop(&self.donors, &mut self.ready[region * GROUPS + group]) else {
                break;
            };
            out.calls += 1;
            let bits = self.streams[region].next_u64();
            let outcome = donors.outcome.of(bits as u32);
            let visit = today + donors.weekdays.of((bits >> 32) as u32) as u32;
            let donor = &mut self.donors[id as usize];
            donor.asked = donor.asked.saturating_add(1);
            let wait = match outcome % 4 {
                0 => donors.again_days,
                1 => {
                    out.deferred += 1;
                    donors.deferral_days
                }
                kind => {
                    let woman = usize::from(donor.woman);
                    donor.last = visit + 1;
                    donor.gave = donor.gave.saturating_add(1);
                    let at = visit as usize % VISITS;
                    self.given[at * self.regions + region] += 1;
                    self.usable[(at * self.regions + region) * GROUPS + group] +=
                        u32::from(kind == 3);
                    donors.interval_days[woman]
                }
            };
            if outcome >= 4 {
                self.leave(id);
            } else {
                self.come_back(id, visit + wait);
            }
        }
        out
    }

    fn leave(&mut self, id: u32) {
        let donor = &mut self.donors[id as usize];
        donor.on_register = false;
        self.registered[usize::from(donor.queue)] -= 1;
        self.left.push(id);
    }

    /// What was given in a region on a day: all donations, and the usable ones by group.
    pub fn collect(&mut self, region: usize, today: u32) -> (u32, [u32; GROUPS]) {
        let at = today as usize % VISITS * self.regions + region;
        let mut usable = [0; GROUPS];
        for (group, out) in usable.iter_mut().enumerate() {
            *out = std::mem::take(&mut self.usable[at * GROUPS + group]);
        }
        (std::mem::take(&mut self.given[at]), usable)
    }

    /// Reads the year off and begins a new one: `tell` hears of each donor's region, whether active
    /// in the last twelve months, how often they gave, and whether nobody called them all year.
    pub fn end_year(&mut self, today: u32, mut tell: impl FnMut(usize, bool, u8, bool)) {
        for donor in &mut self.donors {
            if !donor.on_register && donor.gave == 0 {
                continue;
            }
            let active = donor.last > 0 && donor.last + 365 > today;
            let region = usize::from(donor.queue) / GROUPS;
            let uncalled = donor.whole_year && donor.on_register && donor.asked == 0;
            tell(region, active, donor.gave, uncalled);
            (donor.gave, donor.asked, donor.whole_year) = (0, 0, donor.on_register);
        }
        self.free.append(&mut self.left);
    }
}

fn append(donors: &mut [Donor], queue: &mut Queue, id: u32) {
    donors[id as usize].next = NOBODY;
    match queue.tail {
        NOBODY => queue.head = id,
        tail => donors[tail as usize].next = id,
    }
    queue.tail = id;
    queue.len += 1;
}

fn pop(donors: &[Donor], queue: &mut Queue) -> Option<u32> {
    let id = queue.head;
    if id == NOBODY {
        return None;
    }
    queue.head = donors[id as usize].next;
    if queue.head == NOBODY {
        queue.tail = NOBODY;
    }
    queue.len -= 1;
    Some(id)
}
