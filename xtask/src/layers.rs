//! The dependency rule: domain <- persistence <- application <- web <- api <- steward <- tests; among the wings of `api`,
//! joining -> people -> tickets -> accounts, organizations; and no circle of files in any crate.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::circles::circles;
use crate::outcome::Outcome;
use crate::workspace::Workspace;

/// External libraries that a domain crate may use: time, ids, errors; nothing that does IO or implements a
/// wire format.
const DOMAIN_LIBRARIES: [&str; 4] = ["chrono", "chrono-tz", "thiserror", "uuid"];
/// The domain crates, each with those that it may use.
const DOMAIN: [(&str, &[&str]); 7] = [
    ("words", &[]),
    ("mail", &["orgs"]),
    ("orgs", &["words"]),
    ("users", &["words"]),
    ("roles", &["orgs", "users"]),
    ("invitations", &["orgs", "roles", "users"]),
    ("tickets", &["orgs", "roles", "users", "words"]),
];
/// Above the domain, each may use all crates below it, and none above it.
const OUTER: [&str; 5] = ["persistence", "application", "web", "api", "steward"];
/// Not part of the layers; they may use any crate.
const EXEMPT: [&str; 3] = ["steward-tests", "steward-benches", "xtask"];
const DATABASE_LIBRARIES: [&str; 5] =
    ["diesel", "diesel_migrations", "libsqlite3-sys", "openssl-sys", "pq-sys"];
const HTTP_LIBRARIES: [&str; 2] = ["actix", "utoipa"];
/// They speak HTTP.
const HTTP_CRATES: [&str; 3] = ["web", "api", "steward"];
/// The wings of `api`, each with those it may know.
const WINGS: [(&str, &[&str]); 5] = [
    ("accounts", &[]),
    ("organizations", &[]),
    ("tickets", &["accounts", "organizations"]),
    ("people", &["accounts", "organizations", "tickets"]),
    ("joining", &["accounts", "organizations", "tickets", "people"]),
];

/// A package with its normal and build dependencies; those of its tests alone are left out.
struct Package<'a> {
    name: &'a str,
    is_domain: bool,
    needs: Vec<&'a str>,
    /// Where its files are.
    source: PathBuf,
}

/// Fails with every dependency that violates the rule.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let packages = workspace.metadata.get("packages").and_then(Value::as_array).map(Vec::as_slice);
    let packages: Vec<Package<'_>> = packages.unwrap_or_default().iter().filter_map(package).collect();
    if packages.is_empty() {
        return Err("cargo metadata names no package".to_owned());
    }
    let members: Vec<&str> = packages.iter().map(|package| package.name).collect();
    let mut faults: Vec<String> = packages.iter().flat_map(|package| faults(package, &members)).collect();
    faults.extend(wing_faults(&workspace.root.join("api/src"))?);
    for package in &packages {
        for circle in circles(&package.source)? {
            faults.push(format!("{}: a circle of files:\n  {}", package.name, circle.join("\n  ")));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

fn package(value: &Value) -> Option<Package<'_>> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let needs = value.get("dependencies")?.as_array()?;
    let needs = needs.iter().filter(|need| need.get("kind").and_then(Value::as_str) != Some("dev"));
    let manifest = text("manifest_path")?;
    Some(Package {
        name: text("name")?,
        source: Path::new(manifest).with_file_name("src"),
        is_domain: manifest.rsplit('/').nth(2) == Some("domain"),
        needs: needs.filter_map(|need| need.get("name").and_then(Value::as_str)).collect(),
    })
}

fn faults(package: &Package<'_>, members: &[&str]) -> Vec<String> {
    if EXEMPT.contains(&package.name) {
        return Vec::new();
    }
    let Some(known) = known(package) else {
        return vec![format!(
            "{} has no place in the order; give it one in xtask/src/layers.rs",
            package.name
        )];
    };
    let refused = package.needs.iter().filter_map(|need| {
        if members.contains(need) {
            return (!known.contains(need)).then(|| format!("{} must not know {need}", package.name));
        }
        library_fault(package, need)
    });
    refused.collect()
}

/// The members that a package may use.
fn known(package: &Package<'_>) -> Option<Vec<&'static str>> {
    if package.is_domain {
        return DOMAIN.iter().find(|(name, _)| *name == package.name).map(|(_, known)| known.to_vec());
    }
    let place = OUTER.iter().position(|name| *name == package.name)?;
    Some(DOMAIN.iter().map(|(name, _)| *name).chain(OUTER.into_iter().take(place)).collect())
}

fn library_fault(package: &Package<'_>, library: &str) -> Option<String> {
    let name = package.name;
    if package.is_domain && !DOMAIN_LIBRARIES.contains(&library) {
        return Some(format!("{name} is a domain crate and must not use {library}"));
    }
    if name != "persistence" && DATABASE_LIBRARIES.contains(&library) {
        return Some(format!("{name} must not use {library}: only persistence speaks to databases"));
    }
    let is_http = HTTP_LIBRARIES
        .iter()
        .any(|http| library == *http || library.strip_prefix(http).is_some_and(|rest| rest.starts_with('-')));
    (!HTTP_CRATES.contains(&name) && is_http)
        .then(|| format!("{name} must not use {library}: only {} speak HTTP", HTTP_CRATES.join(", ")))
}

/// Each path of a wing into another that it must not know.
fn wing_faults(api: &Path) -> Outcome<Vec<String>> {
    let mut faults = Vec::new();
    for (wing, known) in WINGS {
        let unknown =
            WINGS.iter().map(|(other, _)| *other).filter(|other| *other != wing && !known.contains(other));
        let unknown: Vec<String> = unknown.map(|other| format!("crate::{other}::")).collect();
        each_file(&api.join(wing), &mut |path, text| {
            let found = unknown.iter().filter(|other| text.contains(other.as_str()));
            faults.extend(
                found.map(|other| format!("{}: the wing {wing} must not know {other}", path.display())),
            );
        })?;
    }
    Ok(faults)
}

fn each_file(folder: &Path, visit: &mut impl FnMut(&Path, &str)) -> Outcome {
    let unreadable = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            each_file(&path, visit)?;
        } else {
            visit(&path, &fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Package, faults};

    const MEMBERS: [&str; 11] = [
        "orgs",
        "users",
        "roles",
        "invitations",
        "tickets",
        "persistence",
        "application",
        "web",
        "api",
        "steward",
        "steward-tests",
    ];

    fn refused(name: &str, is_domain: bool, need: &str) -> bool {
        !faults(&Package { name, is_domain, needs: vec![need], source: PathBuf::new() }, &MEMBERS).is_empty()
    }

    #[test]
    fn the_order_of_crates_holds() {
        for (name, is_domain, need) in [
            ("orgs", true, "users"),
            ("users", true, "roles"),
            ("roles", true, "tickets"),
            ("tickets", true, "invitations"),
            ("invitations", true, "tickets"),
            ("tickets", true, "persistence"),
            ("persistence", false, "application"),
            ("application", false, "web"),
            ("web", false, "api"),
            ("api", false, "steward"),
            ("steward", false, "steward-tests"),
        ] {
            assert!(refused(name, is_domain, need), "{name} -> {need}");
        }
        for (name, is_domain, need) in [
            ("roles", true, "orgs"),
            ("tickets", true, "roles"),
            ("persistence", false, "tickets"),
            ("application", false, "persistence"),
            ("api", false, "web"),
            ("steward", false, "api"),
        ] {
            assert!(!refused(name, is_domain, need), "{name} -> {need}");
        }
    }

    #[test]
    fn libraries_stay_in_their_layer() {
        for (name, is_domain, need) in [
            ("tickets", true, "serde"),
            ("orgs", true, "log"),
            ("api", false, "diesel"),
            ("persistence", false, "actix-web"),
            ("application", false, "actix-web"),
            ("application", false, "utoipa"),
            ("persistence", false, "utoipa-swagger-ui"),
        ] {
            assert!(refused(name, is_domain, need), "{name} -> {need}");
        }
        for (name, is_domain, need) in [
            ("tickets", true, "uuid"),
            ("persistence", false, "serde_json"),
            ("persistence", false, "diesel"),
            ("api", false, "actix-web"),
            ("xtask", false, "diesel"),
        ] {
            assert!(!refused(name, is_domain, need), "{name} -> {need}");
        }
    }

    #[test]
    fn a_crate_without_a_place_is_refused() {
        assert!(refused("knowledge", true, "uuid"));
        assert!(refused("common", false, "uuid"));
    }
}
