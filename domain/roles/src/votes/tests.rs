use chrono::TimeDelta;
use orgs::OrgId;
use users::{DeletionRequest, EmailAddress, IdentityMethod};
use uuid::Uuid;

use super::*;
use crate::{
    Approval, ApprovalId, ApprovalRefused, ApprovalStatus, CriticalChange, PlatformPermission, PlatformRole,
};

const ALICE: UserId = UserId(Uuid::from_u128(1));
const BOB: UserId = UserId(Uuid::from_u128(2));
const CAROL: UserId = UserId(Uuid::from_u128(3));
const DAN: UserId = UserId(Uuid::from_u128(4));
const SUBJECT: UserId = UserId(Uuid::from_u128(9));

fn at(day: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(day)
}

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

/// A holder since day 0 with an effective vote.
fn holder(user: UserId) -> Holder {
    Holder {
        user,
        held_since: at(0),
        lost_at: None,
        vote_starts_at: at(0),
        granted_by: BTreeSet::new(),
        endorsement: None,
        takeovers: Vec::new(),
    }
}

fn new_holder(user: UserId, by: &[UserId], day: i64) -> Holder {
    let granted_by = by.iter().copied().collect();
    Holder { held_since: at(day), vote_starts_at: at(day + 7), granted_by, ..holder(user) }
}

fn entered(holder: Holder, by: &[UserId], day: i64) -> Holder {
    let takeover = Takeover::record(&holder.takeovers, by.iter().copied().collect(), None, at(day));
    Holder { takeovers: vec![takeover], ..holder }
}

fn endorsed(holder: Holder, by: UserId, day: i64) -> Holder {
    Holder { endorsement: Some(Endorsement { by: BTreeSet::from([by]), at: at(day) }), ..holder }
}

fn lost(holder: Holder, day: i64) -> Holder {
    Holder { lost_at: Some(at(day)), ..holder }
}

fn ask(holders: &Holders, by: UserId, day: i64) -> Approval {
    let (id, org) = (ApprovalId(Uuid::nil()), Some(OrgId(Uuid::nil())));
    let requester = holders.requester(by, at(day));
    Approval::create(id, CriticalChange::RemoveOwner, SUBJECT, org, "They left".into(), requester, at(day))
}

fn refusal(approval: &Approval, by: UserId, holders: &Holders, day: i64) -> Option<ApprovalRefused> {
    approval.decide(by, true, holders, at(day)).err()
}

#[test]
fn s001_30_every_change_needs_a_right_and_every_identifier_parses() {
    let deletion = CriticalChange::DeleteAccount(DeletionRequest {
        method: IdentityMethod::ALL[0],
        verified_by: ALICE,
        verified_at: at(0),
        notice_version: 1,
    });
    let org = Some(OrgId(Uuid::nil()));
    for (change, org, right) in [
        (&deletion, org, ApprovalRight::DeleteMemberAccounts),
        (&CriticalChange::RemoveOwner, org, ApprovalRight::ChangeOwners),
        (&CriticalChange::DemoteOwner(BTreeSet::new()), org, ApprovalRight::ChangeOwners),
        (&deletion, None, ApprovalRight::DeleteUsers),
        (&CriticalChange::RemovePlatformOwner, None, ApprovalRight::GrantPlatformRoles),
        (&CriticalChange::GrantPlatformRole(PlatformRole::Owner), None, ApprovalRight::GrantPlatformRoles),
    ] {
        assert_eq!(ApprovalRight::for_change(change, org), right);
    }
    for right in ApprovalRight::ALL {
        assert_eq!(ApprovalRight::parse(right.as_str()), Some(right));
        assert_eq!(right.member_permissions().is_empty(), right.platform_permission().is_some());
        assert_eq!(right.is_held_with(&PlatformPermission::ALL), right.platform_permission().is_some());
    }
    assert!(TakeoverAct::ALL.iter().all(|act| TakeoverAct::parse(act.as_str()) == Some(*act)));
    assert!(
        TakesEffect::ALL
            .iter()
            .all(|takes_effect| TakesEffect::parse(takes_effect.as_str()) == Some(*takes_effect))
    );
}

#[test]
fn s001_30_time_starts_a_vote_and_restores_none() {
    let new = new_holder(BOB, &[ALICE], 0);
    assert_eq!([6, 7].map(|day| new.vote(at(day))), [Vote::Starting { at: at(7) }, Vote::Effective]);
    let both = entered(new, &[ALICE], 1);
    assert_eq!([1, 400].map(|day| both.vote(at(day))), [Vote::Suspended; 2]);
}

#[test]
fn s001_30_a_link_restores_a_vote_only_from_an_address_proved_before_the_act() {
    let (old, new) = (address("old@example.org"), address("new@example.org"));
    let by = BTreeSet::from([ALICE]);
    let first = Takeover::record(&[], by.clone(), Some(old.clone()), at(1));
    let open = vec![first.clone()];
    let later = Takeover::record(&open, by.clone(), Some(new.clone()), at(2));
    assert_eq!(later.proved_address, Some(old.clone()), "the first act may have changed the address");
    let open = vec![first, later];
    assert_eq!(Takeover::remaining_after_link(&open, &new), open);
    assert_eq!(Takeover::remaining_after_link(&open, &old), []);
    let unproved = vec![Takeover::record(&[], by, None, at(1))];
    assert_eq!(Takeover::remaining_after_link(&unproved, &old), unproved);
}

#[test]
fn s001_30_the_vote_of_a_new_holder_starts_in_seven_days_unless_approved_or_without_others() {
    let starts = |holders: &[Holder], by, approved_by| {
        let starts_at = Holders::new(holders.to_vec()).vote_starts_at(by, DAN, approved_by, at(10));
        (starts_at - at(10)).num_days()
    };
    let two = [holder(ALICE), holder(BOB)];
    assert_eq!(starts(&two, ALICE, None), 7);
    assert_eq!(starts(&two, ALICE, Some(BOB)), 0, "another holder approved it");
    assert_eq!(starts(&two, ALICE, Some(ALICE)), 7);
    assert_eq!(starts(&[holder(ALICE), new_holder(BOB, &[ALICE], 9)], ALICE, Some(BOB)), 7, "without a vote");
    assert_eq!(starts(&[], ALICE, None), 0, "nobody held the right");
    assert_eq!(starts(&[holder(ALICE)], ALICE, None), 0, "nobody else held the right");
    assert_eq!(starts(&[holder(ALICE)], CAROL, None), 7, "granted by somebody without the right");
    assert_eq!(starts(&[entered(holder(ALICE), &[CAROL], 9)], ALICE, None), 7, "through the only holder");
    assert_eq!(starts(&[holder(ALICE), lost(holder(BOB), 4)], ALICE, None), 7, "a former holder");
    assert_eq!(starts(&[holder(ALICE), lost(holder(BOB), 3)], ALICE, None), 0, "seven days after the loss");
    assert_eq!(starts(&[holder(ALICE), lost(holder(DAN), 9)], ALICE, None), 7, "the same holder again");
}

#[test]
fn s001_30_a_vote_is_restored_by_a_holder_who_had_no_part_in_its_loss() {
    let carol = entered(holder(CAROL), &[ALICE], 8);
    let through_carol = responsible_for(CAROL, &carol.takeovers, &[], at(8));
    assert_eq!(through_carol, BTreeSet::from([ALICE, CAROL]));
    let bob = entered(holder(BOB), &through_carol.into_iter().collect::<Vec<_>>(), 8);
    let holders = Holders::new(vec![holder(ALICE), bob, carol, holder(DAN)]);
    let endorse = |by, through: &[UserId]| {
        let responsible = through.iter().copied().collect();
        holders.endorse(BOB, by, responsible, at(9)).map(|holder| holder.vote(at(9)))
    };
    assert_eq!(endorse(ALICE, &[ALICE]), Err(EndorsementRefused::Involved));
    assert_eq!(endorse(CAROL, &[CAROL]), Err(EndorsementRefused::NoVote));
    assert_eq!(endorse(BOB, &[BOB]), Err(EndorsementRefused::NoVote));
    assert_eq!(endorse(DAN, &[DAN, ALICE]), Err(EndorsementRefused::Involved), "Alice may be behind Dan");
    assert_eq!(endorse(DAN, &[DAN]), Ok(Vote::Effective));
    assert_eq!(endorse(SUBJECT, &[SUBJECT]), Err(EndorsementRefused::NoVote));
    let of = |user| holders.endorse(user, DAN, BTreeSet::from([DAN]), at(9)).err();
    assert_eq!(of(SUBJECT), Some(EndorsementRefused::NotAHolder));
    assert_eq!(of(ALICE), Some(EndorsementRefused::NotMissing));
    let again = entered(endorsed(holder(BOB), DAN, 9), &[ALICE], 10);
    assert_eq!(again.vote(at(11)), Vote::Suspended, "a later act takes it again");
}

#[test]
fn s001_30_a_new_vote_is_started_at_once_by_a_holder_who_did_not_grant_it() {
    let holders = Holders::new(vec![holder(ALICE), holder(BOB), new_holder(CAROL, &[ALICE], 9)]);
    let endorse = |by| holders.endorse(CAROL, by, BTreeSet::from([by]), at(10));
    assert_eq!(endorse(ALICE), Err(EndorsementRefused::Involved));
    let started = endorse(BOB).unwrap();
    assert_eq!((started.vote(at(10)), started.may_be_removed_alone(at(10))), (Vote::Effective, false));
}

#[test]
fn s001_30_granting_a_right_or_restoring_a_vote_makes_responsible_for_seven_days() {
    let started_at_once = Holder { vote_starts_at: at(0), ..new_holder(BOB, &[ALICE], 0) };
    let behind = |holding: &Holder, day| responsible_for(BOB, &[], std::slice::from_ref(holding), at(day));
    for holding in [started_at_once, endorsed(holder(BOB), ALICE, 0)] {
        assert_eq!(behind(&holding, 6), BTreeSet::from([ALICE, BOB]));
        assert_eq!(behind(&holding, 7), BTreeSet::from([BOB]));
    }
    let (bob, carol) = (endorsed(holder(BOB), ALICE, 8), holder(CAROL));
    let holders = Holders::new(vec![holder(ALICE), bob, carol]);
    let approval = ask(&holders, ALICE, 10);
    assert_eq!(refusal(&approval, BOB, &holders, 10), Some(ApprovalRefused::Involved));
    assert_eq!(refusal(&approval, BOB, &holders, 15), None);
    assert_eq!(refusal(&approval, CAROL, &holders, 10), None);
    let approval = ask(&holders, BOB, 10);
    assert_eq!(refusal(&approval, ALICE, &holders, 10), Some(ApprovalRefused::Involved));
    assert_eq!(refusal(&approval, CAROL, &holders, 10), None);
}

#[test]
fn s001_30_one_holder_removes_another_without_approval_only_until_the_vote_starts() {
    let new = new_holder(BOB, &[ALICE], 0);
    assert_eq!([6, 7].map(|day| new.may_be_removed_alone(at(day))), [true, false]);
    let both = entered(new, &[ALICE], 1);
    assert_eq!([6, 7].map(|day| both.may_be_removed_alone(at(day))), [true, false]);
    assert!(!entered(holder(BOB), &[ALICE], 1).may_be_removed_alone(at(2)));
}

#[test]
fn s001_30_nobody_gives_up_a_right_through_the_account_of_another() {
    assert!(holder(BOB).may_give_up(at(1)));
    assert!(!entered(holder(BOB), &[ALICE], 1).may_give_up(at(400)));
    let restored = endorsed(entered(holder(BOB), &[ALICE], 1), CAROL, 2);
    assert_eq!([3, 9].map(|day| restored.may_give_up(at(day))), [false, true]);
}

#[test]
fn s001_30_a_change_is_made_at_once_only_if_nobody_else_holds_the_right() {
    let takes_effect = |others: &[Holder]| {
        let all = others.iter().cloned().chain([holder(ALICE)]).collect();
        Holders::new(all).requester(ALICE, at(10)).takes_effect
    };
    assert_eq!(takes_effect(&[]), TakesEffect::Immediately);
    assert_eq!(takes_effect(&[holder(BOB)]), TakesEffect::AfterApproval);
    assert_eq!(takes_effect(&[entered(holder(BOB), &[ALICE], 9)]), TakesEffect::UnlessDenied);
    assert_eq!(takes_effect(&[new_holder(BOB, &[ALICE], 9)]), TakesEffect::UnlessDenied);
    assert_eq!(
        takes_effect(&[lost(holder(BOB), 4)]),
        TakesEffect::UnlessDenied,
        "lost less than seven days ago"
    );
    assert_eq!(takes_effect(&[lost(holder(BOB), 3)]), TakesEffect::Immediately);
    let entered = Holders::new(vec![entered(holder(ALICE), &[CAROL], 9)]);
    assert_eq!(
        entered.requester(ALICE, at(10)).takes_effect,
        TakesEffect::UnlessDenied,
        "Alice is somebody else"
    );
    assert_eq!(entered.requester(CAROL, at(10)).takes_effect, TakesEffect::UnlessDenied);
}

#[test]
fn s001_30_nobody_approves_what_they_may_have_requested_through_another_account() {
    let made = Holders::new(vec![holder(ALICE), holder(BOB), new_holder(CAROL, &[ALICE], 9)]);
    let approval = ask(&made, CAROL, 10);
    assert_eq!(refusal(&approval, ALICE, &made, 10), Some(ApprovalRefused::Involved));
    assert_eq!(refusal(&approval, BOB, &made, 10), None);
    let started = Holders::new(vec![holder(ALICE), holder(BOB), holder(CAROL)]);
    assert_eq!(
        refusal(&approval, ALICE, &started, 10),
        Some(ApprovalRefused::Involved),
        "as it was when asked"
    );
    let entered_by = |by| {
        let holders = Holders::new(vec![holder(ALICE), holder(BOB), entered(holder(CAROL), &[by], 9)]);
        [ALICE, BOB].map(|one| refusal(&ask(&holders, CAROL, 10), one, &holders, 10))
    };
    assert_eq!(entered_by(ALICE), [Some(ApprovalRefused::Involved), None]);
    assert_eq!(entered_by(DAN), [Some(ApprovalRefused::NotApprovable); 2], "nothing tells whose Dan is");
}

#[test]
fn s001_30_a_missing_vote_prevents_approving_and_never_denying() {
    let missing = [entered(holder(BOB), &[ALICE], 9), new_holder(CAROL, &[ALICE], 9), lost(holder(DAN), 9)];
    let holders = Holders::new(missing.into_iter().chain([holder(ALICE)]).collect());
    let approval = ask(&holders, ALICE, 10);
    let refused = [BOB, CAROL, DAN, SUBJECT].map(|by| refusal(&approval, by, &holders, 11));
    let starting = ApprovalRefused::NoVote(Vote::Starting { at: at(16) });
    let suspended = ApprovalRefused::NoVote(Vote::Suspended);
    let stranger = ApprovalRefused::NotAHolder;
    assert_eq!(refused, [suspended, starting, stranger, stranger].map(Some));
    for by in [ALICE, BOB, CAROL, DAN, SUBJECT] {
        let denied = approval.decide(by, false, &holders, at(16)).unwrap();
        assert_eq!(denied.status(at(16)), ApprovalStatus::Denied);
    }
    let stranger = UserId(Uuid::from_u128(8));
    assert_eq!(approval.decide(stranger, false, &holders, at(11)), Err(ApprovalRefused::NotAHolder));
}

#[test]
fn s001_30_without_another_vote_the_change_is_made_when_its_seven_days_end() {
    let waiting = Holders::new(vec![holder(ALICE), entered(holder(BOB), &[ALICE], 9)]);
    let restored = Holders::new(vec![holder(ALICE), holder(BOB)]);
    let approval = ask(&waiting, ALICE, 10);
    assert_eq!(approval.settle(&waiting, &BTreeSet::new(), at(17) - TimeDelta::seconds(1)), None);
    assert_eq!(approval.status(at(17)), ApprovalStatus::Pending);
    let made = approval.settle(&waiting, &BTreeSet::new(), at(17)).unwrap();
    assert_eq!((made.status(at(17)), made.verdict.and_then(|v| v.by)), (ApprovalStatus::Approved, None));
    assert_eq!(made.settle(&waiting, &BTreeSet::new(), at(18)), None);
    let expired = approval.settle(&restored, &BTreeSet::new(), at(17)).unwrap();
    assert_eq!(expired.status(at(17)), ApprovalStatus::Expired, "another vote became effective");
    let denied = approval.decide(BOB, false, &waiting, at(12)).unwrap();
    assert_eq!(denied.settle(&waiting, &BTreeSet::new(), at(17)), None);
    let approval = ask(&restored, ALICE, 10);
    assert_eq!(
        approval.settle(&waiting, &BTreeSet::new(), at(17)),
        None,
        "nobody was notified that silence makes it"
    );
    assert_eq!(approval.status(at(17)), ApprovalStatus::Expired);
}

#[test]
fn s001_30_a_holder_who_cannot_log_in_does_not_consent_by_silence() {
    let waiting = Holders::new(vec![holder(ALICE), entered(holder(BOB), &[ALICE], 9)]);
    let approval = ask(&waiting, ALICE, 10);
    let settled = |unable_to_object| {
        approval.settle(&waiting, &BTreeSet::from([unable_to_object]), at(17)).unwrap().status(at(17))
    };
    assert_eq!(settled(BOB), ApprovalStatus::Expired);
    assert_eq!(settled(ALICE), ApprovalStatus::Approved, "the requester is asked for nothing more");
}

#[test]
fn s001_30_an_account_the_operator_may_have_entered_has_no_vote_until_it_is_restored() {
    let old = address("old@example.org");
    let takeover = Takeover::record(&[], BTreeSet::new(), Some(old.clone()), at(9));
    assert_eq!(Takeover::remaining_after_link(std::slice::from_ref(&takeover), &old), []);
    let bob = Holder { takeovers: vec![takeover], ..holder(BOB) };
    assert_eq!([9, 400].map(|day| bob.vote(at(day))), [Vote::Suspended; 2]);
    assert!(!bob.may_give_up(at(400)));
    assert_eq!(responsible_for(BOB, &bob.takeovers, &[], at(10)), BTreeSet::from([BOB]));

    let holders = Holders::new(vec![holder(ALICE), bob.clone(), holder(CAROL)]);
    let of_alice = ask(&holders, ALICE, 10);
    assert_eq!(refusal(&of_alice, BOB, &holders, 10), Some(ApprovalRefused::NoVote(Vote::Suspended)));
    let of_bob = ask(&holders, BOB, 10);
    assert_eq!(of_bob.takes_effect, TakesEffect::AfterApproval);
    assert_eq!(refusal(&of_bob, ALICE, &holders, 10), Some(ApprovalRefused::NotApprovable), "may be Alice's");
    let restored = holders.endorse(BOB, ALICE, BTreeSet::from([ALICE]), at(10)).unwrap();
    assert_eq!(restored.vote(at(10)), Vote::Effective);
    let holders = Holders::new(vec![holder(ALICE), restored, holder(CAROL)]);
    let approval = ask(&holders, BOB, 11);
    assert_eq!(refusal(&approval, ALICE, &holders, 11), Some(ApprovalRefused::Involved));
    assert_eq!(refusal(&approval, CAROL, &holders, 11), None);

    let alone = Holders::new(vec![bob]);
    assert_eq!(
        alone.requester(BOB, at(10)).takes_effect,
        TakesEffect::UnlessDenied,
        "the operator is somebody else"
    );
}
