//! What is known of one user.

use super::EARLIER;
use crate::evidence::{
    Assignment, Call, Elsewhere, EventLog, Fact, Membership, SignInEvidence, User, UserLookup, UserScan,
};

/// What is known of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserFacts {
    /// The exact look-ups, in order of precedence.
    pub lookups: Vec<UserLookup>,
    /// The user found; `None` where the id that was found leads nowhere any more.
    pub described: Fact<Option<User>>,
    /// Close names; asked for only when there is no such user.
    pub scan: Fact<UserScan>,
    /// The groups the user is in.
    pub memberships: Fact<Vec<Membership>>,
    /// What AWS lists for the user in the account asked about, through groups too. Never enough to conclude that there is
    /// nothing.
    pub for_principal: Fact<Vec<Assignment>>,
    /// What the user reaches in other accounts; asked for only where no way into this one was found.
    pub elsewhere: Option<Elsewhere>,
    /// The user's sign-ins.
    pub sign_ins: SignInEvidence,
    /// `AssumeRoleWithSAML` events in the account asked about, a fact for each Region looked in.
    pub role_events: Vec<Fact<EventLog>>,
}

impl UserFacts {
    /// Nothing was asked yet.
    pub fn unasked() -> Self {
        Self {
            lookups: Vec::new(),
            described: Fact::not_asked(Call::DescribeUser, EARLIER),
            scan: Fact::not_asked(Call::ListUsers, "no close names are needed"),
            memberships: Fact::not_asked(Call::ListGroupMembershipsForMember, EARLIER),
            for_principal: Fact::not_asked(Call::ListAccountAssignmentsForPrincipal, EARLIER),
            elsewhere: None,
            sign_ins: SignInEvidence::unasked(EARLIER),
            role_events: Vec::new(),
        }
    }

    /// The id that a look-up found.
    pub fn found(&self) -> Option<&str> {
        self.lookups.iter().find_map(|lookup| lookup.found.known().ok().and_then(Option::as_deref))
    }
}
