//! Rare blood: questions between regions, answered as a band; nobody is told who.

use crate::common::stock::region;
use crate::common::{Desk, SECRET, id};
use samband_domain::blood::model::{Antigen, Antigens, Group, Phenotype};
use samband_domain::donors::model::Types;
use samband_domain::donors::typed::many;
use samband_domain::rare::model::{Band, Wanted};
use samband_domain::rare::view::{Part, replies};
use samband_domain::rare::{Command, Event};
use samband_domain::{Command as Any, Foreign, Known, due};

fn wanted() -> Wanted {
    Wanted {
        groups: vec![Group::O_NEG],
        lacks: Antigens::of(Antigen::Fya).with(Antigen::Jka),
        ..Wanted::default()
    }
}

fn ask(wanted: Wanted) -> Command {
    Command::Ask { wanted, note: Some(format!("till {SECRET}")) }
}

/// So many donors fit, of ten times as many.
fn typed(desk: &mut Desk, fitting: u32) {
    let types = |i: u32| {
        let lacks = Phenotype::UNTESTED.with(Antigen::Fya, false).with(Antigen::Jka, i >= fitting);
        let types = Types { phenotype: lacks, hla: Vec::new(), hpa: Vec::new() };
        (Known::Value(Group::O_NEG), types)
    };
    desk.region.own.donors.typed = many(fitting * 10, types);
}

fn answer(desk: &mut Desk, asker: &Desk, command: Command) -> Result<Band, &'static str> {
    let at = command.foreign().unwrap();
    let line = asker.lines.iter().find(|line| line.meta.at == *at).expect("the record is there");
    let foreign = Foreign { mode: asker.mode, at: at.clone(), event: line.event.clone() };
    let events = desk.act_upon("engine", command, Some(&foreign));
    let events = events.map_err(|refusal| refusal.kind.code)?;
    let [samband_domain::Event::Rare(Event::Answered(said, _))] = &events[..] else { panic!() };
    Ok(said.band)
}

fn owed(desk: &Desk, asker: &Desk) -> Vec<Command> {
    let states = [(&desk.journal, &desk.region.shared), (&asker.journal, &asker.region.shared)];
    let all = due(&desk.region, &desk.journal, &[], &states, desk.now);
    let rare = all.into_iter().filter_map(|command| match command {
        Any::Rare(command) => Some(command),
        _ => None,
    });
    rare.collect()
}

#[test]
fn a_question_is_answered_once_as_a_band_and_by_itself() {
    let mut skane = region("skane", false);
    skane.must("a-1", ask(wanted()));
    assert!(!skane.shared_bytes().contains(SECRET), "for whom stays in the region");
    for (fitting, band) in [(0, Band::Unknown), (3, Band::Few), (7, Band::Several)] {
        let mut halland = region("halland", false);
        typed(&mut halland, fitting);
        let [command] = &owed(&halland, &skane)[..] else { panic!("one question, one answer") };
        assert_eq!(answer(&mut halland, &skane, command.clone()), Ok(band));
        assert!(owed(&halland, &skane).is_empty(), "once");
        let again = answer(&mut halland, &skane, command.clone());
        assert_eq!(again, Err("rare.question_over"));
        let parts = [&skane, &halland].map(|desk| Part {
            journal: &desk.journal,
            shared: &desk.region.shared,
            as_of: Known::Value(desk.now),
        });
        let (_, told) = replies(&skane.journal, &parts, &wanted()).expect("the question is open");
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].answer.map(|answer| answer.band), Some(band));
        assert_eq!(told[0].region, &id("halland"));
    }
    assert!(owed(&skane, &skane).is_empty(), "nobody answers their own question");
}

#[test]
fn a_search_that_says_nothing_and_a_question_that_is_open() {
    let mut skane = region("skane", false);
    let group_alone = Wanted { groups: vec![Group::O_NEG], ..Wanted::default() };
    assert_eq!(skane.refused("a-1", ask(group_alone)), "rare.wanted");
    let no_type = Wanted { hla: vec!["okänd".into()], ..wanted() };
    assert_eq!(skane.refused("a-1", ask(no_type)), "rare.wanted");
    skane.must("a-1", ask(wanted()));
    assert_eq!(skane.refused("a-1", ask(wanted())), "rare.asked_already");
    // After two weeks it may be asked again, and what is over is not at hand.
    skane.pass_hours(24 * 15);
    skane.must("a-1", ask(wanted()));
    assert_eq!(skane.region.shared.rare.asks.len(), 1);
    assert_eq!(skane.replayed(), skane.region);
}

#[test]
fn ones_own_question_and_an_unknown_one_are_not_answered() {
    let mut skane = region("skane", false);
    skane.must("a-1", ask(wanted()));
    let own = Command::Answer { ask: skane.head() };
    assert_eq!(skane.refused("engine", own.clone()), "rare.question_unknown");
    let mut halland = region("halland", false);
    assert_eq!(halland.refused("engine", own), "rare.question_unknown");
}
