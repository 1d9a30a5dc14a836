-- When the owner of an account last used a link that went only to the mailbox of its address, and since when that no longer holds.
ALTER TABLE users ADD COLUMN address_proved_at text;
ALTER TABLE users ADD COLUMN address_proof_ended_at text;
-- Registrations were confirmed by such a link. Accounts that an organization made may have been entered by other means.
UPDATE users SET address_proved_at = created_at
    WHERE home_org_id IS NULL AND coalesce(status_before_deletion, status) NOT IN ('pending_confirmation', 'deleted');

-- The only mailbox that the link of a token went to; null: it was handed over by other means.
ALTER TABLE one_time_tokens RENAME COLUMN email TO mailed_to;
