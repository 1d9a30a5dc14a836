use std::collections::BTreeSet;

use ::orgs::{Location, LocationId, Name, OrgId};
use diesel::prelude::*;

use crate::db::guarded_update::one_row;
use crate::db::schema::locations;
use crate::db::sql_types::{DbId, DbTime};
use crate::{Page, StoreError, Tx};

/// The locations of one organization.
pub struct Locations<'t, 'c> {
    tx: &'t mut Tx<'c>,
    org: OrgId,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = locations)]
struct LocationRow {
    org_id: DbId,
    id: DbId,
    name: String,
    address: Option<String>,
    is_active: bool,
    created_at: DbTime,
    updated_at: DbTime,
    version: i64,
}

impl TryFrom<LocationRow> for Location {
    type Error = StoreError;

    fn try_from(row: LocationRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: LocationId(row.id.0),
            name: Name::stored(&row.name).map_err(|_| StoreError::Corrupt("locations.name"))?,
            address: row.address,
            is_active: row.is_active,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
            version: row.version,
        })
    }
}

impl<'c> Tx<'c> {
    /// The locations of `org`.
    pub fn locations(&mut self, org: OrgId) -> Locations<'_, 'c> {
        Locations { tx: self, org }
    }
}

impl Locations<'_, '_> {
    /// Adds a location.
    pub fn add(&mut self, location: &Location) -> Result<(), StoreError> {
        let row = LocationRow {
            org_id: DbId(self.org.0),
            id: DbId(location.id.0),
            name: location.name.as_str().to_owned(),
            address: location.address.clone(),
            is_active: location.is_active,
            created_at: DbTime(location.created_at),
            updated_at: DbTime(location.updated_at),
            version: location.version,
        };
        diesel::insert_into(locations::table).values(row).execute(self.tx.conn)?;
        Ok(())
    }

    /// The location with this id.
    pub fn find(&mut self, id: LocationId) -> Result<Option<Location>, StoreError> {
        let row = locations::table
            .find((DbId(self.org.0), DbId(id.0)))
            .select(LocationRow::as_select())
            .first(self.tx.conn)
            .optional()?;
        row.map(Location::try_from).transpose()
    }

    /// Those of `ids` that exist in the organization.
    pub fn among(&mut self, ids: &[LocationId]) -> Result<Vec<Location>, StoreError> {
        let ids: Vec<DbId> = ids.iter().map(|l| DbId(l.0)).collect();
        let rows = locations::table
            .filter(locations::org_id.eq(DbId(self.org.0)))
            .filter(locations::id.eq_any(ids))
            .order(locations::name)
            .select(LocationRow::as_select())
            .load(self.tx.conn)?;
        rows.into_iter().map(Location::try_from).collect()
    }

    /// The active locations.
    pub fn in_use(&mut self) -> Result<BTreeSet<LocationId>, StoreError> {
        let ids: Vec<DbId> = locations::table
            .filter(locations::org_id.eq(DbId(self.org.0)))
            .filter(locations::is_active.eq(true))
            .select(locations::id)
            .load(self.tx.conn)?;
        Ok(ids.into_iter().map(|id| LocationId(id.0)).collect())
    }

    /// All locations in the order of their creation.
    pub fn list(
        &mut self,
        is_active: Option<bool>,
        page: Page<LocationId>,
    ) -> Result<Vec<Location>, StoreError> {
        let mut query = locations::table
            .filter(locations::org_id.eq(DbId(self.org.0)))
            .order(locations::id)
            .limit(page.rows())
            .select(LocationRow::as_select())
            .into_boxed();
        if let Some(after) = page.after {
            query = query.filter(locations::id.gt(DbId(after.0)));
        }
        if let Some(is_active) = is_active {
            query = query.filter(locations::is_active.eq(is_active));
        }
        query.load(self.tx.conn)?.into_iter().map(Location::try_from).collect()
    }

    /// Saves a location.
    pub fn save(&mut self, location: &Location) -> Result<(), StoreError> {
        let unchanged = locations::table
            .find((DbId(self.org.0), DbId(location.id.0)))
            .filter(locations::version.eq(location.version));
        let state = (
            locations::name.eq(location.name.as_str()),
            locations::address.eq(location.address.as_deref()),
            locations::is_active.eq(location.is_active),
            locations::updated_at.eq(DbTime(location.updated_at)),
            locations::version.eq(locations::version + 1),
        );
        one_row(diesel::update(unchanged).set(state).execute(self.tx.conn)?)
    }
}
