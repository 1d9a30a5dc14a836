use application::accounts::deletion::require_notice;
use application::context::Context;
use application::problem::Problem;
use serde::{Deserialize, Serialize};
use users::DeletionRequest;
use utoipa::ToSchema;

/// How the identity of the person was verified.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdentityMethod {
    CallBack,
    VideoCall,
    InPerson,
    Document,
}

impl From<IdentityMethod> for users::IdentityMethod {
    fn from(word: IdentityMethod) -> Self {
        match word {
            IdentityMethod::CallBack => Self::CallBack,
            IdentityMethod::VideoCall => Self::VideoCall,
            IdentityMethod::InPerson => Self::InPerson,
            IdentityMethod::Document => Self::Document,
        }
    }
}

/// What has to be settled before a deletion starts.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"identity_method": "call_back", "retention_notice_version": 1, "is_confirmed": true, "reason": "Asked for by the person."}))]
pub(crate) struct ScheduleDeletion {
    /// How you verified the identity of the requester. Your user id and the time are recorded.
    identity_method: IdentityMethod,
    /// The version of the retention notice that the person was given (`get_retention_notice`). It must be the one that applies.
    #[schema(minimum = 1, maximum = 1000000)]
    retention_notice_version: i32,
    /// That the person, having read it, wants the deletion.
    is_confirmed: bool,
    /// Why, for those who read the history and for who approves.
    #[schema(min_length = 1, max_length = 500, pattern = "<lines>")]
    pub reason: String,
}

impl ScheduleDeletion {
    /// The deletion request, with the caller as its requester.
    pub(crate) fn request<W>(&self, ctx: &Context<'_, '_, W>) -> Result<DeletionRequest, Problem> {
        require_notice(self.retention_notice_version, self.is_confirmed)?;
        Ok(DeletionRequest {
            method: self.identity_method.into(),
            verified_by: ctx.origin.actor()?,
            verified_at: ctx.now,
            notice_version: self.retention_notice_version,
        })
    }
}
