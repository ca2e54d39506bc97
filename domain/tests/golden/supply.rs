//! Calls between regions, the timetable, boxes, and what becomes of a dispatch that was called off.

use samband_domain::blood::Event;
use samband_domain::blood::event as said;
use samband_domain::blood::event::supply;
use samband_domain::blood::model::stock::{Arrival, Load, Way};
use samband_domain::blood::model::supply::{
    BoxArrival, BoxState, Cited, Goods, Leg, Packed, Parcel, Side, Verdict,
};
use samband_domain::blood::model::{
    Antigen, Antigens, Attribute, Attributes, Component, Group, QuarantineReason,
};
use samband_domain::words::NONE;
use samband_domain::{Known, Private, Time};

use super::{code, full, journal, record, site, tested, unit, units};

const BY: Time = Time(1_600_003_600_000_000);

fn goods() -> Goods {
    Goods {
        component: Component::RedCells,
        group: Some(Group::O_NEG),
        negative: Antigens::of(Antigen::Fya).with(Antigen::Jka),
        attributes: Attributes::NONE.with(Attribute::Irradiated),
        units: 4,
    }
}

fn called(goods: Goods) -> supply::Called {
    supply::Called {
        site: site("varberg"),
        to_region: journal("skane"),
        to_site: Some(site("lund")),
        goods,
        by: BY,
    }
}

fn calls() -> Vec<Event> {
    let note = |note: Option<&str>| Private::Here(said::Note { note: note.map(str::to_owned) });
    let plain =
        Goods { group: None, negative: Antigens::NONE, attributes: Attributes::NONE, ..goods() };
    let answered = |verdict, units, reason: Option<&str>| supply::Answered {
        call: record("halland", 20),
        side: Side::Ask,
        site: site("lund"),
        caller: site("varberg"),
        verdict,
        units,
        goods: goods(),
        by: BY,
        reason: reason.map(str::to_owned),
    };
    let leg = Leg {
        code: code("lund-varberg-fm"),
        from: site("lund"),
        to_region: journal("halland"),
        to_site: site("varberg"),
        days: vec![1, 2, 3, 4, 5],
        departs: 555,
        cutoff: 30,
        under_way: 150,
        carrier: "Blodbudet".into(),
    };
    let withdrawn =
        supply::CallWithdrawn { call: record("skane", 21), reason: "behovet är täckt".into() };
    vec![
        Event::Asked(called(goods()), note(Some("till operation"))),
        Event::Asked(supply::Called { to_site: None, ..called(plain) }, note(None)),
        Event::Offered(called(goods()), note(None)),
        Event::Answered(answered(Verdict::Partly, 2, Some("två kvar till eget behov")), NONE),
        Event::Answered(answered(Verdict::Accept, 4, None), NONE),
        Event::CallWithdrawn(withdrawn, NONE),
        Event::LegStated(supply::LegStated { leg: leg.clone() }, NONE),
        Event::LegStated(supply::LegStated { leg: Leg { code: code("ut"), ..leg } }, NONE),
        Event::LegEnded(supply::LegEnded { code: code("ut") }, NONE),
    ]
}

fn boxes() -> Vec<Event> {
    let way = Way {
        from: site("lund"),
        to_region: journal("halland"),
        to_site: site("varberg"),
        sent: Time(1_600_000_000_000_000),
        eta: Known::Value(BY),
        carrier: Some("Blodbudet".into()),
    };
    let packed = |number, serial, tenths, logger: Option<&str>| Packed {
        number,
        units: units(&[serial]),
        tenths,
        logger: logger.map(str::to_owned),
    };
    let parcel = Parcel {
        consignment: Some("A99992600017".into()),
        boxes: vec![
            packed(1, 60, Known::Value(42), Some("TL-7")),
            packed(2, 61, Known::Unknown, None),
        ],
        leg: Some(code("lund-varberg-fm")),
        leaves: Some(Time(1_600_001_000_000_000)),
        cites: Some(Cited { call: record("halland", 20), answer: None }),
    };
    let load = Load { tested: vec![tested(None)], units: vec![full(60), full(61)] };
    let received = said::Received {
        dispatch: record("blekinge", 30),
        site: site("lund"),
        outcomes: vec![(unit(70), Arrival::Accepted), (unit(71), Arrival::Missing)],
        load: Load { tested: vec![tested(None)], units: vec![full(70)] },
        held: vec![(unit(70), "shipment.temperature".into())],
        boxes: vec![
            BoxArrival { number: 1, state: BoxState::Intact, tenths: Known::Value(-31) },
            BoxArrival { number: 2, state: BoxState::Missing, tenths: Known::Unknown },
        ],
        note: None,
    };
    let back = supply::Back {
        free: units(&[80]),
        held: vec![(unit(81), QuarantineReason::Temperature)],
        missing: units(&[82]),
    };
    let called_off = |left, back| supply::CalledOff {
        dispatch: record("skane", 40),
        to_region: journal("halland"),
        units: units(&[80, 81, 82]),
        left,
        reason: "bilen kom inte".into(),
        back,
    };
    let noted = supply::CallingOffNoted {
        dispatch: record("blekinge", 41),
        called_off: record("blekinge", 42),
        units: units(&[83]),
    };
    let lost = supply::LostStated {
        dispatch: record("skane", 40),
        units: units(&[82]),
        search: "lastkajen i Varberg och bilen genomsökta".into(),
    };
    let taken =
        supply::TakenBack { dispatch: record("skane", 40), noted: record("halland", 43), back };
    vec![
        Event::Dispatched(said::Dispatched { way, load, parcel }, NONE),
        Event::Received(received, NONE),
        Event::CalledOff(called_off(false, supply::Back::default()), NONE),
        Event::CalledOff(called_off(true, taken.back.clone()), NONE),
        Event::CallingOffNoted(noted, NONE),
        Event::LostStated(lost, NONE),
        Event::TakenBack(taken, NONE),
    ]
}

/// At least one event of every kind of this file.
pub fn events() -> Vec<Event> {
    [calls(), boxes()].concat()
}
