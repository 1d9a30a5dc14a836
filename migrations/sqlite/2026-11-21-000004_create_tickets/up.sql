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
CREATE INDEX tickets_by_requester_status ON tickets (org_id, requester_id, status);
CREATE INDEX tickets_by_assignee ON tickets (org_id, assignee_id, created_at, id);
CREATE INDEX tickets_by_location ON tickets (org_id, location_id, created_at, id);
CREATE INDEX tickets_by_category ON tickets (org_id, category_id, created_at, id);
CREATE INDEX tickets_with_unread_replies ON tickets (org_id, requester_id, unread_reply_count) WHERE unread_reply_count > 0;

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

CREATE TABLE read_markers (
    org_id blob NOT NULL,
    ticket_id blob NOT NULL,
    user_id blob NOT NULL REFERENCES users (id),
    read_until text NOT NULL,
    PRIMARY KEY (org_id, ticket_id, user_id),
    FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id)
) STRICT;

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
CREATE INDEX attachments_pending ON attachments (created_at) WHERE ticket_id IS NULL;
