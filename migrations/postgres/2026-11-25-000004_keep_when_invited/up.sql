-- When somebody asked the owner in: the invitation he registered with, or the making of the account by staff; null: he came by himself.
ALTER TABLE users ADD COLUMN invited_at timestamptz;
UPDATE users SET invited_at = created_at WHERE home_org_id IS NOT NULL;
