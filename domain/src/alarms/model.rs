//! What an alarm is, whom it addresses, and by which clock they are woken.

use serde::{Deserialize, Serialize};

use crate::kernel::model::plain_enum;
use crate::words::{ActorId, AlarmId, Code, IncidentId, JournalId, Known, Mode, Time, Window};

plain_enum! {
    /// The roles that are alarmed (preparedness.md §6.1). An alarm names roles; the receiving
    /// region knows who that is tonight.
    DutyRole {
        /// Duty officer (tjänsteperson i beredskap).
        Tib = "tib",
        /// Special medical command at the regional level (RSSL).
        RegionalCommand = "regional_command",
        /// The blood centre on duty.
        BloodCentre = "blood_centre",
        /// Who finds secondary transports.
        Transport = "transport",
        /// The switchboard or alarm centre, which telephones by list.
        Switchboard = "switchboard",
        /// The national authority's duty officer.
        NationalTib = "national_tib",
        /// The university blood centre that coordinates for the country (SweBA).
        NationalBlood = "national_blood",
    }
}

plain_enum! {
    /// A way to somebody. Two ways are independent if neither kind nor address is shared.
    Channel {
        /// The open page.
        Web = "web",
        /// E-mail.
        Email = "email",
        /// A signed call to another system.
        Webhook = "webhook",
        /// Text message.
        Sms = "sms",
        /// A call that is answered with the telephone's keys.
        Voice = "voice",
    }
}

/// A channel and where it leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Way {
    /// The channel.
    pub channel: Channel,
    /// Telephone number, address; the person's own page for the web.
    pub address: String,
}

/// Somebody's turn in a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Who; none for a function outside the region that only has a name and ways.
    pub actor: Option<ActorId>,
    /// What is shown and printed.
    pub name: String,
    /// 0 holds the role, 1 is the deputy, and so on.
    pub rank: u8,
    /// When.
    pub window: Window,
    /// Ways in the order in which they are tried.
    pub ways: Vec<Way>,
}

/// What others may know of a turn: that it is there, and by which kinds of channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// 0 holds the role, 1 is the deputy, and so on.
    pub rank: u8,
    /// When.
    pub window: Window,
    /// Kinds of channel in the order in which they are tried.
    pub channels: Vec<Channel>,
    /// Whether two of the ways are independent.
    pub two_ways: bool,
}

/// Who is alarmed: a role of a region, or of somebody outside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// A region.
    Region(JournalId),
    /// Somebody without a journal here, e.g. `socialstyrelsen`.
    Outside(Code),
}

/// A role of a party.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Recipient {
    /// Whose.
    pub party: Party,
    /// Which role.
    pub role: DutyRole,
}

plain_enum! {
    /// What an alarm is for.
    Kind {
        /// Told early, nobody has to answer.
        PreAlert = "pre_alert",
        /// The regional alarm.
        Regional = "regional",
        /// The alarm among blood centres.
        Blood = "blood",
        /// A request to the national level.
        National = "national",
        /// An earlier alarm is taken back: it was wrong, or is not needed.
        Recall = "recall",
        /// A test that everybody is reached, without a word of an incident.
        Reach = "reach",
        /// In an exercise: the real thing has happened (skarpt läge), every drill stops.
        RealSituation = "real_situation",
    }
}

impl Kind {
    /// Whether whoever is alarmed owes an answer.
    #[must_use]
    pub const fn asks(self) -> bool {
        !matches!(self, Self::PreAlert)
    }
}

/// Whether a role owes an answer to an alarm of this kind. The national duty officer is told of a
/// regional alarm, and answers when asked (`Kind::National`); a message that went out ends it.
#[must_use]
pub const fn asks(role: DutyRole, kind: Kind) -> bool {
    kind.asks() && !matches!((role, kind), (DutyRole::NationalTib, Kind::Regional))
}

/// Where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// In words, so that a person finds it.
    pub text: String,
    /// Latitude and longitude in millionths of a degree (WGS 84), if known.
    pub point: Known<(i32, i32)>,
}

/// A number that is known as a range: at least, at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Between {
    /// At least.
    pub least: u32,
    /// At most.
    pub most: u32,
}

/// An alarm. Never edited: an update or a recall is another alarm that names this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// Its id; its first letters say whether it is real.
    pub id: AlarmId,
    /// Real, exercise or demo: the journal's own, said again in what is signed.
    pub mode: Mode,
    /// The incident, unless it is a test of reach.
    pub incident: Option<IncidentId>,
    /// What it is for.
    pub kind: Kind,
    /// One line.
    pub headline: String,
    /// What is known, in words.
    pub text: String,
    /// Where.
    pub place: Known<Place>,
    /// Injured, as a range.
    pub injured: Known<Between>,
    /// Who is alarmed.
    pub to: Vec<Recipient>,
    /// The alarm that this one updates or takes back.
    pub replaces: Option<AlarmId>,
    /// By which clock its recipients are woken, as the issuer's own rules say.
    pub policy: Policy,
}

/// How long until what, in seconds from the issue (preparedness.md §6.4). Fixed when an obligation
/// begins: whoever changes the rules changes no clock that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The next way to the same person.
    pub next_way: u32,
    /// The deputy, beside the first.
    pub deputy: u32,
    /// The region's switchboard.
    pub switchboard: u32,
    /// A person has to telephone.
    pub by_hand: u32,
    /// The same way again, as long as nobody answers.
    pub again: u32,
    /// After a failure.
    pub retry: u32,
    /// A blood centre's stock.
    pub stock: u32,
    /// Transports, or why there are none.
    pub pledge: u32,
    /// The first situation report.
    pub report: u32,
}

impl Policy {
    /// What holds where a region has said nothing: an alarm never waits for a rule.
    pub const DEFAULT: Self = Self {
        next_way: 60,
        deputy: 180,
        switchboard: 360,
        by_hand: 600,
        again: 120,
        retry: 15,
        stock: 1_200,
        pledge: 900,
        report: 1_200,
    };

    /// When a step is taken if nobody has answered.
    #[must_use]
    pub const fn after(&self, step: Step) -> u32 {
        match step {
            Step::First => 0,
            Step::Deputy => self.deputy,
            Step::Switchboard => self.switchboard,
            Step::ByHand => self.by_hand,
        }
    }
}

plain_enum! {
    /// A step of the ladder, in order.
    Step {
        /// Whoever holds the role.
        First = "first",
        /// The deputy.
        Deputy = "deputy",
        /// The switchboard of the recipient.
        Switchboard = "switchboard",
        /// A person telephones until somebody has answered.
        ByHand = "by_hand",
    }
}

plain_enum! {
    /// What somebody answers.
    Says {
        /// Takes it.
        TakesOn = "takes_on",
        /// Cannot: the next one is woken at once.
        Cannot = "cannot",
        /// Is the wrong one: the next one is woken at once.
        WrongRecipient = "wrong_recipient",
    }
}

plain_enum! {
    /// By which way an answer came.
    By {
        /// Signed in.
        Page = "page",
        /// The personal link.
        Link = "link",
        /// The telephone's keys.
        Keys = "keys",
        /// A reply to the message.
        Reply = "reply",
        /// Told to a person, who wrote it down.
        Told = "told",
    }
}

plain_enum! {
    /// What a recipient owes beside the answer.
    Owed {
        /// A first situation report.
        Report = "report",
        /// Transports, or a shortfall with its reason.
        Pledge = "pledge",
        /// The stock of blood.
        Stock = "stock",
    }
}

/// What a role owes in an alarm of this kind, beside its answer.
#[must_use]
pub const fn owed(role: DutyRole, kind: Kind) -> &'static [Owed] {
    match (kind, role) {
        (Kind::Regional, DutyRole::Tib) => &[Owed::Report, Owed::Pledge],
        (Kind::Regional | Kind::Blood, DutyRole::BloodCentre) => &[Owed::Stock],
        _ => &[],
    }
}

/// An exercise: without one, and outside its window, an exercise's journal alarms nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drill {
    /// Its id, which every message carries.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// When; it ends by itself.
    pub window: Window,
}

/// One obligation: a role of a party, by one alarm of one journal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// Whose alarm.
    pub issuer: JournalId,
    /// Which.
    pub alarm: AlarmId,
    /// Who owes.
    pub to: Recipient,
}

plain_enum! {
    /// What became of one attempt.
    Outcome {
        /// Handed over; nobody has read it for that.
        Sent = "sent",
        /// The channel says that it was delivered. Never an answer.
        Delivered = "delivered",
        /// It failed.
        Failed = "failed",
    }
}

/// The first letters of an alarm's and an incident's id.
#[must_use]
pub const fn prefix(mode: Mode, real: &'static str) -> &'static str {
    match mode {
        Mode::Real => real,
        Mode::Exercise => "ovn",
        Mode::Demo => "demo",
    }
}

/// A moment so many seconds after another.
#[must_use]
pub const fn later(from: Time, seconds: u32) -> Time {
    from.plus_seconds(seconds as i64)
}
