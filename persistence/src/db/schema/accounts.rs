//! Tables of accounts and of the whole platform.

use diesel::table;

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    users (id) {
        id -> UuidColumn,
        email -> Text,
        name -> Text,
        locale -> Text,
        password_hash -> Nullable<Text>,
        status -> Text,
        created_at -> TimeColumn,
        updated_at -> TimeColumn,
        time_zone -> Text,
        locked_until -> Nullable<TimeColumn>,
        suspension_reason -> Nullable<Text>,
        suspended_until -> Nullable<TimeColumn>,
        status_before_deletion -> Nullable<Text>,
        deletion_due_at -> Nullable<TimeColumn>,
        temporary_password_until -> Nullable<TimeColumn>,
        version -> BigInt,
        home_org_id -> Nullable<UuidColumn>,
        invited_at -> Nullable<TimeColumn>,
        address_proved_at -> Nullable<TimeColumn>,
        address_proof_ended_at -> Nullable<TimeColumn>,
        purge_started_at -> Nullable<TimeColumn>,
        deletion_started_at -> Nullable<TimeColumn>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    mail_preferences (user_id) {
        user_id -> UuidColumn,
        muted -> Text,
        quiet_from -> Nullable<Text>,
        quiet_until -> Nullable<Text>,
        digest_time -> Nullable<Text>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    platform_roles (user_id, role_key) {
        user_id -> UuidColumn,
        role_key -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    sessions (id) {
        id -> UuidColumn,
        user_id -> UuidColumn,
        created_at -> TimeColumn,
        last_used_at -> TimeColumn,
        expires_at -> TimeColumn,
        user_agent -> Nullable<Text>,
        address -> Nullable<Text>,
        restrictions -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    refresh_tokens (token_hash) {
        token_hash -> Text,
        session_id -> UuidColumn,
        spent_at -> Nullable<TimeColumn>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    one_time_tokens (id) {
        id -> UuidColumn,
        purpose -> Text,
        user_id -> Nullable<UuidColumn>,
        mailed_to -> Nullable<Text>,
        token_hash -> Text,
        created_at -> TimeColumn,
        expires_at -> TimeColumn,
        used_at -> Nullable<TimeColumn>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    log_in_attempts (id) {
        id -> UuidColumn,
        account_key -> Text,
        known_network -> Text,
        network -> Text,
        attempted_at -> TimeColumn,
        is_pending -> Bool,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    known_networks (user_id, network) {
        user_id -> UuidColumn,
        network -> Text,
        logged_in_at -> TimeColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    mail_pauses (pause_key) {
        pause_key -> Text,
        mailed_at -> TimeColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    account_requests (id) {
        id -> UuidColumn,
        kind -> Text,
        email -> Text,
        payload -> JsonColumn,
        address -> Text,
        created_at -> TimeColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    account_events (id) {
        id -> UuidColumn,
        user_id -> UuidColumn,
        org_id -> Nullable<UuidColumn>,
        kind -> Text,
        actor_id -> Nullable<UuidColumn>,
        occurred_at -> TimeColumn,
        request_id -> Text,
        address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        reason -> Nullable<Text>,
        changes -> JsonColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    platform_settings (id) {
        id -> Integer,
        requires_invitation -> Bool,
        default_locale -> Text,
        time_zone -> Text,
        grace_days -> Integer,
        updated_at -> TimeColumn,
        version -> BigInt,
        requires_two_factor -> Bool,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    agreements (agreement_key, version) {
        agreement_key -> Text,
        version -> Integer,
        title -> Text,
        url -> Text,
        published_at -> TimeColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    consents (user_id, agreement_key, version) {
        user_id -> UuidColumn,
        agreement_key -> Text,
        version -> Integer,
        accepted_at -> TimeColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    profiles (user_id) {
        user_id -> UuidColumn,
        phone -> Nullable<Text>,
        pronouns -> Nullable<Text>,
        about -> Nullable<Text>,
        private_fields -> Text,
        completed_at -> Nullable<TimeColumn>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    approvals (id) {
        id -> UuidColumn,
        org_id -> Nullable<UuidColumn>,
        kind -> Text,
        subject_id -> UuidColumn,
        payload -> JsonColumn,
        reason -> Text,
        requested_by -> UuidColumn,
        requested_at -> TimeColumn,
        expires_at -> TimeColumn,
        is_approved -> Nullable<Bool>,
        decided_by -> Nullable<UuidColumn>,
        decided_at -> Nullable<TimeColumn>,
        version -> BigInt,
        requested_through -> JsonColumn,
        is_approvable -> Bool,
        takes_effect -> Text,
        settles_at -> Nullable<TimeColumn>,
        reminds_at -> Nullable<TimeColumn>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    approvers (approver_key) {
        approver_key -> Text,
        org_id -> Nullable<UuidColumn>,
        approval_right -> Text,
        user_id -> UuidColumn,
        held_since -> TimeColumn,
        lost_at -> Nullable<TimeColumn>,
        vote_starts_at -> TimeColumn,
        granted_by -> JsonColumn,
        endorsed_by -> Nullable<JsonColumn>,
        endorsed_at -> Nullable<TimeColumn>,
        announces_at -> Nullable<TimeColumn>,
        known_since -> TimeColumn,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    announcements (announcement_key) {
        announcement_key -> Text,
        org_id -> Nullable<UuidColumn>,
        is_lost -> Bool,
        announces_at -> TimeColumn,
        mailed_until -> Nullable<UuidColumn>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    takeovers (id) {
        id -> UuidColumn,
        user_id -> UuidColumn,
        act -> Text,
        acted_by -> JsonColumn,
        acted_at -> TimeColumn,
        proved_address -> Nullable<Text>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
    two_factors (user_id) {
        user_id -> UuidColumn,
        secret -> Binary,
        started_at -> TimeColumn,
        enabled_at -> Nullable<TimeColumn>,
        last_step -> Nullable<BigInt>,
        recovery_hashes -> Text,
        version -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::db::sql_types::*;
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
    use crate::db::sql_types::*;
    uploaders (user_id) {
        user_id -> UuidColumn,
        since -> TimeColumn,
        sent_bytes -> BigInt,
    }
}
