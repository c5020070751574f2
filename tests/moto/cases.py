"""The cases: an organization, a question about it, and the answer that is right.

moto lacks much of what the program asks for and gets some of it wrong. Then the right answer names the gap: what
could not be read is never taken for "no". The gaps that a case expects are therefore part of what it proves.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from seed import MANAGEMENT, ROLE_PATH, Statement, World

HOME = "management"
PROD = "prod-data"


@dataclass(frozen=True)
class Gap:
    """Something that the answer says it could not read: the IAM action, the account by name, and why."""

    call: str
    account: str | None = HOME
    reason: str = "failed"


@dataclass(frozen=True)
class Answer:
    """What the answer has to be. Words may hold {names} of the world's facts."""

    verdict: str
    root: str | None = None
    confidence: str | None = None
    also: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    near_misses: tuple[tuple[str, str], ...] = ()
    candidates: tuple[str, ...] = ()
    # Permission set, user or group, state.
    paths: tuple[tuple[str | None, str, str], ...] = ()
    gaps: frozenset[Gap] = frozenset()
    # Through whom, and how sure that is.
    since: tuple[str, str] | None = None


@dataclass(frozen=True)
class Error:
    """No answer, but an error that says what to do."""

    exit_code: int
    says: str


@dataclass(frozen=True)
class Case:
    """One question."""

    name: str
    seed: Callable[[World], None]
    ask: tuple[str, ...]
    expect: Answer | Error
    enter: bool = True
    replay: bool = False
    # Operations that must not be asked for.
    never: tuple[str, ...] = ()
    aws_policies: bool = False
    region: str = "us-east-1"


# What moto lacks, by where it comes in: these actions answer with an HTTP 500 page.
INSTANCE = Gap("sso:DescribeInstance")
REQUESTS = Gap("sso:ListAccountAssignmentCreationStatus")
DELETIONS = Gap("sso:ListAccountAssignmentDeletionStatus")
PROVISIONINGS = Gap("sso:ListPermissionSetProvisioningStatus")
BOUNDARY = Gap("sso:GetPermissionsBoundaryForPermissionSet")
ATTRIBUTES = Gap("sso:DescribeInstanceAccessControlAttributeConfiguration")
EVENTS = Gap("cloudtrail:LookupEvents", PROD)
SIGN_INS = Gap("cloudtrail:LookupEvents", HOME)
# What it answers, but not in full: no UserStatus, and the same permission sets as latest and as outdated.
USER_STATUS = Gap("identitystore:DescribeUser")
VERSIONS = Gap("sso:ListPermissionSetsProvisionedToAccount")

NO_PATH = frozenset({INSTANCE, USER_STATUS, REQUESTS, DELETIONS, SIGN_INS})
ASSIGNED = NO_PATH | {ATTRIBUTES, BOUNDARY, PROVISIONINGS, EVENTS}
# Why a set is not there matters no more where it is.
PROVISIONED = ASSIGNED - {PROVISIONINGS} | {VERSIONS}

POLICY = "my-redshift-analyst-policy"
PROVIDER = "AWSSSO_0123456789abcdef_DO_NOT_DELETE"


def people(world: World) -> None:
    """An account, three people and two groups; nothing assigned."""
    world.account(PROD)
    world.user("jane.doe", "Jane", "Doe")
    world.user("john.roe", "John", "Roe")
    world.user("maria.silva", "Maria", "Silva")
    world.group("DataAnalysts", "jane.doe")
    world.group("Developers", "jane.doe", "john.roe")


def assigned(world: World) -> None:
    """The same with a permission set assigned to a group: jane.doe is in it, john.roe is not."""
    people(world)
    world.permission_set("RedshiftAnalyst", (POLICY, "/"))
    world.permission_set("ReadOnly")
    world.assign("RedshiftAnalyst", PROD, group="DataAnalysts")


def removed_in_a_table(world: World) -> None:
    """The same, and a table of Athena that has the record of a removal: moto answers the first query with it."""
    assigned(world)
    world.queue_rows(
        {
            "eventid": "0f20528b-8280-5098-95ca-a21f493fa22e",
            "eventtime": world.minutes_ago(90),
            "eventsource": "sso-directory.amazonaws.com",
            "eventname": "RemoveMemberFromGroup",
            "awsregion": world.region,
            "recipientaccountid": MANAGEMENT,
            "sourceipaddress": "203.0.113.24",
            "useragent": "Mozilla/5.0",
            "requestparameters": json.dumps(
                {"groupId": world.facts["DataAnalysts"], "member": {"memberId": world.facts["john.roe"]}}
            ),
            "actor_type": "AssumedRole",
            "actor_arn": f"arn:aws:sts::{MANAGEMENT}:assumed-role/AWSReservedSSO_Admin_1f2e3d4c5b6a7988/alex.admin",
            "role_name": "AWSReservedSSO_Admin_1f2e3d4c5b6a7988",
        }
    )


def removed_in_a_log_group(world: World) -> None:
    """The same, and a log group that has the record of a removal, and one about somebody else."""
    assigned(world)
    records = [
        {
            "eventID": f"0f20528b-8280-5098-95ca-a21f493fa22{number}",
            "eventTime": world.minutes_ago(90 - number),
            "eventSource": "sso-directory.amazonaws.com",
            "eventName": "RemoveMemberFromGroup",
            "awsRegion": world.region,
            "recipientAccountId": MANAGEMENT,
            "sourceIPAddress": "203.0.113.24",
            "userAgent": "Mozilla/5.0",
            "userIdentity": {
                "type": "AssumedRole",
                "arn": f"arn:aws:sts::{MANAGEMENT}:assumed-role/AWSReservedSSO_Admin_1f2e3d4c5b6a7988/{by}",
                "sessionContext": {"sessionIssuer": {"userName": "AWSReservedSSO_Admin_1f2e3d4c5b6a7988"}},
            },
            "requestParameters": {"groupId": world.facts["DataAnalysts"], "member": {"memberId": world.facts[member]}},
        }
        for number, (by, member) in enumerate([("alex.admin", "john.roe"), ("kim.admin", "jane.doe")])
    ]
    world.log_records("aws-controltower/CloudTrailLogs", records)


def assigned_with_policy(world: World) -> None:
    assigned(world)
    world.policy(PROD, POLICY)


def provisioned(world: World) -> None:
    """Everything there: the policy, the copy of the permission set, the role and its SAML provider."""
    assigned(world)
    policy = world.policy(PROD, POLICY)
    world.provision("RedshiftAnalyst", PROD)
    world.sso_role(PROD, "RedshiftAnalyst", PROVIDER, attach=(policy,))
    world.saml_provider(PROD, PROVIDER)


def with_more(*steps: Callable[[World], object]) -> Callable[[World], None]:
    """One step after the other."""

    def seed(world: World) -> None:
        for step in steps:
            step(world)

    return seed


def closed_account(world: World) -> None:
    assigned(world)
    world.close(PROD)


def only_orphans(world: World) -> None:
    """The group was deleted and made anew: same name, another id."""
    assigned(world)
    world.delete_group("DataAnalysts")
    world.group("DataAnalysts", "jane.doe")


def eleven_policies(world: World) -> None:
    """One more than a role may have by default, and all of them there."""
    people(world)
    names = [f"analyst-{number:02}" for number in range(1, 12)]
    world.permission_set("RedshiftAnalyst", *((name, "/") for name in names))
    world.assign("RedshiftAnalyst", PROD, group="DataAnalysts")
    for name in names:
        world.policy(PROD, name)


def aws_managed(world: World) -> None:
    """Only an AWS managed policy, assigned to the user and not yet provisioned."""
    people(world)
    world.permission_set("ViewOnly")
    world.attach_aws_managed("ViewOnly", "AmazonS3ReadOnlyAccess")
    world.assign("ViewOnly", PROD, user="jane.doe")


def retired_policy(world: World) -> None:
    aws_managed(world)
    world.retire_aws_managed(PROD, "AmazonS3ReadOnlyAccess")


def inline_only(world: World) -> None:
    """Provisioned, with an inline policy alone; the role has it too, written with other spaces."""
    people(world)
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}
    world.permission_set("Reader")
    world.inline("Reader", document)
    world.assign("Reader", PROD, user="jane.doe")
    world.provision("Reader", PROD)
    world.sso_role(PROD, "Reader", PROVIDER, inline=document)
    world.saml_provider(PROD, PROVIDER)


def empty_set(world: World) -> None:
    people(world)
    world.permission_set("Empty")
    world.assign("Empty", PROD, user="jane.doe")
    world.provision("Empty", PROD)
    world.sso_role(PROD, "Empty", PROVIDER)
    world.saml_provider(PROD, PROVIDER)


def role_missing(world: World) -> None:
    assigned_with_policy(world)
    world.provision("RedshiftAnalyst", PROD)
    # Another permission set's role, whose name starts the same.
    world.sso_role(PROD, "RedshiftAnalyst_Admin", PROVIDER)
    world.saml_provider(PROD, PROVIDER)


def provider_missing(world: World) -> None:
    assigned(world)
    policy = world.policy(PROD, POLICY)
    world.provision("RedshiftAnalyst", PROD)
    world.sso_role(PROD, "RedshiftAnalyst", PROVIDER, attach=(policy,))
    world.saml_provider(PROD, "Okta")


def role_without_its_policy(world: World) -> None:
    assigned_with_policy(world)
    world.provision("RedshiftAnalyst", PROD)
    world.sso_role(PROD, "RedshiftAnalyst", PROVIDER)
    world.saml_provider(PROD, PROVIDER)


def second_broken(world: World) -> None:
    """A second permission set, whose policy is missing: two paths, one of them shut.

    Both are assigned to the user: moto's ListAccountAssignmentsForPrincipal leaves out what comes through groups, as
    AWS's does not.
    """
    provisioned(world)
    world.assign("RedshiftAnalyst", PROD, user="jane.doe")
    world.permission_set("Billing", ("billing-policy", "/"))
    world.assign("Billing", PROD, user="jane.doe")


def elsewhere(world: World) -> None:
    """An instance in Ireland: its roles carry the Region in their path."""
    assigned(world)
    policy = world.policy(PROD, POLICY)
    world.provision("RedshiftAnalyst", PROD)
    world.sso_role(PROD, "RedshiftAnalyst", PROVIDER, path=f"{ROLE_PATH}eu-west-1/", attach=(policy,))
    world.saml_provider(PROD, PROVIDER)


def in_management_account(world: World) -> None:
    """The target is the caller's own account: no role needs to be assumed."""
    people(world)
    world.permission_set("RedshiftAnalyst", (POLICY, "/"))
    world.assign("RedshiftAnalyst", HOME, group="DataAnalysts")


def large(world: World) -> None:
    """More of everything than one page holds; what matters comes last."""
    for number in range(1, 25):
        world.account(f"account-{number:02}")
    world.account(PROD)
    world.user("jane.doe", "Jane", "Doe")
    for number in range(1, 105):
        world.group(f"group-{number:03}", "jane.doe")
    for number in range(1, 105):
        world.permission_set(f"Set-{number:03}")
    world.permission_set("RedshiftAnalyst", (POLICY, "/"))
    world.assign("RedshiftAnalyst", PROD, group="group-104")


def unreadable_set(world: World) -> None:
    """moto sends the session duration as a number here, which is not the protocol's."""
    people(world)
    world.permission_set("RedshiftAnalyst", (POLICY, "/"), duration=None)
    world.assign("RedshiftAnalyst", PROD, group="DataAnalysts")


ALL: list[Statement] = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]


def denying(*, home: str | None = None, target: str | None = None) -> Callable[[World], None]:
    """Turns IAM on, with everything allowed but one action."""

    def statements(action: str | None) -> list[Statement]:
        return ALL + ([{"Effect": "Deny", "Action": action, "Resource": "*"}] if action else [])

    return lambda world: world.enforce(PROD, home=statements(home), target=statements(target))


def own_policies(world: World) -> None:
    """Turns IAM on, with what `idc policy` prints and nothing else."""
    world.enforce(PROD, home=world.own_policies["home"], target=world.own_policies["target"])


def denied(call: str, account: str = HOME) -> Gap:
    return Gap(call, account, "denied")


def unread(call: str) -> Gap:
    return Gap(call, PROD, "not-asked")


# What is read in the account itself for a set that names a customer managed policy.
INSIDE = ("iam:ListPolicies", "iam:GetAccountSummary", "iam:ListRoles", "cloudtrail:LookupEvents")


def blocked(root: str, **rest: Any) -> Answer:
    """Blocked, and likely, since moto never tells whether the instance supports permission sets."""
    return Answer("blocked", root, "likely", **rest)


def shut(permission_set: str | None, via: str = "DataAnalysts") -> tuple[tuple[str | None, str, str], ...]:
    return ((permission_set, via, "shut"),)


# What follows from a set that cannot be provisioned.
NO_COPY = ("permission-set-not-provisioned", "role-missing")
NO_ROLE = ("role-missing",)
ACCOUNT = "{prod-data}"
JANE = ("jane.doe", ACCOUNT)

CASES: list[Case] = [
    # The user
    Case(
        "user-not-found",
        people,
        ("jane.deo", ACCOUNT),
        blocked("user-not-found", suggestions=("jane.doe (Jane Doe)",), gaps=frozenset({INSTANCE})),
        replay=True,
    ),
    Case(
        # The server tells upper from lower case here; the program suggests and does not decide.
        "user-in-other-case",
        people,
        ("JANE.DOE", ACCOUNT),
        blocked("user-not-found", suggestions=("jane.doe (Jane Doe)",), gaps=frozenset({INSTANCE})),
    ),
    Case(
        "user-id-unknown",
        people,
        ("00000000-0000-4000-8000-000000000000", ACCOUNT),
        blocked("user-not-found", gaps=frozenset({INSTANCE})),
    ),
    Case(
        "user-by-e-mail",
        assigned_with_policy,
        ("jane.doe@example.com", ACCOUNT),
        blocked("permission-set-not-provisioned", also=NO_ROLE, paths=shut("RedshiftAnalyst"), gaps=ASSIGNED),
    ),
    Case(
        "user-by-id",
        assigned_with_policy,
        ("{jane}", ACCOUNT),
        blocked("permission-set-not-provisioned", also=NO_ROLE, paths=shut("RedshiftAnalyst"), gaps=ASSIGNED),
    ),
    # The account
    Case(
        # Nobody's role is assumed in an account that is somebody else's.
        "account-unknown",
        assigned,
        ("jane.doe", "999999999999"),
        blocked("account-not-in-organization", gaps=frozenset({INSTANCE, USER_STATUS})),
        never=("AssumeRole",),
    ),
    Case(
        "account-name-unknown",
        assigned,
        ("jane.doe", "prod-dta"),
        blocked(
            "account-not-in-organization",
            suggestions=("prod-data ({prod-data})",),
            gaps=frozenset({INSTANCE, USER_STATUS}),
        ),
    ),
    Case(
        "account-closed",
        closed_account,
        JANE,
        blocked(
            "account-not-active",
            also=("customer-managed-policy-missing", *NO_COPY),
            paths=shut("RedshiftAnalyst"),
            gaps=ASSIGNED,
        ),
    ),
    Case(
        "account-by-name",
        assigned_with_policy,
        ("jane.doe", PROD),
        blocked("permission-set-not-provisioned", also=NO_ROLE, paths=shut("RedshiftAnalyst"), gaps=ASSIGNED),
    ),
    # Membership and assignment
    Case(
        "not-in-assigned-group",
        assigned,
        ("john.roe", ACCOUNT),
        blocked("not-in-assigned-group", also=("assignment-missing",), candidates=("DataAnalysts",), gaps=NO_PATH),
        replay=True,
    ),
    Case(
        "removed-by-what-a-table-of-athena-says",
        removed_in_a_table,
        ("john.roe", ACCOUNT, "--trail", "athena:logs.trail"),
        blocked(
            "not-in-assigned-group",
            also=("assignment-missing",),
            candidates=("DataAnalysts",),
            # moto describes no table, and looks up no event.
            gaps=NO_PATH | {Gap("athena:GetQueryResults", None)},
            since=("alex.admin as Admin", "likely"),
        ),
        replay=True,
    ),
    Case(
        "removed-by-what-a-log-group-says",
        removed_in_a_log_group,
        ("john.roe", ACCOUNT, "--trail", "logs:aws-controltower/CloudTrailLogs"),
        blocked(
            "not-in-assigned-group",
            also=("assignment-missing",),
            candidates=("DataAnalysts",),
            # No trail of moto's writes to the log group, so that nobody tells what it holds.
            gaps=NO_PATH | {Gap("logs:GetQueryResults", None)},
            since=("alex.admin as Admin", "likely"),
        ),
        replay=True,
    ),
    Case(
        "in-no-group-at-all",
        assigned,
        ("maria.silva", ACCOUNT),
        blocked("not-in-assigned-group", candidates=("DataAnalysts",), gaps=NO_PATH),
    ),
    Case(
        "nothing-assigned",
        people,
        JANE,
        blocked("assignment-missing", candidates=("DataAnalysts", "Developers"), gaps=NO_PATH),
    ),
    Case(
        "assigned-to-a-group-that-is-gone", only_orphans, JANE, blocked("assignment-orphaned-principal", gaps=NO_PATH)
    ),
    Case(
        "permission-set-name-unknown",
        assigned,
        (*JANE, "-p", "RedshiftAnalist"),
        blocked("permission-set-not-found", suggestions=("RedshiftAnalyst",), gaps=frozenset({INSTANCE, USER_STATUS, SIGN_INS})),
    ),
    Case(
        "permission-set-not-assigned",
        assigned,
        (*JANE, "-p", "ReadOnly"),
        blocked("assignment-missing", candidates=("DataAnalysts", "Developers"), gaps=NO_PATH),
    ),
    Case(
        "role-arn-pasted",
        assigned_with_policy,
        ("jane.doe", "arn:aws:sts::{prod-data}:assumed-role/AWSReservedSSO_RedshiftAnalyst_0123456789abcdef/jane.doe"),
        blocked("permission-set-not-provisioned", also=NO_ROLE, paths=shut("RedshiftAnalyst"), gaps=ASSIGNED),
    ),
    # The policies that a permission set names
    Case(
        "customer-policy-missing",
        assigned,
        JANE,
        blocked("customer-managed-policy-missing", also=NO_COPY, paths=shut("RedshiftAnalyst"), gaps=ASSIGNED),
        replay=True,
    ),
    Case(
        "customer-policy-in-other-case",
        with_more(assigned, lambda world: world.policy(PROD, "My-Redshift-Analyst-Policy")),
        JANE,
        blocked(
            "customer-managed-policy-missing",
            also=NO_COPY,
            near_misses=(("arn:aws:iam::{prod-data}:policy/My-Redshift-Analyst-Policy", "case"),),
            paths=shut("RedshiftAnalyst"),
            gaps=ASSIGNED,
        ),
    ),
    Case(
        "customer-policy-under-other-path",
        with_more(assigned, lambda world: world.policy(PROD, POLICY, "/data/")),
        JANE,
        blocked(
            "customer-managed-policy-missing",
            also=NO_COPY,
            near_misses=(("arn:aws:iam::{prod-data}:policy/data/my-redshift-analyst-policy", "path"),),
            paths=shut("RedshiftAnalyst"),
            gaps=ASSIGNED,
        ),
    ),
    Case(
        "customer-policy-there-and-not-provisioned",
        assigned_with_policy,
        JANE,
        blocked("permission-set-not-provisioned", also=NO_ROLE, paths=shut("RedshiftAnalyst"), gaps=ASSIGNED),
    ),
    Case(
        "customer-policy-missing-where-the-role-works",
        with_more(provisioned, lambda world: world.delete_policy(PROD, POLICY)),
        JANE,
        # They may still get in with what the role has: a fault, but no proof that they are kept out.
        Answer(
            "inconclusive",
            also=("customer-managed-policy-missing", "role-policies-differ"),
            paths=(("RedshiftAnalyst", "DataAnalysts", "unknown"),),
            gaps=PROVISIONED,
        ),
    ),
    Case(
        "more-policies-than-a-role-may-have",
        eleven_policies,
        JANE,
        blocked("policies-per-role-quota", also=NO_COPY, paths=shut("RedshiftAnalyst"), gaps=ASSIGNED),
    ),
    Case(
        "aws-policy-there",
        aws_managed,
        JANE,
        blocked("permission-set-not-provisioned", also=NO_ROLE, paths=shut("ViewOnly", "jane.doe"), gaps=ASSIGNED),
        aws_policies=True,
    ),
    Case(
        "aws-policy-retired",
        retired_policy,
        JANE,
        blocked("aws-managed-policy-missing", also=NO_COPY, paths=shut("ViewOnly", "jane.doe"), gaps=ASSIGNED),
        aws_policies=True,
    ),
    # The role
    Case(
        "everything-there",
        provisioned,
        JANE,
        Answer("inconclusive", paths=(("RedshiftAnalyst", "DataAnalysts", "unknown"),), gaps=PROVISIONED),
        replay=True,
    ),
    Case(
        "everything-there-with-an-inline-policy",
        inline_only,
        JANE,
        Answer("inconclusive", paths=(("Reader", "jane.doe", "unknown"),), gaps=PROVISIONED),
    ),
    Case(
        "everything-there-in-another-region",
        elsewhere,
        JANE,
        Answer("inconclusive", paths=(("RedshiftAnalyst", "DataAnalysts", "unknown"),), gaps=PROVISIONED),
        region="eu-west-1",
    ),
    Case(
        "permission-set-empty",
        empty_set,
        JANE,
        Answer(
            "inconclusive", also=("permission-set-empty",), paths=(("Empty", "jane.doe", "unknown"),), gaps=PROVISIONED
        ),
    ),
    Case(
        "role-missing",
        role_missing,
        JANE,
        blocked("role-missing", paths=shut("RedshiftAnalyst"), gaps=PROVISIONED),
    ),
    Case(
        "role-without-its-policy",
        role_without_its_policy,
        JANE,
        Answer(
            "inconclusive",
            also=("role-policies-differ",),
            paths=(("RedshiftAnalyst", "DataAnalysts", "unknown"),),
            gaps=PROVISIONED,
        ),
    ),
    Case(
        "saml-provider-missing",
        provider_missing,
        JANE,
        blocked("saml-provider-missing", paths=shut("RedshiftAnalyst"), gaps=PROVISIONED),
    ),
    Case(
        "two-ways-one-of-them-broken",
        second_broken,
        JANE,
        Answer(
            "inconclusive",
            also=("customer-managed-policy-missing", *NO_COPY),
            paths=(("Billing", "jane.doe", "shut"), ("RedshiftAnalyst", "jane.doe", "unknown")),
            gaps=PROVISIONED | {PROVISIONINGS},
        ),
    ),
    # The way into the account
    Case(
        "management-account-itself",
        in_management_account,
        ("jane.doe", "{management}"),
        blocked(
            "customer-managed-policy-missing",
            also=NO_COPY,
            paths=shut("RedshiftAnalyst"),
            gaps=ASSIGNED - {EVENTS},
        ),
        enter=False,
    ),
    Case(
        "account-not-entered",
        assigned,
        JANE,
        # The policy's absence cannot be shown from outside; that there is no copy can.
        blocked(
            "permission-set-not-provisioned",
            paths=shut("RedshiftAnalyst"),
            gaps=ASSIGNED - {EVENTS} | {Gap("sts:AssumeRole", HOME, "not-asked"), *map(unread, INSIDE)},
        ),
        enter=False,
    ),
    Case(
        "pages",
        large,
        # moto lists nothing as provisioned and nothing through groups, so that no other permission set has to be asked.
        ("jane.doe", PROD, "-p", "RedshiftAnalyst"),
        blocked(
            "customer-managed-policy-missing",
            also=NO_COPY,
            paths=shut("RedshiftAnalyst", "group-104"),
            gaps=ASSIGNED,
        ),
    ),
    Case(
        "an-answer-that-cannot-be-read",
        unreadable_set,
        JANE,
        blocked(
            "customer-managed-policy-missing",
            also=("permission-set-not-provisioned",),
            paths=shut(None),
            # Without its name the role cannot be told from others.
            gaps=ASSIGNED - {EVENTS} | {Gap("sso:DescribePermissionSet")},
        ),
    ),
    # IAM: what the program says it needs is enough; then one permission less each time
    Case(
        "own-policies-are-enough",
        with_more(role_missing, own_policies),
        JANE,
        blocked("role-missing", paths=shut("RedshiftAnalyst"), gaps=PROVISIONED),
    ),
    Case(
        "own-policies-are-enough-where-a-role-is-read",
        with_more(inline_only, own_policies),
        JANE,
        Answer("inconclusive", paths=(("Reader", "jane.doe", "unknown"),), gaps=PROVISIONED),
    ),
    Case(
        "own-policies-are-enough-where-nothing-is-assigned",
        with_more(people, own_policies),
        JANE,
        blocked("assignment-missing", candidates=("DataAnalysts", "Developers"), gaps=NO_PATH),
    ),
    Case(
        "own-policies-are-enough-where-there-is-no-user",
        with_more(people, own_policies),
        ("jane.deo", PROD),
        blocked("user-not-found", suggestions=("jane.doe (Jane Doe)",), gaps=frozenset({INSTANCE})),
    ),
    Case(
        "memberships-denied",
        with_more(assigned, denying(home="identitystore:ListGroupMembershipsForMember")),
        ("john.roe", ACCOUNT),
        Answer("inconclusive", gaps=NO_PATH | {denied("identitystore:ListGroupMembershipsForMember")}),
        replay=True,
    ),
    Case(
        "assignments-denied",
        with_more(assigned, denying(home="sso:ListAccountAssignments")),
        ("john.roe", ACCOUNT),
        # What is listed by principal is enough: no permission set is provisioned that could let him in.
        blocked(
            "assignment-missing", candidates=("Developers",), gaps=NO_PATH | {denied("sso:ListAccountAssignments")}
        ),
    ),
    Case(
        "assignments-for-principal-denied",
        with_more(assigned, denying(home="sso:ListAccountAssignmentsForPrincipal")),
        ("john.roe", ACCOUNT),
        # The second way answers in its place.
        blocked("not-in-assigned-group", also=("assignment-missing",), candidates=("DataAnalysts",), gaps=NO_PATH),
    ),
    Case(
        "user-look-up-denied",
        with_more(assigned, denying(home="identitystore:GetUserId")),
        ("jane.deo", ACCOUNT),
        Answer("inconclusive", gaps=frozenset({INSTANCE, denied("identitystore:GetUserId")})),
    ),
    Case(
        "account-denied",
        with_more(provisioned, lambda world: world.close(PROD), denying(home="organizations:DescribeAccount")),
        JANE,
        Answer(
            "inconclusive",
            paths=(("RedshiftAnalyst", "DataAnalysts", "unknown"),),
            gaps=PROVISIONED | {denied("organizations:DescribeAccount")},
        ),
    ),
    Case(
        "policies-denied",
        with_more(assigned, denying(target="iam:ListPolicies")),
        JANE,
        blocked(
            "permission-set-not-provisioned",
            also=NO_ROLE,
            paths=shut("RedshiftAnalyst"),
            gaps=ASSIGNED | {denied("iam:ListPolicies", PROD)},
        ),
    ),
    Case(
        "roles-denied",
        with_more(role_missing, denying(target="iam:ListRoles")),
        JANE,
        Answer(
            "inconclusive",
            paths=(("RedshiftAnalyst", "DataAnalysts", "unknown"),),
            gaps=PROVISIONED | {denied("iam:ListRoles", PROD)},
        ),
    ),
    Case(
        "assume-role-denied",
        with_more(role_missing, denying(home="sts:AssumeRole")),
        JANE,
        Answer(
            "inconclusive",
            paths=(("RedshiftAnalyst", "DataAnalysts", "unknown"),),
            gaps=PROVISIONED - {EVENTS} | {denied("sts:AssumeRole", HOME), *map(unread, INSIDE)},
        ),
    ),
    # No answer at all
    Case(
        "instances-denied",
        with_more(assigned, denying(home="sso:ListInstances")),
        JANE,
        Answer(
            "inconclusive",
            gaps=frozenset(
                {
                    denied("sso:ListInstances"),
                    Gap("sso:DescribeInstance", HOME, "not-asked"),
                    Gap("identitystore:DescribeUser", HOME, "not-asked"),
                }
            ),
        ),
    ),
    Case(
        "asked-from-a-member-account",
        with_more(assigned, lambda world: world.ask_from(PROD)),
        JANE,
        Error(1, f"run it with credentials of the management account {MANAGEMENT}"),
        enter=False,
    ),
]
