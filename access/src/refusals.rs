//! Every way in which access refuses; texts in the message catalogue as for the domain's.

use samband_domain::RefusalKind;

macro_rules! refusals {
    ($($(#[$meta:meta])* $NAME:ident = $code:literal, $source:literal;)*) => {
        $($(#[$meta])* pub static $NAME: RefusalKind =
            RefusalKind { code: $code, source: $source };)*

        /// Every refusal of access.
        pub static REFUSALS: &[&RefusalKind] = &[$(&$NAME),*];
    };
}

refusals! {
    /// No mandate in force allows it.
    DENIED = "access.denied", "design §7: deny by default";
    /// Allowed only in the own region.
    DENIED_REGION = "access.other_region", "design §2: each region owns its record";
    /// Only for those who are signed in.
    NOT_SIGNED_IN = "access.not_signed_in", "design §7: deny by default";
    /// The request came from a page of another site.
    FOREIGN_PAGE = "access.foreign_page", "design §7: a page elsewhere cannot act for somebody";
    /// Name and password, or name and code, do not open an account.
    SIGN_IN_REFUSED = "sign_in.refused", "design §7: local accounts";
    /// Too many failures from here: wait some seconds.
    SIGN_IN_WAIT = "sign_in.wait", "design §7: throttled by account and address";
    /// Too many at the same time.
    SIGN_IN_BUSY = "sign_in.busy", "design §7: throttled by account and address";
    /// The name is not of the form `role@region`.
    NAME_FORM = "account.name_form", "names are lower-case letters, digits, . and - @ region";
    /// The name is taken.
    NAME_TAKEN = "account.name_taken", "design §5: one identifier, one thing";
    /// There is no such account.
    ACCOUNT_UNKNOWN = "account.unknown", "design §5: a reference names something recorded";
    /// Accounts with a given hash are for demonstrations only.
    NO_DEMONSTRATION = "account.no_demonstration", "design §5: invented people stay in a demo";
    /// The password is too short.
    PASSWORD_SHORT = "account.password_short", "design §7: local accounts; at least 12 characters";
    /// The password is too long.
    PASSWORD_LONG = "account.password_long", "design §7: local accounts; at most 256 characters";
    /// The password contains the person's own name, or the name the password.
    PASSWORD_NAME = "account.password_name", "NIST SP 800-63B-4 3.1.1.2: context-specific words";
    /// The password is one of the first that anybody would try.
    PASSWORD_COMMON = "account.password_common", "NIST SP 800-63B-4 3.1.1.2: blocklist";
}
