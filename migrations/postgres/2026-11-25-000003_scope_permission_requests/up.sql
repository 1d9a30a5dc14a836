-- The requested locations.
ALTER TABLE permission_requests ADD COLUMN location_ids jsonb NOT NULL DEFAULT '[]';
