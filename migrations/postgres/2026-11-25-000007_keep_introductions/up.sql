-- What the organization entered when it added a person with an account; it sees no more until the membership is claimed.
ALTER TABLE memberships ADD COLUMN introduced_email text;
ALTER TABLE memberships ADD COLUMN introduced_name text CHECK ((introduced_name IS NULL) = (introduced_email IS NULL));
CREATE INDEX memberships_by_introduction ON memberships (org_id, introduced_email) WHERE introduced_email IS NOT NULL;
