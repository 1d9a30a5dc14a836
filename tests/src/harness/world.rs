//! Organizations with members. Tests share nothing but the server.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use super::client::Client;
use super::mailbox::Mailbox;
use super::reply::Reply;
use super::server::server;

/// The password of all accounts.
pub(crate) const PASSWORD: &str = "quiet-orchard-lantern-7";

/// A name that nothing else in this run has. Lower case, digits and hyphens, so it is valid in a slug and an
/// address.
pub(crate) fn unique(prefix: &str) -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    format!("{prefix}-{}", LAST.fetch_add(1, Ordering::Relaxed) + 1)
}

/// The owner of the shared server's platform.
pub(crate) fn platform_owner() -> &'static Person {
    server().platform_owner()
}

/// Another owner of it.
pub(crate) fn second_platform_owner() -> &'static Person {
    server().second_owner()
}

/// A new user of the shared server with this platform role, granted by one owner and approved by the other.
pub(crate) fn holder_of(platform_role: &str) -> Person {
    let person = Org::new().rbt;
    let path = format!("/users/{}/platform-roles/{platform_role}", person.id);
    let asked = platform_owner().client.put(&path, json!({ "reason": "Helps to run it." })).expect(202);
    let approve = format!("/approvals/{}/approve", text(&asked["id"]));
    second_platform_owner().client.post_empty(&approve).expect(200);
    person
}

/// A person with an account, logged in.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) client: Client,
}

impl Person {
    /// Logs in to a new account with [`PASSWORD`].
    pub(super) fn of_account(at: &Client, account: &Value) -> Self {
        let (id, email) = (text(&account["id"]), text(&account["email"]));
        let client = at.logged_in(&email, PASSWORD);
        Self { id, email, client }
    }

    /// The same person with a new session.
    pub(super) fn logged_in_anew(&self) -> Self {
        Self { client: self.client.logged_in(&self.email, PASSWORD), ..self.clone() }
    }

    /// What a clock in UTC shows this many hours from now.
    pub(crate) fn in_hours(&self, hours: u32) -> String {
        let date = self.client.get("/me").header("date").expect("a date");
        let hour: u32 = date[17..19].parse().expect("an hour");
        format!("{:02}:00", (hour + hours) % 24)
    }

    /// Sets up an account with the token of a link, and logs in.
    pub(crate) fn set_up(at: &Client, token: &str, name: &str) -> Self {
        let nobody = Client { base: at.base.clone(), token: None };
        let body = json!({ "token": token, "name": name, "password": PASSWORD });
        let account = nobody.post("/account-setups", body).expect(201);
        Self::of_account(&nobody, &account)
    }
}

/// Two independent organizations with the same names, locations and roles.
pub(crate) struct World {
    pub(crate) a: Org,
    pub(crate) b: Org,
}

impl World {
    pub(crate) fn new() -> Self {
        Self { a: Org::new(), b: Org::new() }
    }
}

/// An organization with two locations and one person per role.
#[derive(Clone, Debug)]
pub(crate) struct Org {
    pub(crate) id: String,
    pub(crate) slug: String,
    /// The id of Downtown Clinic.
    pub(crate) downtown: String,
    /// The id of Riverside Clinic.
    pub(crate) riverside: String,
    /// Both locations.
    pub(crate) owner: Person,
    /// Both locations.
    pub(crate) manager: Person,
    /// Downtown only.
    pub(crate) bcba: Person,
    /// Both locations.
    pub(crate) rbt: Person,
    /// Both locations.
    pub(crate) rbt2: Person,
    /// An `rbt` without a location.
    pub(crate) nowhere: Person,
}

impl Org {
    /// On the shared server.
    pub(crate) fn new() -> Self {
        Self::on(platform_owner())
    }

    /// On the server of this platform owner.
    pub(crate) fn on(platform_owner: &Person) -> Self {
        let slug = unique("lakeside");
        let email = format!("owner@{slug}.example");
        let body = json!({ "name": "Lakeside Therapy", "slug": slug, "first_admin": { "email": email, "name": "Olive Owner" } });
        let made = platform_owner.client.post("/orgs", body).expect(201);
        let id = text(&made["id"]);
        let user = text(&made["admins"][0]["user_id"]);
        let token = setup_token(&platform_owner.client, &format!("/users/{user}/setup-links"), &email);
        let owner = Person::set_up(&platform_owner.client, &token, "Olive Owner");
        let location = |name: &str| {
            text(
                &owner.client.post(&format!("/orgs/{id}/locations"), json!({ "name": name })).expect(201)["id"],
            )
        };
        let (downtown, riverside) = (location("Downtown Clinic"), location("Riverside Clinic"));
        let member = |name: &str, role: &str, locations: &[&str]| {
            let email =
                format!("{}@{slug}.example", name.split(' ').next().unwrap_or_default().to_lowercase());
            let body = json!({ "email": email, "name": name, "roles": [role], "location_ids": locations });
            owner.client.post(&format!("/orgs/{id}/members"), body).expect(201)
        };
        let both = [downtown.as_str(), riverside.as_str()];
        let own = format!("/orgs/{id}/members/{}", owner.id);
        owner.client.patch(&own, json!({ "location_ids": both })).expect(200);
        let manager = member("Mona Manager", "manager", &both);
        let bcba = member("Bea Bcba", "bcba", &[&downtown]);
        let rbt = member("Rob Rbt", "rbt", &both);
        let rbt2 = member("Ria Rbt", "rbt", &both);
        let nowhere = member("Nell Nowhere", "rbt", &[]);
        // Created before the first is set up, so that their mails are sent together.
        let [manager, bcba, rbt, rbt2, nowhere] =
            [manager, bcba, rbt, rbt2, nowhere].map(|member| set_up(&owner, &id, &member));
        Self { id, slug, downtown, riverside, owner, manager, bcba, rbt, rbt2, nowhere }
    }

    /// A path inside the organization: `org.path("/tickets")`.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/orgs/{}{rest}", self.id)
    }

    /// Suspends a member here.
    pub(crate) fn suspend(&self, person: &Person) {
        let path = self.path(&format!("/members/{}/suspend", person.id));
        self.owner.client.post(&path, json!({ "reason": "Away for a while." })).expect(200);
    }

    /// Reactivates a member here.
    pub(crate) fn reactivate(&self, person: &Person) {
        let path = self.path(&format!("/members/{}/reactivate", person.id));
        self.owner.client.post(&path, json!({ "reason": "Back again." })).expect(200);
    }

    /// Files a request at Downtown and returns the ticket.
    pub(crate) fn ticket(&self, by: &Person) -> Value {
        self.ticket_with(by, json!({})).expect(201)
    }

    /// Files a request at Downtown with these fields replaced or added.
    pub(crate) fn ticket_with(&self, by: &Person, changes: Value) -> Reply {
        let mut body = json!({
            "subject": "The tablet does not start",
            "details": "It shows a black screen since this morning.",
            "urgency": "normal",
            "location_id": self.downtown,
        });
        if let (Some(body), Value::Object(changes)) = (body.as_object_mut(), changes) {
            body.extend(changes);
        }
        by.client.post(&self.path("/tickets"), body)
    }

    /// A new member of the organization, logged in.
    pub(crate) fn add_member(
        &self,
        roles: &[&str],
        locations: &[&str],
        ticket_scope: Option<&str>,
    ) -> Person {
        let email = format!("{}@{}.example", unique("member"), self.slug);
        let mut body =
            json!({ "email": email, "name": "Max Member", "roles": roles, "location_ids": locations });
        if let (Some(body), Some(scope)) = (body.as_object_mut(), ticket_scope) {
            body.insert("ticket_scope".to_owned(), json!(scope));
        }
        self.set_up(&self.owner.client.post(&self.path("/members"), body).expect(201))
    }

    /// A pending member, set up by the mailed link, so that the address is proved.
    pub(crate) fn set_up(&self, member: &Value) -> Person {
        set_up(&self.owner, &self.id, member)
    }

    /// The token of a set-up link that staff hand over: an account set up by it has no proved address.
    pub(crate) fn handed_over(&self, member: &Value) -> String {
        handed_over(&self.owner.client, &setup_links(&self.id, member))
    }
}

fn set_up(owner: &Person, org_id: &str, member: &Value) -> Person {
    let token = setup_token(&owner.client, &setup_links(org_id, member), &text(&member["email"]));
    Person::set_up(&owner.client, &token, &text(&member["name"]))
}

fn setup_links(org_id: &str, member: &Value) -> String {
    format!("/orgs/{org_id}/members/{}/setup-links", text(&member["user_id"]))
}

/// The token of the mailed link, or of a handed-over one if the server sends mail to a mail server.
fn setup_token(staff: &Client, setup_links: &str, email: &str) -> String {
    match Mailbox::at(&staff.base) {
        Some(mailbox) => mailbox.wait_for(email, "Your new account").token(),
        None => handed_over(staff, setup_links),
    }
}

fn handed_over(staff: &Client, setup_links: &str) -> String {
    text(&staff.post(setup_links, json!({ "reason": "Handed over in person." })).expect(200)["token"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}")).to_owned()
}
