use application::context::Context;
use application::problem::Problem;
use persistence::{Page, StoreError, Tx};
use roles::{Approval, ApprovalId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::answer::Answer;
use web::paging::{List, Total};

use super::approval::ApprovalBody;

/// Path parameters of a critical change of the platform.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ApprovalPath {
    /// The critical change.
    pub(super) approval_id: Uuid,
}

/// Path parameters of a critical change of an organization.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OrgApprovalPath {
    /// The organization.
    #[expect(dead_code, reason = "read from the request itself")]
    org_id: Uuid,
    /// The critical change.
    pub(super) approval_id: Uuid,
}

/// A page of critical changes.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApprovalPage {
    pub(super) data: Vec<ApprovalBody>,
    pub(super) next_cursor: Option<String>,
    pub(super) total: Option<Total>,
}

/// A page of the critical changes that `read` returns, latest first.
pub(super) fn show_approvals<W>(
    ctx: &mut Context<'_, '_, W>,
    list: &List,
    read: impl FnOnce(&mut Tx<'_>, Page<ApprovalId>) -> Result<Vec<Approval>, StoreError>,
) -> Result<Answer, Problem> {
    let page = list.page_of(|at| at.parse().ok().map(ApprovalId))?;
    let (rows, now) = (read(ctx.tx, page)?, ctx.now);
    list.page(
        &page,
        rows,
        |approval| approval.id.0.to_string(),
        |rows, next_cursor| {
            let data = rows.iter().map(|approval| ApprovalBody::of(approval, now)).collect();
            Ok(ApprovalPage { data, next_cursor, total: None })
        },
    )
}
