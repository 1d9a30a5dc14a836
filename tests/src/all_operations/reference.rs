//! The page of the API reference at `/docs/`.

use std::collections::{BTreeMap, BTreeSet};

use crate::harness::{Client, Reply};

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.bytes).into_owned()
}

/// What stands between `before` and the next quotation mark, each time.
fn quoted(text: &str, before: &str) -> Vec<String> {
    let parts = text.split(before).skip(1);
    parts.filter_map(|part| part.split('"').next()).map(str::to_owned).collect()
}

/// The page and every file below `/docs/` that it or one of its scripts names, by path.
fn files() -> BTreeMap<String, Reply> {
    let mut found = BTreeMap::new();
    let mut todo = vec![String::new()];
    while let Some(path) = todo.pop() {
        if found.contains_key(&path) {
            continue;
        }
        let reply = Client::anonymous().get(&format!("!/docs/{path}"));
        assert_eq!(reply.status, 200, "/docs/{path}: {}", reply.status);
        if path.is_empty() {
            let page = text(&reply);
            let named = [quoted(&page, " href=\""), quoted(&page, " src=\"")].concat();
            todo.extend(named.into_iter().filter(|name| name != "./" && !name.starts_with("../api/")));
        } else if !path.starts_with("swagger-ui") {
            todo.extend(quoted(&text(&reply), " from \"./"));
        }
        found.insert(path, reply);
    }
    found
}

#[test]
fn the_reference_is_named_after_the_product_and_reads_the_document() {
    let files = files();
    let page = text(&files[""]);
    assert!(page.contains("<title>Steward API reference</title>"), "{page}");
    assert!(!page.contains("Swagger UI"), "{page}");
    let script = text(&files["docs.js"]);
    for setting in [
        "new URL(\"openapi.json\", API)",
        "docExpansion: \"none\"",
        "deepLinking: true",
        "filter: true",
        "validatorUrl: null",
        "persistAuthorization: false",
    ] {
        assert!(script.contains(setting), "{setting}");
    }
}

#[test]
fn the_reference_is_served_whole_with_its_plugins_and_swagger_ui() {
    let files = files();
    let names: BTreeSet<&str> = files.keys().map(String::as_str).collect();
    let expected = [
        "",
        "docs.css",
        "docs.js",
        "icon.svg",
        "log_in.js",
        "organization.js",
        "search.js",
        "session.js",
        "swagger-ui-bundle.js",
        "swagger-ui.css",
    ];
    assert_eq!(names, BTreeSet::from(expected));
    for (path, reply) in &files {
        let media_type = match path.rsplit_once('.').map(|(_, ending)| ending) {
            Some("js") => "text/javascript",
            Some("css") => "text/css",
            Some("svg") => "image/svg+xml",
            _ => "text/html",
        };
        assert_eq!(reply.media_type().as_deref(), Some(media_type), "/docs/{path}");
    }
    assert!(text(&files["swagger-ui-bundle.js"]).contains("SwaggerUIBundle"));
    let scheme = "bearer_auth";
    assert!(text(&files["log_in.js"]).contains(&format!("SCHEME = \"{scheme}\"")));
    let document = Client::anonymous().get("/openapi.json").expect(200);
    assert!(document["components"]["securitySchemes"][scheme].is_object(), "the plugin's scheme");
}

#[test]
fn the_reference_loads_nothing_from_elsewhere_and_has_no_inline_code() {
    for (path, reply) in files() {
        let policy = reply.header("Content-Security-Policy").unwrap_or_default();
        let rules: BTreeSet<&str> = policy.split(';').map(str::trim).collect();
        let expected = [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "form-action 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ];
        assert_eq!(rules, BTreeSet::from(expected), "/docs/{path}");
        if path.starts_with("swagger-ui") {
            continue;
        }
        // The one address is a name: the namespace of SVG.
        let own = text(&reply).replace("http://www.w3.org/2000/svg", "");
        for address in ["http:", "https:", "\"//", "url("] {
            assert!(!own.contains(address), "/docs/{path} has {address}");
        }
    }
    let page = text(&files()[""]);
    assert_eq!(page.matches("<script").count(), page.matches("<script src=\"").count(), "{page}");
    for inline in ["<style", " style=", " onclick=", " onload=", "javascript:"] {
        assert!(!page.contains(inline), "{inline}");
    }
}

#[test]
fn the_reference_is_validated_by_its_etags_and_has_no_other_paths() {
    let nobody = Client::anonymous();
    for (path, reply) in files() {
        assert_eq!(reply.header("Cache-Control").as_deref(), Some("no-cache"), "/docs/{path}");
        let (url, etag) = (format!("!/docs/{path}"), reply.etag());
        let again = nobody.send("GET", &url, &[("If-None-Match", &etag)], None);
        assert_eq!((again.status, again.bytes.len()), (304, 0), "{url}");
        let newer = nobody.send("GET", &url, &[("If-None-Match", "\"other\"")], None);
        assert_eq!((newer.status, newer.bytes == reply.bytes), (200, true), "{url}");
    }
    for path in ["index.html", "mod.rs", "swagger-initializer.js", "swagger-ui.js"] {
        assert_eq!(nobody.get(&format!("!/docs/{path}")).status, 404, "{path}");
    }
}
