//! Everything that can be asked of the system, commands and readings alike.

use samband_domain::{ActorId, Command, Region, agreements, bonds, figures, mobile, plans, rare};
use serde::{Deserialize, Serialize};

mod alarm;
mod chain;
mod ground;

use alarm::{alarm_action, incident_action, readiness_action};
use chain::{donation_action, donor_action, patient_action, transfusion_action};
use ground::{blood_action, kernel_action, rule_set_action};

/// What sort of thing an action is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Open to everybody.
    Public,
    /// About the person who asks, and what is asked of everybody who is signed in.
    Personal,
    /// Reads.
    Read,
    /// Writes to a region's record.
    Record,
    /// Reports what the engine has seen, into a region's record.
    Report,
    /// Changes somebody's account.
    Account,
    /// Concerns the installation.
    Operate,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $Name:ident = $text:literal, $Kind:ident;)*) => {
        /// Something that can be asked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Action { $($(#[$doc])* $Name),* }

        impl Action {
            /// Every action, in the table's order.
            pub const ALL: &'static [Self] = &[$(Self::$Name),*];

            /// The action as message key, in logs and in refusals.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$Name => $text),* }
            }

            /// What sort of thing it is.
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self { $(Self::$Name => Kind::$Kind),* }
            }
        }
    };
}

actions! {
    /// Try to sign in.
    SignIn = "sign_in", Public;
    /// Read what is public: the sign-in page, health, the description of the interface.
    SeePublic = "see_public", Public;

    /// Read what is recorded about oneself.
    SeeOneself = "see_oneself", Personal;
    /// See the own account and its sessions.
    SeeOwnAccount = "see_own_account", Personal;
    /// Change the own password.
    ChangeOwnPassword = "change_own_password", Personal;
    /// Issue oneself new break-glass codes.
    IssueOwnCodes = "issue_own_codes", Personal;
    /// End own sessions.
    EndOwnSessions = "end_own_sessions", Personal;
    /// Record what was done to the own account.
    NoteOwnAccount = "note_own_account", Personal;
    /// Record that a person was read about.
    NoteRead = "note_read", Personal;
    /// Open emergency access for oneself.
    BreakGlass = "break_glass", Personal;

    /// See the shared picture.
    SeePicture = "see_picture", Read;
    /// See a region's page.
    SeeRegion = "see_region", Read;
    /// See the stock picture, units without whom they are for, shipments.
    SeeStock = "see_stock", Read;
    /// Follow a figure to its source.
    SeeSource = "see_source", Read;
    /// See roles, mandates and gaps, without names.
    SeeRoles = "see_roles", Read;
    /// See agreements.
    SeeAgreements = "see_agreements", Read;
    /// See rule sets and compare them over the regions.
    SeeRuleSets = "see_rule_sets", Read;
    /// See the neighbours: trust, age, silence, forks.
    SeePeers = "see_peers", Read;
    /// Be told what changed, by topic.
    Follow = "follow", Read;
    /// Take tables out as files.
    ExportTables = "export_tables", Read;
    /// Start and stop long computations of joint supply.
    RunSimulation = "run_simulation", Read;
    /// See counts in the metrics.
    SeeMetrics = "see_metrics", Read;
    /// Read who somebody is; the reading is recorded.
    SeePerson = "see_person", Read;
    /// See who read about whom.
    SeeReads = "see_reads", Read;
    /// See emergency accesses.
    SeeGlass = "see_glass", Read;
    /// Read the journal; another region's in its shared part.
    SeeJournal = "see_journal", Read;
    /// Verify a journal's chain and signatures.
    VerifyJournal = "verify_journal", Read;
    /// Take the journal out as a file, private parts included.
    ExportJournal = "export_journal", Read;
    /// Pull shared records from here to another installation.
    PullShared = "pull_shared", Read;

    /// See incidents, alarms, capacity and what is promised.
    SeeAlarms = "see_alarms", Read;

    /// See donors: who they are and what they may give.
    SeeDonors = "see_donors", Read;
    /// See patients: groups, antibodies, requests.
    SeePatients = "see_patients", Read;

    /// State figures, typed in or imported.
    ReportFigures = "report_figures", Record;
    /// Correct a figure.
    CorrectFigures = "correct_figures", Record;
    /// Draft an agreement and sign it for the own region.
    ProposeAgreement = "propose_agreement", Record;
    /// Sign what another region proposed.
    SignAgreement = "sign_agreement", Record;
    /// Decline what another region proposed.
    DeclineAgreement = "decline_agreement", Record;
    /// Take the own proposal back.
    WithdrawAgreement = "withdraw_agreement", Record;
    /// End an agreement.
    EndAgreement = "end_agreement", Record;
    /// Draft a rule set, or take a draft back that nobody has adopted.
    DraftRuleSet = "draft_rule_set", Record;
    /// Review what somebody else drafted.
    ReviewRuleSet = "review_rule_set", Record;
    /// Adopt a reviewed rule set from a moment on.
    AdoptRuleSet = "adopt_rule_set", Record;
    /// Take an adopted rule set back before it is in force.
    WithdrawRuleSet = "withdraw_rule_set", Record;
    /// Say what is wrong with an earlier record.
    Annotate = "annotate", Record;
    /// Join or leave a collaboration body.
    ChangeBodies = "change_bodies", Record;
    /// Open a site.
    OpenSite = "open_site", Record;
    /// Correct a site's description.
    CorrectSite = "correct_site", Record;
    /// Close a site.
    CloseSite = "close_site", Record;
    /// Make somebody known who acts.
    RegisterActor = "register_actor", Record;
    /// Correct an actor's description.
    CorrectActor = "correct_actor", Record;
    /// Erase a person's identity.
    EraseActor = "erase_actor", Record;
    /// Let somebody else act in a role.
    GrantRole = "grant_role", Record;
    /// Name the holder or deputy of a role the law asks for.
    GrantLegalRole = "grant_legal_role", Record;
    /// Record somebody else's competence.
    GrantCompetence = "grant_competence", Record;
    /// Delegate a task to somebody else.
    GrantDelegation = "grant_delegation", Record;
    /// Give somebody else a special assignment.
    GrantAssignment = "grant_assignment", Record;
    /// Let somebody else read for supervision.
    GrantAudit = "grant_audit", Record;
    /// Give emergency access by mandate, without breaking the glass.
    GrantEmergency = "grant_emergency", Record;
    /// Give oneself a mandate of any kind.
    GrantToOneself = "grant_to_oneself", Record;
    /// End somebody's role.
    EndRole = "end_role", Record;
    /// End a holding of a role the law asks for.
    EndLegalRole = "end_legal_role", Record;
    /// End a competence.
    EndCompetence = "end_competence", Record;
    /// End a delegation.
    EndDelegation = "end_delegation", Record;
    /// End an assignment.
    EndAssignment = "end_assignment", Record;
    /// End a right of access.
    EndAccess = "end_access", Record;
    /// Record an authority's answer.
    RecordApproval = "record_approval", Record;
    /// Look at an emergency access afterwards.
    ReviewGlass = "review_glass", Record;
    /// Record what was done to somebody's account.
    NoteAccount = "note_account", Record;
    /// Trust another region's journal.
    TrustPeer = "trust_peer", Record;
    /// Trust it no longer.
    DropPeer = "drop_peer", Record;
    /// Settle a fork after looking into it.
    SettleFork = "settle_fork", Record;
    /// Put a code table in force.
    LoadCodes = "load_codes", Record;
    /// Take over a site's existing stock.
    TakeOverStock = "take_over_stock", Record;
    /// Report what another system counts.
    ReportExternalStock = "report_external_stock", Record;
    /// State what is used in a day.
    StateDemand = "state_demand", Record;
    /// State whom to telephone at a site.
    StateDuty = "state_duty", Record;
    /// Count what lies on the shelf.
    CountStock = "count_stock", Record;
    /// Put a unit's facts right.
    CorrectUnit = "correct_unit", Record;
    /// Put units in quarantine.
    QuarantineUnits = "quarantine_units", Record;
    /// Release units from quarantine.
    ReleaseUnits = "release_units", Record;
    /// Record what a unit was tested for.
    RecordTests = "record_tests", Record;
    /// Discard units.
    DiscardUnits = "discard_units", Record;
    /// Set units aside, and give them free again.
    ReserveUnits = "reserve_units", Record;
    /// Send units.
    DispatchUnits = "dispatch_units", Record;
    /// Say what became of units that were sent here.
    ReceiveUnits = "receive_units", Record;
    /// Call a shipment off, and say that something of it is lost.
    EndShipment = "end_shipment", Record;
    /// Ask other regions for units, and offer them some.
    CallForUnits = "call_for_units", Record;
    /// Answer what another region asks or offers.
    AnswerCall = "answer_call", Record;
    /// State when couriers go.
    StateLegs = "state_legs", Record;
    /// Lend a bus donors and numbers.
    LendBus = "lend_bus", Record;
    /// On a bus: take over what the region lent.
    TakeLoan = "take_loan", Record;
    /// Report what was used, day by day.
    ReportUse = "report_use", Record;
    /// State in which regions the patients live who were given units.
    StateHomes = "state_homes", Record;
    /// Record campaigns for new donors, and count what came of them.
    KeepCampaigns = "keep_campaigns", Record;
    /// Set what should lie where.
    SetTargets = "set_targets", Record;
    /// Accept, change or refuse what a transfer plan proposes.
    DecideMoves = "decide_moves", Record;
    /// Adopt weeks of a call-up plan, take them back, tell others how many donors there are.
    AdoptCallUps = "adopt_call_ups", Record;
    /// Ask other regions for rare donors, as a number.
    AskRare = "ask_rare", Record;
    /// Register donors, take their declarations, let them through, defer them.
    KeepDonors = "keep_donors", Record;
    /// Decide as a physician: lift deferrals, assess, take wrong answers back.
    JudgeDonors = "judge_donors", Record;
    /// Record what a donor was typed for.
    TypeDonors = "type_donors", Record;
    /// Open sessions, book appointments, make lists and call donors.
    CallDonors = "call_donors", Record;
    /// Report donations.
    Collect = "collect", Record;
    /// Call donations back.
    CallBack = "call_back", Record;
    /// Report what was done about a withdrawal.
    FollowWithdrawal = "follow_withdrawal", Record;
    /// Say what a withdrawal comes to.
    CloseWithdrawal = "close_withdrawal", Record;
    /// Send plasma to industry.
    ShipPlasma = "ship_plasma", Record;
    /// Record what was told to the authority.
    TellAuthority = "tell_authority", Record;
    /// Give a site donation numbers to use.
    AssignNumbers = "assign_numbers", Record;
    /// Settle what a donation is held for.
    ClearDonation = "clear_donation", Record;
    /// Make components.
    PrepareComponents = "prepare_components", Record;
    /// Type in what tests of a donation said.
    EnterResults = "enter_results", Record;
    /// Report what tests said, from an analyser or another system.
    ReportResults = "report_results", Record;
    /// Verify what somebody else typed in, and take wrong results back.
    VerifyResults = "verify_results", Record;
    /// Register patients, and record samples, a newborn's mother and a patient's block.
    AdmitPatients = "admit_patients", Record;
    /// Record what the laboratory found, and who somebody turned out to be.
    KeepPatients = "keep_patients", Record;
    /// Decide between two groups, require something of every unit, settle a transplant's group.
    JudgePatients = "judge_patients", Record;
    /// Ask another region about one patient, and take its answer in.
    AskDisclosure = "ask_disclosure", Record;
    /// Answer another region about one patient.
    AnswerDisclosure = "answer_disclosure", Record;
    /// Break a patient's block in an emergency.
    BreakBlock = "break_block", Record;
    /// Ask for blood.
    RequestBlood = "request_blood", Record;
    /// Set units aside for a patient, crossmatch them, hand them out, and go through it afterwards.
    IssueBlood = "issue_blood", Record;
    /// Decide against a rule as the physician who answers for the blood.
    DecideException = "decide_exception", Record;
    /// Put the treating physician's decision against a rule on record.
    NoteTreatingDecision = "note_treating_decision", Record;
    /// Check, transfuse, give back, waste, and report a reaction.
    Transfuse = "transfuse", Record;
    /// Judge a reaction.
    AssessReaction = "assess_reaction", Record;
    /// Write down what was reported of an incident, and what becomes known of it.
    OpenIncident = "open_incident", Record;
    /// Confirm a major incident.
    ConfirmIncident = "confirm_incident", Record;
    /// Assess whether an incident is one of mass casualties.
    AssessIncident = "assess_incident", Record;
    /// Alarm, update and take back.
    IssueAlarm = "issue_alarm", Record;
    /// Alarm blood centres.
    AlarmBlood = "alarm_blood", Record;
    /// Test who is reached.
    TestReach = "test_reach", Record;
    /// Set who is on duty and by which ways.
    KeepRosters = "keep_rosters", Record;
    /// State an exercise: who leads it, until when, whom it may reach.
    LeadExercise = "lead_exercise", Record;
    /// Say that it is real, and stop every drill.
    StopExercise = "stop_exercise", Record;
    /// Open and answer an alarm by a personal link or the telephone's code.
    AnswerByLink = "answer_by_link", Record;
    /// Answer an alarm signed in, or write down what was said on the telephone.
    AnswerAlarm = "answer_alarm", Record;
    /// Close an obligation that nobody will meet.
    CloseObligation = "close_obligation", Record;
    /// Report what is known of an incident here.
    ReportSituation = "report_situation", Record;
    /// Report what a hospital can do.
    ReportCapacity = "report_capacity", Record;
    /// Promise transports, say where they are, and a helicopter's state.
    PledgeTransport = "pledge_transport", Record;
    /// Need, offer, accept, lend and give back material and people.
    LendMaterial = "lend_material", Record;
    /// Set the region's or a hospital's mode.
    SetCareMode = "set_care_mode", Record;
    /// Decide on triage by the rules of mass casualties, and on rationing.
    ResolveMeasure = "resolve_measure", Record;
    /// Stand down and end an incident, and say what is done afterwards.
    LeadIncident = "lead_incident", Record;
    /// Say that the own region's stock of blood is told, as an alarm asks.
    ReportStock = "report_stock", Record;
    /// Say how far a duty of the own region has come.
    ReportDuty = "report_duty", Record;
    /// Open the journal or a new epoch of it.
    OpenJournal = "open_journal", Record;
    /// Change the signing key.
    RotateKey = "rotate_key", Record;

    /// Report how far another journal was verified.
    Notice = "notice", Report;
    /// Report another journal's new epoch.
    NoticeEpoch = "notice_epoch", Report;
    /// Report two pasts.
    ReportFork = "report_fork", Report;
    /// Report silence.
    NoteSilence = "note_silence", Report;
    /// Report its end.
    NoteHeard = "note_heard", Report;
    /// Report what the clock made due in the stock, and what receivers said.
    KeepStock = "keep_stock", Report;
    /// Look for what was called back, here and elsewhere, and read the answers.
    HeedWithdrawal = "heed_withdrawal", Report;
    /// Report that a guest's pass was taken back at home.
    NoteRevocation = "note_revocation", Report;
    /// Hear others' alarms, take the ladder's steps, and report what was sent.
    KeepAlarms = "keep_alarms", Report;

    /// See accounts.
    SeeAccounts = "see_accounts", Account;
    /// Create an account.
    CreateAccount = "create_account", Account;
    /// Disable an account.
    DisableAccount = "disable_account", Account;
    /// Enable an account again.
    EnableAccount = "enable_account", Account;
    /// Give somebody a new password, to be changed at the next sign-in.
    ResetPassword = "reset_password", Account;
    /// Issue somebody's break-glass codes.
    IssueCodes = "issue_codes", Account;
    /// See somebody's sessions.
    SeeSessions = "see_sessions", Account;
    /// End somebody's sessions.
    EndSessions = "end_sessions", Account;

    /// Back the database up.
    Backup = "backup", Operate;
    /// Restore a backup as a new epoch.
    Restore = "restore", Operate;
}

impl Action {
    /// Whether it changes something.
    #[must_use]
    pub const fn writes(self) -> bool {
        match self {
            Self::SeeOneself | Self::SeeOwnAccount | Self::SeeAccounts | Self::SeeSessions => false,
            _ => !matches!(self.kind(), Kind::Public | Kind::Read),
        }
    }

    /// Whether a mandate that is limited to one site suffices: for reading, and for what
    /// everybody may do for themselves. Everything else concerns the whole region.
    #[must_use]
    pub const fn within_a_site(self) -> bool {
        matches!(self.kind(), Kind::Public | Kind::Personal | Kind::Read)
    }

    /// What a command asks, seen by whoever asks it in the region's present state: giving a
    /// mandate to oneself is another thing than giving it to somebody else, and ending a mandate
    /// is judged by what it is.
    #[must_use]
    pub fn of(command: &Command, region: &Region, actor: Option<&ActorId>) -> Self {
        match command {
            Command::Kernel(command) => kernel_action(command, region, actor),
            Command::Figures(figures::Command::Report { .. }) => Self::ReportFigures,
            Command::Figures(figures::Command::Correct { .. }) => Self::CorrectFigures,
            Command::Agreements(command) => match command {
                agreements::Command::Propose { .. } | agreements::Command::ProposeAlarm { .. } => {
                    Self::ProposeAgreement
                }
                agreements::Command::Sign { .. } => Self::SignAgreement,
                agreements::Command::Decline { .. } => Self::DeclineAgreement,
                agreements::Command::Withdraw { .. } => Self::WithdrawAgreement,
                agreements::Command::End { .. } => Self::EndAgreement,
            },
            Command::Blood(command) => blood_action(command),
            Command::Donors(command) => donor_action(command),
            Command::Donations(command) => donation_action(command),
            Command::Patients(command) => patient_action(command),
            Command::Transfusion(command) => transfusion_action(command),
            Command::Mobile(command) => match command {
                mobile::Command::Lend { .. } => Self::LendBus,
                mobile::Command::Take { .. } => Self::TakeLoan,
                mobile::Command::Adopt { .. } => Self::KeepStock,
            },
            Command::Plans(command) => match command {
                plans::Command::ReportUse { .. } => Self::ReportUse,
                plans::Command::StateHomes { .. } => Self::StateHomes,
                plans::Command::RecordCampaign { .. } | plans::Command::CountCampaign { .. } => {
                    Self::KeepCampaigns
                }
                plans::Command::SetTarget { .. } => Self::SetTargets,
                plans::Command::Accept { .. }
                | plans::Command::Refuse { .. }
                | plans::Command::Reopen { .. } => Self::DecideMoves,
                plans::Command::AdoptCallUps { .. }
                | plans::Command::WithdrawCallUp { .. }
                | plans::Command::TellStrata => Self::AdoptCallUps,
            },
            Command::Rare(command) => match command {
                rare::Command::Ask { .. } => Self::AskRare,
                rare::Command::Answer { .. } => Self::KeepStock,
            },
            Command::Incidents(command) => incident_action(command),
            Command::Alarms(command) => alarm_action(command, region),
            Command::Readiness(command) => readiness_action(command),
            Command::Rulesets(command) => rule_set_action(command, region),
            Command::Bonds(command) => match command {
                bonds::Command::Trust { .. } => Self::TrustPeer,
                bonds::Command::Drop { .. } => Self::DropPeer,
                bonds::Command::SettleFork { .. } => Self::SettleFork,
                bonds::Command::Notice { .. } => Self::Notice,
                bonds::Command::NoticeEpoch { .. } => Self::NoticeEpoch,
                bonds::Command::ReportFork { .. } => Self::ReportFork,
                bonds::Command::NoteSilence { .. } => Self::NoteSilence,
                bonds::Command::NoteHeard { .. } => Self::NoteHeard,
            },
        }
    }

    /// Reading a person's page: one's own or somebody else's.
    #[must_use]
    pub fn see_person(reader: &ActorId, person: &ActorId) -> Self {
        if reader == person { Self::SeeOneself } else { Self::SeePerson }
    }
}
