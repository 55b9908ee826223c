-- What draws a task beside its engine, and whose slots it waits for.
ALTER TABLE tasks ADD COLUMN checkpoint TEXT;
ALTER TABLE tasks ADD COLUMN profile TEXT;
ALTER TABLE tasks ADD COLUMN pool TEXT NOT NULL DEFAULT 'local';

-- Slots are given by pool, in it by (priority, account, model).
DROP INDEX tasks_to_claim;
CREATE INDEX tasks_to_claim ON tasks (pool, priority, account, model, id, ready)
  WHERE status = 'PENDING' AND prepared IS NOT NULL;

-- What waits is shown by pool too.
DROP INDEX tasks_waiting;
CREATE INDEX tasks_waiting ON tasks (pool, priority DESC, id) WHERE status = 'PENDING';
