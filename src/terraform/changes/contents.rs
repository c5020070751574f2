//! What a plan puts into permission sets.

use serde_json::Value;

use super::{BOUNDARY, CUSTOMER, CUSTOMERS, INLINE, MANAGED, MANAGEDS, Reading};
use crate::evidence::{Call, Edit};
use crate::terraform::Resource;
use crate::terraform::references::Origin;
use crate::terraform::values::{Told, after, boundary, has_unknown, references};
use crate::wording;

impl Reading<'_> {
    /// What a permission set holds.
    pub(super) fn begin_content(&mut self, resource: &Resource) {
        let Origin { addresses, .. } = self.sets_of(resource);
        let grants = resource.r#type != BOUNDARY;
        let [key] = &addresses[..] else {
            if grants {
                self.fills_any |= addresses.is_empty();
                self.plan.in_part.extend(addresses.iter().cloned());
            }
            if !addresses.is_empty() {
                let which = wording::list(addresses, 5);
                self.untold(Call::DescribePermissionSet, resource, &format!("the permission set (one of {which})"));
            }
            return;
        };
        let unknown = |name: &str| resource.change.after_unknown.as_ref().and_then(|unknown| unknown.get(name));
        let address = &resource.address;
        match resource.r#type.as_str() {
            CUSTOMER | CUSTOMERS => {
                let member = "customer_managed_policy_reference";
                let named = references(after(resource, member), unknown(member));
                if named.untold {
                    self.plan.in_part.insert(key.clone());
                    let call = Call::ListCustomerManagedPolicyReferencesInPermissionSet;
                    self.untold(call, resource, "a policy's name or path");
                }
                let edit = &mut self.set(key, address).customer_managed;
                if resource.r#type == CUSTOMER {
                    edit.added.extend(named.known);
                } else {
                    edit.only = Some(named.known);
                }
            }
            MANAGED => {
                if let Told::Value(Value::String(arn)) = after(resource, "managed_policy_arn") {
                    self.set(key, address).aws_managed.added.push(arn.clone());
                } else {
                    self.plan.in_part.insert(key.clone());
                    self.untold(Call::ListManagedPoliciesInPermissionSet, resource, "the policy");
                }
            }
            MANAGEDS => {
                let mut only = Vec::new();
                let list = after(resource, "managed_policy_arns");
                let mut is_untold =
                    matches!(list, Told::Later) || unknown("managed_policy_arns").is_some_and(has_unknown);
                if let Told::Value(Value::Array(arns)) = list {
                    only.extend(arns.iter().filter_map(Value::as_str).map(str::to_owned));
                    is_untold |= only.len() < arns.len();
                }
                if is_untold {
                    self.plan.in_part.insert(key.clone());
                    self.untold(Call::ListManagedPoliciesInPermissionSet, resource, "a policy");
                }
                self.set(key, address).aws_managed.only = Some(only);
            }
            BOUNDARY => {
                let member = "permissions_boundary";
                match boundary(after(resource, member), unknown(member)) {
                    Some(boundary) => {
                        self.set(key, address).boundary = Edit { only: Some(vec![boundary]), ..Edit::default() };
                    }
                    None => self.untold(Call::GetPermissionsBoundaryForPermissionSet, resource, "the boundary"),
                }
            }
            INLINE => {
                let told = match after(resource, "inline_policy") {
                    Told::Value(Value::String(policy)) => Some(policy.as_str().into()),
                    _ => None,
                };
                if told.is_none() {
                    self.plan.in_part.insert(key.clone());
                    self.untold(Call::GetInlinePolicyForPermissionSet, resource, "the inline policy");
                }
                // Whatever it is, it is not the one that is there.
                self.set(key, address).inline = Edit { only: Some(told.into_iter().collect()), ..Edit::default() };
            }
            _ => {}
        }
    }
}
