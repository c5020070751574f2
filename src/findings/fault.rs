//! A fault that a rule found: what is wrong, what shows it, and what mends it. Plain values; which of several is the root
//! cause is for `verdict` to say.

use super::{Change, Command, Judged, Outcome};
use crate::evidence::{AttachedPolicy, Call, Fact, PolicyReference, Principal};
use crate::wording::suggest;

/// What a fault does to the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Keeps them out.
    Blocks,
    /// Lets them in to something old, less, or nothing.
    Degrades,
}

/// How sure it is that this is the cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// Shown by the state of things.
    Confirmed,
    /// Shown by an event, or another reading fits as well, or an earlier gate could not be read.
    Likely,
}

/// What a fault is about, beside the permission set and the account: whatever has it in several places has one cause.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A customer managed policy, which each account must have for itself.
    Policy(PolicyReference),
    /// A policy that AWS keeps, by its ARN.
    AwsManagedPolicy(String),
    /// A policy of the organization.
    OrganizationPolicy {
        /// `p-…`
        id: String,
        /// Its name, where it is known.
        name: Option<String>,
    },
    /// A user or group.
    Principal(Principal),
}

impl From<&AttachedPolicy> for Subject {
    fn from(policy: &AttachedPolicy) -> Self {
        Self::OrganizationPolicy { id: policy.id.clone(), name: policy.name.clone() }
    }
}

/// A fault that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What it does.
    pub effect: Effect,
    /// How sure the rule is of it.
    pub confidence: Confidence,
    /// Whether it is only not certain because another fault that is found with it fits the same facts as well.
    pub is_one_reading: bool,
    /// What is wrong, in one or two plain sentences.
    pub message: String,
    /// What it is about, beside the permission set and the account.
    pub about: Vec<Subject>,
    /// Policies that come close to the one that is missing.
    pub near_misses: Vec<NearMiss>,
    /// Names close to the one that fits nothing.
    pub suggestions: Vec<String>,
    /// The same as parts of a question, where one can be asked with them.
    pub suggested: Vec<Suggestion>,
    /// Users or groups that would mend it.
    pub candidates: Vec<Candidate>,
    /// The line of a file that shows it and is to be changed: of a fault on somebody's own machine.
    pub change: Option<Change>,
    /// What to do.
    pub fixes: Vec<Fix>,
    /// What AWS answered that shows it; never empty but where it is a fault on somebody's own machine.
    pub proof: Vec<Citation>,
}

/// The parts of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// USER.
    User,
    /// ACCOUNT.
    Account,
    /// `--permission-set`.
    PermissionSet,
    /// `--group`.
    Group,
}

/// What may be meant in the place of what fits nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Which part of the question it would be.
    pub part: Part,
    /// What to type.
    pub value: String,
    /// For people.
    pub label: String,
    /// AWS's id for it, where known.
    pub id: Option<String>,
}

impl Suggestion {
    /// Something that is typed by its name, which is all that is shown of it.
    pub fn named(part: Part, name: &str, id: Option<&str>) -> Self {
        Self { part, value: name.to_owned(), label: name.to_owned(), id: id.map(str::to_owned) }
    }

    /// An account, which is best typed by its id.
    pub fn account(id: &str, label: String) -> Self {
        Self { part: Part::Account, value: id.to_owned(), label, id: Some(id.to_owned()) }
    }

    /// Those whose keys come closest to what was typed, closest first.
    pub fn closest<'a>(typed: &str, keys: impl IntoIterator<Item = (&'a str, Self)>) -> Vec<Self> {
        let keys: Vec<(&str, Self)> = keys.into_iter().collect();
        let labels = suggest::closest(typed, keys.iter().map(|(key, one)| (*key, one.label.clone())));
        labels
            .iter()
            .filter_map(|label| keys.iter().find(|(_, one)| one.label == *label))
            .map(|(_, one)| one.clone())
            .collect()
    }
}

/// A policy that comes close to the one that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    /// Its ARN.
    pub arn: String,
    /// `case`, `path` or `spelling`.
    pub differs_in: &'static str,
}

/// A user or group that a fix could be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The user or group.
    pub principal: Principal,
    /// Its name, where known.
    pub name: Option<String>,
    /// The names of the permission sets it carries in the account.
    pub permission_sets: Vec<String>,
    /// The ARNs of the roles in the account that it is entitled to.
    pub roles: Vec<String>,
}

impl Candidate {
    /// What it gives, for people.
    pub fn grants(&self) -> Vec<String> {
        let roles = self.roles.iter().map(|arn| format!("role {}", arn.rsplit('/').next().unwrap_or(arn)));
        self.permission_sets.iter().cloned().chain(roles).collect()
    }
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What, as an imperative sentence; empty where the fault says it already.
    pub what: String,
    /// What else it does: whom it gives more to, what it no longer guards.
    pub caution: Option<String>,
    /// The command that does it; printed, never run.
    pub command: Option<Command>,
    /// What it gives to somebody, who may be kept out all the same further on.
    pub gives: Option<Gives>,
}

/// What a fix gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gives {
    /// Whatever a group has: somebody is added to it.
    AllOf(Principal),
    /// A permission set in the account, by its ARN.
    PermissionSet(String),
}

impl Fix {
    /// Something to do, with the command that does it and where that has to be run.
    pub fn new(what: impl Into<String>, command: Option<Command>) -> Self {
        let mut what = what.into();
        if let Some(remark) = command.as_ref().and_then(|command| command.remark.as_ref()) {
            what = format!("{what}; {remark}");
        }
        Self { what, caution: None, command: command.filter(|command| !command.words.is_empty()), gives: None }
    }

    /// Says what else it does.
    #[must_use]
    pub fn careful(self, caution: impl Into<String>) -> Self {
        Self { caution: Some(caution.into()), ..self }
    }

    /// Says what else it does, beside what is said already.
    #[must_use]
    pub fn more_careful(self, caution: &str) -> Self {
        let caution = self.caution.as_ref().map_or_else(|| caution.to_owned(), |said| format!("{said}; {caution}"));
        self.careful(caution)
    }

    /// Says what it gives.
    #[must_use]
    pub fn giving(self, gives: Gives) -> Self {
        Self { gives: Some(gives), ..self }
    }
}

/// The fact that shows something, as found in the recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The call.
    pub call: Call,
    /// The account asked in.
    pub account: Option<String>,
    /// The Region asked.
    pub region: Option<String>,
    /// AWS's id for the request.
    pub request_id: Option<String>,
    /// When the answer came.
    pub at: Option<jiff::Timestamp>,
    /// What it says, in a few words.
    pub says: String,
}

impl<T> Fact<T> {
    /// Cites this fact.
    pub fn cite(&self, says: impl Into<String>) -> Citation {
        Citation {
            call: self.call,
            account: self.account.clone(),
            region: self.region.clone(),
            request_id: self.request_id.clone(),
            at: self.at,
            says: says.into(),
        }
    }
}

impl Fault {
    /// A fault that keeps the user out.
    pub fn blocks(message: impl Into<String>, proof: Citation) -> Self {
        Self::new(Effect::Blocks, message.into(), proof)
    }

    /// A fault that lets the user in to less than they should have.
    pub fn degrades(message: impl Into<String>, proof: Citation) -> Self {
        Self::new(Effect::Degrades, message.into(), proof)
    }

    /// A fault whose effect depends on whether the role still works.
    pub fn new(effect: Effect, message: String, proof: Citation) -> Self {
        Self { effect, proof: vec![proof], ..Self::on_machine(message) }
    }

    /// A fault on the machine of whoever asks. It keeps them from using their access from there, and never proves that
    /// they have none.
    pub const fn on_machine(message: String) -> Self {
        Self {
            effect: Effect::Degrades,
            confidence: Confidence::Confirmed,
            is_one_reading: false,
            message,
            about: Vec::new(),
            near_misses: Vec::new(),
            suggestions: Vec::new(),
            suggested: Vec::new(),
            candidates: Vec::new(),
            change: None,
            fixes: Vec::new(),
            proof: Vec::new(),
        }
    }

    /// Says what it is about.
    #[must_use]
    pub fn about(mut self, subjects: impl IntoIterator<Item = Subject>) -> Self {
        self.about.extend(subjects);
        self
    }

    /// Adds something to do.
    #[must_use]
    pub fn fix(self, what: impl Into<String>, command: Option<Command>) -> Self {
        self.mended_by([Fix::new(what, command)])
    }

    /// Adds things to do, in this order.
    #[must_use]
    pub fn mended_by(mut self, fixes: impl IntoIterator<Item = Fix>) -> Self {
        self.fixes.extend(fixes);
        self
    }

    /// Adds what may be meant.
    #[must_use]
    pub fn suggesting(mut self, suggested: Vec<Suggestion>) -> Self {
        self.suggestions = suggested.iter().map(|one| one.label.clone()).collect();
        self.suggested = suggested;
        self
    }

    /// Adds what else shows it.
    #[must_use]
    pub fn proved_by(mut self, citation: Citation) -> Self {
        self.proof.push(citation);
        self
    }

    /// Says that it is not certain.
    #[must_use]
    pub fn likely(mut self) -> Self {
        self.confidence = Confidence::Likely;
        self
    }

    /// Says that it is not certain where that is so.
    #[must_use]
    pub fn likely_where(self, doubtful: bool) -> Self {
        if doubtful { self.likely() } else { self }
    }

    /// Says that another fault that is found with it fits the same facts as well, and that nothing else is in doubt.
    #[must_use]
    pub fn one_reading(mut self) -> Self {
        self.is_one_reading = true;
        self.likely()
    }

    /// The outcome that holds it.
    pub fn found(self) -> Judged {
        Ok(Outcome::Fault(Box::new(self)))
    }
}
