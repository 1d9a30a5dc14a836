//! Organizations: the tenants of a platform, their locations, and the log of their events.
//!
//! This crate does not depend on storage, transport or permissions; see `roles` for the latter.

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
