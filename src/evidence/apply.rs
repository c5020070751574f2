//! Takes in AWS's answers, each where it belongs. Nothing else writes facts that were asked for; a later answer to the same
//! question counts.

use std::collections::BTreeMap;

use super::{
    AccountFacts, AccountsOf, Answer, Call, Colleague, Elsewhere, Evidence, Fact, InstanceFacts, Observed,
    PermissionSetEvidence, PolicyKind, RequestKind, RequestLog, RequestStatus, RolePolicies, TargetPolicies, UserFacts,
    Version,
};

impl InstanceFacts {
    fn set(&mut self, arn: &str) -> &mut PermissionSetEvidence {
        self.permission_sets.entry(arn.to_owned()).or_insert_with(|| {
            let because = "nothing that is known called for it";
            PermissionSetEvidence::of_name(Fact::not_asked(Call::DescribePermissionSet, because), because)
        })
    }

    /// The requests of a kind.
    pub const fn requests(&self, kind: RequestKind) -> &RequestLog {
        match kind {
            RequestKind::Creation => &self.creation,
            RequestKind::Deletion => &self.deletion,
            RequestKind::Provisioning => &self.provisioning,
        }
    }

    const fn requests_mut(&mut self, kind: RequestKind) -> &mut RequestLog {
        match kind {
            RequestKind::Creation => &mut self.creation,
            RequestKind::Deletion => &mut self.deletion,
            RequestKind::Provisioning => &mut self.provisioning,
        }
    }

    /// Takes in an answer that is about no single account or person; hands back any other.
    pub(super) fn apply(&mut self, answer: Answer) -> Option<Answer> {
        match answer {
            Answer::Caller(fact) => self.caller = fact,
            Answer::Organization(fact) => self.organization = fact,
            Answer::Instances(fact) => self.instances = fact,
            Answer::InstanceDetails(fact) => self.instance_details = fact,
            Answer::Attributes(fact) => self.attributes = fact,
            Answer::Roots(fact) => self.policies.roots = fact,
            Answer::Parent(child, fact) => drop(self.policies.parents.insert(child, fact)),
            Answer::Attached(target, kind, fact) => {
                let unasked = || Fact::not_asked(Call::ListPoliciesForTarget, "it was not asked for");
                let target = self.policies.attached.entry(target);
                let target = target
                    .or_insert_with(|| TargetPolicies { service_control: unasked(), resource_control: unasked() });
                match kind {
                    PolicyKind::ServiceControl => target.service_control = fact,
                    PolicyKind::ResourceControl => target.resource_control = fact,
                }
            }
            Answer::PolicyDocument(id, fact) => drop(self.policies.documents.insert(id, fact)),
            Answer::PermissionSets(fact) => self.permission_set_arns = fact,
            Answer::PermissionSet(arn, fact) => self.set(&arn).described = fact,
            Answer::AwsManaged(arn, fact) => self.set(&arn).aws_managed = fact,
            Answer::CustomerManaged(arn, fact) => self.set(&arn).customer_managed = fact,
            Answer::Inline(arn, fact) => self.set(&arn).inline = fact,
            Answer::Boundary(arn, fact) => self.set(&arn).boundary = fact,
            Answer::AccountsOf(arn, version, fact) => {
                let of = self.accounts_of.entry(arn).or_insert_with(AccountsOf::unasked);
                match version {
                    Version::Latest => of.latest = fact,
                    Version::Outdated => of.outdated = fact,
                }
            }
            Answer::Requests(kind, status, fact) => {
                let log = self.requests_mut(kind);
                match status {
                    RequestStatus::InProgress => log.in_progress = fact,
                    RequestStatus::Failed => log.failed = fact,
                    RequestStatus::Succeeded => log.succeeded = fact,
                }
                log.undescribed = log.unseen();
            }
            Answer::Request(kind, id, fact) => {
                let log = self.requests_mut(kind);
                log.described.insert(id, fact);
                log.undescribed = log.unseen();
            }
            Answer::Applications(fact) => self.entitlements.applications = fact,
            Answer::Application(arn, fact) => drop(self.entitlements.described.insert(arn, fact)),
            Answer::User(id, fact) => drop(self.users.insert(id, fact)),
            Answer::Group(id, fact) => drop(self.groups.insert(id, fact)),
            other => return Some(other),
        }
        None
    }
}

impl AccountFacts {
    /// Takes in an answer about this account, or one to a question put in it.
    pub(super) fn apply(&mut self, answer: Answer) {
        match answer {
            Answer::Account(_, fact) => self.described = fact,
            Answer::SetsOf(_, Version::Latest, fact) => self.provisioned_latest = fact,
            Answer::SetsOf(_, Version::Outdated, fact) => self.provisioned_outdated = fact,
            Answer::Assignments(_, arn, fact) => drop(self.assignments.insert(arn, fact)),
            Answer::Entitlements(arn, _, fact) => drop(self.entitlements.insert(arn, fact)),
            Answer::Entry(_, fact) => self.inside.entry = fact,
            Answer::PoliciesIn(_, fact) => self.inside.policies = fact,
            Answer::RolesIn(_, fact) => self.inside.roles = fact,
            Answer::SamlProvidersIn(_, fact) => self.inside.saml_providers = fact,
            Answer::QuotasIn(_, fact) => self.inside.quotas = fact,
            Answer::EntitledRole(_, arn, fact) => drop(self.inside.entitled_roles.insert(arn, fact)),
            Answer::AwsManagedPolicy(arn, fact) => drop(self.inside.aws_managed.insert(arn, fact)),
            Answer::ManagedPolicy(_, arn, _, fact) => drop(self.inside.policy_documents.insert(arn, fact)),
            Answer::AttachedTo(_, role, fact) => self.carried(role).attached = fact,
            Answer::InlineNames(_, role, fact) => self.carried(role).inline = fact,
            Answer::InlineOf(_, role, name, fact) => drop(self.carried(role).documents.insert(name, fact)),
            _ => {}
        }
    }

    /// What a role carries.
    fn carried(&mut self, role: String) -> &mut RolePolicies {
        self.inside.role_policies.entry(role).or_insert_with(|| RolePolicies {
            attached: Fact::not_asked(Call::ListAttachedRolePolicies, "it was not asked for"),
            inline: Fact::not_asked(Call::ListRolePolicies, "it was not asked for"),
            documents: BTreeMap::new(),
        })
    }
}

impl UserFacts {
    /// The id that a look-up found.
    pub fn found(&self) -> Option<&str> {
        self.lookups.iter().find_map(|lookup| lookup.found.known().ok().and_then(Option::as_deref))
    }
}

impl Evidence {
    /// Takes in an answer.
    pub fn apply(&mut self, answer: Answer) {
        let Some(answer) = self.shared.apply(answer) else { return };
        match answer {
            Answer::Accounts(fact) => self.shared.accounts = fact,
            Answer::SetsIn(_, fact) => self.shared.provisioned_in_management = Some(fact),
            Answer::GroupNamed(_, fact) => self.asked_group = Some(fact),
            Answer::Account(id, fact) if self.account.id.as_ref() != Some(&id) => {
                self.user.elsewhere.iter_mut().for_each(|elsewhere| {
                    elsewhere.accounts.insert(id.clone(), fact.clone());
                });
            }
            Answer::LookUp(typed, fact) => {
                let lookups = fact.known().cloned().unwrap_or_default();
                let has_account = matches!(self.account_id(), Ok(Some(_)));
                self.people(|asked, _| asked == typed).for_each(|user| {
                    user.lookups.clone_from(&lookups);
                    if has_account && user.found().is_none() {
                        let because = "there is no such user, or they could not be looked up";
                        user.for_principal = Fact::not_asked(Call::ListAccountAssignmentsForPrincipal, because);
                    }
                });
            }
            Answer::CloseUsers(typed, fact) => {
                self.people(|asked, _| asked == typed).for_each(|user| user.scan = fact.clone());
            }
            Answer::Person(id, fact) => self.of_id(&id).for_each(|user| user.described = fact.clone()),
            Answer::Memberships(id, fact) => self.of_id(&id).for_each(|user| user.memberships = fact.clone()),
            Answer::AssignmentsIn(id, _, fact) => {
                self.of_id(&id).for_each(|user| user.for_principal = fact.clone());
            }
            Answer::AssignmentsOfPerson(_, mut fact) => {
                if let Observed::Known(rows) = &mut fact.observed {
                    rows.retain(|row| Some(&row.account) != self.account.id.as_ref());
                }
                self.user.elsewhere = Some(Elsewhere { assignments: fact, accounts: BTreeMap::new() });
            }
            other => self.account.apply(other),
        }
    }

    /// The user, the colleague or both, by what was typed and what is known.
    fn people(&mut self, is_meant: impl Fn(&str, &UserFacts) -> bool) -> impl Iterator<Item = &mut UserFacts> {
        let colleague = self.colleague.iter_mut().map(|Colleague { asked, user }| (asked.as_str(), &mut **user));
        let all = std::iter::once((self.question.user.as_str(), &mut self.user)).chain(colleague);
        all.filter(move |(asked, user)| is_meant(asked, user)).map(|(_, user)| user)
    }

    fn of_id(&mut self, id: &str) -> impl Iterator<Item = &mut UserFacts> {
        self.people(move |_, user| user.found() == Some(id))
    }
}
