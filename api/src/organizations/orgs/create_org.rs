use std::collections::BTreeSet;

use actix_web::post;
use application::accounts::links::send_link_again;
use application::context::{Context, SignedIn, new_id};
use application::problem::{Fault, Problem};
use application::problem_codes::Code;
use orgs::{Name, OrgId, Organization, Slug};
use persistence::{Constraint, Member, StoreError};
use roles::{Membership, RoleKey, SeededRole, TicketReach, UnclaimedIdentity};
use serde::Deserialize;
use tickets::{Category, CategoryId, SEEDED_CATEGORIES};
use users::{Account, EmailAddress, PersonName, TokenPurpose, UserId};
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{Admin, OrgBody, audience};

/// An organization and its first owner.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"name": "Meadow Clinic", "slug": "meadow-clinic", "first_admin": {"email": "ada@meadow.example", "name": "Ada Grove"}}))]
pub(crate) struct CreateOrg {
    /// Its name. One line; `://` is refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<name>")]
    name: String,
    /// Its short name in links: lower-case letters, digits and single hyphens; unique.
    #[schema(min_length = 2, max_length = 63, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    slug: String,
    first_admin: FirstAdmin,
}

/// The first owner of a new organization.
#[derive(Deserialize, ToSchema)]
pub(crate) struct FirstAdmin {
    /// The person's address. An existing account with it is reused.
    #[schema(
        max_length = 254,
        pattern = "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$"
    )]
    email: String,
    /// The person's name. One line; `://`, `www.` and `@` are refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<person_name>")]
    name: String,
}

/// Creates an organization together with its first owner
///
/// Both exist afterwards, or neither. A first owner with a new address gets a mail with a link to set up their account; for
/// one who does not get it, fetch a link with `create_user_setup_link`. A first owner who has an account already is shown as
/// sent until they open the organization, with a proved address. The organization starts with the roles `owner`, `manager`, `bcba`, `rbt`, `guest`, `representative` and three
/// for communities, a category tree, and without locations: its owner creates the first. People join it by invitation, and its
/// members open requests, until its owner says otherwise.
#[utoipa::path(tag = "orgs", params(IdempotencyKey), request_body = CreateOrg, extensions(("x-required-permission" = json!("manage_orgs")),
        ("x-problem-codes" = json!(["already_exists", "rule_violated"]))), responses((status = 201, description = "The new organization.", body = OrgBody)))]
#[post("/orgs")]
pub(super) async fn create_org(call: Call<(), (), CreateOrg>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let name = Name::parse(&input.body.name).map_err(|e| Problem::rule("#/name", &e))?;
        let slug = Slug::parse(&input.body.slug).map_err(|e| Problem::rule("#/slug", &e))?;
        let (org, event) = Organization::create(OrgId(new_id()), name, slug, ctx.now);
        ctx.tx.add_org(&org).map_err(|e| match e {
            StoreError::Unique(Constraint::OrgSlug) => slug_taken(),
            other => other.into(),
        })?;
        let actor = ctx.caller.user_id();
        ctx.tx.enter(org.id)?;
        ctx.record_in(org.id, actor, event);
        add_defaults(ctx, org.id)?;
        let first = &input.body.first_admin;
        let added_person = find_or_create_account(ctx, org.id, "#/first_admin", &first.email, &first.name)?;
        let owner = RoleKey::parse(SeededRole::Owner.key()).ok_or_else(Problem::internal)?;
        let (membership, event) = Membership::create(
            added_person.account.id,
            BTreeSet::from([owner]),
            BTreeSet::new(),
            TicketReach::Organization,
            ctx.now,
        );
        let membership = membership.with_unclaimed(added_person.unclaimed_identity);
        ctx.tx.members(org.id).add(&membership)?;
        ctx.record_in(org.id, actor, event);
        let owner = Member { account: added_person.account, membership, is_home: added_person.is_home };
        let admins = vec![Admin::of(&owner)];
        let (place, audience) = (format!("/api/v1/orgs/{}", org.id.0), audience(&admins));
        Ok(Answer::created(place, &OrgBody::of(&org, admins))?.tagged(org.version, &audience))
    })
    .await
}

fn slug_taken() -> Problem {
    let fault = Fault::at("#/slug", "already_exists", "Another organization has this slug.");
    Problem::new(Code::AlreadyExists, "Another organization has this slug.").with_errors(vec![fault])
}

/// Adds the roles and categories that every new organization has.
fn add_defaults(ctx: &mut Context<'_, '_, SignedIn>, org: OrgId) -> Result<(), Problem> {
    ctx.tx.roles(org).seed(ctx.now)?;
    let mut known: Vec<Category> = Vec::new();
    for seed in &SEEDED_CATEGORIES {
        let category =
            Category::seeded(CategoryId(new_id()), seed, &known, ctx.now).ok_or_else(Problem::internal)?;
        ctx.tx.categories(org).add(&category)?;
        known.push(category);
    }
    Ok(())
}

/// A person who is added to an organization.
pub(crate) struct AddedPerson {
    pub(crate) account: Account,
    /// The data that was sent, if the account existed and was created by others.
    pub(crate) unclaimed_identity: Option<UnclaimedIdentity>,
    /// Whether the organization created the account.
    pub(crate) is_home: bool,
}

/// The account with this address, created if there is none. Mails a set-up link to the owner of an account that this
/// organization created and nobody has set up (R15, R18).
pub(crate) fn find_or_create_account<W>(
    ctx: &mut Context<'_, '_, W>,
    org: OrgId,
    pointer: &str,
    email: &str,
    name: &str,
) -> Result<AddedPerson, Problem> {
    let email = EmailAddress::parse(email).map_err(|e| Problem::rule(&format!("{pointer}/email"), &e))?;
    let name = PersonName::parse(name).map_err(|e| Problem::rule(&format!("{pointer}/name"), &e))?;
    let (account, unclaimed_identity, is_home) = match ctx.tx.account_by_email(&email)? {
        Some(account) => {
            let is_home = ctx.tx.home_of(account.id)? == Some(org);
            let unclaimed_identity =
                UnclaimedIdentity { email, name }.for_existing_account(&account, is_home);
            (account, unclaimed_identity, is_home)
        }
        None => (create_account(ctx, org, email, name)?, None, true),
    };
    if unclaimed_identity.is_none() {
        send_link_again(ctx.tx, ctx.app, &account, Some(org), TokenPurpose::SetUpAccount)?;
    }
    Ok(AddedPerson { account, unclaimed_identity, is_home })
}

fn create_account<W>(
    ctx: &mut Context<'_, '_, W>,
    org: OrgId,
    email: EmailAddress,
    name: PersonName,
) -> Result<Account, Problem> {
    let account = Account::created_by_staff(UserId(new_id()), email, name, ctx.now);
    ctx.tx.add_account(&account, None).map_err(|e| match e {
        // A concurrent transaction created the account; the next run finds it.
        StoreError::Unique(Constraint::UserEmail) => StoreError::RunAgain,
        other => other,
    })?;
    ctx.tx.set_home(account.id, org, ctx.now)?;
    Ok(account)
}
