//! The questions that can be put to AWS, and their answers, each with what it is about. A record of an organization is a
//! list of these answers.

use serde::{Deserialize, Serialize};

use super::{
    AccessControlAttributes, Account, Application, Applications, Assignment, AttachedPolicy, Boundary, Call, Caller,
    CustomerPolicy, Entitlement, Fact, Group, Instance, InstanceDetails, LastUsed, Member, Membership, Organization,
    PermissionSet, PolicyDocument, PolicyKind, PolicyReference, Principal, Quotas, Request, RequestKind, RequestRow,
    RequestStatus, Role, Root, SamlProvider, TargetEntry, User, UserLookup, UserScan, Version,
};

macro_rules! questions {
    ($($(#[$doc:meta])+ $name:ident($($key:ident: $kind:ty),*) => $value:ty,)+) => {
        /// A question, with what it is about.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Want {
            $($(#[$doc])+ $name($($kind),*),)+
        }

        /// What came of a question.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Answer {
            $($(#[$doc])+ $name($($kind,)* Fact<$value>),)+
            /// A look-up of the person asked about.
            Lookup(UserLookup),
        }

        impl Answer {
            /// The question that it answers; `None`: a look-up, of which one person takes several.
            pub fn want(&self) -> Option<Want> {
                match self {
                    $(Self::$name($($key,)* _) => Some(Want::$name($($key.clone()),*)),)+
                    Self::Lookup(_) => None,
                }
            }

            /// Says in which account it was asked, where the question left before that was known.
            pub fn place(&mut self, account: &str) {
                match self {
                    $(Self::$name($($key,)* fact) => {
                        $(let _ = $key;)*
                        place(fact, account);
                    })+
                    Self::Lookup(lookup) => place(&mut lookup.found, account),
                }
            }

            /// The question as AWS was asked it, and whether it was answered.
            pub fn head(&self) -> Fact<()> {
                match self {
                    $(Self::$name($($key,)* fact) => {
                        $(let _ = $key;)*
                        head(fact)
                    })+
                    Self::Lookup(lookup) => head(&lookup.found),
                }
            }
        }
    };
}

fn place<T>(fact: &mut Fact<T>, account: &str) {
    fact.account.get_or_insert_with(|| account.to_owned());
}

fn head<T>(fact: &Fact<T>) -> Fact<()> {
    fact.view(|_| ())
}

questions! {
    /// Who asks.
    Caller() => Caller,
    /// Their organization.
    Organization() => Option<Organization>,
    /// The instances.
    Instances() => Vec<Instance>,
    /// What only `DescribeInstance` tells.
    InstanceDetails() => InstanceDetails,
    /// The attributes for access control.
    Attributes() => Option<AccessControlAttributes>,
    /// All accounts.
    Accounts() => Vec<Account>,
    /// One account.
    Account(id: String) => Option<Account>,
    /// The root of the organization.
    Roots() => Vec<Root>,
    /// What stands directly above an account or a unit.
    Parent(child: String) => String,
    /// What is attached to a target.
    Attached(target: String, kind: PolicyKind) => Vec<AttachedPolicy>,
    /// The organization's policies.
    Policies(kind: PolicyKind) => Vec<AttachedPolicy>,
    /// What one of them is attached to.
    PolicyTargets(id: String) => Vec<String>,
    /// What one of them says.
    PolicyDocument(id: String) => PolicyDocument,
    /// All permission sets.
    PermissionSets() => Vec<String>,
    /// A permission set's name.
    PermissionSet(arn: String) => Option<PermissionSet>,
    /// The AWS managed policies that it names.
    AwsManaged(arn: String) => Vec<String>,
    /// The customer managed policies that it names.
    CustomerManaged(arn: String) => Vec<PolicyReference>,
    /// Its inline policy.
    Inline(arn: String) => Option<PolicyDocument>,
    /// Its permissions boundary.
    Boundary(arn: String) => Option<Boundary>,
    /// The accounts that have it.
    AccountsOf(arn: String, version: Version) => Vec<String>,
    /// The permission sets that an account has.
    SetsOf(id: String, version: Version) => Vec<String>,
    /// Who is assigned a permission set in an account.
    Assignments(id: String, arn: String) => Vec<Assignment>,
    /// Requests of a kind.
    Requests(kind: RequestKind, status: RequestStatus) => Vec<RequestRow>,
    /// One of them.
    Request(kind: RequestKind, id: String) => Option<Request>,
    /// The applications of account access manager.
    Applications() => Applications,
    /// One of them.
    Application(arn: String) => Option<Application>,
    /// Who is entitled by one of them to a role in an account.
    Entitlements(arn: String, id: String) => Vec<Entitlement>,
    /// What a user or group is entitled to by one of them, in all accounts.
    EntitlementsOf(arn: String, principal: Principal) => Vec<Entitlement>,
    /// The way into an account.
    Entry(id: String) => TargetEntry,
    /// The customer managed policies of an account.
    PoliciesIn(id: String) => Vec<CustomerPolicy>,
    /// The roles of Identity Center in an account.
    RolesIn(id: String) => Vec<Role>,
    /// The SAML providers of an account.
    SamlProvidersIn(id: String) => Vec<SamlProvider>,
    /// What an account allows.
    QuotasIn(id: String) => Quotas,
    /// A role in an account that somebody is entitled to.
    EntitledRole(id: String, arn: String) => Option<Role>,
    /// When a role of Identity Center in an account was used last, by its name; `None`: it is gone.
    LastUsed(id: String, role: String) => Option<LastUsed>,
    /// Whether AWS has a policy of its own of this ARN.
    AwsManagedPolicy(arn: String) => Option<String>,
    /// All people.
    People() => Vec<User>,
    /// All groups.
    Groups() => Vec<Group>,
    /// One person.
    User(id: String) => Option<User>,
    /// One group.
    Group(id: String) => Option<Group>,
    /// Who is in a group.
    Members(id: String) => Vec<Member>,
    /// The person asked about.
    Person(id: String) => Option<User>,
    /// The groups that the person asked about is in.
    Memberships(id: String) => Vec<Membership>,
    /// What AWS lists for the person asked about, in all accounts.
    AssignmentsOfPerson(id: String) => Vec<Assignment>,
    /// What AWS lists for one of their groups, in all accounts.
    AssignmentsOfGroup(id: String) => Vec<Assignment>,
    /// Whoever is meant by what was typed, by everything that it may be, in order of precedence.
    LookUp(typed: String) => Vec<UserLookup>,
    /// What AWS lists for a user in one account, through groups too.
    AssignmentsIn(user: String, id: String) => Vec<Assignment>,
    /// The users whose names are close to what was typed.
    CloseUsers(typed: String) => UserScan,
    /// The group of a name.
    GroupNamed(name: String) => Option<String>,
    /// The permission sets that an account has, in whatever version.
    SetsIn(id: String) => Vec<String>,
    /// The managed policies that a role of an account carries, by its ARN.
    AttachedTo(id: String, role: String) => Vec<String>,
    /// The names of the inline policies that it carries.
    InlineNames(id: String, role: String) => Vec<String>,
    /// What one of these says.
    InlineOf(id: String, role: String, name: String) => Option<PolicyDocument>,
    /// What a managed policy says, in an account; with its default version, where that is known.
    ManagedPolicy(id: String, arn: String, version: Option<String>) => Option<PolicyDocument>,
}

impl Answer {
    /// The account that it is about, where it is about one and what that has.
    pub(super) fn account(&self) -> Option<&str> {
        match self {
            Self::Account(id, _)
            | Self::SetsOf(id, ..)
            | Self::Assignments(id, ..)
            | Self::Entitlements(_, id, _)
            | Self::Entry(id, _)
            | Self::PoliciesIn(id, _)
            | Self::RolesIn(id, _)
            | Self::SamlProvidersIn(id, _)
            | Self::QuotasIn(id, _)
            | Self::EntitledRole(id, ..)
            | Self::AttachedTo(id, ..)
            | Self::InlineNames(id, ..)
            | Self::InlineOf(id, ..)
            | Self::ManagedPolicy(id, ..) => Some(id),
            _ => None,
        }
    }

    /// The call.
    pub fn call(&self) -> Call {
        self.head().call
    }
}
