-- What other servers were asked to make. A row is written before they are asked, its `remote_id` right after: between the
-- two nobody knows whether they have heard of it.
CREATE TABLE orders (
  task_id    TEXT NOT NULL UNIQUE,
  attempt    INTEGER NOT NULL,            -- that asked
  remote     TEXT NOT NULL,
  endpoint   TEXT NOT NULL,
  body       TEXT,                        -- what was sent, where it may be sent again
  remote_id  TEXT,
  settled    INTEGER NOT NULL DEFAULT 0   -- nothing more is to be told them
) STRICT;

CREATE INDEX orders_open ON orders (remote) WHERE settled = 0;

CREATE TRIGGER order_is_met AFTER UPDATE OF status ON tasks WHEN new.status = 'SUCCEEDED' BEGIN
  UPDATE orders SET settled = 1 WHERE task_id = new.id;
END;

-- What they still are to be told outlives the task, without the words that were sent.
CREATE TRIGGER task_takes_its_order_along AFTER DELETE ON tasks BEGIN
  DELETE FROM orders WHERE task_id = old.id AND settled = 1;
  UPDATE orders SET body = NULL WHERE task_id = old.id;
END;

CREATE TRIGGER order_goes_after_its_task AFTER UPDATE OF settled ON orders
WHEN new.settled = 1 AND NOT EXISTS (SELECT 1 FROM tasks WHERE id = new.task_id) BEGIN
  DELETE FROM orders WHERE task_id = new.task_id;
END;

-- What other servers take for it, as `price` in millionths of a yuan.
ALTER TABLE ledger ADD COLUMN cost INTEGER NOT NULL DEFAULT 0;
