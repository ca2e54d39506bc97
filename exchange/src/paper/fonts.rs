//! How wide the letters of Helvetica are, in thousandths of the size: the metrics that every
//! reader of PDF has built in.

/// From space to tilde.
const PLAIN: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// The same of the bold weight.
const BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];

/// The width of a letter in the fonts' encoding. A letter with a mark is as wide as without it.
pub(super) fn width(byte: u8, bold: bool) -> u32 {
    let table = if bold { &BOLD } else { &PLAIN };
    let plain = |letter: u8| u32::from(table[usize::from(letter - b' ')]);
    match byte {
        b' '..=b'~' => plain(byte),
        0x85 | 0x97 => 1_000,
        0x92 => 222 + 56 * u32::from(bold),
        0x93 | 0x94 => 333 + 167 * u32::from(bold),
        0x95 => 350,
        0xa0 => plain(b' '),
        0xb1 | 0xd7 | 0xf7 => 584,
        0xb7 => 278,
        0xb0 => 400,
        0xc0..=0xc5 => plain(b'A'),
        0xc6 => 1_000,
        0xc7 => plain(b'C'),
        0xc8..=0xcb => plain(b'E'),
        0xcc..=0xcf => plain(b'I'),
        0xd1 => plain(b'N'),
        0xd2..=0xd6 | 0xd8 => plain(b'O'),
        0xd9..=0xdc => plain(b'U'),
        0xe0..=0xe5 => plain(b'a'),
        0xe6 => 889,
        0xe7 => plain(b'c'),
        0xe8..=0xeb => plain(b'e'),
        0xec..=0xef => plain(b'I'),
        0xf1 => plain(b'n'),
        0xf2..=0xf6 => plain(b'o'),
        0xf8 => 611,
        0xf9..=0xfc => plain(b'u'),
        _ => 556,
    }
}
