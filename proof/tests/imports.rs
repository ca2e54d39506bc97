//! Stocks, other systems' stocks and code tables from the command line: what goes in, what is
//! refused and why, that a refusal leaves nothing behind, and that it is the same work whether a
//! server runs or not.

use std::path::{Path, PathBuf};

use proof::{Installation, Ran};
use serde_json::{Value, json};

const USER: &str = "anna@skane";

const CODES: &str = "kind;code;product;attributes;text;from;until;facility
table;title;;;Prov;;;
table;version;;;1;;;
table;valid;;;;2025-01-01;2099-12-31;
facility;A9990;;;Blekinge;;;
product;E0336;red_cells;leukoreduced;Erytrocyter;;;
";

const STOCK: &str = "din;product;group;expiry;status
A9990 26 000001 S;E0336V00;O RhD neg;2099-12-20;available
A9990 26 000002 Q;E0336V00;A+;2099-12-20;quarantined
";

const COUNTED: &str = "component;group;available;reserved
red_cells;O RhD neg;7;1
red_cells;A RhD pos;okänt;
";

#[track_caller]
fn assert_says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "“{word}” is missing in:\n{text}");
    }
}

/// A region with a site of its own and one whose record another system keeps.
struct Region {
    installation: Installation,
}

impl Region {
    fn open() -> Self {
        let installation = Installation::with(USER, "administrator,coordinator,scientist");
        installation.add_user("sekr@skane", "secretary");
        let server = installation.serve();
        let anna = server.sign_in(USER);
        for (id, record) in [("lund", "samband"), ("ystad", "external")] {
            let site = json!({ "id": id, "name": id, "kind": "blood_centre", "record": record });
            anna.act("/api/v1/sites", &site);
        }
        assert!(server.stop().success());
        Self { installation }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        self.installation.write(name, text)
    }

    fn import(&self, what: &str, file: &Path, more: &[&str]) -> Ran {
        let command = ["import", what, file.to_str().unwrap(), "--region", "skane"];
        self.installation.run(command.iter().chain(more))
    }

    /// How many records the region has, and of which kinds.
    fn journal(&self) -> String {
        self.installation.run(["journal", "export", "skane"]).ok()
    }
}

#[test]
fn every_refusal_says_why_and_leaves_nothing_behind() {
    let region = Region::open();
    let codes = region.file("codes.csv", CODES);
    let stock = region.file("stock.csv", STOCK);
    let counted = region.file("prosang.csv", COUNTED);
    let before = region.journal();
    let lund = ["--site", "lund"];

    // Nothing can be read before there is a code table.
    let said = region.import("stock", &stock, &lund).refused();
    assert_says(&said, &["line 2", "line 3", "code table", "2 row(s)", "nothing was imported"]);
    let said = region.import("codes", &stock, &[]).refused();
    assert_says(&said, &["line 1", "heading", "nothing was imported"]);
    let said = region.import("codes", &codes, &["--as", "nobody@skane"]).refused();
    assert_says(&said, &["no account nobody@skane"]);
    region.import("codes", &codes, &["--as", "sekr@skane"]).refused();
    let elsewhere = ["import", "codes", codes.to_str().unwrap(), "--region", "halland"];
    let said = region.installation.run(elsewhere).refused();
    assert_says(&said, &["halland", "written here"]);
    let said = region.import("stock", Path::new("/no/such.csv"), &lund).refused();
    assert_says(&said, &["/no/such.csv"]);
    assert_eq!(region.import("stock", &stock, &[]).code, Some(2), "at which site?");
    assert_eq!(region.import("external", &counted, &[]).code, Some(2), "at which site?");

    // What the file does not say must be said beside it, also to a dry run.
    let at = |more: &[&str]| {
        let all: Vec<_> = ["--site", "ystad"].iter().chain(more).copied().collect();
        region.import("external", &counted, &all)
    };
    let dry = at(&["--dry-run"]).refused();
    assert_says(&dry, &["which system"]);
    let said = at(&["--system", "ProSang", "--as-of", "yesterday"]).refused();
    assert_says(&said, &["yesterday", "2026-11-22 06:00"]);
    let said = at(&["--system", "ProSang", "--as-of", "2099-01-01 06:00"]).refused();
    assert_says(&said, &["lies ahead"]);
    let bad = region.file("bad.csv", &COUNTED.replace('7', "7,5").replace("okänt", "-3"));
    let said = region.import("external", &bad, &["--site", "ystad", "--system", "P"]).refused();
    assert_says(&said, &["line 2", "7,5", "line 3", "-3", "2 row(s)"]);

    let dry = region.import("codes", &codes, &["--dry-run"]);
    assert_says(&dry.err, &["skane: a code table", "dry run"]);
    dry.ok();
    assert_eq!(region.journal(), before, "a refusal or a dry run left something in the journal");
}

#[test]
fn files_go_in_whole_and_the_picture_and_the_unit_name_them() {
    let region = Region::open();
    let codes = region.file("codes.csv", CODES);
    let stock = region.file("stock.csv", STOCK);
    let counted = region.file("prosang.csv", COUNTED);
    let lund = ["--site", "lund"];
    region.import("codes", &codes, &["--as", USER]).ok();
    assert_says(&region.import("codes", &codes, &[]).refused(), &["Prov", "in force already"]);

    // One row of three is right; none is taken over.
    let bad = STOCK
        .replace("000001 S", "000001 X")
        .replace("000002 Q;E0336V00;A+", "000002 Q;E9999V00;A+")
        + "A9990 26 000002 Q;E0336V00;B+;2099-12-20;quarantined\n";
    let bad = region.file("bad.csv", &bad);
    let said = region.import("stock", &bad, &lund).refused();
    assert_says(&said, &["line 2, column “din”", "Check character X", "line 3", "E9999V00"]);
    assert_says(&said, &["2 row(s)", "nothing was imported"]);
    assert!(!said.contains("line 4"), "{said}");

    let server = region.installation.serve();
    let anna = server.sign_in(USER);
    let unknown = &anna.get("/api/v1/stock?region=skane&by=site");
    assert_eq!(unknown[0]["component"], Value::Null, "a component was made up: {unknown}");
    assert_eq!(unknown[0]["available"], Value::Null);
    // A running server is asked, and does the same.
    assert_says(
        &region.import("stock", &stock, &["--site", "lund", "--dry-run"]).err,
        &["2 units"],
    );
    region.import("stock", &stock, &lund).ok();
    let said = region.import("stock", &stock, &lund).refused();
    assert_says(&said, &["A999026000001.E0336V00", "in the record already"]);
    let said = region.import("stock", &stock, &["--site", "malmo"]).refused();
    assert_says(&said, &["in the record already"]);
    let prosang = ["--system", "ProSang", "--as-of", "2026-01-22 06:00"];
    let to = |site| ["--site", site].into_iter().chain(prosang).collect::<Vec<_>>();
    let said = region.import("external", &counted, &to("lund")).refused();
    assert_says(&said, &["lund", "is kept here"]);
    region.import("external", &counted, &to("ystad")).ok();

    let rows = anna.get("/api/v1/stock?region=skane&by=site");
    let row = |site: &str, group: &str| {
        let of = |row: &&Value| row["site"] == site && row["group"] == group;
        rows.as_array().unwrap().iter().find(of).cloned().unwrap_or_else(|| panic!("{rows}"))
    };
    let own = row("lund", "o_neg");
    assert_eq!((&own["available"], &own["source"]), (&json!(1), &json!("samband")));
    assert_eq!(row("lund", "a_pos")["quarantined"], 1);
    let told = row("ystad", "o_neg");
    assert_eq!((&told["available"], &told["source"]), (&json!(7), &json!("ProSang")));
    assert_eq!((&told["as_of"], &told["stale"]), (&json!("2026-01-22T05:00:00Z"), &json!(true)));
    assert_eq!(row("ystad", "a_pos")["available"], Value::Null, "unknown is not nothing");
    let unit = anna.get("/api/v1/units/A999026000001/E0336V00");
    assert_says(&unit.to_string(), &["stock.csv", "lund"]);
    assert!(server.stop().success());
    assert_says(
        &region.journal(),
        &["stock.codes_loaded", "stock.taken_over", "external_reported"],
    );
}

/// Sixty days of one group at a site, Monday to Sunday alike, and a day that nobody knows.
fn used(site: &str) -> String {
    let month = |month: u32, days: u32| {
        (1..=days).map(move |day| format!("2026-{month:02}-{day:02}")).collect::<Vec<_>>()
    };
    let mut text = "date,site,component,group,units\n".to_owned();
    for (n, date) in month(1, 31).into_iter().chain(month(2, 28)).enumerate() {
        let units = if n == 40 { String::new() } else { (3 + n % 4).to_string() };
        text.push_str(&format!("{date},{site},red_cells,o_pos,{units}\n"));
        text.push_str(&format!("{date},{site},platelets,,{}\n", n % 3));
    }
    text
}

#[test]
fn use_goes_in_comes_out_as_it_was_and_is_what_the_forecast_reads() {
    let region = Region::open();
    let file = region.file("use.csv", &used("ystad"));
    let nothing = region.installation.run(["export", "use"]).refused();
    assert_says(&nothing, &["no day of use is known of skane", "samband import use"]);
    region.import("use", &file, &["--source", "Provet"]).ok();
    let elsewhere = region.installation.run(["export", "use", "--region", "halland"]).refused();
    assert_says(&elsewhere, &["--region", "skane"]);
    let out = region.installation.run(["export", "use", "--region", "skane"]).ok();
    let lines = |text: &str| -> Vec<String> {
        let known = text.lines().filter(|line| !line.ends_with(','));
        let mut lines: Vec<_> = known.map(|line| line.trim_end().to_owned()).collect();
        lines.sort();
        lines
    };
    assert_eq!(lines(&out), lines(&used("ystad")), "what is known, and nothing else");
    let written = region.file("out.csv", &out);
    let told = |file: &Path| -> Value {
        let file = file.to_str().unwrap();
        let told = proof::run(["forecast", file, "--horizon", "28", "--json"], "").ok();
        serde_json::from_str(&told).unwrap()
    };
    assert_eq!(told(&written), told(&file), "an unknown day and a missing row are the same");

    // What a page of the running server shows of the same days.
    let server = region.installation.serve();
    let anna = server.sign_in(USER);
    let path = "/api/v1/plans/forecast?site=ystad&component=red_cells&group=o_pos&weeks=4";
    let shown = anna.get(path);
    assert_eq!(shown["known_days"], 58);
    let all = told(&written);
    let series = all["series"].as_array().unwrap();
    let of = series.iter().find(|one| one["group"] == "o_pos").unwrap();
    let days = of["days"].as_array().unwrap();
    for (shown, day) in shown["forecast"]["ahead"].as_array().unwrap().iter().zip(days) {
        assert_eq!((&shown["date"], &shown["limits"][2]), (&day["date"], &day["quantiles"][2]));
    }
    assert!(server.stop().success());
}
