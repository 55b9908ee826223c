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

CREATE TRIGGER task_takes_its_order_along AFTER DELETE ON tasks BEGIN
  DELETE FROM orders WHERE task_id = old.id;
END;

-- What other servers take for it, as `price` in millionths of a yuan.
ALTER TABLE ledger ADD COLUMN cost INTEGER NOT NULL DEFAULT 0;
