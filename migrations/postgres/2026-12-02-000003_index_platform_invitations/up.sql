-- Invitations to organizations, and those to the platform, in each stored order. Behind `org_id IS NULL`, PostgreSQL takes no order
-- from an index that has `org_id` before the columns of the order.
DROP INDEX invitations_of_org;
CREATE INDEX invitations_of_org ON invitations (org_id, created_at, id) WHERE org_id IS NOT NULL;
CREATE INDEX invitations_of_platform ON invitations (created_at, id) WHERE org_id IS NULL;
DROP INDEX invitations_by_sending;
CREATE INDEX invitations_by_sending ON invitations (org_id, last_sent_at, id) WHERE org_id IS NOT NULL;
CREATE INDEX invitations_of_platform_by_sending ON invitations (last_sent_at, id) WHERE org_id IS NULL;
DROP INDEX invitations_by_end;
CREATE INDEX invitations_by_end ON invitations (org_id, valid_until, id) WHERE org_id IS NOT NULL;
CREATE INDEX invitations_of_platform_by_end ON invitations (valid_until, id) WHERE org_id IS NULL;
DROP INDEX invitations_by_address;
CREATE INDEX invitations_by_address ON invitations (org_id, email, id) WHERE org_id IS NOT NULL;
CREATE INDEX invitations_of_platform_by_address ON invitations (email, id) WHERE org_id IS NULL;
DROP INDEX invitations_by_offer;
CREATE INDEX invitations_by_offer ON invitations (org_id, offered, id) WHERE org_id IS NOT NULL;
CREATE INDEX invitations_of_platform_by_offer ON invitations (offered, id) WHERE org_id IS NULL;
DROP INDEX invitations_by_acceptance;
CREATE INDEX invitations_by_acceptance ON invitations (org_id, accepted_at_or_epoch, id) WHERE org_id IS NOT NULL;
CREATE INDEX invitations_of_platform_by_acceptance ON invitations (accepted_at_or_epoch, id) WHERE org_id IS NULL;
CREATE INDEX invitations_of_platform_by_inviter ON invitations (inviter_id, created_at, id) WHERE org_id IS NULL;

-- Decided and undecided invitations, for the same reason.
DROP INDEX invitations_by_decision;
CREATE INDEX invitations_by_decision ON invitations (org_id, decision, created_at, id) WHERE org_id IS NOT NULL AND decision IS NOT NULL;
CREATE INDEX invitations_of_platform_by_decision ON invitations (decision, created_at, id) WHERE org_id IS NULL AND decision IS NOT NULL;
DROP INDEX invitations_by_decision_end;
CREATE INDEX invitations_undecided ON invitations (org_id, created_at, id) WHERE org_id IS NOT NULL AND decision IS NULL;
CREATE INDEX invitations_undecided_by_end ON invitations (org_id, valid_until, id) WHERE org_id IS NOT NULL AND decision IS NULL;
CREATE INDEX invitations_of_platform_undecided ON invitations (created_at, id) WHERE org_id IS NULL AND decision IS NULL;
CREATE INDEX invitations_of_platform_undecided_by_end ON invitations (valid_until, id) WHERE org_id IS NULL AND decision IS NULL;
