//! The organization's policies above the account, level by level, since AWS gives no merged result for these kinds.

use super::Plan;
use crate::evidence::{Answer, Call, Fact, PolicyKind, Want};
use crate::model::organization_policies::{allows_everything, chain, exemption, is_switched_on};

impl Plan<'_> {
    /// What is attached to the account and above it, and what it says; of the kinds that are switched on.
    pub(super) fn policies(&mut self) {
        let evidence = self.evidence;
        let Some(account) = evidence.account.id.as_deref() else { return };
        let because = match exemption(evidence.in_account()) {
            Ok(None) => None,
            Ok(Some(exempt)) => Some(exempt.to_owned()),
            Err(_) => Some("whether the organization's policies bind the account is not known".to_owned()),
        };
        if let Some(because) = because {
            self.leave(Answer::Roots(self.unasked_of_organization(Call::ListRoots, because)));
            return;
        }
        let are_roots_there = self.want(Want::Roots());
        let (targets, gaps) = chain(evidence.in_account(), account);
        if let Some(last) = targets.last().filter(|_| !gaps.0.is_empty()) {
            self.want(Want::Parent((*last).to_owned()));
            // What is below is attached to all the same, but the lists leave together.
            if !self.so_far.answered.contains(&Want::Parent((*last).to_owned())) {
                return;
            }
        }
        if !are_roots_there {
            return;
        }
        for target in targets {
            for kind in [PolicyKind::ServiceControl, PolicyKind::ResourceControl] {
                self.attached(target, kind);
            }
        }
    }

    fn attached(&mut self, target: &str, kind: PolicyKind) {
        let policies = &self.evidence.shared.policies;
        let because = match is_switched_on(&policies.roots, kind) {
            Ok(true) => None,
            Ok(false) => Some(format!("policies of type {} are switched off", kind.as_str())),
            Err(_) => Some(format!("whether policies of type {} are switched on is not known", kind.as_str())),
        };
        if let Some(because) = because {
            let list = self.unasked_of_organization(Call::ListPoliciesForTarget, because);
            self.leave(Answer::Attached(target.to_owned(), kind, list));
            return;
        }
        self.want(Want::Attached(target.to_owned(), kind));
        let listed = policies.attached.get(target).and_then(|target| target.of(kind).known().ok());
        let said = listed.into_iter().flatten().filter(|policy| !allows_everything(policy));
        self.want_all(said.map(|policy| Want::PolicyDocument(policy.id.clone())));
    }

    fn unasked_of_organization<T>(&self, call: Call, because: String) -> Fact<T> {
        let caller = self.evidence.caller.known().ok().map(|caller| caller.account.clone());
        Fact { account: caller, ..Fact::not_asked(call, because) }
    }
}
