//! What the forms of a donor's page ask for.

use std::collections::BTreeMap;
use std::str::FromStr;

use samband_domain::blood::model::Phenotype;
use samband_domain::donations::model::DonationKind;
use samband_domain::donors::Command;
use samband_domain::donors::model::{
    Answer, Asked, Checks, Declaration, Earlier, Identity, Question, Terms, Types, Until,
};
use samband_domain::words::{Day, PersonNumberError};
use samband_domain::{DonorId, Known, SiteId};
use samband_exchange::stock::antigens;

use super::forms::KINDS;
use crate::pages::typed::{Errors, Reader, Typed};
use crate::text::Words;

/// The command that a form asks for; none if it is no form of these.
pub(super) fn read(w: Words, donor: &DonorId, typed: &Typed) -> Option<Result<Command, Errors>> {
    let mut reader = Reader::new(w, typed);
    let step = typed.act().strip_prefix("donor-")?;
    let command = match step {
        "declare" => declare(w, donor, typed, &mut reader),
        "admit" => {
            let kind = reader.value("kind");
            kind.map(|kind| Command::Admit { donor: donor.clone(), kind })
        }
        "correct" => identity(w, &mut reader, typed).map(|identity| Command::Correct {
            donor: donor.clone(),
            identity,
            reason: reader.text("reason"),
        }),
        "agree" => {
            let site = reader.optional_value("site");
            let terms = terms(w, &mut reader, typed, site);
            terms.map(|terms| Command::Agree { donor: donor.clone(), terms })
        }
        "earlier" => match earlier(w, &mut reader, typed) {
            Some(Known::Value(earlier)) => {
                Some(Command::TellEarlier { donor: donor.clone(), earlier })
            }
            _ => {
                reader.wrong("earlier", w.t("typed-needed"));
                None
            }
        },
        "type" => typing(w, donor, typed, &mut reader),
        _ => return Some(hindrances(w, (donor, step), typed, reader)),
    };
    Some(reader.done(command))
}

fn hindrances(
    w: Words,
    (donor, step): (&DonorId, &str),
    typed: &Typed,
    mut reader: Reader<'_>,
) -> Result<Command, Errors> {
    let donor = donor.clone();
    let command = match step {
        "defer" => {
            let reason = reader.value("defer-reason");
            let until = match typed.get("defer-how") {
                "day" => reader.value("defer-until").map(Until::Day),
                "further" => Some(Until::Further),
                "permanent" => Some(Until::Permanent),
                _ => {
                    reader.wrong("defer-how", w.t("typed-needed"));
                    None
                }
            };
            let note = reader.optional("note");
            let both = reason.zip(until);
            both.map(|(reason, until)| Command::Defer { donor, reason, until, note })
        }
        "lift" => {
            let (deferral, reason) = (reader.value("of"), reader.text("reason"));
            deferral.map(|deferral| Command::Lift { donor, deferral, reason })
        }
        "assess" => {
            let (ground, until) = (reader.value("ground"), reader.value("until"));
            let reason = reader.text("reason");
            let both = ground.zip(until);
            both.map(|(ground, until)| Command::Assess { donor, ground, until, reason })
        }
        "retract" => {
            let (question, reason) = (reader.value("of"), reader.text("reason"));
            question.map(|question| Command::Retract { donor, question, reason })
        }
        "react" => react(donor, &mut reader),
        "merge" => {
            let (merge, reason) = (reader.value("other"), reader.text("reason"));
            merge.map(|merge| Command::Merge { keep: donor, merge, reason })
        }
        "unmerge" => {
            let (other, reason) = (reader.value("of"), reader.text("reason"));
            other.map(|other| Command::Unmerge { donor: other, reason })
        }
        "pass" => {
            let kinds = kinds(typed);
            let until = reader.value("until");
            until.map(|until| Command::IssuePass { donor, kinds, until })
        }
        "revoke" => {
            let (pass, reason) = (reader.value("of"), reader.text("reason"));
            pass.map(|pass| Command::RevokePass { pass, reason })
        }
        "book" => {
            let (session, kind) = (reader.value("session"), reader.value("kind"));
            let at = clock(typed.get("at"));
            if at.is_none() {
                reader.wrong("at", w.t("typed-unreadable"));
            }
            let all = session.zip(kind).zip(at);
            all.map(|((session, kind), at)| Command::Book { donor, session, at, kind })
        }
        _ => None,
    };
    reader.done(command)
}

/// A moment as it is written: `2026-11-23 09:40`.
fn clock(text: &str) -> Option<samband_domain::Time> {
    text.contains(':').then(|| crate::app::stock::local(text, "")).flatten()
}

fn react(donor: DonorId, reader: &mut Reader<'_>) -> Option<Command> {
    let (kind, severity) = (reader.value("react-kind"), reader.value("severity"));
    let imputability = reader.optional_value("imputability");
    let din = reader.optional_value("din");
    let note = reader.optional("note");
    kind.zip(severity).map(|(kind, severity)| Command::React {
        donor,
        din,
        kind,
        severity,
        imputability: imputability.into(),
        note,
    })
}

/// Who somebody is.
pub(super) fn identity(w: Words, reader: &mut Reader<'_>, typed: &Typed) -> Option<Identity> {
    let (number, name) = (typed.get("number").to_uppercase(), reader.text("name"));
    let number = match number.parse() {
        Ok(number) => Some(number),
        Err(_) if number.is_empty() => {
            reader.wrong("number", w.t("typed-needed"));
            None
        }
        Err(error) => {
            reader.wrong("number", w.t(number_error(error)));
            None
        }
    };
    let (phone, email) = (reader.optional("phone"), reader.optional("email"));
    number.map(|number| Identity { number, name, phone, email })
}

/// What is wrong with a person's number, as message key.
pub(super) const fn number_error(error: PersonNumberError) -> &'static str {
    use PersonNumberError as E;
    match error {
        E::Century => "donor-number-century",
        E::Form => "donor-number-form",
        E::Date => "donor-number-date",
        E::Check => "donor-number-check",
    }
}

fn kinds(typed: &Typed) -> Vec<DonationKind> {
    let ticked = KINDS.iter().filter(|(_, field)| typed.get(field) == "on");
    ticked.filter_map(|(kind, _)| kind.parse().ok()).collect()
}

/// What can be asked for.
pub(super) fn terms(
    w: Words,
    reader: &mut Reader<'_>,
    typed: &Typed,
    site: Option<SiteId>,
) -> Option<Terms> {
    let kinds = kinds(typed);
    if kinds.is_empty() {
        reader.wrong(KINDS[0].1, w.t("typed-needed"));
        return None;
    }
    Some(Terms { site, kinds, may_call: typed.get("may-call") == "on" })
}

/// What was given before: never, on a day, or nobody knows.
pub(super) fn earlier(
    w: Words,
    reader: &mut Reader<'_>,
    typed: &Typed,
) -> Option<Known<Vec<Earlier>>> {
    match typed.get("earlier") {
        "never" => Some(Known::Value(Vec::new())),
        "unknown" => Some(Known::Unknown),
        "given" => {
            let day = reader.value("earlier-day");
            let kind = reader.value("earlier-kind");
            let both = day.zip(kind);
            both.map(|(day, kind)| Known::Value(vec![Earlier { day, kind }]))
        }
        _ => {
            reader.wrong("earlier", w.t("typed-needed"));
            None
        }
    }
}

/// The name of a question's field.
pub(super) fn field_of(question: Question) -> String {
    format!("q-{question}")
}

fn declare(w: Words, donor: &DonorId, typed: &Typed, reader: &mut Reader<'_>) -> Option<Command> {
    let site = reader.value("site");
    let mut answers = BTreeMap::new();
    for question in Question::ALL {
        match answer(typed, *question) {
            Ok(Some(answer)) => {
                answers.insert(*question, answer);
            }
            Ok(None) => {}
            Err(()) => {
                let name = w.dynamic("question-", question.as_str());
                let args = [("question", name.into())];
                reader.wrong("site", w.t_args("donor-answer-day", &args));
            }
        }
    }
    let checks = Checks {
        weight: measured(w, reader, typed, "weight"),
        hb: measured(w, reader, typed, "hb"),
        hb_after: typed.get("hb-after") == "on",
        platelets: measured(w, reader, typed, "platelets"),
        protein: measured(w, reader, typed, "protein"),
    };
    let declaration = Declaration { answers, checks };
    site.map(|site| Command::Declare { donor: donor.clone(), site, declaration })
}

/// The answer to a question as it was ticked; an unreadable day is an error.
fn answer(typed: &Typed, question: Question) -> Result<Option<Answer>, ()> {
    let field = field_of(question);
    let yes = match typed.get(&field) {
        "no" => return Ok(Some(Answer::No)),
        "yes" => true,
        _ => false,
    };
    let day = typed.get(&format!("d-{question}"));
    let day = if day.is_empty() { None } else { Some(day.parse::<Day>().map_err(|_| ())?) };
    Ok(match (question.asked(), day) {
        (Asked::Since, Some(day)) if question == Question::Abortion => {
            let weeks = typed.get("weeks").parse().ok();
            Some(weeks.map_or(Answer::On(day), |weeks| Answer::Ended { day, weeks }))
        }
        // Whoever writes a day has said yes.
        (Asked::Since, Some(day)) => Some(Answer::On(day)),
        _ => yes.then_some(Answer::Yes),
    })
}

fn measured(w: Words, reader: &mut Reader<'_>, typed: &Typed, name: &'static str) -> Known<u16> {
    let text = typed.get(name);
    if text.is_empty() {
        return Known::Unknown;
    }
    let value = u16::from_str(text).ok();
    if value.is_none() {
        reader.wrong(name, w.t("typed-no-number"));
    }
    value.into()
}

fn typing(w: Words, donor: &DonorId, typed: &Typed, reader: &mut Reader<'_>) -> Option<Command> {
    let group = reader.optional_value("group");
    let phenotype = match typed.get("antigens") {
        "" => Some(Phenotype::UNTESTED),
        text => antigens(text),
    };
    if phenotype.is_none() {
        reader.wrong("antigens", w.t("unit-antigens-unreadable"));
    }
    let list = |name: &str| {
        let words = typed.get(name).split([' ', ',', ';']);
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let (hla, hpa): (Vec<_>, Vec<_>) = (list("hla"), list("hpa"));
    phenotype.map(|phenotype| Command::Type {
        donor: donor.clone(),
        group: group.into(),
        types: Types { phenotype, hla, hpa },
    })
}
