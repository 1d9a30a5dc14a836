CREATE TABLE categories (
    org_id uuid NOT NULL REFERENCES orgs (id),
    id uuid NOT NULL,
    category_key text NOT NULL,
    name text NOT NULL,
    parent_id uuid,
    is_seeded boolean NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT categories_key_key UNIQUE (org_id, category_key),
    FOREIGN KEY (org_id, parent_id) REFERENCES categories (org_id, id)
);

CREATE TABLE tickets (
    org_id uuid NOT NULL REFERENCES orgs (id),
    id uuid NOT NULL,
    number bigint NOT NULL,
    subject text NOT NULL,
    details text NOT NULL,
    urgency smallint NOT NULL,
    priority smallint NOT NULL,
    status text NOT NULL,
    waiting_on text,
    location_id uuid NOT NULL,
    category_id uuid,
    requester_id uuid NOT NULL REFERENCES users (id),
    created_by uuid NOT NULL REFERENCES users (id),
    assignee_id uuid REFERENCES users (id),
    resolution_summary text,
    close_reason text,
    follow_up_of uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    resolved_at timestamptz,
    closed_at timestamptz,
    version bigint NOT NULL,
    unread_reply_count bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT tickets_number_key UNIQUE (org_id, number),
    FOREIGN KEY (org_id, location_id) REFERENCES locations (org_id, id),
    FOREIGN KEY (org_id, category_id) REFERENCES categories (org_id, id),
    FOREIGN KEY (org_id, follow_up_of) REFERENCES tickets (org_id, id)
);
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
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    author_id uuid NOT NULL REFERENCES users (id),
    visibility text NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id)
);
CREATE INDEX messages_of_ticket ON messages (org_id, ticket_id, created_at, id);

CREATE TABLE read_markers (
    org_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    read_until timestamptz NOT NULL,
    PRIMARY KEY (org_id, ticket_id, user_id),
    FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id)
);

CREATE TABLE attachments (
    org_id uuid NOT NULL REFERENCES orgs (id),
    id uuid NOT NULL,
    uploader_id uuid NOT NULL REFERENCES users (id),
    filename text NOT NULL,
    content_type text NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 text NOT NULL,
    storage_key text NOT NULL,
    ticket_id uuid,
    message_id uuid,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT attachments_storage_key UNIQUE (storage_key),
    FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id),
    FOREIGN KEY (org_id, message_id) REFERENCES messages (org_id, id)
);
CREATE INDEX attachments_of_ticket ON attachments (org_id, ticket_id, message_id, id);
CREATE INDEX attachments_pending ON attachments (created_at) WHERE ticket_id IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON categories, tickets, messages, read_markers, attachments TO steward_app;

ALTER TABLE categories ENABLE ROW LEVEL SECURITY;
ALTER TABLE categories FORCE ROW LEVEL SECURITY;
CREATE POLICY categories_scope ON categories USING (org_id = steward_org());

ALTER TABLE tickets ENABLE ROW LEVEL SECURITY;
ALTER TABLE tickets FORCE ROW LEVEL SECURITY;
CREATE POLICY tickets_scope ON tickets USING (org_id = steward_org());

ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE messages FORCE ROW LEVEL SECURITY;
CREATE POLICY messages_scope ON messages USING (org_id = steward_org());

ALTER TABLE read_markers ENABLE ROW LEVEL SECURITY;
ALTER TABLE read_markers FORCE ROW LEVEL SECURITY;
CREATE POLICY read_markers_scope ON read_markers USING (org_id = steward_org());

ALTER TABLE attachments ENABLE ROW LEVEL SECURITY;
ALTER TABLE attachments FORCE ROW LEVEL SECURITY;
CREATE POLICY attachments_scope ON attachments USING (org_id = steward_org() OR steward_is_platform());
