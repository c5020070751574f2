//! The comparison with a colleague, for scripts.

use serde::Serialize;

use super::words::{Likeness, PathKind};
use super::{Fix, OpenGap, Via};
use crate::answers::comparison::{self, ColleagueWay, Comparison};
use crate::model::paths::Path;

/// Where the user and a colleague who has access differ.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Like<'a> {
    /// The colleague, by user name where it is known.
    user: &'a str,
    /// What the comparison comes to.
    outcome: Likeness,
    /// The comparison in a sentence or two.
    summary: &'a str,
    /// The colleague's ways to the account.
    paths: Vec<ColleaguePath<'a>>,
    /// Where the two differ, and what would make them alike.
    differences: Vec<Difference<'a>>,
    /// Names close to one that fits nobody.
    suggestions: &'a [String],
    /// What could not be read of the colleague.
    gaps: Vec<OpenGap<'a>>,
}

/// A way from the colleague to the account.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ColleaguePath<'a> {
    /// What it consists of.
    kind: PathKind,
    /// The permission set's name, where known; null for an entitlement.
    permission_set: Option<&'a str>,
    /// The permission set's ARN; null for an entitlement.
    permission_set_arn: Option<&'a str>,
    /// To whom it is given: the colleague or one of their groups.
    via: Via<'a>,
    /// The role in the account, for an entitlement.
    role_arn: Option<&'a str>,
    /// Whether the user has the same way; null where that is not known.
    shared: Option<bool>,
}

/// One thing in which the two differ.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Difference<'a> {
    /// In what, as a sentence.
    message: &'a str,
    /// What would make them alike; null where nothing is known that does.
    fix: Option<Fix<'a>>,
}

impl<'a> From<&'a Comparison> for Like<'a> {
    fn from(compared: &'a Comparison) -> Self {
        let difference = |one: &'a comparison::Difference| Difference {
            message: &one.message,
            fix: one.fix.as_ref().map(Fix::from),
        };
        Self {
            user: &compared.colleague,
            outcome: match compared.likeness {
                comparison::Likeness::Differs => Likeness::Differs,
                comparison::Likeness::Same => Likeness::Same,
                comparison::Likeness::NoModel => Likeness::NoModel,
                comparison::Likeness::NotFound => Likeness::NotFound,
                comparison::Likeness::Unknown => Likeness::Unknown,
            },
            summary: &compared.summary,
            paths: compared.ways.iter().map(ColleaguePath::from).collect(),
            differences: compared.differences.iter().map(difference).collect(),
            suggestions: &compared.suggestions,
            gaps: compared.gaps.iter().map(OpenGap::from).collect(),
        }
    }
}

impl<'a> From<&'a ColleagueWay> for ColleaguePath<'a> {
    fn from(found: &'a ColleagueWay) -> Self {
        let via = found.way.via();
        let (kind, permission_set_arn, role_arn) = match &found.way {
            Path::Assigned(path) => (PathKind::Assignment, Some(path.permission_set.as_str()), None),
            Path::Entitled(entitled) => (PathKind::Entitlement, None, Some(entitled.role_arn.as_str())),
        };
        Self {
            kind,
            permission_set: found.permission_set.as_deref(),
            permission_set_arn,
            via: Via { kind: via.kind.into(), id: &via.id, name: found.via_name.as_deref() },
            role_arn,
            shared: found.shared,
        }
    }
}
