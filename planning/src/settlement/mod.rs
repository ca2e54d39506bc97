//! Who pays whom for what was moved: accounts that balance exactly.
