//! Where the user and a colleague differ, as far as that decides access to the account. It explains and never decides:
//! the verdict is made without it. What could not be read of either counts for neither.

use crate::evidence::{Asked, Call, Evidence, Gap, Gaps, Principal, PrincipalType, User};
use crate::findings::Fix;
use crate::model::paths::Path;
use crate::model::{SetInAccount, Sides};
use crate::wording;

mod differences;
#[cfg(test)]
mod tests;
mod ways;

use ways::has;

/// What came of comparing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// The colleague has something that the user has not.
    Differs,
    /// The user has all that the colleague has.
    Same,
    /// The colleague has no access, or is the user.
    NoModel,
    /// There is no such colleague.
    NotFound,
    /// Something that decides could not be read.
    Unknown,
}

/// The user beside a colleague.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The colleague for people.
    pub colleague: String,
    /// What came of it.
    pub likeness: Likeness,
    /// The same in a sentence or two.
    pub summary: String,
    /// The colleague's ways to the account.
    pub ways: Vec<ColleagueWay>,
    /// Where the two differ.
    pub differences: Vec<Difference>,
    /// Close names, where there is no such colleague.
    pub suggestions: Vec<String>,
    /// What could not be read of either.
    pub gaps: Vec<Gap>,
}

/// A way of the colleague's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColleagueWay {
    /// The way itself.
    pub way: Path,
    /// The permission set's name, where it leads through one and that is known.
    pub permission_set: Option<String>,
    /// The name of the group or colleague, where known.
    pub via_name: Option<String>,
    /// Whether the user has what it grants too; `None` where that could not be read.
    pub shared: Option<bool>,
}

/// One thing in which the two differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What.
    pub message: String,
    /// What makes the user like the colleague, where that is plain.
    pub fix: Option<Fix>,
}

/// Compares the user with the colleague who was named, if any. `root_cause` is the rule that explains the verdict.
pub fn compare(evidence: &Evidence, root_cause: Option<&str>) -> Option<Comparison> {
    let sides = Sides::of(evidence)?;
    Some(sides.stranger().unwrap_or_else(|| sides.compared(root_cause)))
}

impl Sides<'_> {
    /// The answer where there is nobody to compare with.
    fn stranger(&self) -> Option<Comparison> {
        let name = self.colleague.user_label();
        let found = self.colleague.user_id();
        let nobody = |likeness, summary: String, gaps: Gaps| {
            Some(Comparison { suggestions: close_names(self.colleague), ..self.bare(likeness, summary, gaps) })
        };
        match (&found, self.colleague.user.described.known()) {
            (Err(gaps), _) => {
                nobody(Likeness::Unknown, format!("Whether there is a user {name} could not be read."), gaps.clone())
            }
            (Ok(None), _) | (Ok(Some(_)), Ok(None)) => {
                let tried = self.colleague.user.lookups.iter().map(|lookup| lookup.by.noun()).collect::<Vec<_>>();
                let summary = format!(
                    "No user in the identity store has the {} {name}, so there is nobody to compare with.",
                    tried.join(" or ")
                );
                nobody(Likeness::NotFound, summary, Gaps::default())
            }
            (Ok(id), _) if self.user.user_id().as_ref() == Ok(id) => {
                let summary = format!("{name} is the same user, so there is nobody to compare with.");
                nobody(Likeness::NoModel, summary, Gaps::default())
            }
            (Ok(Some(_)), _) => None,
        }
    }

    fn bare(&self, likeness: Likeness, summary: String, gaps: Gaps) -> Comparison {
        let mut gaps = gaps.0;
        for gap in &mut gaps {
            gap.account = gap.account.take().or_else(|| self.user.account_of(gap.call));
        }
        gaps.sort();
        gaps.dedup();
        let (ways, differences) = (Vec::new(), Vec::new());
        let colleague = self.colleague.user_label().to_owned();
        Comparison { colleague, likeness, summary, ways, differences, suggestions: Vec::new(), gaps }
    }

    fn compared(&self, root_cause: Option<&str>) -> Comparison {
        let (name, user, account) = (self.colleague.user_label(), self.user.user_label(), self.user.account_label());
        let ways = &self.colleagues_ways;
        // Requests are no ways, so those that could not be read hide nothing here.
        let beside = ways.hidden_requests.0.iter().filter(|gap| gap.call == Call::ListAccountAssignments);
        let hidden = Gaps(ways.hidden_assignments.0.iter().chain(beside).cloned().collect());
        let mut gaps = hidden.clone();
        let described = gaps.keep(self.colleague.user.described.known());
        let disabled = described.and_then(Option::as_ref).is_some_and(is_disabled);
        let mut ways = Vec::new();
        for way in &self.colleagues_ways.list {
            let shared = gaps.keep(has(self.user, &self.users_ways, way));
            ways.push(ColleagueWay {
                permission_set: way.assigned().and_then(|path| self.set_name(&path.permission_set)),
                via_name: self.via_name(self.colleague, way.via()),
                way: way.clone(),
                shared,
            });
        }
        let lacking: Vec<&ColleagueWay> = ways.iter().filter(|way| way.shared == Some(false)).collect();
        let mut differences = self.of_the_user();
        let telling = !differences.is_empty();
        if self.user.user_id() != Ok(None) {
            differences.extend(self.of_the_ways(&lacking));
        }
        let known = gaps.0.is_empty();
        let phrases = |ways: &[&ColleagueWay]| wording::list(ways.iter().map(|way| self.phrase(way)), 4);
        let all: Vec<&ColleagueWay> = ways.iter().collect();
        let (likeness, summary) = if self.user.account_id() == Ok(None) {
            (Likeness::NoModel, "There is no such account in which to compare them.".to_owned())
        } else if ways.is_empty() && !hidden.0.is_empty() {
            let summary =
                format!("No way of {name} to {account} was found, but not everything was read. Ask about them alone.");
            (Likeness::Unknown, summary)
        } else if ways.is_empty() {
            let either = if self.users_ways.list.is_empty() { " either" } else { "" };
            (Likeness::NoModel, format!("{name} has no access to {account}{either}, so they are no model."))
        } else if disabled {
            (
                Likeness::NoModel,
                format!("{name} is disabled in Identity Center and gets in nowhere: they are no model."),
            )
        } else if !lacking.is_empty() {
            (Likeness::Differs, format!("{name} has {}. {user} does not.", phrases(&lacking)))
        } else if telling {
            (Likeness::Differs, format!("{name} has {}. The two differ in something else.", phrases(&all)))
        } else if !known {
            (Likeness::Unknown, format!("{name} has {}. Whether {user} has as much could not be read.", phrases(&all)))
        } else {
            let elsewhere = root_cause.map(|rule| format!(": the cause is elsewhere ({rule})")).unwrap_or_default();
            let same = format!("{user} has all that {name} has: {}. ", phrases(&all));
            (Likeness::Same, format!("{same}There is no difference in what is assigned{elsewhere}."))
        };
        if likeness != Likeness::NoModel || disabled {
            differences.extend(self.only_the_users());
        }
        Comparison { ways, differences, ..self.bare(likeness, summary, gaps) }
    }

    fn set_name(&self, arn: &str) -> Option<String> {
        self.user.permission_set_name(arn).ok().flatten().map(str::to_owned)
    }

    fn via_name(&self, whose: Asked<'_>, via: &Principal) -> Option<String> {
        match via.kind {
            PrincipalType::User => Some(whose.user_label().to_owned()),
            PrincipalType::Group => self.user.group(&via.id).ok().flatten()?.name.clone(),
        }
    }

    /// What a way gives: a permission set, or a role.
    fn grant(&self, way: &Path) -> String {
        match way {
            Path::Assigned(path) => {
                let label = self.user.permission_set_label(&path.permission_set);
                label.rsplit('/').next().unwrap_or(label).to_owned()
            }
            Path::Entitled(entitled) => format!("role {}", entitled.role_name()),
        }
    }

    /// A way in a few words.
    fn phrase(&self, way: &ColleagueWay) -> String {
        let through = match way.way.via().kind {
            PrincipalType::User => "directly".to_owned(),
            PrincipalType::Group => format!("through group {}", self.user.group_label(&way.way.via().id)),
        };
        let lame = way
            .way
            .assigned()
            .map(|path| SetInAccount::of(self.user.in_account(), path))
            .is_some_and(|set| set.provisioned().in_any_version() == Ok(false));
        let lame = if lame { " (not provisioned to the account)" } else { "" };
        format!("{} {through}{lame}", self.grant(&way.way))
    }
}

fn is_disabled(user: &User) -> bool {
    user.status.as_deref() == Some("DISABLED")
}

fn close_names(colleague: Asked<'_>) -> Vec<String> {
    let scan = colleague.user.scan.known();
    let name = |user: &User| user.user_name.clone().unwrap_or_else(|| user.id.clone());
    scan.map(|scan| scan.close.iter().map(name).collect()).unwrap_or_default()
}
