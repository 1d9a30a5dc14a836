CREATE TABLE categories (
    org_id blob NOT NULL REFERENCES orgs (id),
    id blob NOT NULL,
    category_key text NOT NULL,
    name text NOT NULL,
    parent_id blob,
    is_seeded integer NOT NULL,
    is_active integer NOT NULL,
    created_at text NOT NULL,
    updated_at text NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT categories_key_key UNIQUE (org_id, category_key),
    FOREIGN KEY (org_id, parent_id) REFERENCES categories (org_id, id)
) STRICT;

CREATE TABLE tickets (
    org_id blob NOT NULL REFERENCES orgs (id),
    id blob NOT NULL,
    number integer NOT NULL,
    subject text NOT NULL,
    details text NOT NULL,
    urgency integer NOT NULL,
    priority integer NOT NULL,
    status text NOT NULL,
    waiting_on text,
    location_id blob NOT NULL,
    category_id blob,
    requester_id blob NOT NULL REFERENCES users (id),
    created_by blob NOT NULL REFERENCES users (id),
    assignee_id blob REFERENCES users (id),
    resolution_summary text,
    close_reason text,
    follow_up_of blob,
    created_at text NOT NULL,
    updated_at text NOT NULL,
    resolved_at text,
    closed_at text,
    version integer NOT NULL,
    unread_reply_count integer NOT NULL,
    approval text,
    approval_by blob REFERENCES users (id),
    approval_at text,
    PRIMARY KEY (org_id, id),
    CONSTRAINT tickets_number_key UNIQUE (org_id, number),
    FOREIGN KEY (org_id, location_id) REFERENCES locations (org_id, id),
    FOREIGN KEY (org_id, category_id) REFERENCES categories (org_id, id),
    FOREIGN KEY (org_id, follow_up_of) REFERENCES tickets (org_id, id)
) STRICT;
CREATE INDEX tickets_by_creation ON tickets (org_id, created_at, id);
CREATE INDEX tickets_by_change ON tickets (org_id, updated_at, id);
CREATE INDEX tickets_by_priority ON tickets (org_id, priority, id);
CREATE INDEX tickets_by_status ON tickets (org_id, status, created_at, id);
CREATE INDEX tickets_by_requester ON tickets (org_id, requester_id, created_at, id);
CREATE INDEX tickets_by_location ON tickets (org_id, location_id, created_at, id);
CREATE INDEX tickets_by_category ON tickets (org_id, category_id, created_at, id);
CREATE INDEX tickets_with_unread_replies ON tickets (org_id, requester_id, unread_reply_count) WHERE unread_reply_count > 0;
-- For the lists of representatives.
CREATE INDEX tickets_by_approval ON tickets (org_id, approval, created_at, id) WHERE approval IS NOT NULL;
-- Own requests, and those of representatives, in the other orders.
CREATE INDEX tickets_by_requester_change ON tickets (org_id, requester_id, updated_at, id);
CREATE INDEX tickets_by_requester_priority ON tickets (org_id, requester_id, priority, id);
CREATE INDEX tickets_by_approval_change ON tickets (org_id, approval, updated_at, id) WHERE approval IS NOT NULL;
CREATE INDEX tickets_by_approval_priority ON tickets (org_id, approval, priority, id) WHERE approval IS NOT NULL;
-- Always searched by both columns: with the account first, the index also finds what names an account.
CREATE INDEX tickets_by_requester_status ON tickets (requester_id, org_id, status);
CREATE INDEX tickets_by_creator ON tickets (created_by);
CREATE INDEX tickets_by_approver ON tickets (approval_by) WHERE approval_by IS NOT NULL;
-- Tickets with an assignee, and those without one, in each order. Behind `assignee_id IS NULL`, PostgreSQL takes no order from
-- an index that has `assignee_id` before the columns of the order.
CREATE INDEX tickets_by_assignee ON tickets (org_id, assignee_id, created_at, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX tickets_by_assignee_change ON tickets (org_id, assignee_id, updated_at, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX tickets_by_assignee_priority ON tickets (assignee_id, org_id, priority, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX tickets_unassigned ON tickets (org_id, created_at, id) WHERE assignee_id IS NULL;
CREATE INDEX tickets_unassigned_by_change ON tickets (org_id, updated_at, id) WHERE assignee_id IS NULL;
CREATE INDEX tickets_unassigned_by_priority ON tickets (org_id, priority, id) WHERE assignee_id IS NULL;

CREATE TABLE messages (
    org_id blob NOT NULL,
    id blob NOT NULL,
    ticket_id blob NOT NULL,
    author_id blob NOT NULL REFERENCES users (id),
    visibility text NOT NULL,
    body text NOT NULL,
    created_at text NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id)
) STRICT;
CREATE INDEX messages_of_ticket ON messages (org_id, ticket_id, created_at, id);
CREATE INDEX messages_by_author ON messages (author_id);

CREATE TABLE read_markers (
    org_id blob NOT NULL,
    ticket_id blob NOT NULL,
    user_id blob NOT NULL REFERENCES users (id),
    read_until text NOT NULL,
    PRIMARY KEY (org_id, ticket_id, user_id),
    FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id)
) STRICT;
CREATE INDEX read_markers_by_user ON read_markers (user_id);

-- A row without a ticket is a pending upload, and has a row in `unattached_files` as well.
CREATE TABLE attachments (
    org_id blob NOT NULL REFERENCES orgs (id),
    id blob NOT NULL,
    uploader_id blob NOT NULL REFERENCES users (id),
    filename text NOT NULL,
    content_type text NOT NULL,
    size_bytes integer NOT NULL,
    sha256 text NOT NULL,
    storage_key text NOT NULL,
    ticket_id blob,
    message_id blob,
    created_at text NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT attachments_storage_key UNIQUE (storage_key),
    FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id),
    FOREIGN KEY (org_id, message_id) REFERENCES messages (org_id, id)
) STRICT;
CREATE INDEX attachments_of_ticket ON attachments (org_id, ticket_id, message_id, id);
CREATE INDEX attachments_by_uploader ON attachments (uploader_id);

-- Every stored file that belongs to no ticket: being received, pending, or being removed. A row is written before the
-- first byte and deleted after the last one. It is the basis of a person's limits and of the sweep.
CREATE TABLE unattached_files (
    org_id blob NOT NULL REFERENCES orgs (id),
    id blob NOT NULL,
    uploader_id blob NOT NULL REFERENCES users (id),
    storage_key text NOT NULL,
    size_bytes integer NOT NULL,
    due_at text NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT unattached_files_storage_key UNIQUE (storage_key)
) STRICT;
CREATE INDEX unattached_files_of_uploader ON unattached_files (uploader_id, size_bytes);
CREATE INDEX unattached_files_due ON unattached_files (due_at);

-- Bytes that a person has sent since the start of their current 24 hours, over all organizations.
CREATE TABLE uploaders (
    user_id blob NOT NULL PRIMARY KEY REFERENCES users (id),
    since text NOT NULL,
    sent_bytes integer NOT NULL
) STRICT;
