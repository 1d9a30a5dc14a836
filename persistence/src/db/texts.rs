//! Texts in SQL.

/// A pattern for `LIKE` that finds a text anywhere.
pub(crate) fn contains_pattern(text: &str) -> String {
    format!("%{}%", text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

diesel::define_sql_function! {
    /// Lower case, of ASCII at least.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

diesel::define_sql_function! {
    /// The first text, or if there is none the second.
    fn coalesce(
        text: diesel::sql_types::Nullable<diesel::sql_types::Text>,
        otherwise: diesel::sql_types::Text,
    ) -> diesel::sql_types::Text;
}
