//! Looking with a member's eyes: staff see what he sees, and nothing can be done that way (decision 18).

use persistence::MemberCaller;
use roles::{Actor, ViewRefused, require_viewable};
use serde::Serialize;
use users::UserId;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ManagedAccount;
use crate::bearer::{Bearer, Viewing};
use crate::context::{Context, new_id};
use crate::keys::ACCESS_TOKEN_SECONDS;
use crate::problem::{Code, Problem, sentence};

/// A token with which one sees what a member sees.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJIUzI1NiJ9.e30.c2ln", "token_type": "Bearer", "expires_in": 900, "viewing_as": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1e"}))]
pub(crate) struct ViewAsToken {
    /// Send it as `Authorization: Bearer ...` to the operations that are marked `x-open-to-viewing-as`.
    access_token: String,
    /// Always `Bearer`.
    token_type: String,
    /// Seconds for which it is good, as long as the session lasts that asked for it. It is not refreshed.
    expires_in: i32,
    /// The account of the member. Responses within the view-as session name it in the header `Viewing-As`.
    viewing_as: Uuid,
}

/// The caller as the member with whose eyes he looks, if both may do what they do at this moment.
pub(crate) fn seen_by(ctx: &mut Context<'_, '_>, viewing: Viewing) -> Result<MemberCaller, Problem> {
    if viewing.org != ctx.caller.org_id {
        return Err(Problem::not_found());
    }
    Ok(ctx.require_view(viewing.viewed)?.1)
}

impl Context<'_, '_, Actor> {
    /// A token to look with a member's eyes. That somebody does is kept, for the member to see.
    pub(crate) fn view_as(&mut self, member: UserId, reason: &str) -> Result<ViewAsToken, Problem> {
        let (managed, _) = self.require_view(member)?;
        self.tx.record_account(&self.event_of("viewed_as", &managed, Some(reason)))?;
        let own = self.head.bearer.ok_or_else(Problem::internal)?;
        let viewing = Some(Viewing { org: self.caller.org_id, viewed: member });
        Ok(ViewAsToken {
            access_token: self.app.keys.sign(Bearer { viewing, ..own }, new_id(), self.now)?,
            token_type: "Bearer".to_owned(),
            expires_in: ACCESS_TOKEN_SECONDS,
            viewing_as: member.0,
        })
    }

    /// The member, if the caller may look with his eyes at this moment.
    fn require_view(&mut self, member: UserId) -> Result<(ManagedAccount, MemberCaller), Problem> {
        self.caller.may_view_as_members()?;
        let (managed, seen) = self.managed_account_and_caller(member)?;
        require_viewable(&managed.account, managed.authority, seen.counts(self.now), self.now)?;
        Ok((managed, seen))
    }
}

impl From<ViewRefused> for Problem {
    fn from(refused: ViewRefused) -> Self {
        match refused {
            ViewRefused::Forbidden(missing) => missing.into(),
            ViewRefused::AccountAuthority(refused) => refused.into(),
            ViewRefused::BeyondReach => Self::new(Code::Forbidden, sentence(&refused)),
            ViewRefused::ShutOut => Self::new(Code::MemberCannotLogIn, sentence(&refused)),
        }
    }
}
