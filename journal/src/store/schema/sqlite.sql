-- Records are append-only; the one change is that a private part and its salt are removed.

CREATE TRIGGER records_never_change BEFORE UPDATE ON records
WHEN NEW.journal IS NOT OLD.journal OR NEW.epoch IS NOT OLD.epoch OR NEW.seq IS NOT OLD.seq
    OR NEW.recorded IS NOT OLD.recorded OR NEW.hash IS NOT OLD.hash
    OR NEW.content IS NOT OLD.content OR NEW.salt IS NOT NULL OR NEW.private IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'records are append-only');
END;

CREATE TRIGGER records_never_go BEFORE DELETE ON records
BEGIN
    SELECT RAISE(ABORT, 'records are append-only');
END;
