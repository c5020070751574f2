//! Which managed policies have to be read to tell what is left. Those of the account always, since one alone can deny
//! everything; AWS's own, which allow something, only where what they allow may be cut away.

use std::collections::BTreeSet;

use super::left::{is_for_lack, is_sweeping, under_organization};
use super::own::{boundary_arn, is_aws_managed, managed_arns, own, well_known};
use super::stack::{Content, Piece, Stack, TierKind};
use crate::evidence::{Call, Gaps, InAccount, Person};
use crate::iam_policy::{Effect, Effort, Key, Remaining, Says, remaining};
use crate::model::SetInAccount;
use crate::model::paths::Paths;
use crate::model::permission_set_role;

/// The ARNs of the policies that have not been asked for yet.
pub fn wanted(here: InAccount<'_>, person: Person<'_>, paths: &Paths) -> BTreeSet<String> {
    paths.assigned().flat_map(|path| wanted_of(SetInAccount::of(here, path), Some(person))).collect()
}

/// The gaps of policies that a set in an account hangs on and that were not asked for: that they allow something is taken
/// for granted, and that they deny nothing must not be.
pub fn unasked(here: SetInAccount<'_>, person: Option<Person<'_>>) -> Gaps {
    let gap = |arn: String| here.unasked(Call::GetPolicyVersion, format!("what policy {arn} says was not asked for"));
    Gaps(wanted_of(here, person).into_iter().map(gap).collect())
}

fn wanted_of(here: SetInAccount<'_>, person: Option<Person<'_>>) -> BTreeSet<String> {
    let Ok(Some(role)) = permission_set_role::role_of(here) else { return BTreeSet::new() };
    let boundary = here.permission_set(here.arn).ok().and_then(|set| set.boundary.known().ok());
    let boundary = boundary.and_then(Option::as_ref).map(|boundary| boundary_arn(here.in_account, boundary));
    let mut wanted = managed_arns(here, role);
    wanted.retain(|arn| is_unread(here.in_account, arn));
    // What AWS's own policies allow is seldom cut away: that is looked at only where one was not read.
    if wanted.iter().any(|arn| is_aws_managed(arn)) && !is_limited(here, person) {
        wanted.retain(|arn| !is_aws_managed(arn));
    }
    wanted.extend(boundary.filter(|arn| is_unread(here.in_account, arn)));
    wanted
}

/// Whether it is not known what a policy says that the account may have.
fn is_unread(here: InAccount<'_>, arn: &str) -> bool {
    let is_asked = here.inside().policy_documents.contains_key(arn);
    !is_asked && well_known(arn).is_none() && (is_aws_managed(arn) || may_be_there(here, arn))
}

/// Whether the account may have a policy: a permission set can name one that it has not.
fn may_be_there(here: InAccount<'_>, arn: &str) -> bool {
    here.inside().policies.known().map_or(true, |policies| policies.iter().any(|policy| policy.arn == arn))
}

/// Whether what AWS managed policies allow may all be cut away.
fn is_limited(here: SetInAccount<'_>, person: Option<Person<'_>>) -> bool {
    let stack = match under_organization(here.session(person)) {
        Ok(Some(stack)) => stack,
        Ok(None) | Err(_) => match own(here, person) {
            Ok(Some(own)) => own.stack,
            Ok(None) | Err(_) => return false,
        },
    };
    stack.reckon("limited", || is_cut_away(&stack))
}

fn is_cut_away(stack: &Stack<'_>) -> bool {
    let context = stack.context().clone().of_calls_to("-", Key::Absent);
    let denials = stack.tiers.iter().flat_map(|tier| &tier.pieces).filter_map(Piece::policy);
    let denials = denials.flat_map(|policy| &policy.statements).filter(|statement| {
        statement.effect == Effect::Deny
            && is_sweeping(statement, &context)
            && statement.applies_in(&context) == Ok(true)
    });
    let denials: Vec<_> = denials.collect();
    if denials.iter().any(|statement| is_for_lack(statement, &context)) {
        return true;
    }
    let is_limit = !denials.is_empty() || has_allow_list(stack);
    is_limit && remaining(&stack.layers(Says::Nothing), stack.context(), &Effort::default()) != Remaining::Something
}

/// Whether some level, or the boundary, does not allow everything.
fn has_allow_list(stack: &Stack<'_>) -> bool {
    let allows_all = |piece: &Piece<'_>| match &piece.content {
        Content::Everything | Content::Unread(_) => true,
        Content::Assumed => false,
        Content::Says(policy) => {
            policy.statements.iter().any(|one| one.effect == Effect::Allow && one.is_unconditional())
        }
    };
    let others = stack.tiers.iter().filter(|tier| tier.kind != TierKind::Own);
    others.into_iter().any(|tier| !tier.pieces.iter().any(allows_all))
}
