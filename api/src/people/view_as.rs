//! Looking with a member's eyes: staff see what he sees, and nothing can be done that way (decision 18).

use persistence::MemberCaller;
use roles::{Actor, Permission};
use serde::Serialize;
use users::UserId;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Case;
use crate::bearer::{Bearer, Viewing};
use crate::keys::ACCESS_TOKEN_SECONDS;
use crate::problem::{Code, Problem};
use crate::work::{Work, new_id};

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
    /// The account of the member. Answers that show what he sees name it in the header `Viewing-As`.
    viewing_as: Uuid,
}

/// The caller as the member with whose eyes he looks, if both may do what they do at this moment.
pub(crate) fn seen_by(work: &mut Work<'_, '_>, viewing: Viewing) -> Result<MemberCaller, Problem> {
    if viewing.org != work.who.org_id {
        return Err(Problem::not_found());
    }
    Ok(work.require_view(viewing.viewed)?.1)
}

impl Work<'_, '_, Actor> {
    /// A token to look with a member's eyes. That somebody does is kept, for the member to see.
    pub(crate) fn view_as(&mut self, member: UserId, reason: &str) -> Result<ViewAsToken, Problem> {
        let (case, _) = self.require_view(member)?;
        self.tx.record_account(&self.noted("viewed_as", &case, Some(reason)))?;
        let own = self.head.bearer.ok_or_else(Problem::internal)?;
        let viewing = Some(Viewing { org: self.who.org_id, viewed: member });
        Ok(ViewAsToken {
            access_token: self.app.keys.sign(Bearer { viewing, ..own }, new_id(), self.now)?,
            token_type: "Bearer".to_owned(),
            expires_in: i32::try_from(ACCESS_TOKEN_SECONDS).unwrap_or(i32::MAX),
            viewing_as: member.0,
        })
    }

    /// The member, if his eyes show nothing that is above the caller's own rights or beyond his reach, and see anything.
    fn require_view(&mut self, member: UserId) -> Result<(Case, MemberCaller), Problem> {
        self.who.require(Permission::ViewAsMembers)?;
        self.who.require(Permission::ViewMembers)?;
        if self.who.require_all_locations().is_err() {
            let detail = "A member's requests may be at any location, and you work on those of some.";
            return Err(Problem::new(Code::Forbidden, detail));
        }
        let (case, seen) = self.case_and_caller(member)?;
        case.care.may_help()?;
        let has_own_password = case.account.temporary_password_until.is_none();
        if case.account.as_of(self.now).may_log_in() && has_own_password && seen.counts(self.now) {
            Ok((case, seen))
        } else {
            let detail =
                "This person does not get in at this moment; `get_member_login_diagnosis` tells why.";
            Err(Problem::new(Code::MemberShutOut, detail))
        }
    }
}
