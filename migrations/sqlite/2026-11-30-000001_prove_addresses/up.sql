-- Time at which the owner of an account last used a link that was sent only to its address, and time at which this proof ended.
ALTER TABLE users ADD COLUMN address_proved_at text;
ALTER TABLE users ADD COLUMN address_proof_ended_at text;
-- Registrations were confirmed by such a link. Accounts that an organization created may have been entered in another way.
UPDATE users SET address_proved_at = created_at
    WHERE home_org_id IS NULL AND coalesce(status_before_deletion, status) NOT IN ('pending_confirmation', 'deleted');

-- The only mailbox that the link of a token was sent to; null: it was handed over in another way.
ALTER TABLE one_time_tokens RENAME COLUMN email TO mailed_to;
