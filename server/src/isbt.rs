//! `samband isbt`: check characters, scans and labels, without any installation.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use clap::{Args, Subcommand};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use samband_domain::Time;
use samband_domain::blood::model::{Din, Group, Phenotype, UnitId, mod37_2};
use samband_exchange::isbt128::label::{Label, Words};
use samband_exchange::isbt128::{GroupCode, GroupMessage, Intended, PrintFlag, RhKell};
use samband_exchange::isbt128::{classify, facts, read_codes};
use serde_json::{Value, json};

/// `isbt`
#[derive(Debug, Subcommand)]
pub enum IsbtCommand {
    /// Print the check character of a donation number: the one boxed after it on the label.
    Check {
        /// The donation number, 13 characters.
        din: String,
        /// Any text of capital letters and digits, whatever its length.
        #[arg(long)]
        any: bool,
    },
    /// Say what a scanned or typed text is, or why it is refused.
    Parse {
        /// The text as the scanner gives it, or a donation number with its check character.
        scan: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Draw a unit's label as SVG or PDF.
    Label(LabelArgs),
}

/// `isbt label`
#[derive(Debug, Args)]
pub struct LabelArgs {
    /// Donation number, full stop, product code: A999026000001.B0001V00
    unit: UnitId,
    /// Group: O+, O-, A+ …
    #[arg(long, allow_hyphen_values = true)]
    group: Group,
    /// When it expires, in Swedish time: 2026-02-11T23:59
    #[arg(long)]
    expiry: DateTime,
    /// Flag: 0–10, 20, 30–34, 40–44 or 50–54, as Swedish labels bear them.
    #[arg(long, default_value = "0", value_parser = print_flag)]
    flag: PrintFlag,
    /// Antigens found, several by commas: K,Fya
    #[arg(long, value_delimiter = ',')]
    found: Vec<samband_domain::blood::model::Antigen>,
    /// Antigens looked for and not found, several by commas.
    #[arg(long, value_delimiter = ',')]
    not_found: Vec<samband_domain::blood::model::Antigen>,
    /// Code table for the words of product and facility.
    #[arg(long, value_name = "FILE")]
    codes: Option<PathBuf>,
    /// Words across the foot.
    #[arg(long, default_value = "")]
    notice: String,
    /// To a file that ends with .svg or .pdf, instead of an SVG on standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn print_flag(text: &str) -> Result<PrintFlag, String> {
    let flag = text.parse().ok().and_then(PrintFlag::new);
    flag.ok_or_else(|| format!("Swedish labels bear no flag {text}"))
}

/// Does what is asked.
pub fn run(command: IsbtCommand) -> Result<()> {
    match command {
        IsbtCommand::Check { din, any } => {
            println!("{}", check(&din, any)?);
            Ok(())
        }
        IsbtCommand::Parse { scan, json } => parse(&scan, json),
        IsbtCommand::Label(options) => label(&options),
    }
}

fn check(text: &str, any: bool) -> Result<char> {
    let text: String = text.trim().to_ascii_uppercase();
    if any {
        return mod37_2(&text).context("only letters A–Z and digits have a check character");
    }
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    // Fourteen characters bring their check character along: then it is checked, not computed.
    let whole = compact.chars().count() == 14;
    let din = if whole { Din::parse_typed(&compact)? } else { Din::parse(&compact)? };
    Ok(din.check_character())
}

fn parse(text: &str, as_json: bool) -> Result<()> {
    let scan = match classify(text) {
        Ok(scan) => scan,
        Err(refused) => {
            if as_json {
                let args: serde_json::Map<String, Value> = refused
                    .args()
                    .into_iter()
                    .map(|(key, value)| (key.into(), json!(value)))
                    .collect();
                let error =
                    json!({ "code": refused.code(), "reason": refused.to_string(), "facts": args });
                println!("{}", json!({ "refused": error }));
            }
            bail!("{refused} ({})", refused.code());
        }
    };
    let said = facts::scan(&scan);
    if as_json {
        println!("{said:#}");
    } else {
        print_readable(&said);
    }
    Ok(())
}

/// One line for the whole, then each structure with what it says below.
fn print_readable(said: &Value) {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    println!("{} ({})", text(&said["kind"]), text(&said["how"]));
    for structure in said["structures"].as_array().into_iter().flatten() {
        println!("{} {}", text(&structure["structure"]), text(&structure["name"]));
        for (key, value) in structure.as_object().into_iter().flatten() {
            if !matches!(key.as_str(), "structure" | "name" | "text") && !value.is_null() {
                println!("    {:<18} {}", key.replace('_', " "), text(value));
            }
        }
    }
}

fn label(options: &LabelArgs) -> Result<()> {
    let zone = TimeZone::get("Europe/Stockholm")?;
    let expiry = options.expiry.to_zoned(zone)?.timestamp().as_microsecond();
    let found = options.found.iter().fold(Phenotype::UNTESTED, |sum, one| sum.with(*one, true));
    let tested = options.not_found.iter().fold(found, |sum, one| sum.with(*one, false));
    let code = GroupCode::Group(options.group, Intended::Unspecified);
    let group = GroupMessage { code, rh_kell: RhKell::of(tested) };
    let words = words(options, Time(expiry))?;
    let label = Label::new(options.unit, options.flag, group, Time(expiry), words)?;
    write(&label, options.output.as_deref())
}

fn words(options: &LabelArgs, expiry: Time) -> Result<Words> {
    let (mut product, mut facility) = (String::new(), String::new());
    if let Some(path) = &options.codes {
        let bytes =
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let table = read_codes(&bytes, &path.to_string_lossy())?;
        let fin = options.unit.din.facility();
        let row = table.product(options.unit.product.pdc(), fin, expiry)?;
        product.clone_from(&row.text);
        facility = table.facility(fin).unwrap_or_default().to_owned();
    }
    Ok(Words {
        facility,
        product,
        group: options.group.text().to_owned(),
        expiry: options.expiry.strftime("%Y-%m-%d %H:%M").to_string(),
        headings: ["Tappningsnummer", "Blodgrupp", "Produkt", "Utgår"].map(str::to_owned),
        notice: options.notice.clone(),
    })
}

fn write(label: &Label, output: Option<&Path>) -> Result<()> {
    let Some(path) = output else {
        std::io::stdout().write_all(label.svg().as_bytes())?;
        return Ok(());
    };
    let bytes = match path.extension().and_then(|ending| ending.to_str()) {
        Some("svg") => label.svg().into_bytes(),
        Some("pdf") => label.pdf(),
        _ => return Err(anyhow!("{} must end with .svg or .pdf", path.display())),
    };
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}
