DELETE FROM role_permissions WHERE permission IN
    ('invite_members', 'suspend_members', 'view_member_profiles', 'edit_member_profiles', 'override_member_privacy', 'view_member_log_ins',
     'view_member_activity', 'view_member_accesses', 'view_member_mails', 'diagnose_members', 'unlock_members', 'confirm_members',
     'reset_member_passwords', 'set_temporary_passwords', 'flag_compromised_members', 'delete_member_accounts');
CREATE TABLE account_events_anew (
    id blob PRIMARY KEY,
    user_id blob NOT NULL REFERENCES users (id),
    org_id blob REFERENCES orgs (id),
    kind text NOT NULL,
    actor_id blob REFERENCES users (id),
    occurred_at text NOT NULL,
    request_id text NOT NULL,
    address text,
    user_agent text,
    reason text,
    changes text NOT NULL
) STRICT;
INSERT INTO account_events_anew (id, user_id, org_id, kind, actor_id, occurred_at, request_id, address, user_agent, reason, changes)
    SELECT id, user_id, org_id, kind, actor_id, occurred_at, request_id, address, user_agent, reason, changes FROM account_events;
DROP TABLE account_events;
ALTER TABLE account_events_anew RENAME TO account_events;
CREATE INDEX account_events_by_user ON account_events (user_id, occurred_at, id);
DROP INDEX users_by_name;
DROP INDEX users_by_age;
ALTER TABLE users DROP COLUMN home_org_id;
DROP INDEX users_to_delete;
DROP INDEX users_to_lift;
DROP INDEX memberships_to_lift;
ALTER TABLE memberships DROP COLUMN suspended_until;
ALTER TABLE memberships DROP COLUMN suspension_reason;
DROP TABLE approvals;
DROP TABLE profiles;
