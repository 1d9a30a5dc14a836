//! The demo world.
use crate::app::App; use crate::config::Demo; use crate::serve::StartError;
pub(crate) async fn ensure(_app: &App) -> Result<(), StartError> { Ok(()) }
pub(crate) async fn fill(_d: &Demo) -> Result<(), StartError> { Ok(()) }
pub(crate) fn log_ins() -> String { String::new() }
