//! Which characters a text that a person wrote may hold. The rule stands here once: the types of names and subjects
//! ask it, and the published contract takes its patterns from it.

mod characters;
mod form;

pub use characters::{cleaned, is_direction};
pub use form::{Form, FormRefused};
