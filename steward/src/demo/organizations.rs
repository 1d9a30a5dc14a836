use std::collections::BTreeSet;

use application::clock::{new_id, now};
use application::problem::Problem;
use orgs::{Location, LocationId, Name, OrgId, Organization, Slug};
use persistence::{Page, Tx};
use roles::{Actor, Membership, Permission, PlatformRole, RoleKey, TicketReach};
use tickets::{Category, CategoryId, SEEDED_CATEGORIES};
use users::{Account, AccountStatus, EmailAddress, PersonName, UserId};

/// A person of the demo data.
pub(super) struct Person {
    pub(super) email: &'static str,
    name: &'static str,
    /// The organization's slug. Empty: none.
    org: &'static str,
    role: &'static str,
    /// The number of the organization's locations that are assigned, from the first.
    locations: usize,
    pub(super) what: &'static str,
}

pub(super) const PEOPLE: [Person; 8] = [
    Person {
        email: "platform@steward.example",
        name: "Pat Winters",
        org: "",
        role: "platform_owner",
        locations: 0,
        what: "runs the platform",
    },
    Person {
        email: "owner@sunrise.example",
        name: "Olivia Reyes",
        org: "sunrise",
        role: "owner",
        locations: 2,
        what: "owner of Sunrise Therapy",
    },
    Person {
        email: "manager@sunrise.example",
        name: "Malik Osei",
        org: "sunrise",
        role: "manager",
        locations: 2,
        what: "manager, works on all requests",
    },
    Person {
        email: "bcba@sunrise.example",
        name: "Bianca Lund",
        org: "sunrise",
        role: "bcba",
        locations: 1,
        what: "files requests for Downtown Clinic",
    },
    Person {
        email: "rbt@sunrise.example",
        name: "Riley Ortiz",
        org: "sunrise",
        role: "rbt",
        locations: 2,
        what: "files requests for both clinics",
    },
    Person {
        email: "nowhere@sunrise.example",
        name: "Noor Haddad",
        org: "sunrise",
        role: "rbt",
        locations: 0,
        what: "has no location, so can't file",
    },
    Person {
        email: "owner@harbor.example",
        name: "Hugo Blum",
        org: "harbor",
        role: "owner",
        locations: 1,
        what: "owner of Harbor Learning",
    },
    Person {
        email: "rbt@harbor.example",
        name: "Hana Ito",
        org: "harbor",
        role: "rbt",
        locations: 1,
        what: "files requests there",
    },
];

const ORGS: [(&str, &str, &[&str]); 2] = [
    ("sunrise", "Sunrise Therapy", &["Downtown Clinic", "Riverside Clinic"]),
    ("harbor", "Harbor Learning", &["Pier Office"]),
];

/// The parts of a demo organization that tickets need.
#[derive(Clone)]
pub(super) struct DemoOrg {
    pub(super) id: OrgId,
    pub(super) locations: Vec<Location>,
    pub(super) categories: Vec<Category>,
    pub(super) staff: Vec<Actor>,
    pub(super) requesters: Vec<Actor>,
}

/// Both organizations.
#[derive(Clone)]
pub(super) struct DemoOrgs {
    pub(super) sunrise: DemoOrg,
    pub(super) harbor: DemoOrg,
}

/// The contents of a database.
pub(super) enum State {
    Empty,
    Complete,
    SomethingElse,
}

/// The account that is activated last, which marks the data as complete.
fn mark() -> Result<EmailAddress, Problem> {
    EmailAddress::parse("platform@steward.example").map_err(|_| Problem::internal())
}

pub(super) fn state(tx: &mut Tx<'_>) -> Result<State, Problem> {
    if tx.is_empty()? {
        return Ok(State::Empty);
    }
    let slugs: Vec<String> = tx
        .orgs(None, None, Page { after: None, limit: 2 })?
        .rows
        .iter()
        .map(|o| o.slug.as_str().to_owned())
        .collect();
    let is_complete = tx.account_by_email(&mark()?)?.is_some_and(|a| a.may_log_in());
    let is_demo = slugs.len() == ORGS.len() && ORGS.iter().all(|(slug, ..)| slugs.iter().any(|s| s == slug));
    Ok(if is_complete && is_demo { State::Complete } else { State::SomethingElse })
}

/// Marks the data as complete.
pub(super) fn seal(tx: &mut Tx<'_>) -> Result<(), Problem> {
    let account = tx.account_by_email(&mark()?)?.ok_or_else(Problem::internal)?;
    Ok(tx.save_account(&account.confirm(now()).map_err(|_| Problem::internal())?)?)
}

/// Creates both organizations with their people. `more`: additional requesters for the first.
pub(super) fn make(tx: &mut Tx<'_>, password_hash: &str, more: u32) -> Result<DemoOrgs, Problem> {
    let platform = add_person(
        tx,
        "platform@steward.example",
        "Pat Winters",
        AccountStatus::PendingConfirmation,
        password_hash,
    )?;
    tx.add_platform_role(platform.id, PlatformRole::Owner, now())?;
    let [sunrise, harbor] = ORGS;
    Ok(DemoOrgs {
        sunrise: add_org(tx, sunrise, password_hash, more)?,
        harbor: add_org(tx, harbor, password_hash, 0)?,
    })
}

fn add_person(
    tx: &mut Tx<'_>,
    email: &str,
    name: &str,
    status: AccountStatus,
    password_hash: &str,
) -> Result<Account, Problem> {
    let email = EmailAddress::parse(email).map_err(|_| Problem::internal())?;
    let name = PersonName::parse(name).map_err(|_| Problem::internal())?;
    let made = Account::created_by_staff(UserId(new_id()), email, name, now());
    let account = match status {
        AccountStatus::PendingConfirmation => made,
        status => Account { status, ..made.with_proof(now()) },
    };
    tx.add_account(&account, Some(password_hash))?;
    Ok(account)
}

fn name(text: &str) -> Result<Name, Problem> {
    Name::parse(text).map_err(|_| Problem::internal())
}

fn add_org(
    tx: &mut Tx<'_>,
    (slug, title, places): (&str, &str, &[&str]),
    password_hash: &str,
    more: u32,
) -> Result<DemoOrg, Problem> {
    let slug = Slug::parse(slug).map_err(|_| Problem::internal())?;
    let (org, _) = Organization::create(OrgId(new_id()), name(title)?, slug, now());
    tx.add_org(&org)?;
    tx.enter(org.id)?;
    tx.roles(org.id).seed(now())?;
    let mut made = DemoOrg {
        id: org.id,
        locations: Vec::new(),
        categories: Vec::new(),
        staff: Vec::new(),
        requesters: Vec::new(),
    };
    for seed in &SEEDED_CATEGORIES {
        let category = Category::seeded(CategoryId(new_id()), seed, &made.categories, now())
            .ok_or_else(Problem::internal)?;
        tx.categories(org.id).add(&category)?;
        made.categories.push(category);
    }
    for place in places {
        let (location, _) = Location::create(LocationId(new_id()), name(place)?, None, now());
        tx.locations(org.id).add(&location)?;
        made.locations.push(location);
    }
    for person in PEOPLE.iter().filter(|p| p.org == org.slug.as_str()) {
        let account = add_person(tx, person.email, person.name, AccountStatus::Active, password_hash)?;
        tx.set_home(account.id, org.id, now())?;
        made.add_member(tx, account.id, person.role, person.locations)?;
    }
    for n in 1..=more {
        let account = add_person(
            tx,
            &format!("member{n}@{}.example", org.slug.as_str()),
            &format!("Member {n}"),
            AccountStatus::Active,
            password_hash,
        )?;
        tx.set_home(account.id, org.id, now())?;
        made.add_member(tx, account.id, "rbt", places.len())?;
    }
    Ok(made)
}

impl DemoOrg {
    fn add_member(
        &mut self,
        tx: &mut Tx<'_>,
        user: UserId,
        role: &str,
        places: usize,
    ) -> Result<(), Problem> {
        let locations: BTreeSet<LocationId> = self.locations.iter().take(places).map(|l| l.id).collect();
        let key = RoleKey::parse(role).ok_or_else(Problem::internal)?;
        let (membership, _) =
            Membership::create(user, BTreeSet::from([key]), locations, TicketReach::Organization, now());
        tx.members(self.id).add(&membership)?;
        let actor = tx.member_caller(self.id, user)?.ok_or_else(Problem::internal)?.actor;
        if actor.holds(Permission::ManageTickets) {
            self.staff.push(actor);
        } else if !actor.locations.is_empty() {
            self.requesters.push(actor);
        }
        Ok(())
    }
}
