-- When the deletion of an account started that takes several transactions: from then on it is not cancelled.
ALTER TABLE users ADD COLUMN deletion_started_at timestamptz;
