//! What a review asks of a way beside whether it works: whose it is, how far it reaches, since when, and whether it is used.

use jiff::Timestamp;

use super::AccessRow;
use crate::evidence::{PrincipalType, Snapshot};
use crate::model::organization::{privilege, user};

/// What a review asks of a way, as far as it was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct ForReview {
    /// The person's department.
    pub department: Option<String>,
    /// The person's manager.
    pub manager: Option<String>,
    /// The path of organizational units above the account, by their ids.
    pub units: Option<String>,
    /// What makes the permission set a privileged one; `Some(None)`: nothing of what was read.
    pub privileged: Option<Option<&'static str>>,
    /// Since when the person is in the group that gives it.
    pub member_since: Option<Timestamp>,
    /// When the role was used last, by whomever.
    pub role_last_used: Option<Timestamp>,
}

impl ForReview {
    /// Of a row, and of one person on it where that is known.
    pub(super) fn of(snapshot: &Snapshot, row: &AccessRow, person: Option<&str>) -> Self {
        let user = person.and_then(|id| user(snapshot, id).ok().flatten());
        let attribute = |path: &str| user.and_then(|user| user.attributes.get(path).cloned());
        let described = snapshot.accounts.get(&row.account.id).and_then(|account| account.described.known().ok());
        let path = described.and_then(Option::as_ref).and_then(|account| account.path.clone());
        let set = row.permission_set.as_ref();
        let members = snapshot.members.get(&row.via.id).filter(|_| row.via.kind == PrincipalType::Group);
        let members = members.and_then(|fact| fact.known().ok()).into_iter().flatten();
        let own = person.and_then(|id| members.into_iter().find(|member| member.user_id == id));
        let role = row.role_arn.as_deref().and_then(|arn| arn.rsplit('/').next());
        let last = role.and_then(|role| snapshot.last_used.get(&(row.account.id.clone(), role.to_owned())));
        Self {
            department: attribute("enterprise.department"),
            manager: attribute("enterprise.manager.value"),
            units: path.and_then(|path| Some(path.trim_end_matches('/').rsplit_once('/')?.0.to_owned())),
            privileged: set.and_then(|set| privilege(snapshot, &set.arn).ok()),
            member_since: own.and_then(|member| member.created),
            role_last_used: last.and_then(|fact| fact.known().ok()?.as_ref()?.at),
        }
    }
}
