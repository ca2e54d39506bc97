//! What regions ask of and offer to each other: the list, asking, one call with its answer.

mod ask;
mod one;

use axum::Router;
use maud::{Markup, html};
use samband_domain::blood::model::supply::{Cited, Goods, Side};
use samband_domain::blood::model::{Antigens, UnitId};
use samband_domain::blood::rules::fits;
use samband_domain::blood::view::supply::{Standing, Talk, talks};
use samband_domain::{JournalId, SiteId, Time};
use samband_engine::World;

use crate::app::App;
use crate::app::stock::{parts, site_name};
use crate::components::{Cell, Column, Note, Row, Status, Table, tag, time_tag};
use crate::pages::parts::region_name;
use crate::pages::stock::component;
use crate::text::Words;

pub(super) use one::find;

pub(super) fn routes() -> Router<App> {
    Router::new().merge(ask::routes()).merge(one::routes())
}

/// What is asked for or offered, in words: `4 erytrocyter O RhD neg, Fy(a−) Jk(a−)`.
pub(crate) fn goods_text(w: Words, goods: &Goods) -> String {
    let group = goods.group.map_or_else(|| w.t("call-any-group"), |group| group.to_string());
    let mut text = format!("{} {} {group}", w.int(goods.units), component(w, goods.component));
    if !goods.negative.is_empty() {
        text = format!("{text}, {}", lacking_text(w, goods.negative));
    }
    for attribute in goods.attributes.iter() {
        text = format!("{text}, {}", w.dynamic("attribute-", attribute.as_str()));
    }
    text
}

/// Antigens that must be absent: `utan Fya, Jka`.
pub(crate) fn lacking_text(w: Words, antigens: Antigens) -> String {
    let names: Vec<_> = antigens.iter().map(|one| one.as_str()).collect();
    w.t_args("call-without", &[("antigens", names.join(", ").into())])
}

/// Antigens as people write what must be absent: names with a space or a comma between, an `a−`,
/// `neg` or minus after them allowed.
pub(crate) fn read_lacking(text: &str) -> Result<Antigens, String> {
    let words = text.split([',', ';', ' ', '\n']).map(str::trim);
    let plain = |word: &str| {
        let word = word.trim_end_matches(['−', '-', '–']).replace(['(', ')'], "");
        word.trim_end_matches(['−', '-', '–']).to_owned()
    };
    let named = words.map(plain).filter(|word| !word.is_empty() && word != "neg");
    named.map(|word| word.parse().map_err(|_| word)).collect()
}

/// The place that called, and the one that is called.
pub(super) fn way(w: Words, world: &World, talk: &Talk<'_>) -> String {
    let from = site_name(world, talk.from_region, &talk.call.site);
    let from = format!("{from} ({})", region_name(world, talk.from_region));
    let to = region_name(world, &talk.call.to_region);
    let to = match &talk.call.to_site {
        Some(site) => format!("{} ({to})", site_name(world, &talk.call.to_region, site)),
        None => to,
    };
    let key = if talk.call.side == Side::Ask { "call-ask-way" } else { "call-offer-way" };
    w.t_args(key, &[("from", from.into()), ("to", to.into())])
}

/// How a call stands, as a tag.
pub(in crate::pages) fn standing(w: Words, talk: &Talk<'_>) -> Markup {
    let sign = match talk.standing {
        Standing::Waiting | Standing::Promised => Status::Attention,
        Standing::Unanswered => Status::Gap,
        Standing::Sent => Status::Binding,
        Standing::Declined => Status::Stopped,
        Standing::Withdrawn => Status::Ended,
    };
    let units = talk.answer.map_or(0, |answer| answer.units);
    let args = [("n", units.into()), ("left", talk.left().into())];
    html! { (tag(sign, &w.t_args(&format!("call-standing-{}", talk.standing.as_str()), &args))) }
}

/// Calls as a table, those that somebody waits for first.
pub(super) fn table(w: Words, world: &World, all: &[Talk<'_>], now: Time) -> Markup {
    let row = |talk: &Talk<'_>| {
        let href = format!("/shipments/calls/{}", talk.call.at.hash);
        Row::new(Cell::link(&href, &goods_text(w, &talk.call.goods)))
            .cell(way(w, world, talk))
            .cell(html! {
                (time_tag(w, talk.call.by.0)) " "
                span.fine { (w.remaining(now.0, talk.call.by.0)) }
            })
            .cell(standing(w, talk))
    };
    let table = Table::new(w.t("calls-title")).files("calls").caption_hidden().columns([
        Column::text(w.t("call-goods")),
        Column::text(w.t("call-between")),
        Column::text(w.t("call-by")),
        Column::text(w.t("shipment-state")),
    ]);
    html! {
        @if all.is_empty() { p { (w.t("calls-none")) } }
        @else { (table.rows(all.iter().map(row))) }
    }
}

/// Calls of the last week that concern a region.
pub(super) fn of<'a>(world: &'a World, wanted: Option<&JournalId>, now: Time) -> Vec<Talk<'a>> {
    let mut all = talks(&parts(world, now), now);
    all.retain(|talk| wanted.is_none_or(|id| talk.from_region == id || talk.call.to_region == *id));
    all
}

/// What this region has promised to send, for the form that sends it.
pub(super) struct Promise {
    pub(super) from: SiteId,
    pub(super) to: (JournalId, SiteId),
    pub(super) cites: Cited,
    goods: Goods,
    left: u32,
    units: Vec<UnitId>,
}

impl Promise {
    pub(super) fn hash(&self) -> String {
        self.cites.call.hash.to_string()
    }

    /// The units that fit, as the form takes them, one on a line.
    pub(super) fn units_text(&self) -> String {
        self.units.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    /// What was promised, and how many units of that were found.
    pub(super) fn told(&self, w: Words, world: &World) -> Markup {
        let args = [
            ("goods", goods_text(w, &self.goods).into()),
            ("region", region_name(world, &self.to.0).into()),
            ("left", self.left.into()),
            ("found", self.units.len().into()),
        ];
        let text = w.t_args("send-promise", &args);
        html! { (Note::info(w, &text)) }
    }
}

/// The open promise of a region for a call; none if there is none.
pub(super) fn promise(world: &World, own: &JournalId, call: &str, now: Time) -> Option<Promise> {
    let all = talks(&parts(world, now), now);
    let talk = all.iter().find(|talk| talk.call.at.hash.to_string() == call)?;
    let answer = talk.answer.filter(|_| talk.left() > 0)?;
    let (from, to, answered) = match talk.call.side {
        Side::Ask if talk.call.to_region == *own => {
            (&answer.site, (talk.from_region, &talk.call.site), None)
        }
        Side::Offer if talk.from_region == own => {
            (&talk.call.site, (&talk.call.to_region, &answer.site), Some(answer.at.clone()))
        }
        _ => return None,
    };
    let goods = &talk.call.goods;
    let stock = &world.journal(own)?.shared().blood;
    let free = stock.units.iter().filter(|(_, unit)| {
        let available = samband_domain::blood::model::Status::Available;
        unit.site == *from && unit.status == available && unit.expiry > now && fits(goods, unit)
    });
    let mut free: Vec<_> = free.map(|(id, unit)| (unit.expiry, *id)).collect();
    free.sort_unstable();
    free.truncate(talk.left() as usize);
    Some(Promise {
        from: from.clone(),
        to: (to.0.clone(), to.1.clone()),
        cites: Cited { call: talk.call.at.clone(), answer: answered },
        goods: goods.clone(),
        left: talk.left(),
        units: free.into_iter().map(|(_, id)| id).collect(),
    })
}

#[cfg(test)]
mod tests {
    use samband_domain::blood::model::{Antigen, Antigens};

    use super::read_lacking;

    #[test]
    fn absent_antigens_are_read_as_people_write_them() {
        let pair: Antigens = [Antigen::Fya, Antigen::Jka].into_iter().collect();
        for text in ["Fya Jka", "Fya, Jka", "Fy(a−) Jk(a-)", "Fya neg, Jka neg"] {
            assert_eq!(read_lacking(text), Ok(pair), "{text}");
        }
        assert_eq!(read_lacking("k"), Ok(Antigens::of(Antigen::SmallK)), "K and k are two");
        assert_eq!(read_lacking(""), Ok(Antigens::NONE));
        assert_eq!(read_lacking("Fya Xyz"), Err("Xyz".into()));
    }
}
