use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web::values::TicketStatus;

/// A stage of a person's lifecycle, and when it was reached.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReachedStage {
    /// `invited`, `registered`, `verified`, `profile_complete`, `participating`, `supported`.
    pub(super) stage: String,
    #[schema(value_type = DateTime<Utc>)]
    pub(super) reached_at: String,
}

/// The person's identity. Private values that are not overridden are null and listed in `hidden_fields`.
#[derive(Serialize, ToSchema)]
pub(crate) struct PersonalSection {
    pub(super) name: String,
    pub(super) pronouns: Option<String>,
    pub(super) about: Option<String>,
    pub(super) locale: Option<String>,
    pub(super) time_zone: Option<String>,
}

/// How to reach the person.
#[derive(Serialize, ToSchema)]
pub(crate) struct ContactSection {
    pub(super) email: String,
    pub(super) phone: Option<String>,
}

/// A person's memberships.
#[derive(Serialize, ToSchema)]
pub(crate) struct BelongsTo {
    pub(super) org_id: Uuid,
    /// Role keys.
    pub(super) roles: Vec<String>,
    pub(super) is_active: bool,
    #[schema(value_type = DateTime<Utc>)]
    pub(super) since: String,
}

/// A successful or failed log-in.
#[derive(Serialize, ToSchema)]
pub(crate) struct LogInAttempt {
    /// `session_created` or `log_in_failed`.
    pub(super) kind: String,
    #[schema(value_type = DateTime<Utc>)]
    pub(super) at: String,
    pub(super) address: Option<String>,
    pub(super) user_agent: Option<String>,
    /// Why it failed.
    pub(super) cause: Option<String>,
}

/// A request that the person filed, without its texts.
#[derive(Serialize, ToSchema)]
pub(crate) struct FiledRequest {
    pub(super) org_id: Uuid,
    pub(super) ticket_id: Uuid,
    pub(super) number: i64,
    pub(super) status: TicketStatus,
    #[schema(value_type = DateTime<Utc>)]
    pub(super) created_at: String,
    #[schema(value_type = DateTime<Utc>)]
    pub(super) updated_at: String,
}

/// What the person wrote.
#[derive(Serialize, ToSchema)]
pub(crate) struct ContentSection {
    /// Requests filed, in the organizations and locations that the caller sees.
    pub(super) requests: i64,
    /// The latest ten requests.
    pub(super) latest: Vec<FiledRequest>,
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub(super) first_request_at: Option<String>,
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub(super) first_solved_at: Option<String>,
}

/// A person's profile. Sections that were not requested are null.
#[derive(Serialize, ToSchema)]
#[schema(as = PersonProfile, example = json!({
    "user_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "lifecycle_stage": "verified",
    "stages": [{"stage": "registered", "reached_at": "2026-03-02T09:15:00.000000Z"}, {"stage": "verified", "reached_at": "2026-03-02T09:20:00.000000Z"}],
    "personal": {"name": "Riley Ortiz", "pronouns": null, "about": null, "locale": "en", "time_zone": "America/Chicago"},
    "contact": {"email": "rbt@sunrise.example", "phone": null}, "memberships": null, "log_ins": null, "content": null, "hidden_fields": ["phone"]
}))]
pub(crate) struct ProfileBody {
    pub(super) user_id: Uuid,
    /// The last of `stages`.
    pub(super) lifecycle_stage: String,
    /// Counts of requests are shown to callers who may read `content`.
    pub(super) stages: Vec<ReachedStage>,
    pub(super) personal: Option<PersonalSection>,
    pub(super) contact: Option<ContactSection>,
    pub(super) memberships: Option<Vec<BelongsTo>>,
    /// The latest ten log-ins, failed ones included.
    pub(super) log_ins: Option<Vec<LogInAttempt>>,
    pub(super) content: Option<ContentSection>,
    /// Values that the person keeps private, which are null here.
    pub(super) hidden_fields: Vec<String>,
}
