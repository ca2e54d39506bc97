//! How the large answer stands: asked, waiting, running, stopped, done.

use maud::{Markup, html};
use samband_domain::Time;
use samband_planning::simulate::report::Report;

use super::{HERE, RUN, STOP};
use crate::app::fresh_key;
use crate::app::jobs::Standing;
use crate::app::joint::Asked;
use crate::components::{Form, Note};
use crate::text::Words;

/// The part of the page that says so, with the button that fits.
pub(super) fn part(
    w: Words,
    asked: &Asked,
    standing: &Standing<Report>,
    may: bool,
    now: Time,
) -> Markup {
    let amount = [("years", asked.years.into()), ("replications", asked.replications.into())];
    let again = html! {
        a.button.quiet href={ (HERE) "?" (asked.query()) "#answer" } { (w.t("joint-look")) }
    };
    html! {
        div.panel.job #job {
            @match standing {
                Standing::Unasked => {
                    p { (w.t_args("joint-more", &amount)) }
                    @if may { (button(w, asked, RUN, "joint-run")) }
                    @else { p.fine { (w.t("joint-not-yours")) } }
                }
                Standing::Waiting { ahead } => {
                    p role="status" { (w.t_args("joint-waiting", &[("n", (*ahead).into())])) }
                    @if may { (button(w, asked, STOP, "joint-stop")) }
                    (again)
                    span data-again="2" hidden {}
                }
                Standing::Running { so_far, since } => {
                    (running(w, *so_far, now.since(*since)))
                    @if may { (button(w, asked, STOP, "joint-stop")) }
                    (again)
                    span data-again="2" hidden {}
                }
                Standing::Done { answer, .. } => {
                    @if answer.is_err() { (Note::warning(w, &w.t("joint-failed"))) }
                    @else { p { (w.t_args("joint-done", &amount)) } }
                }
            }
        }
    }
}

fn button(w: Words, asked: &Asked, act: &'static str, key: &str) -> Markup {
    let once = fresh_key();
    html! {
        (Form::post(w, HERE, &once, w.t(key)).hidden("act", act).hidden("asked", asked.query()))
    }
}

/// How far it is, and how long it will take at the pace so far.
fn running(w: Words, (done, whole): (u64, u64), spent: i64) -> Markup {
    let percent = done.saturating_mul(100).checked_div(whole);
    let left = left_of((done, whole), spent);
    html! {
        @match percent {
            None => p role="status" { (w.t("joint-begins")) },
            Some(percent) => {
                label for="job-progress" { (w.t("joint-running")) }
                progress #job-progress max="100" value=(percent) { (percent) " %" }
                p role="status" {
                    (w.t_args("joint-so-far", &[("percent", percent.into())]))
                    @if let Some(seconds) = left {
                        " " (w.t_args("joint-left", &[("n", seconds.into())]))
                    }
                }
            }
        }
    }
}

/// Seconds to go, from microseconds spent; nothing before there is a pace.
fn left_of((done, whole): (u64, u64), spent: i64) -> Option<u64> {
    let spent = u64::try_from(spent).ok().filter(|spent| *spent > 0)?;
    let left = u128::from(whole.saturating_sub(done)) * u128::from(spent);
    u64::try_from(left.checked_div(u128::from(done))?.div_ceil(1_000_000)).ok()
}

#[cfg(test)]
mod tests {
    use super::left_of;

    #[test]
    fn what_is_left_follows_from_the_pace() {
        assert_eq!(left_of((25, 100), 5_000_000), Some(15));
        assert_eq!(left_of((0, 100), 5_000_000), None, "no pace yet");
        assert_eq!(left_of((25, 100), 0), None, "no time yet");
        assert_eq!(left_of((100, 100), 9), Some(0));
    }
}
