-- SPDX-License-Identifier: Apache-2.0
-- Schema 2 of the store.
--
-- Written in SQLite's words; the driver of PostgreSQL replaces types (INTEGER by BIGINT, REAL by DOUBLE
-- PRECISION, INTEGER PRIMARY KEY AUTOINCREMENT by an identity) and leaves STRICT and WITHOUT ROWID away. What only one of
-- them knows stands between "-- only: NAME" and "-- all".
--
-- Times are microseconds since 1970-01-01T00:00:00Z, 0 for never. Texts are UTF-8, "" for none. Flags are 0 or 1.
-- A change here is a new schema: raise EKI_STORE_SCHEMA, write migration_NNN.sql, keep the old file in tests/unit/store.

-- only: sqlite
PRAGMA application_id = 6646633; -- "eki": the file is ours
-- all

-- Which schemas this store has had.
CREATE TABLE store (
    schema  INTEGER PRIMARY KEY,    -- number of the schema
    at      INTEGER NOT NULL,       -- when the store came to it
    program TEXT NOT NULL           -- version of the program that brought it there
) STRICT;

-- A person who uses the service.
CREATE TABLE account (
    id            INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    name          TEXT NOT NULL UNIQUE CHECK (name <> ''), -- what is typed to sign in
    display       TEXT NOT NULL,    -- how the person wants to be called
    password_hash TEXT NOT NULL,    -- argon2id, as libsodium writes it; "" until the invitation is used
    role          TEXT NOT NULL CHECK (role IN ('viewer', 'analyst', 'coordinator', 'administrator')), -- what the person may do
    language      TEXT NOT NULL,    -- of the pages: "en", "ja", "" as the browser asks
    disabled      INTEGER NOT NULL CHECK (disabled IN (0, 1)), -- may not sign in any more
    created       INTEGER NOT NULL, -- when it was made
    failed        INTEGER NOT NULL CHECK (failed >= 0), -- sign-ins that failed since the last good one
    locked_until  INTEGER NOT NULL  -- no sign-in is tried before
) STRICT;

-- A link that lets its holder set a password once.
CREATE TABLE invitation (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    token_hash TEXT NOT NULL UNIQUE, -- SHA-256 of the token in the link
    account    INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE, -- whose password it sets
    expires    INTEGER NOT NULL,    -- not good any more from here on
    used       INTEGER NOT NULL     -- when it was used
) STRICT;
CREATE INDEX invitation_account ON invitation (account);

-- A browser that is signed in.
CREATE TABLE session (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    token_hash TEXT NOT NULL UNIQUE, -- SHA-256 of the cookie
    account    INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE, -- who is signed in
    created    INTEGER NOT NULL,    -- when the person signed in
    seen       INTEGER NOT NULL,    -- when the last request came, to the minute
    expires    INTEGER NOT NULL,    -- not good any more from here on
    csrf       TEXT NOT NULL,       -- what requests that change something must say
    agent      TEXT NOT NULL        -- what the browser calls itself
) STRICT;
CREATE INDEX session_account ON session (account);
CREATE INDEX session_expires ON session (expires);

-- What a program signs in with.
CREATE TABLE token (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    account    INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE, -- in whose name it acts
    name       TEXT NOT NULL,       -- what it is for
    token_hash TEXT NOT NULL UNIQUE, -- SHA-256 of the token
    scopes     TEXT NOT NULL,       -- what it may do: words with spaces between
    created    INTEGER NOT NULL,    -- when it was made
    used       INTEGER NOT NULL,    -- when it was last used
    expires    INTEGER NOT NULL,    -- not good any more from here on; 0 never ends
    revoked    INTEGER NOT NULL     -- when it was taken back
) STRICT;
CREATE INDEX token_account ON token (account);

-- A capture or log that was handed in.
CREATE TABLE input (
    id             INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    name           TEXT NOT NULL,   -- of the file, as its owner calls it
    size           INTEGER NOT NULL CHECK (size >= 0), -- bytes
    sha256         TEXT NOT NULL,   -- of its bytes, hexadecimal
    form           TEXT NOT NULL,   -- what it is: "pcap", "zeek", ...; "" when it is not known
    handling_class INTEGER NOT NULL CHECK (handling_class BETWEEN 1 AND 4), -- how it must be kept (catalogue/handling.yaml)
    kept           INTEGER NOT NULL CHECK (kept IN (0, 1)), -- the file is still there
    path           TEXT NOT NULL,   -- of the file below inputs/
    account        INTEGER REFERENCES account (id) ON DELETE SET NULL, -- who handed it in
    created        INTEGER NOT NULL -- when
) STRICT;
CREATE INDEX input_account ON input (account);
CREATE INDEX input_path ON input (path);

-- A capture or log that is being handed in, piece by piece; its bytes so far are the file.
CREATE TABLE upload (
    id             INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    name           TEXT NOT NULL, -- of the file, as its owner calls it
    length         INTEGER NOT NULL CHECK (length >= 0), -- bytes it will have; 0 when that was not said
    handling_class INTEGER NOT NULL CHECK (handling_class BETWEEN 1 AND 4), -- how it must be kept (catalogue/handling.yaml)
    path           TEXT NOT NULL, -- of the file below inputs/
    input          INTEGER REFERENCES input (id) ON DELETE SET NULL, -- what it became; none while it is not whole
    account        INTEGER REFERENCES account (id) ON DELETE CASCADE, -- who hands it in
    created        INTEGER NOT NULL, -- when that was begun
    expires        INTEGER NOT NULL -- given up from here on
) STRICT;
CREATE INDEX upload_path ON upload (path);
CREATE INDEX upload_account ON upload (account, id);
CREATE INDEX upload_input ON upload (input);
CREATE INDEX upload_expires ON upload (expires);

-- Work that takes time, done one after another.
CREATE TABLE job (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again; older ones are done first
    kind       TEXT NOT NULL CHECK (kind IN ('analyze', 'simulate')), -- what is done
    title      TEXT NOT NULL,       -- for the list
    parameters TEXT NOT NULL,       -- JSON: inputs or scenario, and how
    state      TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')), -- where it is
    progress   REAL NOT NULL CHECK (progress >= 0 AND progress <= 1), -- share that is done
    done_bytes INTEGER NOT NULL,    -- of the inputs, read so far
    size_bytes INTEGER NOT NULL,    -- of the inputs; 0 when not known
    message    TEXT NOT NULL,       -- why it failed or waits
    account    INTEGER REFERENCES account (id) ON DELETE SET NULL, -- who asked for it
    created    INTEGER NOT NULL,    -- when it was asked for
    started    INTEGER NOT NULL,    -- when it was last begun
    ended      INTEGER NOT NULL,    -- when it was done, failed or was cancelled
    attempts   INTEGER NOT NULL     -- how often it was begun
) STRICT;
CREATE INDEX job_state ON job (state, id);
CREATE INDEX job_account ON job (account);

-- One result of an analysis.
CREATE TABLE analysis (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    job        INTEGER REFERENCES job (id) ON DELETE SET NULL, -- that made it
    title      TEXT NOT NULL,       -- for the list
    origin     INTEGER NOT NULL,    -- time of the first packet: t = 0
    ended      INTEGER NOT NULL,    -- time of the last packet
    packets    INTEGER NOT NULL,    -- read
    flows      INTEGER NOT NULL,    -- conversations seen
    contacts   INTEGER NOT NULL,    -- attempts seen
    hosts      INTEGER NOT NULL,    -- addresses seen, perhaps estimated
    verdict    TEXT NOT NULL CHECK (verdict IN ('spreading', 'searching', 'calm')), -- the first line of the report
    facts_path TEXT NOT NULL,       -- of the whole facts, zstd, below results/
    created    INTEGER NOT NULL,    -- when it was kept
    deleted    INTEGER NOT NULL,    -- when it was put away
    text_en    TEXT NOT NULL DEFAULT '', -- the verdict in words; "" when it was kept by schema 1, whose files hold it
    text_ja    TEXT NOT NULL DEFAULT '', -- the same in Japanese
    tlp        TEXT NOT NULL DEFAULT '' CHECK (tlp IN ('', 'RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')) -- label its facts bore when they were kept; "" none
) STRICT;
CREATE INDEX analysis_job ON analysis (job);
CREATE INDEX analysis_created ON analysis (created);

-- Infections of one analysis that share vector and strategy.
CREATE TABLE outbreak (
    id           INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    analysis     INTEGER NOT NULL REFERENCES analysis (id) ON DELETE CASCADE, -- that found it
    number       INTEGER NOT NULL,  -- its id in the facts
    proto        TEXT NOT NULL,     -- protocol of the service: "tcp", "udp"
    port         INTEGER NOT NULL CHECK (port BETWEEN 0 AND 65535), -- the service it spreads on
    family       TEXT NOT NULL,     -- id in the catalogue; "" when none fits
    route        TEXT NOT NULL,     -- of infection: "contact", "droplet", "airborne"
    class        TEXT NOT NULL,     -- of countermeasures: "I" to "V", "novel", ...
    known        TEXT NOT NULL,     -- "known", "unknown", "re-emerging"
    patient_zero TEXT NOT NULL,     -- address of the likeliest first host; "" when not known
    infected     INTEGER NOT NULL,  -- how many hosts
    started      INTEGER NOT NULL,  -- time of the first infection
    ended        INTEGER NOT NULL,  -- time of the last infection
    doubling_s   REAL NOT NULL,     -- doubling time in seconds; 0 when not known
    r            REAL NOT NULL,     -- reproduction number over its period; 0 when not known
    title        TEXT NOT NULL,     -- for the list
    text_en      TEXT NOT NULL DEFAULT '', -- the verdict about it in words; "" when it was kept by schema 1, whose files hold it
    text_ja      TEXT NOT NULL DEFAULT '', -- the same in Japanese
    UNIQUE (analysis, number)
) STRICT;
CREATE INDEX outbreak_started ON outbreak (started);
CREATE INDEX outbreak_infected ON outbreak (infected);

-- One infected host of an outbreak.
CREATE TABLE infection (
-- only: sqlite
    outbreak      INTEGER NOT NULL REFERENCES outbreak (id) ON DELETE CASCADE, -- it belongs to
-- only: postgresql
    outbreak      INTEGER NOT NULL, -- it belongs to; the triggers below keep it a reference
-- all
    number        INTEGER NOT NULL, -- position in order of time, from 0
    host          TEXT NOT NULL,    -- its address
    t             REAL NOT NULL,    -- seconds since the origin of the analysis
    at            INTEGER NOT NULL, -- the same as a time
    error_s       REAL NOT NULL,    -- half width of the 95 % interval of t, seconds
    parent        TEXT NOT NULL,    -- who infected it; "" from outside what was seen
    parent_number INTEGER NOT NULL, -- number of the parent; -1 for none
    posterior     REAL NOT NULL,    -- of the parent, or of "outside"
    evidence      TEXT NOT NULL,    -- the strongest: "implant", "exploit", "session", "contact", "scan"
    generation    INTEGER NOT NULL, -- steps from a host without parent
    first_packet  INTEGER NOT NULL, -- number of the first packet that shows it; 0 when none does
    last_packet   INTEGER NOT NULL, -- number of the last
    scan_t        REAL NOT NULL,    -- its first probe, seconds since the origin; -1 when it was not seen searching
    input         INTEGER NOT NULL, -- position of the input that shows it, as in the facts
    PRIMARY KEY (outbreak, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX infection_host ON infection (host, outbreak);
-- only: postgresql
-- A reference is looked up for each row, which took as long as keeping the rows; here it is once a statement.
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

-- What an outbreak shows that others can look for, beside the addresses of its hosts.
CREATE TABLE outbreak_indicator (
    id       INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    outbreak INTEGER NOT NULL REFERENCES outbreak (id) ON DELETE CASCADE, -- it belongs to
    kind     TEXT NOT NULL,    -- as in exchange: "domain" or "file"
    value    TEXT NOT NULL,    -- not defanged
    comment  TEXT NOT NULL,    -- for people
    first    INTEGER NOT NULL, -- when it was first seen
    last     INTEGER NOT NULL, -- when it was last seen
    UNIQUE (outbreak, kind, value)
) STRICT;

-- One source on one service that was judged.
CREATE TABLE scanner (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    analysis           INTEGER NOT NULL REFERENCES analysis (id) ON DELETE CASCADE, -- that found it
    number             INTEGER NOT NULL, -- its position in the facts, from 0
    host               TEXT NOT NULL,    -- the source
    proto              TEXT NOT NULL,    -- protocol of the service
    port               INTEGER NOT NULL CHECK (port BETWEEN 0 AND 65535), -- the service; 0 where there is none
    shape              TEXT NOT NULL,    -- "horizontal" many targets, "vertical" many ports of one
    verdict            TEXT NOT NULL,    -- "scanner", "benign", "backscatter", "flood", "undecided"
    targets            INTEGER NOT NULL, -- distinct
    answered           INTEGER NOT NULL, -- distinct, of those
    rate_per_s         REAL NOT NULL,    -- targets in a second
    strategy_connected TEXT NOT NULL,    -- how it searches its own networks; "" not at all
    strategy_elsewhere TEXT NOT NULL,    -- how it searches the others
    decided_after      INTEGER NOT NULL, -- probes that the verdict took; 0 undecided
    first              INTEGER NOT NULL, -- time of its first contact
    last               INTEGER NOT NULL, -- time of its last
    evidence           REAL NOT NULL,    -- log likelihood ratio
    UNIQUE (analysis, number)
) STRICT;
CREATE INDEX scanner_host ON scanner (host);

-- A scenario that a person wrote; those that come with the program are not here.
CREATE TABLE scenario (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    name    TEXT NOT NULL UNIQUE CHECK (name <> ''), -- for the list
    yaml    TEXT NOT NULL,          -- as docs/formats/scenario.md says
    account INTEGER REFERENCES account (id) ON DELETE SET NULL, -- who wrote it
    created INTEGER NOT NULL,       -- when it was made
    changed INTEGER NOT NULL        -- when it was last changed
) STRICT;
CREATE INDEX scenario_account ON scenario (account);

-- One result of a simulation.
CREATE TABLE simulation (
    id       INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    job      INTEGER REFERENCES job (id) ON DELETE SET NULL, -- that made it
    scenario INTEGER REFERENCES scenario (id) ON DELETE SET NULL, -- that was played; none for one that came with the program
    title    TEXT NOT NULL,         -- for the list
    seed     INTEGER NOT NULL,      -- of its first run
    runs     INTEGER NOT NULL CHECK (runs >= 0), -- how many
    summary  TEXT NOT NULL,         -- JSON, as summary.json of "ekigaku simulate"
    folder   TEXT NOT NULL,         -- of its files, below results/
    created  INTEGER NOT NULL,      -- when it was kept
    deleted  INTEGER NOT NULL       -- when it was put away
) STRICT;
CREATE INDEX simulation_job ON simulation (job);
CREATE INDEX simulation_scenario ON simulation (scenario);

-- What an administrator has chosen.
CREATE TABLE setting (
    id    INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    name  TEXT NOT NULL UNIQUE CHECK (name <> ''), -- which choice
    value TEXT NOT NULL             -- what was chosen
) STRICT;

-- A record of the directory: a team, department, contact, key, network, annotation, check or working group.
CREATE TABLE directory_record (
    id       INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    kind     TEXT NOT NULL CHECK (kind IN ('group', 'team', 'department', 'contact', 'key', 'network', 'annotation', 'check')), -- what it is
    name     TEXT NOT NULL, -- its own id, which other records name; "" for those without
    line     TEXT NOT NULL, -- the record as one JSON line (docs/formats/directory.md)
    source   TEXT NOT NULL, -- where it was imported from; "" entered by hand, which beats imported
    position INTEGER NOT NULL, -- order in which records are read: later ones beat earlier ones of the same rank
    account  INTEGER REFERENCES account (id) ON DELETE SET NULL, -- who entered or imported it
    changed  INTEGER NOT NULL -- when it was last entered, changed or imported
) STRICT;
CREATE INDEX directory_record_name ON directory_record (kind, name);
CREATE INDEX directory_record_position ON directory_record (position);
CREATE INDEX directory_record_account ON directory_record (account);

-- A change of the directory that somebody asked for: "not ours", a new contact.
CREATE TABLE proposal (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    record  INTEGER REFERENCES directory_record (id) ON DELETE SET NULL, -- which is to change; none for a new one
    line    TEXT NOT NULL, -- the record as it should be, JSON; "" to remove it
    why     TEXT NOT NULL, -- reason, in the words of who asked
    state   TEXT NOT NULL CHECK (state IN ('open', 'approved', 'refused')), -- where it is
    notice  INTEGER NOT NULL, -- id of the notice whose answer it was; 0 none
    account INTEGER REFERENCES account (id) ON DELETE SET NULL, -- who asked; none when it came by an answer page
    decider INTEGER NOT NULL, -- account that decided; 0 not yet
    created INTEGER NOT NULL, -- when it was asked for
    decided INTEGER NOT NULL -- when it was approved or refused
) STRICT;
CREATE INDEX proposal_state ON proposal (state, id);
CREATE INDEX proposal_record ON proposal (record);
CREATE INDEX proposal_account ON proposal (account);

-- What a team does about an outbreak.
CREATE TABLE "case" (
    id             INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    title          TEXT NOT NULL, -- for the list
    state          TEXT NOT NULL CHECK (state IN ('open', 'contained', 'closed', 'merged')), -- where it is
    outbreak       INTEGER REFERENCES outbreak (id) ON DELETE SET NULL, -- it began with; none when opened by hand
    merged_into    INTEGER REFERENCES "case" (id) ON DELETE SET NULL, -- the case that goes on in its place
    split_from     INTEGER REFERENCES "case" (id) ON DELETE SET NULL, -- the case that it came out of first by splitting; none when it did not
    class          TEXT NOT NULL, -- of countermeasures: "I" to "V", "novel", ...
    handling_class INTEGER NOT NULL CHECK (handling_class BETWEEN 1 AND 4), -- the strictest of its evidence
    known          TEXT NOT NULL, -- "known", "unknown", "re-emerging"
    route          TEXT NOT NULL, -- of infection: "contact", "droplet", "airborne"
    tlp            TEXT NOT NULL CHECK (tlp IN ('', 'RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')), -- who may be told; "" not marked yet
    summary        TEXT NOT NULL, -- for the report, Markdown
    profiles       TEXT NOT NULL, -- of deadlines that run for it, with blanks between; "-" none, "" as the desk chose
    account        INTEGER REFERENCES account (id) ON DELETE SET NULL, -- who is responsible
    created        INTEGER NOT NULL, -- when it was opened
    aware          INTEGER NOT NULL, -- when the team knew: clocks of duties to report start here
    closed         INTEGER NOT NULL -- when it was closed
) STRICT;
CREATE INDEX case_state ON "case" (state, id);
CREATE INDEX case_outbreak ON "case" (outbreak);
CREATE INDEX case_merged ON "case" (merged_into);
CREATE INDEX case_split ON "case" (split_from);
CREATE INDEX case_account ON "case" (account);

-- An affected host of a case.
CREATE TABLE case_host (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    of_case    INTEGER NOT NULL REFERENCES "case" (id) ON DELETE CASCADE, -- it belongs to
    host       TEXT NOT NULL, -- its address
    at         INTEGER NOT NULL, -- time of the infection, as well as it is known
    parent     TEXT NOT NULL, -- who infected it; "" not known
    evidence   TEXT NOT NULL, -- the strongest: "implant", "exploit", "session", "contact", "scan"
    team       TEXT NOT NULL, -- id of the team that answers for it; "" nobody found
    department TEXT NOT NULL, -- id of its department; "" none
    state      TEXT NOT NULL CHECK (state IN ('affected', 'isolated', 'cleaned', 'disputed')), -- what was done
    account    INTEGER REFERENCES account (id) ON DELETE SET NULL, -- who works on it
    changed    INTEGER NOT NULL -- when its state last changed
) STRICT;
CREATE UNIQUE INDEX case_host_once ON case_host (of_case, host);
CREATE INDEX case_host_host ON case_host (host);
CREATE INDEX case_host_account ON case_host (account);

-- An entry of the timeline of a case.
CREATE TABLE case_entry (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    of_case INTEGER NOT NULL REFERENCES "case" (id) ON DELETE CASCADE, -- it belongs to
    at      INTEGER NOT NULL, -- when it happened
    kind    TEXT NOT NULL, -- "note", "finding", "task", "notice", "evidence", "decision", ...
    host    TEXT NOT NULL, -- it is about; "" none
    tags    TEXT NOT NULL, -- words with spaces between
    text    TEXT NOT NULL, -- Markdown
    code    TEXT NOT NULL, -- of a sentence that the program wrote (src/case/saying.c), to be shown in another language; "" a person wrote the text
    said    TEXT NOT NULL, -- values of the places of the sentence, U+001F between
    account INTEGER REFERENCES account (id) ON DELETE SET NULL, -- who wrote it
    created INTEGER NOT NULL -- when it was written
) STRICT;
CREATE INDEX case_entry_time ON case_entry (of_case, at);
CREATE INDEX case_entry_account ON case_entry (account);

-- Something that has to be done in a case.
CREATE TABLE task (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    of_case    INTEGER NOT NULL REFERENCES "case" (id) ON DELETE CASCADE, -- it belongs to
    title      TEXT NOT NULL, -- what
    text       TEXT NOT NULL, -- how, Markdown
    playbook   TEXT NOT NULL, -- step of the playbook it came from; "" none
    department TEXT NOT NULL, -- id of the department that does it; "" nobody yet
    state      TEXT NOT NULL CHECK (state IN ('open', 'doing', 'done', 'dropped')), -- where it is
    account    INTEGER REFERENCES account (id) ON DELETE SET NULL, -- who does it
    due        INTEGER NOT NULL, -- until when; 0 no date
    created    INTEGER NOT NULL, -- when it was set
    ended      INTEGER NOT NULL -- when it was done or dropped
) STRICT;
CREATE INDEX task_case ON task (of_case, state);
CREATE INDEX task_account ON task (account);

-- A step of a profile of deadlines that a team made.
CREATE TABLE deadline_step (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    profile TEXT NOT NULL, -- it belongs to: a name
    name    TEXT NOT NULL, -- its own
    clock   TEXT NOT NULL UNIQUE, -- both, by which the timeline says that it was kept
    title   TEXT NOT NULL, -- what is to be done until then
    hours   INTEGER NOT NULL CHECK (hours > 0), -- from when the team knew
    account INTEGER REFERENCES account (id) ON DELETE SET NULL, -- who made it
    changed INTEGER NOT NULL -- when
) STRICT;
CREATE INDEX deadline_step_profile ON deadline_step (profile);
CREATE INDEX deadline_step_account ON deadline_step (account);

-- A file or thing that shows what happened.
CREATE TABLE evidence (
    id             INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    of_case        INTEGER NOT NULL REFERENCES "case" (id) ON DELETE CASCADE, -- it belongs to
    name           TEXT NOT NULL, -- what it is called
    input          INTEGER REFERENCES input (id) ON DELETE SET NULL, -- the input that it is; none for others
    path           TEXT NOT NULL, -- of the file below inputs/; "" for a thing
    size           INTEGER NOT NULL, -- bytes
    sha256         TEXT NOT NULL, -- of its bytes, hexadecimal; "" for a thing
    handling_class INTEGER NOT NULL CHECK (handling_class BETWEEN 1 AND 4), -- how it must be kept (catalogue/handling.yaml)
    taken          INTEGER NOT NULL, -- when it was taken from where it was
    account        INTEGER REFERENCES account (id) ON DELETE SET NULL, -- who took it
    created        INTEGER NOT NULL -- when it was entered
) STRICT;
CREATE INDEX evidence_case ON evidence (of_case);
CREATE INDEX evidence_input ON evidence (input);
CREATE INDEX evidence_account ON evidence (account);

-- One step of the chain of custody of a piece of evidence.
CREATE TABLE custody (
    id       INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    evidence INTEGER NOT NULL REFERENCES evidence (id) ON DELETE CASCADE, -- whose chain
    at       INTEGER NOT NULL, -- when it changed hands
    giver    TEXT NOT NULL, -- who gave it
    taker    TEXT NOT NULL, -- who took it
    why      TEXT NOT NULL, -- to what end, and where it was kept
    seen     TEXT NOT NULL CHECK (seen IN ('', 'same', 'changed', 'gone')), -- what became of the file until then; "" nobody could look
    sha256   TEXT NOT NULL, -- of the file as it was then; "" nobody could look
    account  INTEGER REFERENCES account (id) ON DELETE SET NULL -- who entered the step
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

-- A sign by which others find the same: an address, a domain, a hash.
CREATE TABLE indicator (
    id        INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    of_case   INTEGER NOT NULL REFERENCES "case" (id) ON DELETE CASCADE, -- it belongs to
    kind      TEXT NOT NULL, -- as in exchange: "address", "domain", "url", "sha256", ...
    value     TEXT NOT NULL, -- not defanged
    comment   TEXT NOT NULL, -- for people
    first     INTEGER NOT NULL, -- when it was first seen
    last      INTEGER NOT NULL, -- when it was last seen
    sightings INTEGER NOT NULL, -- how often it was seen
    detect    INTEGER NOT NULL CHECK (detect IN (0, 1)), -- meant for detection, not only seen beside
    tlp       TEXT NOT NULL CHECK (tlp IN ('', 'RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')), -- who may be told, where fewer than of the case; "" as the case
    account   INTEGER REFERENCES account (id) ON DELETE SET NULL, -- who entered it
    created   INTEGER NOT NULL -- when
) STRICT;
CREATE UNIQUE INDEX indicator_once ON indicator (of_case, kind, value);
CREATE INDEX indicator_value ON indicator (value);
CREATE INDEX indicator_account ON indicator (account);

-- The label of an indicator that was taken out of a case; it bears it again when it is entered again.
CREATE TABLE indicator_label (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    of_case INTEGER NOT NULL REFERENCES "case" (id) ON DELETE CASCADE, -- it was taken out of
    kind    TEXT NOT NULL, -- of the indicator
    value   TEXT NOT NULL, -- of the indicator
    tlp     TEXT NOT NULL CHECK (tlp IN ('', 'RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')), -- which it bore; '' none of its own: a person took it out all the same
    created INTEGER NOT NULL -- when it was taken out
) STRICT;
CREATE UNIQUE INDEX indicator_label_once ON indicator_label (of_case, kind, value);

-- What one owner is told about its hosts of a case.
CREATE TABLE notice (
    id              INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    of_case         INTEGER NOT NULL REFERENCES "case" (id) ON DELETE CASCADE, -- it belongs to
    team            TEXT NOT NULL, -- id of the team that is told
    department      TEXT NOT NULL, -- id of its department; "" the team itself
    contact         TEXT NOT NULL, -- id of the contact in the directory
    address         TEXT NOT NULL, -- it goes to: of mail, a telephone number
    language        TEXT NOT NULL, -- "en", "ja"
    format          TEXT NOT NULL, -- of the attachment: "text", "csv", "xarf", "stix", "csaf", "iodef"
    tlp             TEXT NOT NULL CHECK (tlp IN ('', 'RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')), -- who may be told
    state           TEXT NOT NULL CHECK (state IN ('draft', 'released', 'queued', 'sending', 'sent', 'delivered', 'bounced', 'opened', 'received', 'handling', 'done', 'disputed', 'unknown', 'withdrawn')), -- where it is; "unknown": it is not known whether it was sent
    subject         TEXT NOT NULL, -- of the message
    path            TEXT NOT NULL, -- of the message as it was sent, below results/; "" not made yet
    message_id      TEXT NOT NULL, -- of the mail, by which answers are filed
    token_hash      TEXT NOT NULL, -- SHA-256 of the token in the link of the answer page
    hosts           INTEGER NOT NULL, -- how many it names
    step            INTEGER NOT NULL, -- of the ladder: 0 point of contact, 1 second contact, 2 upstream, 3 national team
    releaser        INTEGER NOT NULL, -- account that released it first; 0 nobody
    second_releaser INTEGER NOT NULL, -- the other of two, where two are needed
    attempts        INTEGER NOT NULL, -- to send it
    message         TEXT NOT NULL, -- what the relay last said
    created         INTEGER NOT NULL, -- when it was made
    released        INTEGER NOT NULL, -- when it might go
    sent            INTEGER NOT NULL, -- when the relay took it
    answered        INTEGER NOT NULL, -- when the owner first answered
    due             INTEGER NOT NULL, -- when the next step of the ladder follows
    expires         INTEGER NOT NULL -- when the answer page closes
) STRICT;
CREATE INDEX notice_case ON notice (of_case, state);
CREATE INDEX notice_state ON notice (state, due);
CREATE INDEX notice_message ON notice (message_id);
CREATE INDEX notice_token ON notice (token_hash);

-- A host that a notice names.
CREATE TABLE notice_host (
    id        INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    notice    INTEGER NOT NULL REFERENCES notice (id) ON DELETE CASCADE, -- it belongs to
    case_host INTEGER NOT NULL REFERENCES case_host (id) ON DELETE CASCADE -- which host of the case
) STRICT;
CREATE UNIQUE INDEX notice_host_once ON notice_host (notice, case_host);
CREATE INDEX notice_host_host ON notice_host (case_host);

-- A technical question between teams.
CREATE TABLE enquiry (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    of_case    INTEGER REFERENCES "case" (id) ON DELETE SET NULL, -- it is about; none when it is about none
    notice     INTEGER REFERENCES notice (id) ON DELETE SET NULL, -- it answers; none when it came by itself
    subject    TEXT NOT NULL, -- of the question
    asker      TEXT NOT NULL, -- who asks: a name, an address of mail
    state      TEXT NOT NULL CHECK (state IN ('open', 'waiting', 'answered', 'closed')), -- where it is
    department TEXT NOT NULL, -- id of the department that has it; "" nobody
    account    INTEGER REFERENCES account (id) ON DELETE SET NULL, -- who has it
    held       INTEGER NOT NULL, -- when whoever has it got it; 0 nobody has it
    handovers  INTEGER NOT NULL, -- how often it was handed over until now
    created    INTEGER NOT NULL, -- when it came
    reached    INTEGER NOT NULL, -- when it came to the person who could answer; 0 not known yet
    answered   INTEGER NOT NULL -- when it was answered
) STRICT;
CREATE INDEX enquiry_state ON enquiry (state, id);
CREATE INDEX enquiry_case ON enquiry (of_case);
CREATE INDEX enquiry_notice ON enquiry (notice);
CREATE INDEX enquiry_account ON enquiry (account);
CREATE INDEX enquiry_asker ON enquiry (asker, state);

-- A message, judgement or hand-over of an enquiry.
CREATE TABLE enquiry_entry (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    enquiry INTEGER NOT NULL REFERENCES enquiry (id) ON DELETE CASCADE, -- it belongs to
    at      INTEGER NOT NULL, -- when
    kind    TEXT NOT NULL CHECK (kind IN ('question', 'request', 'answer', 'judgement', 'handover', 'closing')), -- what it is; "request": we asked back
    author  TEXT NOT NULL, -- who: a name
    text    TEXT NOT NULL, -- of the message; to whom, for a hand-over
    tag     TEXT NOT NULL, -- of the mail that it was, by which it is known again; "" none
    account INTEGER REFERENCES account (id) ON DELETE SET NULL -- who entered it; none when it came by mail
) STRICT;
CREATE INDEX enquiry_entry_enquiry ON enquiry_entry (enquiry, at);
CREATE INDEX enquiry_entry_tag ON enquiry_entry (tag);
CREATE INDEX enquiry_entry_account ON enquiry_entry (account);

-- Something that another team sent, and what became of it: a row for each content of it that came.
CREATE TABLE received (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    way        TEXT NOT NULL CHECK (way IN ('file', 'bundle', 'taxii')), -- how it came
    form       TEXT NOT NULL, -- of exchange: "incident", "stix", "misp", ...
    incident   TEXT NOT NULL, -- its id, as its sender gave it; made of the content when it had none
    origin     TEXT NOT NULL, -- what it comes from, as its sender says: id or number; its own id when it is the sender's own
    sender     TEXT NOT NULL, -- who is answerable for it: "team kawa", "key 4f..", "token 7", "account ada"
    team       TEXT NOT NULL, -- id of the sender in the directory; "" not known there
    tier       INTEGER NOT NULL CHECK (tier BETWEEN 0 AND 3), -- of the sender when it came: 1 organisation, 2 sector, 3 cross-sector; 0 not known
    proven     INTEGER NOT NULL CHECK (proven IN (0, 1)), -- by a signature or a token; not only said by who handed it in
    title      TEXT NOT NULL, -- for the list
    tlp        TEXT NOT NULL CHECK (tlp IN ('', 'RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')), -- under which it came; "" not marked
    digest     TEXT NOT NULL, -- SHA-256 of the content in this program's own words, hexadecimal
    version    INTEGER NOT NULL, -- when its sender made or last changed it; 0 not told
    at         INTEGER NOT NULL, -- when it came
    family     TEXT NOT NULL, -- of the malware, as its sender calls it; "" not told
    proto      TEXT NOT NULL, -- protocol of the service it spreads by; "" not told
    port       INTEGER NOT NULL CHECK (port BETWEEN 0 AND 65535), -- the service; 0 not told
    of_case    INTEGER REFERENCES "case" (id) ON DELETE SET NULL, -- where it went
    answer     TEXT NOT NULL CHECK (answer IN ('opened', 'updated', 'old', 'refused')), -- what became of it
    why        TEXT NOT NULL, -- of an old or refused one, English
    hosts      INTEGER NOT NULL, -- affected ones that it brought
    indicators INTEGER NOT NULL, -- that it brought
    account    INTEGER REFERENCES account (id) ON DELETE SET NULL -- who handed it in
) STRICT;
CREATE INDEX received_incident ON received (incident, sender, version);
CREATE INDEX received_origin ON received (origin);
CREATE INDEX received_team ON received (team, id);
CREATE INDEX received_case ON received (of_case);
CREATE INDEX received_account ON received (account);

-- What became of objects that a TAXII client added, for a day.
CREATE TABLE taxii_status (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- stable, never given again
    number  TEXT NOT NULL UNIQUE, -- UUID that the client asks by
    account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE, -- who may ask: whose token it was
    status  TEXT NOT NULL, -- the status resource of TAXII 2.1, JSON
    created INTEGER NOT NULL -- when they were added
) STRICT;
CREATE INDEX taxii_status_created ON taxii_status (created);
CREATE INDEX taxii_status_account ON taxii_status (account);

-- Every change of state, in order; never changed itself.
CREATE TABLE audit (
    id         INTEGER PRIMARY KEY, -- 1, 2, ... without a gap
    at         INTEGER NOT NULL,    -- when
    account    INTEGER NOT NULL,    -- who; 0 the program itself. No reference: it outlives the account
    who        TEXT NOT NULL,       -- who, in words: name of the account, "setup", "job 7"
    what       TEXT NOT NULL,       -- "add", "change", "remove", or what a note says
    table_name TEXT NOT NULL,       -- of the row; "" for notes
    "row"      TEXT NOT NULL,       -- its id
    before     TEXT NOT NULL,       -- JSON of the columns that change, as they were
    after      TEXT NOT NULL,       -- JSON of the columns that change, as they became
    previous   TEXT NOT NULL,       -- hash of the entry before; 64 zeros for the first
    hash       TEXT NOT NULL        -- SHA-256 over all the above (docs/formats/store.md)
) STRICT;
CREATE INDEX audit_row ON audit (table_name, "row");
-- only: sqlite
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_unremoved BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
-- only: postgresql
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER audit_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
-- all

-- What the search looks through, found by three letters of it at a time. Letters are small ones, as far as ASCII has them.
-- only: sqlite
-- Each table has a share of 2^48 numbers; two line ends make every letter the first of three. The rows themselves are asked last.
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
-- only: postgresql
CREATE FUNCTION search_grams(looked text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS $$
    SELECT array_remove(array_agg(a) || array_agg(a || b) || array_agg(a || b || c), NULL)
    FROM (SELECT string_to_array(lower(looked COLLATE "C"), NULL) AS letters OFFSET 0) AS one, unnest(letters, letters[2:], letters[3:]) AS three (a, b, c) $$;
-- What waits to be sorted in (256 KiB) is looked through with each search. Statistics would cost seconds, and are not asked for.
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
