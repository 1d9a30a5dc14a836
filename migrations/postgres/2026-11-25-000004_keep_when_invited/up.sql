-- Time of the invitation that the owner registered with, or at which staff created the account; null: the owner registered without either.
SELECT set_config('app.is_platform', 'on', true);
ALTER TABLE users ADD COLUMN invited_at timestamptz;
UPDATE users SET invited_at = (SELECT min(i.created_at) FROM invitations i WHERE i.claimed_by = users.id);
UPDATE users SET invited_at = created_at WHERE home_org_id IS NOT NULL AND invited_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM account_events e WHERE e.user_id = users.id AND e.kind = 'account_registered');
