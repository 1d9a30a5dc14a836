//! The document as YAML, with keys in a readable order.

use serde_json::Value;

const HEAD: [&str; 8] =
    ["openapi", "info", "servers", "security", "tags", "x-shared-problem-codes", "paths", "components"];

/// A JSON document as YAML.
pub fn write(document: &Value) -> Result<String, serde_json::Error> {
    use serde::ser::Error;
    let mut text = String::new();
    for name in HEAD {
        let Some(value) = document.get(name) else { continue };
        let part = serde_json::json!({ name: value });
        text += &yaml_serde::to_string(&part).map_err(serde_json::Error::custom)?;
    }
    Ok(text)
}
