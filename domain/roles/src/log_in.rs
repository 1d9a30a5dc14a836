/// How one membership stands when its member logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The membership is not suspended.
    pub membership_is_active: bool,
    /// The organization is not switched off (S003-6).
    pub org_is_active: bool,
}

/// Whether somebody with these memberships gets in (R16).
///
/// Without any membership he may look at `/me`; with some, at least one has to count unless a platform role does.
pub fn may_log_in(memberships: &[Standing], has_platform_role: bool) -> bool {
    has_platform_role
        || memberships.is_empty()
        || memberships.iter().any(|m| m.membership_is_active && m.org_is_active)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s003_6_one_membership_that_counts_is_enough() {
        let standing = |membership_is_active, org_is_active| Standing { membership_is_active, org_is_active };
        assert!(may_log_in(&[], false));
        assert!(!may_log_in(&[standing(true, false)], false));
        assert!(!may_log_in(&[standing(false, true)], false));
        assert!(may_log_in(&[standing(true, false), standing(true, true)], false));
        assert!(may_log_in(&[standing(true, false)], true));
    }
}
