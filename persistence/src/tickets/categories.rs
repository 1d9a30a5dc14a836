use ::orgs::{Name, OrgId};
use ::tickets::{Category, CategoryId};
use diesel::prelude::*;

use crate::db::guarded_update::one_row;
use crate::db::schema::categories;
use crate::db::sql_types::{DbId, DbTime};
use crate::{Page, StoreError, Tx};

/// The categories of one organization.
pub struct Categories<'t, 'c> {
    tx: &'t mut Tx<'c>,
    org: OrgId,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = categories)]
struct CategoryRow {
    org_id: DbId,
    id: DbId,
    category_key: String,
    name: String,
    parent_id: Option<DbId>,
    is_seeded: bool,
    is_active: bool,
    created_at: DbTime,
    updated_at: DbTime,
    version: i64,
}

impl TryFrom<CategoryRow> for Category {
    type Error = StoreError;

    fn try_from(row: CategoryRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: CategoryId(row.id.0),
            key: row.category_key,
            name: Name::stored(&row.name).map_err(|_| StoreError::Corrupt("categories.name"))?,
            parent_id: row.parent_id.map(|id| CategoryId(id.0)),
            is_seeded: row.is_seeded,
            is_active: row.is_active,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
            version: row.version,
        })
    }
}

impl<'c> Tx<'c> {
    /// The categories of `org`.
    pub fn categories(&mut self, org: OrgId) -> Categories<'_, 'c> {
        Categories { tx: self, org }
    }
}

impl Categories<'_, '_> {
    /// Adds a category.
    pub fn add(&mut self, category: &Category) -> Result<(), StoreError> {
        let row = CategoryRow {
            org_id: DbId(self.org.0),
            id: DbId(category.id.0),
            category_key: category.key.clone(),
            name: category.name.as_str().to_owned(),
            parent_id: category.parent_id.map(|id| DbId(id.0)),
            is_seeded: category.is_seeded,
            is_active: category.is_active,
            created_at: DbTime(category.created_at),
            updated_at: DbTime(category.updated_at),
            version: category.version,
        };
        diesel::insert_into(categories::table).values(row).execute(self.tx.conn)?;
        Ok(())
    }

    /// The category with this id.
    pub fn find(&mut self, id: CategoryId) -> Result<Option<Category>, StoreError> {
        let row = categories::table
            .find((DbId(self.org.0), DbId(id.0)))
            .select(CategoryRow::as_select())
            .first(self.tx.conn)
            .optional()?;
        row.map(Category::try_from).transpose()
    }

    /// Categories by key, so that a parent comes before its children.
    pub fn list(
        &mut self,
        is_active: Option<bool>,
        page: &Page<String>,
    ) -> Result<Vec<Category>, StoreError> {
        let mut query = categories::table
            .filter(categories::org_id.eq(DbId(self.org.0)))
            .order(categories::category_key)
            .limit(page.rows())
            .select(CategoryRow::as_select())
            .into_boxed();
        if let Some(after) = &page.after {
            query = query.filter(categories::category_key.gt(after.clone()));
        }
        if let Some(is_active) = is_active {
            query = query.filter(categories::is_active.eq(is_active));
        }
        query.load(self.tx.conn)?.into_iter().map(Category::try_from).collect()
    }

    /// Saves a category.
    pub fn save(&mut self, category: &Category) -> Result<(), StoreError> {
        let unchanged = categories::table
            .find((DbId(self.org.0), DbId(category.id.0)))
            .filter(categories::version.eq(category.version));
        let state = (
            categories::name.eq(category.name.as_str()),
            categories::is_active.eq(category.is_active),
            categories::updated_at.eq(DbTime(category.updated_at)),
            categories::version.eq(categories::version + 1),
        );
        one_row(diesel::update(unchanged).set(state).execute(self.tx.conn)?)
    }
}
