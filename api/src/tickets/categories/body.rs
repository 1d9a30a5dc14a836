use application::clock::instant;
use serde::Serialize;
use tickets::Category;
use utoipa::ToSchema;
use uuid::Uuid;

/// All readers of categories get the same representation.
pub(super) const AUDIENCE: &str = "all";

/// A kind of request, in a tree.
#[derive(Serialize, ToSchema)]
#[schema(as = Category, example = json!({
    "id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1e", "key": "account.password", "name": "Password", "parent_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1f",
    "is_seeded": true, "is_active": true, "created_at": "2026-03-02T09:15:00.000000Z", "updated_at": "2026-03-02T09:15:00.000000Z"
}))]
pub(crate) struct CategoryBody {
    id: Uuid,
    /// Unique in the organization; a dot separates the levels.
    key: String,
    name: String,
    /// The category above it.
    parent_id: Option<Uuid>,
    /// Whether every organization has it; such a one stays as it is.
    is_seeded: bool,
    /// While false, it cannot be assigned to tickets.
    is_active: bool,
    #[schema(value_type = DateTime<Utc>)]
    created_at: String,
    #[schema(value_type = DateTime<Utc>)]
    updated_at: String,
}

impl From<&Category> for CategoryBody {
    fn from(category: &Category) -> Self {
        Self {
            id: category.id.0,
            key: category.key.clone(),
            name: category.name.as_str().to_owned(),
            parent_id: category.parent_id.map(|id| id.0),
            is_seeded: category.is_seeded,
            is_active: category.is_active,
            created_at: instant(category.created_at),
            updated_at: instant(category.updated_at),
        }
    }
}
