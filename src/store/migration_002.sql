-- SPDX-License-Identifier: Apache-2.0
-- From schema 1 to 2: the desk. What tables and columns are for stands in schema.sql.

CREATE TABLE directory_record (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind     TEXT NOT NULL CHECK (kind IN ('group', 'team', 'department', 'contact', 'key', 'network', 'annotation', 'check')),
    name     TEXT NOT NULL,
    line     TEXT NOT NULL,
    source   TEXT NOT NULL,
    position INTEGER NOT NULL,
    account  INTEGER REFERENCES account (id) ON DELETE SET NULL,
    changed  INTEGER NOT NULL
) STRICT;
CREATE INDEX directory_record_name ON directory_record (kind, name);
CREATE INDEX directory_record_position ON directory_record (position);
CREATE INDEX directory_record_account ON directory_record (account);

CREATE TABLE proposal (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    record  INTEGER REFERENCES directory_record (id) ON DELETE SET NULL,
    line    TEXT NOT NULL,
    why     TEXT NOT NULL,
    state   TEXT NOT NULL CHECK (state IN ('open', 'approved', 'refused')),
    notice  INTEGER NOT NULL,
    account INTEGER REFERENCES account (id) ON DELETE SET NULL,
    decider INTEGER NOT NULL,
    created INTEGER NOT NULL,
    decided INTEGER NOT NULL
) STRICT;
CREATE INDEX proposal_state ON proposal (state, id);
CREATE INDEX proposal_record ON proposal (record);
CREATE INDEX proposal_account ON proposal (account);

CREATE TABLE "case" (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    title          TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('open', 'contained', 'closed', 'merged')),
    outbreak       INTEGER REFERENCES outbreak (id) ON DELETE SET NULL,
    merged_into    INTEGER REFERENCES "case" (id) ON DELETE SET NULL,
    split_from     INTEGER REFERENCES "case" (id) ON DELETE SET NULL,
    class          TEXT NOT NULL,
    handling_class INTEGER NOT NULL CHECK (handling_class BETWEEN 1 AND 4),
    known          TEXT NOT NULL,
    route          TEXT NOT NULL,
    tlp            TEXT NOT NULL CHECK (tlp IN ('', 'RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')),
    summary        TEXT NOT NULL,
    profiles       TEXT NOT NULL,
    account        INTEGER REFERENCES account (id) ON DELETE SET NULL,
    created        INTEGER NOT NULL,
    aware          INTEGER NOT NULL,
    closed         INTEGER NOT NULL
) STRICT;
CREATE INDEX case_state ON "case" (state, id);
CREATE INDEX case_outbreak ON "case" (outbreak);
CREATE INDEX case_merged ON "case" (merged_into);
CREATE INDEX case_split ON "case" (split_from);
CREATE INDEX case_account ON "case" (account);

CREATE TABLE case_host (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    of_case    INTEGER NOT NULL REFERENCES "case" (id) ON DELETE CASCADE,
    host       TEXT NOT NULL,
    at         INTEGER NOT NULL,
    parent     TEXT NOT NULL,
    evidence   TEXT NOT NULL,
    team       TEXT NOT NULL,
    department TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('affected', 'isolated', 'cleaned', 'disputed')),
    account    INTEGER REFERENCES account (id) ON DELETE SET NULL,
    changed    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX case_host_once ON case_host (of_case, host);
CREATE INDEX case_host_host ON case_host (host);
CREATE INDEX case_host_account ON case_host (account);

CREATE TABLE case_entry (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    of_case INTEGER NOT NULL REFERENCES "case" (id) ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    host    TEXT NOT NULL,
    tags    TEXT NOT NULL,
    text    TEXT NOT NULL,
    code    TEXT NOT NULL,
    said    TEXT NOT NULL,
    account INTEGER REFERENCES account (id) ON DELETE SET NULL,
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX case_entry_time ON case_entry (of_case, at);
CREATE INDEX case_entry_account ON case_entry (account);

CREATE TABLE task (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    of_case    INTEGER NOT NULL REFERENCES "case" (id) ON DELETE CASCADE,
    title      TEXT NOT NULL,
    text       TEXT NOT NULL,
    playbook   TEXT NOT NULL,
    department TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open', 'doing', 'done', 'dropped')),
    account    INTEGER REFERENCES account (id) ON DELETE SET NULL,
    due        INTEGER NOT NULL,
    created    INTEGER NOT NULL,
    ended      INTEGER NOT NULL
) STRICT;
CREATE INDEX task_case ON task (of_case, state);
CREATE INDEX task_account ON task (account);

CREATE TABLE deadline_step (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    profile TEXT NOT NULL,
    name    TEXT NOT NULL,
    clock   TEXT NOT NULL UNIQUE,
    title   TEXT NOT NULL,
    hours   INTEGER NOT NULL CHECK (hours > 0),
    account INTEGER REFERENCES account (id) ON DELETE SET NULL,
    changed INTEGER NOT NULL
) STRICT;
CREATE INDEX deadline_step_profile ON deadline_step (profile);
CREATE INDEX deadline_step_account ON deadline_step (account);

CREATE TABLE evidence (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    of_case        INTEGER NOT NULL REFERENCES "case" (id) ON DELETE CASCADE,
    name           TEXT NOT NULL,
    input          INTEGER REFERENCES input (id) ON DELETE SET NULL,
    path           TEXT NOT NULL,
    size           INTEGER NOT NULL,
    sha256         TEXT NOT NULL,
    handling_class INTEGER NOT NULL CHECK (handling_class BETWEEN 1 AND 4),
    taken          INTEGER NOT NULL,
    account        INTEGER REFERENCES account (id) ON DELETE SET NULL,
    created        INTEGER NOT NULL
) STRICT;
CREATE INDEX evidence_case ON evidence (of_case);
CREATE INDEX evidence_input ON evidence (input);
CREATE INDEX evidence_account ON evidence (account);

CREATE TABLE custody (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    evidence INTEGER NOT NULL REFERENCES evidence (id) ON DELETE CASCADE,
    at       INTEGER NOT NULL,
    giver    TEXT NOT NULL,
    taker    TEXT NOT NULL,
    why      TEXT NOT NULL,
    seen     TEXT NOT NULL CHECK (seen IN ('', 'same', 'changed', 'gone')),
    sha256   TEXT NOT NULL,
    account  INTEGER REFERENCES account (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX custody_evidence ON custody (evidence, at);
CREATE INDEX custody_account ON custody (account);
-- only: sqlite
CREATE TRIGGER custody_unchanged BEFORE UPDATE OF evidence, at, giver, taker, why, seen, sha256 ON custody BEGIN SELECT RAISE(ABORT, 'a chain of custody is append-only'); END;
-- only: postgresql
CREATE FUNCTION custody_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'a chain of custody is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER custody_unchanged BEFORE UPDATE OF evidence, at, giver, taker, why, seen, sha256 ON custody
    FOR EACH STATEMENT EXECUTE FUNCTION custody_append_only();
-- all

CREATE TABLE indicator (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    of_case   INTEGER NOT NULL REFERENCES "case" (id) ON DELETE CASCADE,
    kind      TEXT NOT NULL,
    value     TEXT NOT NULL,
    comment   TEXT NOT NULL,
    first     INTEGER NOT NULL,
    last      INTEGER NOT NULL,
    sightings INTEGER NOT NULL,
    detect    INTEGER NOT NULL CHECK (detect IN (0, 1)),
    tlp       TEXT NOT NULL CHECK (tlp IN ('', 'RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')),
    account   INTEGER REFERENCES account (id) ON DELETE SET NULL,
    created   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX indicator_once ON indicator (of_case, kind, value);
CREATE INDEX indicator_value ON indicator (value);
CREATE INDEX indicator_account ON indicator (account);

CREATE TABLE indicator_label (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    of_case INTEGER NOT NULL REFERENCES "case" (id) ON DELETE CASCADE,
    kind    TEXT NOT NULL,
    value   TEXT NOT NULL,
    tlp     TEXT NOT NULL CHECK (tlp IN ('', 'RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')),
    created INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX indicator_label_once ON indicator_label (of_case, kind, value);

CREATE TABLE notice (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    of_case         INTEGER NOT NULL REFERENCES "case" (id) ON DELETE CASCADE,
    team            TEXT NOT NULL,
    department      TEXT NOT NULL,
    contact         TEXT NOT NULL,
    address         TEXT NOT NULL,
    language        TEXT NOT NULL,
    format          TEXT NOT NULL,
    tlp             TEXT NOT NULL CHECK (tlp IN ('', 'RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')),
    state           TEXT NOT NULL CHECK (state IN ('draft', 'released', 'queued', 'sending', 'sent', 'delivered', 'bounced', 'opened', 'received', 'handling', 'done', 'disputed', 'unknown', 'withdrawn')),
    subject         TEXT NOT NULL,
    path            TEXT NOT NULL,
    message_id      TEXT NOT NULL,
    token_hash      TEXT NOT NULL,
    hosts           INTEGER NOT NULL,
    step            INTEGER NOT NULL,
    releaser        INTEGER NOT NULL,
    second_releaser INTEGER NOT NULL,
    attempts        INTEGER NOT NULL,
    message         TEXT NOT NULL,
    created         INTEGER NOT NULL,
    released        INTEGER NOT NULL,
    sent            INTEGER NOT NULL,
    answered        INTEGER NOT NULL,
    due             INTEGER NOT NULL,
    expires         INTEGER NOT NULL
) STRICT;
CREATE INDEX notice_case ON notice (of_case, state);
CREATE INDEX notice_state ON notice (state, due);
CREATE INDEX notice_message ON notice (message_id);
CREATE INDEX notice_token ON notice (token_hash);

CREATE TABLE notice_host (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    notice    INTEGER NOT NULL REFERENCES notice (id) ON DELETE CASCADE,
    case_host INTEGER NOT NULL REFERENCES case_host (id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX notice_host_once ON notice_host (notice, case_host);
CREATE INDEX notice_host_host ON notice_host (case_host);

CREATE TABLE enquiry (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    of_case    INTEGER REFERENCES "case" (id) ON DELETE SET NULL,
    notice     INTEGER REFERENCES notice (id) ON DELETE SET NULL,
    subject    TEXT NOT NULL,
    asker      TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open', 'waiting', 'answered', 'closed')),
    department TEXT NOT NULL,
    account    INTEGER REFERENCES account (id) ON DELETE SET NULL,
    held       INTEGER NOT NULL,
    handovers  INTEGER NOT NULL,
    created    INTEGER NOT NULL,
    reached    INTEGER NOT NULL,
    answered   INTEGER NOT NULL
) STRICT;
CREATE INDEX enquiry_state ON enquiry (state, id);
CREATE INDEX enquiry_case ON enquiry (of_case);
CREATE INDEX enquiry_notice ON enquiry (notice);
CREATE INDEX enquiry_account ON enquiry (account);
CREATE INDEX enquiry_asker ON enquiry (asker, state);

CREATE TABLE enquiry_entry (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    enquiry INTEGER NOT NULL REFERENCES enquiry (id) ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    kind    TEXT NOT NULL CHECK (kind IN ('question', 'request', 'answer', 'judgement', 'handover', 'closing')),
    author  TEXT NOT NULL,
    text    TEXT NOT NULL,
    tag     TEXT NOT NULL,
    account INTEGER REFERENCES account (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX enquiry_entry_enquiry ON enquiry_entry (enquiry, at);
CREATE INDEX enquiry_entry_tag ON enquiry_entry (tag);
CREATE INDEX enquiry_entry_account ON enquiry_entry (account);

CREATE TABLE received (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    way        TEXT NOT NULL CHECK (way IN ('file', 'bundle', 'taxii')),
    form       TEXT NOT NULL,
    incident   TEXT NOT NULL,
    origin     TEXT NOT NULL,
    sender     TEXT NOT NULL,
    team       TEXT NOT NULL,
    tier       INTEGER NOT NULL CHECK (tier BETWEEN 0 AND 3),
    proven     INTEGER NOT NULL CHECK (proven IN (0, 1)),
    title      TEXT NOT NULL,
    tlp        TEXT NOT NULL CHECK (tlp IN ('', 'RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')),
    digest     TEXT NOT NULL,
    version    INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    family     TEXT NOT NULL,
    proto      TEXT NOT NULL,
    port       INTEGER NOT NULL CHECK (port BETWEEN 0 AND 65535),
    of_case    INTEGER REFERENCES "case" (id) ON DELETE SET NULL,
    answer     TEXT NOT NULL CHECK (answer IN ('opened', 'updated', 'old', 'refused')),
    why        TEXT NOT NULL,
    hosts      INTEGER NOT NULL,
    indicators INTEGER NOT NULL,
    account    INTEGER REFERENCES account (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX received_incident ON received (incident, sender, version);
CREATE INDEX received_origin ON received (origin);
CREATE INDEX received_team ON received (team, id);
CREATE INDEX received_case ON received (of_case);
CREATE INDEX received_account ON received (account);
CREATE TABLE taxii_status (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    number  TEXT NOT NULL UNIQUE,
    account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    status  TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX taxii_status_created ON taxii_status (created);
CREATE INDEX taxii_status_account ON taxii_status (account);

CREATE TABLE outbreak_indicator (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    outbreak INTEGER NOT NULL REFERENCES outbreak (id) ON DELETE CASCADE,
    kind     TEXT NOT NULL,
    value    TEXT NOT NULL,
    comment  TEXT NOT NULL,
    first    INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    UNIQUE (outbreak, kind, value)
) STRICT;

CREATE TABLE upload (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    name           TEXT NOT NULL,
    length         INTEGER NOT NULL CHECK (length >= 0),
    handling_class INTEGER NOT NULL CHECK (handling_class BETWEEN 1 AND 4),
    path           TEXT NOT NULL,
    input          INTEGER REFERENCES input (id) ON DELETE SET NULL,
    account        INTEGER REFERENCES account (id) ON DELETE CASCADE,
    created        INTEGER NOT NULL,
    expires        INTEGER NOT NULL
) STRICT;
CREATE INDEX upload_path ON upload (path);
CREATE INDEX upload_account ON upload (account, id);
CREATE INDEX upload_input ON upload (input);
CREATE INDEX upload_expires ON upload (expires);
CREATE INDEX input_path ON input (path);

ALTER TABLE analysis ADD COLUMN text_en TEXT NOT NULL DEFAULT '';
ALTER TABLE analysis ADD COLUMN text_ja TEXT NOT NULL DEFAULT '';
ALTER TABLE analysis ADD COLUMN tlp TEXT NOT NULL DEFAULT '' CHECK (tlp IN ('', 'RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR'));
ALTER TABLE outbreak ADD COLUMN text_en TEXT NOT NULL DEFAULT '';
ALTER TABLE outbreak ADD COLUMN text_ja TEXT NOT NULL DEFAULT '';

-- only: postgresql
ALTER TABLE infection DROP CONSTRAINT infection_outbreak_fkey;
CREATE FUNCTION infection_belongs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT outbreak FROM fresh) f WHERE NOT EXISTS (SELECT FROM outbreak WHERE id = f.outbreak)) THEN
        RAISE EXCEPTION 'there is no such outbreak' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER infection_added AFTER INSERT ON infection REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION infection_belongs();
CREATE TRIGGER infection_moved AFTER UPDATE ON infection REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION infection_belongs();
CREATE FUNCTION infection_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    DELETE FROM infection WHERE outbreak IN (SELECT id FROM gone);
    RETURN NULL;
END $$;
CREATE TRIGGER outbreak_gone AFTER DELETE ON outbreak REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION infection_goes();
-- all

-- only: sqlite
CREATE VIEW search_text (id, looked) AS
    SELECT (1 << 48) + id, lower(family || char(10) || patient_zero || char(10) || title || char(10, 10)) FROM outbreak
    UNION ALL SELECT (2 << 48) + id, lower(title || char(10) || summary || char(10, 10)) FROM "case"
    UNION ALL SELECT (3 << 48) + id, lower(title || char(10, 10)) FROM analysis
    UNION ALL SELECT (4 << 48) + id, lower(subject || char(10) || asker || char(10, 10)) FROM enquiry
    UNION ALL SELECT (5 << 48) + id, lower(text || char(10, 10)) FROM enquiry_entry
    UNION ALL SELECT (6 << 48) + id, lower(team || char(10) || address || char(10) || subject || char(10, 10)) FROM notice
    UNION ALL SELECT (7 << 48) + id, lower(title || char(10, 10)) FROM task
    UNION ALL SELECT (8 << 48) + id, lower(value || char(10) || comment || char(10, 10)) FROM indicator
    UNION ALL SELECT (9 << 48) + id, lower(host || char(10) || tags || char(10) || text || char(10, 10)) FROM case_entry
    UNION ALL SELECT (10 << 48) + id, lower(name || char(10) || sha256 || char(10, 10)) FROM input
    UNION ALL SELECT (11 << 48) + id, lower(title || char(10, 10)) FROM job
    UNION ALL SELECT (12 << 48) + id, lower(name || char(10, 10)) FROM scenario
    UNION ALL SELECT (13 << 48) + id, lower(title || char(10, 10)) FROM simulation;
CREATE VIRTUAL TABLE search USING fts5 (looked, content = 'search_text', content_rowid = 'id', tokenize = 'trigram case_sensitive 1', detail = 'none');
CREATE VIRTUAL TABLE search_gram USING fts5vocab ('search', 'instance');
CREATE TRIGGER outbreak_put AFTER INSERT ON outbreak BEGIN INSERT INTO search (rowid, looked) VALUES ((1 << 48) + new.id, lower(new.family || char(10) || new.patient_zero || char(10) || new.title || char(10, 10))); END;
CREATE TRIGGER outbreak_taken AFTER DELETE ON outbreak BEGIN INSERT INTO search (search, rowid, looked) VALUES ('delete', (1 << 48) + old.id, lower(old.family || char(10) || old.patient_zero || char(10) || old.title || char(10, 10))); END;
CREATE TRIGGER outbreak_said AFTER UPDATE OF family, patient_zero, title ON outbreak WHEN (old.family, old.patient_zero, old.title) <> (new.family, new.patient_zero, new.title) BEGIN
    INSERT INTO search (search, rowid, looked) VALUES ('delete', (1 << 48) + old.id, lower(old.family || char(10) || old.patient_zero || char(10) || old.title || char(10, 10)));
    INSERT INTO search (rowid, looked) VALUES ((1 << 48) + new.id, lower(new.family || char(10) || new.patient_zero || char(10) || new.title || char(10, 10)));
END;
CREATE TRIGGER case_put AFTER INSERT ON "case" BEGIN INSERT INTO search (rowid, looked) VALUES ((2 << 48) + new.id, lower(new.title || char(10) || new.summary || char(10, 10))); END;
CREATE TRIGGER case_taken AFTER DELETE ON "case" BEGIN INSERT INTO search (search, rowid, looked) VALUES ('delete', (2 << 48) + old.id, lower(old.title || char(10) || old.summary || char(10, 10))); END;
CREATE TRIGGER case_said AFTER UPDATE OF title, summary ON "case" WHEN (old.title, old.summary) <> (new.title, new.summary) BEGIN
    INSERT INTO search (search, rowid, looked) VALUES ('delete', (2 << 48) + old.id, lower(old.title || char(10) || old.summary || char(10, 10)));
    INSERT INTO search (rowid, looked) VALUES ((2 << 48) + new.id, lower(new.title || char(10) || new.summary || char(10, 10)));
END;
CREATE TRIGGER analysis_put AFTER INSERT ON analysis BEGIN INSERT INTO search (rowid, looked) VALUES ((3 << 48) + new.id, lower(new.title || char(10, 10))); END;
CREATE TRIGGER analysis_taken AFTER DELETE ON analysis BEGIN INSERT INTO search (search, rowid, looked) VALUES ('delete', (3 << 48) + old.id, lower(old.title || char(10, 10))); END;
CREATE TRIGGER analysis_said AFTER UPDATE OF title ON analysis WHEN old.title <> new.title BEGIN
    INSERT INTO search (search, rowid, looked) VALUES ('delete', (3 << 48) + old.id, lower(old.title || char(10, 10)));
    INSERT INTO search (rowid, looked) VALUES ((3 << 48) + new.id, lower(new.title || char(10, 10)));
END;
CREATE TRIGGER enquiry_put AFTER INSERT ON enquiry BEGIN INSERT INTO search (rowid, looked) VALUES ((4 << 48) + new.id, lower(new.subject || char(10) || new.asker || char(10, 10))); END;
CREATE TRIGGER enquiry_taken AFTER DELETE ON enquiry BEGIN INSERT INTO search (search, rowid, looked) VALUES ('delete', (4 << 48) + old.id, lower(old.subject || char(10) || old.asker || char(10, 10))); END;
CREATE TRIGGER enquiry_said AFTER UPDATE OF subject, asker ON enquiry WHEN (old.subject, old.asker) <> (new.subject, new.asker) BEGIN
    INSERT INTO search (search, rowid, looked) VALUES ('delete', (4 << 48) + old.id, lower(old.subject || char(10) || old.asker || char(10, 10)));
    INSERT INTO search (rowid, looked) VALUES ((4 << 48) + new.id, lower(new.subject || char(10) || new.asker || char(10, 10)));
END;
CREATE TRIGGER enquiry_entry_put AFTER INSERT ON enquiry_entry BEGIN INSERT INTO search (rowid, looked) VALUES ((5 << 48) + new.id, lower(new.text || char(10, 10))); END;
CREATE TRIGGER enquiry_entry_taken AFTER DELETE ON enquiry_entry BEGIN INSERT INTO search (search, rowid, looked) VALUES ('delete', (5 << 48) + old.id, lower(old.text || char(10, 10))); END;
CREATE TRIGGER enquiry_entry_said AFTER UPDATE OF text ON enquiry_entry WHEN old.text <> new.text BEGIN
    INSERT INTO search (search, rowid, looked) VALUES ('delete', (5 << 48) + old.id, lower(old.text || char(10, 10)));
    INSERT INTO search (rowid, looked) VALUES ((5 << 48) + new.id, lower(new.text || char(10, 10)));
END;
CREATE TRIGGER notice_put AFTER INSERT ON notice BEGIN INSERT INTO search (rowid, looked) VALUES ((6 << 48) + new.id, lower(new.team || char(10) || new.address || char(10) || new.subject || char(10, 10))); END;
CREATE TRIGGER notice_taken AFTER DELETE ON notice BEGIN INSERT INTO search (search, rowid, looked) VALUES ('delete', (6 << 48) + old.id, lower(old.team || char(10) || old.address || char(10) || old.subject || char(10, 10))); END;
CREATE TRIGGER notice_said AFTER UPDATE OF team, address, subject ON notice WHEN (old.team, old.address, old.subject) <> (new.team, new.address, new.subject) BEGIN
    INSERT INTO search (search, rowid, looked) VALUES ('delete', (6 << 48) + old.id, lower(old.team || char(10) || old.address || char(10) || old.subject || char(10, 10)));
    INSERT INTO search (rowid, looked) VALUES ((6 << 48) + new.id, lower(new.team || char(10) || new.address || char(10) || new.subject || char(10, 10)));
END;
CREATE TRIGGER task_put AFTER INSERT ON task BEGIN INSERT INTO search (rowid, looked) VALUES ((7 << 48) + new.id, lower(new.title || char(10, 10))); END;
CREATE TRIGGER task_taken AFTER DELETE ON task BEGIN INSERT INTO search (search, rowid, looked) VALUES ('delete', (7 << 48) + old.id, lower(old.title || char(10, 10))); END;
CREATE TRIGGER task_said AFTER UPDATE OF title ON task WHEN old.title <> new.title BEGIN
    INSERT INTO search (search, rowid, looked) VALUES ('delete', (7 << 48) + old.id, lower(old.title || char(10, 10)));
    INSERT INTO search (rowid, looked) VALUES ((7 << 48) + new.id, lower(new.title || char(10, 10)));
END;
CREATE TRIGGER indicator_put AFTER INSERT ON indicator BEGIN INSERT INTO search (rowid, looked) VALUES ((8 << 48) + new.id, lower(new.value || char(10) || new.comment || char(10, 10))); END;
CREATE TRIGGER indicator_taken AFTER DELETE ON indicator BEGIN INSERT INTO search (search, rowid, looked) VALUES ('delete', (8 << 48) + old.id, lower(old.value || char(10) || old.comment || char(10, 10))); END;
CREATE TRIGGER indicator_said AFTER UPDATE OF value, comment ON indicator WHEN (old.value, old.comment) <> (new.value, new.comment) BEGIN
    INSERT INTO search (search, rowid, looked) VALUES ('delete', (8 << 48) + old.id, lower(old.value || char(10) || old.comment || char(10, 10)));
    INSERT INTO search (rowid, looked) VALUES ((8 << 48) + new.id, lower(new.value || char(10) || new.comment || char(10, 10)));
END;
CREATE TRIGGER case_entry_put AFTER INSERT ON case_entry BEGIN INSERT INTO search (rowid, looked) VALUES ((9 << 48) + new.id, lower(new.host || char(10) || new.tags || char(10) || new.text || char(10, 10))); END;
CREATE TRIGGER case_entry_taken AFTER DELETE ON case_entry BEGIN INSERT INTO search (search, rowid, looked) VALUES ('delete', (9 << 48) + old.id, lower(old.host || char(10) || old.tags || char(10) || old.text || char(10, 10))); END;
CREATE TRIGGER case_entry_said AFTER UPDATE OF host, tags, text ON case_entry WHEN (old.host, old.tags, old.text) <> (new.host, new.tags, new.text) BEGIN
    INSERT INTO search (search, rowid, looked) VALUES ('delete', (9 << 48) + old.id, lower(old.host || char(10) || old.tags || char(10) || old.text || char(10, 10)));
    INSERT INTO search (rowid, looked) VALUES ((9 << 48) + new.id, lower(new.host || char(10) || new.tags || char(10) || new.text || char(10, 10)));
END;
CREATE TRIGGER input_put AFTER INSERT ON input BEGIN INSERT INTO search (rowid, looked) VALUES ((10 << 48) + new.id, lower(new.name || char(10) || new.sha256 || char(10, 10))); END;
CREATE TRIGGER input_taken AFTER DELETE ON input BEGIN INSERT INTO search (search, rowid, looked) VALUES ('delete', (10 << 48) + old.id, lower(old.name || char(10) || old.sha256 || char(10, 10))); END;
CREATE TRIGGER input_said AFTER UPDATE OF name, sha256 ON input WHEN (old.name, old.sha256) <> (new.name, new.sha256) BEGIN
    INSERT INTO search (search, rowid, looked) VALUES ('delete', (10 << 48) + old.id, lower(old.name || char(10) || old.sha256 || char(10, 10)));
    INSERT INTO search (rowid, looked) VALUES ((10 << 48) + new.id, lower(new.name || char(10) || new.sha256 || char(10, 10)));
END;
CREATE TRIGGER job_put AFTER INSERT ON job BEGIN INSERT INTO search (rowid, looked) VALUES ((11 << 48) + new.id, lower(new.title || char(10, 10))); END;
CREATE TRIGGER job_taken AFTER DELETE ON job BEGIN INSERT INTO search (search, rowid, looked) VALUES ('delete', (11 << 48) + old.id, lower(old.title || char(10, 10))); END;
CREATE TRIGGER job_said AFTER UPDATE OF title ON job WHEN old.title <> new.title BEGIN
    INSERT INTO search (search, rowid, looked) VALUES ('delete', (11 << 48) + old.id, lower(old.title || char(10, 10)));
    INSERT INTO search (rowid, looked) VALUES ((11 << 48) + new.id, lower(new.title || char(10, 10)));
END;
CREATE TRIGGER scenario_put AFTER INSERT ON scenario BEGIN INSERT INTO search (rowid, looked) VALUES ((12 << 48) + new.id, lower(new.name || char(10, 10))); END;
CREATE TRIGGER scenario_taken AFTER DELETE ON scenario BEGIN INSERT INTO search (search, rowid, looked) VALUES ('delete', (12 << 48) + old.id, lower(old.name || char(10, 10))); END;
CREATE TRIGGER scenario_said AFTER UPDATE OF name ON scenario WHEN old.name <> new.name BEGIN
    INSERT INTO search (search, rowid, looked) VALUES ('delete', (12 << 48) + old.id, lower(old.name || char(10, 10)));
    INSERT INTO search (rowid, looked) VALUES ((12 << 48) + new.id, lower(new.name || char(10, 10)));
END;
CREATE TRIGGER simulation_put AFTER INSERT ON simulation BEGIN INSERT INTO search (rowid, looked) VALUES ((13 << 48) + new.id, lower(new.title || char(10, 10))); END;
CREATE TRIGGER simulation_taken AFTER DELETE ON simulation BEGIN INSERT INTO search (search, rowid, looked) VALUES ('delete', (13 << 48) + old.id, lower(old.title || char(10, 10))); END;
CREATE TRIGGER simulation_said AFTER UPDATE OF title ON simulation WHEN old.title <> new.title BEGIN
    INSERT INTO search (search, rowid, looked) VALUES ('delete', (13 << 48) + old.id, lower(old.title || char(10, 10)));
    INSERT INTO search (rowid, looked) VALUES ((13 << 48) + new.id, lower(new.title || char(10, 10)));
END;
INSERT INTO search (search) VALUES ('rebuild');
-- only: postgresql
CREATE FUNCTION search_grams(looked text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS $$
    SELECT array_remove(array_agg(a) || array_agg(a || b) || array_agg(a || b || c), NULL)
    FROM (SELECT string_to_array(lower(looked COLLATE "C"), NULL) AS letters OFFSET 0) AS one, unnest(letters, letters[2:], letters[3:]) AS three (a, b, c) $$;
CREATE INDEX outbreak_grams ON outbreak USING gin (search_grams(family || chr(10) || patient_zero || chr(10) || title)) WITH (gin_pending_list_limit = 256);
ALTER INDEX outbreak_grams ALTER COLUMN 1 SET STATISTICS 0;
CREATE INDEX case_grams ON "case" USING gin (search_grams(title || chr(10) || summary)) WITH (gin_pending_list_limit = 256);
ALTER INDEX case_grams ALTER COLUMN 1 SET STATISTICS 0;
CREATE INDEX analysis_grams ON analysis USING gin (search_grams(title)) WITH (gin_pending_list_limit = 256);
ALTER INDEX analysis_grams ALTER COLUMN 1 SET STATISTICS 0;
CREATE INDEX enquiry_grams ON enquiry USING gin (search_grams(subject || chr(10) || asker)) WITH (gin_pending_list_limit = 256);
ALTER INDEX enquiry_grams ALTER COLUMN 1 SET STATISTICS 0;
CREATE INDEX enquiry_entry_grams ON enquiry_entry USING gin (search_grams(text)) WITH (gin_pending_list_limit = 256);
ALTER INDEX enquiry_entry_grams ALTER COLUMN 1 SET STATISTICS 0;
CREATE INDEX notice_grams ON notice USING gin (search_grams(team || chr(10) || address || chr(10) || subject)) WITH (gin_pending_list_limit = 256);
ALTER INDEX notice_grams ALTER COLUMN 1 SET STATISTICS 0;
CREATE INDEX task_grams ON task USING gin (search_grams(title)) WITH (gin_pending_list_limit = 256);
ALTER INDEX task_grams ALTER COLUMN 1 SET STATISTICS 0;
CREATE INDEX indicator_grams ON indicator USING gin (search_grams(value || chr(10) || comment)) WITH (gin_pending_list_limit = 256);
ALTER INDEX indicator_grams ALTER COLUMN 1 SET STATISTICS 0;
CREATE INDEX case_entry_grams ON case_entry USING gin (search_grams(host || chr(10) || tags || chr(10) || text)) WITH (gin_pending_list_limit = 256);
ALTER INDEX case_entry_grams ALTER COLUMN 1 SET STATISTICS 0;
CREATE INDEX input_grams ON input USING gin (search_grams(name || chr(10) || sha256)) WITH (gin_pending_list_limit = 256);
ALTER INDEX input_grams ALTER COLUMN 1 SET STATISTICS 0;
CREATE INDEX job_grams ON job USING gin (search_grams(title)) WITH (gin_pending_list_limit = 256);
ALTER INDEX job_grams ALTER COLUMN 1 SET STATISTICS 0;
CREATE INDEX scenario_grams ON scenario USING gin (search_grams(name)) WITH (gin_pending_list_limit = 256);
ALTER INDEX scenario_grams ALTER COLUMN 1 SET STATISTICS 0;
CREATE INDEX simulation_grams ON simulation USING gin (search_grams(title)) WITH (gin_pending_list_limit = 256);
ALTER INDEX simulation_grams ALTER COLUMN 1 SET STATISTICS 0;
-- all
