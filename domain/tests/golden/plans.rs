//! Events of joint supply: one of every kind.

use samband_domain::blood::model::stock::Line;
use samband_domain::blood::model::{Component, Group};
use samband_domain::donors::model::{Response, Sex, Stratum};
use samband_domain::plans::event::{
    AcceptedMove, Event as Plan, Refused, Reopened, Said, TargetSet,
};
use samband_domain::plans::event::{
    AdoptedWeek, CallUpWithdrawn, CampaignSaid, DrawnWeek, StrataTold, WithdrawnWhy,
};
use samband_domain::plans::model::{
    Arc, DayUse, HomeReport, HomeUnits, Outcome, Place, Proposal, Target, UseReport, Why,
};
use samband_domain::plans::model::{
    CallBasis, CallLine, CallWeek, DrawnLine, Pooling, ToldDonors, ToldSilent,
};
use samband_domain::plans::model::{Campaign, CampaignCount, Channel, Registrations};
use samband_domain::words::{CallUpId, Code, Day, DonorId, NONE};
use samband_domain::{Digest, Event, JournalId, Known, Private, SiteId, Time};

pub fn events() -> Vec<Event> {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let site = |name: &str| SiteId::new(name).unwrap();
    let place = |region: &str, name: &str| Place {
        region: JournalId::new(region).unwrap(),
        site: site(name),
    };
    let line = Line { component: Component::RedCells, group: Some(Group::O_NEG) };
    let rows = vec![
        DayUse { site: site("lund"), day: day("2026-01-02"), line, units: Known::Value(7) },
        DayUse { site: site("lund"), day: day("2026-01-03"), line, units: Known::Unknown },
    ];
    let report = UseReport {
        from: day("2026-01-01"),
        to: day("2026-01-03"),
        source: "ProSang, uttag".into(),
        file: Some(("uttag.csv".into(), Digest::of(b"file"))),
        rows,
    };
    let target =
        Target { fill_to: 40, green_from: 20, amber_from: 8, basis: "plan 2026-01-01".into() };
    let target = TargetSet { site: site("lund"), line, target: Some(target) };
    let arc = Arc {
        from: place("skane", "lund"),
        to: place("halland", "varberg"),
        component: Component::RedCells,
        group: Some(Group::O_NEG),
    };
    let on = day("2026-01-09");
    let why = vec![
        Why::WouldExpire { units: 3, on },
        Why::WouldMiss { units: 2, on },
        Why::BelowMinimum { missing: 3, on },
        Why::SendersMinimum { on },
        Why::CourierFull,
    ];
    let proposal = Proposal {
        arc: arc.clone(),
        units: 6,
        leg: Some(Code::new("lund-varberg-fm").unwrap()),
        leaves: Time(20),
        arrives: Time(30),
        why,
        saves_ore: 420_000,
        made: Time(5),
        basis: Digest::of(b"facts"),
    };
    let accepted = AcceptedMove { proposal, units: 4, outcome: Outcome::Offered };
    let said = Private::Here(Said { note: Some("två behövs här".into()) });
    let refused = Refused { arc: arc.clone(), until: on, reason: "trauma väntas".into() };
    let home = |home: Option<&str>, in_care_price, units| HomeUnits {
        component: Component::RedCells,
        home: home.map(|id| JournalId::new(id).unwrap()),
        in_care_price,
        units,
    };
    let homes = HomeReport {
        month: "2026-01".parse().unwrap(),
        source: "ekonomi".into(),
        rows: vec![home(None, false, 2), home(Some("halland"), true, 7)],
    };
    let all = [
        Plan::UseReported(report, NONE),
        Plan::TargetSet(target, NONE),
        Plan::Accepted(accepted, said),
        Plan::Refused(refused, NONE),
        Plan::Reopened(Reopened { arc }, NONE),
        Plan::HomesStated(homes, NONE),
        Plan::CampaignRecorded(campaign(), NONE),
        Plan::CampaignCounted(counted(), NONE),
    ];
    all.into_iter().chain(calls()).map(Event::from).collect()
}

/// A campaign for new donors that replaces another.
fn campaign() -> CampaignSaid {
    let campaign = Campaign {
        title: "Ge blod i höst".into(),
        channel: Channel::SocialMedia,
        from: "2026-01-12".parse().unwrap(),
        to: "2026-01-31".parse().unwrap(),
        cost_kr: Known::Value(120_000),
        goal: Known::Unknown,
        source: "kommunikationsenheten".into(),
    };
    CampaignSaid { campaign, replaces: Some(Digest::of(b"before")) }
}

/// What came of it.
fn counted() -> CampaignCount {
    let registrations =
        Registrations { before: Known::Value(10), during: Known::Value(25), after: Known::Unknown };
    let on = "2026-02-01".parse().unwrap();
    CampaignCount { campaign: Digest::of(b"campaign"), on, registrations }
}

/// Weeks of a call-up plan.
fn calls() -> Vec<Plan> {
    let week: Day = "2026-01-12".parse().unwrap();
    let stratum = Stratum {
        site: SiteId::new("lund").unwrap(),
        group: Group::O_NEG,
        sex: Sex::Female,
        response: Response::Often,
    };
    let line = CallLine { stratum, invite: 6, expected_milli: 4_100 };
    let told = CallWeek { week, lines: vec![line.clone()] }.told();
    let rests = CallBasis {
        pooling: Pooling::Pooled,
        band_permille: Some(800),
        near_permille: 962,
        made: Time(5),
        basis: Digest::of(b"facts"),
    };
    let adopted = AdoptedWeek { week, rests, groups: told };
    let drawn = DrawnWeek {
        lines: vec![DrawnLine { line, donors: vec![DonorId::new("d-1").unwrap()] }],
        lists: vec![CallUpId::new("cl-1").unwrap()],
        rule_set: Digest::of(b"rules"),
        note: Some("vecka tre".into()),
    };
    let row = ToldDonors {
        group: Group::O_NEG,
        sex: Sex::Female,
        response: Response::Often,
        donors: Known::Value(15),
        free: Known::Unknown,
    };
    let silent = ToldSilent { group: Group::O_NEG, donors: Known::Unknown };
    let telling = StrataTold { on: week, fewest: 5, rows: vec![row], silent: vec![silent] };
    vec![
        Plan::CallUpAdopted(adopted, Private::Here(drawn)),
        Plan::CallUpWithdrawn(
            CallUpWithdrawn { week },
            Private::Here(WithdrawnWhy { reason: "helg".into() }),
        ),
        Plan::StrataTold(telling, NONE),
    ]
}
