-- Tables of a store, for both databases. {int}, {text}, {bytes} and the table endings are put in
-- by schema.rs; everything else is common ground.

CREATE TABLE records (
    journal {text} NOT NULL,
    epoch {int} NOT NULL,
    seq {int} NOT NULL,
    recorded {int} NOT NULL,
    hash {text} NOT NULL,
    -- The exact text, or # and its digest where the text is withheld.
    content {text} NOT NULL,
    salt {text},
    private {text},
    PRIMARY KEY (journal, epoch, seq)
){keyed};

CREATE TABLE heads (
    journal {text} NOT NULL PRIMARY KEY,
    epoch {int} NOT NULL,
    seq {int} NOT NULL,
    hash {text} NOT NULL,
    recorded {int} NOT NULL,
    local {int} NOT NULL CHECK (local IN (0, 1))
){keyed};

-- The last record of every epoch that another one follows.
CREATE TABLE epoch_ends (
    journal {text} NOT NULL,
    epoch {int} NOT NULL,
    seq {int} NOT NULL,
    hash {text} NOT NULL,
    recorded {int} NOT NULL,
    local {int} NOT NULL CHECK (local IN (0, 1)),
    PRIMARY KEY (journal, epoch)
){keyed};

-- One row: the term of the writer that took over last.
CREATE TABLE writer (
    id {int} NOT NULL PRIMARY KEY CHECK (id = 1),
    term {int} NOT NULL
){keyed};

INSERT INTO writer (id, term) VALUES (1, 0);

CREATE TABLE commands (
    actor {text} NOT NULL,
    key {text} NOT NULL,
    digest {text} NOT NULL,
    journal {text},
    epoch {int},
    seq {int},
    hash {text},
    count {int} NOT NULL,
    PRIMARY KEY (actor, key)
){keyed};

CREATE TABLE subjects (
    subject {text} NOT NULL,
    journal {text} NOT NULL,
    epoch {int} NOT NULL,
    seq {int} NOT NULL,
    PRIMARY KEY (subject, journal, epoch, seq)
){keyed};

-- How far a journal reached when a private part was last erased: an older snapshot may hold it.
CREATE TABLE erasures (
    journal {text} NOT NULL PRIMARY KEY,
    epoch {int} NOT NULL,
    seq {int} NOT NULL
){keyed};

CREATE TABLE snapshots (
    journal {text} NOT NULL,
    epoch {int} NOT NULL,
    seq {int} NOT NULL,
    hash {text} NOT NULL,
    recorded {int} NOT NULL,
    format {text} NOT NULL,
    len {int} NOT NULL,
    checksum {text} NOT NULL,
    PRIMARY KEY (journal, epoch, seq)
){keyed};

CREATE TABLE snapshot_parts (
    journal {text} NOT NULL,
    epoch {int} NOT NULL,
    seq {int} NOT NULL,
    part {int} NOT NULL,
    bytes {bytes} NOT NULL,
    PRIMARY KEY (journal, epoch, seq, part)
){rows};

-- Documents that may change and are not part of the record: accounts, sessions, settings.
CREATE TABLE shelf (
    kind {text} NOT NULL,
    key {text} NOT NULL,
    value {text} NOT NULL,
    PRIMARY KEY (kind, key)
){keyed};
