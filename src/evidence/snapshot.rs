//! What AWS said of a whole organization: the same facts as of one question, of many accounts and people.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::views::{InAccount, InInstance, Person, Terms};
use super::{
    About, Account, AccountFacts, Answer, Assignment, AttachedPolicy, Call, Entitlement, Fact, Group, InstanceFacts,
    LastUsed, Member, Observed, PolicyKind, Principal, Scope, Sharing, User, UserFacts, choose_instance,
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
            reckoned: None,
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

    /// Takes in an answer; a later one of the same question counts. Nothing else writes here.
    pub fn apply(&mut self, answer: Answer) {
        let Some(answer) = self.shared.apply(answer) else { return };
        if let Some(id) = answer.account().map(str::to_owned) {
            self.account(&id).apply(answer);
            return;
        }
        match answer {
            Answer::Accounts(fact) => self.take_accounts(fact),
            Answer::Policies(kind, fact) => drop(self.policy_lists.insert(kind, fact)),
            Answer::PolicyTargets(id, fact) => drop(self.policy_targets.insert(id, fact)),
            Answer::EntitlementsOf(arn, principal, fact) => drop(self.entitlements_of.insert((arn, principal), fact)),
            Answer::LastUsed(id, role, fact) => drop(self.last_used.insert((id, role), fact)),
            Answer::AwsManagedPolicy(arn, fact) => self.take_aws_managed(&arn, &fact),
            Answer::People(fact) => *self.people = fact,
            Answer::Groups(fact) => *self.groups = fact,
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
            // What is asked for one question alone.
            _ => {}
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
