use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::paging::Total;
use crate::people::ApprovalBody;

/// Which critical change of the installation.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ApprovalPath {
    /// The change that waits.
    pub(super) approval_id: Uuid,
}

/// Which critical change of an organization.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OrgApprovalPath {
    /// The organization.
    #[expect(dead_code, reason = "read from the request itself")]
    org_id: Uuid,
    /// The change that waits.
    pub(super) approval_id: Uuid,
}

/// A page of critical changes.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApprovalPage {
    pub(super) data: Vec<ApprovalBody>,
    pub(super) next_cursor: Option<String>,
    pub(super) total: Option<Total>,
}
