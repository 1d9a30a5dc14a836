//! Rules for everything that clients send: members are known, texts are not blank, null is only allowed to clear.

#![expect(clippy::indexing_slicing, reason = "a member that a JSON value lacks reads as null")]

use serde_json::{Map, Value, json};
use words::Form;

use crate::openapi::operations::operations;

/// At least one visible character, and no U+0000 (which PostgreSQL's text type cannot store). The characters are
/// listed because regular expression dialects disagree on white space.
const NOT_BLANK: &str = r"^[^\x00]*[^\x00-\x20\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff][^\x00]*$";
/// No U+0000.
const NO_NUL: &str = r"^[^\x00]*$";

/// The form that an attribute names by its pattern, so that each pattern is defined once.
fn form_named(name: &str) -> Option<Form> {
    Some(match name {
        "<person_name>" => Form::PersonName,
        "<name>" => Form::Name,
        "<line>" => Form::Line,
        "<lines>" => Form::Lines,
        _ => return None,
    })
}

/// Writes the pattern of each form that an attribute names.
fn write_forms(value: &mut Value) {
    if let Some(pattern) = value.get_mut("pattern")
        && let Some(form) = pattern.as_str().and_then(form_named)
    {
        *pattern = json!(form.pattern());
    }
    match value {
        Value::Object(members) => members.values_mut().for_each(write_forms),
        Value::Array(items) => items.iter_mut().for_each(write_forms),
        _ => {}
    }
}

pub(super) fn close_and_guard(document: &mut Value) {
    write_forms(document);
    let mut todo = Vec::new();
    for (_, method, operation) in operations(document) {
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            let is_list = parameter["schema"]["type"].as_array().is_some_and(|k| k.contains(&json!("array")))
                || parameter["schema"]["type"] == "array";
            if let Some(schema) = parameter.get_mut("schema") {
                without_null(schema);
                guard_text(schema);
            }
            if is_list && let Some(parameter) = parameter.as_object_mut() {
                parameter.insert("style".to_owned(), json!("form"));
                parameter.insert("explode".to_owned(), json!(false));
            }
        }
        let content =
            operation.get_mut("requestBody").and_then(|body| body.get_mut("content")?.as_object_mut());
        for schema in content.into_iter().flatten().filter_map(|(_, media)| media.get_mut("schema")) {
            // An optional body may not be null.
            without_null(schema);
            todo.extend(
                schema
                    .get("$ref")
                    .and_then(Value::as_str)
                    .map(|reference| (last(reference), method == "patch")),
            );
        }
    }
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else {
        return;
    };
    let (mut done, mut parts) = (Vec::new(), Vec::new());
    while let Some((name, may_clear)) = todo.pop() {
        if done.contains(&name) {
            continue;
        }
        parts.extend(merge(schemas, &name));
        if let Some(schema) = schemas.get_mut(&name).and_then(Value::as_object_mut) {
            todo.extend(close(schema, may_clear).into_iter().map(|inner| (inner, false)));
        }
        done.push(name);
    }
    // Schemas that were only parts of others are removed.
    let still = serde_json::to_string(document).unwrap_or_default();
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.retain(|name, _| {
            !parts.contains(name) || still.contains(&format!("\"#/components/schemas/{name}\""))
        });
    }
}

/// Merges a composed schema into one object, since a composed schema cannot be closed. Returns the names of the parts.
pub(super) fn merge(schemas: &mut Map<String, Value>, name: &str) -> Vec<String> {
    let Some(Value::Array(parts)) = schemas.get_mut(name).and_then(|s| s.as_object_mut()?.remove("allOf"))
    else {
        return Vec::new();
    };
    let (mut properties, mut required, mut names) = (Map::new(), Vec::new(), Vec::new());
    for part in parts {
        let part = match part.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                names.push(last(reference));
                schemas.get(&last(reference)).cloned().unwrap_or_default()
            }
            None => part,
        };
        properties.extend(part.get("properties").and_then(Value::as_object).cloned().unwrap_or_default());
        required.extend(part.get("required").and_then(Value::as_array).cloned().unwrap_or_default());
    }
    if let Some(whole) = schemas.get_mut(name).and_then(Value::as_object_mut) {
        whole.insert("type".to_owned(), json!("object"));
        whole.insert("required".to_owned(), json!(required));
        whole.insert("properties".to_owned(), json!(properties));
    }
    names
}

/// Closes one schema. Returns the schemas that its members reference.
fn close(schema: &mut Map<String, Value>, may_clear: bool) -> Vec<String> {
    if schema.get("type").is_some_and(|kind| kind == "object") {
        schema.insert("additionalProperties".to_owned(), json!(false));
    }
    let mut inner = Vec::new();
    for (_, property) in schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
        if !may_clear {
            without_null(property);
        }
        guard_text(property);
        name_each_once(property);
        let options = property.get("oneOf").and_then(Value::as_array).into_iter().flatten();
        let named = options.chain([&*property]).filter_map(|schema| schema.get("$ref")?.as_str());
        inner.extend(named.map(last));
    }
    inner
}

fn last(reference: &str) -> String {
    reference.rsplit('/').next().unwrap_or_default().to_owned()
}

/// Query parameters and members of a POST body are omitted rather than null (N10).
fn without_null(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else { return };
    if let Some(kinds) = members.get("type").and_then(Value::as_array) {
        let rest: Vec<Value> = kinds.iter().filter(|kind| *kind != "null").cloned().collect();
        let kind = if let [only] = rest.as_slice() { only.clone() } else { Value::Array(rest) };
        members.insert("type".to_owned(), kind);
    }
    if let Some(Value::Array(options)) = members.remove("oneOf") {
        let rest: Vec<Value> = options
            .into_iter()
            .filter(|option| option.get("type").is_none_or(|kind| kind != "null"))
            .collect();
        match rest.as_slice() {
            [Value::Object(only)] => members.extend(only.clone()),
            _ => drop(members.insert("oneOf".to_owned(), Value::Array(rest))),
        }
    }
}

/// Lists of ids must not contain duplicates.
fn name_each_once(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else { return };
    if members.get("items").and_then(|items| items.get("format")).is_some_and(|format| format == "uuid") {
        members.insert("uniqueItems".to_owned(), json!(true));
    }
}

/// Adds a pattern to each free text.
fn guard_text(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else { return };
    let is_text = members.get("type").is_some_and(|kind| {
        kind == "string" || kind.as_array().is_some_and(|kinds| kinds.contains(&json!("string")))
    });
    let is_free = !["pattern", "format", "enum"].iter().any(|name| members.contains_key(*name));
    if is_text && is_free {
        let pattern = if members.contains_key("minLength") { NOT_BLANK } else { NO_NUL };
        members.insert("pattern".to_owned(), json!(pattern));
    }
    if let Some(items) = members.get_mut("items") {
        guard_text(items);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_and_the_domain_agree_on_what_each_form_takes() {
        for form in Form::ALL {
            let schema = json!({ "type": "string", "pattern": form.pattern() });
            let published = jsonschema::validator_for(&schema).unwrap();
            for character in
                (0..=0x3100).chain(0xfe00..=0x1_0010).chain(0xe_0000..=0xe_0080).filter_map(char::from_u32)
            {
                let text = format!("a{character}b");
                assert_eq!(
                    published.is_valid(&json!(text)),
                    form.judge(&text).is_ok(),
                    "{form:?} U+{:04X}",
                    u32::from(character)
                );
                // Characters that may surround a line may be forbidden inside it.
                for text in [
                    format!("{character}ab"),
                    format!("ab{character}"),
                    format!("{character} a\n{character}"),
                ] {
                    assert_eq!(
                        published.is_valid(&json!(text)),
                        form.judge(&text).is_ok(),
                        "{form:?} {text:?}"
                    );
                }
                // Invisible characters alone are not a text.
                let alone = json!(format!(" {character} "));
                assert!(
                    !character.is_whitespace() || !published.is_valid(&alone),
                    "{form:?} U+{:04X}",
                    u32::from(character)
                );
            }
            for text in
                ["", " ", "\u{200b}", "\u{200d}", "\u{200c} \u{3000}", "\u{180e}", "\u{ad}", "\u{feff}"]
            {
                assert!(!published.is_valid(&json!(text)), "{form:?} {text:?}");
            }
        }
    }
}
