use ::users::{ACTS_FOR_OTHERS, EmailAddress, UserId};
use diesel::prelude::*;

use crate::schema::{
    account_events as events, approvals, approvers, consents, events as org_events, idempotency_keys,
    invitations, mails, membership_requests, one_time_tokens, platform_roles, tickets, uploaders, users,
};
use crate::sql_types::DbId;
use crate::{StoreError, Tx};

impl Tx<'_> {
    /// Takes from an account all that lets its owner in: sessions, roles beside organizations, links, mails,
    /// requests to join, the second factor, and what he told of himself.
    pub fn remove_belongings(&mut self, user: UserId) -> Result<(), StoreError> {
        let id = DbId(user.0);
        self.remove_sessions_of(user, None)?;
        diesel::delete(platform_roles::table.filter(platform_roles::user_id.eq(id))).execute(self.conn)?;
        diesel::delete(one_time_tokens::table.filter(one_time_tokens::user_id.eq(id))).execute(self.conn)?;
        diesel::delete(idempotency_keys::table.filter(idempotency_keys::user_id.eq(id)))
            .execute(self.conn)?;
        diesel::delete(mails::table.filter(mails::user_id.eq(id))).execute(self.conn)?;
        diesel::delete(membership_requests::table.filter(membership_requests::user_id.eq(id)))
            .execute(self.conn)?;
        diesel::delete(uploaders::table.find(id)).execute(self.conn)?;
        self.remove_two_factor(user)?;
        self.remove_takeovers(user)?;
        self.forget_known_networks(user)?;
        self.remove_mail_preferences(user)?;
        self.remove_profile(user)
    }

    /// Forgets an address that is nobody's any more: in invitations that went to it, and in the log of mails.
    pub fn forget_address(&mut self, gone: &EmailAddress, instead: &EmailAddress) -> Result<(), StoreError> {
        diesel::update(invitations::table.filter(invitations::email.eq(gone.as_str())))
            .set((invitations::email.eq(instead.as_str()), invitations::is_open.eq(false)))
            .execute(self.conn)?;
        diesel::delete(mails::table.filter(mails::email.eq(gone.as_str()))).execute(self.conn)?;
        Ok(())
    }

    /// Removes an account for good, with its history: sessions, then roles, then the account (S003-14). `Referenced` when
    /// something names it that has to be kept: requests, messages, files, or what the person did for others.
    pub fn purge_account(&mut self, user: UserId) -> Result<(), StoreError> {
        let id = DbId(user.0);
        let acts = events::table.filter(events::user_id.eq(id)).filter(events::kind.eq_any(ACTS_FOR_OTHERS));
        if acts.select(events::id).first::<DbId>(self.conn).optional()?.is_some() || self.did_something(id)? {
            return Err(StoreError::Referenced);
        }
        self.remove_belongings(user)?;
        diesel::delete(consents::table.filter(consents::user_id.eq(id))).execute(self.conn)?;
        diesel::delete(approvals::table.filter(approvals::subject_id.eq(id))).execute(self.conn)?;
        diesel::delete(approvers::table.filter(approvers::user_id.eq(id))).execute(self.conn)?;
        diesel::delete(users::table.find(id)).execute(self.conn)?;
        Ok(())
    }

    /// Whether the person filed a request, or did anything in an organization. The constraints find it as well, but on
    /// SQLite they visit every row of a busy person.
    fn did_something(&mut self, id: DbId) -> Result<bool, StoreError> {
        let filed = tickets::table.filter(tickets::requester_id.eq(id)).select(tickets::id);
        if filed.first::<DbId>(self.conn).optional()?.is_some() {
            return Ok(true);
        }
        let did = org_events::table.filter(org_events::actor_id.eq(id)).select(org_events::id);
        Ok(did.first::<DbId>(self.conn).optional()?.is_some())
    }
}
