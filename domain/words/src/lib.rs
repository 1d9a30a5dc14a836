//! Which characters a text from a person may contain. This is the only place of the rule: the types of names
//! and subjects use it, and `openapi.yaml` takes its patterns from it.

mod characters;
mod form;

pub use characters::{cleaned, is_direction};
pub use form::{Form, FormRefused};
