use std::collections::BTreeMap;

use ::users::{Agreement, Consent, UserId};
use diesel::prelude::*;

use crate::db::schema::{agreements, consents};
use crate::db::sql_types::{DbId, DbTime};
use crate::{StoreError, Tx};

type AgreementRow = (String, i32, String, String, DbTime);

impl Tx<'_> {
    /// The agreements in force: of each the latest version, by key.
    pub fn agreements(&mut self) -> Result<Vec<Agreement>, StoreError> {
        let rows: Vec<AgreementRow> = agreements::table
            .order((agreements::agreement_key, agreements::version))
            .select((
                agreements::agreement_key,
                agreements::version,
                agreements::title,
                agreements::url,
                agreements::published_at,
            ))
            .load(self.conn)?;
        let latest: BTreeMap<String, Agreement> = rows
            .into_iter()
            .map(|(key, version, title, url, published_at)| {
                (key.clone(), Agreement { key, version, title, url, published_at: published_at.0 })
            })
            .collect();
        Ok(latest.into_values().collect())
    }

    /// Adds a version of an agreement. The version exists already: `Unique`.
    pub fn add_agreement(&mut self, agreement: &Agreement) -> Result<(), StoreError> {
        let row = (
            agreements::agreement_key.eq(&agreement.key),
            agreements::version.eq(agreement.version),
            agreements::title.eq(&agreement.title),
            agreements::url.eq(&agreement.url),
            agreements::published_at.eq(DbTime(agreement.published_at)),
        );
        diesel::insert_into(agreements::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// A user's acceptances, the oldest first.
    pub fn consents_of(&mut self, user: UserId) -> Result<Vec<Consent>, StoreError> {
        let rows: Vec<(String, i32, DbTime)> = consents::table
            .filter(consents::user_id.eq(DbId(user.0)))
            .order((consents::accepted_at, consents::agreement_key, consents::version))
            .select((consents::agreement_key, consents::version, consents::accepted_at))
            .load(self.conn)?;
        let consent = |(agreement_key, version, at): (String, i32, DbTime)| Consent {
            agreement_key,
            version,
            accepted_at: at.0,
        };
        Ok(rows.into_iter().map(consent).collect())
    }

    /// Removes a user's acceptances, for an account that is set up again.
    pub fn remove_consents(&mut self, user: UserId) -> Result<(), StoreError> {
        diesel::delete(consents::table.filter(consents::user_id.eq(DbId(user.0)))).execute(self.conn)?;
        Ok(())
    }

    /// Saves an acceptance.
    pub fn add_consent(&mut self, user: UserId, consent: &Consent) -> Result<(), StoreError> {
        let row = (
            consents::user_id.eq(DbId(user.0)),
            consents::agreement_key.eq(&consent.agreement_key),
            consents::version.eq(consent.version),
            consents::accepted_at.eq(DbTime(consent.accepted_at)),
        );
        diesel::insert_into(consents::table).values(row).execute(self.conn)?;
        Ok(())
    }
}
