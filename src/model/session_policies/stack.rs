//! The policies that a session is under, each with what it says and where it is read.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;

use crate::evidence::{AttachedPolicy, Fact, Gap, Gaps, InAccount, PolicyDocument, PolicyKind, Reason};
use crate::findings::Citation;
use crate::iam_policy::{Context, Effect, Layer, Part, Policy, Reckoned, Reckoning, Says, Statement};
use crate::model::Session;
use crate::model::organization_policies::{self, Document, Level, label, place};
use crate::model::sign_in_call::{self, OF_ITS_OWN, PERSON};

/// What is known of a policy's text.
#[derive(Debug, Clone)]
pub enum Content<'a> {
    /// It allows everything, as AWS describes it.
    Everything,
    /// It was not asked for, and is taken to allow something and to deny nothing.
    Assumed,
    /// This.
    Says(Cow<'a, Policy>),
    /// It could not be read.
    Unread(Gap),
}

/// Where a policy comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin<'a> {
    /// A service control policy at one of the levels above the account.
    Organization(Level<'a>, &'a AttachedPolicy),
    /// The inline policy of the permission set, or one of the role's.
    Inline,
    /// An AWS managed policy.
    AwsManaged,
    /// An AWS managed policy that is the permissions boundary: it is no policy of the permission set's.
    AwsManagedBoundary,
    /// A policy of the account.
    CustomerManaged,
    /// AWS lists none, where there has to be one.
    Unlisted,
}

/// A policy.
#[derive(Debug, Clone)]
pub struct Piece<'a> {
    /// Where it comes from.
    pub origin: Origin<'a>,
    /// What people call it, as it stands within a sentence; `None` where that follows from where it comes from: most
    /// names are never told.
    pub(super) called: Option<String>,
    /// Its ARN, where it is a managed policy.
    pub arn: Option<String>,
    /// The fact that shows it.
    pub(super) shown: &'a dyn Shows,
    /// What it says.
    pub content: Content<'a>,
}

/// What a tier of policies is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TierKind<'a> {
    /// The policies of the permission set, or of its role.
    Own,
    /// The permissions boundary.
    Boundary,
    /// The service control policies at a level.
    Level(Level<'a>),
}

/// Policies of which one has to allow whatever is done.
#[derive(Debug, Clone)]
pub struct Tier<'a> {
    /// What it is.
    pub kind: TierKind<'a>,
    /// They.
    pub pieces: Vec<Piece<'a>>,
}

/// All policies that a session is under.
#[derive(Debug, Clone)]
pub struct Stack<'a> {
    /// The tiers, each of which has to allow what is done.
    pub tiers: Vec<Tier<'a>>,
    /// What could hide more policies.
    pub gaps: Gaps,
    /// The session that is under them.
    session: Session<'a>,
    /// What is known of its calls, once that is asked for.
    context: OnceCell<Context>,
    /// What was reckoned already of sessions with permission sets, where that is kept.
    reckoned: Option<&'a Reckoned>,
    /// What tells it from other stacks for everybody.
    marks: Option<Vec<(bool, Vec<Part>)>>,
}

/// A fact, whatever it tells.
pub(super) trait Shows: fmt::Debug {
    /// Cites it.
    fn cited(&self, says: String) -> Citation;
}

impl<T: fmt::Debug> Shows for Fact<T> {
    fn cited(&self, says: String) -> Citation {
        self.cite(says)
    }
}

impl Piece<'_> {
    /// What people call it, as it stands within a sentence.
    pub fn name(&self) -> Cow<'_, str> {
        match (&self.called, self.origin) {
            (Some(name), _) => Cow::Borrowed(name),
            (None, Origin::Organization(level, policy)) => {
                let (label, place) = (label(policy), place(level.target));
                Cow::Owned(format!("service control policy {label}, attached to {place},"))
            }
            (None, _) => Cow::Borrowed("a policy"),
        }
    }

    /// Cites it.
    pub fn cite(&self, says: impl Into<String>) -> Citation {
        self.shown.cited(says.into())
    }

    /// A gap about it.
    pub fn gap(&self, reason: Reason, message: String) -> Gap {
        let Citation { call, account, region, .. } = self.cite("");
        let answered = reason == Reason::Failed && !matches!(self.content, Content::Unread(_));
        Gap { call, account, region, reason, message, answered, in_vain: false }
    }

    /// What it says, where that is known.
    pub fn policy(&self) -> Option<&Policy> {
        match &self.content {
            Content::Says(policy) => Some(policy),
            Content::Everything | Content::Assumed | Content::Unread(_) => None,
        }
    }
}

impl<'a> Stack<'a> {
    /// These tiers, for a session that the way gives.
    pub(super) fn of(session: Session<'a>, tiers: Vec<Tier<'a>>, gaps: Gaps) -> Self {
        // With an entitlement, more is otherwise than the keys that the marks are made of.
        let reckoned = session.permission_set().and_then(|set| set.in_account.reckoned());
        Self { tiers, gaps, session, context: OnceCell::new(), reckoned, marks: None }
    }

    /// The same tiers beneath others.
    pub(super) fn beneath(self, mut tiers: Vec<Tier<'a>>) -> Self {
        tiers.extend(self.tiers);
        Self { tiers, ..self }
    }

    /// What is known of the calls.
    pub fn context(&self) -> &Context {
        self.context.get_or_init(|| sign_in_call::session(self.session))
    }

    /// The service control policies above the account, for a session that the way gives. `Ok(None)`: none binds it.
    pub fn of_organization(session: Session<'a>) -> Result<Option<Self>, Gaps> {
        let here = session.in_account;
        let Some(binding) = organization_policies::binding(here, PolicyKind::ServiceControl)? else {
            return Ok(None);
        };
        let tiers = binding.levels.iter().map(|level| {
            let mut pieces: Vec<Piece<'a>> =
                level.policies.iter().map(|policy| piece_of_organization(here, *level, policy)).collect();
            // A level without a policy allows nothing, and AWS lets nobody make one.
            pieces.extend(nothing_listed(*level));
            Tier { kind: TierKind::Level(*level), pieces }
        });
        Ok(Some(Self::of(session, tiers.collect(), binding.gaps)))
    }

    /// The policies as they are asked what remains; `assumed` stands for those that are only assumed to allow something.
    pub fn layers<'b>(&'b self, assumed: Says<'b>) -> Vec<Layer<'b>> {
        let says = |piece: &'b Piece<'a>| match &piece.content {
            Content::Everything => Says::Everything,
            Content::Assumed => assumed,
            Content::Says(policy) => Says::Policy(policy),
            Content::Unread(_) => Says::Unread,
        };
        self.tiers.iter().map(|tier| Layer(tier.pieces.iter().map(says).collect())).collect()
    }

    /// The policy at a place.
    pub fn piece(&self, tier: usize, policy: usize) -> Option<&Piece<'a>> {
        self.tiers.get(tier)?.pieces.get(policy)
    }

    /// Leaves out what is aimed at one person, which is another fault.
    #[must_use]
    pub fn for_everybody(mut self) -> Self {
        // Made of the policies as they stand: what is left out is the same in all of them.
        self.marks = self.reckoned.and_then(|_| self.marks());
        for piece in self.tiers.iter_mut().flat_map(|tier| &mut tier.pieces) {
            if let Content::Says(policy) = &mut piece.content
                && policy.statements.iter().any(is_aimed_at_one)
            {
                policy.to_mut().statements.retain(|statement| !is_aimed_at_one(statement));
            }
        }
        self
    }

    /// What tells it from other stacks; `None` where a policy stands nowhere but in it.
    fn marks(&self) -> Option<Vec<(bool, Vec<Part>)>> {
        let part = |piece: &Piece<'_>| match &piece.content {
            Content::Everything => Some(Part::Everything),
            Content::Assumed => Some(Part::Assumed),
            Content::Says(Cow::Borrowed(policy)) => Some(Part::Says(policy.mark(OF_ITS_OWN, || self.context()))),
            Content::Says(Cow::Owned(_)) => None,
            Content::Unread(_) => Some(Part::Unread),
        };
        let of_tier = |tier: &Tier<'_>| {
            let parts = tier.pieces.iter().map(part).collect::<Option<Vec<Part>>>()?;
            Some((matches!(tier.kind, TierKind::Level(_)), parts))
        };
        self.tiers.iter().map(of_tier).collect()
    }

    /// The answer to a question that hangs on nothing but what the policies say: the one that another stack of the same
    /// policies was given, where there is one.
    pub(super) fn reckon(&self, asked: &'static str, answer: impl FnOnce() -> bool) -> bool {
        let Some((reckoned, tiers)) = self.reckoned.zip(self.marks.as_ref()) else { return answer() };
        let reckoning = Reckoning { asked, account: None, tiers: tiers.clone() };
        if let Some(known) = reckoned.known(&reckoning) {
            return known;
        }
        let answer = answer();
        reckoned.keep(reckoning, answer);
        answer
    }

    /// What could not be read of the policies, or hides some of them.
    pub fn unknown(&self) -> Gaps {
        let unread = self.unread();
        Gaps(self.gaps.0.iter().cloned().chain(unread).collect())
    }

    /// What could not be read of the policies.
    pub fn unread(&self) -> Vec<Gap> {
        let unread = |piece: &Piece<'_>| match &piece.content {
            Content::Unread(gap) => Some(gap.clone()),
            Content::Everything | Content::Assumed | Content::Says(_) => None,
        };
        self.tiers.iter().flat_map(|tier| &tier.pieces).filter_map(unread).collect()
    }
}

/// Whether a statement denies something to one person alone.
pub(super) fn is_aimed_at_one(statement: &Statement) -> bool {
    statement.effect == Effect::Deny && statement.singles_out(PERSON, is_one_person)
}

/// Whether a pattern of one of these keys names a person, and not everybody with a role: `AROA…:*` is every session of it.
fn is_one_person(value: &str) -> bool {
    let name = match value.rsplit_once(':') {
        Some((_, name)) => name,
        None if value.starts_with("AROA") => "",
        None => value,
    };
    name.contains(|letter| !"*?".contains(letter))
}

fn piece_of_organization<'a>(here: InAccount<'a>, level: Level<'a>, policy: &'a AttachedPolicy) -> Piece<'a> {
    let (content, shown): (_, &dyn Shows) = match organization_policies::document(here, policy) {
        Ok(Document::AllowsEverything) => (Content::Everything, level.listed),
        Ok(Document::Says(fact, says)) => (Content::Says(Cow::Borrowed(says)), fact),
        Err(gap) => (Content::Unread(gap), level.listed),
    };
    Piece { origin: Origin::Organization(level, policy), called: None, arn: None, shown, content }
}

fn nothing_listed(level: Level<'_>) -> Option<Piece<'_>> {
    if !level.policies.is_empty() {
        return None;
    }
    let gap =
        level.listed.unclear(format!("AWS shows no policy at {}, where there is always one", place(level.target)));
    Some(Piece {
        origin: Origin::Unlisted,
        called: None,
        arn: None,
        shown: level.listed,
        content: Content::Unread(gap),
    })
}

/// Reads a policy that a fact holds.
pub(super) fn read<'a>(fact: &'a Fact<Option<PolicyDocument>>, name: &str) -> Content<'a> {
    match fact.known() {
        Err(gap) => Content::Unread(gap),
        // It went since it was listed.
        Ok(None) => Content::Assumed,
        Ok(Some(text)) => parse(fact, name, text),
    }
}

/// Reads the text of a policy that a fact holds.
pub(super) fn parse<'a, T>(fact: &Fact<T>, name: &str, text: &'a PolicyDocument) -> Content<'a> {
    match text.policy() {
        Ok(policy) => Content::Says(Cow::Borrowed(policy)),
        Err(error) => Content::Unread(fact.unclear(format!("{name} cannot be read: {error}"))),
    }
}
