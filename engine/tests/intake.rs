//! Two installations: what one region shares arrives at the other as it is, and nothing else.

use std::collections::BTreeSet;

use crate::common::pull::{held, key_of, page, pull, shared, to_bytes};
use crate::common::{Base, House, actor, figure, identity, journal, on_both, person, register};
use samband_access::Principal;
use samband_domain::agreements::view::{Standing, agreements};
use samband_domain::agreements::{self, AgreementKind};
use samband_domain::bonds::Command as Bonds;
use samband_domain::kernel::{Command as Kernel, Role};
use samband_domain::words::Sign as _;
use samband_domain::{JournalId, Window};
use samband_engine::{Engine, IntakeError};

/// Two houses; halland trusts skåne.
async fn two(base: &Base) -> (House, House) {
    let (skane, halland) = (base.house("skane").await, base.house("halland").await);
    skane.settle("skane").await;
    halland.settle("halland").await;
    halland.trust("halland", "skane", key_of(&skane.engine, "skane")).await;
    (skane, halland)
}

async fn live(house: &House, region: &str, from: u64, count: u64) {
    for n in from..from + count {
        house.report(region, 1960 + i16::try_from(n % 60).unwrap(), n).await.unwrap();
        if n % 5 == 0 {
            let new = register(&format!("a-{n}"), &format!("Xsecret {n}"));
            house.give(&Principal::Machine, region, new).await.unwrap();
        }
        if n % 7 == 0 {
            let glass = Kernel::BreakGlass { reason: format!("Xsecret {n}"), minutes: 5 };
            house.give(&person(region, "coordinator"), region, glass).await.unwrap();
        }
        house.pass(1);
    }
}

async fn pages_of_every_size_in_any_order_give_the_same_picture(base: Base) {
    let (skane, mut halland) = two(&base).await;
    let id = journal("skane");
    let mut pages = Vec::new();
    let mut dice = Dice(0x5eed);
    for round in 0..6 {
        live(&skane, "skane", round * 8, 8).await;
        let end = held(&skane.engine, &id).unwrap().1;
        for _ in 0..14 {
            let after = dice.below(end + 1);
            let limit = u32::try_from(1 + dice.below(30)).unwrap();
            let after = (after > 0).then_some((1, after));
            pages.push(page(&skane.engine, &id, after, limit).await);
        }
    }
    halland.place.clock.set(skane.engine.now());
    let (mut gaps, mut news) = (0, 0);
    for _ in 0..4 * pages.len() {
        let one = pages[usize::try_from(dice.below(pages.len() as u64)).unwrap()].clone();
        match halland.engine.take_page(&id, one).await {
            Ok(report) => news += report.records,
            Err(IntakeError::Gap(_)) => gaps += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert!(gaps > 0 && news > 0, "{gaps} gaps, {news} records");
    pull(&skane.engine, &halland.engine, "skane", 7).await.unwrap();
    let whole = base.house("whole").await;
    whole.settle("kronoberg").await;
    whole.trust("kronoberg", "skane", key_of(&skane.engine, "skane")).await;
    pull(&skane.engine, &whole.engine, "skane", 10_000).await.unwrap();
    for restart in [false, true] {
        if restart {
            halland.restart().await;
        }
        assert_eq!(shared(&halland.engine, "skane"), shared(&skane.engine, "skane"));
        assert_eq!(shared(&whole.engine, "skane"), shared(&skane.engine, "skane"));
        halland.engine.verify(&id).await.unwrap();
        assert!(!halland.engine.halted(&id));
        assert!(halland.engine.world().local(&id).is_none());
    }
    live(&skane, "skane", 100, 3).await;
    pull(&skane.engine, &halland.engine, "skane", 2).await.unwrap();
    assert_eq!(shared(&halland.engine, "skane"), shared(&skane.engine, "skane"));
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

async fn nothing_private_is_in_any_byte_that_leaves(base: Base) {
    let (skane, halland) = two(&base).await;
    skane.trust("skane", "halland", key_of(&halland.engine, "halland")).await;
    live(&skane, "skane", 0, 30).await;
    let machine = Principal::Machine;
    let right = Kernel::CorrectActor {
        actor: actor("director"),
        title: "Director".into(),
        identity: samband_domain::kernel::Identity {
            phone: Some("Xsecret phone".into()),
            email: Some("xsecret@example.invalid".into()),
            hsa_id: Some("Xsecret-HSA".into()),
            ..identity("Xsecret corrected")
        },
        reason: "title".into(),
    };
    skane.give(&machine, "skane", right).await.unwrap();
    let read = Kernel::NoteRead { person: actor("director"), purpose: "Xsecret purpose".into() };
    skane.give(&Principal::Engine, "skane", read).await.unwrap();
    let noted = Kernel::NoteAccount { person: actor("director"), act: "Xsecret act".into() };
    skane.give(&Principal::Engine, "skane", noted).await.unwrap();

    let id = journal("skane");
    let (mut after, mut text) = (None, String::new());
    loop {
        let page = page(&skane.engine, &id, after, 9).await;
        text.push_str(&to_bytes(&page));
        let Some(last) = page.records.last() else {
            break;
        };
        after = Some((last.epoch, last.seq));
    }
    assert!(text.contains("Annual report") && text.len() > 10_000);
    let lower = text.to_lowercase();
    let at = lower.find("xsecret");
    assert!(at.is_none(), "{}", &text[at.unwrap_or(0).saturating_sub(200)..]);
    // They are in the journal itself, so the search would have found them.
    let own = skane.engine.store().read(&id, 1, 0, 10_000).await.unwrap();
    let own: String = own.into_iter().map(samband_journal::Wire::line).collect();
    assert!(own.contains("Xsecret phone") && own.contains("xsecret-host"));
    // Nor is anything private kept on the other side.
    pull(&skane.engine, &halland.engine, "skane", 50).await.unwrap();
    let copy = halland.engine.store().read(&id, 1, 0, 10_000).await.unwrap();
    let copy: String = copy.into_iter().map(samband_journal::Wire::line).collect();
    assert!(!copy.to_lowercase().contains("xsecret"));
}

/// Even if the neighbour hands over what it should not, it is not kept.
async fn private_parts_shown_by_mistake_are_not_kept(base: Base) {
    let (skane, halland) = two(&base).await;
    let id = journal("skane");
    let mut page = page(&skane.engine, &id, None, 100).await;
    page.records = skane.engine.store().read(&id, 1, 0, 100).await.unwrap();
    halland.engine.take_page(&id, page).await.unwrap();
    let copy = halland.engine.store().read(&id, 1, 0, 100).await.unwrap();
    let copy: String = copy.into_iter().map(samband_journal::Wire::line).collect();
    assert!(!copy.contains("Xsecret"));
    assert_eq!(shared(&halland.engine, "skane"), shared(&skane.engine, "skane"));
}

async fn only_what_somebody_trusts_is_taken_in(base: Base) {
    let (skane, halland) = two(&base).await;
    let (id, own) = (journal("skane"), journal("halland"));
    let good = page(&skane.engine, &id, None, 100).await;
    let outcome = skane.engine.take_page(&id, good.clone()).await;
    assert!(matches!(outcome, Err(IntakeError::Ours(_))));
    let stranger = base.house("kronoberg").await;
    stranger.settle("kronoberg").await;
    let outcome = stranger.engine.take_page(&id, good.clone()).await;
    assert!(matches!(outcome, Err(IntakeError::Untrusted(_))));
    // A page of one journal is none of another.
    let wrong = page(&halland.engine, &own, None, 100).await;
    let outcome = halland.engine.take_page(&id, wrong).await;
    assert!(matches!(outcome, Err(IntakeError::Misfit { .. })), "{outcome:?}");
    halland.engine.take_page(&id, good.clone()).await.unwrap();
    // The address is asked for pages of journals that are written there, no others.
    let nobody = BTreeSet::new();
    assert!(halland.engine.page(&id, None, 10, &nobody).await.unwrap().is_none());
    assert!(halland.engine.page(&journal("nowhere"), None, 10, &nobody).await.unwrap().is_none());
    let drop = Bonds::Drop { journal: id.clone(), reason: "moved".into() };
    halland.give(&person("halland", "administrator"), "halland", drop).await.unwrap();
    let outcome = halland.engine.take_page(&id, good).await;
    assert!(matches!(outcome, Err(IntakeError::Untrusted(_))));
}

fn heads(houses: [&House; 2]) -> Vec<Option<(u32, u64)>> {
    let regions = [journal("skane"), journal("halland")];
    let held = |house: &House| regions.clone().map(|id| held(&house.engine, &id));
    houses.into_iter().flat_map(held).collect()
}

async fn notices_do_not_go_back_and_forth(base: Base) {
    let (skane, halland) = two(&base).await;
    skane.trust("skane", "halland", key_of(&halland.engine, "halland")).await;
    live(&skane, "skane", 0, 6).await;
    live(&halland, "halland", 0, 6).await;
    let mut before = Vec::new();
    for round in 0..8 {
        pull(&skane.engine, &halland.engine, "skane", 5).await.unwrap();
        pull(&halland.engine, &skane.engine, "halland", 5).await.unwrap();
        skane.engine.tick().await;
        halland.engine.tick().await;
        let now = heads([&skane, &halland]);
        if round >= 3 {
            assert_eq!(now, before, "round {round}");
        }
        before = now;
    }
    let bonds = |engine: &Engine, region: &str| shared(engine, region).bonds;
    let noticed = &bonds(&halland.engine, "halland").noticed[&journal("skane")];
    assert!(noticed.seq >= 6);
    // The other knows what was noticed of it: each is a witness to the other's past.
    let seen = &bonds(&skane.engine, "halland").noticed[&journal("skane")];
    assert_eq!(seen, noticed);
}

async fn rotate(house: &House, region: &str) {
    let id: JournalId = journal(region);
    let old = house.engine.keyring().get(&id, &key_of(&house.engine, region)).unwrap();
    let new = house.engine.keyring().make(&id).unwrap().public();
    let vouched = old.sign(&new.0);
    let command = Kernel::RotateKey { new, vouched };
    house.give(&Principal::Machine, region, command).await.unwrap();
    assert_eq!(key_of(&house.engine, region), new);
}

async fn a_key_may_change_while_the_other_is_behind(base: Base) {
    let (mut skane, mut halland) = two(&base).await;
    let id = journal("skane");
    halland.engine.take_page(&id, page(&skane.engine, &id, None, 3).await).await.unwrap();
    live(&skane, "skane", 0, 3).await;
    rotate(&skane, "skane").await;
    live(&skane, "skane", 3, 3).await;
    rotate(&skane, "skane").await;
    skane.restart().await;
    live(&skane, "skane", 6, 3).await;
    // Page by page, each older than both new keys.
    pull(&skane.engine, &halland.engine, "skane", 1).await.unwrap();
    assert_eq!(shared(&halland.engine, "skane"), shared(&skane.engine, "skane"));
    halland.restart().await;
    live(&skane, "skane", 9, 3).await;
    pull(&skane.engine, &halland.engine, "skane", 1).await.unwrap();
    assert_eq!(shared(&halland.engine, "skane"), shared(&skane.engine, "skane"));
    assert!(shared(&halland.engine, "halland").bonds.forks.is_empty());
    // Trust given only now knows the newest key alone.
    let late = base.house("kronoberg").await;
    late.settle("kronoberg").await;
    late.trust("kronoberg", "skane", key_of(&skane.engine, "skane")).await;
    pull(&skane.engine, &late.engine, "skane", 2).await.unwrap();
    assert_eq!(shared(&late.engine, "skane"), shared(&skane.engine, "skane"));
    late.engine.verify(&id).await.unwrap();
}

/// What somebody thinks of the one agreement there is.
fn standing(house: &House) -> Standing {
    let world = house.engine.world();
    let states = world.shared();
    let parties: Vec<_> =
        states.iter().map(|(id, s)| (id.clone(), &s.kernel, &s.agreements)).collect();
    let all = agreements(&parties, house.engine.now());
    assert_eq!(all.len(), 1);
    all[0].standing
}

async fn an_agreement_signed_by_both_binds_on_both_sides(base: Base) {
    let (skane, mut halland) = two(&base).await;
    skane.trust("skane", "halland", key_of(&halland.engine, "halland")).await;
    let propose = agreements::Command::Propose {
        title: "Consultancy".into(),
        kind: AgreementKind::Consultancy,
        parties: vec![journal("skane"), journal("halland")],
        clauses: vec!["One physician, one day a week".into()],
        window: Window::open(skane.engine.now()),
        reference: None,
        terms: None,
    };
    let proposal = skane.give(&person("skane", "director"), "skane", propose).await.unwrap();
    let proposal = proposal.first.unwrap();
    let document = *shared(&skane.engine, "skane").agreements.held.keys().next().unwrap();
    let sign = agreements::Command::Sign { document, proposal };
    let director = person("halland", "director");
    // Not before the proposal has arrived.
    halland.give(&director, "halland", sign.clone()).await.unwrap_err();
    pull(&skane.engine, &halland.engine, "skane", 2).await.unwrap();
    halland.restart().await;
    assert_eq!(standing(&halland), Standing::OneSided);
    let forged = person("skane", "director");
    halland.give(&forged, "halland", sign.clone()).await.unwrap_err();
    halland.give(&director, "halland", sign.clone()).await.unwrap();
    halland.give(&director, "halland", sign).await.unwrap_err();
    assert_eq!((standing(&skane), standing(&halland)), (Standing::OneSided, Standing::Binding));
    pull(&halland.engine, &skane.engine, "halland", 2).await.unwrap();
    assert_eq!((standing(&skane), standing(&halland)), (Standing::Binding, Standing::Binding));
    rotate(&skane, "skane").await;
    pull(&skane.engine, &halland.engine, "skane", 2).await.unwrap();
    assert_eq!((standing(&skane), standing(&halland)), (Standing::Binding, Standing::Binding));
}

/// Two answers in one group each find their own proposal.
async fn two_proposals_may_be_signed_together(base: Base) {
    let house = base.house("one").await;
    house.settle("skane").await;
    house.settle("halland").await;
    let mut group = Vec::new();
    for n in 0..2 {
        let propose = agreements::Command::Propose {
            title: format!("Agreement {n}"),
            kind: AgreementKind::Consultancy,
            parties: vec![journal("skane"), journal("halland")],
            clauses: vec!["One day a week".into()],
            window: Window::open(house.engine.now()),
            reference: None,
            terms: None,
        };
        let director = person("skane", "director");
        let receipt = house.give(&director, "skane", propose).await.unwrap();
        let held = shared(&house.engine, "skane").agreements.held;
        let proposal = receipt.first.unwrap();
        let (document, _) = held.iter().find(|(_, held)| held.at == proposal).unwrap();
        let sign = agreements::Command::Sign { document: *document, proposal };
        let director = person("halland", "director");
        group.push(crate::common::request(&director, "halland", &format!("s{n}"), sign));
    }
    house.engine.submit_all(group).await.unwrap();
    assert_eq!(shared(&house.engine, "halland").agreements.held.len(), 2);
    house.employ("skane", Role::Tib).await;
    house.give(&person("skane", "coordinator"), "skane", figure(2024, 1)).await.unwrap();
}

on_both! {
    pages_of_every_size_in_any_order_give_the_same_picture;
    nothing_private_is_in_any_byte_that_leaves;
    private_parts_shown_by_mistake_are_not_kept;
    only_what_somebody_trusts_is_taken_in;
    notices_do_not_go_back_and_forth;
    a_key_may_change_while_the_other_is_behind;
    an_agreement_signed_by_both_binds_on_both_sides;
    two_proposals_may_be_signed_together;
}
