//! Stocks out of files: an opening balance, what another system counts, and what was found on a
//! shelf. A file is taken as a whole or not at all; everything wrong with it is listed by line.

mod cells;
mod counted;
mod external;
mod opening;
mod used;

pub use cells::antigens;
pub use counted::{Found, counted};
pub use external::{EXTERNAL_COLUMNS, ExternalRead, external};
pub use opening::{OPENING_COLUMNS, Opening, OpeningRow, opening};
pub use used::{USED_COLUMNS, UsedRead, used};

/// No heading with the columns that must be there; argument `columns`.
pub const NO_HEADING: &str = "import-bad-stock-heading";
/// Not a donation number.
pub const DIN: &str = "import-bad-stock-din";
/// Not a product code.
pub const PRODUCT: &str = "import-bad-stock-product";
/// Not a blood group.
pub const GROUP: &str = "import-bad-stock-group";
/// Not a moment.
pub const TIME: &str = "import-bad-stock-time";
/// Not a status; argument `known`.
pub const STATUS: &str = "import-bad-stock-status";
/// Reserved, without until when.
pub const NO_UNTIL: &str = "import-bad-stock-no-until";
/// Not tests with results; argument `known`.
pub const TESTS: &str = "import-bad-stock-tests";
/// Not antigens with signs.
pub const ANTIGENS: &str = "import-bad-stock-antigens";
/// Not an attribute; argument `known`.
pub const ATTRIBUTE: &str = "import-bad-stock-attribute";
/// Not a component; argument `known`.
pub const COMPONENT: &str = "import-bad-stock-component";
/// Not a number of units.
pub const NUMBER: &str = "import-bad-stock-number";
/// The row stands there twice; argument `first`, the earlier line.
pub const TWICE: &str = "import-bad-stock-twice";
/// A scan that names no unit.
pub const NO_UNIT: &str = "import-bad-stock-no-unit";
/// A text that is longer than it may be.
pub const LONG: &str = "import-bad-stock-long";

/// Not a date.
pub const DAY: &str = "import-bad-stock-day";
/// Not a place of the region.
pub const SITE: &str = "import-bad-stock-site";

/// Every message key of this part.
pub const BAD_CODES: &[&str] = &[
    NO_HEADING, DIN, PRODUCT, GROUP, TIME, STATUS, NO_UNTIL, TESTS, ANTIGENS, ATTRIBUTE, COMPONENT,
    NUMBER, TWICE, NO_UNIT, LONG, DAY, SITE,
];
