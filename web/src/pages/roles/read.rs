//! What the forms of the page ask for.

use samband_access::Action;
use samband_domain::kernel::{
    Access, Approval, Capacity, Command, Identity, LegalRole, Profession, Role,
};
use samband_domain::words::Code;
use samband_domain::{Known, Time};

use super::super::typed::{Errors, Reader, Typed};
use super::forms::{APPROVE, END, GIVE, REGISTER};
use crate::text::Words;

/// A kind of mandate that can be given here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A role to act in.
    Role,
    /// A role the law asks for.
    Legal,
    /// A competence.
    Competence,
    /// A delegated task.
    Delegation,
    /// A special assignment.
    Assignment,
    /// Reading for supervision.
    Audit,
}

impl Kind {
    pub(super) const ALL: [Self; 6] = [
        Self::Role,
        Self::Legal,
        Self::Competence,
        Self::Delegation,
        Self::Assignment,
        Self::Audit,
    ];

    /// The name in addresses and message keys.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Legal => "legal",
            Self::Competence => "competence",
            Self::Delegation => "delegation",
            Self::Assignment => "assignment",
            Self::Audit => "audit",
        }
    }

    /// The kind of that name.
    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What giving it asks for.
    pub(super) const fn action(self) -> Action {
        match self {
            Self::Role => Action::GrantRole,
            Self::Legal => Action::GrantLegalRole,
            Self::Competence => Action::GrantCompetence,
            Self::Delegation => Action::GrantDelegation,
            Self::Assignment => Action::GrantAssignment,
            Self::Audit => Action::GrantAudit,
        }
    }
}

/// The command that a form asks for; none if it is no form of these.
pub(super) fn command(w: Words, now: Time, typed: &Typed) -> Option<Result<Command, Errors>> {
    let mut reader = Reader::new(w, typed);
    Some(match typed.act() {
        REGISTER => {
            let (title, name) = (reader.text("title"), reader.text("name"));
            let identity = Identity {
                name,
                hsa_id: reader.optional("hsa"),
                phone: reader.optional("phone"),
                email: reader.optional("email"),
            };
            let profession: Option<Profession> = reader.value("profession");
            reader.done(profession.map(|profession| Command::RegisterActor {
                id: None,
                profession,
                title,
                identity,
            }))
        }
        GIVE => grant(reader, now, typed),
        END => {
            let (mandate, reason) = (reader.value("mandate"), reader.text("end-reason"));
            let at = reader.last_day("end-last").unwrap_or(now);
            reader.done(mandate.map(|mandate| Command::EndMandate { mandate, at, reason }))
        }
        APPROVE => answer(reader, now, typed),
        _ => return None,
    })
}

fn grant(mut reader: Reader<'_>, now: Time, typed: &Typed) -> Result<Command, Errors> {
    let holder = reader.value("holder");
    let capacity = match Kind::of(typed.get("kind")) {
        Some(Kind::Role) => reader.value::<Role>("role").map(Capacity::Role),
        Some(Kind::Legal) => reader.value::<LegalRole>("legal").map(Capacity::Legal),
        Some(Kind::Competence) => {
            let name = reader.text("competence");
            reader.value::<Code>("code").map(|code| Capacity::Competence { code, name })
        }
        Some(Kind::Delegation) => Some(Capacity::Delegation { task: reader.text("task") }),
        Some(Kind::Assignment) => Some(Capacity::Assignment { task: reader.text("task") }),
        Some(Kind::Audit) => Some(Capacity::Access(Access::Audit)),
        None => None,
    };
    let approval = match &capacity {
        Some(Capacity::Legal(role)) if role.needs_approval() => asked(&mut reader, now, typed),
        _ => Approval::NotRequired,
    };
    let window = reader.window("from", "until", now);
    let (site, deputy_for) = (reader.optional_value("site"), reader.optional_value("deputy"));
    let delegated_from = reader.optional_value("delegated");
    let review_at = reader.optional_day("review");
    let share_permille = Known::from(reader.share("share"));
    let basis = reader.optional("basis");
    let read = holder.zip(capacity).zip(window);
    let command = read.map(|((holder, capacity), window)| Command::GrantMandate {
        holder,
        capacity,
        site,
        window,
        deputy_for,
        delegated_from,
        review_at,
        share_permille,
        approval,
        basis,
    });
    reader.done(command)
}

/// A role that needs approval has been approved, with a reference, or waits for it.
fn asked(reader: &mut Reader<'_>, now: Time, typed: &Typed) -> Approval {
    let authority = reader.text("authority");
    if typed.get("reference").is_empty() {
        return Approval::Pending { authority, asked: Known::from(reader.optional_day("decided")) };
    }
    let reference = reader.text("reference");
    let decided = reader.optional_day("decided").unwrap_or(now);
    Approval::Approved { authority, reference, decided }
}

fn answer(mut reader: Reader<'_>, now: Time, typed: &Typed) -> Result<Command, Errors> {
    let mandate = reader.value("mandate");
    let (authority, reference) = (reader.text("answer-authority"), reader.text("answer-reference"));
    let decided = reader.optional_day("answer-day").unwrap_or(now);
    let approval = if typed.get("answer") == "rejected" {
        Approval::Rejected { authority, reference, decided }
    } else {
        Approval::Approved { authority, reference, decided }
    };
    reader.done(mandate.map(|mandate| Command::RecordApproval { mandate, approval }))
}
