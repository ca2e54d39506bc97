//! What can be asked of the kernel.

use serde::{Deserialize, Serialize};

use super::model::{
    Approval, Capacity, Continues, Identity, Owner, Profession, ReadOf, RecordKeeper, SiteKind,
};
use crate::words::{
    ActorId, Code, Known, MandateId, Mode, PublicKey, RecordRef, Signature, SiteId, Time, Window,
};

/// A command to the kernel. Asks may be refused by rule; `NoteRead` and `NoteAccount` are reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Command {
    /// Open the journal or a new epoch of it.
    OpenJournal {
        /// Owner.
        owner: Owner,
        /// Mode.
        mode: Mode,
        /// Signing key.
        key: PublicKey,
        /// What it continues, after a restore.
        continues: Option<Continues>,
    },
    /// Change the signing key.
    RotateKey {
        /// The new key.
        new: PublicKey,
        /// The old key's signature over the new key.
        vouched: Signature,
    },
    /// Say what is wrong with an earlier record.
    Annotate {
        /// Which record.
        record: RecordRef,
        /// What is wrong and what is right.
        text: String,
    },
    /// Record membership of a collaboration body.
    JoinBody {
        /// Code.
        body: Code,
        /// Name.
        name: String,
        /// When.
        window: Window,
    },
    /// End it.
    LeaveBody {
        /// Code.
        body: Code,
        /// From when.
        at: Time,
    },
    /// Open a site.
    OpenSite {
        /// Id; chosen by the engine if none is given.
        id: Option<SiteId>,
        /// Name.
        name: String,
        /// Kind.
        kind: SiteKind,
        /// The site it belongs to.
        parent: Option<SiteId>,
        /// Which record rules there.
        record: RecordKeeper,
        /// When it exists.
        window: Window,
        /// What is worth knowing.
        note: Option<String>,
    },
    /// Correct a site's description.
    CorrectSite {
        /// Which.
        site: SiteId,
        /// The right name.
        name: String,
        /// Which record rules there.
        record: RecordKeeper,
        /// What is worth knowing.
        note: Option<String>,
        /// Why.
        reason: String,
    },
    /// Close a site.
    CloseSite {
        /// Which.
        site: SiteId,
        /// From when.
        at: Time,
        /// Why.
        reason: String,
    },
    /// Make somebody known who acts.
    RegisterActor {
        /// Id; chosen by the engine if none is given.
        id: Option<ActorId>,
        /// Kind.
        profession: Profession,
        /// Title without a name.
        title: String,
        /// Who it is.
        identity: Identity,
    },
    /// Correct an actor's description.
    CorrectActor {
        /// Who.
        actor: ActorId,
        /// The right title.
        title: String,
        /// The right identity.
        identity: Identity,
        /// Why.
        reason: String,
    },
    /// Erase a person's identity.
    EraseActor {
        /// Whose.
        actor: ActorId,
        /// On which ground.
        ground: String,
    },
    /// Give a mandate.
    GrantMandate {
        /// To whom.
        holder: ActorId,
        /// What.
        capacity: Capacity,
        /// Only this site.
        site: Option<SiteId>,
        /// When.
        window: Window,
        /// The mandate it steps in for.
        deputy_for: Option<MandateId>,
        /// The mandate it is delegated from.
        delegated_from: Option<MandateId>,
        /// When a delegation is looked at again.
        review_at: Option<Time>,
        /// Share of full time in thousandths.
        share_permille: Known<u16>,
        /// The authority's say.
        approval: Approval,
        /// Why and by which document.
        basis: Option<String>,
    },
    /// End a mandate before its window does.
    EndMandate {
        /// Which.
        mandate: MandateId,
        /// From when.
        at: Time,
        /// Why.
        reason: String,
    },
    /// Record an authority's answer.
    RecordApproval {
        /// On which mandate.
        mandate: MandateId,
        /// What.
        approval: Approval,
    },
    /// Report that a person's page is about to be read.
    NoteRead {
        /// Who is read about.
        person: ActorId,
        /// Why.
        purpose: String,
    },
    /// Report that what is kept of a donor or patient is about to be read.
    NoteReadOf {
        /// Who is read about.
        of: ReadOf,
        /// Why.
        purpose: String,
    },
    /// The same of several people on one list: one record that names each of them.
    NoteReadOfList {
        /// Who is read about.
        of: Vec<ReadOf>,
        /// Why.
        purpose: String,
    },
    /// Open emergency access for oneself.
    BreakGlass {
        /// Why, in one's own words.
        reason: String,
        /// For how long.
        minutes: u16,
    },
    /// Look at an emergency access afterwards.
    ReviewGlass {
        /// Which mandate.
        mandate: MandateId,
        /// The finding.
        finding: String,
    },
    /// Report what was done to an account.
    NoteAccount {
        /// Whose.
        person: ActorId,
        /// What.
        act: String,
    },
}
