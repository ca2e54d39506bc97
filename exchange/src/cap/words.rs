//! The words that CAP allows where it allows only certain words.

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl Word for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn text(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($variant),)+
                }
            }
        }
    };
}

/// One of a fixed set of words, spelled exactly so.
pub trait Word: Copy + 'static {
    /// Every word of the set, in the order of the standard.
    const ALL: &'static [Self];

    /// As it is written.
    fn text(self) -> &'static str;

    /// The word that is spelled so; `None` if there is none, whatever the case of its letters.
    #[must_use]
    fn read(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.text() == text)
    }
}

words! {
    /// How an alert is to be handled; what it carries with it stands in
    /// [`Status`](super::Status).
    StatusWord {
        /// Act on it.
        Actual,
        /// For the participants of an exercise only.
        Exercise,
        /// Between systems.
        System,
        /// A test; to be disregarded.
        Test,
        /// Not to be acted on in this form.
        Draft,
    }
}

words! {
    /// What kind of message it is; what it refers to stands in [`Message`](super::Message).
    MessageWord {
        /// First information.
        Alert,
        /// Updates and replaces earlier messages.
        Update,
        /// Takes earlier messages back.
        Cancel,
        /// Earlier messages were received and accepted.
        Ack,
        /// Earlier messages were rejected.
        Error,
    }
}

words! {
    /// For whom it is meant; whom exactly stands in [`Scope`](super::Scope).
    ScopeWord {
        /// Anybody.
        Public,
        /// Those who meet a stated condition.
        Restricted,
        /// Stated recipients.
        Private,
    }
}

words! {
    /// What it is about.
    Category {
        /// Geophysical, landslides included.
        Geo,
        /// Meteorological, floods included.
        Met,
        /// General emergency and public safety.
        Safety,
        /// Law enforcement, military, security.
        Security,
        /// Rescue and recovery.
        Rescue,
        /// Fire.
        Fire,
        /// Medical and public health.
        Health,
        /// Pollution and other environmental.
        Env,
        /// Public and private transport.
        Transport,
        /// Utilities, telecommunication, other infrastructure.
        Infra,
        /// Chemical, biological, radiological, nuclear, explosive.
        CBRNE,
        /// Something else.
        Other,
    }
}

words! {
    /// What recipients should do.
    ResponseType {
        /// Take shelter.
        Shelter,
        /// Relocate.
        Evacuate,
        /// Make preparations.
        Prepare,
        /// Execute a planned activity.
        Execute,
        /// Avoid the event.
        Avoid,
        /// Follow information sources.
        Monitor,
        /// Evaluate the information.
        Assess,
        /// The event is no longer a threat.
        AllClear,
        /// Nothing.
        None,
    }
}

words! {
    /// How soon something must be done.
    Urgency {
        /// At once.
        Immediate,
        /// Within an hour.
        Expected,
        /// In the near future.
        Future,
        /// No longer.
        Past,
        /// Not known.
        Unknown,
    }
}

words! {
    /// How hard it hits.
    Severity {
        /// Extraordinary threat.
        Extreme,
        /// Significant threat.
        Severe,
        /// Possible threat.
        Moderate,
        /// Minimal or no known threat.
        Minor,
        /// Not known.
        Unknown,
    }
}

words! {
    /// How sure it is.
    Certainty {
        /// Has happened or goes on.
        Observed,
        /// More likely than not.
        Likely,
        /// Possible but not likely.
        Possible,
        /// Not expected.
        Unlikely,
        /// Not known.
        Unknown,
    }
}
