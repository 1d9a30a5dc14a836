-- Before an account is purged, the database looks for every row that refers to it (S003-14). In each table an index begins
-- with the referring column, so that the search reads no table whole.
CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL CONSTRAINT users_email_key UNIQUE,
    name text NOT NULL,
    locale text NOT NULL,
    password_hash text,
    status text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    time_zone text NOT NULL DEFAULT 'UTC',
    locked_until timestamptz,
    suspension_reason text,
    suspended_until timestamptz,
    status_before_deletion text,
    deletion_due_at timestamptz,
    temporary_password_until timestamptz,
    version bigint NOT NULL DEFAULT 1,
    -- The organization that created the account, and so manages it.
    home_org_id uuid REFERENCES orgs (id),
    -- Time of the invitation that the owner registered with, or at which staff created the account; null: the owner
    -- registered without either.
    invited_at timestamptz,
    -- Time at which the owner last used a link that was sent only to the address, and time at which this proof ended.
    address_proved_at timestamptz,
    address_proof_ended_at timestamptz,
    -- Time since which the account is being purged, its history in transactions of bounded size. It is no longer shown.
    purge_started_at timestamptz,
    -- When a deletion started that takes several transactions: from then on it is not cancelled.
    deletion_started_at timestamptz
);
CREATE INDEX users_to_delete ON users (deletion_due_at) WHERE deletion_due_at IS NOT NULL;
-- The directory of accounts, of all and by status.
CREATE INDEX users_by_age ON users (created_at, id);
CREATE INDEX users_by_name ON users (name, id);
CREATE INDEX users_by_status_age ON users (status, created_at, id);
CREATE INDEX users_by_status_name ON users (status, name, id);
CREATE INDEX users_by_status_email ON users (status, email, id);
-- Suspended accounts are found by status and time: with the time alone, another index by status would be chosen.
CREATE INDEX users_to_lift ON users (status, suspended_until) WHERE suspended_until IS NOT NULL;
CREATE INDEX users_to_purge ON users (purge_started_at) WHERE purge_started_at IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON users TO steward_app;

CREATE TABLE profiles (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    phone text,
    pronouns text,
    about text,
    -- Names of fields, separated by commas.
    private_fields text NOT NULL,
    completed_at timestamptz
);

GRANT SELECT, INSERT, UPDATE, DELETE ON profiles TO steward_app;

-- Work that is done after its answer: requests that name an address, so that the answer does not reveal whether the address
-- has an account, and what is too much for one transaction.
CREATE TABLE account_requests (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    email text NOT NULL,
    payload jsonb NOT NULL,
    address text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX account_requests_by_age ON account_requests (created_at, id);

GRANT SELECT, INSERT, UPDATE, DELETE ON account_requests TO steward_app;
