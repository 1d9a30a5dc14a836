/// What is known of the data that somebody should see in one organization.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DataEvidence {
    /// He belongs to the organization, and both count.
    pub belongs: bool,
    /// His roles let him see requests at all.
    pub may_see_tickets: bool,
    /// Requests of the organization.
    pub tickets: i64,
    /// Requests that he filed there.
    pub own_tickets: i64,
    /// Requests that he sees there.
    pub visible_tickets: i64,
    /// Those among them that he must not see.
    pub strangers_tickets: i64,
    /// Requests that he filed in other organizations.
    pub own_tickets_elsewhere: i64,
}

/// What is looked at, in this order, when somebody sees no data or the wrong data (S003-24).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataCheckKind {
    /// He belongs to the organization that he looks at.
    CorrectOrganization,
    /// He sees no more than belongs to it.
    IsolationWorks,
    /// There is something to see.
    DataExists,
}

/// What helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataFix {
    /// Add the person to the organization, or let the member in again.
    AddMembership,
    /// Tell platform administrators at once.
    ReportIncident,
    /// Look into the organization where the person's requests are.
    LookElsewhere,
    /// Give a role that shows requests, or the right locations.
    GrantPermission,
    /// File the first request.
    FileRequest,
}

/// What it comes to (S003-8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataVerdict {
    /// He sees what he should.
    Healthy,
    /// He does not belong here, or that does not count.
    WrongOrganization,
    /// What he looks for is in another organization.
    DataElsewhere,
    /// There is something, and his rights hide it, or show too much.
    PolicyIssue,
    /// There is nothing yet.
    NoData,
}

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataCheck {
    /// What was looked at.
    pub kind: DataCheckKind,
    /// What helps; `None`: it is all right.
    pub fix: Option<DataFix>,
}

impl DataCheckKind {
    /// The word that stands for it in the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CorrectOrganization => "correct_organization",
            Self::IsolationWorks => "isolation_works",
            Self::DataExists => "data_exists",
        }
    }
}

impl DataFix {
    /// The word that stands for it in the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AddMembership => "add_membership",
            Self::ReportIncident => "report_incident",
            Self::LookElsewhere => "look_elsewhere",
            Self::GrantPermission => "grant_permission",
            Self::FileRequest => "file_request",
        }
    }
}

impl DataVerdict {
    /// The word that stands for it in the contract.
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

/// Why somebody sees no data, line by line, and what it comes to.
pub fn diagnose_data(evidence: &DataEvidence) -> ([DataCheck; 3], DataVerdict) {
    let shows_too_much = evidence.strangers_tickets > 0 || !evidence.belongs && evidence.visible_tickets > 0;
    let is_hidden = evidence.visible_tickets == 0
        && (evidence.own_tickets > 0 || evidence.tickets > 0 && !evidence.may_see_tickets);
    let missing = match evidence {
        _ if evidence.visible_tickets > 0 => None,
        _ if is_hidden => Some(DataFix::GrantPermission),
        _ if evidence.own_tickets_elsewhere > 0 => Some(DataFix::LookElsewhere),
        _ => Some(DataFix::FileRequest),
    };
    let verdict = match missing {
        _ if shows_too_much => DataVerdict::PolicyIssue,
        _ if !evidence.belongs => DataVerdict::WrongOrganization,
        None => DataVerdict::Healthy,
        Some(DataFix::GrantPermission) => DataVerdict::PolicyIssue,
        Some(DataFix::LookElsewhere) => DataVerdict::DataElsewhere,
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
    fn s003_8_each_cause_has_its_verdict() {
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
