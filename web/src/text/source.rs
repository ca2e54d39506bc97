//! Where a rule comes from, as the screen says it.
//!
//! Refusals name their source for whoever maintains the rules: a law, a collection of facts, the
//! program's own principles. The law keeps its name on the screen; what nobody outside the program
//! has ever seen by its short name is called by what it is.

use super::{Lang, Words};

/// What the program's own sources begin with, and what they are called.
const OWN: &[(&str, &str)] = &[
    ("design", "source-design"),
    ("blood.md", "source-blood"),
    ("planning.md", "source-planning"),
    ("preparedness.md", "source-preparedness"),
    ("collaboration.md", "source-collaboration"),
    ("issue 4", "source-design"),
    ("kernel", "source-design"),
    ("mission", "source-mission"),
    ("the region's rule set", "source-rule-set"),
    ("national catalogue", "source-national-catalogue"),
    ("from general knowledge, unverified", "source-general"),
    ("assumed (demo)", "source-assumed"),
];

impl Words {
    /// The source of a rule as data, which a region may have written itself: the program's own
    /// names are said in the page's language, everything else stands as it was written.
    #[must_use]
    pub fn source(self, source: &str) -> String {
        let parts = source.split("; ").map(|part| match own(part) {
            Some(_) => self.refusing(part).unwrap_or_else(|| part.to_owned()),
            None => part.to_owned(),
        });
        parts.collect::<Vec<_>>().join("; ")
    }

    /// The source of a refusal. Sources are told apart by semicolons; what stands after a colon is
    /// the rule in English, which a Swedish page says beside it in Swedish already.
    #[must_use]
    pub fn refusal_source(self, source: &str) -> String {
        let parts = source.split("; ").filter_map(|part| self.refusing(part));
        let mut said: Vec<String> = Vec::new();
        for part in parts {
            if !said.contains(&part) {
                said.push(part);
            }
        }
        // A source that is nothing but the rule in English is the program's own.
        if said.is_empty() { self.t("source-design") } else { said.join("; ") }
    }

    fn refusing(self, part: &str) -> Option<String> {
        let (head, rule) = parted(part);
        let name = match own(part) {
            Some((key, place)) => format!("{}{place}", self.t(key)),
            // The second half of a rule's English words, after a semicolon, names no source.
            None if rule.is_none() && head.starts_with(char::is_lowercase) && !is_law(head) => {
                return (self.lang() == Lang::En).then(|| part.to_owned());
            }
            None => head.to_owned(),
        };
        Some(match (self.lang(), rule) {
            (Lang::En, Some(rule)) => format!("{name}: {rule}"),
            _ => name,
        })
    }
}

/// The name of a source, and the rule in words if it stands there.
fn parted(part: &str) -> (&str, Option<&str>) {
    part.split_once(": ").map_or((part, None), |(head, rule)| (head, Some(rule)))
}

/// One of the program's own sources: its key in the catalogue, and the place in it.
fn own(part: &str) -> Option<(&'static str, &str)> {
    let (head, _) = parted(part);
    OWN.iter().find_map(|(name, key)| {
        let place = head.strip_prefix(name)?;
        (place.is_empty() || place.starts_with(' ')).then_some((*key, place))
    })
}

/// Swedish laws begin with a small letter.
fn is_law(head: &str) -> bool {
    head.starts_with("lag ") || head.starts_with("förordning ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swedish_page_says_a_source_in_swedish() {
        let sv = |source| Words::sv().refusal_source(source);
        let program = Words::sv().t("source-design");
        assert_eq!(sv("design §7: deny by default"), format!("{program} §7"));
        let four_eyes = "design §7: four eyes; whoever drafts a rule set does not adopt it";
        assert_eq!(sv(four_eyes), format!("{program} §7"));
        assert_eq!(sv("SOSFS 2009:29: one tube, one number"), "SOSFS 2009:29");
        assert_eq!(sv("PDL 2008:355 6 kap.; lag 2022:913"), "PDL 2008:355 6 kap.; lag 2022:913");
        assert_eq!(sv("EIA, LEARN; SOSFS 2009:29"), "EIA, LEARN; SOSFS 2009:29");
        let rules = Words::sv().t("source-rule-set");
        let tests = "the region's rule set: tests of each donation; SOSFS 2009:28";
        assert_eq!(sv(tests), format!("{rules}; SOSFS 2009:28"));
        assert_eq!(sv("what comes out is not more than what went in"), program);
    }

    #[test]
    fn what_a_region_wrote_stands_as_it_wrote_it() {
        let sv = |source| Words::sv().source(source);
        assert_eq!(sv("assumed (demo)"), Words::sv().t("source-assumed"));
        for written in ["prov", "designed elsewhere", "Beslut 12: gäller från maj", "EIA; handbok"]
        {
            assert_eq!(sv(written), written);
        }
    }

    #[test]
    fn an_english_page_keeps_the_rule_beside_it() {
        let en = Words::en();
        let said = en.refusal_source("blood.md §7.1: one person, one donor record");
        let facts = en.t("source-blood");
        assert_eq!(said, format!("{facts} §7.1: one person, one donor record"));
    }

    /// No refusal leads a Swedish reader to a text that is not there, or says its rule in English.
    #[test]
    fn every_refusal_has_a_source_that_can_be_read() {
        let access = samband_access::REFUSALS.iter().copied();
        for kind in samband_domain::refusals().chain(access) {
            let said = Words::sv().refusal_source(kind.source);
            assert!(!said.contains(".md"), "{}: {said}", kind.code);
            assert!(!said.contains(": "), "{}: {said}", kind.code);
        }
    }
}
