//! The rules: independent pure functions, each about one fault. Their causal order is data (the order of [`RULES`],
//! which follows [`Gate`]); what follows from several outcomes together is for `verdict` to say, never for a rule.

use std::collections::BTreeMap;

#[cfg(test)]
use crate::evidence::Evidence;
use crate::evidence::{InAccount, InInstance, Person, Principal};
use crate::findings::{Candidate, Citation, Fault, Fix, Gate, Judged, Outcome, registered};
#[cfg(test)]
use crate::model::paths::Paths;
use crate::model::paths::{self, Assigned, Entitled, Path};
use crate::model::{Case, Session, SetInAccount, Through, inside_target};

/// What a rule's own file says of it; its name and its page are the registry's.
macro_rules! rule {
    ($($field:ident: $value:expr),* $(,)?) => {
        pub(super) const RULE: Rule = Rule { id: "", explain: || "", $($field: $value),* };
    };
}

/// Every rule by its name, with its file.
macro_rules! registry {
    ($($id:literal => $module:ident,)*) => {
        $(mod $module;)*

        registered! {
            /// Every rule, in causal order: an earlier fault is the cause of a later one.
            RULES: Rule, "docs/rules/", $($id => $module::RULE,)*
        }
    };
}

registry! {
    "instance-not-active" => instance_not_active,
    "permission-sets-disabled" => permission_sets_disabled,
    "account-not-in-organization" => account_not_in_organization,
    "account-not-active" => account_not_active,
    "user-not-found" => user_not_found,
    "user-disabled" => user_disabled,
    "sign-in-failed" => sign_in_failed,
    "group-not-found" => group_not_found,
    "not-in-assigned-group" => not_in_assigned_group,
    "permission-set-not-found" => permission_set_not_found,
    "assignment-orphaned-principal" => assignment_orphaned_principal,
    "assignment-missing" => assignment_missing,
    "assignment-deleting" => assignment_deleting,
    "entitlement-application-not-active" => entitlement_application_not_active,
    "customer-managed-policy-missing" => customer_managed_policy_missing,
    "permissions-boundary-missing" => permissions_boundary_missing,
    "aws-managed-policy-missing" => aws_managed_policy_missing,
    "policies-per-role-quota" => policies_per_role_quota,
    "assignment-creating" => assignment_creating,
    "assignment-creation-failed" => assignment_creation_failed,
    "provisioning-in-progress" => provisioning_in_progress,
    "provisioning-failed" => provisioning_failed,
    "permission-set-not-provisioned" => permission_set_not_provisioned,
    "permission-set-outdated" => permission_set_outdated,
    "permission-set-empty" => permission_set_empty,
    "role-missing" => role_missing,
    "role-trust-altered" => role_trust_altered,
    "entitlement-role-trust-missing" => entitlement_role_trust_missing,
    "saml-provider-missing" => saml_provider_missing,
    "role-policies-differ" => role_policies_differ,
    "resource-control-policy-denies" => resource_control_policy_denies,
    "service-control-policy-denies-session" => service_control_policy_denies_session,
    "session-tags-invalid" => session_tags_invalid,
    "user-denied-by-policy" => user_denied_by_policy,
    "permission-set-denies-session" => permission_set_denies_session,
    "assume-role-failed" => assume_role_failed,
}

/// One thing that can be wrong.
#[derive(Debug)]
pub struct Rule {
    /// The fault's name, kebab-case, never reused for another.
    pub id: &'static str,
    /// Where on the way it stands.
    pub gate: Gate,
    /// The worst that the fault can do: what a rule that could not tell may be hiding.
    pub worst: Worst,
    /// What is so where the rule is clear, in a few words; empty where that says nothing to a reader.
    pub clear: &'static str,
    /// The fault in one line.
    pub summary: &'static str,
    /// What it means, how we know, how to fix: Markdown, and the project's documentation of the rule.
    pub explain: fn() -> &'static str,
    /// How it is decided.
    pub check: Check,
}

/// The worst that a fault can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worst {
    /// Keep the user out.
    Blocks,
    /// Keep them out while the account has no role for the permission set; leave a role that is there as it was.
    BlocksWithoutRole,
    /// Let them in to something old, less, or nothing.
    Degrades,
}

/// What a rule is about. A rule takes what it is about and no more, so that its type says whether it needs a person.
#[derive(Debug)]
pub enum Check {
    /// The instance.
    Instance(fn(InInstance<'_>) -> Judged),
    /// The instance, as far as it takes permission sets: whoever is entitled to a role needs none.
    PermissionSets(fn(InInstance<'_>) -> Judged),
    /// The account.
    Account(fn(InAccount<'_>) -> Judged),
    /// A permission set in the account, whoever it is assigned to.
    SetInAccount(fn(SetInAccount<'_>) -> Judged),
    /// An assignment of it, to this user or group.
    Assignment(fn(SetInAccount<'_>, &Principal) -> Judged),
    /// An entitlement.
    Entitlement(fn(InAccount<'_>, &Entitled) -> Judged),
    /// The role that either of them leads to: the same fault, found in two places.
    Role(fn(SetInAccount<'_>) -> Judged, fn(InAccount<'_>, &Entitled) -> Judged),
    /// A session that a way gives, to one person or to anybody.
    Session(fn(Session<'_>) -> Judged),
    /// A user, wherever they want to get in.
    User(fn(InInstance<'_>, Person<'_>) -> Judged),
    /// A user's session with a permission set in the account.
    UserInSession(fn(SetInAccount<'_>, Person<'_>) -> Judged),
    /// A session that a way gives to one person, as far as that person alone is meant.
    PersonInSession(fn(Session<'_>) -> Judged),
    /// The person, on one path through a permission set.
    PersonOnPath(fn(Case<'_>, &Assigned) -> Judged),
    /// The person.
    Person(fn(Case<'_>) -> Judged),
    /// What was asked: whether what was typed leads anywhere, and whether any way was found.
    Question(fn(Case<'_>) -> Judged),
    /// The same; and a permission set that a path leads through.
    QuestionAndSet(fn(Case<'_>) -> Judged, fn(SetInAccount<'_>) -> Judged),
}

/// What a rule says, and of which way; `None`: of what all of them share.
pub type Said = (Option<usize>, Judged);

impl Rule {
    /// What the rule says of a case: once of what all ways share, or of each way by its place in the list. A rule about
    /// the other kind of way does not apply.
    pub fn judge(&self, case: Case<'_>) -> Vec<Said> {
        match self.check {
            Check::Instance(check) => vec![(None, check(case.evidence.in_instance()))],
            Check::Account(check) => vec![(None, check(case.in_account()))],
            Check::Person(check) | Check::Question(check) => vec![(None, check(case))],
            Check::QuestionAndSet(check, check_set) => {
                // What is said of the question need not be said again of each path.
                let of_paths = of_sets(case, check_set).into_iter();
                let of_paths = of_paths.filter(|(_, judged)| matches!(judged, Ok(Outcome::Fault(_))));
                std::iter::once((None, check(case))).chain(of_paths).collect()
            }
            Check::PermissionSets(check) => of_permission_sets(case, check(case.evidence.in_instance())),
            Check::SetInAccount(check) => of_sets(case, check),
            Check::Assignment(check) => of_ways(case, |way| match way {
                Path::Assigned(path) => check(SetInAccount::of(case.in_account(), path), &path.via),
                Path::Entitled(_) => Ok(Outcome::NotApplicable),
            }),
            Check::Entitlement(check) => of_ways(case, |way| match way {
                Path::Assigned(_) => Ok(Outcome::NotApplicable),
                Path::Entitled(entitled) => check(case.in_account(), entitled),
            }),
            Check::Role(check, check_entitled) => of_ways(case, |way| match way {
                Path::Assigned(path) => check(SetInAccount::of(case.in_account(), path)),
                Path::Entitled(entitled) => check_entitled(case.in_account(), entitled),
            }),
            Check::Session(check) | Check::PersonInSession(check) => {
                of_ways(case, |way| check(Session::of(case.in_account(), Some(case.person()), way)))
            }
            Check::User(check) => vec![(None, check(case.evidence.in_instance(), case.person()))],
            Check::UserInSession(check) => of_ways(case, |way| match way {
                Path::Assigned(path) => check(SetInAccount::of(case.in_account(), path), case.person()),
                Path::Entitled(_) => Ok(Outcome::NotApplicable),
            }),
            Check::PersonOnPath(check) => of_ways(case, |way| match way {
                Path::Assigned(path) => check(case, path),
                Path::Entitled(_) => Ok(Outcome::NotApplicable),
            }),
        }
    }
}

impl Rule {
    /// What the rule says of the instance; `None` where it is about something else.
    pub fn judge_instance(&self, here: InInstance<'_>) -> Option<Judged> {
        match self.check {
            Check::Instance(check) | Check::PermissionSets(check) => Some(check(here)),
            _ => None,
        }
    }

    /// What the rule says of a permission set in an account, whoever gets it; `None` where it is about a person, about what
    /// was typed, or about a way of another kind.
    pub fn judge_set(&self, here: SetInAccount<'_>) -> Option<Judged> {
        match self.check {
            Check::Instance(check) | Check::PermissionSets(check) => Some(check(here.in_instance())),
            Check::Account(check) => Some(check(here.in_account)),
            Check::SetInAccount(check) | Check::Role(check, _) | Check::QuestionAndSet(_, check) => Some(check(here)),
            Check::Session(check) => Some(check(here.session(None))),
            Check::Assignment(_)
            | Check::Entitlement(_)
            | Check::User(_)
            | Check::UserInSession(_)
            | Check::PersonInSession(_)
            | Check::PersonOnPath(_)
            | Check::Person(_)
            | Check::Question(_) => None,
        }
    }

    /// What the rule says of one assignment of it; `None` where it is not about assignments.
    pub fn judge_assignment(&self, here: SetInAccount<'_>, principal: &Principal) -> Option<Judged> {
        match self.check {
            Check::Assignment(check) => Some(check(here, principal)),
            _ => None,
        }
    }

    /// What the rule says of a user, and of their session where that is given, whoever's it is; `None` where it is about
    /// something else, or hangs on what the user did.
    pub fn judge_user<'e>(
        &self,
        here: InInstance<'e>,
        session: Option<Session<'e>>,
        person: Person<'e>,
    ) -> Option<Judged> {
        match self.check {
            Check::User(check) => Some(check(here, person)),
            Check::UserInSession(check) => Some(check(session?.permission_set()?, person)),
            Check::PersonInSession(check) => Some(check(Session { person: Some(person), ..session? })),
            _ => None,
        }
    }

    /// Whether it may tell a user's session apart from everybody's; `is_aimed`: its policies mean somebody alone.
    pub const fn tells_apart(&self, is_aimed: bool) -> bool {
        matches!(self.check, Check::UserInSession(_)) || is_aimed && matches!(self.check, Check::PersonInSession(_))
    }

    /// What the rule says of an entitlement, whoever has it; `None` where it is about something else.
    pub fn judge_entitlement(&self, here: InAccount<'_>, entitled: &Entitled) -> Option<Judged> {
        match self.check {
            Check::Instance(check) => Some(check(here.in_instance())),
            Check::Account(check) => Some(check(here)),
            Check::Entitlement(check) | Check::Role(_, check) => Some(check(here, entitled)),
            Check::Session(check) => {
                Some(check(Session { in_account: here, person: None, through: Through::Entitlement(entitled) }))
            }
            Check::PermissionSets(_)
            | Check::SetInAccount(_)
            | Check::Assignment(_)
            | Check::User(_)
            | Check::UserInSession(_)
            | Check::PersonInSession(_)
            | Check::PersonOnPath(_)
            | Check::Person(_)
            | Check::Question(_)
            | Check::QuestionAndSet(..) => None,
        }
    }
}

fn of_ways(case: Case<'_>, check: impl Fn(&Path) -> Judged) -> Vec<Said> {
    case.paths.list.iter().enumerate().map(|(place, way)| (Some(place), check(way))).collect()
}

/// Paths through the same permission set share what is said of it.
fn of_sets(case: Case<'_>, check: fn(SetInAccount<'_>) -> Judged) -> Vec<Said> {
    let mut known: BTreeMap<(&str, Option<&Principal>), Judged> = BTreeMap::new();
    let mut said = Vec::new();
    for (place, way) in case.paths.list.iter().enumerate() {
        let Path::Assigned(path) = way else {
            said.push((Some(place), Ok(Outcome::NotApplicable)));
            continue;
        };
        let here = SetInAccount::of(case.in_account(), path);
        let judged = known.entry((here.arn, here.requested_for)).or_insert_with(|| check(here));
        said.push((Some(place), judged.clone()));
    }
    said
}

/// A fault that shuts every assignment is one of the instance where there is no other kind of way, and else of each
/// assignment.
fn of_permission_sets(case: Case<'_>, judged: Judged) -> Vec<Said> {
    if !matches!(judged, Ok(Outcome::Fault(_))) {
        return vec![(None, judged)];
    }
    match paths::is_entitled(case.evidence) {
        Ok(false) => vec![(None, judged)],
        Err(gaps) if case.paths.list.is_empty() => vec![(None, Err(gaps))],
        Ok(true) | Err(_) => {
            let assigned = case.paths.list.iter().enumerate().filter(|(_, way)| way.assigned().is_some());
            let each = assigned.map(|(place, _)| (Some(place), judged.clone()));
            std::iter::once((None, Ok(Outcome::NotApplicable))).chain(each).collect()
        }
    }
}

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// What a rule says of what all ways share.
#[cfg(test)]
fn shared(rule: &Rule, evidence: &Evidence) -> Judged {
    let paths = paths::find(evidence.asked());
    let said = rule.judge(Case { evidence, paths: &paths });
    said.into_iter().find(|(path, _)| path.is_none()).expect("a rule about what all ways share").1
}

/// What a rule says of one way.
#[cfg(test)]
fn on(rule: &Rule, evidence: &Evidence, way: Path) -> Judged {
    let paths = Paths { list: vec![way], ..Paths::default() };
    let said = rule.judge(Case { evidence, paths: &paths });
    said.into_iter().find(|(path, _)| path.is_some()).expect("a rule about ways").1
}

#[cfg(test)]
fn on_path(rule: &Rule, evidence: &Evidence, path: &Assigned) -> Judged {
    on(rule, evidence, Path::Assigned(path.clone()))
}

#[cfg(test)]
fn on_entitlement(rule: &Rule, evidence: &Evidence, entitled: &Entitled) -> Judged {
    on(rule, evidence, Path::Entitled(entitled.clone()))
}
