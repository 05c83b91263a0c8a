-- SPDX-License-Identifier: Apache-2.0
-- Schema 1 of the store.
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
    deleted    INTEGER NOT NULL     -- when it was put away
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
    UNIQUE (analysis, number)
) STRICT;
CREATE INDEX outbreak_started ON outbreak (started);
CREATE INDEX outbreak_infected ON outbreak (infected);

-- One infected host of an outbreak.
CREATE TABLE infection (
    outbreak      INTEGER NOT NULL REFERENCES outbreak (id) ON DELETE CASCADE, -- it belongs to
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
