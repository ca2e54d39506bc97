//! Action cards (åtgärdskort): what a role does when the alarm comes, on one sheet that works
//! without any system.

use samband_domain::alarms::model::{DutyRole, Party, Recipient};
use samband_exchange::paper::{BLACK, Face, Sheet, WIDE};

use super::paper::{listed, way_text};
use super::sheet::{About, BODY, BOTTOM, FINE, GREY, INSIDE, LINE, MARGIN, STRONG, TINT};
use super::{of_region, other_regions, outside, rank_text, recipient_text, turns};
use crate::text::Words;

/// The roles that have a card.
pub const CARDS: [DutyRole; 4] =
    [DutyRole::Tib, DutyRole::RegionalCommand, DutyRole::BloodCentre, DutyRole::Transport];

/// Most steps of a card.
const STEPS: usize = 10;

/// The steps of a role's card, in order.
#[must_use]
pub fn steps(w: Words, role: DutyRole) -> Vec<String> {
    let step = |n: usize| w.find(&format!("roster-card-{role}-{n}"), &[]);
    (1..=STEPS).map_while(step).collect()
}

/// Whom a role telephones, in order.
#[must_use]
pub fn to_call(about: &About<'_>, role: DutyRole) -> Vec<Recipient> {
    let own = |roles: &[DutyRole]| of_region(about.region, roles);
    let others = |role| {
        let all = other_regions(about.world, about.region);
        all.into_iter().map(move |id| Recipient { party: Party::Region(id), role })
    };
    let mut all = match role {
        DutyRole::BloodCentre => own(&[DutyRole::Tib, DutyRole::RegionalCommand]),
        DutyRole::Transport => own(&[DutyRole::RegionalCommand, DutyRole::Switchboard]),
        DutyRole::RegionalCommand => {
            own(&[DutyRole::Tib, DutyRole::BloodCentre, DutyRole::Transport])
        }
        _ => own(&[DutyRole::RegionalCommand, DutyRole::BloodCentre, DutyRole::Switchboard]),
    };
    match role {
        DutyRole::Tib => {
            all.extend(outside());
            all.extend(others(DutyRole::Tib));
        }
        DutyRole::BloodCentre => {
            all.extend(outside().into_iter().filter(|of| of.role == DutyRole::NationalBlood));
            all.extend(others(DutyRole::BloodCentre));
        }
        _ => all.extend(others(DutyRole::Tib)),
    }
    all
}

/// A name and its ways on one line each, for whoever is on duty now.
#[must_use]
pub fn reached(about: &About<'_>, of: &Recipient) -> Vec<String> {
    let w = about.words;
    let all = listed(turns(about.world, about.region, of), about);
    let now = all.iter().filter(|turn| turn.window.contains(about.now));
    now.map(|turn| {
        let ways: Vec<_> = turn.ways.iter().filter_map(|way| way_text(w, way)).collect();
        format!("{} ({}) {}", turn.name, rank_text(w, turn.rank), ways.join(" · "))
    })
    .collect()
}

/// A role's card as a sheet.
#[must_use]
pub fn card(about: &About<'_>, role: DutyRole) -> Sheet {
    let w = about.words;
    let name = w.dynamic("duty-role-", role.as_str());
    let title = w.t_args("roster-card-title", &[("role", name.into())]);
    let (mut sheet, mut y) = about.begin(&title, None);
    for (n, step) in steps(w, role).iter().enumerate() {
        sheet.rect((MARGIN, y - 4.0), (5.0, 5.0), TINT);
        sheet.line(&square((MARGIN, y - 4.0), 5.0), 0.3, BLACK);
        sheet.text((MARGIN + 8.0, y), STRONG, BLACK, format!("{}.", n + 1));
        let face = Face::plain(10.5);
        y = sheet.paragraph((MARGIN + 14.0, y), INSIDE - 14.0, (face, BLACK), step) + 2.2;
    }
    y += 2.0;
    sheet.text((MARGIN, y), Face::bold(11.5), BLACK, w.t("roster-card-call"));
    y += 6.0;
    for of in to_call(about, role) {
        y = line_of(&mut sheet, about, &of, y);
    }
    notes(&mut sheet, about, y);
    sheet
}

fn line_of(sheet: &mut Sheet, about: &About<'_>, of: &Recipient, y: f32) -> f32 {
    // What does not fit any more stands on the contact list.
    if y > BOTTOM - 30.0 {
        return y;
    }
    let all = reached(about, of);
    let text = if all.is_empty() { "_".repeat(40) } else { all.join("; ") };
    let name = recipient_text(about.words, about.world, of);
    let wide = Face::plain(9.0);
    sheet.text((MARGIN, y), Face::bold(9.0), BLACK, name);
    let below = sheet.paragraph((MARGIN + 66.0, y), INSIDE - 66.0, (wide, BLACK), &text);
    sheet.line(&[(MARGIN, below - 2.6), (WIDE - MARGIN, below - 2.6)], 0.1, LINE);
    below + 0.8
}

/// Lines to write on, as far as there is room.
fn notes(sheet: &mut Sheet, about: &About<'_>, y: f32) {
    let mut y = y + 6.0;
    if y > BOTTOM - 12.0 {
        return;
    }
    sheet.text((MARGIN, y), STRONG, BLACK, about.words.t("roster-card-notes"));
    sheet.text((MARGIN + 40.0, y), FINE, GREY, about.words.t("roster-card-notes-hint"));
    y += BODY.line() + 5.0;
    while y < BOTTOM {
        sheet.line(&[(MARGIN, y), (WIDE - MARGIN, y)], 0.15, LINE);
        y += 9.0;
    }
}

fn square((x, y): (f32, f32), side: f32) -> [(f32, f32); 5] {
    [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
}
