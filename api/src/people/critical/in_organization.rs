use roles::{Actor, Approval, ApprovalId, ApprovalRight, CriticalChange, MembershipChange};
use users::UserId;
use uuid::Uuid;

use super::{gone_meanwhile, still_there};
use crate::context::Context;
use crate::people::deletion::plan_deletion;
use crate::problem::Problem;

impl Context<'_, '_, Actor> {
    /// The approval of this organization, or 404.
    pub(crate) fn approval(&mut self, id: Uuid) -> Result<Approval, Problem> {
        self.tx.approval(Some(self.caller.org_id), ApprovalId(id))?.ok_or_else(Problem::not_found)
    }

    /// Whether one holder alone may take from an owner what makes them one: their vote has not started yet.
    pub(crate) fn may_remove_owner_alone(&mut self, user: UserId) -> Result<bool, Problem> {
        let holders = self.tx.holders(Some(self.caller.org_id), ApprovalRight::ChangeOwners)?;
        // An owner who has not come yet holds no right.
        Ok(holders.find(user).is_none_or(|holder| holder.may_be_removed_alone(self.now)))
    }

    /// Decides on it as a second person; approved, the change is made at once, by the rights of who approves.
    pub(crate) fn decide_on(&mut self, id: Uuid, is_approved: bool) -> Result<Approval, Problem> {
        let approval = self.approval(id)?;
        if is_approved {
            self.caller.require_all(approval.right().member_permissions())?;
        }
        let decided = self.decide(&approval, is_approved)?;
        if is_approved {
            self.carry_out(&decided)?;
        }
        Ok(decided)
    }

    pub(super) fn carry_out(&mut self, approval: &Approval) -> Result<(), Problem> {
        let through = approval.requested_through.clone();
        self.tx.gives_rights_for(approval.requested_by, through, approval.approved_by());
        let org = self.caller.org_id;
        let managed = self.managed_account(approval.subject).map_err(still_there)?;
        match &approval.change {
            CriticalChange::DeleteAccount(request) => {
                managed.authority.may_modify()?;
                plan_deletion(self, &managed, request, &approval.reason)
            }
            CriticalChange::RemoveOwner => {
                self.tx.members(org).lock_memberships()?;
                let member = self.tx.members(org).find(approval.subject)?;
                let member = member.filter(|m| m.membership.is_owner()).ok_or_else(gone_meanwhile)?;
                let roles = self.tx.roles(org).all()?;
                let others = self.tx.members(org).other_owners(approval.subject)?;
                let event = roles::remove_member(&member.membership, &self.caller, &roles, others)?;
                self.tx.members(org).remove(&member.membership, self.now)?;
                self.record(event);
                let ended = (Some(&member.membership), None);
                self.record_membership("member_removed", ended, Some(&approval.reason))
            }
            CriticalChange::DemoteOwner(keys) => {
                self.tx.members(org).lock_memberships()?;
                let member = self.tx.members(org).find(approval.subject)?;
                let member = member.filter(|m| m.membership.is_owner()).ok_or_else(gone_meanwhile)?;
                let roles = self.tx.roles(org).all()?;
                let others = self.tx.members(org).other_owners(approval.subject)?;
                let change = MembershipChange { roles: Some(keys.clone()), ..MembershipChange::default() };
                if let Some((changed, event)) =
                    member.membership.update(&self.caller, change, &roles, others, self.now)?
                {
                    self.tx.members(org).save(&changed)?;
                    self.record(event);
                    let changes = (Some(&member.membership), Some(&changed));
                    self.record_membership("member_updated", changes, Some(&approval.reason))?;
                    self.notify_roles(&member.account, &changed, &roles)?;
                }
                Ok(())
            }
            CriticalChange::GrantPlatformRole(_) | CriticalChange::RemovePlatformOwner => {
                Err(Problem::internal())
            }
        }
    }
}
