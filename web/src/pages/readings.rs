//! Who read what is kept of somebody: gathered and shown in one way, for whoever may see it.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::kernel::Event as Kernel;
use samband_domain::{Event, JournalId, Private, Subject, Time};

use super::parts::title_of;
use super::records;
use crate::app::{App, Problem, Visitor};
use crate::components::{Cell, Column, Row, Table, time_tag};
use crate::text::Words;

/// Readings that are shown.
const MOST: u32 = 200;

/// When, by whom (title), why.
#[derive(Clone, Debug)]
struct Reading {
    at: Time,
    by: String,
    purpose: String,
}

/// Who read, newest first; none if the visitor may not see it.
#[derive(Clone, Debug)]
pub(super) struct Readings(Option<Vec<Reading>>);

impl Readings {
    /// Gathers them. `oneself` says that the visitor is the one who was read about.
    pub(super) async fn of(
        app: &App,
        visitor: &Visitor,
        (region, subject): (&JournalId, &Subject),
        oneself: bool,
    ) -> Result<Self, Problem> {
        if !oneself && !visitor.may(app, Action::SeeReads) {
            return Ok(Self(None));
        }
        let (world, store) = (app.engine.world(), app.engine.store());
        let found = records::about(store, &world, region, subject, &visitor.region, MOST).await?;
        let Some(shared) = world.local(region).map(|region| &region.shared) else {
            return Ok(Self(None));
        };
        let reading = |entry: records::Entry| {
            let said = entry.said?;
            let purpose = match said.event? {
                Event::Kernel(Kernel::PersonRead(_, Private::Here(read))) => read.purpose,
                Event::Kernel(Kernel::SubjectRead(_, Private::Here(read))) => read.purpose,
                Event::Kernel(Kernel::ListRead(_, Private::Here(read))) => read.purpose,
                _ => return None,
            };
            Some(Reading { at: entry.recorded, by: title_of(shared, &said.actor), purpose })
        };
        Ok(Self(Some(found.into_iter().filter_map(reading).collect())))
    }

    /// As a table, or the word on who may see it.
    pub(super) fn render(&self, w: Words) -> Markup {
        let Some(readings) = &self.0 else {
            return html! { p { (w.t("person-reads-hidden")) } };
        };
        let rows = readings.iter().map(|reading| {
            Row::new(Cell::markup(time_tag(w, reading.at.0)))
                .cell(reading.by.clone())
                .cell(w.dynamic("purpose-", &reading.purpose))
        });
        let table = Table::new(w.t("person-reads"))
            .caption_hidden()
            .columns([
                Column::text(w.t("person-read-when")),
                Column::text(w.t("person-read-by")),
                Column::text(w.t("person-read-why")),
            ])
            .rows(rows);
        html! { @if readings.is_empty() { p { (w.t("person-no-reads")) } } @else { (table) } }
    }
}
