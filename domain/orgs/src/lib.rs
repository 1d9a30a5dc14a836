//! Organizations: the tenants of a platform, the places they work at, and the log of what happened in them.
//!
//! This crate knows nothing of storage, transport or people's rights; see `roles` for the latter.

mod event;
mod joining;
mod location;
mod name;
mod organization;
mod slug;

pub use event::{Change, Event, EventSubject, Visibility};
pub use joining::{JoiningMode, TicketOpeners};
pub use location::{Location, LocationChange, LocationId};
pub use name::{InvalidName, Name};
pub use organization::{OrgChange, OrgId, Organization};
pub use slug::{InvalidSlug, Slug};
