//! What the kernel refuses.

use crate::refusals::asked::*;

use crate::common::{Desk, Key, actor, hours, identity, mandate, register};
use samband_domain::kernel::model::Continues;
use samband_domain::kernel::{
    Approval, Capacity, Command as Kernel, LegalRole, Owner, OwnerKind, Role, TEXT_MAX,
};
use samband_domain::words::Sign;
use samband_domain::{Digest, Mode, RecordRef};

pub fn journal_cases() -> Vec<(&'static str, Case)> {
    let open = || Desk::open("skane");
    let closed = || Desk::closed("skane", Mode::Demo);
    let genesis = open().genesis();
    let other_mode = Kernel::OpenJournal {
        owner: Owner { kind: OwnerKind::Region, name: "Region Skåne".into(), county_code: None },
        mode: Mode::Real,
        key: Key::new(1).public(),
        continues: Some(Continues {
            from: RecordRef {
                journal: "skane".parse().unwrap(),
                epoch: 1,
                seq: 1,
                hash: Digest::ZERO,
            },
            reason: "restored".into(),
            known_further: None,
        }),
    };
    let new = Key::new(77);
    let vouched = new.sign(&new.public().0);
    let rotate = Kernel::RotateKey { new: new.public(), vouched };
    let long = "å".repeat(TEXT_MAX + 1);
    let wordless = |reason: &str| Kernel::NoteRead { person: actor("a-1"), purpose: reason.into() };
    vec![
        ("journal.already_open", case(open(), "machine", genesis)),
        ("journal.mode_fixed", case(open(), "machine", other_mode)),
        ("journal.not_open", case(closed(), "machine", register("a-1"))),
        ("journal.not_open", case(closed(), "a-1", rows(&[]))),
        ("journal.key_unvouched", case(open(), "machine", rotate)),
        ("form.text_needed", case(open(), "a-1", wordless("  "))),
        ("form.text_needed", case(open(), "a-1", wordless("a\u{7}"))),
        ("form.text_needed", case(open(), "a-1", wordless(&long))),
        ("form.not_found", case(open(), "a-1", end(mandate("m-0"), 1))),
        ("form.not_found", case(open(), "a-1", erase("a-9"))),
        ("form.not_found", case(open(), "a-1", open_site("lund", Some("sus"), hours(0, 1)))),
        ("form.id_taken", case(open(), "machine", register("a-1"))),
        ("form.id_taken", case(with_sites(), "a-1", open_site("sus", None, hours(0, 1)))),
        ("form.already_ended", case(with_sites(), "a-1", close("lund", 50))),
        ("form.already_ended", case(with_sites(), "a-1", close("lund", -1))),
        (
            "site.outside_parent",
            case(with_sites(), "a-1", open_site("malmo", Some("sus"), hours(0, None))),
        ),
        (
            "site.outside_parent",
            case(with_sites(), "a-1", open_site("malmo", Some("lund"), hours(10, 51))),
        ),
        ("site.has_open_children", case(with_sites(), "a-1", close("sus", 49))),
    ]
}

pub fn person_cases() -> Vec<(&'static str, Case)> {
    let erased = || {
        let mut desk = Desk::open("skane");
        desk.must("a-1", erase("a-2"));
        desk
    };
    let correct_erased = Kernel::CorrectActor {
        actor: actor("a-2"),
        title: "Läkare".into(),
        identity: identity("åter"),
        reason: "ångrat".into(),
    };
    let mut legal = with(Grant { capacity: quality(), window: hours(0, 1), ..Grant::default() });
    legal.pass_hours(30 * 365 * 24);
    let mut signed = Desk::open("skane");
    signed.must("a-2", propose(&["skane", "halland"], &["ett"], hours(0, None)));
    signed.pass_hours(24 * 365);
    let later = with(Grant { window: hours(10, 20), ..Grant::default() });
    let awaited = with(Grant { approval: pending(), ..Grant::default() });
    let opened = || {
        let mut desk = Desk::open("skane");
        desk.must("a-1", glass(60));
        desk
    };
    let own = review(&opened());
    let mut reviewed = opened();
    reviewed.must("a-2", own.clone());
    vec![
        ("person.erased", case(erased(), "a-1", erase("a-2"))),
        ("person.erased", case(erased(), "a-1", correct_erased)),
        ("person.erased", case(erased(), "a-1", Grant::default())),
        ("erasure.traceability", case(legal, "a-1", erase("a-2"))),
        ("erasure.traceability", case(signed, "a-1", erase("a-2"))),
        ("erasure.mandate_in_force", case(with(Grant::default()), "a-1", erase("a-2"))),
        ("erasure.mandate_in_force", case(later, "a-1", erase("a-2"))),
        ("erasure.mandate_in_force", case(awaited, "a-1", erase("a-2"))),
        ("glass.own_review", case(opened(), "a-1", own.clone())),
        ("glass.already_reviewed", case(reviewed, "a-2", own)),
        ("glass.too_long", case(Desk::open("skane"), "a-1", glass(721))),
        ("glass.too_long", case(Desk::open("skane"), "a-1", glass(0))),
    ]
}

pub fn mandate_cases() -> Vec<(&'static str, Case)> {
    let responsible = || Capacity::Legal(LegalRole::ResponsiblePerson);
    let taken =
        |approval: Approval| with(Grant { capacity: responsible(), approval, ..Grant::default() });
    let second = || Grant {
        holder: "a-1",
        capacity: responsible(),
        window: hours(99, 120),
        approval: approved(),
        ..Grant::default()
    };
    let base = || with(Grant { holder: "a-1", ..Grant::default() });
    let from = |desk: &Desk, change: Grant| Grant {
        capacity: task(),
        delegated_from: Some(held(desk)),
        ..change
    };
    let delegated = |change: Grant| {
        let desk = base();
        let grant = from(&desk, change);
        case(desk, "a-1", grant)
    };
    let late = {
        let mut desk = base();
        desk.pass_hours(100);
        let grant = from(&desk, Grant::default());
        case(desk, "a-1", grant)
    };
    let role = {
        let desk = base();
        let capacity = Capacity::Role(Role::Administrator);
        let grant = Grant { delegated_from: Some(held(&desk)), capacity, ..Grant::default() };
        case(desk, "a-1", grant)
    };
    let deputy = |change: Grant| {
        let desk = base();
        let grant = Grant { deputy_for: Some(held(&desk)), ..change };
        case(desk, "a-1", grant)
    };
    let deputys_deputy = {
        let mut desk = base();
        let first = Some(held(&desk));
        desk.must("a-1", Grant { deputy_for: first.clone(), ..Grant::default() });
        let mandates = &desk.region.shared.kernel.mandates;
        let deputy = mandates.values().find(|held| held.deputy_for == first);
        let deputy_for = deputy.map(|held| held.id.clone());
        let grant = Grant { holder: "a-1", deputy_for, ..Grant::default() };
        case(desk, "a-1", grant)
    };
    let answered = {
        let desk = base();
        let command = Kernel::RecordApproval { mandate: held(&desk), approval: approved() };
        case(desk, "a-1", command)
    };
    let unanswered = {
        let desk = taken(pending());
        let command = Kernel::RecordApproval { mandate: held(&desk), approval: pending() };
        case(desk, "a-1", command)
    };
    let open = || Desk::open("skane");
    vec![
        ("mandate.legal_role_taken", case(taken(approved()), "a-1", second())),
        ("mandate.legal_role_taken", case(taken(pending()), "a-1", second())),
        ("mandate.approval_needed", {
            case(open(), "a-1", Grant { capacity: responsible(), ..Grant::default() })
        }),
        ("mandate.approval_not_pending", answered),
        ("mandate.approval_not_pending", unanswered),
        ("mandate.delegation_beyond", {
            case(open(), "a-1", Grant { capacity: task(), ..Grant::default() })
        }),
        ("mandate.delegation_beyond", delegated(Grant { holder: "a-1", ..Grant::default() })),
        (
            "mandate.delegation_beyond",
            delegated(Grant { window: hours(0, 101), ..Grant::default() }),
        ),
        ("mandate.delegation_beyond", late),
        ("mandate.delegation_beyond", role),
        ("mandate.delegation_review", delegated(Grant { review_at: None, ..Grant::default() })),
        ("mandate.delegation_review", delegated(Grant { review_at: Some(0), ..Grant::default() })),
        ("mandate.deputy_misfit", deputys_deputy),
        ("mandate.deputy_misfit", deputy(Grant { holder: "a-1", ..Grant::default() })),
        ("mandate.deputy_misfit", deputy(Grant { capacity: quality(), ..Grant::default() })),
        ("mandate.share_range", case(open(), "a-1", Grant { share: Some(0), ..Grant::default() })),
        ("mandate.share_range", {
            case(open(), "a-1", Grant { share: Some(1_001), ..Grant::default() })
        }),
    ]
}
