//! What can be wrong with a document, and the list of what is.

use std::fmt;

use serde_json::{Value, json};

/// How grave a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The document is no valid CAP 1.2, or must not be acted on here.
    Error,
    /// It is valid, but recipients may misread it.
    Warning,
}

impl Level {
    /// `error` or `warning`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal $level:ident $remedy:literal;)+) => {
        /// What is wrong, by a name that does not change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $variant,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name that does not change.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// How grave it is.
            #[must_use]
            pub fn level(self) -> Level {
                match self { $(Self::$variant => Level::$level,)+ }
            }

            /// What to do.
            #[must_use]
            pub fn remedy(self) -> &'static str {
                match self { $(Self::$variant => $remedy,)+ }
            }
        }
    };
}

codes! {
    /// More bytes than are read.
    XmlSize = "xml.size" Error
        "Send large files by an address in <uri> instead of <derefUri>.";
    /// In an encoding that is not read.
    XmlEncoding = "xml.encoding" Error
        "Write the document in UTF-8 and declare it so.";
    /// Not in UTF-8.
    XmlOtherEncoding = "xml.other_encoding" Warning
        "Write the document in UTF-8.";
    /// Bytes that are no UTF-8.
    XmlUtf8 = "xml.utf8" Error
        "Write the document in UTF-8; it was perhaps cut off or written in another encoding.";
    /// A character that XML cannot carry.
    XmlCharacter = "xml.character" Error
        "Remove the character.";
    /// Not well-formed.
    XmlForm = "xml.form" Error
        "Make the document well-formed XML; nothing after this place was read.";
    /// A document type.
    XmlDoctype = "xml.doctype" Error
        "Remove <!DOCTYPE …>; CAP has none, and what it would fetch or expand is never read.";
    /// An entity.
    XmlEntity = "xml.entity" Error
        "Write the character itself; only &lt; &gt; &amp; &apos; &quot; and numbers are read.";
    /// A prefix without a namespace.
    XmlPrefix = "xml.prefix" Error
        "Declare the prefix with xmlns:prefix=\"…\".";
    /// Too many elements within each other.
    XmlDeep = "xml.deep" Error
        "CAP needs five levels; nothing after this place was read.";
    /// Too many elements.
    XmlElements = "xml.elements" Error
        "Divide it into several alerts; nothing after this place was read.";

    /// More problems than are listed.
    TooMany = "xml.too_many" Error
        "Mend what is listed and check again.";

    /// Something else than an alert.
    Root = "cap.root" Error
        "The document element must be <alert>.";
    /// An earlier version.
    OldVersion = "cap.old_version" Error
        "Send CAP 1.2: namespace urn:oasis:names:tc:emergency:cap:1.2.";
    /// Another namespace.
    Namespace = "cap.namespace" Error
        "Declare xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\".";
    /// An element that CAP does not have there.
    Unknown = "cap.unknown_element" Error
        "Remove it, or check its spelling and its namespace; own values belong in <parameter>.";
    /// An attribute.
    Attribute = "cap.attribute" Error
        "Remove it; elements of CAP have no attributes.";
    /// In the wrong place among its fellows.
    Order = "cap.order" Error
        "Move it; the order of elements is fixed.";
    /// More often than allowed.
    Repeated = "cap.repeated" Error
        "Keep one.";
    /// Required and not there.
    Missing = "cap.missing" Error
        "Add it.";
    /// Text between elements.
    Stray = "cap.stray_text" Error
        "Remove it or put it into an element.";
    /// An element with nothing in it that must say something.
    Empty = "cap.empty" Error
        "Say something there.";
    /// An element with nothing in it that could be left out.
    Blank = "cap.blank" Warning
        "Leave the element out.";
    /// Not one of the allowed words.
    Value = "cap.value" Error
        "Use one of the allowed words, spelled exactly so, without white space.";
    /// An identifier that cannot be referred to.
    Identifier = "cap.identifier" Error
        "Remove white space, commas, < and &.";
    /// A sender that cannot be referred to.
    Sender = "cap.sender" Error
        "Remove white space, commas, < and &.";
    /// Not a moment.
    Moment = "cap.time" Error
        "Write it as 2026-11-22T19:30:00+01:00; UTC is written -00:00.";
    /// UTC with a plus sign.
    PlusNought = "cap.plus_nought" Warning
        "Write -00:00 if UTC is meant.";
    /// Ends before it begins.
    Expires = "cap.expires" Warning
        "Let it expire after it was sent and takes effect.";
    /// Restricted without a condition.
    RestrictionMissing = "cap.restriction_missing" Error
        "State the condition in <restriction>.";
    /// A condition that means nothing.
    RestrictionScope = "cap.restriction_scope" Error
        "Remove <restriction>, or set <scope> to Restricted.";
    /// Private without recipients.
    AddressesMissing = "cap.addresses_missing" Error
        "Name the recipients in <addresses>.";
    /// Quotation marks in a list.
    List = "cap.list" Error
        "Put white space between items, and quotation marks around an item with white space in it.";
    /// Refers to nothing.
    ReferencesMissing = "cap.references_missing" Error
        "Name the earlier alerts in <references>.";
    /// Not a reference.
    Reference = "cap.reference" Error
        "Write sender,identifier,sent for each, with white space between them.";
    /// Refers to itself.
    SelfReference = "cap.self_reference" Error
        "Refer to the earlier alert; a new alert needs an identifier of its own.";
    /// Refers to what was sent later.
    LaterReference = "cap.later_reference" Warning
        "Check the clock of the sender and the reference.";
    /// Refers twice to the same.
    RepeatedReference = "cap.repeated_reference" Warning
        "Name each alert once.";
    /// An exercise that does not name itself.
    ExerciseNote = "cap.exercise_note" Error
        "Begin <note> with the identifier of the exercise.";
    /// Named as an exercise, but not sent as one.
    ExerciseIdentifier = "cap.exercise_identifier" Warning
        "Set <status> to Exercise, or choose another identifier than OVN-….";
    /// An exercise that says it is none.
    ExerciseDenied = "cap.exercise_denied" Error
        "Never write in an exercise that it is none.";
    /// A rejection without a reason.
    ErrorNote = "cap.error_note" Warning
        "Say in <note> why it was rejected.";
    /// No language tag.
    Language = "cap.language" Error
        "Use a tag such as sv-SE.";
    /// No language.
    LanguageMissing = "cap.language_missing" Warning
        "State the language; recipients assume en-US.";
    /// The same words in two languages.
    SameText = "cap.same_text" Warning
        "Translate it, or correct <language>.";
    /// HTML.
    HtmlTags = "cap.html_tags" Warning
        "Write plain text; tags are shown as they are or read aloud.";
    /// HTML.
    HtmlEntities = "cap.html_entities" Warning
        "Write the character itself; the entity is shown as it is or read aloud.";
    /// No absolute address.
    Web = "cap.web" Error
        "Write the full address, such as https://example.org/page.";
    /// No address.
    Uri = "cap.uri" Error
        "Write an address without white space, quotation marks or brackets.";
    /// A relative address that leads nowhere.
    RelativeUri = "cap.relative_uri" Error
        "Write the full address, or carry the file in <derefUri>.";
    /// Not base64.
    DerefUri = "cap.deref_uri" Error
        "Carry the file as base64.";
    /// No media type.
    MimeType = "cap.mime_type" Error
        "Write type/subtype, such as image/png.";
    /// No size.
    Size = "cap.size" Error
        "Write the number of bytes.";
    /// Another size than the file has.
    SizeDiffers = "cap.size_differs" Warning
        "Write the number of bytes that <derefUri> stands for.";
    /// No SHA-1.
    Digest = "cap.digest" Warning
        "Write the SHA-1 digest as 40 hexadecimal characters; it was not read.";
    /// Not a list of points.
    Polygon = "cap.polygon" Error
        "Write points as lat,lon with white space between them.";
    /// Fewer than four points.
    PolygonFew = "cap.polygon_points" Error
        "Give at least four points, the last the same as the first.";
    /// More points than are checked.
    PolygonMany = "cap.polygon_large" Error
        "Use fewer points.";
    /// Not closed.
    PolygonOpen = "cap.polygon_open" Error
        "Repeat the first point at the end.";
    /// Sides meet.
    PolygonCrosses = "cap.polygon_crosses" Error
        "Order the points along the line round the area.";
    /// Encloses nothing.
    PolygonFlat = "cap.polygon_flat" Warning
        "Check the points: they lie on one line.";
    /// The same point twice in a row.
    PolygonRepeats = "cap.polygon_repeats" Warning
        "Give each point once.";
    /// Not on the earth.
    Latitude = "cap.latitude" Error
        "Latitude comes first and lies between -90 and 90.";
    /// Not on the earth.
    Longitude = "cap.longitude" Error
        "Longitude comes second and lies between -180 and 180.";
    /// Not a circle.
    Circle = "cap.circle" Error
        "Write lat,lon and the radius in kilometres: 59.86,17.64 2.5";
    /// Below nought.
    Radius = "cap.radius" Error
        "Give a radius of nought or more.";
    /// Not a number.
    Number = "cap.number" Error
        "Write a decimal number.";
    /// A number beyond all measure.
    NumberLarge = "cap.number_large" Error
        "Write the height in feet above mean sea level.";
    /// An upper bound alone.
    CeilingAlone = "cap.ceiling_alone" Error
        "Add <altitude>, the lower bound.";
    /// An upper bound below the lower.
    CeilingBelow = "cap.ceiling_below" Error
        "Let <ceiling> be at least <altitude>.";
    /// A signature.
    Signature = "cap.signature" Warning
        "Verify the signature with another tool; it was not verified here.";
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub code: Code,
    /// In which element, as a path from the root; empty if in none.
    pub path: String,
    /// In which line, from 1.
    pub line: usize,
    /// At which character of the line, from 1.
    pub column: usize,
    /// What is wrong, in words.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, path, line, column, text } = self;
        let level = code.level().text();
        let place = if path.is_empty() { String::new() } else { format!(" {path}") };
        write!(f, "{line}:{column}: {level} {}{place}: {text}. {}", code.text(), code.remedy())
    }
}

/// Which version a document says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// 1.0
    V10,
    /// 1.1
    V11,
    /// 1.2
    V12,
}

impl Version {
    /// As it is called.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::V10 => "1.0",
            Self::V11 => "1.1",
            Self::V12 => "1.2",
        }
    }

    /// By its namespace.
    #[must_use]
    pub fn of(namespace: &str) -> Option<Self> {
        match namespace {
            "http://www.incident.com/cap/1.0" => Some(Self::V10),
            "urn:oasis:names:tc:emergency:cap:1.1" => Some(Self::V11),
            super::NAMESPACE => Some(Self::V12),
            _ => None,
        }
    }
}

/// The most problems that are listed: a document made to have millions must not fill the memory.
pub const MOST_PROBLEMS: usize = 10_000;

/// Problems as they are found.
#[derive(Debug, Default)]
pub(super) struct Listed(Vec<Problem>);

impl Listed {
    /// Adds one; the first beyond the limit says that there are more.
    pub(super) fn push(&mut self, mut problem: Problem) {
        if self.0.len() == MOST_PROBLEMS {
            problem.code = Code::TooMany;
            problem.text = format!("there are more than {MOST_PROBLEMS} problems");
        }
        if self.0.len() <= MOST_PROBLEMS {
            self.0.push(problem);
        }
    }

    /// All of them in the order of their places.
    pub(super) fn in_order(mut self) -> Vec<Problem> {
        self.0.sort_by_key(|problem| (problem.line, problem.column));
        self.0
    }
}

/// Every problem of a document, in the order of their places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What version the document says it is; `None` if it does not say.
    pub version: Option<Version>,
    /// The problems.
    pub problems: Vec<Problem>,
}

impl Report {
    /// Whether there is no error. There may be warnings.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.count(Level::Error) == 0
    }

    /// How many problems there are of a level.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.problems.iter().filter(|problem| problem.code.level() == level).count()
    }

    /// As JSON, the form of which `docs/cap.md` describes.
    #[must_use]
    pub fn json(&self) -> Value {
        let problem = |problem: &Problem| {
            json!({
                "code": problem.code.text(),
                "severity": problem.code.level().text(),
                "path": problem.path,
                "line": problem.line,
                "column": problem.column,
                "text": problem.text,
                "remedy": problem.code.remedy(),
            })
        };
        json!({
            "valid": self.is_valid(),
            "version": self.version.map(Version::text),
            "errors": self.count(Level::Error),
            "warnings": self.count(Level::Warning),
            "problems": self.problems.iter().map(problem).collect::<Vec<_>>(),
        })
    }
}
