//! The policies that a session has of its own: what the role carries is what it gets now, and what the permission set
//! names is what the next provisioning brings.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::stack::{Content, Origin, Piece, Shows, Stack, Tier, TierKind, parse, read};
use crate::evidence::{Boundary, Gap, Gaps, InAccount, PermissionSetEvidence, Person, Role, RolePolicies};
use crate::iam_policy::{self, Policy};
use crate::model::permission_set_role;
use crate::model::{SetInAccount, ToCome};

/// What AWS writes into `AWSDenyAll`.
const DENY_ALL: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Sid":"DenyAll","Effect":"Deny","Action":["*"],"Resource":"*"}]}"#;

/// The policies of a session's own.
#[derive(Debug, Clone)]
pub struct Own<'a> {
    /// They, and the permissions boundary.
    pub stack: Stack<'a>,
    /// Whether they were read from the role; else the permission set's are told, which the role may not have yet.
    pub carried: bool,
    /// Whether AWS lists the permission set as provisioned in its latest version.
    pub latest: bool,
    /// Whether the role is known to be there.
    pub has_role: bool,
}

/// The policies that a session by this path has of its own. `Ok(None)`: there is no role, or not one
/// policy.
pub fn own<'a>(here: SetInAccount<'a>, person: Option<Person<'a>>) -> Result<Option<Own<'a>>, Gap> {
    let Some(OwnPolicies { tiers, is_carried, has_role }) = own_tiers(here)? else { return Ok(None) };
    let latest = here.provisioned().in_latest_version() == Ok(true);
    // Which boundary the role has is not read: an outdated one may have another.
    let carried = is_carried && (latest || tiers.len() == 1);
    Ok(Some(Own { stack: stack(here, person, tiers), carried, latest, has_role }))
}

/// The same policies, whatever is known of the calls of such a session.
pub(super) struct OwnPolicies<'a> {
    pub(super) tiers: Vec<Tier<'a>>,
    is_carried: bool,
    has_role: bool,
}

pub(super) fn own_tiers(here: SetInAccount<'_>) -> Result<Option<OwnPolicies<'_>>, Gap> {
    let set = here.permission_set(here.arn)?;
    // With the roles unread, the permission set still tells what its own should carry.
    let role = match permission_set_role::role_of(here) {
        Ok(None) if here.to_come.is_none() => return Ok(None),
        Ok(Some(role)) => Some(role),
        Ok(None) | Err(_) => None,
    };
    let carried = role.filter(|_| here.to_come.is_none()).and_then(|role| {
        let carried = here.inside().role_policies.get(&role.arn)?;
        of_role(here, role, carried)
    });
    let is_carried = carried.is_some();
    let pieces = carried.unwrap_or_else(|| of_set(here, set));
    if pieces.is_empty() {
        return Ok(None);
    }
    Ok(Some(OwnPolicies { tiers: with_boundary(here, set, pieces), is_carried, has_role: role.is_some() }))
}

/// The managed policies of the role, where they were read, and of the permission set, by ARN.
pub(super) fn managed_arns(here: SetInAccount<'_>, role: &Role) -> BTreeSet<String> {
    let account = here.account().id.as_deref().unwrap_or_default();
    let carried = here.inside().role_policies.get(&role.arn).and_then(|carried| carried.attached.known().ok());
    let mut arns: BTreeSet<String> = carried.into_iter().flatten().cloned().collect();
    if let Ok(set) = here.permission_set(here.arn) {
        arns.extend(set.aws_managed.known().into_iter().flatten().cloned());
        let references = set.customer_managed.known().into_iter().flatten();
        arns.extend(references.map(|reference| reference.arn(here.partition(), account)));
    }
    arns
}

/// The policies that the permission set names, whatever the role carries.
pub(super) fn named<'a>(here: SetInAccount<'a>, person: Option<Person<'a>>) -> Option<Stack<'a>> {
    let set = here.permission_set(here.arn).ok()?;
    let pieces = of_set(here, set);
    (!pieces.is_empty()).then(|| stack(here, person, with_boundary(here, set, pieces)))
}

fn with_boundary<'a>(here: SetInAccount<'a>, set: &'a PermissionSetEvidence, pieces: Vec<Piece<'a>>) -> Vec<Tier<'a>> {
    let boundary = boundary(here.in_account, set);
    let boundary = boundary.map(|piece| Tier { kind: TierKind::Boundary, pieces: vec![piece] });
    std::iter::once(Tier { kind: TierKind::Own, pieces }).chain(boundary).collect()
}

fn stack<'a>(here: SetInAccount<'a>, person: Option<Person<'a>>, tiers: Vec<Tier<'a>>) -> Stack<'a> {
    Stack::of(here.session(person), tiers, Gaps::default())
}

/// What the role carries. `None` where not all of it was read.
fn of_role<'a>(here: SetInAccount<'a>, role: &Role, carried: &'a RolePolicies) -> Option<Vec<Piece<'a>>> {
    let (attached, names) = (carried.attached.known().ok()?, carried.inline.known().ok()?);
    let set = here.permission_set(here.arn).ok();
    let of_set = set.and_then(|set| set.inline.known().ok()).and_then(Option::as_deref);
    let mut pieces = Vec::new();
    for inline in names {
        let fact = carried.documents.get(inline)?;
        let text = fact.known().ok()?.as_deref();
        let name = if text.is_some_and(|text| of_set.is_some_and(|of_set| iam_policy::is_same(text, of_set))) {
            format!("the inline policy of permission set {}", here.label())
        } else {
            format!("inline policy {inline} of role {}", role.name)
        };
        let content = read(fact, &name);
        pieces.push(Piece { origin: Origin::Inline, called: Some(name), arn: None, shown: fact, content });
    }
    pieces.extend(attached.iter().map(|arn| managed(here.in_account, arn, &carried.attached)));
    Some(pieces)
}

/// What the permission set names.
fn of_set<'a>(here: SetInAccount<'a>, set: &'a PermissionSetEvidence) -> Vec<Piece<'a>> {
    let label = here.label();
    let mut pieces = Vec::new();
    let unread = |name: &str, gap, shown: &'a dyn Shows| Piece {
        origin: Origin::Inline,
        called: Some(format!("the {name} of permission set {label}")),
        arn: None,
        shown,
        content: Content::Unread(gap),
    };
    let inline = format!("the inline policy of permission set {label}");
    match set.inline.known() {
        Ok(None) => {}
        Ok(Some(text)) => {
            let content = parse(&set.inline, &inline, text);
            pieces.push(Piece { origin: Origin::Inline, called: Some(inline), arn: None, shown: &set.inline, content });
        }
        Err(gap) => pieces.push(unread("inline policy", gap, &set.inline)),
    }
    match set.customer_managed.known() {
        Ok(references) => {
            let account = here.account().id.as_deref().unwrap_or_default();
            let arns = references.iter().map(|reference| reference.arn(here.partition(), account));
            pieces.extend(arns.map(|arn| managed(here.in_account, &arn, &set.customer_managed)));
        }
        Err(gap) => pieces.push(unread("customer managed policies", gap, &set.customer_managed)),
    }
    match set.aws_managed.known() {
        Ok(arns) => pieces.extend(arns.iter().map(|arn| managed(here.in_account, arn, &set.aws_managed))),
        Err(gap) => pieces.push(unread("AWS managed policies", gap, &set.aws_managed)),
    }
    if here.to_come == Some(ToCome::InPart) {
        let name = format!("what else permission set {label} will name");
        let (called, shown) = (Some(name), &set.inline);
        pieces.push(Piece { origin: Origin::Unlisted, called, arn: None, shown, content: Content::Assumed });
    }
    pieces
}

/// A managed policy, whoever owns it; `listed` shows that it is there.
fn managed<'a>(here: InAccount<'a>, arn: &str, listed: &'a dyn Shows) -> Piece<'a> {
    let last = arn.rsplit('/').next().unwrap_or(arn);
    let (origin, name) = if is_aws_managed(arn) {
        (Origin::AwsManaged, format!("AWS managed policy {last}"))
    } else {
        (Origin::CustomerManaged, format!("customer managed policy {last}"))
    };
    let fact = here.inside().policy_documents.get(arn);
    let content = match (well_known(arn), fact) {
        (Some(content), _) => content,
        (None, Some(fact)) => read(fact, &name),
        (None, None) => Content::Assumed,
    };
    let is_read = fact.is_some_and(|fact| fact.known().is_ok()) && well_known(arn).is_none();
    let shown = fact.filter(|_| is_read).map_or(listed, |fact| fact);
    Piece { origin, called: Some(name), arn: Some(arn.to_owned()), shown, content }
}

fn boundary<'a>(here: InAccount<'a>, set: &'a PermissionSetEvidence) -> Option<Piece<'a>> {
    let arn = match set.boundary.known() {
        Ok(None) => return None,
        Ok(Some(boundary)) => boundary_arn(here, boundary),
        Err(gap) => {
            let (called, shown) = (Some("the permissions boundary".to_owned()), &set.boundary);
            let content = Content::Unread(gap);
            return Some(Piece { origin: Origin::CustomerManaged, called, arn: None, shown, content });
        }
    };
    let last = arn.rsplit('/').next().unwrap_or(&arn);
    let name = format!("permissions boundary {last}");
    let piece = managed(here, &arn, &set.boundary);
    let origin = if piece.origin == Origin::AwsManaged { Origin::AwsManagedBoundary } else { piece.origin };
    Some(Piece { origin, called: Some(name), ..piece })
}

/// The ARN of a permissions boundary in the account.
pub(super) fn boundary_arn(here: InAccount<'_>, boundary: &Boundary) -> String {
    let account = here.account().id.as_deref().unwrap_or_default();
    match boundary {
        Boundary::CustomerManaged(reference) => reference.arn(here.partition(), account),
        Boundary::AwsManaged(arn) => arn.clone(),
    }
}

/// Whether AWS keeps the policy.
pub(super) fn is_aws_managed(arn: &str) -> bool {
    arn.contains(":iam::aws:policy/")
}

/// What an AWS managed policy says that is known without reading it.
pub(super) fn well_known(arn: &str) -> Option<Content<'static>> {
    match arn.split_once(":iam::aws:policy/")?.1 {
        "AdministratorAccess" => Some(Content::Everything),
        "AWSDenyAll" => Policy::parse(DENY_ALL).ok().map(|policy| Content::Says(Cow::Owned(policy))),
        _ => None,
    }
}
