-- The requested locations.
ALTER TABLE permission_requests ADD COLUMN location_ids text NOT NULL DEFAULT '[]';
