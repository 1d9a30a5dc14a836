-- Days from a deletion request to the deletion; null: those of the platform.
ALTER TABLE orgs ADD COLUMN grace_days integer CHECK (grace_days BETWEEN 0 AND 90);
