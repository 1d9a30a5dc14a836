/// A pattern for `LIKE` that finds a role's key among the offered ones.
pub(crate) fn role_key_pattern(key: &str) -> String {
    format!("% {} %", key.replace('_', "\\_"))
}
