/// What is known of the data that a member can see in one organization.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DataEvidence {
    /// Whether the membership exists, and is effective.
    pub belongs: bool,
    /// Whether the member's roles allow any access to requests.
    pub may_see_tickets: bool,
    /// Number of requests in the organization.
    pub tickets: i64,
    /// Number of requests that the member filed there.
    pub own_tickets: i64,
    /// Number of requests that the member sees there.
    pub visible_tickets: i64,
    /// Number of requests among those that the member must not see.
    pub strangers_tickets: i64,
    /// Number of requests that the member filed in other organizations.
    pub own_tickets_elsewhere: i64,
}

/// The checks for somebody who sees no data or the wrong data, in this order (S003-24).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataCheckKind {
    /// The membership exists, and is effective.
    CorrectOrganization,
    /// The member sees nothing beyond their scope.
    IsolationWorks,
    /// There are requests to see.
    DataExists,
}

/// A suggested fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataFix {
    /// Add the person to the organization, or reactivate the membership.
    AddMembership,
    /// Notify the platform administrators at once.
    ReportIncident,
    /// Look into the organization that has the person's requests.
    OtherOrganization,
    /// Assign a role that shows requests, or the right locations.
    GrantPermission,
    /// File the first request.
    FileRequest,
}

/// The result of all checks (S003-8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataVerdict {
    /// The member sees what they should.
    Healthy,
    /// The membership does not exist, or is not effective.
    WrongOrganization,
    /// The member's requests are in another organization.
    DataElsewhere,
    /// There are requests, and the member's permissions hide them or show too much.
    PolicyIssue,
    /// There are no requests yet.
    NoData,
}

/// One row of the diagnosis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataCheck {
    /// What was checked.
    pub kind: DataCheckKind,
    /// The suggested fix; `None` if the check passed.
    pub fix: Option<DataFix>,
}

impl DataCheckKind {
    /// The identifier in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CorrectOrganization => "correct_organization",
            Self::IsolationWorks => "isolation_works",
            Self::DataExists => "data_exists",
        }
    }
}

impl DataFix {
    /// The identifier in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AddMembership => "add_membership",
            Self::ReportIncident => "report_incident",
            Self::OtherOrganization => "look_elsewhere",
            Self::GrantPermission => "grant_permission",
            Self::FileRequest => "file_request",
        }
    }
}

impl DataVerdict {
    /// The identifier in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::WrongOrganization => "wrong_organization",
            Self::DataElsewhere => "data_elsewhere",
            Self::PolicyIssue => "policy_issue",
            Self::NoData => "no_data",
        }
    }
}

/// Checks why somebody sees no data, and returns the rows and the verdict.
pub fn diagnose_data(evidence: &DataEvidence) -> ([DataCheck; 3], DataVerdict) {
    let shows_too_much = evidence.strangers_tickets > 0 || !evidence.belongs && evidence.visible_tickets > 0;
    let is_hidden = evidence.visible_tickets == 0
        && (evidence.own_tickets > 0 || evidence.tickets > 0 && !evidence.may_see_tickets);
    let missing = match evidence {
        _ if evidence.visible_tickets > 0 => None,
        _ if is_hidden => Some(DataFix::GrantPermission),
        _ if evidence.own_tickets_elsewhere > 0 => Some(DataFix::OtherOrganization),
        _ => Some(DataFix::FileRequest),
    };
    let verdict = match missing {
        _ if shows_too_much => DataVerdict::PolicyIssue,
        _ if !evidence.belongs => DataVerdict::WrongOrganization,
        None => DataVerdict::Healthy,
        Some(DataFix::GrantPermission) => DataVerdict::PolicyIssue,
        Some(DataFix::OtherOrganization) => DataVerdict::DataElsewhere,
        Some(_) => DataVerdict::NoData,
    };
    let line = |kind, fix| DataCheck { kind, fix };
    let checks = [
        line(DataCheckKind::CorrectOrganization, (!evidence.belongs).then_some(DataFix::AddMembership)),
        line(DataCheckKind::IsolationWorks, shows_too_much.then_some(DataFix::ReportIncident)),
        line(DataCheckKind::DataExists, missing),
    ];
    (checks, verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s003_8_each_cause_leads_to_its_verdict() {
        let well = DataEvidence {
            belongs: true,
            may_see_tickets: true,
            tickets: 9,
            own_tickets: 2,
            visible_tickets: 2,
            strangers_tickets: 0,
            own_tickets_elsewhere: 0,
        };
        let verdict = |evidence: DataEvidence| diagnose_data(&evidence).1;
        assert_eq!(verdict(well), DataVerdict::Healthy);
        assert_eq!(
            verdict(DataEvidence { belongs: false, visible_tickets: 0, ..well }),
            DataVerdict::WrongOrganization
        );
        assert_eq!(verdict(DataEvidence { visible_tickets: 0, ..well }), DataVerdict::PolicyIssue);
        let leaking = DataEvidence { strangers_tickets: 1, ..well };
        assert_eq!(verdict(leaking), DataVerdict::PolicyIssue);
        assert_eq!(diagnose_data(&leaking).0[1].fix, Some(DataFix::ReportIncident));
        let none = DataEvidence { own_tickets: 0, visible_tickets: 0, ..well };
        assert_eq!(verdict(none), DataVerdict::NoData);
        assert_eq!(verdict(DataEvidence { may_see_tickets: false, ..none }), DataVerdict::PolicyIssue);
        assert_eq!(verdict(DataEvidence { own_tickets_elsewhere: 3, ..none }), DataVerdict::DataElsewhere);
        assert_eq!(verdict(DataEvidence { tickets: 0, ..none }), DataVerdict::NoData);
    }
}
