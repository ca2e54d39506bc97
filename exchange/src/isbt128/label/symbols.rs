//! The patterns of the symbols: Code 128 for one structure, Data Matrix for many.

use barcoders::sym::code128::Code128;
use datamatrix::{DataMatrix, SymbolList};

/// Switches of the library's notation: subset B holds every character, subset C pairs of digits.
const SUBSET_B: char = '\u{181}';
const SUBSET_C: char = '\u{106}';

/// Fewest digits in a row that are shorter in subset C, switching there and back included.
const RUN: usize = 4;

/// The modules of a Code 128 symbol, dark or light; none for characters that it cannot hold.
pub(super) fn code128(text: &str) -> Option<Vec<bool>> {
    let symbol = Code128::new(subsets(text)).ok()?;
    Some(symbol.encode().into_iter().map(|module| module == 1).collect())
}

/// The text with the switches between the subsets.
fn subsets(text: &str) -> String {
    let mut out = String::from(SUBSET_B);
    let mut rest = text;
    while !rest.is_empty() {
        let run = rest.bytes().take_while(u8::is_ascii_digit).count();
        if run >= RUN {
            // An odd run begins with its odd digit, so that the switch ends where the run does.
            let (odd, pairs) = rest[..run].split_at(run % 2);
            out.push_str(odd);
            out.push(SUBSET_C);
            out.push_str(pairs);
            rest = &rest[run..];
            if !rest.is_empty() {
                out.push(SUBSET_B);
            }
        } else {
            let length = rest.chars().next().map_or(0, char::len_utf8).max(run);
            out.push_str(&rest[..length]);
            rest = &rest[length..];
        }
    }
    out
}

/// The rows of a square Data Matrix symbol; none for more text than fits.
pub(super) fn matrix(text: &str) -> Option<Vec<Vec<bool>>> {
    let symbol =
        DataMatrix::encode(text.as_bytes(), SymbolList::default().enforce_square()).ok()?;
    let bitmap = symbol.bitmap();
    let mut rows = vec![vec![false; bitmap.width()]; bitmap.height()];
    bitmap.pixels().for_each(|(x, y)| rows[y][x] = true);
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_paired_where_that_is_shorter() {
        assert_eq!(subsets("=A999026000001"), "\u{181}=A\u{106}999026000001");
        assert_eq!(subsets("=<E0336V00"), "\u{181}=<E\u{106}0336\u{181}V00");
        assert_eq!(subsets("&>12345"), "\u{181}&>1\u{106}2345");
    }

    #[test]
    fn a_symbol_begins_and_ends_as_the_symbology_wants() {
        let modules = code128("=A99902600000100").unwrap();
        let text = |modules: &[bool]| -> String {
            modules.iter().map(|dark| if *dark { '1' } else { '0' }).collect()
        };
        assert_eq!(text(&modules[..11]), "11010010000", "start in subset B");
        assert!(text(&modules).ends_with("1100011101011"), "stop");
        assert_eq!(modules.len() % 11, 2);
    }
}
