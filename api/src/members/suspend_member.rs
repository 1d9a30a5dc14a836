use actix_web::post;
use roles::Membership;

use super::body::{MemberBody, MemberPath};
use crate::call::{Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::people::Suspend;
use crate::problem::Problem;
use crate::words::instant;
use crate::work::Work;

/// Suspends a member in this organization
///
/// It counts at the member's next request; elsewhere the person goes on. With `until` it lifts by itself. The last active
/// owner can't be suspended.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), request_body = Suspend, extensions(("x-required-permission" = json!("suspend_members"))),
    responses((status = 200, description = "The member as it is now.", body = MemberBody)))]
#[post("/orgs/{org_id}/members/{user_id}/suspend")]
pub(super) async fn suspend_member(call: Call<MemberPath, (), Suspend>) -> Reply {
    call.write(|work, input| {
        let org = work.who.org_id;
        work.tx.members(org).one_at_a_time()?;
        let member = work.member(input.path.user_id())?;
        let roles = work.tx.roles(org).all()?;
        let others = work.tx.members(org).other_owners(member.account.id)?;
        let suspension = input.body.suspension(work.now)?;
        let (suspended, event) =
            member.membership.suspend(&work.who, suspension, &roles, others, work.now)?;
        work.tx.members(org).save(&suspended)?;
        work.record(event);
        work.note_suspension(&suspended, input.body.is_told())?;
        work.show_member(input.path.user_id())
    })
    .await
}

impl Work<'_, '_> {
    /// Writes a suspension into the history of the account, and tells the person.
    fn note_suspension(&mut self, suspended: &Membership, is_told: bool) -> Result<(), Problem> {
        let case = self.case(suspended.user_id)?;
        let Some(suspension) = &suspended.suspension else { return Ok(()) };
        let mut event = self.noted("member_suspended", &case, Some(&suspension.reason));
        if let Some(until) = suspension.until {
            event = event.changed("until", "", &instant(until));
        }
        self.tx.record_account(&event)?;
        if is_told {
            case.letter_of(suspension).queue(self.tx, self.now)?;
        }
        Ok(())
    }
}
