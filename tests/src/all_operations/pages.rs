//! The lists about people, page by page: no row twice or missing while rows are added (L4, L5).

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::requests::id_of;
use crate::harness::{Client, Org, OwnServer, PASSWORD, Person, unique};

/// Rows that are added before a list is walked.
const ROWS: usize = 7;
/// Rows that are added during the walk.
const MEANWHILE: usize = 3;

/// Adds a row to a list.
type Add = fn(&Stage);

/// A list as one caller reads it.
struct List {
    client: Client,
    /// With all of its query except the page.
    path: String,
    /// The field that identifies a row.
    key: &'static str,
    /// The same list with other filters, or of another person.
    others: Vec<String>,
    add: Add,
}

fn list(client: &Client, path: &str, others: &[String], add: Add) -> List {
    List { client: client.clone(), path: path.to_owned(), key: "id", others: others.to_vec(), add }
}

impl List {
    fn by(self, key: &'static str) -> Self {
        Self { key, ..self }
    }

    fn page(&self, query: &str) -> Value {
        self.client.get(&with(&self.path, query)).expect(200)
    }

    fn keys(&self, page: &Value) -> Vec<String> {
        let rows = page["data"].as_array().expect("a list");
        rows.iter().map(|row| row[self.key].as_str().expect("a text").to_owned()).collect()
    }

    /// All rows, on one page.
    fn all(&self) -> Vec<String> {
        let page = self.page("limit=100");
        assert_eq!(page["next_cursor"], Value::Null, "{}", self.path);
        self.keys(&page)
    }

    /// All pages in order; `between` runs between each and the next.
    fn walk(&self, limit: usize, mut between: impl FnMut()) -> Vec<String> {
        let (mut met, mut query) = (Vec::new(), format!("limit={limit}"));
        loop {
            let page = self.page(&query);
            let (rows, next) = (self.keys(&page), page["next_cursor"].as_str());
            assert!(rows.len() == limit || next.is_none() && rows.len() < limit, "{}: {page}", self.path);
            met.extend(rows);
            match next {
                Some(cursor) => query = format!("limit={limit}&cursor={cursor}"),
                None => return met,
            }
            between();
        }
    }

    /// Whether reading the list adds a row to it.
    fn grows_by_reading(&self) -> bool {
        self.path.contains("/accesses") && !self.path.starts_with("/me/")
    }
}

fn with(path: &str, query: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}{query}")
}

/// A word that nothing else in this run contains; words made later sort before, between and after the earlier
/// ones.
fn word() -> String {
    static LAST: AtomicUsize = AtomicUsize::new(0);
    let begins = ["mia", "zoe", "ann"];
    unique(begins[LAST.fetch_add(1, Ordering::Relaxed) % begins.len()])
}

/// A server of its own, so that no other test adds to platform-wide lists.
struct Stage {
    server: OwnServer,
    org: Org,
    /// The organization of people who ask to join.
    haven: Org,
    ticket: String,
}

impl Stage {
    fn new() -> Self {
        let server = OwnServer::start(&[]);
        let (org, haven) = (Org::on(server.platform_owner()), Org::on(server.platform_owner()));
        org.owner.client.patch(&org.path(""), json!({ "joining_mode": "by_request" })).expect(200);
        let ticket = id_of(&org.ticket(&org.rbt)).to_owned();
        Self { server, org, haven, ticket }
    }

    fn platform(&self) -> &Client {
        &self.server.platform_owner().client
    }

    /// A new member who has not set a password yet.
    fn member(&self) -> String {
        let name = word();
        let body = json!({ "email": format!("{name}@else.example"), "name": name, "roles": ["rbt"] });
        let made = self.org.owner.client.post(&self.org.path("/members"), body).expect(201);
        made["user_id"].as_str().expect("a user id").to_owned()
    }

    fn role(&self) -> String {
        let key = word().replace('-', "_");
        let body = json!({ "key": key, "name": "Grown", "permissions": ["create_tickets"] });
        self.org.owner.client.post(&self.org.path("/roles"), body).expect(201);
        key
    }

    /// Another organization that takes requests to join; returns its slug.
    fn community(&self) -> String {
        let (slug, owner) = (unique("community"), &self.haven.owner);
        let admin = json!({ "email": owner.email, "name": "Olive Owner" });
        let body = json!({ "name": "Meadow", "slug": slug, "first_admin": admin });
        let made = self.platform().post("/orgs", body).expect(201);
        let path = format!("/orgs/{}", id_of(&made));
        owner.client.patch(&path, json!({ "joining_mode": "by_request" })).expect(200);
        slug
    }

    fn asks_to_join(&self, by: &Person, slug: &str) {
        by.client.post("/me/membership-requests", json!({ "org_slug": slug })).expect(201);
    }

    fn asks_for_deletion(&self, by: &Client, people: &str) {
        let body = json!({ "identity_method": "call_back", "retention_notice_version": 1, "is_confirmed": true, "reason": "Asked for." });
        by.post(&format!("{people}/{}/schedule-deletion", self.member()), body).expect(202);
    }

    fn log_in(&self, person: &Person) {
        self.server.client().logged_in(&person.email, PASSWORD);
    }

    fn look_at(&self, person: &Person) {
        let path = self.org.path(&format!("/members/{}/log-ins?purpose=Audit", person.id));
        self.org.manager.client.get(&path).expect(200);
    }

    fn lists(&self) -> Vec<List> {
        let mut all = self.lists_of_people();
        all.extend(self.lists_of_requests());
        all.extend(self.lists_of_records());
        all
    }

    fn lists_of_people(&self) -> Vec<List> {
        let (org, owner, platform) = (&self.org, &self.org.owner.client, self.platform());
        let (members, roles) = (org.path("/members"), org.path("/roles"));
        let users = |org: &Org, sort: &str| format!("/users?org_id={}&sort={sort}", org.id);
        let directory = |sort: &str| {
            let path = users(org, sort);
            let others = [users(&self.haven, sort), users(org, "created_at"), with(&path, "status=active")];
            list(platform, &path, &others, |stage| drop(stage.member()))
        };
        let filtered = ["role=rbt", "is_active=true", "q=a"].map(|filter| with(&members, filter));
        vec![
            list(owner, &members, &filtered, |stage| drop(stage.member())).by("user_id"),
            list(owner, &with(&members, "sort=-name"), &filtered, |stage| drop(stage.member())).by("user_id"),
            directory("-created_at"),
            directory("name"),
            directory("-email"),
            list(owner, &roles, &[org.path("/permissions")], |stage| drop(stage.role())).by("key"),
            list(platform, "/orgs", &["/orgs?q=m".to_owned()], |stage| drop(stage.community())),
            list(&org.rbt.client, "/joinable-orgs", &[], |stage| drop(stage.community())),
            list(&org.bcba.client, "/me/sessions", &["/me/accesses".to_owned()], |stage| {
                stage.log_in(&stage.org.bcba);
            }),
        ]
    }

    fn lists_of_requests(&self) -> Vec<List> {
        let (org, owner, platform) = (&self.org, &self.org.owner.client, self.platform());
        let (invitations, requests) = (org.path("/invitations"), org.path("/membership-requests"));
        let (preferences, mine) = (org.path("/permission-requests"), "/me/membership-requests");
        let invite: Add = |stage| {
            let body = json!({ "email": format!("{}@else.example", word()), "roles": ["rbt"] });
            stage.org.owner.client.post(&stage.org.path("/invitations"), body).expect(201);
        };
        let filtered = |path: &str| ["status=pending", "sort=-email", "q=a"].map(|filter| with(path, filter));
        let sorts = ["email", "-last_sent_at", "valid_until", "accepted_at", "-roles"];
        let mut all: Vec<List> = sorts
            .iter()
            .map(|sort| {
                list(
                    owner,
                    &with(&invitations, &format!("sort={sort}")),
                    std::slice::from_ref(&invitations),
                    invite,
                )
            })
            .collect();
        all.extend([
            list(owner, &invitations, &filtered(&invitations), invite),
            list(platform, "/invitations", &filtered("/invitations"), |stage| {
                let body = json!({ "email": format!("{}@else.example", word()) });
                stage.platform().post("/invitations", body).expect(201);
            }),
            list(owner, &requests, &[with(&requests, "status=pending")], |stage| {
                let outsider = stage.haven.add_member(&["rbt"], &[], None);
                stage.asks_to_join(&outsider, &stage.org.slug);
            }),
            list(&org.nowhere.client, mine, &[with(mine, "status=pending")], |stage| {
                stage.asks_to_join(&stage.org.nowhere, &stage.community());
            }),
            list(owner, &preferences, &[with(&preferences, "is_decided=false")], |stage| {
                let body = json!({ "requested_role": stage.role(), "justification": "I help out." });
                stage.org.rbt.client.post(&stage.org.path("/permission-requests"), body).expect(201);
            }),
            list(owner, &org.path("/approvals"), &[], |stage| {
                stage.asks_for_deletion(&stage.org.owner.client, &stage.org.path("/members"));
            }),
            list(platform, "/approvals", &[], |stage| stage.asks_for_deletion(stage.platform(), "/users")),
        ]);
        all
    }

    /// The records about one person, for the staff of their organization, for platform staff, and for
    /// themselves.
    fn lists_of_records(&self) -> Vec<List> {
        let (org, mut all) = (&self.org, Vec::new());
        let records: [(&str, Add); 5] = [
            ("log-ins", |stage| stage.log_in(&stage.org.rbt)),
            ("accesses", |stage| stage.look_at(&stage.org.bcba)),
            ("activity", |stage| {
                stage.org.rbt.client.patch("/me/profile", json!({ "about": word() })).expect(200);
            }),
            ("support-history", |stage| {
                let path = stage.org.path(&format!("/members/{}/account", stage.org.rbt.id));
                let body = json!({ "name": word(), "reason": "Misspelt." });
                stage.org.manager.client.patch(&path, body).expect(200);
            }),
            ("mail-log", |stage| {
                let path = stage.org.path(&format!("/tickets/{}/messages", stage.ticket));
                let body = json!({ "body": "We look.", "visibility": "public" });
                stage.org.manager.client.post(&path, body).expect(201);
            }),
        ];
        for (rest, add) in records {
            // Reading the other records would add to this one.
            let whom = if rest == "accesses" { &org.bcba } else { &org.rbt };
            for (client, people) in
                [(&org.owner.client, org.path("/members")), (self.platform(), "/users".to_owned())]
            {
                let of = |person: &Person, purpose: &str| {
                    format!("{people}/{}/{rest}?purpose={purpose}", person.id)
                };
                let others = [of(whom, "Another"), of(&org.rbt2, "Audit")];
                all.push(list(client, &of(whom, "Audit"), &others, add));
            }
        }
        all.push(list(&org.rbt2.client, "/me/accesses", &["/me/sessions".to_owned()], |stage| {
            stage.look_at(&stage.org.rbt2);
        }));
        all
    }
}

#[test]
fn l05_people_are_listed_once_and_in_order_while_others_are_added() {
    let stage = Stage::new();
    for list in stage.lists() {
        (0..ROWS).for_each(|_| (list.add)(&stage));
        let all = list.all();
        assert!(all.len() >= ROWS, "{}: {all:?}", list.path);
        for limit in [2, ROWS] {
            let met = list.walk(limit, || {});
            assert!(list.grows_by_reading() || met == all, "{}: {met:?}, not {all:?}", list.path);
        }
        let mut added = 0;
        let met = list.walk(2, || {
            if added < MEANWHILE {
                (list.add)(&stage);
                added += 1;
            }
        });
        assert_eq!(added, MEANWHILE, "{}", list.path);
        let once: BTreeSet<&String> = met.iter().collect();
        assert_eq!(once.len(), met.len(), "{}: a row twice in {met:?}", list.path);
        let known: Vec<String> = met.into_iter().filter(|row| all.contains(row)).collect();
        assert_eq!(known, all, "{}: a row missing, or out of order", list.path);
    }
}

#[test]
fn l04_a_cursor_of_people_is_valid_only_for_its_list_and_filters() {
    let stage = Stage::new();
    let lists = stage.lists();
    let cursor = |list: &List| {
        (0..2).for_each(|_| (list.add)(&stage));
        let page = list.page("limit=1");
        page["next_cursor"].as_str().unwrap_or_else(|| panic!("one page only: {}", list.path)).to_owned()
    };
    let cursors: Vec<String> = lists.iter().map(cursor).collect();
    for (list, own) in lists.iter().zip(&cursors) {
        list.page(&format!("limit=5&cursor={own}"));
        for other in &list.others {
            list.client.get(&with(other, &format!("limit=1&cursor={own}"))).refused(400, "invalid_cursor");
        }
        for (_, foreign) in lists.iter().zip(&cursors).filter(|(other, _)| other.path != list.path) {
            let path = with(&list.path, &format!("limit=1&cursor={foreign}"));
            list.client.get(&path).refused(400, "invalid_cursor");
        }
        for broken in [&own[1..], &own[..own.len() - 1], "AAAA"] {
            let path = with(&list.path, &format!("limit=1&cursor={broken}"));
            list.client.get(&path).refused(400, "invalid_cursor");
        }
    }
}

#[test]
fn l05_a_page_may_end_with_the_longest_name() {
    let stage = Stage::new();
    let longest = "𝔸".repeat(120);
    for _ in 0..3 {
        let body = json!({ "email": format!("{}@else.example", word()), "name": longest, "roles": ["rbt"] });
        stage.org.owner.client.post(&stage.org.path("/members"), body).expect(201);
    }
    let (users, members) =
        (format!("/users?org_id={}&sort=name", stage.org.id), stage.org.path("/members?sort=name"));
    for directory in [
        list(stage.platform(), &users, &[], |_| {}),
        list(&stage.org.owner.client, &members, &[], |_| {}).by("user_id"),
    ] {
        assert_eq!(directory.walk(1, || {}), directory.all());
    }
}
