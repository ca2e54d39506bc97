//! After what donors wait, and how long by the region's rules.

use super::super::model::{Dated, Ground, Question};
use super::{Bench, until};
use crate::rulesets::{Key, key as k};
use crate::words::{Day, Known};

impl Bench<'_> {
    pub(super) fn waits(&mut self) {
        self.months(Question::Delivery, Ground::Delivery, k::DONOR_PREGNANCY_MONTHS_AFTER);
        self.abortion();
        self.months(Question::Tattoo, Ground::Tattoo, k::DONOR_TATTOO_MONTHS);
        self.months(Question::NewPartner, Ground::NewPartner, k::DONOR_NEW_PARTNER_MONTHS);
        self.months(Question::SexualRisk, Ground::SexualRisk, k::DONOR_SEXUAL_RISK_MONTHS);
        self.men_with_men();
        self.days(Question::Travel, Ground::Travel, k::DONOR_TRAVEL_DAYS);
        self.months(Question::Malaria, Ground::Malaria, k::DONOR_MALARIA_MONTHS);
        self.days(Question::Zika, Ground::Zika, k::DONOR_ZIKA_DAYS);
    }

    fn months(&mut self, question: Question, ground: Ground, key: Key) {
        let Some(dated) = self.dated(question) else { return };
        if let Some(months) = self.rule(ground, key, self.rules.months(key)) {
            let rule = format!("{months} months");
            self.wait((ground, key), dated, rule, |day| day.plus_months(months));
        }
    }

    fn days(&mut self, question: Question, ground: Ground, key: Key) {
        let Some(dated) = self.dated(question) else { return };
        if let Some(days) = self.rule(ground, key, self.rules.days(key)) {
            self.wait((ground, key), dated, format!("{days} d"), |day| day.plus_days(days));
        }
    }

    /// As long as the pregnancy had lasted, and at least what the rule says.
    fn abortion(&mut self) {
        let (ground, key) = (Ground::Abortion, k::DONOR_ABORTION_WEEKS_MINIMUM);
        let Some(dated) = self.dated(Question::Abortion) else { return };
        let Some(least) = self.rule(ground, key, self.rules.count(key)) else { return };
        let Some(lasted) = dated.weeks else {
            return self.lacks(ground, key, "weeks");
        };
        let weeks = least.max(u32::from(lasted));
        self.wait((ground, key), dated, format!("{weeks} weeks"), |day| {
            day.plus_days(weeks.saturating_mul(7))
        });
    }

    /// Where men who have sex with men have a rule of their own, it is that of sexual risk.
    fn men_with_men(&mut self) {
        let (ground, key) = (Ground::MenWithMen, k::DONOR_MSM_SEPARATE_RULE);
        let Some(dated) = self.dated(Question::MenWithMen) else { return };
        if self.rule(ground, key, self.rules.flag(key)) != Some(true) {
            return;
        }
        let key = k::DONOR_SEXUAL_RISK_MONTHS;
        if let Some(months) = self.rule(ground, key, self.rules.months(key)) {
            let rule = format!("{months} months");
            self.wait((ground, key), dated, rule, |day| day.plus_months(months));
        }
    }

    /// Waits from a day on; a day that nobody could say is a missing fact.
    fn wait(
        &mut self,
        (ground, key): (Ground, Key),
        dated: Dated,
        rule: String,
        ends: impl Fn(Day) -> Day,
    ) {
        let Known::Value(day) = dated.day else {
            // From the day on which it was stated the wait is certainly over when this is.
            if ends(dated.stated) > self.on {
                self.lacks(ground, key, "day");
            }
            return;
        };
        let end = ends(day);
        if end > self.on {
            let facts = [("day", day.to_string()), ("rule", rule)];
            self.against(ground, key, until(end), &facts);
        }
    }
}
