//! A walk over the operations of the document.

use serde_json::{Map, Value};

/// Path, method and operation of each operation.
pub(crate) fn operations(
    document: &mut Value,
) -> impl Iterator<Item = (&str, &str, &mut Map<String, Value>)> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let methods = item.as_object_mut().into_iter().flatten();
        methods.filter_map(move |(method, operation)| {
            Some((path.as_str(), method.as_str(), operation.as_object_mut()?))
        })
    })
}
