"""Commands that are wrong, each in one way, and what must be said of it: a check that lets everything pass is none."""

from __future__ import annotations

from source import Command, Place

INSTANCE = "--instance-arn arn:aws:sso:::instance/ssoins-72233af8ea2d1f14"
SET = "--permission-set-arn arn:aws:sso:::permissionSet/ssoins-72233af8ea2d1f14/ps-fec4118883795b56"
TARGET = "--target-type AWS_ACCOUNT --target-id 123456789012"
STORE = "--identity-store-id d-9067f0c1d2"
USER = "9067f0c1d2-11111111-2222-3333-4444-555555555555"
PROVISION = f"aws sso-admin provision-permission-set {INSTANCE} {SET} {TARGET}"
POLICY = "aws iam create-policy --policy-name analyst --path / --policy-document file://policy.json"
REFERENCE = f"aws sso-admin attach-customer-managed-policy-reference-to-permission-set {INSTANCE} {SET}"


def _place(account: str | None, caller: str = "111122223333", management: str | None = None) -> Place:
    return Place(account, "123456789012", caller, management)


def _plain(line: str) -> Command:
    return Command(line, None, "self-test")


RIGHT = [
    _plain(PROVISION),
    _plain(POLICY),
    _plain(f"aws identitystore create-user {STORE} --user-name=-x --display-name 'it'\\''s' --name file://name.json"),
    _plain(f"aws identitystore create-user {STORE} --name file://name.json --cli-input-json "
           "'{\"UserName\":\"http://evil.example\",\"DisplayName\":\"file:///etc/passwd\"}'"),
    _plain(f'{REFERENCE} --customer-managed-policy-reference \'{{"Name":"a,b=c","Path":"/"}}\''),
    _plain("aws iam get-role --role-name X --query Role.AssumeRolePolicyDocument --output json > trust.json"),
    _plain("aws sso login --profile x"),
    _plain("idc why 'jane doe' 123456789012 --profile x"),
    _plain("unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY"),
    Command(f"{POLICY} --profile PROFILE_IN_123456789012", _place("123456789012"), "self-test"),
    Command(PROVISION, _place("111122223333"), "self-test"),
]

WRONG = [
    (_plain("aws sso-administration list-instances"), "refuses"),
    (_plain("aws sso-admin push-permission-set"), "refuses"),
    (_plain(f"{PROVISION} --force"), "refuses"),
    (_plain(PROVISION.replace("--instance-arn", "--instance")), "refuses"),
    (_plain(PROVISION.replace(f" {SET}", "")), "refuses"),
    (_plain(PROVISION.replace("AWS_ACCOUNT", "AWS-ACCOUNT")), "not one of"),
    (_plain(PROVISION.replace("123456789012", "12345678901")), "refuses"),
    (_plain(PROVISION.replace("123456789012", "12345678901x")), "does not match"),
    (_plain(PROVISION.replace("/ps-fec4118883795b56", "")), "does not match"),
    (_plain(f"{REFERENCE} --customer-managed-policy-reference Name=a,Paths=/"), "refuses"),
    (_plain(f"{REFERENCE} --customer-managed-policy-reference Path=/"), "refuses"),
    (_plain(f"{REFERENCE} --customer-managed-policy-reference Name=a,b=c,Path=/"), "refuses"),
    (_plain(f"{REFERENCE} --customer-managed-policy-reference Name=a,Path=data"), "does not match"),
    (_plain(f"{REFERENCE} --customer-managed-policy-reference '{{\"Name\":\"a\"'"), "refuses"),
    (_plain("aws service-quotas request-service-quota-increase --service-code iam --quota-code L-0DA4ABF3 --desired-value many"), "refuses"),
    (_plain(f"aws identitystore create-group-membership {STORE} --group-id GROUPS --member-id UserId={USER}"), "does not match"),
    (_plain(f"aws identitystore create-group-membership {STORE} --group-id {USER} --member-id {USER}"), "refuses"),
    (_plain(f"aws identitystore create-user {STORE} --user-name -x"), "refuses"),
    (_plain(f"aws identitystore create-user {STORE} --user-name http://evil.example"), "loaded"),
    (_plain(f"aws identitystore create-user {STORE} --user-name file:///etc/passwd"), "nobody was told"),
    (_plain(f"aws identitystore create-user {STORE} --cli-input-json file:///etc/passwd"), "nobody was told"),
    (_plain(f"aws identitystore create-user {STORE} --cli-input-json '{{\"Username\":\"x\"}}'"), "refuses"),
    (_plain(f"aws identitystore create-user {STORE} --user-name SOME_NAME"), "nobody is told"),
    (_plain(f"aws identitystore create-user {STORE} --user-name $(id)"), "the shell"),
    (_plain(f"aws identitystore create-user {STORE} --user-name it's"), "the shell"),
    (_plain("aws iam get-role --role-name X --query Role.TrustPolicy --output json > trust.json"), "answers with no"),
    (_plain("aws iam get-role --role-name X --query Role.AssumeRolePolicyDocument --output text > trust.json"), "takes --output json"),
    (_plain("aws iam get-role --role-name X > trust.json"), "no document"),
    (_plain("aws organizations describe-policy --policy-id p-0123456789 --query Policy.Content --output json > policy.json"), "takes --output text"),
    (_plain("aws sso login --account x"), "no options"),
    (_plain("idc why jane.doe 123456789012 --colour never"), "idc refuses"),
    (_plain("idc whi jane.doe 123456789012"), "idc refuses"),
    (_plain("idc why jane.doe 123456789012 --profile"), "without a name"),
    (_plain("unset AWS_PROFILE PATH"), "no variables"),
    (_plain("unset AWS_PROFILE; aws sso login"), "no variables"),
    # Pasted, it would write into the caller's account.
    (Command(POLICY, _place("123456789012"), "self-test"), "profile None"),
    (Command(POLICY, _place("111122223333"), "self-test"), "the question is about"),
    (Command(f"{POLICY} --profile PROFILE_IN_111122223333", _place("123456789012"), "self-test"), "profile PROFILE_IN_1111"),
    (Command(PROVISION, _place("111122223333", caller="444455556666"), "self-test"), "profile None"),
    (Command(f"{PROVISION} --profile PROFILE_IN_111122223333", _place("111122223333", caller="444455556666"), "self-test"), "does not say"),
    (Command(POLICY, _place(None), "self-test"), "nobody names"),
]
