//! The way from the person to the account, station by station, with the place where it stops.

use crate::answers::diagnosis::{Diagnosis, PathReport, Reach};
use crate::evidence::PrincipalType;
use crate::findings::Gate;
use crate::verdict::{Finding, PathState};
use crate::wording;

use textwrap::core::display_width;

use super::{Style, Tone, more_ways};

/// How many paths are drawn; more are counted.
const MOST: usize = 6;

/// One path, drawn.
#[derive(Debug)]
pub(super) struct Chain {
    stations: Vec<Station>,
    reach: Reach,
    /// What is known of the path, in words.
    state: String,
}

#[derive(Debug)]
struct Station {
    /// The gate that must be open to get here, where the station stands for one.
    gate: Option<Gate>,
    text: String,
}

/// A stretch of a chain that is not broken over lines.
pub(super) struct Stretch {
    /// The line that leads here, with the mark that says whether it holds.
    pub(super) line: String,
    /// The meaning of the mark.
    pub(super) tone: Option<Tone>,
    /// Where it leads.
    pub(super) text: String,
}

/// The chains to draw, and a sentence about those that are not.
pub(super) fn chains(diagnosis: &Diagnosis) -> (Vec<Chain>, Option<String>) {
    let paths = &diagnosis.paths;
    if paths.is_empty() {
        return (vec![without_path(diagnosis)], None);
    }
    let drawn = drawn(diagnosis);
    let rest: Vec<String> =
        paths.iter().enumerate().filter(|(index, _)| !drawn.contains(index)).map(|(_, path)| state(path)).collect();
    let chains = drawn.iter().filter_map(|index| Some(of_path(diagnosis, paths.get(*index)?))).collect();
    (chains, (!rest.is_empty()).then(|| summary(&rest)))
}

/// The paths to draw: always the one that the answer is about and one of each state, then the first.
fn drawn(diagnosis: &Diagnosis) -> Vec<usize> {
    let paths = &diagnosis.paths;
    let root = diagnosis.root_cause.as_ref().and_then(|root| root.path);
    let first = |state| paths.iter().position(|path| path.state == state);
    let of_each = [PathState::Open, PathState::Degraded, PathState::Unknown, PathState::Shut].map(first);
    let mut drawn: Vec<usize> = Vec::new();
    for index in root.into_iter().chain(of_each.into_iter().flatten()).chain(0..paths.len()) {
        if drawn.len() < MOST && !drawn.contains(&index) {
            drawn.push(index);
        }
    }
    drawn.sort_unstable();
    drawn
}

fn summary(states: &[String]) -> String {
    let mut counts: Vec<(&String, usize)> = Vec::new();
    for state in states {
        match counts.iter_mut().find(|(known, _)| *known == state) {
            Some((_, count)) => *count += 1,
            None => counts.push((state, 1)),
        }
    }
    let counts = counts.iter().map(|(state, count)| match count {
        1 => format!("1 {state}"),
        _ => format!("{count} {}", state.replacen("stops", "stop", 1)),
    });
    format!("and {}: {}", more_ways(states.len()), wording::list(counts, 4))
}

fn of_path(diagnosis: &Diagnosis, path: &PathReport) -> Chain {
    let marked = |gate| is_marked(&path.reach, gate);
    let mut stations = vec![Station::new(Gate::User, &diagnosis.user_label)];
    if marked(Gate::Instance) {
        stations.push(Station::new(Gate::Instance, "Identity Center"));
    }
    if marked(Gate::SignIn) {
        stations.push(Station::new(Gate::SignIn, "signed in"));
    }
    if path.via.kind == PrincipalType::Group {
        stations.push(Station::new(Gate::Membership, "in group"));
        stations.push(Station::node(path.via_name.as_deref().unwrap_or(&path.via.id)));
    }
    if path.permission_set_arn.is_some() {
        stations.push(Station::new(Gate::Assignment, if path.stands { "assigned" } else { "requested" }));
        stations.push(Station::node(&path.grant()));
        stations.push(Station::new(Gate::Policy, "policy"));
    } else {
        stations.push(Station::new(Gate::Assignment, "entitled to"));
    }
    // Stations that most readers need not know of are drawn only where something is the matter with them.
    if marked(Gate::Provisioning) {
        stations.push(Station::new(Gate::Provisioning, "provisioned"));
    }
    let role = if path.permission_set_arn.is_some() { "role".to_owned() } else { path.grant() };
    stations.push(Station::new(Gate::Role, &role));
    if marked(Gate::OrganizationPolicy) {
        stations.push(Station::new(Gate::OrganizationPolicy, "organization's policies"));
    }
    if marked(Gate::Session) {
        stations.push(Station::new(Gate::Session, "session"));
    }
    if marked(Gate::Federation) {
        stations.push(Station::new(Gate::Federation, "let in by AWS STS"));
    }
    stations.push(Station::new(Gate::Account, account_name(diagnosis)));
    Chain { stations, reach: path.reach.clone(), state: state(path) }
}

/// What there is of a way where none was found.
fn without_path(diagnosis: &Diagnosis) -> Chain {
    let reach = &diagnosis.reach;
    let marked = |gate| is_marked(reach, gate);
    let mut stations = vec![Station::new(Gate::User, &diagnosis.user_label)];
    if marked(Gate::Instance) {
        stations.push(Station::new(Gate::Instance, "Identity Center"));
    }
    if marked(Gate::SignIn) {
        stations.push(Station::new(Gate::SignIn, "signed in"));
    }
    if marked(Gate::Membership) {
        stations.push(Station::new(Gate::Membership, "in group"));
        let candidates = faults(diagnosis).filter(|f| f.gate == Gate::Membership).flat_map(|f| &f.fault.candidates);
        let names = candidates.map(|c| c.name.clone().unwrap_or_else(|| c.principal.id.clone()));
        let names: Vec<String> = diagnosis.question.group.clone().map_or_else(|| names.collect(), |group| vec![group]);
        stations.extend((!names.is_empty()).then(|| Station::node(&wording::list(names, 2).replace(" and ", " or "))));
    }
    if marked(Gate::Assignment) {
        stations.push(Station::new(Gate::Assignment, "assigned"));
        stations.extend(diagnosis.question.permission_set.as_deref().map(Station::node));
    }
    if marked(Gate::OrganizationPolicy) {
        stations.push(Station::new(Gate::OrganizationPolicy, "organization's policies"));
    }
    stations.push(Station::new(Gate::Account, account_name(diagnosis)));
    let state = match reach.stops_at {
        Some(gate) => format!("stops at {}", gate.name()),
        None if reach.undecided.is_empty() => "no way found".to_owned(),
        None => format!("not known: {}", names(&reach.undecided)),
    };
    Chain { stations, reach: reach.clone(), state }
}

fn account_name(diagnosis: &Diagnosis) -> &str {
    let id = format!(" ({})", diagnosis.account);
    diagnosis.account_label.strip_suffix(&id).unwrap_or(&diagnosis.account_label)
}

fn faults(diagnosis: &Diagnosis) -> impl Iterator<Item = &Finding> {
    diagnosis.root_cause.iter().chain(&diagnosis.also)
}

/// Whether something is the matter with a gate.
fn is_marked(reach: &Reach, gate: Gate) -> bool {
    reach.stops_at == Some(gate) || reach.undecided.contains(&gate)
}

fn names(gates: &[Gate]) -> String {
    wording::list(gates.iter().map(|gate| gate.name().to_owned()), 9)
}

fn state(path: &PathReport) -> String {
    match (path.reach.stops_at, path.state) {
        (Some(gate), _) => format!("stops at {}", gate.name()),
        (None, PathState::Shut) => "shut".to_owned(),
        (None, _) if !path.reach.undecided.is_empty() => format!("not known: {}", names(&path.reach.undecided)),
        (None, PathState::Unknown) => "not known".to_owned(),
        (None, PathState::Open) => "open".to_owned(),
        (None, PathState::Degraded) => "open, but not in order".to_owned(),
    }
}

impl Station {
    fn new(gate: Gate, text: &str) -> Self {
        Self { gate: Some(gate), text: text.to_owned() }
    }

    fn node(text: &str) -> Self {
        Self { gate: None, text: text.to_owned() }
    }
}

impl Chain {
    /// The chain in stretches, the last of which says in words what the marks say.
    pub(super) fn stretches(&self, style: &Style) -> Vec<Stretch> {
        let (line, shut) = if style.unicode { ("──", "✗") } else { ("--", "x") };
        let mut stretches: Vec<Stretch> = Vec::new();
        for (index, station) in self.stations.iter().enumerate() {
            let (mark, tone) = match station.gate {
                Some(gate) if self.reach.stops_at == Some(gate) => (shut, Some(Tone::Bad)),
                Some(gate) if self.reach.undecided.contains(&gate) => ("?", Some(Tone::Unsure)),
                Some(_) | None => ("", None),
            };
            let line = if index == 0 { mark.to_owned() } else { format!("{line}{mark}") };
            stretches.push(Stretch { line, tone, text: style.text(&station.text) });
        }
        stretches.push(Stretch { line: String::new(), tone: None, text: style.text(&format!("({})", self.state)) });
        stretches
    }

    /// The chain on one line, without colour.
    pub(super) fn line(&self, style: &Style) -> String {
        let stretch = |s: &Stretch| if s.line.is_empty() { s.text.clone() } else { format!("{} {}", s.line, s.text) };
        self.stretches(style).iter().map(stretch).collect::<Vec<_>>().join(" ")
    }
}

impl Stretch {
    /// How many columns it takes.
    pub(super) fn width(&self) -> usize {
        display_width(&self.line) + usize::from(!self.line.is_empty()) + display_width(&self.text)
    }

    /// The stretch, or where that is wider, its words: a group's name may be a sentence.
    pub(super) fn within(self, columns: usize) -> Vec<Self> {
        if self.width() <= columns {
            return vec![self];
        }
        let mut words = self.text.split(' ').map(str::to_owned);
        let first = Self { text: words.next().unwrap_or_default(), line: self.line.clone(), tone: self.tone };
        let rest = words.map(|text| Self { line: String::new(), tone: None, text });
        std::iter::once(first).chain(rest).collect()
    }
}

#[cfg(test)]
mod tests;
