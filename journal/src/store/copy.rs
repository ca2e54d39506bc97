//! Copies of a whole store while it is written: backup into a SQLite file, and back.
