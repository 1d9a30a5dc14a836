//! Authorization: each operation as each kind of caller, over HTTP, compared with the checked-in table.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::scope;
use std::{env, fs};

use super::callers::{Caller, Standing, everybody};
use super::requests::{Stage, request, variants};
use crate::harness::document::{Operation, document};

const SNAPSHOT: &str = "snapshots/authz-matrix.txt";
const HEAD: &str = "\
Who may call what. Written by the test `authorization_matrix`; STEWARD_UPDATE_SNAPSHOTS=1 updates it.
A row in brackets is a variant of the call above it. Unless it says \"another's\", a ticket or file is the caller's own,
or an rbt's where the caller can have none. Operations without a log-in are called anonymously, about people of the
caller's organization.

front desk        a member with a role created by the organization, which grants only view_members
local manager     a manager who works on the requests of Riverside only; all of them are filed at Downtown
viewer            an owner who views as the rbt (`view_as_member`)
guest             a guest of an organization where anyone can open requests, and a member of another one
platform owner, platform manager, tech support, developer
                  administer the platform, and are not members of the organization they call
outsider          an owner of another organization
invited           a member of another organization, with an open invitation to be an owner here
removed           a former owner, who calls with the session from before the removal
suspended         an owner who was suspended before the call
deactivated       an owner whose organization was deactivated before the call

A plain 401 is unauthenticated, 403 forbidden, 404 not_found. Other codes are shown by their initials:
";

const ROWS_AT_ONCE: usize = 6;

struct Row<'a> {
    operation: &'a Operation,
    variant: &'static str,
    /// Status and code, one per caller.
    cells: Vec<(u16, String)>,
}

#[test]
fn authorization_matrix() {
    let callers = everybody();
    let rows = rows(&callers);
    let names: Vec<&str> = callers.iter().map(|caller| caller.name).collect();
    compare(&written(&names, &rows));
    let faults: Vec<String> = rows.iter().flat_map(|row| faults_of(row, &callers)).collect();
    assert!(faults.is_empty(), "the table is wrong, whatever is checked in:\n{}", faults.join("\n"));
}

/// One row per operation and variant, in the order of the document. Several rows run concurrently, since each
/// call mostly waits. The callers of a row run one after the other, because some operations allow one change
/// at a time.
fn rows(callers: &[Caller]) -> Vec<Row<'static>> {
    let operations = document().operations.values();
    let calls: Vec<(&Operation, &str)> = operations
        .flat_map(|operation| [""].iter().chain(variants(&operation.id)).map(move |name| (operation, *name)))
        .collect();
    let next = AtomicUsize::new(0);
    let some = || {
        let mut rows = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some((operation, variant)) = calls.get(place) else { return rows };
            let cells = callers.iter().map(|caller| call(operation, variant, caller)).collect();
            rows.push((place, Row { operation, variant, cells }));
        }
    };
    let mut rows = scope(|threads| {
        let running: Vec<_> = (0..ROWS_AT_ONCE).map(|_| threads.spawn(some)).collect();
        running.into_iter().flat_map(|thread| thread.join().expect("no call panics")).collect::<Vec<_>>()
    });
    rows.sort_by_key(|(place, _)| *place);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn call(operation: &Operation, variant: &str, caller: &Caller) -> (u16, String) {
    let _turn = caller.turn();
    let stage = Stage { org: &caller.org, caller: caller.person.as_ref(), is_filer: caller.is_filer() };
    // Some requests use up a session, and a blocked caller can't log in for one.
    let request = request(operation, variant, &stage);
    let reply = caller.while_blocked(|| request.send(&caller.client));
    (reply.status, reply.code().to_owned())
}

/// Invariants of every row, so that a wrong table can't be checked in by mistake.
fn faults_of(row: &Row, callers: &[Caller]) -> Vec<String> {
    let operation = row.operation;
    let mut faults = Vec::new();
    for (caller, (status, code)) in callers.iter().zip(&row.cells) {
        let is_refused = row.variant.is_empty() && *status >= 400;
        let fault = match refusal(operation, caller) {
            Some((s, c)) if *status != s || code != c => format!("should be {s} {c}"),
            // A caller who is throttled was authorized.
            None if is_refused && *status != 429 && is_allowed(operation, caller) => {
                "should be allowed".to_owned()
            }
            _ => continue,
        };
        let called = format!("{} {}", operation.id, row.variant);
        faults.push(format!("{} as {}: {status} {code} {fault}", called.trim_end(), caller.name));
    }
    faults
}

/// How the operation must refuse the caller, if it must do so for every request.
fn refusal(operation: &Operation, caller: &Caller) -> Option<(u16, &'static str)> {
    let (forbidden, unknown) = (Some((403, "forbidden")), Some((404, "not_found")));
    let is_in_org = operation.path.contains("{org_id}");
    let is_platforms = operation.value["x-platform-permission"].is_string() || operation.id == "get_org";
    let leads_to_a_ticket = ["{ticket_id}", "{attachment_id}"].iter().any(|id| operation.path.contains(id));
    match caller.standing {
        _ if operation.is_public() => None,
        Standing::Nobody => Some((401, "unauthenticated")),
        Standing::ViewAs if operation.value["x-open-to-viewing-as"] != true => {
            Some((403, "not_while_viewing_as"))
        }
        Standing::ViewAs => None,
        Standing::PlatformSettings => unknown.filter(|_| is_in_org && !is_platforms),
        _ if !is_in_org => forbidden.filter(|_| operation.permission.is_some()),
        Standing::Outside => unknown,
        Standing::Suspended => Some((403, "account_disabled")),
        Standing::Deactivated => Some((403, "organization_inactive")),
        _ if !holds_one(operation, &caller.rights) => forbidden,
        Standing::Elsewhere(_) => unknown.filter(|_| leads_to_a_ticket),
        Standing::Member(_) => None,
    }
}

/// Whether the operation must answer a caller that it need not refuse. The table decides on reach.
fn is_allowed(operation: &Operation, caller: &Caller) -> bool {
    match caller.standing {
        // Members of a deactivated organization can't log in, and its invitations are suspended.
        Standing::Deactivated => false,
        // The requested file is pending, and so visible only to its uploader.
        Standing::ViewAs if operation.path.contains("{attachment_id}") => false,
        Standing::ViewAs => operation.is_public() || operation.value["x-open-to-viewing-as"] == true,
        Standing::Member(_) => operation.is_public() || operation.path.contains("{org_id}"),
        _ => operation.is_public(),
    }
}

/// Whether the caller holds the permission that the document names, or the one for staff; true if it names
/// none.
fn holds_one(operation: &Operation, rights: &BTreeSet<String>) -> bool {
    let named = ["x-required-permission", "x-staff-permission"].map(|name| operation.value[name].as_str());
    let mut named = named.iter().flatten().peekable();
    named.peek().is_none() || named.any(|permission| rights.contains(*permission))
}

fn label(row: &Row) -> String {
    if row.variant.is_empty() { row.operation.id.clone() } else { format!("  ({})", row.variant) }
}

/// Whether the status implies the code.
fn is_plain(status: u16, code: &str) -> bool {
    matches!((status, code), (_, "") | (401, "unauthenticated") | (403, "forbidden") | (404, "not_found"))
}

fn initials(code: &str) -> String {
    code.split('_').filter_map(|word| word.chars().next()).collect()
}

fn shown(status: u16, code: &str) -> String {
    if is_plain(status, code) { status.to_string() } else { format!("{status} {}", initials(code)) }
}

/// The codes that the table abbreviates to their initials.
fn codes_by_initials<'a>(rows: &'a [Row]) -> BTreeMap<String, &'a str> {
    let mut codes = BTreeMap::new();
    for (status, code) in rows.iter().flat_map(|row| &row.cells) {
        if !is_plain(*status, code) {
            let twin = codes.insert(initials(code), code.as_str());
            assert!(twin.is_none_or(|twin| twin == code), "{twin:?} and {code} have the same initials");
        }
    }
    codes
}

fn written(names: &[&str], rows: &[Row]) -> String {
    let mut table: Vec<Vec<String>> =
        vec![["operation", "x-required-permission"].iter().chain(names).map(|s| (*s).to_owned()).collect()];
    for row in rows {
        let permission =
            if row.variant.is_empty() { row.operation.permission.as_deref().unwrap_or("-") } else { "" };
        let mut line = vec![label(row), permission.to_owned()];
        line.extend(row.cells.iter().map(|(status, code)| shown(*status, code)));
        table.push(line);
    }
    let width = |column: usize| table.iter().map(|line| line[column].len()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..names.len() + 2).map(width).collect();
    let mut text = HEAD.to_owned();
    for (initials, code) in codes_by_initials(rows) {
        writeln!(text, "{initials:4}  {code}").expect("a text takes a line");
    }
    text.push('\n');
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
