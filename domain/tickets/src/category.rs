use chrono::{DateTime, Utc};
use orgs::{Change, Event, EventSubject, Name};
use roles::{Actor, Forbidden, Permission};
use thiserror::Error;
use uuid::Uuid;

/// Identifies a category within its organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CategoryId(pub Uuid);

/// A kind of request, in a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its identity.
    pub id: CategoryId,
    /// Its key, unique within the organization; a dot separates the levels.
    pub key: String,
    /// What people call it.
    pub name: Name,
    /// The category above it.
    pub parent_id: Option<CategoryId>,
    /// Whether every organization has it (S000-23).
    pub is_seeded: bool,
    /// While false, no ticket gets it anew.
    pub is_active: bool,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Counts its changes.
    pub version: i64,
}

/// A category of the first day: its key, and its name.
pub struct SeededCategory {
    /// Its key; children carry their parent's as a prefix.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
}

const fn seed(key: &'static str, name: &'static str) -> SeededCategory {
    SeededCategory { key, name }
}

/// The tree that every organization starts with (S000-22, S000-23), parents before children.
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

/// What may be changed of a category; `None` leaves a thing as it is.
#[derive(Debug, Clone, Default)]
pub struct CategoryChange {
    /// A new name.
    pub name: Option<Name>,
    /// Takes it out of use, or back in.
    pub is_active: Option<bool>,
}

/// Why a category stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CategoryRefused {
    /// The actor may not.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The seeded tree may be extended, not broken (S000-23).
    #[error("a category that every organization has is neither renamed nor taken out of use")]
    Seeded,
    /// The tree is deep enough.
    #[error("categories are at most {MAX_DEPTH} levels deep")]
    TooDeep,
}

const MAX_DEPTH: usize = 4;
/// What a request about content belongs below, and never to itself (S000-22).
const CONTENT_ACCESS: &str = "access.content";

impl Category {
    /// Whether a request has to say more than this.
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
        let event = Event::new("category_created", subject(id))
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

    /// The seeded category `seed` of a new organization; `known` are those made before it.
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

    /// The category after `change`, and the event that tells it; `None` when nothing differs.
    pub fn update(
        &self,
        by: &Actor,
        change: CategoryChange,
        now: DateTime<Utc>,
    ) -> Result<Option<(Self, Event)>, CategoryRefused> {
        by.require(Permission::ManageCategories)?;
        let name = change.name.unwrap_or_else(|| self.name.clone());
        let is_active = change.is_active.unwrap_or(self.is_active);
        let event = Event::new("category_updated", subject(self.id))
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
