use ::users::{EmailAddress, OneTimeToken, TokenPurpose, UserId};
use diesel::prelude::*;
use uuid::Uuid;

use crate::db::schema::one_time_tokens as tokens;
use crate::db::sql_types::{DbId, DbTime};
use crate::{StoreError, Tx};

#[derive(Queryable, Selectable)]
#[diesel(table_name = tokens)]
struct TokenRow {
    id: DbId,
    purpose: String,
    user_id: Option<DbId>,
    mailed_to: Option<String>,
    created_at: DbTime,
    expires_at: DbTime,
    used_at: Option<DbTime>,
}

impl TryFrom<TokenRow> for OneTimeToken {
    type Error = StoreError;

    fn try_from(row: TokenRow) -> Result<Self, StoreError> {
        let mailed_to = row.mailed_to.map(|text| EmailAddress::parse(&text)).transpose();
        Ok(Self {
            id: row.id.0,
            purpose: TokenPurpose::parse(&row.purpose)
                .ok_or(StoreError::Corrupt("one_time_tokens.purpose"))?,
            user_id: row.user_id.map(|id| UserId(id.0)),
            mailed_to: mailed_to.map_err(|_| StoreError::Corrupt("one_time_tokens.mailed_to"))?,
            created_at: row.created_at.0,
            expires_at: row.expires_at.0,
            used_at: row.used_at.map(|t| t.0),
        })
    }
}

impl Tx<'_> {
    /// Saves a new token by its hash. Older ones of the same person, purpose and channel (mailed or handed
    /// over) become invalid.
    pub fn add_one_time_token(&mut self, token: &OneTimeToken, hash: &str) -> Result<(), StoreError> {
        let same_way = tokens::table
            .filter(tokens::purpose.eq(token.purpose.as_str()))
            .filter(tokens::mailed_to.is_not_null().eq(token.mailed_to.is_some()));
        match token.user_id {
            Some(user) => {
                diesel::delete(same_way.filter(tokens::user_id.eq(DbId(user.0)))).execute(self.conn)?
            }
            None => diesel::delete(same_way.filter(tokens::user_id.is_null())).execute(self.conn)?,
        };
        let row = (
            tokens::id.eq(DbId(token.id)),
            tokens::purpose.eq(token.purpose.as_str()),
            tokens::user_id.eq(token.user_id.map(|id| DbId(id.0))),
            tokens::mailed_to.eq(token.mailed_to.as_ref().map(EmailAddress::as_str)),
            tokens::token_hash.eq(hash),
            tokens::created_at.eq(DbTime(token.created_at)),
            tokens::expires_at.eq(DbTime(token.expires_at)),
        );
        diesel::insert_into(tokens::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// Removes the tokens of a person, or of nobody, for one purpose.
    pub fn remove_one_time_tokens(
        &mut self,
        user: Option<UserId>,
        purpose: TokenPurpose,
    ) -> Result<(), StoreError> {
        let of_purpose = tokens::table.filter(tokens::purpose.eq(purpose.as_str()));
        match user {
            Some(user) => {
                diesel::delete(of_purpose.filter(tokens::user_id.eq(DbId(user.0)))).execute(self.conn)?
            }
            None => diesel::delete(of_purpose.filter(tokens::user_id.is_null())).execute(self.conn)?,
        };
        Ok(())
    }

    /// Removes all handed-over links of a person.
    pub fn remove_handed_over_tokens(&mut self, user: UserId) -> Result<(), StoreError> {
        let handed_over =
            tokens::table.filter(tokens::user_id.eq(DbId(user.0))).filter(tokens::mailed_to.is_null());
        diesel::delete(handed_over).execute(self.conn)?;
        Ok(())
    }

    /// The token with this hash, if it is one for `purpose`.
    pub fn one_time_token(
        &mut self,
        hash: &str,
        purpose: TokenPurpose,
    ) -> Result<Option<OneTimeToken>, StoreError> {
        let row = tokens::table
            .filter(tokens::token_hash.eq(hash))
            .filter(tokens::purpose.eq(purpose.as_str()))
            .select(TokenRow::as_select())
            .first(self.conn)
            .optional()?;
        row.map(OneTimeToken::try_from).transpose()
    }

    /// A person's latest mailed token for a purpose.
    pub fn mailed_token_of(
        &mut self,
        user: UserId,
        purpose: TokenPurpose,
    ) -> Result<Option<OneTimeToken>, StoreError> {
        let row = tokens::table
            .filter(tokens::user_id.eq(DbId(user.0)))
            .filter(tokens::purpose.eq(purpose.as_str()))
            .filter(tokens::mailed_to.is_not_null())
            .select(TokenRow::as_select())
            .first(self.conn)
            .optional()?;
        row.map(OneTimeToken::try_from).transpose()
    }

    /// The token with this id and its hash, for a mail that is about to contain it.
    pub fn one_time_token_by_id(&mut self, id: Uuid) -> Result<Option<(OneTimeToken, String)>, StoreError> {
        let row: Option<(TokenRow, String)> = tokens::table
            .find(DbId(id))
            .select((TokenRow::as_select(), tokens::token_hash))
            .first(self.conn)
            .optional()?;
        row.map(|(row, hash)| Ok((row.try_into()?, hash))).transpose()
    }

    /// Marks the token as used. Of two concurrent attempts, one is `Stale`.
    pub fn spend_one_time_token(&mut self, spent: &OneTimeToken) -> Result<(), StoreError> {
        let unused = tokens::table.find(DbId(spent.id)).filter(tokens::used_at.is_null());
        let used_at = tokens::used_at.eq(spent.used_at.map(DbTime));
        if diesel::update(unused).set(used_at).execute(self.conn)? == 1 {
            Ok(())
        } else {
            Err(StoreError::Stale)
        }
    }
}
