ALTER TABLE orgs DROP COLUMN grace_days;
