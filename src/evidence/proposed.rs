//! What is about to be done to permission sets and assignments, before anybody does it: read from a plan, and judged like
//! what is there.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::recording::required;
use super::{Boundary, Call, PolicyDocument, PolicyReference, Principal};

/// Everything that a plan would do, as far as it tells.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposed {
    /// The permission sets that it makes, changes or deletes.
    pub sets: Vec<ProposedSet>,
    /// The assignments that it makes.
    pub given: Vec<ProposedAssignment>,
    /// The assignments that it takes away.
    pub taken: Vec<TakenAssignment>,
    /// The customer managed policies that it makes, in accounts that it does not tell.
    pub policies: Vec<ProposedPolicy>,
    /// The instances that it speaks of.
    pub instances: Vec<ProposedInstance>,
    /// The customer managed policies that it deletes.
    #[serde(default)]
    pub gone_policies: Vec<GonePolicy>,
    /// The users and groups that it deletes.
    #[serde(default)]
    pub gone_people: Vec<GonePrincipal>,
    /// The users and groups that it makes.
    #[serde(default)]
    pub made_people: Vec<MadePrincipal>,
    /// The memberships that it makes.
    #[serde(default)]
    pub joined: Vec<ProposedMembership>,
    /// The memberships that it ends.
    #[serde(default)]
    pub left: Vec<EndedMembership>,
    /// The keys of the permission sets that may name more policies than it tells.
    #[serde(default)]
    pub in_part: BTreeSet<String>,
    /// What it does not tell before it is carried out.
    pub untold: Vec<Untold>,
}

/// A permission set that is made, changed or deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposedSet {
    /// Its ARN; where it has none yet, its address in the plan.
    pub key: String,
    /// Its name, where the plan tells.
    #[serde(deserialize_with = "required")]
    pub name: Option<String>,
    /// What becomes of it.
    pub fate: Fate,
    /// The addresses of all that makes or changes it.
    pub addresses: Vec<String>,
    /// The AWS managed policies that it names.
    pub aws_managed: Edit<String>,
    /// The customer managed policies that it names.
    pub customer_managed: Edit<PolicyReference>,
    /// Its permissions boundary; at most one.
    pub boundary: Edit<Boundary>,
    /// Its inline policy; at most one.
    pub inline: Edit<PolicyDocument>,
}

/// What becomes of a permission set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// It is made.
    Made,
    /// It is there and stays.
    Stays,
    /// It is there and deleted.
    Deleted,
}

/// What becomes of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit<T> {
    /// All that it holds from then on, whatever is there.
    #[serde(deserialize_with = "required")]
    pub only: Option<Vec<T>>,
    /// What is taken out of it.
    pub removed: Vec<T>,
    /// What is put into it.
    pub added: Vec<T>,
}

/// An assignment that is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposedAssignment {
    /// Where it stands in the plan.
    pub address: String,
    /// The keys of the permission sets that it may be of: of one, or where the plan leaves that open, of one of these.
    pub sets: Vec<String>,
    /// Whether the plan itself tells which.
    pub certain: bool,
    /// The account's id, where it is told.
    #[serde(deserialize_with = "required")]
    pub account: Option<String>,
    /// For whom, where it is told; of a user or group that the plan makes, the id is its address.
    #[serde(deserialize_with = "required")]
    pub principal: Option<Principal>,
    /// The users and groups of the plan that it may be for, where the plan leaves open for which.
    #[serde(default)]
    pub may_be_for: Vec<Principal>,
}

/// An assignment that is taken away.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakenAssignment {
    /// Where it stands in the plan.
    pub address: String,
    /// The permission set's ARN.
    pub permission_set: String,
    /// The account's id.
    pub account: String,
    /// From whom.
    pub principal: Principal,
}

/// A customer managed policy that is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposedPolicy {
    /// Where it stands in the plan.
    pub address: String,
    /// Its name and path.
    pub policy: PolicyReference,
}

/// A customer managed policy that is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GonePolicy {
    /// Where it stands in the plan.
    pub address: String,
    /// The account's id.
    pub account: String,
    /// Its name and path.
    pub policy: PolicyReference,
}

/// A user or group that is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GonePrincipal {
    /// Where it stands in the plan.
    pub address: String,
    /// Who.
    pub principal: Principal,
}

/// A user or group that is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MadePrincipal {
    /// Who; there is no id yet, so that it is the address in the plan.
    pub principal: Principal,
    /// The group's name or the user's, where the plan tells.
    #[serde(deserialize_with = "required")]
    pub name: Option<String>,
}

/// Whom a membership is of, as far as the plan tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidates {
    /// Ids, or addresses of those that the plan makes; none where it may be anybody.
    pub ids: Vec<String>,
    /// Whether the plan itself tells which.
    pub certain: bool,
}

/// A membership that is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposedMembership {
    /// Where it stands in the plan.
    pub address: String,
    /// In which group.
    pub group: Candidates,
    /// Which user.
    pub member: Candidates,
}

/// A membership that ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndedMembership {
    /// Where it stands in the plan.
    pub address: String,
    /// The group's id.
    pub group: String,
    /// The user's id.
    pub member: String,
}

/// An instance of Identity Center that something is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposedInstance {
    /// Its ARN.
    pub arn: String,
    /// The address of something that is of it.
    pub address: String,
}

/// Something that is told only once the plan is carried out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Untold {
    /// The call that will tell it then.
    pub call: Call,
    /// What is not told, in a sentence.
    pub message: String,
}

impl<T> Default for Edit<T> {
    fn default() -> Self {
        Self { only: None, removed: Vec::new(), added: Vec::new() }
    }
}

impl<T: Clone + PartialEq> Edit<T> {
    /// Whether nothing becomes of it.
    pub const fn is_none(&self) -> bool {
        self.only.is_none() && self.removed.is_empty() && self.added.is_empty()
    }

    /// What the list holds then.
    pub fn applied_to(&self, present: &[T]) -> Vec<T> {
        let mut list = self.only.clone().unwrap_or_else(|| present.to_vec());
        // What is taken out at one address and put in at another is in it.
        list.retain(|one| !self.removed.contains(one));
        for one in &self.added {
            if !list.contains(one) {
                list.push(one.clone());
            }
        }
        list
    }
}

impl ProposedSet {
    /// One of which nothing is known yet but what it is.
    pub fn new(key: String, fate: Fate) -> Self {
        Self {
            key,
            name: None,
            fate,
            addresses: Vec::new(),
            aws_managed: Edit::default(),
            customer_managed: Edit::default(),
            boundary: Edit::default(),
            inline: Edit::default(),
        }
    }
}

impl Candidates {
    /// The one that it is for certain.
    pub fn sure(&self) -> Option<&str> {
        match &self.ids[..] {
            [one] if self.certain => Some(one),
            _ => None,
        }
    }

    /// Whether it may be this one.
    pub fn may_be(&self, id: &str) -> bool {
        self.ids.is_empty() || self.ids.iter().any(|one| one == id)
    }
}

impl Proposed {
    /// Whether the plan makes this user or group.
    pub fn makes(&self, principal: &Principal) -> bool {
        self.made_people.iter().any(|made| made.principal == *principal)
    }

    /// Whether the plan deletes this user or group.
    pub fn deletes(&self, principal: &Principal) -> bool {
        self.gone_people.iter().any(|gone| gone.principal == *principal)
    }

    /// Whether it ends this membership.
    pub fn ends(&self, group: &str, member: &str) -> bool {
        self.left.iter().any(|one| one.group == group && one.member == member)
    }

    /// Whether it makes this membership for certain.
    pub fn joins(&self, group: &str, member: &str) -> bool {
        self.joined.iter().any(|one| one.group.sure() == Some(group) && one.member.sure() == Some(member))
    }

    /// A permission set, by its key.
    pub fn set(&self, key: &str) -> Option<&ProposedSet> {
        self.sets.iter().find(|set| set.key == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_edited_as_it_would_be() {
        let edit = |only: Option<Vec<u8>>, removed: &[u8], added: &[u8]| Edit {
            only,
            removed: removed.to_vec(),
            added: added.to_vec(),
        };
        assert_eq!(edit(None, &[], &[]).applied_to(&[1, 2]), [1, 2]);
        assert_eq!(edit(None, &[1], &[3, 2]).applied_to(&[1, 2]), [2, 3]);
        assert_eq!(edit(Some(vec![7]), &[], &[]).applied_to(&[1, 2]), [7]);
        assert_eq!(edit(None, &[1], &[1]).applied_to(&[1]), [1], "it moved from one address to another");
    }
}
