//! What a plan does to users, groups and who is in them.

use serde_json::Value;

use super::{GROUP, Reading, USER};
use crate::evidence::{
    Call, Candidates, EndedMembership, GonePrincipal, MadePrincipal, Principal, PrincipalType, ProposedMembership,
};
use crate::terraform::Resource;
use crate::terraform::references::{Origin, origin};
use crate::terraform::values::{Told, after, before, principal, text};

/// Users and groups by their resources, with what holds the id and the name.
const KINDS: [(PrincipalType, &str, &str, &str); 2] =
    [(PrincipalType::Group, GROUP, "group_id", "display_name"), (PrincipalType::User, USER, "user_id", "user_name")];

impl Reading<'_> {
    /// A user or group that the plan makes. It has no id yet.
    pub(super) fn known_principal(&mut self, resource: &Resource) {
        let of_type = KINDS.into_iter().find(|(_, kind, ..)| resource.r#type == *kind);
        let Some((kind, _, _, name)) = of_type else { return };
        if !resource.change.does("create") || resource.deposed.is_some() {
            return;
        }
        let name = text(after(resource, name)).map(str::to_owned);
        let principal = Principal { kind, id: resource.address.clone() };
        self.plan.made_people.push(MadePrincipal { principal, name });
    }

    /// A user or group that is deleted.
    pub(super) fn end_principal(&mut self, resource: &Resource) {
        for (kind, _, id, _) in KINDS.into_iter().filter(|(_, kind, ..)| resource.r#type == *kind) {
            match text(before(resource, id)).map(str::to_owned) {
                Some(id) => {
                    let principal = Principal { kind, id };
                    self.plan.gone_people.push(GonePrincipal { address: resource.address.clone(), principal });
                }
                None => self.untold(Call::DescribeGroup, resource, "who is deleted by the change"),
            }
        }
    }

    /// A membership that ends.
    pub(super) fn end_membership(&mut self, resource: &Resource) {
        match (text(before(resource, "group_id")), text(before(resource, "member_id"))) {
            (Some(group), Some(member)) => {
                let (group, member) = (group.to_owned(), member.to_owned());
                self.plan.left.push(EndedMembership { address: resource.address.clone(), group, member });
            }
            _ => self.untold(Call::ListGroupMemberships, resource, "which membership is deleted by the change"),
        }
    }

    /// A membership that is made.
    pub(super) fn begin_membership(&mut self, resource: &Resource) {
        let group = self.candidates(resource, "group_id", GROUP);
        let member = self.candidates(resource, "member_id", USER);
        for (found, what) in [(&group, "the group"), (&member, "the user")] {
            if found.ids.is_empty() {
                self.untold(Call::ListGroupMemberships, resource, what);
            }
        }
        let address = resource.address.clone();
        self.plan.joined.push(ProposedMembership { address, group, member });
    }

    /// Whom an attribute names: an id, or a user or group that the plan makes, by reference.
    fn candidates(&self, resource: &Resource, attribute: &str, wanted: &str) -> Candidates {
        if let Told::Value(Value::String(id)) = after(resource, attribute) {
            return Candidates { ids: vec![id.clone()], certain: true };
        }
        let may = |address: &str| self.plan.made_people.iter().any(|made| made.principal.id == address);
        let Origin { addresses, certain } = origin(self.file, resource, attribute, wanted, &may);
        Candidates { ids: addresses, certain }
    }

    /// For whom an assignment is; and where that is not told, for which of those that the plan makes it may be.
    pub(super) fn assigned_to(&self, resource: &Resource) -> (Option<Principal>, Vec<Principal>) {
        let told = after(resource, "principal_type");
        let principal = principal(told, after(resource, "principal_id"));
        if principal.is_some() {
            return (principal, Vec::new());
        }
        let is_of_kind = |kind: PrincipalType| text(told).is_none_or(|text| text == kind.as_str());
        let (mut list, mut certain) = (Vec::new(), true);
        for (kind, wanted, ..) in KINDS.into_iter().filter(|(kind, ..)| is_of_kind(*kind)) {
            let found = self.candidates(resource, "principal_id", wanted);
            certain &= found.certain || found.ids.is_empty();
            list.extend(found.ids.into_iter().map(|id| Principal { kind, id }));
        }
        match &list[..] {
            [one] if certain => (Some(one.clone()), Vec::new()),
            _ => (None, list),
        }
    }
}
