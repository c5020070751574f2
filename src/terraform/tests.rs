//! Plans by the format that Terraform documents, version 1.2: what each resource does, what is told only later, and which
//! permission set a reference leads to.

use serde_json::{Value, json};

use super::{PlanError, read};
use crate::evidence::{Boundary, Fate, PolicyReference, PrincipalType, Proposed};

mod untold;

const ARN: &str = "arn:aws:sso:::permissionSet/ssoins-1/ps-1";
const INSTANCE: &str = "arn:aws:sso:::instance/ssoins-1";

fn plan(changes: &[Value], configuration: &Value) -> Proposed {
    let file = json!({"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes,
        "configuration": {"root_module": configuration}, "something_new": {"that": "is passed over"}});
    read(file.to_string().as_bytes()).expect("a plan")
}

/// A change of a resource: its address tells type, name, index and module.
fn change(address: &str, actions: &[&str], before: &Value, after: &Value, unknown: &Value) -> Value {
    let (module, own) = match address.rfind("aws_") {
        Some(0) | None => (None, address),
        Some(at) => (Some(address[..at - 1].to_owned()), &address[at..]),
    };
    let (kind, rest) = own.split_once('.').expect("a type and a name");
    let (name, index) = match rest.split_once('[') {
        Some((name, key)) => (name, serde_json::from_str(key.trim_end_matches(']')).expect("a key")),
        None => (rest, Value::Null),
    };
    let mut change = json!({"address": address, "mode": "managed", "type": kind, "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {"actions": actions, "before": before, "after": after, "after_unknown": unknown}});
    if !index.is_null() {
        change["index"] = index;
    }
    if let Some(module) = module {
        change["module_address"] = module.into();
    }
    change
}

fn create(address: &str, after: &Value, unknown: &Value) -> Value {
    change(address, &["create"], &Value::Null, after, unknown)
}

fn set(address: &str, name: &str) -> Value {
    create(address, &json!({"name": name, "instance_arn": INSTANCE}), &json!({"arn": true, "id": true}))
}

fn assignment(address: &str) -> Value {
    let after = json!({"instance_arn": INSTANCE, "principal_type": "GROUP", "principal_id": "g-1",
        "target_id": "123456789012", "target_type": "AWS_ACCOUNT"});
    create(address, &after, &json!({"permission_set_arn": true, "id": true}))
}

/// A resource as it is configured, whose permission set comes from these references.
fn configured(kind: &str, name: &str, references: &[&str]) -> Value {
    json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name,
        "expressions": {"permission_set_arn": {"references": references}}})
}

fn assigned(name: &str, references: &[&str]) -> Value {
    configured("aws_ssoadmin_account_assignment", name, references)
}

/// The permission sets of the only assignment, and whether the plan tells which.
fn of(plan: &Proposed) -> (Vec<&str>, bool) {
    assert_eq!(plan.given.len(), 1, "{plan:?}");
    (plan.given[0].sets.iter().map(String::as_str).collect(), plan.given[0].certain)
}

#[test]
fn a_plan_that_tells_everything_leaves_nothing_open() {
    let after = json!({"instance_arn": INSTANCE, "permission_set_arn": ARN, "principal_type": "USER",
        "principal_id": "u-1", "target_id": "123456789012", "target_type": "AWS_ACCOUNT"});
    let plan = plan(&[create("aws_ssoadmin_account_assignment.a", &after, &json!({"id": true}))], &json!({}));
    assert_eq!(of(&plan), (vec![ARN], true));
    assert_eq!(
        plan.given[0].principal.as_ref().map(|one| (one.kind, one.id.as_str())),
        Some((PrincipalType::User, "u-1"))
    );
    assert_eq!((plan.untold.len(), plan.sets.len(), plan.instances[0].arn.as_str()), (0, 0, INSTANCE));
}

#[test]
fn what_is_made_later_is_untold_and_never_guessed() {
    let unknown = json!({"permission_set_arn": true, "principal_id": true, "target_id": true});
    let plan = plan(
        &[create("aws_ssoadmin_account_assignment.a", &json!({"principal_type": "GROUP"}), &unknown)],
        &json!({"resources": [assigned("a", &["data.aws_ssoadmin_permission_set.x.arn", "data.aws_ssoadmin_permission_set.x"])]}),
    );
    assert_eq!(of(&plan), (vec![], false));
    let told: Vec<&str> = plan.untold.iter().map(|one| one.message.as_str()).collect();
    for wanted in ["the permission set", "the account", "the user or group"] {
        assert!(told.iter().any(|one| one.contains(wanted)), "{wanted}: {told:?}");
    }
}

#[test]
fn a_permission_set_of_the_same_plan_is_found_by_reference() {
    let plan = plan(
        &[set("aws_ssoadmin_permission_set.this", "Analyst"), assignment("aws_ssoadmin_account_assignment.a")],
        &json!({"resources": [assigned("a", &["aws_ssoadmin_permission_set.this.arn", "aws_ssoadmin_permission_set.this"])]}),
    );
    assert_eq!(of(&plan), (vec!["aws_ssoadmin_permission_set.this"], true));
    assert_eq!((plan.sets[0].fate, plan.sets[0].name.as_deref()), (Fate::Made, Some("Analyst")));
}

#[test]
fn of_a_for_each_the_same_key_is_meant_where_the_expression_says_so() {
    let sets =
        [set("aws_ssoadmin_permission_set.this[\"a\"]", "A"), set("aws_ssoadmin_permission_set.this[\"b\"]", "B")];
    let one = |key: &str, references: &[&str]| {
        let mut changes = sets.to_vec();
        changes.push(assignment(&format!("aws_ssoadmin_account_assignment.a[\"{key}\"]")));
        plan(&changes, &json!({"resources": [assigned("a", references)]}))
    };
    let this = "aws_ssoadmin_permission_set.this";
    let (a, b) = ("aws_ssoadmin_permission_set.this[\"a\"]", "aws_ssoadmin_permission_set.this[\"b\"]");
    assert_eq!(of(&one("b", &[this, "each.key"])), (vec![b], true));
    // The key of what has another expression may be another: likely, and no more.
    assert_eq!(of(&one("b", &[this, "each.value.set", "each.value"])), (vec![b], false));
    assert_eq!(of(&one("prod-b", &[this, "each.value.set", "each.value"])), (vec![a, b], false));
    assert_eq!(of(&one("b", &["aws_ssoadmin_permission_set.this[\"a\"].arn", this])), (vec![a], true));
}

#[test]
fn counts_have_keys_that_are_numbers() {
    let plan = plan(
        &[
            set("aws_ssoadmin_permission_set.this[0]", "A"),
            set("aws_ssoadmin_permission_set.this[1]", "B"),
            assignment("aws_ssoadmin_account_assignment.a[1]"),
        ],
        &json!({"resources": [assigned("a", &["aws_ssoadmin_permission_set.this", "count.index"])]}),
    );
    assert_eq!(of(&plan), (vec!["aws_ssoadmin_permission_set.this[1]"], true));
}

#[test]
fn modules_are_followed_down_and_up_and_their_instances_kept_apart() {
    // A module that makes the set, and gives its ARN out.
    let inner = json!({"outputs": {"arn": {"expression": {"references": ["aws_ssoadmin_permission_set.this.arn", "aws_ssoadmin_permission_set.this"]}}}});
    let sets = [
        set("module.set[\"x.y\"].aws_ssoadmin_permission_set.this", "X"),
        set("module.set[\"z\"].aws_ssoadmin_permission_set.this", "Z"),
    ];
    let mut changes = sets.to_vec();
    changes.push(assignment("aws_ssoadmin_account_assignment.a"));
    let down = plan(
        &changes,
        &json!({"resources": [assigned("a", &["module.set[\"x.y\"].arn", "module.set[\"x.y\"]", "module.set"])],
            "module_calls": {"set": {"module": inner}}}),
    );
    assert_eq!(of(&down), (vec!["module.set[\"x.y\"].aws_ssoadmin_permission_set.this"], true));
    // A module that is given the ARN.
    let up = plan(
        &[
            set("aws_ssoadmin_permission_set.this", "X"),
            assignment("module.give[\"prod\"].aws_ssoadmin_account_assignment.a"),
        ],
        &json!({"module_calls": {"give": {
            "expressions": {"set": {"references": ["aws_ssoadmin_permission_set.this.arn", "aws_ssoadmin_permission_set.this"]}},
            "module": {"resources": [assigned("a", &["var.set"])]}}}}),
    );
    assert_eq!(of(&up), (vec!["aws_ssoadmin_permission_set.this"], true));
    // Both in one module that is there twice: what is in the same instance is meant.
    let both = plan(
        &[
            set("module.both[\"a\"].aws_ssoadmin_permission_set.this", "A"),
            set("module.both[\"b\"].aws_ssoadmin_permission_set.this", "B"),
            assignment("module.both[\"b\"].aws_ssoadmin_account_assignment.a"),
        ],
        &json!({"module_calls": {"both": {"module": {"resources": [
            assigned("a", &["aws_ssoadmin_permission_set.this.arn", "aws_ssoadmin_permission_set.this"])]}}}}),
    );
    assert_eq!(of(&both), (vec!["module.both[\"b\"].aws_ssoadmin_permission_set.this"], true));
}

#[test]
fn contents_of_every_kind_are_read() {
    let reference = |name: &str| json!([{"name": name, "path": "/teams/"}]);
    let content = |kind: &str, after: Value| {
        let mut after = after;
        after["permission_set_arn"] = ARN.into();
        create(&format!("aws_ssoadmin_{kind}.c"), &after, &json!({"id": true}))
    };
    let plan = plan(
        &[
            content(
                "customer_managed_policy_attachment",
                json!({"customer_managed_policy_reference": reference("own")}),
            ),
            content(
                "managed_policy_attachment",
                json!({"managed_policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
            ),
            content(
                "permissions_boundary_attachment",
                json!({"permissions_boundary": [{"managed_policy_arn": "", "customer_managed_policy_reference": [{"name": "bound", "path": null}]}]}),
            ),
            content("permission_set_inline_policy", json!({"inline_policy": "{}"})),
        ],
        &json!({}),
    );
    assert!(plan.untold.is_empty(), "{:?}", plan.untold);
    let set = plan.set(ARN).expect("the permission set");
    assert_eq!((set.fate, set.addresses.len()), (Fate::Stays, 4));
    let own = PolicyReference { name: "own".to_owned(), path: "/teams/".to_owned() };
    assert_eq!(set.customer_managed.applied_to(&[]), [own]);
    assert_eq!(set.aws_managed.applied_to(&[]), ["arn:aws:iam::aws:policy/ReadOnlyAccess"]);
    let bound = PolicyReference { name: "bound".to_owned(), path: "/".to_owned() };
    assert_eq!(set.boundary.applied_to(&[]), [Boundary::CustomerManaged(bound)]);
    assert_eq!(set.inline.applied_to(&[]), ["{}".into()]);
}

#[test]
fn lists_that_are_exclusive_are_all_that_there_is() {
    let kinds = [
        "aws_ssoadmin_customer_managed_policy_attachments_exclusive",
        "aws_ssoadmin_managed_policy_attachments_exclusive",
    ];
    let values = |policies: &[&str]| {
        let named: Vec<Value> = policies.iter().map(|name| json!({"name": name, "path": "/"})).collect();
        json!({"permission_set_arn": ARN, "customer_managed_policy_reference": named, "managed_policy_arns": policies})
    };
    let of = |actions: &[&str], before: &Value, after: &Value| {
        let changes: Vec<Value> =
            kinds.iter().map(|kind| change(&format!("{kind}.e"), actions, before, after, &json!({}))).collect();
        let plan = plan(&changes, &json!({}));
        plan.set(ARN).map(|set| (set.aws_managed.applied_to(&["old".to_owned()]), set.customer_managed.clone()))
    };
    let (aws, own) = of(&["update"], &values(&["old"]), &values(&["new"])).expect("a change");
    assert_eq!((aws, own.only.map(|all| all.len())), (vec!["new".to_owned()], Some(1)));
    // To let go of such a list takes nothing out of the permission set.
    assert_eq!(of(&["delete"], &values(&["old"]), &Value::Null), None);
}

#[test]
fn what_a_list_does_not_tell_is_untold_beside_what_it_tells() {
    let after = json!({"permission_set_arn": ARN, "customer_managed_policy_reference": [{"name": "known", "path": "/"}, {"path": "/"}]});
    let unknown = json!({"customer_managed_policy_reference": [{}, {"name": true}]});
    let plan =
        plan(&[create("aws_ssoadmin_customer_managed_policy_attachments_exclusive.e", &after, &unknown)], &json!({}));
    let set = plan.set(ARN).expect("the permission set");
    assert_eq!(set.customer_managed.only.as_ref().map(Vec::len), Some(1));
    assert_eq!(plan.untold.len(), 1, "{:?}", plan.untold);
}

#[test]
fn what_is_deleted_and_replaced_is_told_apart() {
    let row = |principal: &str| {
        json!({"instance_arn": INSTANCE, "permission_set_arn": ARN, "principal_type": "GROUP", "principal_id": principal,
            "target_id": "123456789012"})
    };
    let there = json!({"arn": ARN, "name": "Old", "instance_arn": INSTANCE});
    let plan = plan(
        &[
            change("aws_ssoadmin_account_assignment.gone", &["delete"], &row("g-1"), &Value::Null, &json!({})),
            change(
                "aws_ssoadmin_account_assignment.new",
                &["delete", "create"],
                &row("g-2"),
                &row("g-3"),
                &json!({"id": true}),
            ),
            change("aws_ssoadmin_account_assignment.same", &["no-op"], &row("g-4"), &row("g-4"), &json!({})),
            change("aws_ssoadmin_account_assignment.left", &["forget"], &row("g-5"), &Value::Null, &json!({})),
            change(
                "aws_ssoadmin_permission_set.this",
                &["create", "delete"],
                &there,
                &json!({"name": "New", "instance_arn": INSTANCE}),
                &json!({"arn": true}),
            ),
        ],
        &json!({}),
    );
    let taken: Vec<&str> = plan.taken.iter().map(|one| one.principal.id.as_str()).collect();
    let given: Vec<&str> = plan.given.iter().filter_map(|one| Some(one.principal.as_ref()?.id.as_str())).collect();
    assert_eq!((taken, given), (vec!["g-1", "g-2"], vec!["g-3"]));
    let fates: Vec<(&str, Fate)> = plan.sets.iter().map(|set| (set.key.as_str(), set.fate)).collect();
    assert_eq!(fates, [(ARN, Fate::Deleted), ("aws_ssoadmin_permission_set.this", Fate::Made)]);
}

#[test]
fn a_group_that_the_plan_makes_will_be_there() {
    let after = json!({"permission_set_arn": ARN, "principal_type": "GROUP", "target_id": "123456789012"});
    let mut configured = assigned("a", &[]);
    configured["expressions"]["principal_id"] =
        json!({"references": ["aws_identitystore_group.g.group_id", "aws_identitystore_group.g"]});
    let plan = plan(
        &[
            create("aws_ssoadmin_account_assignment.a", &after, &json!({"principal_id": true})),
            create("aws_identitystore_group.g", &json!({"display_name": "G"}), &json!({"group_id": true})),
        ],
        &json!({"resources": [configured]}),
    );
    assert!(plan.untold.is_empty(), "{:?}", plan.untold);
}

#[test]
fn what_is_no_plan_is_refused() {
    let error = |bytes: &[u8]| read(bytes).expect_err("no plan");
    assert!(matches!(error(b"PK\x03\x04rest"), PlanError::Binary));
    let state = json!({"format_version": "1.0", "values": {"root_module": {}}});
    assert!(matches!(error(state.to_string().as_bytes()), PlanError::State));
    let later = json!({"format_version": "2.0", "resource_changes": []});
    assert!(matches!(error(later.to_string().as_bytes()), PlanError::OtherFormat { .. }));
    for text in ["", "[]", "{}", "null", "{\"format_version\": \"1.2\"}", "{\"format_version\": 1}"] {
        assert!(matches!(error(text.as_bytes()), PlanError::Other(_)), "{text}");
    }
    // A shell of Windows writes a byte order mark; nothing to do is a plan too.
    assert!(read(b"\xef\xbb\xbf{\"format_version\": \"1.0\", \"resource_changes\": []}").is_ok());
}

/// A plan of Terraform 1.11.4: its references stand as Terraform wrote them for resources of its own, under the types of
/// the provider.
#[test]
fn the_references_of_a_real_plan_are_followed() {
    let plan = read(include_bytes!("tests/references.json")).expect("a plan");
    assert!(plan.untold.is_empty(), "{:?}", plan.untold);
    let of = |name: &str| {
        let address = format!("aws_ssoadmin_account_assignment.{name}");
        let given = plan.given.iter().find(|one| one.address.ends_with(&address)).expect(name);
        let short = |key: &String| key.replace("aws_ssoadmin_permission_set.", "");
        (given.sets.iter().map(short).collect::<Vec<_>>(), given.certain)
    };
    let one = |set: &str, certain: bool| (vec![set.to_owned()], certain);
    assert_eq!(of("by_key[\"b\"]"), one("set[\"b\"]", true));
    assert_eq!(of("literal"), one("set[\"a\"]", true));
    assert_eq!(of("cond"), one("set[\"a\"]", true));
    assert_eq!(of("counted[1]"), one("cset[1]", true));
    assert_eq!(of("each_res[\"a\"]"), one("set[\"a\"]", false));
    assert_eq!(of("of_module"), one("module.m[\"x.y\"].set", true));
    assert_eq!(of("of_module_each[\"z\"]"), one("module.m[\"z\"].set", true));
    let either = (vec!["set[\"a\"]".to_owned(), "set[\"b\"]".to_owned()], false);
    assert_eq!(of("by_value[\"prod-b\"]"), either);
    let given = plan.given.iter().find(|one| one.address.starts_with("module.give[\"prod-b\"]")).expect("one");
    assert_eq!((given.sets.len(), given.certain), (2, false));
}
