//! Every schema of the interface has a name of its own: of two with one name the description keeps
//! either, and a client made from it sends the wrong thing.

use super::{Findings, Source};
use std::collections::BTreeMap;

/// Looks at the interface's types.
pub fn check(sources: &[Source]) -> Findings {
    let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let of_interface =
        |source: &&Source| source.path.starts_with("web/src/api") && source.ends_in(&[".rs"]);
    for source in sources.iter().filter(of_interface) {
        for name in schemas(&source.text) {
            named.entry(name).or_default().push(source.path.clone());
        }
    }
    let twice = named.into_iter().filter(|(_, paths)| paths.len() > 1);
    let fault = |(name, paths): (String, Vec<String>)| {
        format!("schema {name} is in {}: name one by #[schema(as = …)]", paths.join(" and "))
    };
    Findings { faults: twice.map(fault).collect(), notes: Vec::new() }
}

/// The names of a file's schemas.
fn schemas(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut renamed = None;
    let mut is_schema = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[derive(") {
            (is_schema, renamed) = (line.contains("ToSchema"), None);
        }
        if let Some((_, name)) = line.split_once("schema(as = ") {
            renamed = name.split([')', ',']).next().map(str::to_owned);
        }
        let line = line.trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ");
        let line = line.trim_start_matches("pub ");
        let rest = line.strip_prefix("struct ").or_else(|| line.strip_prefix("enum "));
        if let Some(rest) = rest {
            let own: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            if std::mem::take(&mut is_schema) {
                names.push(renamed.take().unwrap_or(own));
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::schemas;

    #[test]
    fn a_schema_is_called_as_it_says_or_as_its_type() {
        let text = "#[derive(Debug, ToSchema)]\npub struct Line {\n\
            #[derive(ToSchema)]\n#[schema(as = Other)]\npub(super) struct Line;\n\
            #[derive(Debug)]\npub enum Line {\n";
        assert_eq!(schemas(text), ["Line", "Other"]);
    }
}
