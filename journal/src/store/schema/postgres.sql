-- Records are append-only; the one change is that a private part and its salt are removed.

CREATE FUNCTION records_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'records are append-only';
END
$$;

CREATE TRIGGER records_never_change BEFORE UPDATE ON records FOR EACH ROW
WHEN ((NEW.journal, NEW.epoch, NEW.seq, NEW.recorded, NEW.hash, NEW.content)
    IS DISTINCT FROM (OLD.journal, OLD.epoch, OLD.seq, OLD.recorded, OLD.hash, OLD.content)
    OR NEW.salt IS NOT NULL OR NEW.private IS NOT NULL)
EXECUTE FUNCTION records_append_only();

CREATE TRIGGER records_never_go BEFORE DELETE ON records FOR EACH ROW
EXECUTE FUNCTION records_append_only();

CREATE TRIGGER records_never_all_go BEFORE TRUNCATE ON records FOR EACH STATEMENT
EXECUTE FUNCTION records_append_only();
