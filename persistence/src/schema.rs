//! The tables as both databases have them.

use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    users (id) {
        id -> UuidColumn,
        email -> Text,
        name -> Text,
        locale -> Text,
        password_hash -> Nullable<Text>,
        status -> Text,
        created_at -> TimeColumn,
        updated_at -> TimeColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    platform_roles (user_id, role_key) {
        user_id -> UuidColumn,
        role_key -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    sessions (id) {
        id -> UuidColumn,
        user_id -> UuidColumn,
        created_at -> TimeColumn,
        last_used_at -> TimeColumn,
        expires_at -> TimeColumn,
        user_agent -> Nullable<Text>,
        address -> Nullable<Text>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    refresh_tokens (token_hash) {
        token_hash -> Text,
        session_id -> UuidColumn,
        spent_at -> Nullable<TimeColumn>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    account_setups (token_hash) {
        token_hash -> Text,
        user_id -> Nullable<UuidColumn>,
        expires_at -> TimeColumn,
        used_at -> Nullable<TimeColumn>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    login_failures (id) {
        id -> UuidColumn,
        account_key -> Text,
        address -> Text,
        occurred_at -> TimeColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    idempotency_keys (user_id, method, path, idempotency_key) {
        user_id -> UuidColumn,
        method -> Text,
        path -> Text,
        idempotency_key -> Text,
        fingerprint -> Text,
        status -> Nullable<Integer>,
        etag -> Nullable<Text>,
        location -> Nullable<Text>,
        body -> Nullable<Text>,
        created_at -> TimeColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    orgs (id) {
        id -> UuidColumn,
        name -> Text,
        slug -> Text,
        is_active -> Bool,
        created_at -> TimeColumn,
        updated_at -> TimeColumn,
        version -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    org_counters (org_id) {
        org_id -> UuidColumn,
        last_ticket_number -> BigInt,
        last_event_seq -> BigInt,
        members_revision -> BigInt,
        stored_bytes -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    locations (org_id, id) {
        org_id -> UuidColumn,
        id -> UuidColumn,
        name -> Text,
        address -> Nullable<Text>,
        is_active -> Bool,
        created_at -> TimeColumn,
        updated_at -> TimeColumn,
        version -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    roles (org_id, role_key) {
        org_id -> UuidColumn,
        role_key -> Text,
        name -> Text,
        updated_at -> TimeColumn,
        version -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    role_permissions (org_id, role_key, permission) {
        org_id -> UuidColumn,
        role_key -> Text,
        permission -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    memberships (org_id, user_id) {
        org_id -> UuidColumn,
        user_id -> UuidColumn,
        ticket_scope -> Text,
        is_active -> Bool,
        created_at -> TimeColumn,
        updated_at -> TimeColumn,
        version -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    membership_roles (org_id, user_id, role_key) {
        org_id -> UuidColumn,
        user_id -> UuidColumn,
        role_key -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    membership_locations (org_id, user_id, location_id) {
        org_id -> UuidColumn,
        user_id -> UuidColumn,
        location_id -> UuidColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    events (org_id, id) {
        org_id -> UuidColumn,
        id -> UuidColumn,
        seq -> BigInt,
        kind -> Text,
        subject_kind -> Text,
        subject_id -> UuidColumn,
        actor_id -> Nullable<UuidColumn>,
        visibility -> Text,
        occurred_at -> TimeColumn,
        request_id -> Text,
        changes -> JsonColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    categories (org_id, id) {
        org_id -> UuidColumn,
        id -> UuidColumn,
        category_key -> Text,
        name -> Text,
        parent_id -> Nullable<UuidColumn>,
        is_seeded -> Bool,
        is_active -> Bool,
        created_at -> TimeColumn,
        updated_at -> TimeColumn,
        version -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    tickets (org_id, id) {
        org_id -> UuidColumn,
        id -> UuidColumn,
        number -> BigInt,
        subject -> Text,
        details -> Text,
        urgency -> SmallInt,
        priority -> SmallInt,
        status -> Text,
        waiting_on -> Nullable<Text>,
        location_id -> UuidColumn,
        category_id -> Nullable<UuidColumn>,
        requester_id -> UuidColumn,
        created_by -> UuidColumn,
        assignee_id -> Nullable<UuidColumn>,
        resolution_summary -> Nullable<Text>,
        close_reason -> Nullable<Text>,
        follow_up_of -> Nullable<UuidColumn>,
        created_at -> TimeColumn,
        updated_at -> TimeColumn,
        resolved_at -> Nullable<TimeColumn>,
        closed_at -> Nullable<TimeColumn>,
        version -> BigInt,
        unread_reply_count -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    messages (org_id, id) {
        org_id -> UuidColumn,
        id -> UuidColumn,
        ticket_id -> UuidColumn,
        author_id -> UuidColumn,
        visibility -> Text,
        body -> Text,
        created_at -> TimeColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    read_markers (org_id, ticket_id, user_id) {
        org_id -> UuidColumn,
        ticket_id -> UuidColumn,
        user_id -> UuidColumn,
        read_until -> TimeColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    attachments (org_id, id) {
        org_id -> UuidColumn,
        id -> UuidColumn,
        uploader_id -> UuidColumn,
        filename -> Text,
        content_type -> Text,
        size_bytes -> BigInt,
        sha256 -> Text,
        storage_key -> Text,
        ticket_id -> Nullable<UuidColumn>,
        message_id -> Nullable<UuidColumn>,
        created_at -> TimeColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::sql_types::*;
    ticket_search (doc_id) {
        doc_id -> BigInt,
        org_id -> UuidColumn,
        ticket_id -> UuidColumn,
        public_words -> Text,
        staff_words -> Text,
    }
}

joinable!(sessions -> users (user_id));
joinable!(refresh_tokens -> sessions (session_id));
joinable!(memberships -> orgs (org_id));
joinable!(memberships -> users (user_id));
allow_tables_to_appear_in_same_query!(
    users,
    platform_roles,
    sessions,
    refresh_tokens,
    account_setups,
    orgs,
    locations,
    roles,
    role_permissions,
    memberships,
    membership_roles,
    membership_locations,
    tickets,
    messages,
    attachments,
    ticket_search,
    read_markers,
);
