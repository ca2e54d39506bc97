//! The forms about a person: what is recorded of them put right, and their identity erased.

use maud::{Markup, html};
use samband_domain::ActorId;
use samband_domain::kernel::{Command, Identity};

use super::super::parts::shared_area;
use super::super::typed::{Draft, Errors, Reader, Typed};
use super::View;
use crate::components::Field;
use crate::text::Words;

const CORRECT: &str = "correct-actor";
const ERASE: &str = "erase-actor";

/// The command that a form asks for; none if it is no form of these.
pub(super) fn read(
    w: Words,
    actor: &ActorId,
    typed: &Typed,
) -> Option<(&'static str, Result<Command, Errors>)> {
    let (mut reader, actor) = (Reader::new(w, typed), actor.clone());
    Some(match typed.act() {
        CORRECT => {
            let (title, reason) = (reader.text("right-title"), reader.text("right-reason"));
            let identity = Identity {
                name: reader.text("right-name"),
                hsa_id: reader.optional("right-hsa"),
                phone: reader.optional("right-phone"),
                email: reader.optional("right-email"),
            };
            let command = Command::CorrectActor { actor, title, identity, reason };
            (CORRECT, reader.done(Some(command)))
        }
        ERASE => {
            let ground = reader.text("ground");
            (ERASE, reader.done(Some(Command::EraseActor { actor, ground })))
        }
        _ => return None,
    })
}

/// Everything that is recorded, as it is now, to be put right as a whole.
pub(super) fn correction(w: Words, view: &View, identity: &Identity, draft: &Draft) -> Markup {
    let (action, key) = (path(view), draft.key(CORRECT));
    let field = |name, field: Field, start: &str| draft.field(CORRECT, name, field, start);
    let text = |name, label: &str| Field::text(name, w.t(label));
    let or_none = |text: &Option<String>| text.clone().unwrap_or_default();
    let title = text("right-title", "person-title").hint(w.t("person-title-hint")).required();
    let reason = shared_area(w, "right-reason", w.t("form-reason"), "").required();
    let form = draft
        .form(w, &action, CORRECT, &key, w.t("person-correct-do"))
        .field(field("right-title", title, &view.person.title))
        .field(field("right-name", text("right-name", "person-name").required(), &identity.name))
        .field(field("right-hsa", text("right-hsa", "person-hsa"), &or_none(&identity.hsa_id)))
        .field(field("right-phone", text("right-phone", "person-phone"), &or_none(&identity.phone)))
        .field(field("right-email", text("right-email", "person-email"), &or_none(&identity.email)))
        .field(field("right-reason", reason, ""));
    let open = view.asked("correct") || draft.is(CORRECT);
    step(w, &action, ("correct", "person-correct-to"), "person-correct-means", open, &form)
}

/// What erasing means, and the form once it was asked for.
pub(super) fn erasure(w: Words, view: &View, draft: &Draft) -> Markup {
    let (action, key) = (path(view), draft.key(ERASE));
    let hint = w.t("person-erase-ground-hint");
    let ground = shared_area(w, "ground", w.t("person-erase-ground"), &hint).required();
    let form = draft
        .form(w, &action, ERASE, &key, w.t("person-erase-do"))
        .danger()
        .field(draft.field(ERASE, "ground", ground, ""));
    let open = view.asked("erase") || draft.is(ERASE);
    step(w, &action, ("erase", "person-erase-to"), "person-erase-means", open, &form)
}

fn path(view: &View) -> String {
    format!("/people/{}/{}", view.place.id, view.actor)
}

/// What a step means, and the way to its form or the form itself.
fn step(
    w: Words,
    action: &str,
    (name, label): (&str, &str),
    means: &str,
    open: bool,
    form: &impl maud::Render,
) -> Markup {
    html! {
        p { (w.t(means)) }
        @if open { div.panel { (form) } }
        @else {
            p.choose {
                a.button.quiet href={ (action) "?step=" (name) "#" (name) } { (w.t(label)) }
            }
        }
    }
}
