-- Times are milliseconds since the epoch; `request`, `prepared`, `usage`, `warnings` are JSON.

CREATE TABLE keys (
  id         TEXT PRIMARY KEY,
  hash       BLOB NOT NULL UNIQUE,          -- SHA-256 of the secret; the secret itself is never stored
  account    TEXT NOT NULL,
  workspace  TEXT NOT NULL,
  region     TEXT NOT NULL,
  name       TEXT NOT NULL,
  cancel     TEXT NOT NULL DEFAULT 'pending' CHECK (cancel IN ('pending', 'any')),
  created    INTEGER NOT NULL,
  revoked    INTEGER
) STRICT;

-- A rowid table: identifiers are time-ordered, so both the table and its index only ever grow at the end.
CREATE TABLE tasks (
  id         TEXT NOT NULL UNIQUE,
  account    TEXT NOT NULL,
  key_id     TEXT NOT NULL,
  workspace  TEXT NOT NULL,
  region     TEXT NOT NULL,
  model      TEXT NOT NULL,                 -- also in request; here for the list filter
  request    TEXT NOT NULL,
  request_id TEXT NOT NULL,
  engine     TEXT NOT NULL,
  priority   INTEGER NOT NULL,
  status     TEXT NOT NULL CHECK (status IN ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED')),
  submitted  INTEGER NOT NULL,
  prepared   TEXT,
  ready      INTEGER NOT NULL,
  attempt    INTEGER NOT NULL DEFAULT 0,
  failures   INTEGER NOT NULL DEFAULT 0,
  owner      TEXT,
  lease_end  INTEGER,
  progress   REAL NOT NULL DEFAULT 0,
  scheduled  INTEGER,
  ended      INTEGER,
  expires    INTEGER,
  result     TEXT,
  code       TEXT,
  message    TEXT,
  usage      TEXT,
  warnings   TEXT NOT NULL DEFAULT '[]'
) STRICT;

CREATE INDEX tasks_by_state ON tasks (engine, status);  -- for the counts of /metrics
CREATE INDEX tasks_to_prepare ON tasks (account, id) WHERE status = 'PENDING' AND prepared IS NULL;
CREATE INDEX tasks_waiting ON tasks (priority, id) WHERE status = 'PENDING';
CREATE INDEX tasks_to_claim ON tasks (priority, account, id, ready)
  WHERE status = 'PENDING' AND prepared IS NOT NULL;
CREATE INDEX tasks_running ON tasks (account) WHERE status = 'RUNNING';
CREATE INDEX tasks_to_retry ON tasks (ready) WHERE status = 'PENDING' AND failures > 0;
CREATE INDEX tasks_to_expire ON tasks (expires) WHERE expires IS NOT NULL;
CREATE INDEX tasks_of_account ON tasks (account, submitted, id);

-- When each account was last given a slot, so that equals take turns.
CREATE TABLE turns (
  account    TEXT PRIMARY KEY,
  served     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
