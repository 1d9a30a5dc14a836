//! The deployment example: no service has more privileges than it needs, and images have exact versions.

use std::fs;
use std::path::Path;

use serde_json::Value;

const COMPOSE: &str = "docker-compose.yml";
const DOCKERFILE: &str = "Dockerfile";

/// The faults of both files.
pub(crate) fn faults(root: &Path) -> Vec<String> {
    let read = |name: &str| fs::read_to_string(root.join(name)).map_err(|error| format!("{name}: {error}"));
    let of_compose = read(COMPOSE).map(|text| compose_faults(&text));
    let of_dockerfile = read(DOCKERFILE).map(|text| dockerfile_faults(&text));
    [of_compose, of_dockerfile]
        .into_iter()
        .flat_map(|found| found.unwrap_or_else(|fault| vec![fault]))
        .collect()
}

fn compose_faults(text: &str) -> Vec<String> {
    let parsed = yaml_serde::from_str::<yaml_serde::Value>(text)
        // Twice: what is merged merges something itself.
        .and_then(|mut value| value.apply_merge().and_then(|()| value.apply_merge()).map(|()| value))
        .map_err(|error| error.to_string())
        .and_then(|value| serde_json::to_value(value).map_err(|error| error.to_string()));
    let document = match parsed {
        Ok(document) => document,
        Err(error) => return vec![format!("{COMPOSE}: {error}")],
    };
    let services = document.get("services").and_then(Value::as_object);
    let Some(services) = services.filter(|services| !services.is_empty()) else {
        return vec![format!("{COMPOSE} has no services")];
    };
    let mut found: Vec<String> =
        services.iter().flat_map(|(name, service)| service_faults(name, service)).collect();
    found.extend(services.iter().flat_map(|(name, service)| inline_faults(&document, name, service)));
    found.extend(credential_faults(&document));
    found
}

fn service_faults(name: &str, service: &Value) -> Vec<String> {
    let lists = |key: &str, wanted: &str| {
        let items = service.get(key).and_then(Value::as_array);
        items.into_iter().flatten().any(|item| item == wanted)
    };
    let image = service.get("image").and_then(Value::as_str).unwrap_or_default();
    let rules = [
        (service.get("read_only") == Some(&Value::Bool(true)), "can write to its root file system"),
        (lists("cap_drop", "ALL"), "keeps capabilities: cap_drop: [ALL]"),
        (service.get("cap_add").is_none(), "is given capabilities"),
        (lists("security_opt", "no-new-privileges:true"), "can gain privileges: no-new-privileges:true"),
        (service.get("privileged").is_none(), "is privileged"),
        (is_exact(image), "has an image without an exact version"),
    ];
    let broken = rules.into_iter().filter(|(holds, _)| !holds);
    broken.map(|(_, fault)| format!("{COMPOSE}: {name} {fault}")).collect()
}

/// Compose writes an inline text into the container after creating it, and can't if the root file system is
/// read-only.
fn inline_faults(document: &Value, name: &str, service: &Value) -> Vec<String> {
    if service.get("read_only") != Some(&Value::Bool(true)) {
        return Vec::new();
    }
    let is_inline = |kind: &str, source: &str| {
        let told = document.get(kind).and_then(|all| all.get(source));
        told.is_some_and(|told| told.get("content").is_some() || told.get("environment").is_some())
    };
    let used = ["configs", "secrets"].into_iter().flat_map(|kind| {
        let items = service.get(kind).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(move |item| Some((kind, item.as_str().or_else(|| item.get("source")?.as_str())?)))
    });
    used.filter(|(kind, source)| is_inline(kind, source))
        .map(|(kind, source)| format!("{COMPOSE}: {name} is read-only: {kind}.{source} has to be a file"))
        .collect()
}

/// The program's logins are not those of the administrators of the database and the store.
fn credential_faults(document: &Value) -> Vec<String> {
    let told = |service: &str, name: &str| {
        document.pointer(&format!("/services/{service}/environment/{name}")).and_then(Value::as_str)
    };
    let url = told("api-1", "STEWARD_DATABASE_URL").unwrap_or_default();
    let log_in = url.split_once("://").and_then(|(_, rest)| rest.split_once('@')).map(|(log_in, _)| log_in);
    let (user, password) = log_in.and_then(|log_in| log_in.split_once(':')).unwrap_or_default();
    let pairs = [
        ("database", user, told("postgres", "POSTGRES_USER")),
        ("database", password, told("postgres", "POSTGRES_PASSWORD")),
        ("store", told("api-1", "AWS_ACCESS_KEY_ID").unwrap_or_default(), told("store", "MINIO_ROOT_USER")),
        (
            "store",
            told("api-1", "AWS_SECRET_ACCESS_KEY").unwrap_or_default(),
            told("store", "MINIO_ROOT_PASSWORD"),
        ),
    ];
    let shared =
        pairs.into_iter().filter(|(_, ours, root)| ours.is_empty() || root.is_none_or(|root| root == *ours));
    shared
        .map(|(what, ..)| format!("{COMPOSE}: the program logs in to the {what} as its administrator"))
        .collect()
}

fn dockerfile_faults(text: &str) -> Vec<String> {
    let arguments = |word: &'static str| {
        text.lines().filter_map(move |line| line.strip_prefix(word)).map(|rest| rest.trim())
    };
    let images = arguments("FROM ").filter_map(|rest| rest.split_whitespace().next());
    let mut found: Vec<String> = images
        .filter(|image| !is_exact(image))
        .map(|image| format!("{DOCKERFILE}: {image} is no exact version"))
        .collect();
    let user = arguments("USER ").next_back().unwrap_or("root");
    if matches!(user.split(':').next(), Some("root" | "0")) {
        found.push(format!("{DOCKERFILE}: the program runs as root"));
    }
    if text.lines().any(|line| line.starts_with("# syntax=")) {
        found.push(format!("{DOCKERFILE}: a front end of its own is loaded"));
    }
    found
}

/// Whether an image has an exact version: three numbers, two of a distribution's release, or a date.
fn is_exact(image: &str) -> bool {
    let Some((name, tag)) = image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')) else {
        return false;
    };
    let version = tag.split('-').next().unwrap_or_default().trim_start_matches('v');
    let numbers = version.split('.').take_while(|part| part.parse::<u32>().is_ok()).count();
    let of_two = ["debian", "postgres"].contains(&name);
    numbers >= 3 || (of_two && numbers == 2) || tag.starts_with("RELEASE.20")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn committed(name: &str) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        fs::read_to_string(root.join(name)).expect("the file is committed")
    }

    #[test]
    fn the_committed_files_grant_only_needed_privileges() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        assert_eq!(faults(&root), Vec::<String>::new());
        for line in committed(COMPOSE).lines() {
            let file = line.trim().strip_prefix("file: ");
            assert!(file.is_none_or(|file| root.join(file).is_file()), "{line}");
        }
    }

    #[test]
    fn every_removed_restriction_is_a_fault() {
        let text = committed(COMPOSE);
        for (from, to) in [
            ("  read_only: true\n", ""),
            ("  cap_drop: [ALL]\n", ""),
            ("  security_opt: [\"no-new-privileges:true\"]\n", ""),
            ("AWS_ACCESS_KEY_ID: steward-app", "AWS_ACCESS_KEY_ID: store-root"),
            (
                "AWS_SECRET_ACCESS_KEY: steward-app-attachments",
                "AWS_SECRET_ACCESS_KEY: store-root-attachments",
            ),
            ("postgres://steward:", "postgres://postgres:"),
            ("axllent/mailpit:v1.31.2", "axllent/mailpit:latest"),
            ("image: nginx:1.28.1-alpine3.23", "image: nginx:1.28-alpine"),
            ("  mail:\n    <<: *limits\n", "  mail:\n"),
            ("    file: ./deploy/database.sql\n", "    content: SELECT 1\n"),
            ("    file: ./deploy/nginx.conf\n", "    environment: NGINX\n"),
        ] {
            let changed = text.replacen(from, to, 1);
            assert_ne!(changed, text, "{from} is not there");
            assert!(!compose_faults(&changed).is_empty(), "{from}");
        }
        let text = committed(DOCKERFILE);
        for (from, to) in [("rust:1.95.0-bookworm", "rust:1.95-bookworm"), ("USER 10001:10001\n", "")] {
            let changed = text.replacen(from, to, 1);
            assert_ne!(changed, text, "{from} is not there");
            assert!(!dockerfile_faults(&changed).is_empty(), "{from}");
        }
    }

    #[test]
    fn no_read_only_service_has_an_inline_text() {
        let document = serde_json::json!({
            "configs": { "a": { "content": "x" }, "b": { "environment": "B" }, "c": { "file": "./c" } },
            "secrets": { "d": { "environment": "D" } },
        });
        let of = |service: Value| inline_faults(&document, "web", &service).len();
        let all = serde_json::json!(["a", { "source": "b" }, "c"]);
        assert_eq!(of(serde_json::json!({ "read_only": true, "configs": all, "secrets": ["d"] })), 3);
        assert_eq!(of(serde_json::json!({ "read_only": true, "configs": ["c"] })), 0);
        assert_eq!(of(serde_json::json!({ "configs": all })), 0);
    }

    #[test]
    fn exact_versions_are_distinguished_from_moving_ones() {
        for exact in [
            "rust:1.95.0-bookworm",
            "debian:12.12-slim",
            "postgres:17.11-bookworm",
            "a/b:v1.2.3",
            "minio/mc:RELEASE.2025-04-16T18-13-26Z",
        ] {
            assert!(is_exact(exact), "{exact}");
        }
        for moving in [
            "nginx",
            "nginx:latest",
            "nginx:1.28-alpine",
            "debian:bookworm-slim",
            "postgres:17",
            "host:5000/image",
        ] {
            assert!(!is_exact(moving), "{moving}");
        }
    }
}
