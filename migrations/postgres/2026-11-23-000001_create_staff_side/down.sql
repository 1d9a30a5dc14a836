SELECT set_config('app.is_platform', 'on', true);
DELETE FROM role_permissions WHERE permission IN
    ('invite_members', 'suspend_members', 'view_member_profiles', 'edit_member_profiles', 'override_member_privacy', 'view_member_log_ins',
     'view_member_activity', 'view_member_accesses', 'view_member_mails', 'diagnose_members', 'unlock_members', 'confirm_members',
     'reset_member_passwords', 'set_temporary_passwords', 'flag_compromised_members', 'delete_member_accounts');
ALTER TABLE account_events DROP CONSTRAINT account_events_user_id_fkey;
ALTER TABLE account_events ADD CONSTRAINT account_events_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id);
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
