//! Whatever the types can express is written validly and read back as it was.

use proptest::prelude::*;
use samband_exchange::cap::{Alert, Level, read, validate, write};

use crate::cap::documents::WHOLE;
use crate::cap::strategies::alert;

proptest! {
    #[test]
    fn what_is_written_is_valid_and_reads_the_same(alert in alert()) {
        let document = write(&alert);
        let report = validate(document.as_bytes());
        prop_assert_eq!(report.count(Level::Error), 0, "{}\n{:?}", document, report.problems);
        let again = read(document.as_bytes()).map(|read| read.alert);
        prop_assert_eq!(again, Ok(alert));
    }

    #[test]
    fn no_moment_is_written_with_a_letter(alert in alert()) {
        let sent = alert.sent.to_string();
        prop_assert!(!sent.ends_with('Z') && sent.len() == 25, "{}", sent);
    }
}

#[test]
fn a_document_that_was_read_is_written_with_all_it_said() {
    let alert = read(WHOLE.as_bytes()).expect("an alert").alert;
    // Numbers lose the noughts that say nothing; everything else stands as it stood.
    let expected = WHOLE.replace("0.30", "0.3").replace("7.40", "7.4").replace("7.60", "7.6");
    let expected = expected.replace("0.40", "0.4");
    assert_eq!(write(&alert), expected);
}

#[test]
fn an_alert_cannot_refer_to_itself() {
    let alert = read(WHOLE.as_bytes()).expect("an alert").alert;
    let own = alert.reference();
    let mut parts = alert.into_parts();
    parts.message = samband_exchange::cap::Message::Cancel(samband_exchange::cap::Many::one(own));
    assert!(Alert::new(parts).is_err());
}
