//! Random organizations: whether somebody gets in is reckoned from the data in the simplest way, and the program has to
//! come to the same over the wire; then again with faults. `CHANCE_SEED` draws others, `CHANCE_CASES` more of them.

use fastrand::Rng;
use idc::evidence::Call;

use crate::wire::chance::{SEED, conduct, draw, number};
use crate::wire::parallel;
use crate::wire::run::{Answer, Question};
use crate::wire::sameness::same_or_none;
use served::{Conduct, MANAGEMENT_KEY, Moment, Organization, READ_ROLE, Served};

/// Some twenty seconds of a small machine.
const CASES: usize = 40;
const ACCOUNTS: [&str; 3] = ["prod-data", "dev-data", "prod-web"];

/// An organization, and a question about somebody in it.
pub(crate) struct Case {
    pub(crate) organization: Organization,
    pub(crate) changes: Vec<String>,
    user: String,
    account: &'static str,
    set: Option<String>,
}

impl Case {
    pub(crate) fn random(rng: &mut Rng) -> Self {
        let mut organization = Organization::acme();
        // The state of things alone decides here.
        organization.events.clear();
        let users: Vec<String> = organization.users.iter().map(|user| user.user_name.clone()).collect();
        let user = draw(rng, &users);
        let account = draw(rng, &ACCOUNTS);
        let sets: Vec<String> = organization.permission_sets.iter().map(|set| set.name.clone()).collect();
        let set = (rng.u8(..4) == 0).then(|| draw(rng, &sets));
        let changes = (0..rng.usize(..8)).map(|_| change(rng, &mut organization, &user, account)).collect();
        Self { organization, changes, user, account, set }
    }

    /// Whether they get in: there is such a user, enabled, in an active account, and one of the assignments to them or
    /// to a group of theirs is of a permission set that is in the account, with its role and the provider it trusts.
    fn gets_in(&self) -> bool {
        let organization = &self.organization;
        let Some(user) = organization.users.iter().find(|user| user.user_name == self.user) else { return false };
        let Some(account) = organization.accounts.iter().find(|account| account.name == self.account) else {
            return false;
        };
        if user.status.as_deref() == Some("DISABLED") || account.state == "SUSPENDED" {
            return false;
        }
        let provider = organization.saml_provider_name(&account.id);
        let groups = organization.groups.iter().filter(|group| group.members.iter().any(|one| one.user_id == user.id));
        let own: Vec<&str> = groups.map(|group| group.id.as_str()).chain([user.id.as_str()]).collect();
        account.iam.saml_providers.iter().any(|one| one.name == provider)
            && organization.assignments.iter().any(|row| {
                let set = organization.permission_sets.iter().find(|set| set.arn == row.permission_set);
                let set = set.map(|set| set.name.as_str()).unwrap_or_default();
                row.account == account.id
                    && own.contains(&row.principal_id.as_str())
                    && self.set.as_deref().is_none_or(|asked| asked == set)
                    && organization
                        .provisioned
                        .iter()
                        .any(|one| one.account == account.id && one.permission_set == row.permission_set)
                    && account
                        .iam
                        .roles
                        .iter()
                        .any(|role| role.name == organization.reserved_role_name(set, &account.id))
            })
    }

    fn ask(&self, conduct: Conduct, more: &[&str]) -> (Served, Answer) {
        let served = Served::start(self.organization.clone(), conduct);
        let account = self.organization.account_id(self.account);
        let mut question = Question::new(&format!("{} {account} --target-role {READ_ROLE}", self.user)).with(more);
        if let Some(set) = &self.set {
            question = question.with(&["--permission-set", set]);
        }
        let answer = question.environment(served.environment(MANAGEMENT_KEY, "us-east-1")).ask();
        (served, answer)
    }
}

/// Changes something, mostly about this user or account, and says what.
fn change(rng: &mut Rng, organization: &mut Organization, user: &str, account: &str) -> String {
    let groups: Vec<String> = organization.groups.iter().map(|group| group.display_name.clone()).collect();
    let sets: Vec<String> = organization.permission_sets.iter().map(|set| set.name.clone()).collect();
    let group = draw(rng, &groups);
    let set = draw(rng, &sets);
    let there = organization.users.iter().any(|one| one.user_name == user);
    let principal = if there && rng.bool() { user.to_owned() } else { group.clone() };
    let arn = organization.permission_set_arn(&set);
    let id = organization.account_id(account);
    let stands = organization.provisioned.iter().any(|one| one.account == id && one.permission_set == arn);
    let (_, principal_id) = organization.principal(&principal);
    let is_row =
        |row: &served::Assignment| row.account == id && row.permission_set == arn && row.principal_id == principal_id;
    match rng.u8(..16) {
        0 | 1 if there => {
            organization.remove_member(&group, user);
            format!("{user} is not in {group}")
        }
        2 | 3 if there => {
            organization.remove_member(&group, user);
            organization.add_member(&group, user);
            format!("{user} is in {group}")
        }
        4 | 5 => {
            organization.unassign(&set, &principal, account);
            format!("{set} is not assigned to {principal}")
        }
        6..=8 => {
            if !organization.assignments.iter().any(is_row) {
                organization.assign(&set, &principal, account);
            }
            if rng.bool() {
                organization.provision(&set, account);
            }
            format!("{set} is assigned to {principal}")
        }
        9 => {
            organization.unprovision(&set, account);
            format!("{set} is not provisioned")
        }
        10 => {
            organization.remove_role(&set, account);
            format!("{set} has no role")
        }
        11 if stands => {
            organization.provisioned(&set, account).latest = false;
            format!("{set} is outdated")
        }
        12 => {
            let policies = organization.account(account).iam.policies.iter().map(|policy| policy.name.clone());
            let policies: Vec<String> = policies.collect();
            if policies.is_empty() {
                return "nothing".into();
            }
            let policy = draw(rng, &policies);
            organization.remove_policy(account, &policy);
            format!("policy {policy} is gone")
        }
        13 => {
            let request = organization.creation_request("FAILED", &set, &principal, account, Moment::days_ago(1));
            request.failure_reason = Some("Received a 409 status error: Internal failure.".into());
            format!("assigning {set} to {principal} failed")
        }
        14 => match rng.u8(..3) {
            0 if there => {
                organization.user(user).status = Some("DISABLED".into());
                format!("{user} is disabled")
            }
            1 => {
                organization.account(account).state = "SUSPENDED".into();
                format!("{account} is suspended")
            }
            _ => {
                organization.account(account).iam.saml_providers.clear();
                format!("{account} has no SAML provider")
            }
        },
        15 if there && rng.bool() => {
            organization.remove_user(user);
            format!("{user} is deleted")
        }
        15 if groups.len() > 4 => {
            organization.remove_group(&group);
            format!("{group} is deleted")
        }
        _ => "nothing".into(),
    }
}

#[test]
fn is_found_in_any_organization_and_never_turned_round_by_a_fault() {
    let seed = number("CHANCE_SEED", SEED);
    let mut rng = Rng::with_seed(seed);
    let cases: Vec<(Case, Rng)> =
        (0..number("CHANCE_CASES", CASES)).map(|_| (Case::random(&mut rng), rng.fork())).collect();
    let truths: Vec<bool> = cases.iter().map(|(case, _)| case.gets_in()).collect();
    assert!(truths.contains(&true) && truths.contains(&false), "one kind of answer proves little");
    parallel::each(
        &cases,
        |(case, _)| format!("{seed}: {} {} {:?} {:?}", case.user, case.account, case.set, case.changes),
        |(case, rng)| {
            let (served, untouched) = case.ask(Conduct::default(), &[]);
            let verdict = untouched.json()?["verdict"].as_str().unwrap_or_default().to_owned();
            let found = match verdict.as_str() {
                "reachable" | "degraded" => true,
                "blocked" => false,
                _ => return Err(format!("nothing was hidden, and nothing found\n{}", untouched.brief())),
            };
            if found != case.gets_in() {
                return Err(format!("whether they get in is {}\n{}", case.gets_in(), untouched.brief()));
            }
            let asked: Vec<&'static str> =
                Call::ALL.iter().map(|call| call.action()).filter(|action| served.count(action) > 0).collect();
            let conduct = conduct(&mut rng.clone(), Conduct::default(), &asked);
            let faults = format!("{:?}", conduct.faults);
            let (_served, answer) = case.ask(conduct, &["--timeout", "4s"]);
            same_or_none(&untouched, &answer, None).map_err(|error| format!("{error}\n  {faults}"))
        },
    );
}
