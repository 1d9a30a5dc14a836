//! One attacker among honest people: what they try through every account that they made or entered, on the platform and
//! in one organization of it.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use orgs::OrgId;
use proptest::prelude::*;
use proptest::sample::select;
use users::{EmailAddress, UserId};
use uuid::Uuid;

use super::worlds::{at, user};
use crate::{
    Approval, ApprovalId, ApprovalStatus, CriticalChange, Holder, Holders, PlatformRole, Takeover,
    TakesEffect, VOTE_DAYS, responsible_for,
};

/// The attacker's account, then those of honest people, then further accounts of the attacker.
const ACCOUNTS: usize = 7;
const HONEST: std::ops::Range<usize> = 1..5;
/// The two rights: the first is one of the platform, the second one of the organization.
const PLATFORM: usize = 0;
const ORGANIZATION: usize = 1;

/// What happens next; the attacker acts through the account `by`, which is under their control.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Wait {
        hours: i64,
    },
    Grant {
        by: UserId,
        to: UserId,
        right: usize,
    },
    Enter {
        by: UserId,
        to: UserId,
        moves_address: bool,
    },
    UseLink {
        whose: UserId,
    },
    /// The person uses the link that went to their address from before everything.
    Recover {
        whose: UserId,
    },
    Endorse {
        by: UserId,
        to: UserId,
        right: usize,
    },
    Ask {
        by: UserId,
        subject: UserId,
        right: usize,
        grants: bool,
    },
    Approve {
        by: UserId,
        request: usize,
    },
    RemoveAlone {
        to: UserId,
        right: usize,
    },
    GiveUp {
        by: UserId,
        right: usize,
    },
    /// Takes the right in another way, as by editing what a role grants.
    Strip {
        to: UserId,
        right: usize,
    },
}

/// A kind of step, and an index into the steps of this kind that are possible at that time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    kind: Kind,
    which: usize,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Wait,
    Grant,
    Enter,
    UseLink,
    Recover,
    Endorse,
    Ask,
    Approve,
    RemoveAlone,
    GiveUp,
    Strip,
}

pub(super) fn choices() -> impl Strategy<Value = Vec<Choice>> {
    let often = [Kind::Wait, Kind::Grant, Kind::Enter, Kind::Endorse, Kind::Ask, Kind::Approve];
    let seldom = [Kind::UseLink, Kind::Recover, Kind::RemoveAlone, Kind::GiveUp, Kind::Strip];
    let kind = prop_oneof![6 => select(often.to_vec()), 1 => select(seldom.to_vec())];
    let one = (kind, 0..1_000_usize).prop_map(|(kind, which)| Choice { kind, which });
    prop::collection::vec(one, 1..14)
}

/// How an account begins: the rights that it holds, and whether they are new.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beginning {
    rights: [bool; 2],
    is_new: bool,
    is_proved: bool,
}

pub(super) fn beginnings() -> impl Strategy<Value = Vec<Beginning>> {
    let one = |platform, organization| {
        let rights = [prop::bool::weighted(platform), prop::bool::weighted(organization)];
        let other = (prop::bool::weighted(0.2), prop::bool::weighted(0.8));
        (rights, other).prop_map(|(rights, (is_new, is_proved))| Beginning { rights, is_new, is_proved })
    };
    let honest = prop::collection::vec(one(0.25, 0.5), HONEST.len());
    (one(0.8, 0.8), honest).prop_map(|(attacker, honest)| [vec![attacker], honest].concat())
}

#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) id: UserId,
    address: EmailAddress,
    original_address: EmailAddress,
    is_proved: bool,
    pub(super) was_proved: bool,
    /// Whether the attacker made it; its original mailbox is theirs then.
    is_attackers: bool,
    pub(super) is_controlled: bool,
    takeovers: Vec<Takeover>,
}

#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) now: DateTime<Utc>,
    pub(super) accounts: Vec<Account>,
    rights: [Vec<Holder>; 2],
    /// The honest people who held each right at the beginning, and never lost it for seven days.
    honest_holders: [BTreeSet<UserId>; 2],
    pub(super) requests: Vec<(usize, Approval)>,
    /// The holders of each right who are the attacker, or were, and of whom all others had been notified for seven days.
    mailed: [BTreeSet<UserId>; 2],
    /// Whether the attacker had a second holder for seven days, of whom all others were notified.
    has_second_holder: bool,
    /// Violations of the property.
    pub(super) faults: Vec<String>,
}

impl World {
    pub(super) fn new(beginnings: &[Beginning]) -> Self {
        let now = at(100);
        let address = |text: String| EmailAddress::parse(&text).unwrap();
        let accounts = (0..ACCOUNTS).zip((0..).map(user)).map(|(index, id)| {
            let is_attackers = !HONEST.contains(&index);
            let is_proved = is_attackers || beginnings[index].is_proved;
            let address = address(format!("account{index}@example.org"));
            let original_address = address.clone();
            let is_controlled = is_attackers;
            let was_proved = is_proved;
            let takeovers = Vec::new();
            Account {
                id,
                address,
                original_address,
                is_proved,
                was_proved,
                is_attackers,
                is_controlled,
                takeovers,
            }
        });
        let accounts: Vec<Account> = accounts.collect();
        let holders = |right: usize| {
            let holding = accounts.iter().zip(beginnings).filter(|(_, beginning)| beginning.rights[right]);
            let holders = holding.map(|(account, beginning)| {
                let held_since = now - TimeDelta::days(if beginning.is_new { 3 } else { 30 });
                holder(account.id, held_since, held_since + TimeDelta::days(VOTE_DAYS), BTreeSet::new())
            });
            holders.collect::<Vec<_>>()
        };
        let rights = [holders(PLATFORM), holders(ORGANIZATION)];
        let honest = |holders: &Vec<Holder>| {
            holders.iter().map(|holder| holder.user).filter(|one| *one != user(0)).collect::<BTreeSet<_>>()
        };
        let honest_holders = rights.each_ref().map(honest);
        let (requests, faults, mailed) = (Vec::new(), Vec::new(), [BTreeSet::new(), BTreeSet::new()]);
        let has_second_holder = false;
        let mut world =
            Self { now, accounts, rights, honest_holders, requests, mailed, has_second_holder, faults };
        world.pass_time();
        world
    }

    /// Takes the step that a choice selects, if one is possible.
    pub(super) fn take(&mut self, choice: Choice) -> Option<Step> {
        let possible = self.possible(choice.kind);
        let step = *possible.get(choice.which.checked_rem(possible.len())?)?;
        match step {
            Step::Wait { hours } => self.now += TimeDelta::hours(hours),
            Step::Grant { by, to, right } => {
                let starts_at = self.holders(right).vote_starts_at(by, to, None, self.now);
                self.put(right, holder(to, self.now, starts_at, self.responsible(by)));
            }
            Step::Enter { by, to, moves_address } => self.enter(by, to, moves_address),
            Step::UseLink { whose } => self.use_link(whose),
            Step::Recover { whose } => self.recover(whose),
            Step::Endorse { by, to, right } => {
                let endorsed = self.holders(right).endorse(to, by, self.responsible(by), self.now);
                self.put(right, endorsed.unwrap());
            }
            Step::Ask { by, subject, right, grants } => self.ask(by, subject, right, grants),
            Step::Approve { by, request } => {
                let (right, approval) = self.requests[request].clone();
                self.make(request, approval.decide(by, true, &self.holders(right), self.now).unwrap());
            }
            Step::RemoveAlone { to, right } => self.remove_alone(to, right),
            Step::GiveUp { by, right } => self.give_up(by, right),
            Step::Strip { to, right } => self.lose(right, to),
        }
        self.pass_time();
        self.settle();
        self.check_votes();
        Some(step)
    }

    fn possible(&self, kind: Kind) -> Vec<Step> {
        let all: Vec<UserId> = self.accounts.iter().map(|account| account.id).collect();
        let honest: Vec<UserId> = HONEST.map(|index| all[index]).collect();
        let acting: Vec<UserId> =
            all.iter().copied().filter(|one| self.account(*one).is_controlled).collect();
        let holders = [self.holders(PLATFORM), self.holders(ORGANIZATION)];
        let holds = |one: UserId, right: usize| holders[right].find(one).is_some();
        let of_holders = |to: &[UserId]| {
            let by = (0..2).flat_map(|right| acting.iter().map(move |by| (*by, right)));
            let by = by.filter(|(by, right)| holds(*by, *right));
            let pairs = by.flat_map(|(by, right)| to.iter().map(move |to| (by, *to, right)));
            pairs.filter(|(by, to, _)| by != to).collect::<Vec<_>>()
        };
        match kind {
            Kind::Wait => [1, 24, 72, 168, 168].map(|hours| Step::Wait { hours }).to_vec(),
            Kind::Grant => {
                let free = of_holders(&all).into_iter().filter(|(_, to, right)| !holds(*to, *right));
                free.map(|(by, to, right)| Step::Grant { by, to, right }).collect()
            }
            Kind::Enter => {
                let both = acting.iter().flat_map(|by| honest.iter().map(move |to| (*by, *to)));
                let allowed = both.filter(|(by, to)| self.may_enter(*by, *to));
                let ways =
                    |(by, to)| [false, true].map(|moves_address| Step::Enter { by, to, moves_address });
                allowed.flat_map(ways).collect()
            }
            Kind::UseLink => all.iter().map(|whose| Step::UseLink { whose: *whose }).collect(),
            Kind::Recover => honest.iter().map(|whose| Step::Recover { whose: *whose }).collect(),
            Kind::Endorse => {
                let may = |(by, to, right): &(UserId, UserId, usize)| {
                    holders[*right].endorse(*to, *by, self.responsible(*by), self.now).is_ok()
                };
                let allowed = of_holders(&all).into_iter().filter(may);
                allowed.map(|(by, to, right)| Step::Endorse { by, to, right }).collect()
            }
            Kind::Ask => {
                let ways = |(by, subject, right)| {
                    [false, true].map(|grants| Step::Ask { by, subject, right, grants }).into_iter()
                };
                of_holders(&all).into_iter().flat_map(ways).collect()
            }
            Kind::Approve => {
                let pairs =
                    acting.iter().flat_map(|by| (0..self.requests.len()).map(move |index| (*by, index)));
                let allowed = pairs.filter(|(by, index)| {
                    let (right, approval) = &self.requests[*index];
                    approval.decide(*by, true, &holders[*right], self.now).is_ok()
                });
                allowed.map(|(by, request)| Step::Approve { by, request }).collect()
            }
            Kind::RemoveAlone => {
                let allowed = of_holders(&all).into_iter().filter(|(_, to, right)| {
                    holders[*right].find(*to).is_some_and(|to| to.may_be_removed_alone(self.now))
                });
                allowed.map(|(_, to, right)| Step::RemoveAlone { to, right }).collect()
            }
            Kind::GiveUp => {
                let pairs = acting.iter().flat_map(|by| (0..2).map(move |right| (*by, right)));
                let allowed = pairs.filter(|(by, right)| {
                    holders[*right].find(*by).is_some_and(|own| own.may_give_up(self.now))
                });
                allowed.map(|(by, right)| Step::GiveUp { by, right }).collect()
            }
            Kind::Strip => {
                let held = of_holders(&all).into_iter().filter(|(_, to, right)| holds(*to, *right));
                held.map(|(_, to, right)| Step::Strip { to, right }).collect()
            }
        }
    }

    /// The holders of a right, with the current takeovers of their accounts.
    pub(super) fn holders(&self, right: usize) -> Holders {
        let current = self.rights[right].iter().map(|holder| {
            let takeovers = self.account(holder.user).takeovers.clone();
            Holder { takeovers, ..holder.clone() }
        });
        Holders::new(current.collect())
    }

    pub(super) fn recover(&mut self, whose: UserId) {
        let account = self.account_mut(whose);
        if !account.is_attackers {
            let address = account.original_address.clone();
            account.takeovers = Takeover::remaining_after_link(&account.takeovers, &address);
            (account.address, account.is_proved, account.is_controlled) = (address, true, false);
        }
    }

    pub(super) fn ask_in_the_name_of(
        &self,
        by: UserId,
        subject: UserId,
        right: usize,
        grants: bool,
    ) -> Approval {
        let (change, org) = match right {
            PLATFORM if grants => (CriticalChange::GrantPlatformRole(PlatformRole::Owner), None),
            PLATFORM => (CriticalChange::RemovePlatformOwner, None),
            _ => (CriticalChange::RemoveOwner, Some(OrgId(Uuid::nil()))),
        };
        let (id, requester) = (ApprovalId(Uuid::nil()), self.holders(right).requester(by, self.now));
        Approval::create(id, change, subject, org, "Why".to_owned(), requester, self.now)
    }

    fn account(&self, id: UserId) -> &Account {
        self.accounts.iter().find(|account| account.id == id).unwrap()
    }

    fn account_mut(&mut self, id: UserId) -> &mut Account {
        self.accounts.iter_mut().find(|account| account.id == id).unwrap()
    }

    fn holds(&self, one: UserId, right: usize) -> bool {
        self.holders(right).find(one).is_some()
    }

    fn responsible(&self, one: UserId) -> BTreeSet<UserId> {
        let holdings = self.rights.iter().flatten().filter(|holder| holder.user == one).cloned();
        responsible_for(one, &self.account(one).takeovers, &holdings.collect::<Vec<_>>(), self.now)
    }

    fn put(&mut self, right: usize, holder: Holder) {
        self.rights[right].retain(|known| known.user != holder.user);
        self.rights[right].push(holder);
    }

    fn lose(&mut self, right: usize, one: UserId) {
        let now = self.now;
        let held = self.rights[right].iter_mut().filter(|holder| holder.user == one);
        held.filter(|holder| holder.lost_at.is_none()).for_each(|holder| holder.lost_at = Some(now));
    }

    /// Nobody acts on an account above their own permissions; those of the platform are above those of the
    /// organization.
    fn may_enter(&self, by: UserId, to: UserId) -> bool {
        let is_within = |right| !self.holds(to, right) || self.holds(by, right) || self.holds(by, PLATFORM);
        by != to && is_within(PLATFORM) && is_within(ORGANIZATION)
    }

    fn enter(&mut self, by: UserId, to: UserId, moves_address: bool) {
        let (responsible, now) = (self.responsible(by), self.now);
        let account = self.account_mut(to);
        let address = Some(account.address.clone()).filter(|_| account.is_proved);
        let takeover = Takeover::record(&account.takeovers, responsible, address, now);
        account.takeovers.push(takeover);
        account.is_controlled = true;
        if moves_address {
            account.address = EmailAddress::parse(&format!("moved.{}@example.net", to.0)).unwrap();
            account.is_proved = false;
        }
    }

    /// The reader of the account's current mailbox uses a link that was sent to it.
    fn use_link(&mut self, whose: UserId) {
        let account = self.account_mut(whose);
        let is_moved = account.address != account.original_address;
        account.takeovers = Takeover::remaining_after_link(&account.takeovers, &account.address);
        account.is_proved = true;
        account.is_controlled = account.is_attackers || is_moved;
    }

    fn ask(&mut self, by: UserId, subject: UserId, right: usize, grants: bool) {
        let approval = self.ask_in_the_name_of(by, subject, right, grants);
        self.requests.push((right, approval.clone()));
        if approval.takes_effect == TakesEffect::Immediately {
            self.make(self.requests.len() - 1, approval.pass(self.now));
        }
    }

    fn settle(&mut self) {
        for index in 0..self.requests.len() {
            let (right, approval) = self.requests[index].clone();
            match approval.settle(&self.holders(right), &BTreeSet::new(), self.now) {
                Some(settled) if settled.verdict.is_some() => self.make(index, settled),
                Some(expired) => self.requests[index].1 = expired,
                None => {}
            }
        }
    }

    fn make(&mut self, index: usize, made: Approval) {
        let right = self.requests[index].0;
        let is_early = self.now < made.requested_at + TimeDelta::days(VOTE_DAYS);
        let has_two = self.mailed[right].len() >= 2 && made.takes_effect != TakesEffect::Immediately;
        if is_early && !has_two && self.somebody_else_held(right) {
            self.faults.push(format!("made early: {made:?}"));
        }
        match made.change {
            CriticalChange::GrantPlatformRole(_) if !self.holds(made.subject, right) => {
                let approved_by = made.verdict.and_then(|verdict| verdict.by);
                let (by, to) = (made.requested_by, made.subject);
                let starts_at = self.holders(right).vote_starts_at(by, to, approved_by, self.now);
                let granted_by = &made.requested_through | &self.responsible(by);
                self.put(right, holder(to, self.now, starts_at, granted_by));
            }
            CriticalChange::GrantPlatformRole(_) => {}
            _ => self.lose(right, made.subject),
        }
        self.requests[index].1 = made;
    }

    fn remove_alone(&mut self, to: UserId, right: usize) {
        let since = self.holders(right).find(to).unwrap().held_since;
        if since + TimeDelta::days(VOTE_DAYS) <= self.now {
            self.faults.push(format!("removed by one: {to:?}"));
        }
        self.lose(right, to);
    }

    fn give_up(&mut self, by: UserId, right: usize) {
        let is_mailed = self.holders(right).find(by).is_some_and(|holder| self.is_mailed(holder));
        if !self.account(by).is_attackers && !is_mailed {
            self.faults.push(format!("given up by another: {by:?}"));
        }
        self.lose(right, by);
    }

    /// Whether all others were notified seven days ago that this account got the right, and, for an honest
    /// person's account, that its vote was restored.
    fn is_mailed(&self, holder: &Holder) -> bool {
        let is_past = |since: DateTime<Utc>| since + TimeDelta::days(VOTE_DAYS) <= self.now;
        let endorsed = holder.endorsement.as_ref().is_some_and(|endorsement| is_past(endorsement.at));
        is_past(holder.held_since) && (endorsed || self.account(holder.user).is_attackers)
    }

    /// Whether an honest person held the right from the beginning, and never lost it for seven days.
    fn somebody_else_held(&self, right: usize) -> bool {
        !self.honest_holders[right].is_empty()
    }

    /// Updates the sets of those for whom seven days have passed.
    fn pass_time(&mut self) {
        let limit = self.now - TimeDelta::days(VOTE_DAYS);
        for right in [PLATFORM, ORGANIZATION] {
            let lost = |holder: &&Holder| holder.lost_at.is_some_and(|at| at <= limit);
            let lost: BTreeSet<UserId> = self.rights[right].iter().filter(lost).map(|one| one.user).collect();
            self.honest_holders[right].retain(|one| !lost.contains(one));
            let held = self.rights[right].iter().filter(|holder| holder.lost_at.is_none());
            let controlled = held.filter(|holder| self.account(holder.user).is_controlled);
            let mailed = controlled.filter(|holder| self.is_mailed(holder)).map(|holder| holder.user);
            self.mailed[right].extend(mailed.collect::<Vec<_>>());
        }
    }

    /// Without a second holder of their own, the attacker never gets the vote of an account that they entered.
    fn check_votes(&mut self) {
        let granted = self.rights.iter().flatten().filter(|holder| at(100) <= holder.held_since);
        let mut granted = granted.filter(|holder| holder.lost_at.is_none());
        self.has_second_holder |=
            granted.any(|holder| holder.held_since + TimeDelta::days(VOTE_DAYS) <= self.now);
        let entered = self.accounts.iter().filter(|account| account.is_controlled && !account.is_attackers);
        let shared = (0..2).filter(|right| self.somebody_else_held(*right));
        let shared: Vec<Holders> = shared.map(|right| self.holders(right)).collect();
        let voting = |one: UserId| shared.iter().any(|holders| holders.is_effective(one, self.now));
        let entered: Vec<UserId> = entered.map(|account| account.id).filter(|one| voting(*one)).collect();
        if !entered.is_empty() && !self.has_second_holder {
            self.faults.push(format!("votes through accounts that were entered: {entered:?}"));
        }
    }

    /// Whether somebody who held the right when it was asked for, or less than seven days before, can deny it now.
    pub(super) fn all_can_deny(&self) -> bool {
        self.requests.iter().all(|(right, approval)| {
            let asked_then = |holder: &&Holder| {
                holder.held_since <= approval.requested_at
                    && holder.lost_at.is_none_or(|at| approval.requested_at < at + TimeDelta::days(VOTE_DAYS))
            };
            let can_deny = |one| approval.decide(one, false, &self.holders(*right), self.now).is_ok();
            approval.status(self.now) != ApprovalStatus::Pending
                || self.rights[*right].iter().filter(asked_then).all(|holder| can_deny(holder.user))
        })
    }
}

fn holder(
    user: UserId,
    held_since: DateTime<Utc>,
    vote_starts_at: DateTime<Utc>,
    granted_by: BTreeSet<UserId>,
) -> Holder {
    let takeovers = Vec::new();
    Holder { user, held_since, lost_at: None, vote_starts_at, granted_by, endorsement: None, takeovers }
}
