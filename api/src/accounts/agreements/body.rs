use application::clock::instant;
use serde::Serialize;
use users::{Agreement, Consent};
use utoipa::ToSchema;
use web::paging::Total;

/// An agreement in the version in force.
#[derive(Serialize, ToSchema)]
#[schema(as = Agreement, example = json!({"agreement_key": "terms_of_use", "version": 2, "title": "Terms of use", "url": "https://sunrise.example/terms", "published_at": "2026-11-22T14:05:00.000000Z"}))]
pub(crate) struct AgreementBody {
    agreement_key: String,
    version: i32,
    title: String,
    /// The URL of its text.
    url: String,
    /// When it came into force.
    #[schema(value_type = DateTime<Utc>)]
    published_at: String,
}

/// A page of agreements.
#[derive(Serialize, ToSchema)]
pub(crate) struct AgreementPage {
    pub(super) data: Vec<AgreementBody>,
    pub(super) next_cursor: Option<String>,
    pub(super) total: Option<Total>,
}

/// A consent to an agreement, with its version and time.
#[derive(Serialize, ToSchema)]
#[schema(as = Consent, example = json!({"agreement_key": "terms_of_use", "version": 2, "accepted_at": "2026-11-22T14:05:00.000000Z"}))]
pub(crate) struct ConsentBody {
    pub(super) agreement_key: String,
    pub(super) version: i32,
    /// Null: still open; until it is accepted nothing else can be done.
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub(super) accepted_at: Option<String>,
}

/// A page of consents.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConsentPage {
    pub(super) data: Vec<ConsentBody>,
    pub(super) next_cursor: Option<String>,
    pub(super) total: Option<Total>,
}

impl From<&Agreement> for AgreementBody {
    fn from(agreement: &Agreement) -> Self {
        Self {
            agreement_key: agreement.key.clone(),
            version: agreement.version,
            title: agreement.title.clone(),
            url: agreement.url.clone(),
            published_at: instant(agreement.published_at),
        }
    }
}

impl From<&Consent> for ConsentBody {
    fn from(consent: &Consent) -> Self {
        Self {
            agreement_key: consent.agreement_key.clone(),
            version: consent.version,
            accepted_at: Some(instant(consent.accepted_at)),
        }
    }
}
