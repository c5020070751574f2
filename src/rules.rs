//! The rules: independent pure functions, each about one fault. Their causal order is data (the order of [`RULES`],
//! which follows [`Gate`]); what follows from several outcomes together is for `verdict` to say, never for a rule.

use crate::evidence::{Call, Evidence, Fact, Gap, Gaps, Principal};
use crate::paths::{Entitled, Path, Way};

mod account_not_active;
mod account_not_in_organization;
mod assignment_creating;
mod assignment_creation_failed;
mod assignment_deleting;
mod assignment_missing;
mod assignment_orphaned_principal;
mod assume_role_failed;
mod aws_managed_policy_missing;
mod customer_managed_policy_missing;
mod entitlement_application_not_active;
mod entitlement_role_trust_missing;
mod group_not_found;
mod instance_not_active;
mod not_in_assigned_group;
mod permission_set_empty;
mod permission_set_not_found;
mod permission_set_not_provisioned;
mod permission_set_outdated;
mod permission_sets_disabled;
mod permissions_boundary_missing;
mod policies_per_role_quota;
mod provisioning_failed;
mod provisioning_in_progress;
mod resource_control_policy_denies;
mod role_missing;
mod role_policies_differ;
mod role_trust_altered;
mod saml_provider_missing;
mod service_control_policy_denies_session;
mod session_tags_invalid;
mod sign_in_failed;
mod user_denied_by_policy;
mod user_disabled;
mod user_not_found;

pub use sign_in_failed::KEEPS_FAILING;

/// Every rule, in causal order: an earlier fault is the cause of a later one.
pub static RULES: &[&Rule] = &[
    &instance_not_active::RULE,
    &permission_sets_disabled::RULE,
    &account_not_in_organization::RULE,
    &account_not_active::RULE,
    &user_not_found::RULE,
    &user_disabled::RULE,
    &sign_in_failed::RULE,
    &group_not_found::RULE,
    &not_in_assigned_group::RULE,
    &permission_set_not_found::RULE,
    &assignment_missing::RULE,
    &assignment_orphaned_principal::RULE,
    &assignment_deleting::RULE,
    &entitlement_application_not_active::RULE,
    &customer_managed_policy_missing::RULE,
    &permissions_boundary_missing::RULE,
    &aws_managed_policy_missing::RULE,
    &policies_per_role_quota::RULE,
    &assignment_creating::RULE,
    &assignment_creation_failed::RULE,
    &provisioning_in_progress::RULE,
    &provisioning_failed::RULE,
    &permission_set_not_provisioned::RULE,
    &permission_set_outdated::RULE,
    &permission_set_empty::RULE,
    &role_missing::RULE,
    &role_trust_altered::RULE,
    &entitlement_role_trust_missing::RULE,
    &saml_provider_missing::RULE,
    &role_policies_differ::RULE,
    &resource_control_policy_denies::RULE,
    &service_control_policy_denies_session::RULE,
    &session_tags_invalid::RULE,
    &user_denied_by_policy::RULE,
    &assume_role_failed::RULE,
];

/// The stations between a person and an account, in causal order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// The Identity Center instance.
    Instance,
    /// The AWS account.
    Account,
    /// The user in the identity store.
    User,
    /// What CloudTrail says of the user's sign-ins.
    SignIn,
    /// The user's groups.
    Membership,
    /// The account assignment.
    Assignment,
    /// The policies that the permission set names.
    Policy,
    /// The permission set's copy in the account.
    Provisioning,
    /// The IAM role, and the SAML provider behind one of Identity Center.
    Role,
    /// The organization's policies above the account.
    OrganizationPolicy,
    /// The session: its tags and what its policies deny to this one user.
    Session,
    /// What AWS STS said when the user last tried.
    Federation,
}

impl Gate {
    /// Every gate, in causal order.
    pub const ALL: &[Self] = &[
        Self::Instance,
        Self::Account,
        Self::User,
        Self::SignIn,
        Self::Membership,
        Self::Assignment,
        Self::Policy,
        Self::Provisioning,
        Self::Role,
        Self::OrganizationPolicy,
        Self::Session,
        Self::Federation,
    ];

    /// The gate's name in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Account => "account",
            Self::User => "user",
            Self::SignIn => "sign-in",
            Self::Membership => "membership",
            Self::Assignment => "assignment",
            Self::Policy => "policy",
            Self::Provisioning => "provisioning",
            Self::Role => "role",
            Self::OrganizationPolicy => "organization-policy",
            Self::Session => "session",
            Self::Federation => "federation",
        }
    }

    /// Whether the gate only corroborates: a fault there counts, but not knowing spoils nothing, since CloudTrail's
    /// silence proves nothing either.
    pub const fn corroborates(self) -> bool {
        matches!(self, Self::SignIn | Self::Federation)
    }
}

/// One thing that can be wrong.
#[derive(Debug)]
pub struct Rule {
    /// The fault's name, kebab-case, never reused for another.
    pub id: &'static str,
    /// Where on the way it stands.
    pub gate: Gate,
    /// The fault in one line.
    pub summary: &'static str,
    /// What it means, how we know, how to fix: Markdown, and the project's documentation of the rule.
    pub explain: &'static str,
    /// How it is decided.
    pub check: Check,
}

/// What a rule looks at.
#[derive(Debug)]
pub enum Check {
    /// What every path shares.
    Shared(fn(&Evidence) -> Judged),
    /// One path through a permission set.
    PerPath(fn(&Evidence, &Path) -> Judged),
    /// One entitlement.
    PerEntitlement(fn(&Evidence, &Entitled) -> Judged),
    /// One way of either kind: the same fault, found in two places.
    PerWay(fn(&Evidence, &Path) -> Judged, fn(&Evidence, &Entitled) -> Judged),
}

/// What a rule says: `Err` where what it needs is not known.
pub type Judged = Result<Outcome, Gaps>;

/// What a rule concluded from what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Looked at, and not so.
    Clear,
    /// The question does not arise here.
    NotApplicable,
    /// It is so.
    Fault(Box<Fault>),
}

/// What a fault does to the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Keeps them out.
    Blocks,
    /// Lets them in to something old, less, or nothing.
    Degrades,
}

/// How sure it is that this is the cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// Shown by the state of things.
    Confirmed,
    /// Shown by an event, or another reading fits as well, or an earlier gate could not be read.
    Likely,
}

/// A fault that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What it does.
    pub effect: Effect,
    /// How sure the rule is of it.
    pub confidence: Confidence,
    /// What is wrong, in one or two plain sentences.
    pub message: String,
    /// Policies that come close to the one that is missing.
    pub near_misses: Vec<NearMiss>,
    /// Names close to the one that fits nothing.
    pub suggestions: Vec<String>,
    /// Users or groups that would mend it.
    pub candidates: Vec<Candidate>,
    /// What to do.
    pub fixes: Vec<Fix>,
    /// What shows it; never empty.
    pub proof: Vec<Citation>,
}

/// A policy that comes close to the one that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    /// Its ARN.
    pub arn: String,
    /// `case`, `path` or `spelling`.
    pub differs_in: &'static str,
}

/// A user or group that a fix could be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The user or group.
    pub principal: Principal,
    /// Its name, where known.
    pub name: Option<String>,
    /// The names of the permission sets it carries in the account.
    pub permission_sets: Vec<String>,
    /// The ARNs of the roles in the account that it is entitled to.
    pub roles: Vec<String>,
}

impl Candidate {
    /// What it gives, for people.
    pub fn grants(&self) -> Vec<String> {
        let roles = self.roles.iter().map(|arn| format!("role {}", arn.rsplit('/').next().unwrap_or(arn)));
        self.permission_sets.iter().cloned().chain(roles).collect()
    }
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What, as an imperative sentence.
    pub what: String,
    /// The command that does it, word by word; printed, never run.
    pub command: Option<Vec<String>>,
}

/// The fact that shows something, as found in the recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The call.
    pub call: Call,
    /// The account asked in.
    pub account: Option<String>,
    /// The Region asked.
    pub region: Option<String>,
    /// AWS's id for the request.
    pub request_id: Option<String>,
    /// When the answer came.
    pub at: Option<jiff::Timestamp>,
    /// What it says, in a few words.
    pub says: String,
}

impl<T> Fact<T> {
    /// Cites this fact.
    pub fn cite(&self, says: impl Into<String>) -> Citation {
        Citation {
            call: self.call,
            account: self.account.clone(),
            region: self.region.clone(),
            request_id: self.request_id.clone(),
            at: self.at,
            says: says.into(),
        }
    }
}

impl Fault {
    /// A fault that keeps the user out.
    pub fn blocks(message: impl Into<String>, proof: Citation) -> Self {
        Self::new(Effect::Blocks, message.into(), proof)
    }

    /// A fault that lets the user in to less than they should have.
    pub fn degrades(message: impl Into<String>, proof: Citation) -> Self {
        Self::new(Effect::Degrades, message.into(), proof)
    }

    /// A fault whose effect depends on whether the role still works.
    pub fn new(effect: Effect, message: String, proof: Citation) -> Self {
        Self {
            effect,
            confidence: Confidence::Confirmed,
            message,
            near_misses: Vec::new(),
            suggestions: Vec::new(),
            candidates: Vec::new(),
            fixes: Vec::new(),
            proof: vec![proof],
        }
    }

    /// Adds something to do.
    #[must_use]
    pub fn fix(mut self, what: impl Into<String>, command: Option<Vec<String>>) -> Self {
        self.fixes.push(Fix { what: what.into(), command });
        self
    }

    /// Adds what else shows it.
    #[must_use]
    pub fn proved_by(mut self, citation: Citation) -> Self {
        self.proof.push(citation);
        self
    }

    /// Says that it is not certain.
    #[must_use]
    pub fn likely(mut self) -> Self {
        self.confidence = Confidence::Likely;
        self
    }

    /// The outcome that holds it.
    pub fn found(self) -> Judged {
        Ok(Outcome::Fault(Box::new(self)))
    }
}

impl Rule {
    /// What the rule says of what all paths share; `None` for a rule about single paths.
    pub fn judge_shared(&self, evidence: &Evidence) -> Option<Judged> {
        match self.check {
            Check::Shared(check) => Some(check(evidence)),
            Check::PerPath(_) | Check::PerEntitlement(_) | Check::PerWay(..) => None,
        }
    }

    /// What the rule says of a way; `None` for a rule about what all share. A rule about the other kind of way does not
    /// apply.
    pub fn judge_way(&self, evidence: &Evidence, way: &Way) -> Option<Judged> {
        match (&self.check, way) {
            (Check::Shared(_), _) => None,
            (Check::PerPath(check) | Check::PerWay(check, _), Way::Assigned(path)) => Some(check(evidence, path)),
            (Check::PerEntitlement(check) | Check::PerWay(_, check), Way::Entitled(entitled)) => {
                Some(check(evidence, entitled))
            }
            (Check::PerPath(_), Way::Entitled(_)) | (Check::PerEntitlement(_), Way::Assigned(_)) => {
                Some(Ok(Outcome::NotApplicable))
            }
        }
    }
}

/// A value from inside the target account. Where it is missing because the account could not be entered, the reason
/// for that comes along.
pub fn inside_target<'a, T>(evidence: &Evidence, fact: &'a Fact<T>) -> Result<&'a T, Gaps> {
    fact.known().map_err(|gap| {
        let entry = evidence.target.entry.known().err().filter(|entry| entry.message != gap.message);
        Gaps(entry.into_iter().chain([gap]).collect::<Vec<Gap>>())
    })
}

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}
