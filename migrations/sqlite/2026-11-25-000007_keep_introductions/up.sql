-- What whoever added a person with an account sent of him; the organization knows no more until he comes himself.
ALTER TABLE memberships ADD COLUMN introduced_email text;
ALTER TABLE memberships ADD COLUMN introduced_name text CHECK ((introduced_name IS NULL) = (introduced_email IS NULL));
CREATE INDEX memberships_by_introduction ON memberships (org_id, introduced_email) WHERE introduced_email IS NOT NULL;
