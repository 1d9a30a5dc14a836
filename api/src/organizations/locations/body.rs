use application::clock::instant;
use application::problem::{Fault, Problem};
use application::problem_codes::Code;
use orgs::Location;
use persistence::{Constraint, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// All readers of a location get the same representation.
pub(super) const AUDIENCE: &str = "all";

/// Path parameters of a location.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct LocationPath {
    /// The organization.
    #[expect(dead_code, reason = "read from the request itself")]
    org_id: Uuid,
    /// The location.
    pub(super) location_id: Uuid,
}

/// A place that an organization works at.
#[derive(Serialize, ToSchema)]
#[schema(as = Location, example = json!({
    "id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1d", "name": "Downtown Clinic", "address": "12 Main Street", "is_active": true,
    "created_at": "2026-03-02T09:15:00.000000Z", "updated_at": "2026-03-02T09:15:00.000000Z"
}))]
pub(crate) struct LocationBody {
    id: Uuid,
    name: String,
    address: Option<String>,
    /// While false, it takes no new tickets; old ones keep it.
    is_active: bool,
    #[schema(value_type = DateTime<Utc>)]
    created_at: String,
    #[schema(value_type = DateTime<Utc>)]
    updated_at: String,
}

impl From<&Location> for LocationBody {
    fn from(location: &Location) -> Self {
        Self {
            id: location.id.0,
            name: location.name.as_str().to_owned(),
            address: location.address.clone(),
            is_active: location.is_active,
            created_at: instant(location.created_at),
            updated_at: instant(location.updated_at),
        }
    }
}

/// Names of locations are unique in an organization.
pub(super) fn name_taken(error: StoreError) -> Problem {
    match error {
        StoreError::Unique(Constraint::LocationName) => {
            let detail = "Another location has this name.";
            Problem::new(Code::AlreadyExists, detail).with_errors(vec![Fault::at(
                "#/name",
                "already_exists",
                detail,
            )])
        }
        other => other.into(),
    }
}
