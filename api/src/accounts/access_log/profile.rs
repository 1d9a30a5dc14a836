use std::collections::BTreeSet;

use application::accounts::managed_account::{ManagedAccount, managed_account_event, read_as_manager};
use application::clock::instant;
use application::context::Context;
use application::problem::Problem;
use application::problem_codes::Code;
use chrono::{DateTime, Utc};
use persistence::{AccountEventFilter, Page};
use serde::{Deserialize, Serialize};
use users::{AccountEventKind, LifecycleStage, Milestones, PrivateField, Profile};
use utoipa::{IntoParams, ToSchema};

use super::profile_body::{
    BelongsTo, ContactSection, ContentSection, FiledRequest, LogInAttempt, PersonalSection, ProfileBody,
    ReachedStage,
};
use super::reading::record_unless_own;

/// A part of what is known of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProfileSection {
    Personal,
    Contact,
    Memberships,
    LogIns,
    Content,
}

impl ProfileSection {
    const ALL: [Self; 5] = [Self::Personal, Self::Contact, Self::Memberships, Self::LogIns, Self::Content];

    fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Contact => "contact",
            Self::Memberships => "memberships",
            Self::LogIns => "log_ins",
            Self::Content => "content",
        }
    }
}

/// The sections to read, and the purpose.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProfileQuery {
    /// The sections to return, separated by commas. Default: all that the caller may read.
    #[param(min_items = 1, max_items = 5)]
    sections: Option<Vec<ProfileSection>>,
    /// Why the data is read. It is recorded, and the person can read it.
    #[param(min_length = 1, max_length = 200, pattern = "<line>")]
    purpose: String,
    /// Why values that the person marked private must be shown. Requires a separate permission, and is recorded.
    #[param(min_length = 1, max_length = 200, pattern = "<line>")]
    override_reason: Option<String>,
}

/// The caller's rights to read each section.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SectionRights {
    /// For `personal` and `contact`: the permission's key, and whether the caller holds it.
    pub(crate) profiles: (&'static str, bool),
    /// For `log_ins`.
    pub(crate) log_ins: (&'static str, bool),
    /// For `content`.
    pub(crate) activity: (&'static str, bool),
    /// For private values.
    pub(crate) privacy: (&'static str, bool),
}

impl SectionRights {
    fn needed_for(&self, section: ProfileSection) -> (&'static str, bool) {
        match section {
            ProfileSection::Personal | ProfileSection::Contact => self.profiles,
            ProfileSection::LogIns => self.log_ins,
            ProfileSection::Content => self.activity,
            // Every caller of the operation may see memberships.
            ProfileSection::Memberships => ("", true),
        }
    }
}

fn require((word, is_held): (&'static str, bool)) -> Result<(), Problem> {
    if is_held {
        Ok(())
    } else {
        Err(Problem::new(Code::Forbidden, format!("This needs the permission `{word}`."))
            .with_bad_credentials())
    }
}

const CONFIRMING: AccountEventFilter = AccountEventFilter {
    is_claimed: false,
    kinds: &[
        AccountEventKind::AddressConfirmed,
        AccountEventKind::AccountConfirmed,
        AccountEventKind::AccountSetUp,
    ],
    part: None,
    org: None,
    or_of_none: false,
    is_by_others: false,
};
const TRIES: AccountEventFilter = AccountEventFilter {
    kinds: &[AccountEventKind::SessionCreated, AccountEventKind::LogInFailed],
    ..CONFIRMING
};

/// The number of requests read per organization, and shown in total.
const LATEST: u8 = 10;

/// The person's requests in the organizations within the caller's authority.
#[derive(Default)]
struct Requests {
    count: i64,
    latest: Vec<persistence::FiledRequest>,
    first_at: Option<DateTime<Utc>>,
    first_solved_at: Option<DateTime<Utc>>,
}

impl From<&persistence::FiledRequest> for FiledRequest {
    fn from(request: &persistence::FiledRequest) -> Self {
        Self {
            org_id: request.org.0,
            ticket_id: request.id.0,
            number: request.number,
            status: request.status.into(),
            created_at: instant(request.created_at),
            updated_at: instant(request.updated_at),
        }
    }
}

fn earlier(a: Option<DateTime<Utc>>, b: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    a.into_iter().chain(b).min()
}

/// The sections of a profile that the caller may read. Records the access (S001-25, S001-26).
pub(crate) fn read_profile<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    query: &ProfileQuery,
    rights: SectionRights,
) -> Result<ProfileBody, Problem> {
    managed.authority.may_view()?;
    let sections: BTreeSet<ProfileSection> = match &query.sections {
        Some(named) => {
            named.iter().try_for_each(|section| require(rights.needed_for(*section)))?;
            named.iter().copied().collect()
        }
        None => ProfileSection::ALL.into_iter().filter(|s| rights.needed_for(*s).1).collect(),
    };
    if query.override_reason.is_some() {
        require(rights.privacy)?;
    }
    let words: Vec<&str> = sections.iter().map(|section| section.as_str()).collect();
    let mut event = managed_account_event(ctx, AccountEventKind::DataRead, managed, Some(&query.purpose))
        .changed("sections", "", &words.join(","));
    if let Some(reason) = &query.override_reason {
        event = event.changed("override_reason", "", reason);
    }
    record_unless_own(ctx, event)?;
    profile_of(ctx, managed, &sections, rights.activity.1, query.override_reason.is_some())
}

fn profile_of<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    sections: &BTreeSet<ProfileSection>,
    shows_content: bool,
    is_overridden: bool,
) -> Result<ProfileBody, Problem> {
    let account = &managed.account;
    let profile = ctx.tx.profile(account.id)?;
    let requests = requests_of(ctx, managed)?;
    let one = Page { after: None, limit: 1 };
    let here = AccountEventFilter {
        org: managed.limited_to(),
        or_of_none: managed.authority.sees_all(),
        ..CONFIRMING
    };
    let confirmed = read_as_manager(ctx, managed, |tx| tx.account_events(account.id, &here, one))?.rows;
    let is_verified = account.status != users::AccountStatus::PendingConfirmation;
    let milestones = Milestones {
        created_at: account.created_at,
        invited_at: account.invited_at.filter(|_| managed.org.is_none() || managed.authority.sees_all()),
        verified_at: confirmed.first().map(|e| e.at).or(is_verified.then_some(account.created_at)),
        profile_completed_at: profile.completed_at,
        first_request_at: requests.first_at.filter(|_| shows_content),
        first_solved_at: requests.first_solved_at.filter(|_| shows_content),
    };
    let stages = milestones.stages();
    let wants = |section| sections.contains(&section);
    let hidden = hidden_fields(&profile, sections, is_overridden);
    Ok(ProfileBody {
        user_id: account.id.0,
        lifecycle_stage: stages.last().map_or("registered", |(stage, _)| stage.as_str()).to_owned(),
        stages: stages.into_iter().map(reached).collect(),
        personal: wants(ProfileSection::Personal).then(|| personal(account, &profile, is_overridden)),
        contact: wants(ProfileSection::Contact).then(|| ContactSection {
            email: account.email.as_str().to_owned(),
            phone: shown(&profile, PrivateField::Phone, is_overridden, profile.phone.clone()),
        }),
        memberships: match wants(ProfileSection::Memberships) {
            true => Some(belongs_to(ctx, managed)?),
            false => None,
        },
        log_ins: match wants(ProfileSection::LogIns) {
            true => Some(latest_attempts(ctx, managed)?),
            false => None,
        },
        content: wants(ProfileSection::Content).then(|| ContentSection {
            requests: requests.count,
            latest: requests.latest.iter().take(usize::from(LATEST)).map(FiledRequest::from).collect(),
            first_request_at: requests.first_at.map(instant),
            first_solved_at: requests.first_solved_at.map(instant),
        }),
        hidden_fields: hidden,
    })
}

fn belongs_to<W>(ctx: &mut Context<'_, '_, W>, managed: &ManagedAccount) -> Result<Vec<BelongsTo>, Problem> {
    let mut all = Vec::new();
    for org in visible_orgs(ctx, managed)? {
        let Some(member) = ctx.tx.members(org).find(managed.account.id)? else { continue };
        let membership = member.membership.as_of(ctx.now);
        all.push(BelongsTo {
            org_id: org.0,
            roles: membership.roles.iter().map(|key| key.as_str().to_owned()).collect(),
            is_active: membership.is_active(),
            since: instant(membership.created_at),
        });
    }
    Ok(all)
}

fn latest_attempts<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
) -> Result<Vec<LogInAttempt>, Problem> {
    let or_of_none = managed.authority.sees_all();
    let filter = AccountEventFilter { org: managed.limited_to(), or_of_none, ..TRIES };
    let page = Page { after: None, limit: 9 };
    let tries =
        read_as_manager(ctx, managed, |tx| tx.account_events(managed.account.id, &filter, page))?.rows;
    let body = |event: persistence::LoggedAccountEvent| LogInAttempt {
        kind: event.kind,
        at: instant(event.at),
        address: event.address,
        user_agent: event.user_agent,
        cause: event.reason,
    };
    Ok(tries.into_iter().map(body).collect())
}

fn visible_orgs<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
) -> Result<Vec<orgs::OrgId>, Problem> {
    match managed.org {
        Some(org) => Ok(vec![org]),
        None => Ok(ctx.tx.orgs_of(managed.account.id)?),
    }
}

fn requests_of<W>(ctx: &mut Context<'_, '_, W>, managed: &ManagedAccount) -> Result<Requests, Problem> {
    let mut found = Requests::default();
    for org in visible_orgs(ctx, managed)? {
        ctx.tx.enter(org)?;
        let filed = ctx.tx.filed_requests(org, managed.account.id, &managed.reach)?;
        found.count += filed.total();
        found.first_at = earlier(found.first_at, filed.first_at);
        found.first_solved_at = earlier(found.first_solved_at, filed.first_solved_at);
        let latest = ctx.tx.latest_filed(org, managed.account.id, &managed.reach, i64::from(LATEST))?;
        found.latest.extend(latest);
    }
    found.latest.sort_by_key(|request| std::cmp::Reverse((request.created_at, request.id)));
    Ok(found)
}

fn reached((stage, at): (LifecycleStage, DateTime<Utc>)) -> ReachedStage {
    ReachedStage { stage: stage.as_str().to_owned(), reached_at: instant(at) }
}

fn shown<T>(profile: &Profile, field: PrivateField, is_overridden: bool, value: Option<T>) -> Option<T> {
    value.filter(|_| profile.shows(field, is_overridden))
}

fn personal(account: &users::Account, profile: &Profile, is_overridden: bool) -> PersonalSection {
    let show = |field, value: Option<String>| shown(profile, field, is_overridden, value);
    PersonalSection {
        name: account.name.as_str().to_owned(),
        pronouns: show(PrivateField::Pronouns, profile.pronouns.clone()),
        about: show(PrivateField::About, profile.about.clone()),
        locale: show(PrivateField::Locale, Some(account.locale.clone())),
        time_zone: show(PrivateField::TimeZone, Some(account.time_zone.clone())),
    }
}

fn hidden_fields(profile: &Profile, sections: &BTreeSet<ProfileSection>, is_overridden: bool) -> Vec<String> {
    let section_of = |field| match field {
        PrivateField::Phone => ProfileSection::Contact,
        _ => ProfileSection::Personal,
    };
    let hidden = |field: &&PrivateField| {
        !profile.shows(**field, is_overridden) && sections.contains(&section_of(**field))
    };
    profile.private.iter().filter(hidden).map(|field| field.as_str().to_owned()).collect()
}
