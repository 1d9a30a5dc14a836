//! The codes of problems, with their texts for programs and people.

/// The stable codes of problems. Each has a page at `/problems/{code}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The body is not JSON.
    MalformedJson,
    /// The request can't be read.
    MalformedRequest,
    /// The cursor does not belong to this list.
    InvalidCursor,
    /// No valid credentials.
    Unauthenticated,
    /// The access token has expired.
    TokenExpired,
    /// The session has ended.
    TokenRevoked,
    /// Address or password is wrong.
    InvalidCredentials,
    /// A second factor is needed.
    TwoFactorRequired,
    /// You may not do this.
    Forbidden,
    /// The organization is inactive.
    OrganizationInactive,
    /// Joining requires an invitation.
    InvitationOnly,
    /// Only members can open requests here.
    NoGuests,
    /// You are suspended here.
    AccountDisabled,
    /// The address of the account is not proved.
    AddressUnproved,
    /// Your vote is missing.
    VoteMissing,
    /// The session is restricted.
    SessionRestricted,
    /// Not available in a view-as session.
    NotWhileViewingAs,
    /// The member cannot log in.
    MemberCannotLogIn,
    /// A role requires two-factor log-in.
    TwoFactorSetupRequired,
    /// The membership is unclaimed.
    MembershipUnclaimed,
    /// Not found.
    NotFound,
    /// The method is not allowed here.
    MethodNotAllowed,
    /// No acceptable media type.
    NotAcceptable,
    /// The request took too long to arrive.
    RequestTimeout,
    /// It already exists.
    AlreadyExists,
    /// The current state does not allow it.
    Conflict,
    /// The status transition is not allowed.
    InvalidTransition,
    /// The ticket is closed.
    TicketClosed,
    /// The ticket is pending approval.
    ApprovalPending,
    /// The last owner cannot be removed.
    LastOwner,
    /// The account is not managed by this organization alone.
    AccountShared,
    /// Retained records reference the account.
    RecordsRetained,
    /// The same request is still running.
    IdempotencyInProgress,
    /// The link no longer works.
    Gone,
    /// It was changed since you read it.
    PreconditionFailed,
    /// Too large.
    PayloadTooLarge,
    /// The address is too long.
    UriTooLong,
    /// The media type is not supported here.
    UnsupportedMediaType,
    /// Files of this type are refused.
    UnsupportedFileType,
    /// The request does not fit its schema.
    ValidationFailed,
    /// A referenced resource does not exist.
    ReferenceNotFound,
    /// A rule refuses this.
    RuleViolated,
    /// You have no location to file for.
    NoLocationAvailable,
    /// The password is too weak.
    WeakPassword,
    /// The key was used for another request.
    IdempotencyKeyReused,
    /// The organization's storage is full.
    QuotaExceeded,
    /// Too many pending uploads.
    PendingFilesExceeded,
    /// Pending uploads are too large in total.
    PendingBytesExceeded,
    /// `If-Match` is required.
    PreconditionRequired,
    /// Too many requests.
    RateLimited,
    /// Too many attempts.
    TooManyAttempts,
    /// Too many bytes uploaded within 24 hours.
    DailyUploadExceeded,
    /// The headers are too large.
    HeadersTooLarge,
    /// Internal error.
    InternalError,
    /// Not available right now.
    Unavailable,
    /// The server has no disk space left for files.
    StorageFull,
}

type Row = (Code, &'static str, u16, &'static str, &'static str);

/// The fallback for a code without a row. A test ensures that there is none.
const INTERNAL: Row = (
    Code::InternalError,
    "internal_error",
    500,
    "Internal error",
    "Report the `request_id` to the operator.",
);

/// Code, wire name, status, title, and advice.
const TABLE: [Row; 56] = [
    (
        Code::MalformedJson,
        "malformed_json",
        400,
        "The body is not JSON",
        "Send one JSON value in UTF-8, nested at most 127 levels deep.",
    ),
    (
        Code::MalformedRequest,
        "malformed_request",
        400,
        "The request can't be read",
        "Check percent-encoding, headers and multipart boundaries.",
    ),
    (
        Code::InvalidCursor,
        "invalid_cursor",
        400,
        "The cursor does not belong to this list",
        "Send a cursor back unchanged, with the same filters and sort, or begin without one.",
    ),
    (
        Code::Unauthenticated,
        "unauthenticated",
        401,
        "No valid credentials",
        "Log in and send the access token as `Authorization: Bearer ...`.",
    ),
    (
        Code::TokenExpired,
        "token_expired",
        401,
        "The access token has expired",
        "Exchange the refresh token for a new pair.",
    ),
    (Code::TokenRevoked, "token_revoked", 401, "The session has ended", "Log in again."),
    (
        Code::InvalidCredentials,
        "invalid_credentials",
        401,
        "Address or password is wrong",
        "Check both. The answer is the same whatever the cause; support staff can see it.",
    ),
    (
        Code::TwoFactorRequired,
        "two_factor_required",
        401,
        "A second factor is needed",
        "Send `totp_code` or `recovery_code` as well. A code works once.",
    ),
    (
        Code::Forbidden,
        "forbidden",
        403,
        "You may not do this",
        "If `detail` names a permission, ask for it. Otherwise somebody else has to do it.",
    ),
    (
        Code::OrganizationInactive,
        "organization_inactive",
        403,
        "The organization is inactive",
        "Its data is retained. Ask platform administrators.",
    ),
    (
        Code::InvitationOnly,
        "invitation_only",
        403,
        "Joining requires an invitation",
        "Ask a member of the organization to invite you.",
    ),
    (
        Code::NoGuests,
        "no_guests",
        403,
        "Only members can open requests here",
        "Ask to join (`create_membership_request`), or ask to be invited.",
    ),
    (Code::AccountDisabled, "account_disabled", 403, "You are suspended here", "Ask an organizer."),
    (
        Code::AddressUnproved,
        "address_unproved",
        403,
        "The address of the account is not proved",
        "Ask for a link (`create_my_address_proof`) and use it, then try again.",
    ),
    (
        Code::VoteMissing,
        "vote_missing",
        403,
        "Your vote is missing",
        "Use a link that was mailed to your address, ask another approver to restore the vote, or wait until it starts. You can deny meanwhile.",
    ),
    (
        Code::SessionRestricted,
        "session_restricted",
        403,
        "The session is restricted",
        "See `restrictions` of the session and `detail`: change the password, or accept the agreements in force.",
    ),
    (
        Code::NotWhileViewingAs,
        "not_while_viewing_as",
        403,
        "Not available in a view-as session",
        "Use your own token. A token of `view_as_member` works only with operations marked `x-open-to-viewing-as`.",
    ),
    (
        Code::MemberCannotLogIn,
        "member_cannot_log_in",
        403,
        "The member cannot log in",
        "See `get_member_login_diagnosis` for the reason.",
    ),
    (
        Code::TwoFactorSetupRequired,
        "two_factor_setup_required",
        403,
        "A role requires two-factor log-in",
        "Set it up (`set_up_my_two_factor`, `confirm_my_two_factor`), then try again.",
    ),
    (
        Code::MembershipUnclaimed,
        "membership_unclaimed",
        403,
        "The membership is unclaimed",
        "Wait until the person has logged in and opened this organization, or ask platform administrators.",
    ),
    (Code::NotFound, "not_found", 404, "Not found", "It does not exist, or is not visible to you."),
    (
        Code::MethodNotAllowed,
        "method_not_allowed",
        405,
        "The method is not allowed here",
        "See the `Allow` header.",
    ),
    (Code::NotAcceptable, "not_acceptable", 406, "No acceptable media type", "Accept `application/json`."),
    (
        Code::RequestTimeout,
        "request_timeout",
        408,
        "The request took too long to arrive",
        "Send the body faster.",
    ),
    (
        Code::AlreadyExists,
        "already_exists",
        409,
        "It already exists",
        "Choose another name, or use the one that exists.",
    ),
    (
        Code::Conflict,
        "conflict",
        409,
        "The current state does not allow it",
        "Read the resource again, then decide.",
    ),
    (
        Code::InvalidTransition,
        "invalid_transition",
        409,
        "The status transition is not allowed",
        "Read it again to see its current status. For tickets, `allowed_statuses` lists what may follow.",
    ),
    (
        Code::TicketClosed,
        "ticket_closed",
        409,
        "The ticket is closed",
        "File a follow-up at `follow_up_url`.",
    ),
    (
        Code::ApprovalPending,
        "approval_pending",
        409,
        "The ticket is pending approval",
        "A holder of `approve_tickets` decides first (`approve_ticket`, `deny_ticket`).",
    ),
    (
        Code::LastOwner,
        "last_owner",
        409,
        "The last owner cannot be removed",
        "Make another member an owner first.",
    ),
    (
        Code::AccountShared,
        "account_shared",
        409,
        "The account is not managed by this organization alone",
        "Ask platform administrators, or suspend the member in this organization.",
    ),
    (
        Code::RecordsRetained,
        "records_retained",
        409,
        "Retained records reference the account",
        "The account stays as a tombstone without name and address.",
    ),
    (
        Code::IdempotencyInProgress,
        "idempotency_in_progress",
        409,
        "The same request is still running",
        "Try again after `Retry-After` seconds.",
    ),
    (Code::Gone, "gone", 410, "The link no longer works", "Ask for a new one."),
    (
        Code::PreconditionFailed,
        "precondition_failed",
        412,
        "It was changed since you read it",
        "Read it again. The current `ETag` is in the response.",
    ),
    (
        Code::PayloadTooLarge,
        "payload_too_large",
        413,
        "Too large",
        "A JSON body has at most 1 MiB, a file at most 10 485 760 bytes.",
    ),
    (Code::UriTooLong, "uri_too_long", 414, "The address is too long", "Send at most 8 KiB."),
    (
        Code::UnsupportedMediaType,
        "unsupported_media_type",
        415,
        "The media type is not supported here",
        "See the operation's request body.",
    ),
    (
        Code::UnsupportedFileType,
        "unsupported_file_type",
        415,
        "Files of this type are refused",
        "Programs, scripts and web pages are refused, and files whose content does not match their type.",
    ),
    (
        Code::ValidationFailed,
        "validation_failed",
        422,
        "The request does not fit its schema",
        "`errors` lists each fault.",
    ),
    (
        Code::ReferenceNotFound,
        "reference_not_found",
        422,
        "A referenced resource does not exist",
        "`errors` names it.",
    ),
    (Code::RuleViolated, "rule_violated", 422, "A rule refuses this", "See `detail`."),
    (
        Code::NoLocationAvailable,
        "no_location_available",
        422,
        "You have no location to file for",
        "Ask an organizer to give you a location.",
    ),
    (
        Code::WeakPassword,
        "weak_password",
        422,
        "The password is too weak",
        "Use at least 12 characters, without names and common passwords.",
    ),
    (
        Code::IdempotencyKeyReused,
        "idempotency_key_reused",
        422,
        "The key was used for another request",
        "Use a new key for each new request.",
    ),
    (Code::QuotaExceeded, "quota_exceeded", 422, "The organization's storage is full", "Ask an organizer."),
    (
        Code::PendingFilesExceeded,
        "pending_files_exceeded",
        422,
        "Too many pending uploads",
        "Attach or delete uploads. Those that are not attached are removed after 24 hours.",
    ),
    (
        Code::PendingBytesExceeded,
        "pending_bytes_exceeded",
        422,
        "Pending uploads are too large in total",
        "Attach or delete uploads. Those that are not attached are removed after 24 hours.",
    ),
    (
        Code::PreconditionRequired,
        "precondition_required",
        428,
        "`If-Match` is required",
        "Read the resource, and send its `ETag` as `If-Match`.",
    ),
    (Code::RateLimited, "rate_limited", 429, "Too many requests", "Wait for `Retry-After` seconds."),
    (
        Code::TooManyAttempts,
        "too_many_attempts",
        429,
        "Too many attempts",
        "Wait for `Retry-After` seconds. Of passwords and codes only the wrong ones count; between two mails to one address is a pause.",
    ),
    (
        Code::DailyUploadExceeded,
        "daily_upload_exceeded",
        429,
        "Too many bytes uploaded within 24 hours",
        "Wait for `Retry-After` seconds.",
    ),
    (Code::HeadersTooLarge, "headers_too_large", 431, "The headers are too large", "Send smaller ones."),
    INTERNAL,
    (
        Code::Unavailable,
        "unavailable",
        503,
        "Not available right now",
        "Try again after `Retry-After` seconds.",
    ),
    (
        Code::StorageFull,
        "storage_full",
        503,
        "The server has no disk space left for files",
        "Everything but uploads works. Try again after `Retry-After` seconds, or contact the operator.",
    ),
];

impl Code {
    fn row(self) -> &'static Row {
        TABLE.iter().find(|(code, ..)| *code == self).unwrap_or(&INTERNAL)
    }

    /// All of them, in the order of their statuses.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.0)
    }

    /// The wire name.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// The HTTP status (RFC 9110 15).
    pub fn status(self) -> u16 {
        self.row().2
    }

    /// The code as a sentence, the same for every response.
    pub fn title(self) -> &'static str {
        self.row().3
    }

    /// What a client or a person can do about it.
    pub fn advice(self) -> &'static str {
        self.row().4
    }

    /// The code with this wire name.
    pub fn parse(word: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.1 == word).map(|row| row.0)
    }

    /// The code for a response of the HTTP framework itself, by its status.
    pub fn of_status(status: u16) -> Self {
        let generic = [
            Self::MalformedRequest,
            Self::Unauthenticated,
            Self::Forbidden,
            Self::NotFound,
            Self::MethodNotAllowed,
            Self::NotAcceptable,
            Self::RequestTimeout,
            Self::Conflict,
            Self::PayloadTooLarge,
            Self::UriTooLong,
            Self::UnsupportedMediaType,
            Self::ValidationFailed,
            Self::HeadersTooLarge,
            Self::Unavailable,
        ];
        let fallback =
            if (400..500).contains(&status) { Self::MalformedRequest } else { Self::InternalError };
        generic.into_iter().find(|code| code.status() == status).unwrap_or(fallback)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_row() {
        for row in &TABLE {
            assert_eq!(Code::parse(row.1), Some(row.0));
            assert_eq!(row.0.as_str(), row.1);
            assert_eq!(row.0.status(), row.2);
        }
        assert!(TABLE.is_sorted_by_key(|row| row.2), "the order of the statuses");
    }
}
