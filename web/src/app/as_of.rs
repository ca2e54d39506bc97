//! The stamp on what a process answers that follows another: as of which records.

use axum::http::{HeaderName, HeaderValue};
use samband_engine::Followed;

use super::App;

/// The stamp's name.
pub(super) const HEADER: HeaderName = HeaderName::from_static("samband-as-of");

/// Most journals that it names; how many more there are stands at its end.
const JOURNALS_MAX: usize = 64;

/// The stamp of an answer now; none from the process that writes, which has nobody to lag behind.
/// How long journals are is for those who are signed in; for others it says that it is a stamp.
pub(super) fn header(app: &App, signed_in: bool) -> Option<HeaderValue> {
    let followed = app.engine.followed()?;
    let text = if signed_in { stamp(&followed) } else { "follower".into() };
    HeaderValue::from_str(&text).ok()
}

/// Journal, epoch and last record of each: `skane/1/1234, halland/1/77`.
fn stamp(followed: &[Followed]) -> String {
    let place = |one: &Followed| format!("{}/{}/{}", one.journal, one.epoch, one.seq);
    let mut places: Vec<_> = followed.iter().take(JOURNALS_MAX).map(place).collect();
    if followed.len() > JOURNALS_MAX {
        places.push(format!("+{}", followed.len() - JOURNALS_MAX));
    }
    places.join(", ")
}

#[cfg(test)]
mod tests {
    use samband_domain::JournalId;

    use super::*;

    #[test]
    fn the_stamp_names_every_journal_and_stays_short() {
        let one = |name: &str, seq| Followed {
            journal: JournalId::new(name).unwrap(),
            epoch: 1,
            seq,
            behind: 0,
        };
        assert_eq!(stamp(&[one("halland", 77), one("skane", 1234)]), "halland/1/77, skane/1/1234");
        let many: Vec<_> = (0..100).map(|n| one(&format!("j{n}"), n)).collect();
        let text = stamp(&many);
        assert!(text.starts_with("j0/1/0, j1/1/1, ") && text.ends_with("j63/1/63, +36"), "{text}");
        assert_eq!(stamp(&[]), "");
    }
}
