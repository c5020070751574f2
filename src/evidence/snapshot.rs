//! What AWS said of a whole organization: the same facts as of one question, of many accounts and people.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::views::{InAccount, InInstance, Person, Terms};
use super::{
    About, Account, AccountFacts, AccountsOf, Answer, Assignment, AttachedPolicy, Call, Entitlement, Fact, Group,
    InstanceFacts, LastUsed, Member, Observed, PermissionSetEvidence, PolicyDocument, PolicyKind, Principal,
    RequestKind, RequestLog, RequestStatus, Role, Scope, Sharing, TargetPolicies, User, UserFacts, Version,
    choose_instance,
};

/// When roles were used last, by account and name.
type LastUses = BTreeMap<(String, String), Fact<Option<LastUsed>>>;

/// Everything known of an organization, and everything that could not be read. What is long is shared with its copies,
/// which ask something else of the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// What was asked.
    pub scope: Scope,
    /// When collecting ended, by the clock of the machine that asked.
    pub collected_at: Timestamp,
    /// How many requests AWS was sent, repeated ones included.
    pub calls: u32,
    /// How many of these went to Identity Center's administration, whose rate is the one that counts.
    pub sso_calls: u32,
    /// Whether it is from a file in which collecting never came to its end.
    pub cut_off: bool,
    /// The instance and its organization.
    pub shared: Sharing<InstanceFacts>,
    /// The accounts, by id.
    pub accounts: Sharing<BTreeMap<String, AccountFacts>>,
    /// All people of the identity store.
    pub people: Sharing<Fact<Vec<User>>>,
    /// All groups of the identity store.
    pub groups: Sharing<Fact<Vec<Group>>>,
    /// Who is in a group, by its id.
    pub members: Sharing<BTreeMap<String, Fact<Vec<Member>>>>,
    /// When roles of Identity Center were used last, by account and name.
    pub last_used: Sharing<LastUses>,
    /// What a user or group is entitled to, by application and by whom.
    pub entitlements_of: BTreeMap<(String, Principal), Fact<Vec<Entitlement>>>,
    /// What AWS lists for groups of the person asked about, by their ids.
    pub assignments_of: BTreeMap<String, Fact<Vec<Assignment>>>,
    /// The person asked about, where it was one.
    pub user: UserFacts,
    /// The organization's policies of each kind.
    pub policy_lists: BTreeMap<PolicyKind, Fact<Vec<AttachedPolicy>>>,
    /// What each of them is attached to, by its id.
    pub policy_targets: BTreeMap<String, Fact<Vec<String>>>,
}

impl Snapshot {
    /// Nothing was asked yet.
    pub fn unasked(scope: Scope) -> Self {
        let because = "the question is not about all of them";
        Self {
            scope,
            collected_at: Timestamp::now(),
            calls: 0,
            sso_calls: 0,
            cut_off: false,
            shared: InstanceFacts::unasked().into(),
            accounts: Sharing::default(),
            people: Fact::not_asked(Call::ListUsers, because).into(),
            groups: Fact::not_asked(Call::ListGroups, because).into(),
            members: Sharing::default(),
            last_used: Sharing::default(),
            entitlements_of: BTreeMap::new(),
            assignments_of: BTreeMap::new(),
            user: UserFacts::unasked(),
            policy_lists: BTreeMap::new(),
            policy_targets: BTreeMap::new(),
        }
    }

    /// With these answers, in the order in which they came.
    pub fn of(scope: Scope, answers: impl IntoIterator<Item = Answer>) -> Self {
        let mut snapshot = Self::unasked(scope);
        answers.into_iter().for_each(|answer| snapshot.apply(answer));
        snapshot
    }

    /// The instance, whatever the account.
    pub fn in_instance(&self) -> InInstance<'_> {
        let terms = Terms {
            profile: self.scope.profile.as_deref(),
            target_profile: self.scope.target_profile.as_deref(),
            collected_at: self.collected_at,
            asked: None,
        };
        InInstance::new(&self.shared, terms)
    }

    /// The person asked about, where it was one.
    pub fn person(&self) -> Person<'_> {
        let typed = match &self.scope.about {
            About::Person(typed) => typed,
            About::Everything(_) | About::BeforeAssign(_) | About::Planned(_) | About::Account(_) => "",
        };
        Person { user: &self.user, typed }
    }

    /// One of the accounts.
    pub fn in_account(&self, id: &str) -> Option<InAccount<'_>> {
        Some(self.in_instance().account(self.accounts.get(id)?))
    }

    /// The account's table row, made where there is none yet.
    fn account(&mut self, id: &str) -> &mut AccountFacts {
        self.accounts
            .entry(id.to_owned())
            .or_insert_with(|| AccountFacts { id: Some(id.to_owned()), ..AccountFacts::unasked() })
    }

    fn set(&mut self, arn: &str) -> &mut PermissionSetEvidence {
        self.shared.permission_sets.entry(arn.to_owned()).or_insert_with(|| {
            let because = "nothing that is known called for it";
            PermissionSetEvidence::of_name(Fact::not_asked(Call::DescribePermissionSet, because), because)
        })
    }

    fn requests(&mut self, kind: RequestKind) -> &mut RequestLog {
        match kind {
            RequestKind::Creation => &mut self.shared.creation,
            RequestKind::Deletion => &mut self.shared.deletion,
            RequestKind::Provisioning => &mut self.shared.provisioning,
        }
    }

    /// Takes in an answer; a later one of the same question counts. Nothing else writes here.
    pub fn apply(&mut self, answer: Answer) {
        match answer {
            Answer::Caller(fact) => self.shared.caller = fact,
            Answer::Organization(fact) => self.shared.organization = fact,
            Answer::Instances(fact) => self.shared.instances = fact,
            Answer::InstanceDetails(fact) => self.shared.instance_details = fact,
            Answer::Attributes(fact) => self.shared.attributes = fact,
            Answer::Accounts(fact) => self.take_accounts(fact),
            Answer::Account(id, fact) => self.account(&id).described = fact,
            Answer::Roots(fact) => self.shared.policies.roots = fact,
            Answer::Parent(child, fact) => drop(self.shared.policies.parents.insert(child, fact)),
            Answer::Attached(target, kind, fact) => {
                let because = "it was not asked for";
                let unasked = || Fact::not_asked(Call::ListPoliciesForTarget, because);
                let target = self.shared.policies.attached.entry(target);
                let target = target
                    .or_insert_with(|| TargetPolicies { service_control: unasked(), resource_control: unasked() });
                match kind {
                    PolicyKind::ServiceControl => target.service_control = fact,
                    PolicyKind::ResourceControl => target.resource_control = fact,
                }
            }
            Answer::Policies(kind, fact) => drop(self.policy_lists.insert(kind, fact)),
            Answer::PolicyTargets(id, fact) => drop(self.policy_targets.insert(id, fact)),
            Answer::PolicyDocument(id, fact) => drop(self.shared.policies.documents.insert(id, fact)),
            Answer::PermissionSets(fact) => self.shared.permission_set_arns = fact,
            Answer::PermissionSet(arn, fact) => self.set(&arn).described = fact,
            Answer::AwsManaged(arn, fact) => self.set(&arn).aws_managed = fact,
            Answer::CustomerManaged(arn, fact) => self.set(&arn).customer_managed = fact,
            Answer::Inline(arn, fact) => self.set(&arn).inline = fact,
            Answer::Boundary(arn, fact) => self.set(&arn).boundary = fact,
            Answer::AccountsOf(arn, version, fact) => {
                let of = self.shared.accounts_of.entry(arn).or_insert_with(AccountsOf::unasked);
                match version {
                    Version::Latest => of.latest = fact,
                    Version::Outdated => of.outdated = fact,
                }
            }
            Answer::SetsOf(id, version, fact) => {
                let account = self.account(&id);
                match version {
                    Version::Latest => account.provisioned_latest = fact,
                    Version::Outdated => account.provisioned_outdated = fact,
                }
            }
            Answer::Assignments(id, arn, fact) => drop(self.account(&id).assignments.insert(arn, fact)),
            Answer::Requests(kind, status, fact) => {
                let log = self.requests(kind);
                match status {
                    RequestStatus::InProgress => log.in_progress = fact,
                    RequestStatus::Failed => log.failed = fact,
                    RequestStatus::Succeeded => log.succeeded = fact,
                }
                log.undescribed = log.unseen();
            }
            Answer::Request(kind, id, fact) => {
                let log = self.requests(kind);
                log.described.insert(id, fact);
                log.undescribed = log.unseen();
            }
            Answer::Applications(fact) => self.shared.entitlements.applications = fact,
            Answer::Application(arn, fact) => drop(self.shared.entitlements.described.insert(arn, fact)),
            Answer::Entitlements(arn, id, fact) => drop(self.account(&id).entitlements.insert(arn, fact)),
            Answer::EntitlementsOf(arn, principal, fact) => drop(self.entitlements_of.insert((arn, principal), fact)),
            Answer::Entry(id, fact) => self.account(&id).inside.entry = fact,
            Answer::PoliciesIn(id, fact) => self.account(&id).inside.policies = fact,
            Answer::RolesIn(id, mut fact) => {
                share_trust_policies(&mut fact);
                self.account(&id).inside.roles = fact;
            }
            Answer::SamlProvidersIn(id, fact) => self.account(&id).inside.saml_providers = fact,
            Answer::QuotasIn(id, fact) => self.account(&id).inside.quotas = fact,
            Answer::EntitledRole(id, arn, fact) => drop(self.account(&id).inside.entitled_roles.insert(arn, fact)),
            Answer::LastUsed(id, role, fact) => drop(self.last_used.insert((id, role), fact)),
            Answer::AwsManagedPolicy(arn, fact) => self.take_aws_managed(&arn, &fact),
            Answer::People(fact) => *self.people = fact,
            Answer::Groups(fact) => *self.groups = fact,
            Answer::User(id, fact) => drop(self.shared.users.insert(id, fact)),
            Answer::Group(id, fact) => drop(self.shared.groups.insert(id, fact)),
            Answer::Members(id, fact) => drop(self.members.insert(id, fact)),
            Answer::Lookup(lookup) => {
                let same = |one: &super::UserLookup| one.by == lookup.by && one.value == lookup.value;
                self.user.lookups.retain(|one| !same(one));
                self.user.lookups.push(lookup);
            }
            Answer::Person(_, fact) => self.user.described = fact,
            Answer::Memberships(_, fact) => self.user.memberships = fact,
            Answer::AssignmentsOfPerson(_, fact) => self.user.for_principal = fact,
            Answer::AssignmentsOfGroup(id, fact) => drop(self.assignments_of.insert(id, fact)),
        }
    }

    /// The list describes each account too.
    fn take_accounts(&mut self, fact: Fact<Vec<Account>>) {
        for account in fact.known().into_iter().flatten() {
            let described = Fact { observed: Observed::Known(Some(account.clone())), ..like(&fact) };
            self.account(&account.id).described = described;
        }
        self.shared.accounts = fact;
    }

    /// AWS's own policies are the same in every account; that one was found in one of them holds for all.
    fn take_aws_managed(&mut self, arn: &str, fact: &Fact<Option<String>>) {
        for account in self.accounts.values_mut() {
            account.inside.aws_managed.insert(arn.to_owned(), fact.clone());
        }
    }

    /// What is attached to a target, as told by each policy's own list of targets.
    pub fn attach_policies(&mut self) {
        let mut targets: Vec<String> = self.accounts.keys().cloned().collect();
        for account in self.accounts.values() {
            let described = account.described.known().ok().and_then(Option::as_ref);
            let path = described.and_then(|account| account.path.as_deref()).unwrap_or_default();
            targets.extend(
                path.split('/').filter(|part| part.starts_with("r-") || part.starts_with("ou-")).map(str::to_owned),
            );
        }
        targets.sort_unstable();
        targets.dedup();
        for kind in [PolicyKind::ServiceControl, PolicyKind::ResourceControl] {
            let Some(listed) = self.policy_lists.get(&kind) else { continue };
            let attached = attached_of(listed, &self.policy_targets);
            let of_target = |target: &String| match &attached {
                Ok(by_target) => Fact {
                    observed: Observed::Known(by_target.get(target.as_str()).cloned().unwrap_or_default()),
                    ..like(listed)
                },
                Err(fact) => (**fact).clone(),
            };
            let facts: Vec<_> = targets.iter().map(of_target).collect();
            for (target, fact) in targets.iter().zip(facts) {
                self.apply(Answer::Attached(target.clone(), kind, fact));
            }
        }
    }

    /// The instance that rules over the organization's accounts.
    pub fn instance(&self) -> Option<&super::Instance> {
        let instances = self.shared.instances.known().ok()?;
        choose_instance(instances, self.shared.organization.known().ok(), self.shared.caller.known().ok())
    }
}

/// Roles that trust the same share the document, so that it is read once: in an account, Identity Center's all do.
fn share_trust_policies(roles: &mut Fact<Vec<Role>>) {
    let Observed::Known(roles) = &mut roles.observed else { return };
    let mut before: Option<PolicyDocument> = None;
    for document in roles.iter_mut().filter_map(|role| role.trust_policy.as_mut()) {
        match &before {
            Some(before) if before == document => *document = before.clone(),
            _ => before = Some(document.clone()),
        }
    }
}

/// Policies, by what they are attached to.
type ByTarget<'a> = BTreeMap<&'a str, Vec<AttachedPolicy>>;

/// Policies by what they are attached to; or the fact that keeps that from being known.
fn attached_of<'a>(
    listed: &'a Fact<Vec<AttachedPolicy>>,
    targets: &'a BTreeMap<String, Fact<Vec<String>>>,
) -> Result<ByTarget<'a>, Box<Fact<Vec<AttachedPolicy>>>> {
    let mut by_target: BTreeMap<&str, Vec<AttachedPolicy>> = BTreeMap::new();
    let policies = match &listed.observed {
        Observed::Known(policies) => policies,
        Observed::Missing(missing) => {
            return Err(Box::new(Fact { observed: Observed::Missing(missing.clone()), ..like(listed) }));
        }
    };
    for policy in policies {
        let unasked = Fact::not_asked(Call::ListTargetsForPolicy, "what the policy is attached to was not asked");
        let of_policy = targets.get(&policy.id).ok_or_else(|| Box::new(unasked))?;
        match &of_policy.observed {
            Observed::Known(rows) => {
                for target in rows {
                    by_target.entry(target).or_default().push(policy.clone());
                }
            }
            // It may be attached anywhere.
            Observed::Missing(missing) => {
                return Err(Box::new(Fact { observed: Observed::Missing(missing.clone()), ..like(of_policy) }));
            }
        }
    }
    Ok(by_target)
}

/// A fact of the same question, put at the same place and time.
fn like<T, U>(fact: &Fact<T>) -> Fact<U> {
    Fact {
        account: fact.account.clone(),
        region: fact.region.clone(),
        request_id: fact.request_id.clone(),
        at: fact.at,
        ..Fact::not_asked(fact.call, "")
    }
}
