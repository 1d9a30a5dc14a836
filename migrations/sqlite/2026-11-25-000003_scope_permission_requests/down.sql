ALTER TABLE permission_requests DROP COLUMN location_ids;
