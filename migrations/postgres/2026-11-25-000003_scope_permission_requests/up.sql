-- The locations that the wish is for.
ALTER TABLE permission_requests ADD COLUMN location_ids jsonb NOT NULL DEFAULT '[]';
