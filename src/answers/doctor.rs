//! Whether these credentials, and the way into an account, suffice: who asks, what is answered, and what to allow.

use crate::evidence::{Call, Checkup, EntryMethod, Fact, Gap, Reason, Site};
use crate::wording::clean;
use crate::wording::shell::{option, shell};

/// So many seconds suffice nearly always.
const LONG_ENOUGH: u64 = 60;

/// What the caller's account is in the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The management account.
    Management,
    /// An account that Identity Center answers: that of its delegated administrator.
    DelegatedAdministrator,
    /// Another account of the organization, which Identity Center does not answer.
    Member,
    /// AWS did not tell, or the account is in no organization.
    Unknown,
}

/// What a call came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// AWS answered.
    Allowed,
    /// AWS refused.
    Denied,
    /// No answer came, for another reason than a permission.
    Failed,
    /// It could not be tried.
    NotTried,
}

/// One call.
#[derive(Debug)]
pub struct Tried {
    /// The action.
    pub call: Call,
    /// The account whose permissions it takes.
    pub account: Option<String>,
    /// Where it was asked.
    pub site: Site,
    /// What it came to.
    pub state: State,
    /// Why no answer came; `None` where it did.
    pub reason: Option<Reason>,
    /// AWS's own words, or why it was not tried; empty where it was allowed.
    pub message: String,
}

/// The way into the account.
#[derive(Debug)]
pub struct Way {
    /// The account.
    pub account: String,
    /// How it was entered; `None` where it was not.
    pub method: Option<EntryMethod>,
    /// As whom.
    pub arn: Option<String>,
    /// Why it was not entered.
    pub because: Option<String>,
    /// Of which kind that is.
    pub reason: Option<Reason>,
    /// Whether nobody said how to enter it.
    pub unnamed: bool,
}

/// The whole answer.
#[derive(Debug)]
pub struct Doctor {
    /// What was tried.
    pub checkup: Checkup,
    /// What the caller's account is.
    pub standing: Standing,
    /// Each call.
    pub calls: Vec<Tried>,
    /// The way into the account that was named.
    pub way: Option<Way>,
    /// Whether everything that is needed is there.
    pub suffices: bool,
}

/// What came of a checkup.
pub fn doctor(checkup: Checkup) -> Doctor {
    let calls: Vec<Tried> = checkup.calls.iter().map(|fact| tried(&checkup, fact)).collect();
    let standing = standing(&checkup, &calls);
    let way = way(&checkup);
    let is_open = way.as_ref().is_none_or(|way| way.method.is_some());
    // A delegated administrator may be refused this one whatever is allowed; there is a second way.
    let spared = |tried: &Tried| {
        standing == Standing::DelegatedAdministrator && tried.call == Call::ListAccountAssignmentsForPrincipal
    };
    let missing = |tried: &&Tried| matches!(tried.state, State::Denied | State::Failed) && !spared(tried);
    let suffices = is_open && checkup.instance.is_some() && !calls.iter().any(|tried| missing(&tried));
    Doctor { checkup, standing, calls, way, suffices }
}

fn tried(checkup: &Checkup, fact: &Fact<()>) -> Tried {
    let inside = checkup.account.is_some() && fact.account == checkup.account;
    let site = match fact.call.site() {
        Site::Both if inside => Site::Target,
        Site::Both | Site::Trail => Site::Home,
        one => one,
    };
    let (reason, message) = match fact.known() {
        Ok(()) => (None, String::new()),
        Err(Gap { reason, message, .. }) => (Some(reason), message),
    };
    let state = match reason {
        None => State::Allowed,
        Some(Reason::Denied) => State::Denied,
        Some(Reason::Throttled | Reason::Failed | Reason::TimedOut) => State::Failed,
        Some(Reason::NotAsked) => State::NotTried,
    };
    Tried { call: fact.call, account: fact.account.clone(), site, state, reason, message }
}

fn standing(checkup: &Checkup, calls: &[Tried]) -> Standing {
    let (Ok(caller), Ok(Some(organization))) = (checkup.caller.known(), checkup.organization.known()) else {
        return Standing::Unknown;
    };
    if caller.account == organization.management_account {
        return Standing::Management;
    }
    let of_identity_center = |tried: &&Tried| {
        // These answer any account of the organization.
        tried.call.action().starts_with("sso:") && !matches!(tried.call, Call::ListInstances | Call::DescribeInstance)
    };
    let mut asked = calls.iter().filter(of_identity_center);
    if asked.clone().any(|tried| tried.state == State::Allowed) {
        return Standing::DelegatedAdministrator;
    }
    // Where IAM refuses, AWS names the policy that is lacking; where Identity Center does, it names none.
    let by_iam = |tried: &Tried| {
        ["identity-based policy", "explicit deny", "kms:"].iter().any(|words| tried.message.contains(words))
    };
    if asked.any(|tried| tried.state == State::Denied && !by_iam(tried)) { Standing::Member } else { Standing::Unknown }
}

fn way(checkup: &Checkup) -> Option<Way> {
    let account = checkup.account.clone().or_else(|| checkup.asked.as_ref().map(|asked| asked.text().to_owned()))?;
    let shut = |because: String, reason: Reason, unnamed: bool| Way {
        account: account.clone(),
        method: None,
        arn: None,
        because: Some(because),
        reason: Some(reason),
        unnamed,
    };
    let Some(entry) = &checkup.entry else {
        // Without the instance, or the accounts, there is nothing that it could be entered with.
        let before = checkup.calls.iter().filter_map(|fact| fact.known().err()).map(|gap| gap.reason);
        let reason =
            before.filter(|reason| *reason != Reason::NotAsked).max_by_key(|reason| *reason == Reason::TimedOut);
        let reason = reason.unwrap_or(Reason::NotAsked);
        return Some(shut("what has to be known before could not be read".to_owned(), reason, false));
    };
    Some(match entry.known() {
        Ok(entry) => Way {
            account,
            method: Some(entry.method),
            arn: Some(entry.arn.clone()),
            because: None,
            reason: None,
            unnamed: false,
        },
        Err(gap) => {
            let unnamed = gap.reason == Reason::NotAsked && gap.call == Call::AssumeRole;
            shut(gap.message, gap.reason, unnamed)
        }
    })
}

impl Doctor {
    /// The calls that are to be allowed at this site, each once.
    pub fn to_allow(&self, site: Site) -> Vec<Call> {
        if self.standing == Standing::Member && site == Site::Home {
            return Vec::new();
        }
        let denied = self.calls.iter().filter(|tried| tried.state == State::Denied && tried.site == site);
        let spared = |call: &Call| {
            self.standing == Standing::DelegatedAdministrator && *call == Call::ListAccountAssignmentsForPrincipal
        };
        let mut calls: Vec<Call> = denied.map(|tried| tried.call).filter(|call| !spared(call)).collect();
        calls.dedup();
        calls
    }

    /// How many calls came to this.
    pub fn count(&self, state: &State) -> usize {
        self.calls.iter().filter(|tried| tried.state == *state).count()
    }

    /// Whether something was not known for this reason: a call, or the way into the account.
    pub fn met(&self, reason: Reason) -> bool {
        let of_way = self.way.as_ref().and_then(|way| way.reason);
        self.calls.iter().filter_map(|tried| tried.reason).chain(of_way).any(|met| met == reason)
    }

    /// The command that tries the same and gives AWS longer; none where a word of it cannot be shown as it is.
    pub fn longer(&self) -> Option<String> {
        let checkup = &self.checkup;
        let seconds = (checkup.timeout.as_secs() * 2).max(LONG_ENOUGH);
        let mut words: Vec<String> = ["idc", "doctor"].map(str::to_owned).into();
        words.extend(checkup.asked.as_ref().map(|asked| asked.text().to_owned()));
        let options = [
            ("--profile", &checkup.profile),
            ("--target-profile", &checkup.target_profile),
            ("--target-role", &checkup.target_role),
        ];
        words.extend(options.into_iter().filter_map(|(name, value)| Some(option(name, value.as_ref()?))).flatten());
        words.extend(option("--timeout", &format!("{seconds}s")));
        words.iter().all(|word| clean(word) == word.as_str()).then(|| shell(&words))
    }

    /// From which account to ask instead, where Identity Center does not answer this one.
    pub fn ask_from(&self) -> Option<String> {
        let organization = self.checkup.organization.known().ok()?.as_ref()?;
        (self.standing == Standing::Member).then(|| organization.management_account.clone())
    }

    /// The answer in a sentence.
    pub fn summary(&self) -> String {
        if let Some(management) = self.ask_from() {
            let own = self.checkup.caller.known().map(|caller| caller.account.clone()).unwrap_or_default();
            return format!(
                "Ask from {management} (management) or the delegated administrator: Identity Center answers no other \
                 account, and these credentials are of {own}."
            );
        }
        let denied = self.to_allow(Site::Home).len() + self.to_allow(Site::Target).len();
        let shut = self.way.as_ref().filter(|way| way.method.is_none());
        match (denied, shut) {
            (0, None) if self.suffices && self.way.is_some() => {
                "These credentials and the way into the account suffice.".to_owned()
            }
            (0, None) if self.suffices => {
                "These credentials suffice; name an ACCOUNT to try the way into it.".to_owned()
            }
            (0, None) if self.met(Reason::TimedOut) => "Some calls were not answered in time.".to_owned(),
            (0, None) => "Some calls brought no answer, for other reasons than permissions.".to_owned(),
            (0, Some(way)) if way.reason == Some(Reason::TimedOut) => {
                format!("Account {} was not entered in time.", way.account)
            }
            (0, Some(way)) => format!("Account {} was not entered.", way.account),
            (denied, None) => format!("{} not allowed.", calls_are(denied)),
            (denied, Some(way)) => {
                format!("{} not allowed, and account {} was not entered.", calls_are(denied), way.account)
            }
        }
    }
}

fn calls_are(count: usize) -> String {
    if count == 1 { "1 call is".to_owned() } else { format!("{count} calls are") }
}
