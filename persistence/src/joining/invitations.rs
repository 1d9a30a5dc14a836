use std::collections::{BTreeMap, BTreeSet};

use ::invitations::{Decision, Invitation, InvitationId, Offer};
use ::mail::Delivery;
use ::orgs::{LocationId, OrgId};
use ::roles::{PlatformRole, RoleKey};
use ::users::{EmailAddress, UserId};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::approvals::approvers::{stored_users, users_of};
use crate::db::connection::MultiBackend;
use crate::db::guarded_update::one_row;
use crate::db::keyset::behind;
use crate::db::schema::invitations as i;
use crate::db::sql_types::{DbId, DbJson, DbTime};
use crate::joining::inviters::{in_scope, inviter_is_effective, inviter_name};
use crate::{StoreError, Tx};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = i, treat_none_as_null = true)]
pub(crate) struct InvitationRow {
    id: DbId,
    org_id: Option<DbId>,
    email: String,
    platform_role: Option<String>,
    roles: DbJson,
    location_ids: DbJson,
    offered: String,
    locale: String,
    valid_from: DbTime,
    valid_until: DbTime,
    greeting: Option<String>,
    purpose: Option<String>,
    extra: DbJson,
    inviter_id: DbId,
    generation: i32,
    last_sent_at: DbTime,
    batch_id: Option<DbId>,
    claimed_by: Option<DbId>,
    reminded_at: Option<DbTime>,
    follow_up_ticket_id: Option<DbId>,
    decision: Option<String>,
    decided_at: Option<DbTime>,
    accepted_by: Option<DbId>,
    created_at: DbTime,
    updated_at: DbTime,
    version: i64,
}

impl From<&Invitation> for InvitationRow {
    fn from(invitation: &Invitation) -> Self {
        let (org, platform_role, roles, locations) = match &invitation.offer {
            Offer::Platform(role) => (None, *role, BTreeSet::new(), BTreeSet::new()),
            Offer::Membership { org, roles, locations } => {
                (Some(*org), None, roles.clone(), locations.clone())
            }
        };
        let (decision, decided_at, accepted_by) = match invitation.decision {
            None => (None, None, None),
            Some(Decision::Accepted(user, at)) => (Some("accepted"), Some(at), Some(user)),
            Some(Decision::Declined(at)) => (Some("declined"), Some(at), None),
            Some(Decision::Revoked(at)) => (Some("revoked"), Some(at), None),
        };
        Self {
            id: DbId(invitation.id.0),
            org_id: org.map(|org| DbId(org.0)),
            email: invitation.email.as_str().to_owned(),
            platform_role: platform_role.map(|role| role.as_str().to_owned()),
            roles: DbJson(roles.iter().map(|key| json!(key.as_str())).collect()),
            location_ids: DbJson(locations.iter().map(|id| json!(id.0.to_string())).collect()),
            offered: offered(&invitation.offer),
            locale: invitation.locale.clone(),
            valid_from: DbTime(invitation.valid_from),
            valid_until: DbTime(invitation.valid_until),
            greeting: invitation.greeting.clone(),
            purpose: invitation.purpose.clone(),
            extra: DbJson(json!(invitation.extra)),
            inviter_id: DbId(invitation.inviter.0),
            generation: invitation.generation,
            last_sent_at: DbTime(invitation.last_sent_at),
            batch_id: invitation.batch.map(DbId),
            claimed_by: invitation.claimed_by.map(|user| DbId(user.0)),
            reminded_at: invitation.reminded_at.map(DbTime),
            follow_up_ticket_id: invitation.follow_up.map(DbId),
            decision: decision.map(str::to_owned),
            decided_at: decided_at.map(DbTime),
            accepted_by: accepted_by.map(|user| DbId(user.0)),
            created_at: DbTime(invitation.created_at),
            updated_at: DbTime(invitation.updated_at),
            version: invitation.version,
        }
    }
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = StoreError;

    fn try_from(row: InvitationRow) -> Result<Self, StoreError> {
        let corrupt = || StoreError::Corrupt("invitations");
        let texts = |value: &Value| -> Option<Vec<String>> {
            value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
        };
        let offer = match row.org_id {
            None => {
                let role = row.platform_role.as_deref();
                Offer::Platform(role.map(|word| PlatformRole::parse(word).ok_or_else(corrupt)).transpose()?)
            }
            Some(org) => {
                let roles: Option<_> =
                    texts(&row.roles.0).ok_or_else(corrupt)?.iter().map(|key| RoleKey::parse(key)).collect();
                let places = texts(&row.location_ids.0).ok_or_else(corrupt)?;
                let locations: Option<_> = places.iter().map(|id| id.parse().ok().map(LocationId)).collect();
                Offer::Membership {
                    org: OrgId(org.0),
                    roles: roles.ok_or_else(corrupt)?,
                    locations: locations.ok_or_else(corrupt)?,
                }
            }
        };
        let decision = match (row.decision.as_deref(), row.decided_at, row.accepted_by) {
            (None, ..) => None,
            (Some("accepted"), Some(at), Some(user)) => Some(Decision::Accepted(UserId(user.0), at.0)),
            (Some("declined"), Some(at), _) => Some(Decision::Declined(at.0)),
            (Some("revoked"), Some(at), _) => Some(Decision::Revoked(at.0)),
            _ => return Err(corrupt()),
        };
        let extra: Option<BTreeMap<String, String>> = row.extra.0.as_object().and_then(|members| {
            members.iter().map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned()))).collect()
        });
        Ok(Self {
            id: InvitationId(row.id.0),
            email: EmailAddress::parse(&row.email).map_err(|_| corrupt())?,
            offer,
            locale: row.locale,
            valid_from: row.valid_from.0,
            valid_until: row.valid_until.0,
            greeting: row.greeting,
            purpose: row.purpose,
            extra: extra.ok_or_else(corrupt)?,
            inviter: UserId(row.inviter_id.0),
            generation: row.generation,
            last_sent_at: row.last_sent_at.0,
            batch: row.batch_id.map(|id| id.0),
            claimed_by: row.claimed_by.map(|id| UserId(id.0)),
            reminded_at: row.reminded_at.map(|at| at.0),
            follow_up: row.follow_up_ticket_id.map(|id| id.0),
            decision,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
            version: row.version,
        })
    }
}

/// An invitation, with its inviter.
#[derive(Debug, Clone)]
pub struct InvitedBy {
    /// The invitation.
    pub invitation: Invitation,
    /// The inviter's name.
    pub inviter_name: String,
    /// Whether the inviter is effective: their account, and in an organization their membership and the
    /// organization itself.
    pub inviter_is_active: bool,
    /// Delivery state of the latest mail with its code, if it was loaded (S001-16).
    pub mail: Option<Delivery>,
    /// The keys of the roles, as they are sorted.
    pub(crate) offered: String,
}

impl Tx<'_> {
    /// Saves a new invitation with the hash of its code. It replaces an expired open one to the same address.
    pub fn add_invitation(
        &mut self,
        invitation: &Invitation,
        code_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let over = i::table
            .filter(i::email.eq(invitation.email.as_str()))
            .filter(i::is_open)
            .filter(i::valid_until.le(DbTime(now)));
        match invitation.org() {
            Some(org) => diesel::update(over.filter(i::org_id.eq(DbId(org.0))))
                .set(i::is_open.eq(false))
                .execute(self.conn)?,
            None => diesel::update(over.filter(i::org_id.is_null()))
                .set(i::is_open.eq(false))
                .execute(self.conn)?,
        };
        let row = (InvitationRow::from(invitation), i::code_hash.eq(code_hash), i::is_open.eq(true));
        diesel::insert_into(i::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// The open invitation to an address: of the organization, or of the platform.
    pub fn open_invitation(
        &mut self,
        org: Option<OrgId>,
        email: &EmailAddress,
        now: DateTime<Utc>,
    ) -> Result<Option<Invitation>, StoreError> {
        let query = in_scope(i::table.into_boxed(), org)
            .filter(i::email.eq(email.as_str().to_owned()))
            .filter(i::is_open)
            .filter(i::valid_until.gt(DbTime(now)));
        let row: Option<InvitationRow> =
            query.select(InvitationRow::as_select()).first(self.conn).optional()?;
        row.map(Invitation::try_from).transpose()
    }

    /// The invitation with this id: of the organization, or of the platform.
    pub fn invitation(
        &mut self,
        org: Option<OrgId>,
        id: InvitationId,
    ) -> Result<Option<InvitedBy>, StoreError> {
        let query = in_scope(i::table.into_boxed(), org).filter(i::id.eq(DbId(id.0)));
        let row: Option<InvitationRow> =
            query.select(InvitationRow::as_select()).first(self.conn).optional()?;
        Ok(self.with_inviters_and_mails(row.into_iter().collect())?.pop())
    }

    /// The invitation with this id and the hash of its code, in any organization.
    pub fn invitation_and_hash(
        &mut self,
        id: InvitationId,
    ) -> Result<Option<(InvitedBy, String)>, StoreError> {
        let row: Option<(InvitationRow, String)> = i::table
            .find(DbId(id.0))
            .select((InvitationRow::as_select(), i::code_hash))
            .first(self.conn)
            .optional()?;
        let Some((row, hash)) = row else { return Ok(None) };
        Ok(self.with_inviters(vec![row])?.pop().map(|found| (found, hash)))
    }

    /// The invitation of a code, unless it was decided on or replaced.
    pub fn invitation_by_code(&mut self, code_hash: &str) -> Result<Option<InvitedBy>, StoreError> {
        let row: Option<InvitationRow> = i::table
            .filter(i::code_hash.eq(code_hash))
            .filter(i::is_open)
            .select(InvitationRow::as_select())
            .first(self.conn)
            .optional()?;
        Ok(self.with_inviters(row.into_iter().collect())?.pop())
    }

    /// The invitations that an account registered with.
    pub fn invitations_claimed_by(&mut self, user: UserId) -> Result<Vec<InvitedBy>, StoreError> {
        let rows: Vec<InvitationRow> = i::table
            .filter(i::claimed_by.eq(DbId(user.0)))
            .filter(i::is_open)
            .select(InvitationRow::as_select())
            .load(self.conn)?;
        self.with_inviters(rows)
    }

    /// Invitations that end before a time and whose reminder was not sent, by end time, after a position.
    pub fn invitations_to_remind(
        &mut self,
        now: DateTime<Utc>,
        ends_before: DateTime<Utc>,
        after: Option<(DateTime<Utc>, InvitationId)>,
        at_most: i64,
    ) -> Result<Vec<(DateTime<Utc>, InvitationId)>, StoreError> {
        let due = i::table
            .filter(i::is_open)
            .filter(i::reminded_at.is_null())
            .filter(i::valid_until.gt(DbTime(now)))
            .filter(i::valid_until.le(DbTime(ends_before)))
            // A suspended invitation gets no reminder yet; it must not delay the others.
            .filter(inviter_is_effective())
            .order((i::valid_until, i::id))
            .limit(at_most)
            .select((i::valid_until, i::id))
            .into_boxed::<MultiBackend>();
        let due = match after {
            Some((at, id)) => due.filter(behind((i::valid_until, i::id), (DbTime(at), DbId(id.0)), false)),
            None => due,
        };
        let rows: Vec<(DbTime, DbId)> = due.load(self.conn)?;
        Ok(rows.into_iter().map(|(at, id)| (at.0, InvitationId(id.0))).collect())
    }

    /// Saves an invitation, with the hash of its code if that changed. Returns `Stale` if it was changed
    /// meanwhile.
    pub fn save_invitation(
        &mut self,
        invitation: &Invitation,
        code_hash: Option<&str>,
    ) -> Result<(), StoreError> {
        let row = InvitationRow { version: invitation.version + 1, ..InvitationRow::from(invitation) };
        let unchanged = i::table.find(DbId(invitation.id.0)).filter(i::version.eq(invitation.version));
        one_row(diesel::update(unchanged).set(row).execute(self.conn)?)?;
        // A replaced invitation is never open again.
        if invitation.decision.is_some() {
            diesel::update(i::table.find(DbId(invitation.id.0)))
                .set(i::is_open.eq(false))
                .execute(self.conn)?;
        }
        if let Some(hash) = code_hash {
            diesel::update(i::table.find(DbId(invitation.id.0)))
                .set(i::code_hash.eq(hash))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// Saves who registered with its code.
    pub fn claim_invitation(
        &mut self,
        id: InvitationId,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::update(i::table.find(DbId(id.0)))
            .set((
                i::claimed_by.eq(Some(DbId(user.0))),
                i::updated_at.eq(DbTime(now)),
                i::version.eq(i::version + 1),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Removes an invitation permanently.
    pub fn remove_invitation(&mut self, invitation: &Invitation) -> Result<(), StoreError> {
        let unchanged = i::table.find(DbId(invitation.id.0)).filter(i::version.eq(invitation.version));
        one_row(diesel::delete(unchanged).execute(self.conn)?)
    }

    pub(crate) fn with_inviters(&mut self, rows: Vec<InvitationRow>) -> Result<Vec<InvitedBy>, StoreError> {
        // One invitation per inviter has the data of all, unless it was removed since it was read.
        let key = |row: &InvitationRow| (row.org_id, row.inviter_id);
        let one_of_each: BTreeMap<_, DbId> = rows.iter().map(|row| (key(row), row.id)).collect();
        let mut inviters = self.inviters_of(one_of_each.into_values().collect())?;
        let without_name: Vec<DbId> =
            rows.iter().filter(|row| !inviters.contains_key(&key(row))).map(|row| row.id).collect();
        if !without_name.is_empty() {
            inviters.extend(self.inviters_of(without_name)?);
        }
        let invited = |row: InvitationRow| {
            let (name, counts) = inviters.get(&key(&row))?;
            let (offered, inviter_name) = (row.offered.clone(), name.clone());
            Some(row.try_into().map(|invitation| InvitedBy {
                offered,
                mail: None,
                invitation,
                inviter_name,
                inviter_is_active: *counts,
            }))
        };
        rows.into_iter().filter_map(invited).collect()
    }

    /// The inviters of these invitations: their names, and whether they are effective.
    fn inviters_of(&mut self, ids: Vec<DbId>) -> Result<Inviters, StoreError> {
        let found: Vec<(Option<DbId>, DbId, String, bool)> = i::table
            .filter(i::id.eq_any(ids))
            .select((i::org_id, i::inviter_id, inviter_name(), inviter_is_effective()))
            .load(self.conn)?;
        Ok(found.into_iter().map(|(org, inviter, name, counts)| ((org, inviter), (name, counts))).collect())
    }

    /// The same with the state of their mails, for lists and single reads.
    pub(crate) fn with_inviters_and_mails(
        &mut self,
        rows: Vec<InvitationRow>,
    ) -> Result<Vec<InvitedBy>, StoreError> {
        let mails = self.latest_mails_of(&rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
        let with_mail =
            |found: InvitedBy| InvitedBy { mail: mails.get(&found.invitation.id.0).cloned(), ..found };
        Ok(self.with_inviters(rows)?.into_iter().map(with_mail).collect())
    }
}

/// Name and effectiveness by organization and inviter.
type Inviters = BTreeMap<(Option<DbId>, DbId), (String, bool)>;

/// The keys of all roles with a space before and after each, to search and sort by.
fn offered(offer: &Offer) -> String {
    let words: Vec<&str> = match offer {
        Offer::Platform(role) => role.map(PlatformRole::as_str).into_iter().collect(),
        Offer::Membership { roles, .. } => roles.iter().map(RoleKey::as_str).collect(),
    };
    words.into_iter().fold(" ".to_owned(), |all, word| all + word + " ")
}

impl Tx<'_> {
    /// Saves who was responsible for invitations when they were sent (S001-30).
    pub fn save_senders(
        &mut self,
        ids: &[InvitationId],
        through: &BTreeSet<UserId>,
    ) -> Result<(), StoreError> {
        let ids: Vec<DbId> = ids.iter().map(|id| DbId(id.0)).collect();
        diesel::update(i::table.filter(i::id.eq_any(ids)))
            .set(i::sent_through.eq(stored_users(through)))
            .execute(self.conn)?;
        Ok(())
    }

    /// Who was responsible for an invitation when it was sent; nobody if it was deleted meanwhile.
    pub fn senders_of(&mut self, id: InvitationId) -> Result<BTreeSet<UserId>, StoreError> {
        let stored: Option<DbJson> =
            i::table.find(DbId(id.0)).select(i::sent_through).first(self.conn).optional()?;
        Ok(stored.map(|stored| users_of(&stored.0)).unwrap_or_default())
    }
}
