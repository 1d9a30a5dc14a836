//! Who may call what: each operation as each kind of caller, over HTTP, against the table that is checked in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use super::requests::{Stage, request, variants};
use crate::harness::document::{Operation, document};
use crate::harness::{Client, Org, Person, holder_of, platform_owner};

const SNAPSHOT: &str = "snapshots/authz-matrix.txt";
const SUSPENDED: &str = "suspended";
const HEAD: &str = "\
Who may call what. Written by the test `authorization_matrix`; STEWARD_UPDATE_SNAPSHOTS=1 writes it anew.
A row in brackets is another way to call the operation above it. Unless it says \"another's\", a ticket or file is the
caller's own, or an rbt's where the caller can have none. Platform owner and outsider (an owner of another organization)
are no members of the organization they call; the suspended one is an owner of it.
";

/// A kind of caller.
struct Column<'a> {
    name: &'static str,
    client: Client,
    person: Option<&'a Person>,
    /// The key of the role in the organization.
    role: Option<&'static str>,
}

struct Row<'a> {
    operation: &'a Operation,
    variant: &'static str,
    /// Status and code, a column each.
    cells: Vec<(u16, String)>,
}

#[test]
fn authorization_matrix() {
    let (org, other) = (Org::new(), Org::new());
    let [representative, facilitator, council] =
        ["representative", "community_facilitator", "community_governance_council"]
            .map(|role| org.add_member(&[role], &[&org.downtown], None));
    let suspended = org.add_member(&["owner"], &[&org.downtown], None);
    let [manager, support, developer] =
        ["platform_manager", "platform_tech_support", "platform_developer"].map(holder_of);
    let columns = [
        Column { name: "anonymous", client: Client::anonymous(), person: None, role: None },
        column("rbt", &org.rbt, Some("rbt")),
        column("bcba", &org.bcba, Some("bcba")),
        column("representative", &representative, Some("representative")),
        column("facilitator", &facilitator, Some("community_facilitator")),
        column("council", &council, Some("community_governance_council")),
        column("manager", &org.manager, Some("manager")),
        column("owner", &org.owner, Some("owner")),
        column("platform owner", platform_owner(), None),
        column("platform manager", &manager, None),
        column("tech support", &support, None),
        column("developer", &developer, None),
        column("outsider", &other.owner, None),
        column(SUSPENDED, &suspended, None),
    ];
    let mut rows = Vec::new();
    for operation in document().operations.values() {
        for variant in [""].iter().chain(variants(&operation.id)) {
            let cells = columns.iter().map(|column| call(operation, variant, &org, column)).collect();
            rows.push(Row { operation, variant, cells });
        }
    }
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    compare(&written(&names, &rows));
    let rights = rights_of_roles(&org);
    let faults: Vec<String> = rows.iter().flat_map(|row| faults_of(row, &columns, &rights)).collect();
    assert!(faults.is_empty(), "the table is wrong, whatever is checked in:\n{}", faults.join("\n"));
}

fn column<'a>(name: &'static str, person: &'a Person, role: Option<&'static str>) -> Column<'a> {
    Column { name, client: person.client.clone(), person: Some(person), role }
}

fn call(operation: &Operation, variant: &str, org: &Org, column: &Column) -> (u16, String) {
    let stage = Stage { org, caller: column.person, is_filer: column.role.is_some() };
    let suspend = |is_active: bool| {
        if let (SUSPENDED, Some(person)) = (column.name, column.person) {
            if is_active { org.reactivate(person) } else { org.suspend(person) }
        }
    };
    // Some requests spend a session, and who is suspended everywhere can't log in for one.
    let request = request(operation, variant, &stage);
    suspend(false);
    let reply = request.send(&column.client);
    suspend(true);
    (reply.status, reply.code().to_owned())
}

/// What must hold of every row, so that a wrong table can't be checked in by mistake.
fn faults_of(row: &Row, columns: &[Column], rights: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let operation = row.operation;
    let is_in_org = operation.path.contains("{org_id}");
    let is_platforms = operation.value["x-platform-permission"].is_string();
    let mut faults = Vec::new();
    for (column, (status, code)) in columns.iter().zip(&row.cells) {
        let wanted: Option<(u16, &str)> = match (column.name, column.role) {
            _ if operation.is_public() => None,
            ("anonymous", _) => Some((401, "unauthenticated")),
            ("platform owner", _) if is_in_org && !is_platforms && operation.id != "get_org" => {
                Some((404, "not_found"))
            }
            ("outsider", _) if is_in_org => Some((404, "not_found")),
            (SUSPENDED, _) if is_in_org => Some((403, "account_disabled")),
            (_, Some(role)) if is_in_org && !holds_one(operation, &rights[role]) => Some((403, "forbidden")),
            _ => None,
        };
        let is_plain = row.variant.is_empty();
        let is_allowed = operation.is_public() || column.role.is_some() && is_in_org;
        let fault = match wanted {
            Some((s, c)) if *status != s || code != c => Some(format!("should be {s} {c}")),
            // Whoever is told to wait was allowed to ask.
            None if *status == 429 => None,
            None if is_plain && is_allowed && *status >= 400 => Some("should be allowed".to_owned()),
            _ => None,
        };
        if let Some(fault) = fault {
            faults.push(format!("{} as {}: {status} {code} {fault}", label(row), column.name));
        }
    }
    faults
}

/// Whether the permission that the document names, or the one for staff, is among the rights; true when it names none.
fn holds_one(operation: &Operation, rights: &BTreeSet<String>) -> bool {
    let named = ["x-required-permission", "x-staff-permission"].map(|name| operation.value[name].as_str());
    let mut named = named.iter().flatten().peekable();
    named.peek().is_none() || named.any(|permission| rights.contains(*permission))
}

fn rights_of_roles(org: &Org) -> BTreeMap<String, BTreeSet<String>> {
    let roles = org.owner.client.get(&org.path("/roles")).expect(200);
    let texts = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let list = roles["data"].as_array().expect("a list").iter();
    list.map(|role| {
        (texts(&role["key"]), role["permissions"].as_array().into_iter().flatten().map(texts).collect())
    })
    .collect()
}

fn label(row: &Row) -> String {
    if row.variant.is_empty() { row.operation.id.clone() } else { format!("  ({})", row.variant) }
}

fn written(names: &[&str], rows: &[Row]) -> String {
    let mut table: Vec<Vec<String>> =
        vec![["operation", "x-required-permission"].iter().chain(names).map(|s| (*s).to_owned()).collect()];
    for row in rows {
        let permission =
            if row.variant.is_empty() { row.operation.permission.as_deref().unwrap_or("-") } else { "" };
        let mut line = vec![label(row), permission.to_owned()];
        line.extend(row.cells.iter().map(|(status, code)| format!("{status} {code}").trim_end().to_owned()));
        table.push(line);
    }
    let width = |column: usize| table.iter().map(|line| line[column].len()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..names.len() + 2).map(width).collect();
    let mut text = format!("{HEAD}\n");
    for line in &table {
        let cells: Vec<String> =
            line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        writeln!(text, "{}", cells.join("  ").trim_end()).expect("a text takes a line");
    }
    text
}

fn compare(now: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(SNAPSHOT);
    if env::var_os("STEWARD_UPDATE_SNAPSHOTS").is_some() {
        fs::write(&file, now).unwrap_or_else(|error| panic!("{SNAPSHOT}: {error}"));
        return;
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    if kept == now {
        return;
    }
    let differences: Vec<String> =
        lines_only_in(&kept, now, '-').into_iter().chain(lines_only_in(now, &kept, '+')).collect();
    panic!(
        "{SNAPSHOT} says otherwise (STEWARD_UPDATE_SNAPSHOTS=1 takes what is):\n{}",
        differences.join("\n")
    );
}

fn lines_only_in(this: &str, that: &str, mark: char) -> Vec<String> {
    let there: BTreeSet<&str> = that.lines().collect();
    this.lines().filter(|line| !there.contains(line)).map(|line| format!("{mark} {line}")).collect()
}
