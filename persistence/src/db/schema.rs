//! The tables as both databases have them.

mod accounts;

use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

pub(crate) use accounts::*;

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    mails (id) {
        id -> UuidColumn,
        org_id -> Nullable<UuidColumn>,
        user_id -> Nullable<UuidColumn>,
        email -> Text,
        kind -> Text,
        locale -> Text,
        variables -> JsonColumn,
        secret_kind -> Nullable<Text>,
        secret_id -> Nullable<UuidColumn>,
        status -> Text,
        attempts -> Integer,
        due_at -> TimeColumn,
        is_for_digest -> Bool,
        leased_until -> Nullable<TimeColumn>,
        last_error -> Nullable<Text>,
        created_at -> TimeColumn,
        sent_at -> Nullable<TimeColumn>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    mail_settings (org_id) {
        org_id -> UuidColumn,
        default_locale -> Text,
        time_zone -> Text,
        brand_name -> Nullable<Text>,
        brand_colour -> Nullable<Text>,
        signature -> Nullable<Text>,
        contact_address -> Nullable<Text>,
        updated_at -> TimeColumn,
        version -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    mail_templates (org_id, kind, locale) {
        org_id -> UuidColumn,
        kind -> Text,
        locale -> Text,
        subject -> Text,
        text_body -> Text,
        is_outdated -> Bool,
        updated_at -> TimeColumn,
        version -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    orgs (id) {
        id -> UuidColumn,
        name -> Text,
        slug -> Text,
        is_active -> Bool,
        created_at -> TimeColumn,
        updated_at -> TimeColumn,
        version -> BigInt,
        joining_mode -> Text,
        ticket_openers -> Text,
        grace_days -> Nullable<Integer>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
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
    use crate::db::sql_types::*;
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
    use crate::db::sql_types::*;
    roles (org_id, role_key) {
        org_id -> UuidColumn,
        role_key -> Text,
        name -> Text,
        updated_at -> TimeColumn,
        version -> BigInt,
        requires_two_factor -> Bool,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    role_permissions (org_id, role_key, permission) {
        org_id -> UuidColumn,
        role_key -> Text,
        permission -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    memberships (org_id, user_id) {
        org_id -> UuidColumn,
        user_id -> UuidColumn,
        ticket_scope -> Text,
        is_active -> Bool,
        created_at -> TimeColumn,
        updated_at -> TimeColumn,
        version -> BigInt,
        suspension_reason -> Nullable<Text>,
        suspended_until -> Nullable<TimeColumn>,
        unclaimed_email -> Nullable<Text>,
        unclaimed_name -> Nullable<Text>,
        shown_name -> Text,
        shown_email -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    membership_roles (org_id, user_id, role_key) {
        org_id -> UuidColumn,
        user_id -> UuidColumn,
        role_key -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    membership_locations (org_id, user_id, location_id) {
        org_id -> UuidColumn,
        user_id -> UuidColumn,
        location_id -> UuidColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
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
    use crate::db::sql_types::*;
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
    use crate::db::sql_types::*;
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
        approval -> Nullable<Text>,
        approval_by -> Nullable<UuidColumn>,
        approval_at -> Nullable<TimeColumn>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
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
    use crate::db::sql_types::*;
    read_markers (org_id, ticket_id, user_id) {
        org_id -> UuidColumn,
        ticket_id -> UuidColumn,
        user_id -> UuidColumn,
        read_until -> TimeColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
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
    use crate::db::sql_types::*;
    unattached_files (org_id, id) {
        org_id -> UuidColumn,
        id -> UuidColumn,
        uploader_id -> UuidColumn,
        storage_key -> Text,
        size_bytes -> BigInt,
        due_at -> TimeColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    ticket_search (doc_id) {
        doc_id -> BigInt,
        org_id -> UuidColumn,
        ticket_id -> UuidColumn,
        public_words -> Text,
        staff_words -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    invitations (id) {
        id -> UuidColumn,
        org_id -> Nullable<UuidColumn>,
        email -> Text,
        platform_role -> Nullable<Text>,
        roles -> JsonColumn,
        location_ids -> JsonColumn,
        offered -> Text,
        locale -> Text,
        valid_from -> TimeColumn,
        valid_until -> TimeColumn,
        greeting -> Nullable<Text>,
        purpose -> Nullable<Text>,
        extra -> JsonColumn,
        inviter_id -> UuidColumn,
        generation -> Integer,
        code_hash -> Text,
        last_sent_at -> TimeColumn,
        batch_id -> Nullable<UuidColumn>,
        claimed_by -> Nullable<UuidColumn>,
        reminded_at -> Nullable<TimeColumn>,
        follow_up_ticket_id -> Nullable<UuidColumn>,
        decision -> Nullable<Text>,
        decided_at -> Nullable<TimeColumn>,
        accepted_by -> Nullable<UuidColumn>,
        is_open -> Bool,
        created_at -> TimeColumn,
        updated_at -> TimeColumn,
        version -> BigInt,
        accepted_at_or_epoch -> TimeColumn,
        sent_through -> JsonColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    permission_requests (org_id, id) {
        org_id -> UuidColumn,
        id -> UuidColumn,
        user_id -> UuidColumn,
        requested_role -> Nullable<Text>,
        requested_permission -> Nullable<Text>,
        justification -> Text,
        requested_at -> TimeColumn,
        granted_role -> Nullable<Text>,
        identity_check -> Nullable<Text>,
        consulted -> Nullable<Text>,
        explanation -> Nullable<Text>,
        decided_by -> Nullable<UuidColumn>,
        decided_at -> Nullable<TimeColumn>,
        version -> BigInt,
        location_ids -> JsonColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    membership_requests (org_id, id) {
        org_id -> UuidColumn,
        id -> UuidColumn,
        user_id -> UuidColumn,
        status -> Text,
        message -> Nullable<Text>,
        requested_at -> TimeColumn,
        is_approved -> Nullable<Bool>,
        reason -> Nullable<Text>,
        decided_by -> Nullable<UuidColumn>,
        decided_at -> Nullable<TimeColumn>,
        appeal -> Nullable<Text>,
        appealed_at -> Nullable<TimeColumn>,
        appeal_is_approved -> Nullable<Bool>,
        appeal_reason -> Nullable<Text>,
        appeal_decided_by -> Nullable<UuidColumn>,
        appeal_decided_at -> Nullable<TimeColumn>,
        version -> BigInt,
    }
}

joinable!(sessions -> users (user_id));
joinable!(refresh_tokens -> sessions (session_id));
joinable!(memberships -> orgs (org_id));
joinable!(memberships -> users (user_id));
joinable!(membership_requests -> orgs (org_id));
joinable!(membership_requests -> users (user_id));
allow_tables_to_appear_in_same_query!(
    users,
    platform_roles,
    sessions,
    refresh_tokens,
    one_time_tokens,
    agreements,
    consents,
    mails,
    mail_settings,
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
    invitations,
    membership_requests,
    approvals,
    account_events,
);
