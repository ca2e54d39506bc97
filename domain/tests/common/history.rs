//! Random histories of one region: commands as people and machines might give them, sensible and
//! not.

use proptest::prelude::*;
use samband_domain::bonds::{Peer, Reach};
use samband_domain::figures::{FigureRow, Measure, Source};
use samband_domain::kernel::{
    Access, Approval, Capacity, Command as Kernel, LegalRole, RecordKeeper, Role, SiteKind,
};
use samband_domain::rulesets::{Document, Rule, Scope, Value, Verdict, key};
use samband_domain::words::Code;
use samband_domain::{
    Command, Digest, Known, MandateId, Mode, Period, RecordRef, SiteId, Time, Window, bonds,
    figures, rulesets,
};

use super::{Desk, Key, SECRET, START, actor, id, identity, register};

const ACTORS: [&str; 5] = ["a-1", "a-2", "a-3", "a-4", "a-5"];
const SITES: [&str; 3] = ["s-1", "s-2", "s-3"];
const PEERS: [&str; 3] = ["halland", "kronoberg", "skane"];

/// Thirty-one years in hours: longer than any duty to remember.
const A_GENERATION: i64 = 31 * 366 * 24;

/// A step of a history. Indices are taken modulo what there is when the step is played.
#[derive(Clone, Debug)]
pub enum Step {
    Wait(i64),
    Register(usize),
    Correct(usize),
    Erase(usize),
    OpenSite { site: usize, parent: Option<usize>, window: (i64, Option<i64>) },
    CloseSite { site: usize, at: i64 },
    Grant(Box<Grant>),
    End { mandate: usize, at: i64 },
    Answer { mandate: usize, yes: bool, decided: i64 },
    BreakGlass { who: usize, minutes: u16 },
    ReviewGlass { who: usize, glass: usize },
    NoteRead { who: usize, person: usize },
    Report { measure: usize, year: i16, value: Option<u64> },
    CorrectFigure { measure: usize, year: i16, value: Option<u64> },
    Trust(usize),
    Drop(usize),
    Notice { peer: usize, seq: u64 },
    Fork { peer: usize, settle: bool },
    Silence { peer: usize, over: bool },
    RotateKey { seed: u8, honest: bool },
    Rules(RuleStep),
}

/// A step about rule sets. There are few of them, so that people meet over the same one.
#[derive(Clone, Debug)]
pub enum RuleStep {
    Draft { who: usize, set: u32 },
    Review { who: usize, set: u32, approve: bool },
    Adopt { who: usize, set: u32, hours: i64 },
    Withdraw { who: usize, set: u32 },
}

#[derive(Clone, Debug)]
pub struct Grant {
    pub holder: usize,
    pub capacity: Capacity,
    pub site: Option<usize>,
    pub window: (i64, Option<i64>),
    pub deputy_for: Option<usize>,
    pub delegated_from: Option<usize>,
    pub review_at: Option<i64>,
    pub share: Option<u16>,
    pub approval: Option<bool>,
    /// The mandate whose capacity and place it has, so that mandates get in each other's way.
    pub like: Option<usize>,
}

pub fn histories(steps: usize) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..steps)
}

fn any_index() -> impl Strategy<Value = usize> {
    0..32_usize
}

fn window() -> impl Strategy<Value = (i64, Option<i64>)> {
    (-20..40_i64, prop::option::weighted(0.6, 1..60_i64))
        .prop_map(|(from, length)| (from, length.map(|length| from + length)))
}

fn capacity() -> impl Strategy<Value = Capacity> {
    let task = || prop::sample::select(vec!["givargodkännande", "utlämning"]);
    prop_oneof![
        4 => prop::sample::select(LegalRole::ALL).prop_map(Capacity::Legal),
        2 => prop::sample::select(Role::ALL).prop_map(Capacity::Role),
        3 => task().prop_map(|task| Capacity::Delegation { task: task.into() }),
        1 => task().prop_map(|task| Capacity::Assignment { task: task.into() }),
        1 => Just(Capacity::Access(Access::Audit)),
        1 => Just(Capacity::Competence {
            code: Code::new("transfusion-medicine").unwrap(),
            name: "Transfusionsmedicin".into(),
        }),
    ]
}

fn grant() -> impl Strategy<Value = Step> {
    let who = (any_index(), capacity(), prop::option::weighted(0.3, any_index()), window());
    let links = (
        prop::option::weighted(0.2, any_index()),
        prop::option::weighted(0.4, any_index()),
        prop::option::weighted(0.7, 0..100_i64),
    );
    let rest = (
        prop::option::weighted(0.3, 1..1_002_u16),
        prop::option::weighted(0.7, any::<bool>()),
        prop::option::weighted(0.5, any_index()),
    );
    (who, links, rest).prop_map(|(who, links, rest)| {
        let (holder, capacity, site, window) = who;
        let (deputy_for, delegated_from, review_at) = links;
        let (share, approval, like) = rest;
        Step::Grant(Box::new(Grant {
            holder,
            capacity,
            site,
            window,
            deputy_for,
            delegated_from,
            review_at,
            share,
            approval,
            like,
        }))
    })
}

fn step() -> impl Strategy<Value = Step> {
    let figure = || (0..4_usize, 2020..2026_i16, prop::option::of(0..3_000_000_u64));
    prop_oneof![
        4 => (0..30_i64).prop_map(Step::Wait),
        1 => Just(Step::Wait(A_GENERATION)),
        4 => any_index().prop_map(Step::Register),
        2 => any_index().prop_map(Step::Correct),
        3 => any_index().prop_map(Step::Erase),
        3 => (any_index(), prop::option::of(any_index()), window())
            .prop_map(|(site, parent, window)| Step::OpenSite { site, parent, window }),
        1 => (any_index(), -10..60_i64).prop_map(|(site, at)| Step::CloseSite { site, at }),
        16 => grant(),
        5 => (any_index(), -10..60_i64).prop_map(|(mandate, at)| Step::End { mandate, at }),
        5 => (any_index(), any::<bool>(), -10..60_i64)
            .prop_map(|(mandate, yes, decided)| Step::Answer { mandate, yes, decided }),
        2 => (any_index(), 0..1_000_u16)
            .prop_map(|(who, minutes)| Step::BreakGlass { who, minutes }),
        2 => (any_index(), any_index()).prop_map(|(who, glass)| Step::ReviewGlass { who, glass }),
        1 => (any_index(), any_index()).prop_map(|(who, person)| Step::NoteRead { who, person }),
        2 => figure().prop_map(|(measure, year, value)| Step::Report { measure, year, value }),
        1 => figure()
            .prop_map(|(measure, year, value)| Step::CorrectFigure { measure, year, value }),
        1 => any_index().prop_map(Step::Trust),
        1 => any_index().prop_map(Step::Drop),
        1 => (any_index(), 1..9_u64).prop_map(|(peer, seq)| Step::Notice { peer, seq }),
        1 => (any_index(), any::<bool>()).prop_map(|(peer, settle)| Step::Fork { peer, settle }),
        1 => (any_index(), any::<bool>()).prop_map(|(peer, over)| Step::Silence { peer, over }),
        1 => (any::<u8>(), any::<bool>())
            .prop_map(|(seed, honest)| Step::RotateKey { seed, honest }),
        12 => rule_step().prop_map(Step::Rules),
    ]
}

fn rule_step() -> impl Strategy<Value = RuleStep> {
    let both = || (0..3_usize, 0..3_u32);
    prop_oneof![
        3 => both().prop_map(|(who, set)| RuleStep::Draft { who, set }),
        4 => (both(), prop::bool::weighted(0.8))
            .prop_map(|((who, set), approve)| RuleStep::Review { who, set, approve }),
        4 => (both(), prop_oneof![Just(0), -5..40_i64])
            .prop_map(|((who, set), hours)| RuleStep::Adopt { who, set, hours }),
        1 => both().prop_map(|(who, set)| RuleStep::Withdraw { who, set }),
    ]
}

/// Plays a step; whether it was allowed.
pub fn play(desk: &mut Desk, step: &Step) -> bool {
    if let Step::Wait(hours) = step {
        desk.pass_hours(*hours);
        return true;
    }
    let (who, command) = command(desk, step);
    let allowed = desk.act(who, command).is_ok();
    if let (Step::RotateKey { seed, .. }, true) = (step, allowed) {
        desk.key = Key::new(*seed);
    }
    allowed
}

fn at(hour: i64) -> Time {
    START.plus_seconds(hour * 3_600)
}

/// Around the desk's own time, so that histories after a generation still make sense.
fn spans(desk: &Desk, (from, until): (i64, Option<i64>)) -> Window {
    let at = |hour: i64| desk.now.plus_seconds(hour * 3_600);
    Window::new(at(from), until.map(at)).unwrap()
}

fn pick<'a>(of: &[&'a str], index: usize) -> &'a str {
    of[index % of.len()]
}

fn site(index: usize) -> SiteId {
    SiteId::new(pick(&SITES, index)).unwrap()
}

fn held(desk: &Desk, index: usize) -> MandateId {
    let mandates = &desk.region.shared.kernel.mandates;
    let at = index.checked_rem(mandates.len()).unwrap_or(0);
    mandates.keys().nth(at).cloned().unwrap_or_else(|| super::mandate("m-nobody"))
}

fn value(value: Option<u64>) -> Known<u64> {
    value.into()
}

fn command(desk: &Desk, step: &Step) -> (&'static str, Command) {
    let later = |hour: i64| desk.now.plus_seconds(hour * 3_600);
    let reason = || "skäl".to_owned();
    match step {
        Step::Wait(_) => unreachable!("played at once"),
        Step::Register(who) => ("machine", register(pick(&ACTORS, *who))),
        Step::Correct(who) => {
            let name = pick(&ACTORS, *who);
            let (actor, title, identity) = (actor(name), "Läkare".into(), identity("rättad"));
            ("a-1", Kernel::CorrectActor { actor, title, identity, reason: reason() }.into())
        }
        Step::Erase(who) => {
            let actor = actor(pick(&ACTORS, *who));
            ("a-1", Kernel::EraseActor { actor, ground: reason() }.into())
        }
        Step::OpenSite { site: which, parent, window } => {
            let command = Kernel::OpenSite {
                id: Some(site(*which)),
                name: "Blodcentralen".into(),
                kind: SiteKind::BloodCentre,
                parent: parent.map(site),
                record: RecordKeeper::Samband,
                window: spans(desk, *window),
                note: None,
            };
            ("a-1", command.into())
        }
        Step::CloseSite { site: which, at } => {
            let (site, at) = (site(*which), later(*at));
            ("a-1", Kernel::CloseSite { site, at, reason: reason() }.into())
        }
        Step::Grant(grant) => ("a-1", self::granting(desk, grant)),
        Step::End { mandate, at } => {
            let (mandate, at) = (held(desk, *mandate), later(*at));
            ("a-1", Kernel::EndMandate { mandate, at, reason: reason() }.into())
        }
        Step::Answer { mandate, yes, decided } => {
            let approval = answer(*yes, later(*decided));
            let mandate = held(desk, *mandate);
            ("a-1", Kernel::RecordApproval { mandate, approval }.into())
        }
        Step::BreakGlass { who, minutes } => {
            let reason = format!("utryckning {SECRET}");
            (pick(&ACTORS, *who), Kernel::BreakGlass { reason, minutes: *minutes }.into())
        }
        Step::ReviewGlass { who, glass } => {
            let opened = &desk.region.own.kernel.glass;
            let at = glass.checked_rem(opened.len()).unwrap_or(0);
            let mandate = opened.get(at).map(|glass| glass.mandate.clone());
            let mandate = mandate.unwrap_or_else(|| super::mandate("m-nobody"));
            let finding = format!("befogat {SECRET}");
            (pick(&ACTORS, *who), Kernel::ReviewGlass { mandate, finding }.into())
        }
        Step::NoteRead { who, person } => {
            let person = actor(pick(&ACTORS, *person));
            let purpose = format!("sida {SECRET}");
            (pick(&ACTORS, *who), Kernel::NoteRead { person, purpose }.into())
        }
        Step::Report { .. } | Step::CorrectFigure { .. } => ("a-2", figure(step)),
        Step::Rules(step) => rules(desk, step),
        Step::RotateKey { seed, honest } => {
            let new = Key::new(*seed).public();
            let signer = if *honest { &desk.key } else { &Key::new(*seed) };
            let vouched = samband_domain::words::Sign::sign(signer, &new.0);
            ("machine", Kernel::RotateKey { new, vouched }.into())
        }
        _ => ("machine", bond(step)),
    }
}

fn granting(desk: &Desk, grant: &Grant) -> Command {
    let approval = match grant.approval {
        None => Approval::NotRequired,
        Some(false) => Approval::Pending { authority: "IVO".into(), asked: Known::Unknown },
        Some(true) => answer(true, desk.now),
    };
    let linked = grant.deputy_for.or(grant.delegated_from).filter(|_| grant.like.is_some());
    let like = linked
        .or(grant.like)
        .and_then(|index| desk.region.shared.kernel.mandates.get(&held(desk, index)));
    let command = Kernel::GrantMandate {
        holder: actor(pick(&ACTORS, grant.holder)),
        capacity: like.map_or_else(|| grant.capacity.clone(), |like| like.capacity.clone()),
        site: like.map_or_else(|| grant.site.map(site), |like| like.site.clone()),
        window: spans(desk, grant.window),
        deputy_for: grant.deputy_for.map(|index| held(desk, index)),
        delegated_from: grant.delegated_from.map(|index| held(desk, index)),
        review_at: grant.review_at.map(|hour| desk.now.plus_seconds(hour * 3_600)),
        share_permille: grant.share.into(),
        approval,
        basis: None,
    };
    command.into()
}

fn answer(yes: bool, decided: Time) -> Approval {
    let (authority, reference) = ("IVO".to_owned(), "dnr 1".to_owned());
    match yes {
        true => Approval::Approved { authority, reference, decided },
        false => Approval::Rejected { authority, reference, decided },
    }
}

fn figure(step: &Step) -> Command {
    match step {
        Step::Report { measure, year, value: said } => {
            let row = FigureRow {
                measure: Measure::ALL[*measure],
                period: Period::Year(*year),
                value: value(*said),
                row: None,
                column: None,
            };
            let title = "Årsrapport".into();
            let source = Source { title, published: Known::Unknown, file: None, warnings: vec![] };
            figures::Command::Report { source, rows: vec![row] }.into()
        }
        Step::CorrectFigure { measure, year, value: said } => {
            let command = figures::Command::Correct {
                measure: Measure::ALL[*measure],
                period: Period::Year(*year),
                value: value(*said),
                reason: "sifferfel".into(),
            };
            command.into()
        }
        _ => unreachable!("a step about figures"),
    }
}

fn rules(desk: &Desk, step: &RuleStep) -> (&'static str, Command) {
    use rulesets::Command as Rules;
    let (scope, title) = (Scope::Blood, "Regler".to_owned());
    let stated = |set: u32| {
        let value = if set == 0 { Known::Unknown } else { Known::Value(Value::Days(set)) };
        vec![Rule { key: key::EXPIRING_DAYS, value, source: "SOS28".into(), note: None }]
    };
    let digest = |set: u32| {
        let text = Document::of(scope, title.clone(), set.to_string(), &stated(set)).text();
        Digest::of(text.as_bytes())
    };
    let (who, command) = match step {
        RuleStep::Draft { who, set } => {
            let (version, rules) = (set.to_string(), stated(*set));
            (who, Rules::Draft { scope, title, version, rules, file: None })
        }
        RuleStep::Review { who, set, approve } => {
            let verdict = if *approve { Verdict::Approve } else { Verdict::Object };
            let comment = (!approve).then(|| "fel".into());
            (who, Rules::Review { rule_set: digest(*set), verdict, comment })
        }
        RuleStep::Adopt { who, set, hours } => {
            let from = (*hours != 0).then(|| desk.now.plus_seconds(hours * 3_600));
            (who, Rules::Adopt { rule_set: digest(*set), from })
        }
        RuleStep::Withdraw { who, set } => {
            (who, Rules::Withdraw { rule_set: digest(*set), reason: "fel".into() })
        }
    };
    (pick(&ACTORS, *who), command.into())
}

fn bond(step: &Step) -> Command {
    let peer = |index: &usize| id(pick(&PEERS, *index));
    let head = |index: &usize, seq| RecordRef {
        journal: peer(index),
        epoch: 1,
        seq,
        hash: Digest::of(&[1]),
    };
    let command = match step {
        Step::Trust(index) => {
            let peer = Peer { journal: peer(index), key: Key::new(9).public(), mode: Mode::Demo };
            let url = format!("https://{SECRET}.example:8443");
            let reach = Reach { url, certificate: Digest::of(SECRET.as_bytes()) };
            bonds::Command::Trust { peer, reach }
        }
        Step::Drop(index) => {
            bonds::Command::Drop { journal: peer(index), reason: "avslutat".into() }
        }
        Step::Notice { peer, seq } => bonds::Command::Notice { head: head(peer, *seq) },
        Step::Fork { peer: index, settle: true } => {
            bonds::Command::SettleFork { journal: peer(index), finding: "återställd".into() }
        }
        Step::Fork { peer, settle: false } => bonds::Command::ReportFork {
            held: head(peer, 3),
            shown: None,
            detail: "annan post".into(),
        },
        Step::Silence { peer: index, over: true } => {
            bonds::Command::NoteHeard { journal: peer(index) }
        }
        Step::Silence { peer: index, over: false } => {
            bonds::Command::NoteSilence { journal: peer(index), heard: Known::Value(at(0)) }
        }
        _ => unreachable!("a step about bonds"),
    };
    command.into()
}
