//! The callers of the authorization table: one for each relation to an organization.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::json;

use super::requests::id_of;
use crate::harness::{Client, Org, Person, holder_of, platform_owner};

/// A kind of caller.
pub(super) struct Caller {
    pub(super) name: &'static str,
    pub(super) standing: Standing,
    /// The organization that the requests are about.
    pub(super) org: Org,
    /// The caller's account; `None` for an anonymous caller, and for view as, which creates nothing.
    pub(super) person: Option<Person>,
    pub(super) client: Client,
    /// The permissions of the role in the organization.
    pub(super) rights: BTreeSet<String>,
    /// Held during a call, if the caller can't log in only for its duration.
    turn: Mutex<()>,
}

/// The caller's relation to the organization.
#[derive(Clone, Copy)]
pub(super) enum Standing {
    /// Not logged in.
    Nobody,
    /// A member or a guest, with the role of this key.
    Member(&'static str),
    /// A member whose reach is limited to a location without requests.
    Elsewhere(&'static str),
    /// An owner who views as a member who files requests at Downtown.
    ViewAs,
    /// A platform administrator who is not a member.
    PlatformSettings,
    /// Not a member: never one, removed, or only invited.
    Outside,
    /// An owner who is suspended during the call.
    Suspended,
    /// An owner whose organization is deactivated during the call.
    Deactivated,
}

impl Caller {
    fn new(name: &'static str, standing: Standing, org: &Org, person: &Person) -> Self {
        let rights = match standing {
            Standing::Member(role) | Standing::Elsewhere(role) => rights_of(org, role),
            _ => BTreeSet::new(),
        };
        let (org, person, client) = (org.clone(), Some(person.clone()), person.client.clone());
        Self { name, standing, org, person, client, rights, turn: Mutex::default() }
    }

    fn anonymous(org: &Org) -> Self {
        Self::without_account("anonymous", Standing::Nobody, org, Client::anonymous())
    }

    fn without_account(name: &'static str, standing: Standing, org: &Org, client: Client) -> Self {
        let (org, rights) = (org.clone(), BTreeSet::new());
        Self { name, standing, org, person: None, client, rights, turn: Mutex::default() }
    }

    /// Whether the caller may file tickets where the walk files them.
    pub(super) fn is_filer(&self) -> bool {
        matches!(self.standing, Standing::Member(_)) && self.rights.contains("create_tickets")
    }

    /// A turn to call: exclusive for callers who are blocked only during the call, shared for all others.
    pub(super) fn turn(&self) -> Option<MutexGuard<'_, ()>> {
        let is_blocked = matches!(self.standing, Standing::Suspended | Standing::Deactivated);
        is_blocked.then(|| self.turn.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs the call; a blocked caller is blocked only meanwhile, since they prepare things before.
    pub(super) fn while_blocked<T>(&self, call: impl FnOnce() -> T) -> T {
        self.set_access(false);
        let answer = call();
        self.set_access(true);
        answer
    }

    fn set_access(&self, has_access: bool) {
        match (&self.person, self.standing) {
            (Some(person), Standing::Suspended) if has_access => self.org.reactivate(person),
            (Some(person), Standing::Suspended) => self.org.suspend(person),
            (_, Standing::Deactivated) => {
                let body = json!({ "is_active": has_access });
                platform_owner().client.patch(&self.org.path(""), body).expect(200);
            }
            _ => {}
        }
    }
}

/// One caller of each kind, in the order of the table.
pub(super) fn everybody() -> Vec<Caller> {
    let (org, other) = (Org::new(), Org::new());
    let mut all = vec![Caller::anonymous(&org)];
    all.extend(members(&org));
    all.push(view_as_caller(&org));
    all.push(guest(&other));
    all.extend(platform(&org));
    all.extend(outside(&org, &other));
    all.extend(blocked_callers(&org));
    all
}

fn members(org: &Org) -> Vec<Caller> {
    let new = |role: &'static str| org.add_member(&[role], &[&org.downtown], None);
    let with_role = [
        ("rbt", "rbt", org.rbt.clone()),
        ("bcba", "bcba", org.bcba.clone()),
        ("representative", "representative", new("representative")),
        ("facilitator", "community_facilitator", new("community_facilitator")),
        ("council", "community_governance_council", new("community_governance_council")),
        ("manager", "manager", org.manager.clone()),
        ("owner", "owner", org.owner.clone()),
        ("front desk", "front_desk", front_desk(org)),
    ];
    let caller = |(name, role, person): (&'static str, &'static str, Person)| {
        Caller::new(name, Standing::Member(role), org, &person)
    };
    let mut all: Vec<Caller> = with_role.into_iter().map(caller).collect();
    let local = org.add_member(&["manager"], &[&org.riverside], Some("locations"));
    all.push(Caller::new("local manager", Standing::Elsewhere("manager"), org, &local));
    all
}

/// A member with a custom role, which grants access to the members and nothing else.
fn front_desk(org: &Org) -> Person {
    let role = json!({ "key": "front_desk", "name": "Front desk", "permissions": ["view_members"] });
    org.owner.client.post(&org.path("/roles"), role).expect(201);
    org.add_member(&["front_desk"], &[&org.downtown], None)
}

fn view_as_caller(org: &Org) -> Caller {
    let why = json!({ "reason": "The member sees nothing." });
    let path = org.path(&format!("/members/{}/view-as", org.rbt.id));
    let token = org.owner.client.post(&path, why).expect(200);
    let client = Client::with_token(token["access_token"].as_str().expect("a token"));
    Caller::without_account("viewer", Standing::ViewAs, org, client)
}

/// A member of `home` who is a guest in an organization where anyone opens requests.
fn guest(home: &Org) -> Caller {
    let community = Org::new();
    let anyone = json!({ "ticket_openers": "anyone" });
    community.owner.client.patch(&community.path(""), anyone).expect(200);
    let person = home.add_member(&["rbt"], &[], None);
    let body = json!({ "org_slug": community.slug });
    person.client.post("/me/guest-memberships", body).expect(201);
    Caller::new("guest", Standing::Member("guest"), &community, &person)
}

fn platform(org: &Org) -> [Caller; 4] {
    let caller = |name, person: &Person| Caller::new(name, Standing::PlatformSettings, org, person);
    [
        caller("platform owner", platform_owner()),
        caller("platform manager", &holder_of("platform_manager")),
        caller("tech support", &holder_of("platform_tech_support")),
        caller("developer", &holder_of("platform_developer")),
    ]
}

fn outside(org: &Org, other: &Org) -> [Caller; 3] {
    let caller = |name, person: &Person| Caller::new(name, Standing::Outside, org, person);
    [
        caller("outsider", &other.owner),
        caller("invited", &invited(org, other)),
        caller("removed", &removed(org)),
    ]
}

/// A member of `home` with a pending invitation to be an owner.
fn invited(org: &Org, home: &Org) -> Person {
    let person = home.add_member(&["rbt"], &[], None);
    let body = json!({ "email": person.email, "roles": ["owner"] });
    org.owner.client.post(&org.path("/invitations"), body).expect(201);
    person
}

/// A former owner, with a session from that time.
fn removed(org: &Org) -> Person {
    let person = org.add_member(&["owner"], &[&org.downtown], None);
    let asked = org.owner.client.delete(&org.path(&format!("/members/{}", person.id))).expect(202);
    // The second approver may be the owner who is removed.
    let approve = org.path(&format!("/approvals/{}/approve", id_of(&asked)));
    person.client.post_empty(&approve).expect(200);
    person
}

fn blocked_callers(org: &Org) -> [Caller; 2] {
    let suspended = org.add_member(&["owner"], &[&org.downtown], None);
    let off = Org::new();
    [
        Caller::new("suspended", Standing::Suspended, org, &suspended),
        Caller::new("deactivated", Standing::Deactivated, &off, &off.owner),
    ]
}

/// The permissions of a role, as the organization's owner reads them.
fn rights_of(org: &Org, role: &str) -> BTreeSet<String> {
    let role = org.owner.client.get(&org.path(&format!("/roles/{role}"))).expect(200);
    let words = role["permissions"].as_array().expect("a list").iter();
    words.map(|word| word.as_str().expect("a permission").to_owned()).collect()
}
