"""Builds an organization in a moto server, by the AWS API alone.

What AWS does by itself and moto does not (the role and the SAML provider that provisioning leaves in an account) is
planted with the same API, through a session in that account.
"""

from __future__ import annotations

import datetime
import json
import urllib.request
from typing import Any

import boto3
from botocore.config import Config

# moto takes every unknown key for this account's.
MANAGEMENT = "123456789012"
_MANAGEMENT_KEY = {"aws_access_key_id": "AKIAMANAGEMENT000000", "aws_secret_access_key": "secret"}
TARGET_ROLE = "OrganizationAccountAccessRole"
ROLE_PATH = "/aws-reserved/sso.amazonaws.com/"

# IAM refuses SAML metadata below 1,000 characters.
_METADATA = "<EntityDescriptor>" + "x" * 1000 + "</EntityDescriptor>"

Statement = dict[str, Any]

# Whatever proxy the environment names is not for this machine itself.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def control(endpoint: str, path: str, body: bytes | None = None) -> bytes:
    """Asks moto's own API: POST where there is a body, else GET."""
    request = urllib.request.Request(f"{endpoint}/moto-api/{path}", data=body, headers={"Content-Type": "text/plain"})
    with _direct.open(request, timeout=30) as answer:
        return answer.read()


class World:
    """One organization, made anew. `facts` holds the ids that moto hands out, by the names that a case gives them."""

    def __init__(self, endpoint: str, region: str, own_policies: dict[str, list[Statement]]) -> None:
        self.endpoint = endpoint
        self.region = region
        self.facts: dict[str, str] = {"management": MANAGEMENT}
        self.accounts: list[str] = []
        # What the program says it needs, for the caller and for the role in the account.
        self.own_policies = own_policies
        self.credentials = _variables(_MANAGEMENT_KEY)
        self._clients: dict[tuple[str, str], Any] = {}
        self._sessions: dict[str, dict[str, str]] = {}
        self._control("reset")
        self._control("reset-auth", b"inf")
        instance = self.client("sso-admin").list_instances()["Instances"][0]
        self.instance: str = instance["InstanceArn"]
        self.store: str = instance["IdentityStoreId"]
        self.client("organizations").create_organization(FeatureSet="ALL")

    def client(self, service: str, account: str = MANAGEMENT) -> Any:
        """A client in the management account, or in a member account through a role."""
        key = (service, account)
        if key not in self._clients:
            self._clients[key] = boto3.client(
                service,
                endpoint_url=self.endpoint,
                region_name=self.region,
                config=Config(retries={"total_max_attempts": 1}, proxies={}),
                **self._session(account),
            )
        return self._clients[key]

    def _session(self, account: str) -> dict[str, str]:
        if account == MANAGEMENT:
            return _MANAGEMENT_KEY
        if account not in self._sessions:
            arn = f"arn:aws:iam::{account}:role/{TARGET_ROLE}"
            keys = self.client("sts").assume_role(RoleArn=arn, RoleSessionName="seed")["Credentials"]
            self._sessions[account] = {
                "aws_access_key_id": keys["AccessKeyId"],
                "aws_secret_access_key": keys["SecretAccessKey"],
                "aws_session_token": keys["SessionToken"],
            }
        return self._sessions[account]

    def _control(self, path: str, body: bytes = b"") -> None:
        control(self.endpoint, path, body)

    # Organization

    def account(self, name: str) -> str:
        status = self.client("organizations").create_account(AccountName=name, Email=f"{name}@example.com")
        self.facts[name] = status["CreateAccountStatus"]["AccountId"]
        self.accounts.append(name)
        return self.facts[name]

    def close(self, name: str) -> None:
        self.client("organizations").close_account(AccountId=self.facts[name])

    # Identity store

    def user(self, name: str, given: str, family: str) -> str:
        """Known to the facts by the given name too: format strings take a dot for something else."""
        answer = self.client("identitystore").create_user(
            IdentityStoreId=self.store,
            UserName=name,
            DisplayName=f"{given} {family}",
            Name={"GivenName": given, "FamilyName": family},
            Emails=[{"Value": f"{name}@example.com", "Type": "work", "Primary": True}],
        )
        self.facts[name] = self.facts[given.lower()] = answer["UserId"]
        return self.facts[name]

    def group(self, name: str, *members: str) -> str:
        store = self.client("identitystore")
        self.facts[name] = store.create_group(IdentityStoreId=self.store, DisplayName=name)["GroupId"]
        for member in members:
            store.create_group_membership(
                IdentityStoreId=self.store, GroupId=self.facts[name], MemberId={"UserId": self.facts[member]}
            )
        return self.facts[name]

    def delete_group(self, name: str) -> None:
        """With its memberships, which moto leaves behind."""
        store, group = self.client("identitystore"), self.facts[name]
        rows = store.list_group_memberships(IdentityStoreId=self.store, GroupId=group)["GroupMemberships"]
        for row in rows:
            store.delete_group_membership(IdentityStoreId=self.store, MembershipId=row["MembershipId"])
        store.delete_group(IdentityStoreId=self.store, GroupId=group)

    # Permission sets

    def permission_set(self, name: str, *customer_managed: tuple[str, str], duration: str | None = "PT1H") -> str:
        """A permission set that names customer managed policies, each by name and path."""
        sso = self.client("sso-admin")
        # Without a duration moto sends a number for it, which AWS never does and no typed client can read.
        session = {"SessionDuration": duration} if duration else {}
        made = sso.create_permission_set(InstanceArn=self.instance, Name=name, **session)
        arn = made["PermissionSet"]["PermissionSetArn"]
        self.facts[name] = arn
        for policy, path in customer_managed:
            sso.attach_customer_managed_policy_reference_to_permission_set(
                InstanceArn=self.instance,
                PermissionSetArn=arn,
                CustomerManagedPolicyReference={"Name": policy, "Path": path},
            )
        return arn

    def attach_aws_managed(self, permission_set: str, policy: str) -> None:
        self.client("sso-admin").attach_managed_policy_to_permission_set(
            InstanceArn=self.instance,
            PermissionSetArn=self.facts[permission_set],
            ManagedPolicyArn=f"arn:aws:iam::aws:policy/{policy}",
        )

    def inline(self, permission_set: str, document: dict[str, Any]) -> None:
        self.client("sso-admin").put_inline_policy_to_permission_set(
            InstanceArn=self.instance,
            PermissionSetArn=self.facts[permission_set],
            InlinePolicy=json.dumps(document),
        )

    def assign(self, permission_set: str, account: str, *, user: str | None = None, group: str | None = None) -> None:
        self.client("sso-admin").create_account_assignment(
            InstanceArn=self.instance,
            PermissionSetArn=self.facts[permission_set],
            TargetType="AWS_ACCOUNT",
            TargetId=self.facts[account],
            PrincipalType="USER" if user else "GROUP",
            PrincipalId=self.facts[user or group or ""],
        )

    def provision(self, permission_set: str, account: str) -> None:
        """moto lists the set for every account and in every version from now on."""
        self.client("sso-admin").provision_permission_set(
            InstanceArn=self.instance,
            PermissionSetArn=self.facts[permission_set],
            TargetType="AWS_ACCOUNT",
            TargetId=self.facts[account],
        )

    # Inside an account

    def policy(self, account: str, name: str, path: str = "/") -> str:
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}
        answer = self.client("iam", self.facts[account]).create_policy(
            PolicyName=name, Path=path, PolicyDocument=json.dumps(document)
        )
        return answer["Policy"]["Arn"]

    def delete_policy(self, account: str, name: str) -> None:
        """Detaches it from every role first, as IAM asks."""
        iam = self.client("iam", self.facts[account])
        arn = f"arn:aws:iam::{self.facts[account]}:policy/{name}"
        for role in iam.list_entities_for_policy(PolicyArn=arn)["PolicyRoles"]:
            iam.detach_role_policy(RoleName=role["RoleName"], PolicyArn=arn)
        iam.delete_policy(PolicyArn=arn)

    def retire_aws_managed(self, account: str, policy: str) -> None:
        """As AWS does when it takes a policy out of service: moto lets its policies be deleted."""
        self.client("iam", self.facts[account]).delete_policy(PolicyArn=f"arn:aws:iam::aws:policy/{policy}")

    def saml_provider(self, account: str, name: str) -> str:
        answer = self.client("iam", self.facts[account]).create_saml_provider(Name=name, SAMLMetadataDocument=_METADATA)
        return answer["SAMLProviderArn"]

    def sso_role(
        self,
        account: str,
        permission_set: str,
        provider: str,
        *,
        path: str = ROLE_PATH,
        attach: tuple[str, ...] = (),
        inline: dict[str, Any] | None = None,
    ) -> str:
        """The role that provisioning would have made, trusting a SAML provider by its name."""
        account_id = self.facts[account]
        name = f"AWSReservedSSO_{permission_set}_0123456789abcdef"
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": f"arn:aws:iam::{account_id}:saml-provider/{provider}"},
                    "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
                    "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
                }
            ],
        }
        iam = self.client("iam", account_id)
        role = iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=json.dumps(trust))["Role"]
        for policy in attach:
            iam.attach_role_policy(RoleName=name, PolicyArn=policy)
        if inline:
            iam.put_role_policy(RoleName=name, PolicyName="AwsSSOInlinePolicy", PolicyDocument=json.dumps(inline))
        return role["Arn"]

    # Permissions of whoever asks

    def enforce(self, account: str, *, home: list[Statement], target: list[Statement]) -> None:
        """Gives the caller and the role in an account these statements, and turns IAM on for every call from here."""
        iam = self.client("iam")
        iam.create_user(UserName="on-call")
        iam.put_user_policy(UserName="on-call", PolicyName="all", PolicyDocument=_document(home))
        key = iam.create_access_key(UserName="on-call")["AccessKey"]
        self.credentials = {
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        }
        inside = self.client("iam", self.facts[account])
        inside.put_role_policy(RoleName=TARGET_ROLE, PolicyName="all", PolicyDocument=_document(target))
        self._control("reset-auth", b"0")

    def ask_from(self, account: str) -> None:
        """Lets the question come from a member account."""
        self.credentials = _variables(self._session(self.facts[account]))

    # Records of CloudTrail

    def queue_rows(self, *rows: dict[str, str]) -> None:
        """What Athena answers the next query with: the columns' names, and these."""
        names = list(rows[0])
        cells = [names, *([row[name] for name in names] for row in rows)]
        result = {
            "rows": [{"Data": [{"VarCharValue": cell} for cell in row]} for row in cells],
            "column_info": [{"Name": name, "Label": name, "Type": "varchar"} for name in names],
        }
        body = {"account_id": MANAGEMENT, "region": self.region, "results": [result]}
        control(self.endpoint, "static/athena/query-results", json.dumps(body).encode())

    def log_records(self, group: str, records: list[dict[str, Any]]) -> None:
        """Writes records to a log group, as a trail does."""
        logs = self.client("logs")
        stream = f"o-abc_{MANAGEMENT}_CloudTrail_{self.region}"
        logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        written = [
            {
                "timestamp": int(datetime.datetime.fromisoformat(record["eventTime"]).timestamp() * 1000),
                "message": json.dumps(record),
            }
            for record in records
        ]
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=written)

    @staticmethod
    def minutes_ago(minutes: int) -> str:
        """A moment as CloudTrail writes it."""
        at = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=minutes)
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _variables(session: dict[str, str]) -> dict[str, str]:
    return {name.upper(): value for name, value in session.items()}


def _document(statements: list[Statement]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
