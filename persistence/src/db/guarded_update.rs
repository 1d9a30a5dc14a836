use crate::StoreError;

/// Requires that a guarded update changed its row; otherwise another transaction was faster.
pub(crate) fn one_row(changed: usize) -> Result<(), StoreError> {
    if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
}
