//! The cases for both platforms: every order of a list with each of its filters, and the work of requests and
//! jobs.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use invitations::InvitationStatus;
use orgs::{LocationId, OrgId};
use persistence::{
    AccountEventFilter, InvitationFilter, InvitationSort, InvitationSortKey, MemberFilter,
    MembershipRequestFilter, Page, PermissionRequestFilter, SortKey, Span, StoreError, TicketFilter,
    TicketPosition, TicketSort, Tx, UserFilter, UserSort, UserSortKey, Words,
};
use tickets::{Priority, StaffScope, Status, TicketId, TicketScope};
use users::{Account, AccountEventKind, AccountStatus, EmailAddress, HistoryPart, PersonName, UserId};
use uuid::Uuid;

use super::world::{BEGIN, BUSIEST, BUSY, CATEGORY, IDLE, LOCATION, NOBODY, ORG, QUIET_LOCATION, user};

type Work = Arc<dyn Fn(&mut Tx<'_>) -> Result<(), StoreError> + Send + Sync>;

/// A query or a change of the database.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) is_platform: bool,
    /// How many times the rows of a page it may scan; 0: few.
    pub(crate) windows: i64,
    /// Whether it also runs on PostgreSQL, where each case needs a connection of its own.
    pub(crate) is_for_both: bool,
    /// The organization whose staff ask, unless the platform does.
    pub(crate) org: OrgId,
    pub(crate) work: Work,
}

fn case(
    name: impl Into<String>,
    is_platform: bool,
    work: impl Fn(&mut Tx<'_>) -> Result<(), StoreError> + Send + Sync + 'static,
) -> Case {
    Case { name: name.into(), is_platform, windows: 0, is_for_both: true, org: ORG, work: Arc::new(work) }
}

impl Case {
    fn looking(self, windows: i64) -> Self {
        Self { windows, ..self }
    }

    fn on_both(self, is_for_both: bool) -> Self {
        Self { is_for_both, ..self }
    }

    fn in_org(self, org: OrgId) -> Self {
        Self { org, is_platform: false, ..self }
    }
}

fn second(n: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(BEGIN + n)
}

fn now() -> DateTime<Utc> {
    second(9_000_000)
}

fn first<K>() -> Page<K> {
    Page { after: None, limit: 25 }
}

pub(crate) fn cases() -> Vec<Case> {
    let mut all = ticket_lists();
    all.extend(lists_of_people());
    all.extend(member_lists());
    all.extend(invitation_lists());
    all.extend(org_lists());
    all.extend(histories());
    all.extend(requests_and_jobs());
    all
}

/// Each filter individually, with values of many, few and no tickets.
fn ticket_filters() -> Vec<(String, TicketFilter)> {
    // A new filter does not compile here until it has values below.
    let TicketFilter {
        statuses: _,
        priorities: _,
        awaits_approval: _,
        assignee: _,
        has_assignee: _,
        requester: _,
        location: _,
        category: _,
        created_from: _,
        created_before: _,
        updated_from: _,
        number: _,
        words: _,
    } = TicketFilter::default();
    let mut all = vec![("all".to_owned(), TicketFilter::default())];
    let mut add = |name: &str, filter| all.push((name.to_owned(), filter));
    let none = TicketFilter::default;
    for status in Status::ALL {
        add(status.as_str(), TicketFilter { statuses: vec![status], ..none() });
    }
    add("unresolved", TicketFilter { statuses: vec![Status::Open, Status::InProgress], ..none() });
    for rank in 1..=4 {
        let priorities = vec![Priority::from_rank(rank).unwrap()];
        add(&format!("priority {rank}"), TicketFilter { priorities, ..none() });
    }
    for is_set in [true, false] {
        add(&format!("awaits {is_set}"), TicketFilter { awaits_approval: Some(is_set), ..none() });
        add(&format!("has assignee {is_set}"), TicketFilter { has_assignee: Some(is_set), ..none() });
    }
    for (name, user) in [("busy", BUSY), ("idle", IDLE)] {
        add(&format!("{name} assignee"), TicketFilter { assignee: Some(user), ..none() });
        add(&format!("{name} requester"), TicketFilter { requester: Some(user), ..none() });
    }
    for (name, id) in [("some", LOCATION.0), ("quiet", QUIET_LOCATION.0), ("no", NOBODY)] {
        add(&format!("{name} location"), TicketFilter { location: Some(LocationId(id)), ..none() });
    }
    for (name, id) in [("some", CATEGORY.0), ("no", NOBODY)] {
        add(&format!("{name} category"), TicketFilter { category: Some(tickets::CategoryId(id)), ..none() });
    }
    for (name, at) in [("early", second(100)), ("late", now())] {
        add(&format!("created from {name}"), TicketFilter { created_from: Some(at), ..none() });
        add(&format!("created before {name}"), TicketFilter { created_before: Some(at), ..none() });
        add(&format!("updated from {name}"), TicketFilter { updated_from: Some(at), ..none() });
    }
    for number in [7, i64::MAX] {
        add(&format!("number {number}"), TicketFilter { number: Some(number), ..none() });
    }
    add("words", TicketFilter { words: Some(Words::of("nowhere to be found")), ..none() });
    // No index serves these together.
    let (statuses, priorities) = (vec![Status::Open], vec![Priority::from_rank(4).unwrap()]);
    add(
        "open of a category that has none",
        TicketFilter { statuses, priorities, category: Some(tickets::CategoryId(NOBODY)), ..none() },
    );
    all
}

fn scopes() -> Vec<(&'static str, TicketScope)> {
    let none = || TicketScope {
        as_staff: StaffScope::None,
        as_representative: StaffScope::None,
        as_requester: None,
    };
    let here = StaffScope::Locations(BTreeSet::from([LOCATION, QUIET_LOCATION]));
    vec![
        ("staff", TicketScope { as_staff: StaffScope::All, ..none() }),
        ("requester", TicketScope { as_requester: Some(BUSY), ..none() }),
        ("new requester", TicketScope { as_requester: Some(IDLE), ..none() }),
        ("limited staff", TicketScope { as_staff: here.clone(), as_requester: Some(BUSY), ..none() }),
        (
            "limited representative",
            TicketScope { as_representative: here, as_requester: Some(IDLE), ..none() },
        ),
        ("representative", TicketScope { as_representative: StaffScope::All, ..none() }),
    ]
}

fn ticket_lists() -> Vec<Case> {
    let mut all = Vec::new();
    for (who, scope) in scopes() {
        let is_usual = who == "staff";
        for (name, filter) in ticket_filters() {
            let is_by_assignee = filter.has_assignee.is_some();
            for key in SortKey::ALL {
                for is_descending in [false, true] {
                    let sort = TicketSort { key, is_descending };
                    let middle = match key {
                        SortKey::Priority => TicketPosition::Rank(2, TicketId(Uuid::from_u128(3_000))),
                        _ => TicketPosition::At(second(3_000), TicketId(Uuid::from_u128(3_000))),
                    };
                    for after in [None, Some(middle)] {
                        let place = if after.is_some() { "behind the middle" } else { "from the start" };
                        let direction = if is_descending { "down" } else { "up" };
                        let (scope, filter) = (scope.clone(), filter.clone());
                        all.push(
                            case(
                                format!("tickets of {who}, {name}, {key:?} {direction}, {place}"),
                                false,
                                move |tx| {
                                    let page = Page { after, limit: 25 };
                                    tx.list_tickets(ORG, &scope, &filter, sort, page).map(drop)
                                },
                            )
                            .looking(1)
                            .on_both(
                                is_usual
                                    && is_descending
                                    && (is_by_assignee || after.is_some() && key != SortKey::Priority),
                            ),
                        );
                    }
                }
            }
            let scope = scope.clone();
            all.push(
                case(format!("count for {who}, {name}"), false, move |tx| {
                    tx.count_tickets(ORG, &scope, &filter, 10_000).map(drop)
                })
                .looking(4)
                .on_both(is_usual),
            );
        }
    }
    all
}

fn lists_of_people() -> Vec<Case> {
    let UserFilter { text: _, email: _, status: _, org: _, platform_role: _ } = UserFilter::default();
    let none = UserFilter::default;
    let mut filters = vec![("all".to_owned(), none())];
    for text in ["person 1", "nowhere"] {
        filters.push((format!("q={text}"), UserFilter { text: Some(text.to_owned()), ..none() }));
    }
    for email in ["person7@else.example", "nobody@else.example"] {
        filters.push((email.to_owned(), UserFilter { email: Some(email.to_owned()), ..none() }));
    }
    for status in AccountStatus::ALL {
        filters.push((status.as_str().to_owned(), UserFilter { status: Some(status), ..none() }));
    }
    for (name, org) in [("some", ORG.0), ("no", NOBODY)] {
        filters.push((format!("of {name} org"), UserFilter { org: Some(OrgId(org)), ..none() }));
    }
    for role in roles::PlatformRole::ALL {
        filters.push((role.as_str().to_owned(), UserFilter { platform_role: Some(role), ..none() }));
    }
    let mut all = Vec::new();
    for (name, filter) in filters {
        for key in UserSortKey::ALL {
            for is_descending in [false, true] {
                let filter = filter.clone();
                all.push(
                    case(format!("users, {name}, {key:?} {is_descending}"), true, move |tx| {
                        tx.list_users(&filter, UserSort { key, is_descending }, first()).map(drop)
                    })
                    .looking(1)
                    .on_both(is_descending),
                );
            }
        }
    }
    all
}

fn invitation_filters(org: Option<OrgId>) -> Vec<(String, InvitationFilter)> {
    let none = || InvitationFilter { org, ..InvitationFilter::default() };
    let InvitationFilter {
        org: _,
        text: _,
        inviter: _,
        role: _,
        batch: _,
        status: _,
        created: _,
        accepted: _,
        last_sent: _,
        valid_until: _,
    } = none();
    let mut all = vec![("all".to_owned(), none())];
    let mut add = |name: &str, filter| all.push((name.to_owned(), filter));
    for text in ["guest7", "nowhere"] {
        add(&format!("q={text}"), InvitationFilter { text: Some(text.to_owned()), ..none() });
    }
    for (name, inviter) in [("rare", BUSY), ("frequent", user(5)), ("no", UserId(NOBODY))] {
        add(&format!("{name} inviter"), InvitationFilter { inviter: Some(inviter), ..none() });
    }
    for role in ["bcba", "nowhere"] {
        add(&format!("to {role}"), InvitationFilter { role: Some(role.to_owned()), ..none() });
    }
    add("of no batch", InvitationFilter { batch: Some(NOBODY), ..none() });
    for status in InvitationStatus::ALL {
        add(status.as_str(), InvitationFilter { status: Some(status), ..none() });
    }
    for (name, at) in [("early", second(100)), ("late", now())] {
        for span in [Span { from: Some(at), before: None }, Span { from: None, before: Some(at) }] {
            add(&format!("created {name}"), InvitationFilter { created: span, ..none() });
            add(&format!("accepted {name}"), InvitationFilter { accepted: span, ..none() });
            add(&format!("sent {name}"), InvitationFilter { last_sent: span, ..none() });
            add(&format!("over {name}"), InvitationFilter { valid_until: span, ..none() });
        }
    }
    all
}

fn invitation_lists() -> Vec<Case> {
    let mut all = Vec::new();
    for (to, org) in [("an organization", Some(ORG)), ("the platform", None)] {
        for (name, filter) in invitation_filters(org) {
            for key in InvitationSortKey::ALL {
                for is_descending in [false, true] {
                    let filter = filter.clone();
                    let name = format!("invitations to {to}, {name}, {key:?} {is_descending}");
                    let list = case(name, org.is_none(), move |tx| {
                        let sort = InvitationSort { key, is_descending };
                        tx.list_invitations(&filter, sort, now(), first()).map(drop)
                    });
                    all.push(list.looking(1).on_both(is_descending));
                }
            }
        }
    }
    all
}

fn member_lists() -> Vec<Case> {
    let none = MemberFilter::default;
    let MemberFilter { text: _, role: _, is_active: _ } = none();
    let text = |text: &str| MemberFilter { text: Some(text.to_owned()), ..none() };
    let role = |role: &str| MemberFilter { role: Some(role.to_owned()), ..none() };
    let filters = [
        ("all", none()),
        ("q=person 7", text("person 7")),
        ("q=nowhere", text("nowhere")),
        ("guests", role("guest")),
        ("nobody", role("nobody")),
        ("active", MemberFilter { is_active: Some(true), ..none() }),
        ("suspended", MemberFilter { is_active: Some(false), ..none() }),
    ];
    let mut all = Vec::new();
    for (name, filter) in filters {
        for key in UserSortKey::ALL {
            for is_descending in [false, true] {
                let filter = filter.clone();
                let list = case(format!("members, {name}, {key:?} {is_descending}"), false, move |tx| {
                    let sort = UserSort { key, is_descending };
                    tx.members(ORG).list(&filter, sort, first()).map(drop)
                });
                all.push(list.looking(2).on_both(is_descending));
            }
        }
    }
    all
}

fn org_lists() -> Vec<Case> {
    let mut all = Vec::new();
    for text in [None, Some("org 7"), Some("nowhere")] {
        for (who, member) in [("all", None), ("of a person", Some((user(10), now())))] {
            let name = format!("orgs, {who}, q={}", text.unwrap_or_default());
            all.push(case(name, true, move |tx| tx.orgs(member, text, first()).map(drop)).looking(1));
        }
    }
    all.push(case("joinable orgs", true, |tx| tx.joinable_orgs(first()).map(drop)).looking(1));
    all
}

fn histories() -> Vec<Case> {
    let none = AccountEventFilter::default;
    let AccountEventFilter { kinds: _, part: _, org: _, or_of_none: _, is_by_others: _, is_claimed: _ } =
        none();
    let elsewhere = Some(OrgId(NOBODY));
    let filters = [
        ("all", 0, none()),
        ("rare kind", 0, AccountEventFilter { kinds: &[AccountEventKind::LogInFailed], ..none() }),
        (
            "kinds",
            0,
            AccountEventFilter {
                kinds: &[
                    AccountEventKind::LogInFailed,
                    AccountEventKind::SessionCreated,
                    AccountEventKind::AccountPurged,
                ],
                ..none()
            },
        ),
        (
            "kinds elsewhere",
            1,
            AccountEventFilter {
                kinds: &[AccountEventKind::SessionCreated, AccountEventKind::DataRead],
                org: elsewhere,
                ..none()
            },
        ),
        ("one list's kinds", 1, AccountEventFilter { part: Some(HistoryPart::Activity), ..none() }),
        ("elsewhere", 1, AccountEventFilter { org: elsewhere, or_of_none: true, ..none() }),
        ("by others", 1, AccountEventFilter { is_by_others: true, ..none() }),
        ("claimed", 1, AccountEventFilter { is_claimed: true, ..none() }),
    ];
    let events = |(name, windows, filter): (&str, i64, AccountEventFilter)| {
        case(format!("events of an account, {name}"), true, move |tx| {
            tx.account_events(BUSY, &filter, first()).map(drop)
        })
        .looking(windows)
    };
    let mut all: Vec<Case> = filters.into_iter().map(events).collect();
    // Staff of an organization, where PostgreSQL shows no events of others: those of one with many events of the account, and
    // of one with none.
    for (who, org) in [("of many", ORG), ("of none", OrgId(NOBODY))] {
        let here = AccountEventFilter { org: Some(org), ..none() };
        let filters = [
            ("all", 0, here),
            ("rare kind", 0, AccountEventFilter { kinds: &[AccountEventKind::LogInFailed], ..here }),
            (
                "kinds",
                0,
                AccountEventFilter {
                    kinds: &[
                        AccountEventKind::LogInFailed,
                        AccountEventKind::SessionCreated,
                        AccountEventKind::AccountPurged,
                    ],
                    ..here
                },
            ),
            ("one list's kinds", 1, AccountEventFilter { part: Some(HistoryPart::Activity), ..here }),
            ("by others", 1, AccountEventFilter { is_by_others: true, ..here }),
        ];
        all.extend(filters.map(|(name, windows, filter)| {
            case(format!("events of an account, {name}, for staff {who}"), false, move |tx| {
                tx.account_events(BUSY, &filter, first()).map(drop)
            })
            .looking(windows)
            .in_org(org)
        }));
    }
    all.push(
        case("requests that a person filed", false, |tx| {
            tx.filed_requests(ORG, BUSIEST, &StaffScope::All).map(drop)
        })
        .looking(4),
    );
    all
}

/// What is left of an account.
fn deleted(id: UserId) -> Account {
    let (email, name) = (EmailAddress::parse("new@else.example"), PersonName::parse("New"));
    let account = Account::pending(id, email.unwrap(), name.unwrap(), now());
    Account { status: AccountStatus::Deleted, ..account }
}

fn requests_and_jobs() -> Vec<Case> {
    let (some, nobody): (UserId, UserId) = (user(10), UserId(NOBODY));
    vec![
        case("own memberships", true, move |tx| tx.memberships_of(some, now()).map(drop)),
        case("own membership_states", true, move |tx| tx.membership_states(some, None, now()).map(drop)),
        case("orgs of a person", true, move |tx| tx.count_orgs_of(some).map(drop)),
        case("orgs of nobody", true, move |tx| tx.count_orgs_of(nobody).map(drop)),
        case("approvals", false, |tx| tx.approvals(Some(ORG), None, first()).map(drop)),
        case("approvals of the platform", true, |tx| tx.approvals(None, None, first()).map(drop)),
        case("approvals about a person", false, move |tx| {
            tx.approvals(Some(ORG), Some(some), first()).map(drop)
        }),
        case("pending permission requests", false, |tx| {
            let filter = PermissionRequestFilter { user: None, is_decided: Some(false) };
            tx.permission_requests(ORG, filter, first()).map(drop)
        }),
        case("permission requests of a person", false, move |tx| {
            let filter = PermissionRequestFilter { user: Some(some), is_decided: None };
            tx.permission_requests(ORG, filter, first()).map(drop)
        }),
        case("requests to join", false, |tx| {
            let filter = MembershipRequestFilter { org: Some(ORG), ..MembershipRequestFilter::default() };
            tx.membership_requests(filter, first()).map(drop)
        }),
        case("requests to join that wait", false, |tx| {
            let status = Some(roles::MembershipRequestStatus::Pending);
            let filter =
                MembershipRequestFilter { org: Some(ORG), status, ..MembershipRequestFilter::default() };
            tx.membership_requests(filter, first()).map(drop)
        }),
        case("analytics", false, |tx| tx.invitations_since(Some(ORG), second(0), 10_000).map(drop))
            .looking(3),
        case("analytics of the platform", true, |tx| tx.invitations_since(None, second(0), 10_000).map(drop))
            .looking(3),
        case("data diagnosis of staff", false, |tx| {
            let (_, scope) = scopes().swap_remove(0);
            tx.data_counts(ORG, &StaffScope::All, Some(&scope)).map(drop)
        })
        .looking(6),
        // In each of two locations, those of a requester and all of the organization are counted to 10,000.
        case("data diagnosis of limited staff", false, |tx| {
            let (_, scope) = scopes().swap_remove(3);
            tx.data_counts(ORG, &StaffScope::All, Some(&scope)).map(drop)
        })
        .looking(8),
        case("announcements", true, |tx| tx.announcements_due(None, 50).map(drop)),
        case("accounts to purge", true, |tx| tx.accounts_to_purge(None, 50).map(drop)),
        case("sweep", true, |tx| tx.sweep(second(0)).map(drop)),
        // Both search every table that may refer to an account.
        case("purge of an account that nothing names", true, |tx| {
            let account = deleted(UserId(NOBODY));
            tx.add_account(&account, None)?;
            tx.start_purge(account.start_purge(now()).unwrap())?;
            tx.continue_purge(account.id).map(drop)
        }),
        case("purge of an account that has to stay", true, |tx| {
            match tx.start_purge(deleted(BUSY).start_purge(now()).unwrap()) {
                Err(StoreError::Referenced) => Ok(()),
                other => panic!("the busy one can be purged: {other:?}"),
            }
        }),
    ]
}
