//! The published document as rules. It is the only source of the checks on requests.

#![expect(clippy::indexing_slicing, reason = "a member that a JSON value lacks reads as null")]

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, OnceLock};

use actix_web::dev::ResourceDef;
use application::problem::{Fault, sentence};
use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{ValidationError, Validator};
use roles::{Permission, PlatformPermission};
use serde_json::{Map, Value, json};
use thiserror::Error;
use words::Form;

/// All operations of the document.
pub struct Contract {
    operations: HashMap<(String, String), Operation>,
    paths: Vec<(ResourceDef, Vec<String>)>,
}

/// A permission that the document names and that does not exist.
#[derive(Debug, Error)]
#[error("the document names the permission `{0}`, which does not exist")]
pub struct UnknownPermission(String);

/// One operation, with everything that checking requests needs.
pub struct Operation {
    /// Whether it may be called without logging in.
    pub is_public: bool,
    /// The permissions of which the caller needs one. Empty: a log-in or a membership is enough.
    pub permissions: Vec<Permission>,
    /// The required platform permission.
    pub platform_permission: Option<PlatformPermission>,
    /// Whether a restricted session may call it.
    pub is_open_to_restricted: bool,
    /// Whether it may be called in a view-as session.
    pub is_open_to_viewing: bool,
    path: Vec<Arc<Parameter>>,
    query: Vec<Arc<Parameter>>,
    headers: Vec<Arc<Parameter>>,
    /// The accepted media types of the body. Empty: no body.
    pub body_types: Vec<String>,
    is_body_required: bool,
    body: Option<Schema>,
}

/// A parameter, shared by the operations that take it.
struct Parameter {
    name: String,
    is_required: bool,
    schema: Schema,
}

/// A schema, compiled at its first use. Compiled schemas need much more memory than their text, and no process uses
/// all of them.
struct Schema {
    text: Value,
    /// An error is a bug in the document. Values that cannot be checked are refused.
    compiled: OnceLock<Result<Validator, ValidationError<'static>>>,
}

impl Contract {
    /// The rules of a document.
    ///
    /// # Errors
    ///
    /// An operation names a permission that does not exist. Without this, anybody could call it.
    pub fn of(document: &Value) -> Result<Self, UnknownPermission> {
        let mut operations = HashMap::new();
        let mut known = HashMap::new();
        let mut paths = Vec::new();
        let schemas = &document["components"]["schemas"];
        let none = Map::new();
        for (path, item) in document["paths"].as_object().unwrap_or(&none) {
            let mut methods = Vec::new();
            for (method, operation) in item.as_object().unwrap_or(&none) {
                methods.push(method.to_uppercase());
                let operation = Operation::of(operation, schemas, &mut known)?;
                operations.insert((method.to_uppercase(), path.clone()), operation);
            }
            paths.push((ResourceDef::new(path.as_str()), methods));
        }
        Ok(Self { operations, paths })
    }

    /// Compiles every schema now instead of at its first use. Returns their number.
    ///
    /// # Errors
    ///
    /// The first schema that is invalid.
    pub fn compile(&self) -> Result<usize, String> {
        let mut compiled = 0;
        for (name, operation) in &self.operations {
            let parameters = [&operation.path, &operation.query, &operation.headers].into_iter().flatten();
            for schema in parameters.map(|parameter| &parameter.schema).chain(&operation.body) {
                schema.compiled().as_ref().map_err(|error| format!("{name:?}: {error}"))?;
                compiled += 1;
            }
        }
        Ok(compiled)
    }

    /// The operation of a method and path pattern.
    pub fn operation(&self, method: &str, pattern: &str) -> Option<&Operation> {
        self.operations.get(&(method.to_owned(), pattern.to_owned()))
    }

    /// The methods offered at a path, for requests with another method.
    pub fn methods_at(&self, path: &str) -> Option<String> {
        self.paths.iter().find(|(pattern, _)| pattern.is_match(path)).map(|(_, methods)| methods.join(", "))
    }
}

impl Operation {
    fn of(
        operation: &Value,
        schemas: &Value,
        known: &mut HashMap<String, Arc<Parameter>>,
    ) -> Result<Self, UnknownPermission> {
        let mut parameters = |place: &str| -> Vec<Arc<Parameter>> {
            let all = operation["parameters"].as_array().into_iter().flatten();
            all.filter(|p| p["in"] == place).map(|p| Parameter::shared(p, schemas, known)).collect()
        };
        let content = operation["requestBody"]["content"].as_object();
        let json = content.into_iter().flatten().find(|(media_type, _)| media_type.contains("json"));
        let word = |name: &str| operation[name].as_str();
        let named = ["x-required-permission", "x-staff-permission", "x-platform-permission"];
        for word in named.into_iter().filter_map(word) {
            if Permission::parse(word).is_none() && PlatformPermission::parse(word).is_none() {
                return Err(UnknownPermission(word.to_owned()));
            }
        }
        Ok(Self {
            is_public: operation["security"].as_array().is_some_and(Vec::is_empty),
            permissions: [word("x-required-permission"), word("x-staff-permission")]
                .into_iter()
                .flatten()
                .filter_map(Permission::parse)
                .collect(),
            platform_permission: word("x-required-permission").and_then(PlatformPermission::parse),
            is_open_to_restricted: operation["x-open-to-restricted-sessions"] == true,
            is_open_to_viewing: operation["x-open-to-viewing-as"] == true,
            path: parameters("path"),
            query: parameters("query"),
            headers: parameters("header"),
            body_types: content.into_iter().flatten().map(|(media_type, _)| media_type.clone()).collect(),
            is_body_required: operation["requestBody"]["required"] == true,
            body: json.map(|(_, body)| Schema::of(&body["schema"], schemas)),
        })
    }

    /// Whether the body is JSON.
    pub fn takes_json(&self) -> bool {
        self.body.is_some()
    }

    /// Whether the document defines this header for the operation.
    pub fn takes_header(&self, name: &str) -> bool {
        self.headers.iter().any(|p| p.name.eq_ignore_ascii_case(name))
    }

    /// The path parameters as JSON for their struct. Null if there are none.
    pub fn read_path(&self, sent: &[(String, String)], faults: &mut Vec<Fault>) -> Value {
        read_parameters(&self.path, sent, faults)
    }

    /// The query as JSON for its struct. Null if the operation takes none.
    pub fn read_query(&self, sent: &[(String, String)], faults: &mut Vec<Fault>) -> Value {
        for (index, (name, _)) in sent.iter().enumerate() {
            if !self.query.iter().any(|p| p.name == *name) {
                faults.push(Fault::parameter(
                    name,
                    "unknown_parameter",
                    format!("`{name}` is no parameter of this operation."),
                ));
            } else if sent.iter().take(index).any(|(earlier, _)| earlier == name) {
                faults.push(Fault::parameter(
                    name,
                    "duplicate_parameter",
                    format!("`{name}` is given twice."),
                ));
            }
        }
        read_parameters(&self.query, sent, faults)
    }

    /// Checks a header's value against its schema.
    pub fn check_header(&self, name: &str, value: &str, faults: &mut Vec<Fault>) {
        let Some(parameter) = self.headers.iter().find(|p| p.name.eq_ignore_ascii_case(name)) else { return };
        parameter.schema.check(&Value::String(value.to_owned()), |error| {
            let (code, detail) = explain(error.kind(), error.instance());
            faults.push(Fault::header(&parameter.name, code, detail));
        });
    }

    /// Checks a body. `None`: no body was sent.
    pub fn check_body(&self, body: Option<&Value>, faults: &mut Vec<Fault>) {
        let Some(schema) = &self.body else { return };
        match body {
            Some(body) => schema.check(body, |error| push_body_faults(error, faults)),
            None if self.is_body_required => faults.push(Fault::at("#", "required", "A body is required.")),
            None => {}
        }
    }

    /// Trims the single-line texts of a checked body, as they are saved.
    pub fn trim_body(&self, body: &mut Value) {
        if let Some(schema) = &self.body {
            trim_lines(&schema.text, body);
        }
    }
}

impl Schema {
    fn of(schema: &Value, schemas: &Value) -> Self {
        Self { text: inlined(schema, schemas), compiled: OnceLock::new() }
    }

    /// Reports each error of a value.
    fn check(&self, value: &Value, mut report: impl FnMut(&ValidationError<'_>)) {
        match self.compiled() {
            Ok(validator) => validator.iter_errors(value).for_each(|error| report(&error)),
            Err(bad) => {
                log::error!("contract.schema error={bad}");
                report(bad);
            }
        }
    }

    fn compiled(&self) -> &Result<Validator, ValidationError<'static>> {
        let build = || jsonschema::options().should_validate_formats(true).build(&self.text);
        self.compiled.get_or_init(build)
    }
}

impl Parameter {
    /// The parameter, stored once for all operations that take it.
    fn shared(parameter: &Value, schemas: &Value, known: &mut HashMap<String, Arc<Self>>) -> Arc<Self> {
        let schema = Schema::of(&parameter["schema"], schemas);
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        let is_required = parameter["required"] == true;
        let key = json!([name, is_required, schema.text]).to_string();
        if let Some(same) = known.get(&key) {
            return Arc::clone(same);
        }
        let new = Arc::new(Self { name, is_required, schema });
        known.insert(key, Arc::clone(&new));
        new
    }

    fn has_type(&self, word: &str) -> bool {
        let kind = &self.schema.text["type"];
        kind == word || kind.as_array().is_some_and(|kinds| kinds.iter().any(|k| k == word))
    }

    /// A parameter's text as JSON of the schema's type. Text that cannot be converted stays text, which the schema
    /// then refuses.
    fn to_json(&self, text: &str) -> Value {
        if self.has_type("array") {
            return text.split(',').map(|item| Value::String(item.to_owned())).collect();
        }
        let number = || text.parse::<i64>().ok().filter(|n| n.to_string() == text).map(Value::from);
        let boolean = || text.parse::<bool>().ok().map(Value::from);
        let parsed = if self.has_type("integer") {
            number()
        } else if self.has_type("boolean") {
            boolean()
        } else {
            None
        };
        parsed.unwrap_or_else(|| Value::String(text.to_owned()))
    }
}

fn read_parameters(
    parameters: &[Arc<Parameter>],
    sent: &[(String, String)],
    faults: &mut Vec<Fault>,
) -> Value {
    if parameters.is_empty() {
        return Value::Null;
    }
    let mut read = Map::new();
    for parameter in parameters {
        let Some((_, text)) = sent.iter().find(|(name, _)| *name == parameter.name) else {
            if parameter.is_required {
                faults.push(Fault::parameter(
                    &parameter.name,
                    "required",
                    format!("`{}` is missing.", parameter.name),
                ));
            }
            continue;
        };
        let mut value = parameter.to_json(text);
        parameter.schema.check(&value, |error| {
            let (code, detail) = explain(error.kind(), error.instance());
            faults.push(Fault::parameter(&parameter.name, code, detail));
        });
        trim_lines(&parameter.schema.text, &mut value);
        read.insert(parameter.name.clone(), value);
    }
    Value::Object(read)
}

fn push_body_faults(error: &ValidationError<'_>, faults: &mut Vec<Fault>) {
    let pointer = format!("#{}", error.instance_path().as_str());
    match error.kind() {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            faults.push(Fault::at(format!("{pointer}/{name}"), "required", format!("`{name}` is missing.")));
        }
        Kind::AdditionalProperties { unexpected } => {
            for name in unexpected {
                let escaped = name.replace('~', "~0").replace('/', "~1");
                faults.push(Fault::at(
                    format!("{pointer}/{escaped}"),
                    "unknown_field",
                    "This member is not known here.",
                ));
            }
        }
        // For a value that may be null and is not: report the faults of the other alternative.
        Kind::OneOfNotValid { context } if context.len() == 2 && !error.instance().is_null() => {
            context.iter().take(1).flatten().for_each(|inner| push_body_faults(inner, faults));
        }
        kind => {
            let (code, detail) = explain(kind, error.instance());
            let fault = Fault::at(pointer, code, detail);
            // A blank text violates both length and pattern: report one fault.
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
    }
}

/// A fault's code and sentence. Never repeats the input.
fn explain(kind: &Kind, instance: &Value) -> (&'static str, String) {
    let is_blank =
        instance.as_str().is_some_and(|text| text.chars().all(|c| c.is_whitespace() || c.is_control()));
    match kind {
        Kind::Type { .. } => ("invalid_type", "The value is of the wrong type.".into()),
        Kind::MinLength { .. } | Kind::Pattern { .. } if is_blank => ("blank", "The text is blank.".into()),
        Kind::Pattern { pattern } => ("invalid", form_fault(pattern, instance)),
        Kind::MinLength { limit } => ("too_short", format!("The text has fewer than {limit} characters.")),
        Kind::MaxLength { limit } => ("too_long", format!("The text has more than {limit} characters.")),
        Kind::Minimum { limit } => ("too_small", format!("The number is less than {limit}.")),
        Kind::Maximum { limit } => ("too_large", format!("The number is greater than {limit}.")),
        Kind::MinItems { limit } => ("too_few", format!("There are fewer than {limit} items.")),
        Kind::MaxItems { limit } => ("too_many", format!("There are more than {limit} items.")),
        Kind::UniqueItems => ("not_unique", "An item is given twice.".into()),
        Kind::Enum { options } => ("invalid", format!("The value is none of {options}.")),
        Kind::Format { format } => ("invalid", format!("The value is no {format}.")),
        Kind::MinProperties { .. } => ("too_few", "The request contains no change.".into()),
        _ => ("invalid", "The value does not have the expected form.".into()),
    }
}

/// Trims each text that its schema declares a single line ([`Form::trimmed`]).
fn trim_lines(schema: &Value, value: &mut Value) {
    static FORMS: LazyLock<Vec<(String, Form)>> =
        LazyLock::new(|| Form::ALL.map(|form| (form.pattern(), form)).to_vec());
    match value {
        Value::String(text) => {
            if let Some(pattern) = schema["pattern"].as_str()
                && let Some((_, form)) = FORMS.iter().find(|(known, _)| known == pattern)
                && form.trimmed(text).len() < text.len()
            {
                *text = form.trimmed(text).to_owned();
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                trim_lines(&schema["properties"][name], member);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| trim_lines(&schema["items"], item)),
        _ => {}
    }
    // A nullable schema is one of several alternatives.
    for option in schema["oneOf"].as_array().into_iter().flatten() {
        trim_lines(option, value);
    }
}

/// Why a text does not match the pattern of its form.
fn form_fault(pattern: &str, instance: &Value) -> String {
    let form = Form::ALL.into_iter().find(|form| form.pattern() == pattern);
    let refused = form.zip(instance.as_str()).and_then(|(form, text)| form.judge(text).err());
    refused.map_or_else(|| "The value does not have the expected form.".to_owned(), |why| sentence(&why))
}

/// The schema with all references replaced by their targets. Request schemas are not recursive.
fn inlined(schema: &Value, schemas: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.strip_prefix("#/components/schemas/")) {
        return inlined(&schemas[name], schemas);
    }
    match schema {
        Value::Object(members) => members
            .iter()
            .filter(|(k, _)| *k != "example" && *k != "examples")
            .map(|(k, v)| (k.clone(), inlined(v, schemas)))
            .collect(),
        Value::Array(items) => items.iter().map(|item| inlined(item, schemas)).collect(),
        other => json!(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_with_a_permission_that_does_not_exist_is_refused() {
        let with =
            |word: &str| json!({ "paths": { "/api/v1/me": { "get": { "x-required-permission": word } } } });
        assert!(Contract::of(&with("create_tickets")).is_ok());
        assert!(Contract::of(&with("edit_users")).is_ok());
        assert!(Contract::of(&with("create_ticket")).is_err());
    }
}
