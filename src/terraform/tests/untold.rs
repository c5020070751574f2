//! What a plan takes away, and what it does not tell.

use super::*;

#[test]
fn what_goes_away_is_read_where_something_else_may_need_it() {
    let row = |arn: &str, name: &str| json!({"arn": arn, "id": arn, "name": name, "path": "/teams/"});
    let old = row("arn:aws:iam::123456789012:policy/teams/old", "old");
    let gone = |address: &str, before: &Value| change(address, &["delete"], before, &Value::Null, &json!({}));
    let replaced = |address: &str, after: &Value| {
        change(address, &["delete", "create"], &old, after, &json!({"arn": true, "id": true}))
    };
    let plan = plan(
        &[
            gone("aws_iam_policy.gone", &old),
            replaced("aws_iam_policy.renamed", &json!({"name": "new", "path": "/teams/"})),
            replaced("aws_iam_policy.same", &json!({"name": "old", "path": "/teams/"})),
            gone("aws_iam_policy.odd", &json!({"name": "odd"})),
            gone("aws_identitystore_group.g", &json!({"group_id": "g-1", "id": "d-1/g-1"})),
            gone("aws_identitystore_user.u", &json!({"user_id": "u-1"})),
            gone("aws_identitystore_user.odd", &json!({})),
        ],
        &json!({}),
    );
    let policies: Vec<(&str, &str, String)> =
        plan.gone_policies.iter().map(|one| (one.address.as_str(), one.account.as_str(), one.policy.label())).collect();
    let label = || "/teams/old".to_owned();
    assert_eq!(
        policies,
        [("aws_iam_policy.gone", "123456789012", label()), ("aws_iam_policy.renamed", "123456789012", label())]
    );
    let people: Vec<(PrincipalType, &str)> =
        plan.gone_people.iter().map(|one| (one.principal.kind, one.principal.id.as_str())).collect();
    assert_eq!(people, [(PrincipalType::Group, "g-1"), (PrincipalType::User, "u-1")]);
    assert_eq!(plan.untold.len(), 2, "{:?}", plan.untold);
}

/// Of what it has a say in, and is not read: the organization's policies, and what sessions carry.
#[test]
fn what_decides_and_is_not_read_is_said() {
    let untold = |address: &str, actions: &[&str], before: Value, after: Value| {
        plan(&[change(address, actions, &before, &after, &json!({}))], &json!({})).untold.len()
    };
    let content = |text: &str| json!({"content": text, "description": text.len()});
    let none = || Value::Null;
    for (expected, found) in [
        (1, untold("aws_organizations_policy_attachment.a", &["create"], none(), json!({}))),
        (1, untold("aws_organizations_policy_attachment.a", &["delete"], json!({}), none())),
        (0, untold("aws_organizations_policy_attachment.a", &["no-op"], json!({}), json!({}))),
        (1, untold("aws_organizations_policy.p", &["update"], content("{}"), content("{ }"))),
        (0, untold("aws_organizations_policy.p", &["update"], content("{}"), content("{}"))),
        (0, untold("aws_organizations_policy.p", &["create"], none(), content("{}"))),
        (1, untold("aws_ssoadmin_instance_access_control_attributes.a", &["update"], json!({}), json!({}))),
        (0, untold("aws_s3_bucket.b", &["delete"], json!({}), none())),
    ] {
        assert_eq!(found, expected);
    }
}

/// Whatever may be filled by what is not told is not called whole.
#[test]
fn what_may_name_more_than_is_told_is_told_in_part() {
    let part = |changes: &[Value], resources: &[Value]| plan(changes, &json!({"resources": resources})).in_part;
    let made = "aws_ssoadmin_permission_set.this";
    let named = |kind: &str, after: Value, unknown: Value| {
        let mut after = after;
        after["permission_set_arn"] = ARN.into();
        part(&[create(&format!("aws_ssoadmin_{kind}.c"), &after, &unknown)], &[])
    };
    for (kind, unknown) in [
        ("managed_policy_attachment", json!({"managed_policy_arn": true})),
        ("managed_policy_attachments_exclusive", json!({"managed_policy_arns": true})),
        ("customer_managed_policy_attachment", json!({"customer_managed_policy_reference": true})),
        ("customer_managed_policy_attachments_exclusive", json!({"customer_managed_policy_reference": true})),
        ("permission_set_inline_policy", json!({"inline_policy": true})),
    ] {
        assert_eq!(named(kind, json!({}), unknown), [ARN.to_owned()].into(), "{kind}");
    }
    // A boundary grants nothing.
    assert!(named("permissions_boundary_attachment", json!({}), json!({"permissions_boundary": true})).is_empty());
    assert!(named("permission_set_inline_policy", json!({"inline_policy": "{}"}), json!({})).is_empty());
    let kind = "aws_ssoadmin_managed_policy_attachment";
    let attached = create(
        &format!("{kind}.c"),
        &json!({"managed_policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
        &json!({"permission_set_arn": true}),
    );
    let of_data =
        configured(kind, "c", &["data.aws_ssoadmin_permission_set.x.arn", "data.aws_ssoadmin_permission_set.x"]);
    let any = part(&[set(made, "X"), attached.clone()], &[of_data]);
    assert_eq!(any, [made.to_owned()].into(), "it may be of any");
    let sure = configured(kind, "c", &["aws_ssoadmin_permission_set.this.arn", "aws_ssoadmin_permission_set.this"]);
    assert!(part(&[set(made, "X"), attached.clone()], &[sure]).is_empty());
    let each = ["aws_ssoadmin_permission_set.this[\"a\"]", "aws_ssoadmin_permission_set.this[\"b\"]"];
    let one = configured(kind, "c", &["aws_ssoadmin_permission_set.this"]);
    let several = part(&[set(each[0], "A"), set(each[1], "B"), attached], &[one]);
    assert_eq!(several, each.map(str::to_owned).into());
}

#[test]
fn what_is_not_read_is_said() {
    let mut odd = create("awscc_sso_assignment.a", &json!({}), &json!({}));
    odd["type"] = "awscc_sso_assignment".into();
    let strange = change("aws_ssoadmin_permission_set.s", &["transmute"], &Value::Null, &Value::Null, &json!({}));
    let file = json!({"format_version": "1.3", "resource_changes": [odd, strange], "errored": true, "complete": false,
        "deferred_changes": [{}]});
    let plan = read(file.to_string().as_bytes()).expect("a plan");
    assert_eq!(plan.untold.len(), 5, "{:?}", plan.untold);
}

#[test]
fn memberships_are_read_with_groups_and_users_of_the_same_plan() {
    let kind = "aws_identitystore_group_membership";
    let id = |group: &str, member: &str| json!({"identity_store_id": "d-1", "group_id": group, "member_id": member});
    let of = |name: &str, group: &[&str], member: &[&str]| {
        json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name,
            "expressions": {"group_id": {"references": group}, "member_id": {"references": member}}})
    };
    let later = json!({"group_id": true, "member_id": true});
    let group = |key: &str| format!("aws_identitystore_group.g[\"{key}\"]");
    let each = |key: &str| create(&group(key), &json!({"display_name": key}), &json!({"group_id": true}));
    let user = create("aws_identitystore_user.u", &json!({"user_name": "new"}), &json!({"user_id": true}));
    let plan = plan(
        &[
            each("a"),
            each("b"),
            user,
            create(&format!("{kind}.told"), &id("g-1", "u-1"), &json!({})),
            change(&format!("{kind}.gone"), &["delete"], &id("g-1", "u-2"), &Value::Null, &json!({})),
            change(&format!("{kind}.moved"), &["delete", "create"], &id("g-1", "u-3"), &id("g-2", "u-3"), &json!({})),
            create(&format!("{kind}.one"), &json!({}), &later),
            create(&format!("{kind}.either"), &json!({}), &later),
            create(&format!("{kind}.data"), &json!({}), &later),
            change(&format!("{kind}.odd"), &["delete"], &json!({}), &Value::Null, &json!({})),
        ],
        &json!({"resources": [
            of("one", &[&format!("{}.group_id", group("a")), &group("a")], &["aws_identitystore_user.u.user_id"]),
            of("either", &["aws_identitystore_group.g"], &["aws_identitystore_user.u.user_id"]),
            of("data", &["data.aws_identitystore_group.x.group_id"], &["data.aws_identitystore_user.x.user_id"]),
        ]}),
    );
    let made: Vec<(&str, Option<&str>)> =
        plan.made_people.iter().map(|one| (one.principal.id.as_str(), one.name.as_deref())).collect();
    let (a, b) = (group("a"), group("b"));
    assert_eq!(made, [(a.as_str(), Some("a")), (b.as_str(), Some("b")), ("aws_identitystore_user.u", Some("new"))]);
    let joined = |name: &str| {
        let one = plan.joined.iter().find(|one| one.address == format!("{kind}.{name}")).expect(name);
        ((&one.group.ids[..], one.group.sure()), (&one.member.ids[..], one.member.sure()))
    };
    assert_eq!((joined("told").0.1, joined("told").1.1), (Some("g-1"), Some("u-1")));
    assert_eq!((joined("moved").0.1, joined("moved").1.1), (Some("g-2"), Some("u-3")));
    assert_eq!((joined("one").0.1, joined("one").1.1), (Some(a.as_str()), Some("aws_identitystore_user.u")));
    assert_eq!(joined("either").0, (&[a.clone(), b][..], None));
    assert_eq!((joined("data").0.0.len(), joined("data").1.0.len()), (0, 0));
    let left: Vec<(&str, &str)> = plan.left.iter().map(|one| (one.group.as_str(), one.member.as_str())).collect();
    assert_eq!(left, [("g-1", "u-2"), ("g-1", "u-3")]);
    let untold: Vec<&str> = plan.untold.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(untold.len(), 3, "{untold:?}");
    assert!(
        untold.iter().any(|one| one.contains("the group of aws_identitystore_group_membership.data")),
        "{untold:?}"
    );
}
