//! What would fail before anybody does it: `--plan` and `--before-assign`.

use std::fs;

use serde_json::{Value, json};

use super::ask;
use crate::wire::run::{Answer, Question};
use served::{Conduct, MANAGEMENT_KEY, Organization, READ_ROLE, Served};

/// A plan as `terraform show -json` writes it.
struct Plan {
    instance: String,
    changes: Vec<Value>,
    resources: Vec<Value>,
}

impl Plan {
    fn of(organization: &Organization) -> Self {
        let instance = organization.organization_instance().arn.clone();
        Self { instance, changes: Vec::new(), resources: Vec::new() }
    }

    fn create(mut self, kind: &str, name: &str, mut after: Value, unknown: &Value) -> Self {
        if kind.starts_with("aws_ssoadmin_") {
            after["instance_arn"] = self.instance.clone().into();
        }
        self.changes.push(json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name,
            "change": {"actions": ["create"], "before": null, "after": after, "after_unknown": unknown}}));
        if unknown["permission_set_arn"] == true {
            let references = ["aws_ssoadmin_permission_set.new.arn", "aws_ssoadmin_permission_set.new"];
            self.resources.push(json!({"mode": "managed", "type": kind, "name": name,
                "expressions": {"permission_set_arn": {"references": references}}}));
        }
        self
    }

    fn deletes(&mut self, kind: &str, name: &str, before: &Value) {
        self.changes.push(json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name,
            "change": {"actions": ["delete"], "before": before, "after": null, "after_unknown": {}}}));
    }

    /// A permission set that the plan makes, and that names a policy of each account.
    fn makes(self, set: &str, policy: &str) -> Self {
        let reference = json!([{"name": policy, "path": "/"}]);
        self.create("aws_ssoadmin_permission_set", "new", json!({"name": set}), &json!({"arn": true})).create(
            "aws_ssoadmin_customer_managed_policy_attachment",
            "new",
            json!({"customer_managed_policy_reference": reference}),
            &json!({"permission_set_arn": true}),
        )
    }

    fn assigns(self, name: &str, group: &str, account: &str) -> Self {
        let after = json!({"principal_type": "GROUP", "principal_id": group, "target_id": account});
        self.create("aws_ssoadmin_account_assignment", name, after, &json!({"permission_set_arn": true}))
    }

    fn file(&self) -> String {
        json!({"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": self.changes,
            "configuration": {"root_module": {"resources": self.resources}}})
        .to_string()
    }

    fn judged(&self, organization: Organization, conduct: Conduct) -> (Answer, Value) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("plan.json");
        fs::write(&path, self.file()).expect("written");
        let served = Served::start(organization, conduct);
        let answer = ask(&served, &format!("scan --plan {}", path.display()));
        let json = answer.json().unwrap_or_else(|error| panic!("{error}: {}", answer.stderr));
        assert!(served.unknown_actions().is_empty(), "{:?}", served.unknown_actions());
        (answer, json)
    }
}

fn rules(answer: &Value) -> Vec<&str> {
    let findings = answer["findings"].as_array().expect("findings").iter();
    findings.map(|finding| finding["rule"].as_str().expect("a rule")).collect()
}

/// The organization, with a policy in prod-data alone, and a group.
fn organization() -> (Organization, String) {
    let mut organization = Organization::acme();
    organization.add_policy("prod-data", "team-data-access", "/");
    let group = organization.group_id("DataAnalysts");
    (organization, group)
}

#[test]
fn a_policy_that_is_missing_is_found_before_the_plan_is_applied() {
    let (organization, group) = organization();
    let (prod, dev) = (organization.account_id("prod-data"), organization.account_id("dev-data"));
    let plan = Plan::of(&organization).makes("Planned", "team-data-access");
    let plan = plan.assigns("prod", &group, &prod).assigns("dev", &group, &dev);
    let (answer, json) = plan.judged(organization, Conduct::default());
    assert_eq!(answer.code, 10, "{json:#}");
    assert_eq!(rules(&json), ["customer-managed-policy-missing"], "{json:#}");
    let finding = &json["findings"][0];
    assert_eq!(finding["accounts"], json!([{"id": dev, "name": "dev-data"}]));
    let addresses = finding["addresses"].as_array().expect("addresses");
    assert!(addresses.contains(&"aws_ssoadmin_account_assignment.dev".into()), "{addresses:?}");
    assert!(!addresses.contains(&"aws_ssoadmin_account_assignment.prod".into()), "{addresses:?}");
    assert_eq!((&finding["confidence"], &json["complete"]), (&"confirmed".into(), &true.into()), "{json:#}");
    // The plan makes the permission set, so that no command can name it.
    assert!(
        finding["fixes"].as_array().unwrap().iter().all(|fix| !fix.to_string().contains("sso-admin")),
        "{finding:#}"
    );
}

#[test]
fn a_plan_in_which_nothing_is_wrong_is_clean() {
    let (organization, group) = organization();
    let prod = organization.account_id("prod-data");
    let plan = Plan::of(&organization).makes("Planned", "team-data-access").assigns("prod", &group, &prod);
    let (answer, json) = plan.judged(organization, Conduct::default());
    assert_eq!((answer.code, &json["outcome"], &json["complete"]), (0, &"clean".into(), &true.into()), "{json:#}");
    assert_eq!(json["coverage"]["pairs"], json!({"of": 1, "read": 1}));
}

/// A permission set whose sessions are left nothing, by what the plan says of it.
#[test]
fn contents_that_leave_nothing_are_found_before_the_plan_is_applied() {
    let (organization, group) = organization();
    let legacy = organization.account_id("legacy");
    let arn = organization.permission_set_arn("ReadOnly");
    let places = organization.provisioned.iter().filter(|one| one.permission_set == arn).count();
    let deny = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]});
    let after = json!({"permission_set_arn": arn, "inline_policy": deny.to_string()});
    let plan = Plan::of(&organization).create("aws_ssoadmin_permission_set_inline_policy", "x", after, &json!({}));
    let (_, json) = plan.judged(organization.clone(), Conduct::default());
    assert_eq!((rules(&json), &json["complete"]), (vec!["permission-set-denies-session"], &true.into()), "{json:#}");
    assert_eq!(json["findings"][0]["accounts"].as_array().map(Vec::len), Some(places));
    let empty = Plan::of(&organization)
        .create("aws_ssoadmin_permission_set", "new", json!({"name": "Brand-New"}), &json!({"arn": true}))
        .assigns("legacy", &group, &legacy);
    let (_, json) = empty.judged(organization.clone(), Conduct::default());
    assert_eq!((rules(&json), &json["complete"]), (vec!["permission-set-empty"], &true.into()), "{json:#}");
    let mut detached = Plan::of(&organization);
    let before = json!({"instance_arn": detached.instance, "permission_set_arn": organization.permission_set_arn("RedshiftAnalyst"),
        "customer_managed_policy_reference": [{"name": "my-redshift-analyst-policy", "path": "/"}]});
    detached.deletes("aws_ssoadmin_customer_managed_policy_attachment", "x", &before);
    let (_, json) = detached.judged(organization, Conduct::default());
    assert_eq!((rules(&json), &json["complete"]), (vec!["permission-set-empty"], &true.into()), "{json:#}");
}

/// What shuts an account's roles shuts whatever is assigned there; whether assigning puts it right is not known.
#[test]
fn an_account_that_lets_nobody_in_is_found_before_anything_is_assigned_there() {
    let (mut organization, group) = organization();
    organization.account("legacy").iam.saml_providers.clear();
    for role in &mut organization.account("log-archive").iam.roles {
        role.trust_policy = role.trust_policy.replace("sts:AssumeRoleWithSAML", "sts:AssumeRole");
    }
    for (set, account, rule) in [
        ("ReadOnly", "legacy", "saml-provider-missing"),
        ("Billing", "legacy", "saml-provider-missing"),
        ("AdministratorAccess", "log-archive", "role-trust-altered"),
    ] {
        let served = Served::start(organization.clone(), Conduct::default());
        let line = format!("scan --before-assign -p {set} --account {account} --target-role {READ_ROLE}");
        let answer = Question::of_line(&line).environment(served.environment(MANAGEMENT_KEY, "us-east-1")).ask();
        let json = answer.json().expect("an answer");
        assert_eq!((answer.code, rules(&json)), (10, vec![rule]), "{set}: {json:#}");
        assert_eq!(json["findings"][0]["confidence"], "likely");
        let values = json!({"permission_set_arn": organization.permission_set_arn(set), "principal_type": "GROUP",
            "principal_id": group, "target_id": organization.account_id(account)});
        let plan = Plan::of(&organization).create("aws_ssoadmin_account_assignment", "a", values, &json!({}));
        let (answer, json) = plan.judged(organization.clone(), Conduct::default());
        assert_eq!((answer.code, rules(&json)), (10, vec![rule]), "{set}: {json:#}");
    }
}

/// A policy that says which roles it is about leaves the others alone, whether they are there yet or not.
#[test]
fn a_role_that_is_not_there_yet_is_told_from_others_by_its_name() {
    let (mut organization, group) = organization();
    organization.attach_policy(
        "RESOURCE_CONTROL_POLICY",
        "Roles",
        "dev-data",
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sts:*",
            "Resource": "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin*"}]}),
    );
    let dev = organization.account_id("dev-data");
    organization.add_policy("dev-data", "team-data-access", "/");
    for (name, found) in [("Planned", vec![]), ("AdminPlanned", vec!["resource-control-policy-denies"])] {
        let plan = Plan::of(&organization).makes(name, "team-data-access").assigns("dev", &group, &dev);
        let (_, json) = plan.judged(organization.clone(), Conduct::default());
        assert_eq!((rules(&json), &json["complete"]), (found, &true.into()), "{json:#}");
    }
}

#[test]
fn what_a_plan_deletes_is_looked_for_where_it_is_needed() {
    let (organization, group) = organization();
    let prod = organization.account_id("prod-data");
    let arn = format!("arn:aws:iam::{prod}:policy/my-redshift-analyst-policy");
    let mut policy = Plan::of(&organization);
    policy.deletes("aws_iam_policy", "p", &json!({"arn": arn, "name": "my-redshift-analyst-policy", "path": "/"}));
    let (_, json) = policy.judged(organization.clone(), Conduct::default());
    assert_eq!((rules(&json), &json["complete"]), (vec!["customer-managed-policy-missing"], &true.into()), "{json:#}");
    assert_eq!(json["findings"][0]["accounts"], json!([{"id": prod, "name": "prod-data"}]));
    let mut people = Plan::of(&organization);
    people.deletes("aws_identitystore_group", "g", &json!({"group_id": group}));
    let (_, json) = people.judged(organization.clone(), Conduct::default());
    assert_eq!((rules(&json), &json["complete"]), (vec!["assignment-orphaned-principal"], &true.into()), "{json:#}");
    let denied = Conduct::default().with_denied("sso:ListAccountAssignments");
    let (answer, json) = people.judged(organization, denied);
    assert_eq!((answer.code, &json["complete"]), (12, &false.into()), "{json:#}");
}

/// Who is left without an assignment is told, and keeps no plan from passing.
#[test]
fn whom_a_plan_leaves_without_an_assignment_is_told() {
    let (organization, _) = organization();
    let arn = organization.permission_set_arn("RedshiftAnalyst");
    let row = organization.assignments.iter().find(|row| row.permission_set == arn).expect("an assignment");
    let mut plan = Plan::of(&organization);
    plan.deletes(
        "aws_ssoadmin_account_assignment",
        "a",
        &json!({"permission_set_arn": arn, "principal_type": row.principal_type, "principal_id": row.principal_id,
            "target_id": row.account, "target_type": "AWS_ACCOUNT"}),
    );
    let note = |json: &Value| json["notes"][0]["message"].as_str().expect("a note").to_owned();
    let (answer, json) = plan.judged(organization.clone(), Conduct::default());
    assert_eq!((answer.code, &json["complete"]), (0, &true.into()), "{json:#}");
    assert!(note(&json).contains(" the last assignment in an account: "), "{json:#}");
    for denied in ["sso:ListAccountAssignments", "identitystore:ListGroupMemberships"] {
        let (answer, json) = plan.judged(organization.clone(), Conduct::default().with_denied(denied));
        assert_eq!((answer.code, &json["complete"]), (0, &false.into()), "{denied}: {json:#}");
        assert!(!note(&json).contains("last assignment"), "{json:#}");
    }
}

/// Who is put into a group and who is taken out decides whether it lets anybody in.
#[test]
fn groups_are_judged_with_the_members_that_they_will_have() {
    let (organization, group) = organization();
    let kind = "aws_identitystore_group_membership";
    let found = organization.groups.iter().find(|one| one.id == group).expect("the group");
    let members: Vec<String> = found.members.iter().map(|one| one.user_id.clone()).collect();
    assert!(!members.is_empty());
    let membership = |user: &str| json!({"group_id": group, "member_id": user});
    let mut emptied = Plan::of(&organization);
    for (number, user) in members.iter().enumerate() {
        emptied.deletes(kind, &format!("m{number}"), &membership(user));
    }
    let (answer, json) = emptied.judged(organization.clone(), Conduct::default());
    assert_eq!((answer.code, rules(&json)), (0, vec!["group-empty"]), "{json:#}");
    let found = &json["findings"][0];
    assert_eq!(found["addresses"].as_array().map(Vec::len), Some(members.len()), "{json:#}");
    assert_eq!(json["complete"], true, "{json:#}");
    for denied in ["identitystore:ListGroupMemberships", "sso:ListAccountAssignments"] {
        let (answer, json) = emptied.judged(organization.clone(), Conduct::default().with_denied(denied));
        assert_eq!((answer.code, &json["complete"]), (12, &false.into()), "{denied}: {json:#}");
    }
    let again = Plan::of(&organization).create(kind, "again", membership(&members[0]), &json!({}));
    let (answer, json) = again.judged(organization.clone(), Conduct::default());
    assert_eq!((answer.code, rules(&json)), (0, vec!["membership-refused"]), "{json:#}");
    let nobody =
        Plan::of(&organization).create(kind, "nobody", membership("00000000-0000-4000-8000-000000000000"), &json!({}));
    let (answer, json) = nobody.judged(organization, Conduct::default());
    assert_eq!((answer.code, rules(&json)), (10, vec!["membership-refused"]), "{json:#}");
}

/// Whatever is not told or not read, the plan is not called fine for it.
#[test]
fn what_is_not_known_is_never_fine() {
    let (organization, group) = organization();
    let prod = organization.account_id("prod-data");
    let base = || Plan::of(&organization).makes("Planned", "team-data-access");
    let whole = || base().assigns("prod", &group, &prod);
    for denied in [
        "iam:ListPolicies",
        "sts:AssumeRole",
        "organizations:ListAccounts",
        "sso:ListPermissionSets",
        "sso:DescribePermissionSet",
        "identitystore:DescribeGroup",
        "organizations:ListRoots",
    ] {
        let (answer, json) = whole().judged(organization.clone(), Conduct::default().with_denied(denied));
        assert_eq!((answer.code, &json["complete"]), (12, &false.into()), "{denied}: {json:#}");
    }
    let unknown = json!({"permission_set_arn": true, "target_id": true});
    let after = json!({"principal_type": "GROUP", "principal_id": group});
    let (answer, json) = base()
        .create("aws_ssoadmin_account_assignment", "somewhere", after, &unknown)
        .judged(organization.clone(), Conduct::default());
    assert_eq!(answer.code, 12, "{json:#}");
    assert!(json["gaps"].to_string().contains("aws_ssoadmin_account_assignment.somewhere"), "{json:#}");
    let other = Plan { instance: "arn:aws:sso:::instance/ssoins-0000000000000000".to_owned(), ..whole() };
    let mut other = other.assigns("dev", "00000000-0000-4000-8000-000000000000", &prod);
    for change in &mut other.changes {
        change["change"]["after"]["instance_arn"] = other.instance.clone().into();
    }
    let (answer, json) = other.judged(organization.clone(), Conduct::default());
    assert_eq!((answer.code, rules(&json)), (12, vec![]), "{json:#}");
}

#[test]
fn a_policy_that_the_plan_makes_itself_is_not_known() {
    let (organization, group) = organization();
    let dev = organization.account_id("dev-data");
    let policy = json!({"name": "team-data-access", "path": "/"});
    let plan = Plan::of(&organization).makes("Planned", "team-data-access").assigns("dev", &group, &dev);
    let plan = plan.create("aws_iam_policy", "team", policy, &json!({"arn": true}));
    let (answer, json) = plan.judged(organization.clone(), Conduct::default());
    assert_eq!((answer.code, rules(&json)), (12, vec![]), "{json:#}");
    assert!(json["gaps"].to_string().contains("aws_iam_policy.team"), "{json:#}");
    // One policy is not enough for two accounts.
    let web = organization.account_id("prod-web");
    let (answer, json) = plan.assigns("web", &group, &web).judged(organization, Conduct::default());
    assert_eq!((answer.code, rules(&json)), (10, vec!["customer-managed-policy-missing"]), "{json:#}");
    assert_eq!(json["findings"][0]["confidence"], "likely");
}

#[test]
fn whom_and_what_does_not_fit_is_found() {
    let (organization, group) = organization();
    let prod = organization.account_id("prod-data");
    let plan = Plan::of(&organization)
        .makes("RedshiftAnalyst", "team-data-access")
        .assigns("dead", "00000000-0000-4000-8000-000000000000", &prod)
        .assigns("nowhere", &group, "999999999999");
    let (answer, json) = plan.judged(organization.clone(), Conduct::default());
    let mut found = rules(&json);
    found.sort_unstable();
    assert_eq!(
        (answer.code, found),
        (10, vec!["account-not-in-organization", "assignment-orphaned-principal", "permission-set-exists"]),
        "{json:#}"
    );
    let arn = organization.permission_set_arn("RedshiftAnalyst");
    let row = organization.assignments.iter().find(|row| row.permission_set == arn).expect("an assignment");
    let values = json!({"permission_set_arn": arn, "principal_type": row.principal_type, "principal_id": row.principal_id,
        "target_id": row.account});
    let again = Plan::of(&organization).create("aws_ssoadmin_account_assignment", "again", values, &json!({}));
    let (_, json) = again.judged(organization.clone(), Conduct::default());
    assert!(rules(&json).contains(&"assignment-exists"), "{json:#}");
    let mut deleted = Plan::of(&organization);
    deleted.changes.push(json!({"address": "aws_ssoadmin_permission_set.old", "mode": "managed",
        "type": "aws_ssoadmin_permission_set", "name": "old",
        "change": {"actions": ["delete"], "before": {"arn": arn, "name": "RedshiftAnalyst"}, "after": null}}));
    let (answer, json) = deleted.judged(organization.clone(), Conduct::default());
    assert_eq!((answer.code, rules(&json)), (0, vec!["permission-set-in-use"]), "{json:#}");
    // It is in use also where it was never provisioned.
    let mut nowhere = organization;
    nowhere.provisioned.retain(|one| one.permission_set != arn);
    let (answer, json) = deleted.judged(nowhere.clone(), Conduct::default());
    assert_eq!((answer.code, rules(&json)), (0, vec!["permission-set-in-use"]), "{json:#}");
    nowhere.assignments.retain(|one| one.permission_set != arn);
    let (answer, json) = deleted.judged(nowhere, Conduct::default());
    assert_eq!((answer.code, rules(&json), &json["complete"]), (0, vec![], &true.into()), "{json:#}");
}

/// A policy that is put into a permission set that is there reaches every account that has it.
#[test]
fn a_change_is_judged_wherever_the_permission_set_is() {
    let (organization, _) = organization();
    let arn = organization.permission_set_arn("ReadOnly");
    let places = organization.provisioned.iter().filter(|one| one.permission_set == arn).count();
    let after =
        json!({"permission_set_arn": arn, "customer_managed_policy_reference": [{"name": "not-there", "path": "/"}]});
    let kind = "aws_ssoadmin_customer_managed_policy_attachment";
    let plan = Plan::of(&organization).create(kind, "more", after, &json!({}));
    let (answer, json) = plan.judged(organization, Conduct::default());
    assert_eq!((answer.code, rules(&json)), (0, vec!["customer-managed-policy-missing"]), "{json:#}");
    let finding = &json["findings"][0];
    assert_eq!((&finding["effect"], finding["accounts"].as_array().map(Vec::len)), (&"degrades".into(), Some(places)));
}

#[test]
fn no_plan_is_an_error_that_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let served = Served::start(Organization::acme(), Conduct::default());
    for (text, said) in [("PK\u{3}\u{4}", "terraform show -json"), ("{}", "terraform plan -out")] {
        let path = folder.path().join("plan");
        fs::write(&path, text).expect("written");
        let answer = ask(&served, &format!("scan --plan {}", path.display()));
        let error = answer.error().expect("an error");
        assert_eq!((answer.code, &error["code"]), (1, &"unreadable-plan".into()));
        assert!(error["hint"].as_str().is_some_and(|hint| hint.contains(said)), "{error}");
    }
    assert!(served.calls().is_empty(), "something was asked");
}

#[test]
fn assigning_where_nothing_is_missing_is_clean() {
    let served = Served::start(Organization::acme(), Conduct::default());
    let asked = |more: &str| {
        let line = format!("scan --before-assign -p RedshiftAnalyst {more} --target-role {READ_ROLE}");
        Question::of_line(&line).environment(served.environment(MANAGEMENT_KEY, "us-east-1")).ask()
    };
    let fine = asked("--account prod-data");
    let json = fine.json().expect("an answer");
    assert_eq!((fine.code, &json["outcome"], &json["complete"]), (0, &"clean".into(), &true.into()), "{json:#}");
    assert_eq!(json["coverage"]["entered"], json!({"of": 1, "read": 1}));
    let missing = asked("--account legacy --account prod-data");
    let json = missing.json().expect("an answer");
    assert_eq!((missing.code, rules(&json)), (10, vec!["customer-managed-policy-missing"]), "{json:#}");
}
