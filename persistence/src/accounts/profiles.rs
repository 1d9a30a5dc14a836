use ::users::{PrivateField, Profile, UserId};
use diesel::prelude::*;

use crate::db::schema::profiles;
use crate::db::sql_types::{DbId, DbTime};
use crate::{StoreError, Tx};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = profiles)]
struct ProfileRow {
    user_id: DbId,
    phone: Option<String>,
    pronouns: Option<String>,
    about: Option<String>,
    private_fields: String,
    completed_at: Option<DbTime>,
}

impl Tx<'_> {
    /// A person's profile.
    pub fn profile(&mut self, user: UserId) -> Result<Profile, StoreError> {
        let row: Option<ProfileRow> =
            profiles::table.find(DbId(user.0)).select(ProfileRow::as_select()).first(self.conn).optional()?;
        Ok(row.map_or_else(
            || Profile::empty(user),
            |row| Profile {
                user_id: user,
                phone: row.phone,
                pronouns: row.pronouns,
                about: row.about,
                private: row.private_fields.split(',').filter_map(PrivateField::parse).collect(),
                completed_at: row.completed_at.map(|at| at.0),
            },
        ))
    }

    /// Saves a profile.
    pub fn save_profile(&mut self, profile: &Profile) -> Result<(), StoreError> {
        self.remove_profile(profile.user_id)?;
        let private: Vec<&str> = profile.private.iter().map(|field| field.as_str()).collect();
        let row = ProfileRow {
            user_id: DbId(profile.user_id.0),
            phone: profile.phone.clone(),
            pronouns: profile.pronouns.clone(),
            about: profile.about.clone(),
            private_fields: private.join(","),
            completed_at: profile.completed_at.map(DbTime),
        };
        diesel::insert_into(profiles::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// Removes a profile.
    pub fn remove_profile(&mut self, user: UserId) -> Result<(), StoreError> {
        diesel::delete(profiles::table.find(DbId(user.0))).execute(self.conn)?;
        Ok(())
    }
}
