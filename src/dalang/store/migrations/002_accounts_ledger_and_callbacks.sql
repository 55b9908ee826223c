-- Times are milliseconds since the epoch; `models` is JSON; prices are millionths of a yuan.

ALTER TABLE keys ADD COLUMN models TEXT NOT NULL DEFAULT '[]';
ALTER TABLE keys ADD COLUMN callback TEXT;
CREATE INDEX keys_of_account ON keys (account, workspace);

-- What an Idempotency-Key stands for.
CREATE TABLE idempotency (
  account     TEXT NOT NULL,
  key         TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  task_id     TEXT NOT NULL UNIQUE,
  PRIMARY KEY (account, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE uploads (
  id       TEXT NOT NULL UNIQUE,
  account  TEXT NOT NULL,
  model    TEXT NOT NULL,
  name     TEXT NOT NULL,
  size     INTEGER NOT NULL,
  created  INTEGER NOT NULL,
  expires  INTEGER NOT NULL
) STRICT;

CREATE INDEX uploads_to_expire ON uploads (expires);

-- One row per SUCCEEDED task, which it outlives. Tasks that had ended before this table was made are not in it.
CREATE TABLE ledger (
  task_id   TEXT NOT NULL UNIQUE,
  account   TEXT NOT NULL,
  key_id    TEXT NOT NULL,
  workspace TEXT NOT NULL,
  region    TEXT NOT NULL,
  model     TEXT NOT NULL,
  engine    TEXT NOT NULL,
  ended     INTEGER NOT NULL,
  seconds   INTEGER NOT NULL,
  tier      TEXT NOT NULL,
  size      TEXT NOT NULL,
  sound     INTEGER NOT NULL,
  price     INTEGER NOT NULL
) STRICT;

CREATE INDEX ledger_by_end ON ledger (ended);
CREATE INDEX ledger_of_account ON ledger (account, ended);

CREATE TABLE callbacks (
  task_id  TEXT NOT NULL UNIQUE,
  account  TEXT NOT NULL,
  url      TEXT NOT NULL,
  due      INTEGER,                         -- NULL until the task has ended
  tries    INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX callbacks_due ON callbacks (due) WHERE due IS NOT NULL;
CREATE INDEX callbacks_of_account ON callbacks (account, due) WHERE due IS NOT NULL;

-- However a task ends, its callback falls due in the same commit.
CREATE TRIGGER callback_falls_due AFTER UPDATE OF status ON tasks
WHEN new.status IN ('SUCCEEDED', 'FAILED', 'CANCELED') BEGIN
  UPDATE callbacks SET due = new.ended WHERE task_id = new.id;
END;

CREATE TRIGGER task_takes_along AFTER DELETE ON tasks BEGIN
  DELETE FROM idempotency WHERE task_id = old.id;
  DELETE FROM callbacks WHERE task_id = old.id;
END;

-- How many PENDING tasks each account has: every create asks, and counting a long queue would take milliseconds.
-- New tasks are added by whoever inserts them, since a trigger would make each insert half as expensive again.
CREATE TABLE waiting (
  account  TEXT PRIMARY KEY,
  number   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Of accounts without any too: a task that is RUNNING now may wait again, and the triggers add to rows that exist.
INSERT INTO waiting SELECT account, sum(status = 'PENDING') FROM tasks GROUP BY account;

CREATE TRIGGER task_waits_again AFTER UPDATE OF status ON tasks
WHEN new.status = 'PENDING' AND old.status <> 'PENDING' BEGIN
  UPDATE waiting SET number = number + 1 WHERE account = new.account;
END;

CREATE TRIGGER task_waits_no_more AFTER UPDATE OF status ON tasks
WHEN old.status = 'PENDING' AND new.status <> 'PENDING' BEGIN
  UPDATE waiting SET number = number - 1 WHERE account = new.account;
END;

-- Slots are given by (priority, account, model), the queue is shown by (priority, id).
DROP INDEX tasks_to_claim;
CREATE INDEX tasks_to_claim ON tasks (priority, account, model, id, ready)
  WHERE status = 'PENDING' AND prepared IS NOT NULL;
DROP INDEX tasks_running;
CREATE INDEX tasks_running ON tasks (account, model) WHERE status = 'RUNNING';
DROP INDEX tasks_waiting;
CREATE INDEX tasks_waiting ON tasks (priority DESC, id) WHERE status = 'PENDING';
