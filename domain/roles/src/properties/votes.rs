//! One person with several accounts never passes for two approvers (S001-30).

use proptest::prelude::*;
use proptest::test_runner::Config;

use super::attack::{World, beginnings, choices};
use crate::{ApprovalStatus, Vote};

/// More than the default, since attacks of many steps are rare among random ones.
const CASES: u32 = 3_000;

fn cases() -> Config {
    let default = Config::default();
    Config { cases: default.cases.max(CASES), ..default }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn s001_30_one_person_makes_no_critical_change_unless_all_others_were_notified_for_seven_days(
        beginnings in beginnings(),
        choices in choices(),
    ) {
        let mut world = World::new(&beginnings);
        let mut steps = Vec::new();
        for choice in choices {
            steps.extend(world.take(choice));
            prop_assert!(world.faults.is_empty(), "{:?} after {:?}", world.faults, steps);
        }
    }

    #[test]
    fn s001_30_one_person_cannot_block_the_honest_holders(
        beginnings in beginnings(),
        choices in choices(),
    ) {
        let mut world = World::new(&beginnings);
        for choice in choices {
            let step = world.take(choice);
            prop_assert!(world.all_can_deny(), "after {:?}", step);
        }
        for whose in world.accounts.iter().map(|account| account.id).collect::<Vec<_>>() {
            world.recover(whose);
        }
        for right in 0..2 {
            let holders = world.holders(right);
            let honest = world.accounts.iter().filter(|one| !one.is_controlled && one.was_proved);
            let honest: Vec<_> = honest.filter_map(|one| holders.find(one.id)).collect();
            prop_assert!(honest.iter().all(|one| one.vote(world.now) != Vote::Suspended));
            let voting = || honest.iter().filter(|one| one.vote(world.now) == Vote::Effective && one.endorsement.is_none());
            for (one, other) in voting().flat_map(|one| voting().map(move |other| (one.user, other.user))) {
                let approval = world.ask_in_the_name_of(one, world.accounts[6].id, right, true);
                let approved = approval.decide(other, true, &holders, world.now);
                let status = approved.map(|approved| approved.status(world.now)).ok();
                prop_assert_eq!(status, Some(ApprovalStatus::Approved).filter(|_| one != other));
            }
        }
    }
}
