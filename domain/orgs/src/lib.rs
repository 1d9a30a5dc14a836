//! Organizations: the tenants of a platform, their locations, and the log of their events.
//!
//! This crate does not depend on storage, transport or permissions; see `roles` for the latter.

mod event;
mod event_kind;
mod ids;
mod joining;
mod location;
mod name;
mod organization;
mod slug;
mod visibility;

pub use event::{Change, Event, EventSubject};
pub use event_kind::EventKind;
pub use ids::{LocationId, OrgId};
pub use joining::{JoiningMode, TicketOpeners};
pub use location::{Location, LocationChange};
pub use name::{InvalidName, Name};
pub use organization::{OrgChange, Organization};
pub use slug::{InvalidSlug, Slug};
pub use visibility::Visibility;
