use chrono::{DateTime, Utc};
use orgs::{Change, Event, EventKind, EventSubject, Name};
use roles::{Actor, Forbidden, Permission};
use thiserror::Error;
use uuid::Uuid;

/// Identifies a category within its organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CategoryId(pub Uuid);

/// A kind of request, in a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Unique ID.
    pub id: CategoryId,
    /// Its key, unique within the organization; a dot separates the levels.
    pub key: String,
    /// The display name.
    pub name: Name,
    /// The parent category; `None` at the top level.
    pub parent_id: Option<CategoryId>,
    /// Whether every organization has it. It can't be renamed or retired (S000-23).
    pub is_seeded: bool,
    /// While false, no ticket can get it.
    pub is_active: bool,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// Time of the last change.
    pub updated_at: DateTime<Utc>,
    /// Incremented with each change.
    pub version: i64,
}

/// A category that every organization gets when it is created.
pub struct SeededCategory {
    /// Its key, which begins with the parent's key and a dot.
    pub key: &'static str,
    /// Its display name.
    pub name: &'static str,
}

const fn seed(key: &'static str, name: &'static str) -> SeededCategory {
    SeededCategory { key, name }
}

/// The categories of every new organization (S000-22, S000-23), parents before children.
pub const SEEDED_CATEGORIES: [SeededCategory; 34] = [
    seed("account", "Account"),
    seed("account.password", "Password"),
    seed("account.confirmation", "Confirmation"),
    seed("account.lockout", "Lockout"),
    seed("account.deletion", "Deletion"),
    seed("access", "Access"),
    seed("access.permission", "Permission"),
    seed("access.community", "Community"),
    seed(CONTENT_ACCESS, "Content"),
    seed("access.content.private_content", "Private content"),
    seed("access.content.event_invitation", "Event invitation"),
    seed("access.content.resource_download", "Resource download"),
    seed("access.content.page_visibility", "Page visibility"),
    seed("technical", "Technical"),
    seed("technical.login", "Log-in"),
    seed("technical.login.browser", "Browser"),
    seed("technical.login.cookie", "Cookie"),
    seed("technical.login.session", "Session"),
    seed("technical.login.credentials", "Credentials"),
    seed("technical.login.account_status", "Account status"),
    seed("technical.display", "Display"),
    seed("technical.display.css", "CSS"),
    seed("technical.display.javascript", "JavaScript"),
    seed("technical.display.mobile", "Mobile"),
    seed("technical.display.browser", "Browser"),
    seed("technical.function", "Function"),
    seed("technical.function.form", "Form"),
    seed("technical.function.upload", "Upload"),
    seed("technical.function.search", "Search"),
    seed("technical.function.notification", "Notification"),
    seed("technical.function.realtime", "Realtime"),
    seed("privacy", "Privacy"),
    seed("moderation", "Moderation"),
    seed("community", "Community"),
];

/// A change of a category; `None` leaves a field unchanged.
#[derive(Debug, Clone, Default)]
pub struct CategoryChange {
    /// A new name.
    pub name: Option<Name>,
    /// Retires the category, or reactivates it.
    pub is_active: Option<bool>,
}

/// Why a category is not changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CategoryRefused {
    /// The actor lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A seeded category can get children, but is neither renamed nor retired (S000-23).
    #[error("a seeded category cannot be renamed or deactivated")]
    Seeded,
    /// The parent is at the deepest level already.
    #[error("categories are at most {MAX_DEPTH} levels deep")]
    TooDeep,
}

const MAX_DEPTH: usize = 4;
/// A request about content needs a sub-category of this one (S000-22).
const CONTENT_ACCESS: &str = "access.content";

impl Category {
    /// Whether a ticket needs a sub-category of this one instead.
    pub fn needs_a_sub_category(&self) -> bool {
        self.key == CONTENT_ACCESS
    }

    /// A new category; its key is that of its parent, a dot, and `key`.
    pub fn create(
        by: &Actor,
        id: CategoryId,
        key: &str,
        name: Name,
        parent: Option<&Self>,
        now: DateTime<Utc>,
    ) -> Result<(Self, Event), CategoryRefused> {
        by.require(Permission::ManageCategories)?;
        let key = parent.map_or_else(|| key.to_owned(), |p| format!("{}.{key}", p.key));
        if key.split('.').count() > MAX_DEPTH {
            return Err(CategoryRefused::TooDeep);
        }
        let event = Event::new(EventKind::CategoryCreated, subject(id))
            .with(Change::set("key", &key))
            .with(Change::set("name", name.as_str()));
        let parent_id = parent.map(|p| p.id);
        Ok((
            Self {
                id,
                key,
                name,
                parent_id,
                is_seeded: false,
                is_active: true,
                created_at: now,
                updated_at: now,
                version: 1,
            },
            event,
        ))
    }

    /// The category `seed` of a new organization; `known` are those created before it.
    pub fn seeded(id: CategoryId, seed: &SeededCategory, known: &[Self], now: DateTime<Utc>) -> Option<Self> {
        let parent_key = seed.key.rsplit_once('.').map(|(parent, _)| parent);
        let parent_id = known.iter().find(|c| Some(c.key.as_str()) == parent_key).map(|c| c.id);
        let name = Name::parse(seed.name).ok()?;
        Some(Self {
            id,
            key: seed.key.to_owned(),
            name,
            parent_id,
            is_seeded: true,
            is_active: true,
            created_at: now,
            updated_at: now,
            version: 1,
        })
    }

    /// The category after `change`, and the event that records it; `None` if nothing changes.
    pub fn update(
        &self,
        by: &Actor,
        change: CategoryChange,
        now: DateTime<Utc>,
    ) -> Result<Option<(Self, Event)>, CategoryRefused> {
        by.require(Permission::ManageCategories)?;
        let name = change.name.unwrap_or_else(|| self.name.clone());
        let is_active = change.is_active.unwrap_or(self.is_active);
        let event = Event::new(EventKind::CategoryUpdated, subject(self.id))
            .with_if_changed("name", Some(self.name.as_str()), Some(name.as_str()))
            .with_if_changed("is_active", Some(&self.is_active.to_string()), Some(&is_active.to_string()));
        if !event.has_changes() {
            return Ok(None);
        }
        if self.is_seeded {
            return Err(CategoryRefused::Seeded);
        }
        Ok(Some((Self { name, is_active, updated_at: now, ..self.clone() }, event)))
    }
}

fn subject(id: CategoryId) -> EventSubject {
    EventSubject::Other("category", id.0)
}
