//! What still has to be asked before the colleague can be told about.

use std::collections::BTreeSet;

use crate::evidence::{Evidence, PrincipalType};
use crate::model::Sides;
use crate::model::paths::Path;

/// What the colleague's ways lead through and has no name yet. What the user's own ways lead through is asked for on
/// their account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Groups, by id.
    pub groups: BTreeSet<String>,
    /// Permission sets, by ARN.
    pub permission_sets: BTreeSet<String>,
    /// The name of which close ones would help: there is no such colleague.
    pub close_to: Option<String>,
}

/// What the comparison still lacks.
pub fn wanted(evidence: &Evidence) -> Wanted {
    let Some(sides) = Sides::of(evidence) else { return Wanted::default() };
    let colleague = sides.colleague;
    let mut wanted = Wanted::default();
    if sides.colleague.user_id() == Ok(None) && colleague.user.scan.is_not_asked() {
        wanted.close_to = Some(colleague.typed().to_owned());
    }
    let ways = |side: &[Path]| {
        let groups = side.iter().map(Path::via).filter(|via| via.kind == PrincipalType::Group);
        let sets = side.iter().filter_map(Path::assigned).map(|path| path.permission_set.clone());
        (groups.map(|via| via.id.clone()).collect::<BTreeSet<_>>(), sets.collect::<BTreeSet<_>>())
    };
    let (own_groups, own_sets) = ways(&sides.users_ways.list);
    let (groups, sets) = ways(&sides.colleagues_ways.list);
    let known = evidence;
    wanted.groups =
        groups.into_iter().filter(|id| !own_groups.contains(id) && !known.groups.contains_key(id)).collect();
    let named = &known.permission_sets;
    wanted.permission_sets =
        sets.into_iter().filter(|arn| !own_sets.contains(arn) && !named.contains_key(arn)).collect();
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::sample::colleague::{beside, left_out};
    use crate::evidence::{Call, sample};

    #[test]
    fn wants_only_what_has_no_name_yet() {
        assert_eq!(wanted(&beside(sample::healthy())), Wanted::default());
        let mut evidence = left_out();
        evidence.groups.clear();
        evidence.permission_sets.clear();
        let still = wanted(&evidence);
        assert!(still.groups.contains(sample::GROUP) && still.permission_sets.contains(sample::SET), "{still:?}");
        evidence.groups.insert(sample::GROUP.into(), sample::denied(Call::DescribeGroup));
        assert!(wanted(&evidence).groups.is_empty());
    }
}
