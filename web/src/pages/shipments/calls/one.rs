//! One call: what is asked, whom to telephone, which courier can be reached, and the answer.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Time;
use samband_domain::blood::Command;
use samband_domain::blood::model::Status;
use samband_domain::blood::model::supply::{Side, Verdict};
use samband_domain::blood::rules::fits;
use samband_domain::blood::view::supply::{Standing, Talk, numbers, reachable};
use samband_domain::{JournalId, SiteId};
use samband_engine::World;
use serde::Deserialize;

use super::super::forms::{run_text, sites};
use super::{goods_text, of, standing, way};
use crate::app::stock::{TOPICS, parts, site_name};
use crate::app::{App, Problem, Visitor};
use crate::components::{Definitions, Field, live_region, page_header, section, time_tag};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::parts::{record_link, region_name};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const ANSWER: &str = "answer-call";
const WITHDRAW: &str = "withdraw-call";

#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/shipments/calls/{call}", get(show).post(act))
}

/// The call of that hash among those at hand.
pub(crate) fn find<'a>(all: &'a [Talk<'a>], call: &str) -> Result<&'a Talk<'a>, Problem> {
    let gone = || Problem::new(axum::http::StatusCode::NOT_FOUND, "web.no_call");
    all.iter().find(|talk| talk.call.at.hash.to_string() == call).ok_or_else(gone)
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(call): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let all = of(&world, None, now);
    let view = View { app: &app, visitor: &visitor, world: &world, talk: find(&all, &call)?, now };
    Ok(view.whole(&Draft::fresh(now), asked.done.as_deref()))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(call): Path<String>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let all = of(&world, None, now);
    let talk = find(&all, &call)?;
    let typed = Typed::new(pairs);
    let act = match typed.act() {
        ANSWER => ANSWER,
        WITHDRAW => WITHDRAW,
        other => return Err(Problem::malformed(other)),
    };
    let command = read(visitor.words, talk, &typed).map(Into::into);
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done(&format!("/shipments/calls/{call}"), act)),
        Err(back) => {
            let Back { status, draft } = *back;
            let view = View { app: &app, visitor: &visitor, world: &world, talk, now };
            Ok((status, view.whole(&draft, None)).into_response())
        }
    }
}

fn read(w: Words, talk: &Talk<'_>, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let call = talk.call.at.clone();
    if typed.act() == WITHDRAW {
        let reason = reader.text("withdraw-reason");
        return reader.done(Some(Command::WithdrawCall { call, reason }));
    }
    let verdict: Option<Verdict> = reader.value("answer-verdict");
    let site: Option<SiteId> = reader.value("answer-site");
    let asked = talk.call.goods.units;
    let units = match verdict {
        Some(Verdict::Accept) => Some(asked),
        Some(Verdict::Decline) => Some(0),
        Some(Verdict::Partly) => reader.count("answer-units").and_then(|n| u32::try_from(n).ok()),
        None => None,
    };
    let reason = reader.optional("answer-reason");
    if reason.is_none() && matches!(verdict, Some(Verdict::Partly | Verdict::Decline)) {
        reader.wrong("answer-reason", w.t("answer-reason-needed"));
    }
    let command = verdict.zip(site).zip(units).map(|((verdict, site), units)| Command::Answer {
        call,
        site,
        verdict,
        units,
        reason,
    });
    reader.done(command)
}

struct View<'a> {
    app: &'a App,
    visitor: &'a Visitor,
    world: &'a World,
    talk: &'a Talk<'a>,
    now: Time,
}

impl View<'_> {
    fn whole(&self, draft: &Draft, done: Option<&str>) -> Html<String> {
        let Self { app, visitor, world, talk, now } = *self;
        let w = visitor.words;
        let title = goods_text(w, &talk.call.goods);
        let src = format!("/shipments/calls/{}", talk.call.at.hash);
        let asked = talk.call.to_region == visitor.region;
        let own = *talk.from_region == visitor.region;
        let open = matches!(talk.standing, Standing::Waiting | Standing::Promised);
        let body = html! {
            (page_header(&title, Some(&way(w, world, talk)), Some(&self.next(w))))
            (done_note(w, done))
            (draft.banner(w))
            (live_region("call", TOPICS, &src, &html! { div.panel { (self.facts(w)) } }))
            @if asked && open && visitor.may(app, Action::AnswerCall) {
                (section("answer", &w.t("call-answer"), &self.answer(w, draft, &src)))
            }
            (section("phone", &w.t("call-phone"), &phones(w, world, talk, now)))
            (section("runs", &w.t("legs-next"), &self.runs(w)))
            @if own && open && visitor.may(app, Action::CallForUnits) {
                (section("withdraw", &w.t("call-withdraw"), &withdraw(w, draft, &src)))
            }
        };
        page(app, visitor, &title, &[("/shipments", w.t("shipments-title"))], &body)
    }

    /// The one obvious next step, and the page to read aloud from.
    fn next(&self, w: Words) -> Markup {
        let hash = self.talk.call.at.hash;
        let sender = match self.talk.call.side {
            Side::Ask => &self.talk.call.to_region,
            Side::Offer => self.talk.from_region,
        };
        let mine = *sender == self.visitor.region && self.talk.left() > 0;
        let may = self.visitor.may(self.app, Action::DispatchUnits);
        html! {
            @if self.talk.call.to_region == self.visitor.region
                && self.talk.standing == Standing::Waiting
                && self.visitor.may(self.app, Action::AnswerCall)
            {
                a.button.main href="#answer" { (w.t("call-answer-do")) } " "
            }
            @if mine && may {
                a.button.main href={ "/shipments/send?call=" (hash) } { (w.t("call-send")) } " "
            }
            a.button href={ "/shipments/calls/" (hash) "/print" } { (w.t("phone-print")) }
        }
    }

    fn facts(&self, w: Words) -> Definitions {
        let (talk, now) = (self.talk, self.now);
        let by = html! {
            (time_tag(w, talk.call.by.0)) " " span.fine { (w.remaining(now.0, talk.call.by.0)) }
        };
        let mut facts = Definitions::new()
            .markup(w.t("shipment-state"), standing(w, talk))
            .markup(w.t("call-by"), by)
            .markup(w.t("call-said"), time_tag(w, talk.call.said.0))
            .markup(w.t("shipment-record"), record_link(w, &talk.call.at));
        if let Some(reason) = &talk.call.withdrawn {
            facts = facts.text(w.t("call-withdrawn"), reason);
        }
        if let Some(answer) = talk.answer {
            let verdict = w.dynamic("verdict-", answer.verdict.as_str());
            let units = w.t_args("call-promised", &[("n", answer.units.into())]);
            let site = site_name(self.world, &talk.call.to_region, &answer.site);
            facts = facts
                .text(w.t("call-answer"), &format!("{verdict}: {units}, {site}"))
                .text(w.t("call-sent"), &w.int(talk.sent))
                .markup(w.t("call-answered"), time_tag(w, answer.said.0));
            if let Some(reason) = &answer.reason {
                facts = facts.text(w.t("answer-reason"), reason);
            }
        }
        facts
    }

    fn answer(&self, w: Words, draft: &Draft, path: &str) -> Markup {
        let key = draft.key(ANSWER);
        let own = self.places(w);
        let start = self.talk.call.to_site.as_ref().map(ToString::to_string);
        let start = start.or_else(|| own.first().map(|(id, _)| id.clone())).unwrap_or_default();
        let verdicts = Verdict::ALL.iter();
        let verdicts = verdicts.map(|one| (one.to_string(), w.dynamic("verdict-", one.as_str())));
        let field = |name, field, start: &str| draft.field(ANSWER, name, field, start);
        let form = draft
            .form(w, path, ANSWER, &key, w.t("call-answer-do"))
            .field(field(
                "answer-verdict",
                Field::radios("answer-verdict", w.t("call-answer"), verdicts),
                "accept",
            ))
            .field(field(
                "answer-site",
                Field::select("answer-site", w.t("answer-site"), own).required(),
                &start,
            ))
            .field(field(
                "answer-units",
                Field::number("answer-units", w.t("answer-units")).hint(w.t("answer-units-hint")),
                "",
            ))
            .field(field(
                "answer-reason",
                Field::text_area("answer-reason", w.t("answer-reason"))
                    .hint(w.t("form-shared-hint")),
                "",
            ));
        html! { div.panel { (form) } }
    }

    /// The own places that can answer; of an ask, those with most units that fit come first.
    fn places(&self, w: Words) -> Vec<(String, String)> {
        let ask = self.talk.call.side == Side::Ask;
        let mut own = sites(self.world, &self.visitor.region, ask, self.now);
        let Some(journal) = self.world.journal(&self.visitor.region).filter(|_| ask) else {
            return own;
        };
        let units = journal.shared().blood.units.values().filter(|unit| {
            unit.status == Status::Available
                && unit.expiry > self.now
                && fits(&self.talk.call.goods, unit)
        });
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        units.for_each(|unit| *counts.entry(unit.site.to_string()).or_default() += 1);
        let count = |id: &str| counts.get(id).copied().unwrap_or_default();
        own.sort_by_key(|(id, _)| std::cmp::Reverse(count(id)));
        let told = |(id, name): (String, String)| {
            let args = [("site", name.into()), ("n", count(&id).into())];
            let text = w.t_args("answer-site-fits", &args);
            (id, text)
        };
        own.into_iter().map(told).collect()
    }

    fn runs(&self, w: Words) -> Markup {
        let (talk, now) = (self.talk, self.now);
        let answer = talk.answer;
        let (from, to): (&JournalId, &JournalId) = match talk.call.side {
            Side::Ask => (&talk.call.to_region, talk.from_region),
            Side::Offer => (talk.from_region, &talk.call.to_region),
        };
        let all = parts(self.world, now);
        let runs = reachable(&all, now);
        let runs: Vec<_> =
            runs.iter().filter(|run| run.region == from && run.leg.to_region == *to).collect();
        let late = |arrives: Time| arrives > talk.call.by && answer.is_none_or(|a| a.units > 0);
        html! {
            @if runs.is_empty() { p { (w.t("legs-none-between")) } }
            ul {
                @for run in runs {
                    li {
                        (run_text(w, self.world, run, now))
                        @if late(run.run.arrives) { " " strong { (w.t("leg-too-late")) } }
                    }
                }
            }
        }
    }
}

/// Whom to telephone on both sides.
pub(crate) fn phones(w: Words, world: &World, talk: &Talk<'_>, now: Time) -> Markup {
    let all = parts(world, now);
    let part = |region: &JournalId| all.iter().find(|part| part.journal == region);
    let sides = [
        (talk.from_region, Some(&talk.call.site)),
        (&talk.call.to_region, talk.call.to_site.as_ref()),
    ];
    html! {
        @for (region, place) in sides {
            @let lines = part(region).map(|part| numbers(part, place)).unwrap_or_default();
            p { strong { (region_name(world, region)) } }
            @if lines.is_empty() { p { (w.t("phone-none")) } }
            ul {
                @for (site, duty) in lines.iter().take(4) {
                    li {
                        span.until { (duty.phone) } " "
                        (w.dynamic("duty-of-", duty.function.as_str())) ", "
                        (site_name(world, region, site)) ", " (duty.hours)
                    }
                }
            }
        }
    }
}

fn withdraw(w: Words, draft: &Draft, path: &str) -> Markup {
    let key = draft.key(WITHDRAW);
    let reason = Field::text("withdraw-reason", w.t("call-withdraw-reason"));
    let reason = reason.hint(w.t("form-shared-hint")).required();
    let form = draft
        .form(w, path, WITHDRAW, &key, w.t("call-withdraw-do"))
        .danger()
        .field(draft.field(WITHDRAW, "withdraw-reason", reason, ""));
    html! { div.panel { (form) } }
}
