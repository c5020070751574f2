//! The organization that scenarios start from: everything in it is healthy for jane.doe in prod-data (123456789012),
//! and around her is what surrounds anybody in a real one: people with names like hers, assignments of others in the
//! same account, of her groups in other accounts, failures that are someone else's or long mended.

use serde_json::json;

use super::access::ExternalId;
use super::account::Role;
use super::moment::Moment;
use super::organization::{Account, Credential, Instance, Organization, OrganizationPolicy, OrganizationalUnit, Root};

/// Access key of an administrator in the management account.
pub const MANAGEMENT_KEY: &str = "AKIAMANAGEMENT000001";
/// Access key of an administrator in the delegated administrator account.
pub const DELEGATED_KEY: &str = "AKIADELEGATED0000001";
/// Access key of somebody in prod-data, the account that scenarios are about.
pub const TARGET_KEY: &str = "AKIATARGET0000000001";
/// Access key of somebody in an account that administers nothing.
pub const MEMBER_KEY: &str = "AKIAMEMBER0000000001";
/// The role in every account which administrators may assume.
pub const READ_ROLE: &str = "IdcReadOnly";

const ACCOUNTS: [(&str, &str, &str); 9] = [
    ("111122223333", "acme-management", ""),
    ("444455556666", "identity", "Security"),
    ("666677778888", "log-archive", "Security"),
    ("123456789012", "prod-data", "Production"),
    ("555566667777", "prod-web", "Production"),
    ("777788889999", "prod-data-archive", "Production"),
    ("210987654321", "dev-data", "Development"),
    ("012345678901", "legacy", "Development"),
    ("888899990000", "old-sandbox", "Development"),
];

const PEOPLE: [(&str, &[&str]); 12] = [
    ("jane.doe", &["DataAnalysts", "Developers"]),
    ("janet.doe", &["Developers"]),
    ("jane.dole", &["Auditors"]),
    ("john.doe", &["Developers"]),
    ("jane.doe@contractor.example", &["DataAnalysts-EU"]),
    ("amir.khan", &["DataAnalysts", "Finance"]),
    ("lee.chen", &["DataEngineers"]),
    ("maria.garcia", &["DataAnalysts", "DataAnalysts-EU"]),
    ("olga.petrova", &["Auditors"]),
    ("sam.lee", &["Finance"]),
    ("alex.admin", &["Administrators"]),
    ("break-glass", &[]),
];

const GROUPS: [&str; 7] =
    ["DataAnalysts", "DataAnalysts-EU", "DataEngineers", "Developers", "Auditors", "Finance", "Administrators"];

impl Organization {
    /// The healthy organization, with its recent past reckoned from the present.
    pub fn acme() -> Self {
        Self::acme_in("us-east-1")
    }

    /// The same with its Identity Center at home in another Region, and in the partition that the Region is in.
    pub fn acme_in(region: &str) -> Self {
        let partition = partition_of(region);
        let mut acme = Self {
            id: "o-acme000001".into(),
            partition: partition.into(),
            management_account: "111122223333".into(),
            feature_set: "ALL".into(),
            delegated_administrator: Some("444455556666".into()),
            aws_managed_policies: aws_managed_policies(partition),
            ..Self::default()
        };
        acme.grow_tree(region);
        acme.instances.push(Instance {
            arn: format!("arn:{partition}:sso:::instance/ssoins-72233af8ea2d1f14"),
            identity_store_id: "d-9067f0c1d2".into(),
            owner_account_id: acme.management_account.clone(),
            name: "acme".into(),
            primary_region: region.into(),
            ..Instance::default()
        });
        acme.hire();
        acme.make_permission_sets();
        acme.give_access();
        acme.fail_and_mend();
        acme.leave_a_trail();
        acme.give_keys();
        acme
    }

    /// Root, units, accounts, and the policies that AWS attaches to all of them.
    fn grow_tree(&mut self, home: &str) {
        let root = format!("arn:{}:iam::111122223333:root", self.partition);
        let types = ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"];
        self.root = Root {
            id: "r-acme".into(),
            name: "Root".into(),
            policy_types: types.map(|kind| (kind.to_owned(), "ENABLED".to_owned())).into(),
        };
        let units = [
            ("ou-acme-security", "Security", "r-acme"),
            ("ou-acme-workload", "Workloads", "r-acme"),
            ("ou-acme-prod0001", "Production", "ou-acme-workload"),
            ("ou-acme-dev00001", "Development", "ou-acme-workload"),
        ];
        self.units = units
            .map(|(id, name, parent)| OrganizationalUnit { id: id.into(), name: name.into(), parent: parent.into() })
            .into();
        for (id, name, unit) in ACCOUNTS {
            let parent = self
                .units
                .iter()
                .find(|one| one.name == unit)
                .map_or_else(|| self.root.id.clone(), |one| one.id.clone());
            let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": root}, "Action": "sts:AssumeRole"}]});
            let account: &mut Account = self.add_account(id, name);
            account.parent = parent;
            account.iam.roles = [READ_ROLE, "OrganizationAccountAccessRole"]
                .map(|role| Role {
                    path: "/".into(),
                    name: role.into(),
                    trust_policy: trust.to_string(),
                    ..Role::default()
                })
                .into();
        }
        self.account("old-sandbox").state = "SUSPENDED".into();
        let everything = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]});
        for (id, name, kind) in
            [("p-FullAWSAccess", "FullAWSAccess", types[0]), ("p-RCPFullAWSAccess", "RCPFullAWSAccess", types[1])]
        {
            let mut content = everything.clone();
            if kind == types[0]
                && let Some(statement) = content["Statement"][0].as_object_mut()
            {
                statement.remove("Principal");
            }
            self.policies.push(OrganizationPolicy {
                id: id.into(),
                name: name.into(),
                description: "Allows access to every operation".into(),
                policy_type: kind.into(),
                aws_managed: true,
                content,
                targets: vec!["*".into()],
            });
        }
        let regions = if self.partition == "aws" { vec!["us-east-1", "eu-west-1"] } else { vec![home] };
        self.policies.push(OrganizationPolicy {
            id: "p-region001".into(),
            name: "OnlyOurRegions".into(),
            policy_type: types[0].into(),
            content: json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "NotAction": ["iam:*", "sts:*", "organizations:*", "cloudtrail:*"], "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": regions}}}]}),
            targets: vec!["ou-acme-workload".into()],
            ..OrganizationPolicy::default()
        });
    }

    fn hire(&mut self) {
        for group in GROUPS {
            self.add_group(group);
        }
        for (name, groups) in PEOPLE {
            self.add_user(name);
            for group in groups {
                self.add_member(group, name);
            }
        }
        // One came from an identity provider, one has left.
        self.user("maria.garcia").external_ids =
            vec![ExternalId { issuer: "https://scim.us-east-1.amazonaws.com/acme".into(), id: "00u1maria".into() }];
        self.user("sam.lee").status = Some("DISABLED".into());
    }

    fn make_permission_sets(&mut self) {
        self.add_permission_set("AdministratorAccess").managed("AdministratorAccess");
        self.add_permission_set("ReadOnly").managed("job-function/ViewOnlyAccess");
        self.add_permission_set("RedshiftAnalyst").customer_managed("my-redshift-analyst-policy", "/");
        self.add_permission_set("RedshiftAdmin")
            .managed("AmazonRedshiftFullAccess")
            .customer_managed("redshift-admin", "/data/");
        self.add_permission_set("RedshiftAnalystV2").managed("AmazonRedshiftReadOnlyAccess");
        self.add_permission_set("Billing").managed("job-function/Billing");
        self.permission_set("ReadOnly").inline_policy =
            Some(json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "support:*", "Resource": "*"}]}).to_string());
    }

    fn give_access(&mut self) {
        for account in ["prod-data", "dev-data"] {
            self.add_policy(account, "my-redshift-analyst-policy", "/");
            self.add_policy(account, "my-redshift-analyst-policy-v2", "/");
        }
        self.add_policy("prod-data", "redshift-admin", "/data/");
        let access = [
            ("RedshiftAnalyst", "DataAnalysts", "prod-data"),
            ("RedshiftAnalyst", "DataAnalysts", "dev-data"),
            ("RedshiftAdmin", "DataEngineers", "prod-data"),
            ("RedshiftAdmin", "olga.petrova", "prod-data"),
            ("ReadOnly", "Auditors", "prod-data"),
            ("ReadOnly", "Developers", "dev-data"),
            ("ReadOnly", "Developers", "prod-web"),
            ("ReadOnly", "DataAnalysts-EU", "prod-data-archive"),
            ("ReadOnly", "jane.doe", "legacy"),
            ("Billing", "Finance", "acme-management"),
        ];
        let administered = ACCOUNTS.map(|(_, name, _)| ("AdministratorAccess", "Administrators", name));
        for (set, principal, account) in access.into_iter().chain(administered) {
            self.assign(set, principal, account);
            self.provision(set, account);
        }
        self.provisioned("ReadOnly", "prod-web").latest = false;
    }

    /// Requests that failed: those of others, and one on the very path of jane.doe that succeeded a day later.
    fn fail_and_mend(&mut self) {
        let missing = "Received a 404 status error: Not supported policy redshift-admin.";
        self.creation_request("FAILED", "RedshiftAnalyst", "DataAnalysts", "prod-data", Moment::days_ago(20))
            .failure_reason =
            Some("Received a 404 status error: Not supported policy my-redshift-analyst-policy.".into());
        self.creation_request("SUCCEEDED", "RedshiftAnalyst", "DataAnalysts", "prod-data", Moment::days_ago(19));
        self.creation_request("FAILED", "RedshiftAdmin", "DataEngineers", "prod-web", Moment::days_ago(3))
            .failure_reason = Some(missing.into());
        self.creation_request("FAILED", "RedshiftAnalystV2", "amir.khan", "prod-data", Moment::days_ago(5))
            .failure_reason = Some("An unexpected internal service exception was encountered".into());
        self.creation_request("SUCCEEDED", "ReadOnly", "Auditors", "prod-data", Moment::days_ago(12));
        self.deletion_request("SUCCEEDED", "Billing", "sam.lee", "prod-web", Moment::days_ago(6));
        self.provisioning_request("FAILED", "RedshiftAdmin", "prod-web", Moment::days_ago(3)).failure_reason =
            Some(missing.into());
        self.provisioning_request("FAILED", "ReadOnly", "dev-data", Moment::days_ago(9)).failure_reason =
            Some("An unexpected internal service exception was encountered".into());
        self.provisioning_request("SUCCEEDED", "ReadOnly", "dev-data", Moment::days_ago(8));
        self.provisioning_request("SUCCEEDED", "RedshiftAnalyst", "prod-data", Moment::days_ago(19));
    }

    fn leave_a_trail(&mut self) {
        let hours = Moment::hours_ago;
        let refused = Some(("AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML"));
        let role = |acme: &Self, set, account| acme.role_arn(set, account);
        let (analyst, admin) = (role(self, "RedshiftAnalyst", "prod-data"), role(self, "RedshiftAdmin", "prod-data"));
        let (developer, auditor) = (role(self, "ReadOnly", "dev-data"), role(self, "ReadOnly", "prod-data"));
        self.saml_event("jane.doe", &analyst, hours(2), None);
        self.saml_event("amir.khan", &analyst, hours(5), None);
        self.saml_event("lee.chen", &admin, hours(3), refused);
        self.saml_event("lee.chen", &admin, hours(4), refused);
        self.saml_event("olga.petrova", &auditor, hours(30), None);
        self.saml_event("jane.doe", &developer, hours(26), refused);
        self.saml_event("jane.doe", &developer, hours(25), None);
        self.saml_event("janet.doe", &developer, hours(7), refused);
        self.portal_event("Federate", "jane.doe", "RedshiftAnalyst", "prod-data", hours(2));
        self.portal_event("GetRoleCredentials", "amir.khan", "RedshiftAnalyst", "prod-data", hours(5));
        self.portal_event("Federate", "lee.chen", "RedshiftAdmin", "prod-data", hours(3));
        self.sign_in_event("CredentialVerification", "jane.doe", "Failure", "PASSWORD", "jane-1", hours(3));
        self.sign_in_event("CredentialVerification", "jane.doe", "Success", "PASSWORD", "jane-2", hours(2));
        self.sign_in_event("UserAuthentication", "jane.doe", "Success", "PASSWORD", "jane-2", hours(2));
        self.sign_in_event("CredentialVerification", "john.doe", "Failure", "PASSWORD", "john-1", hours(1));
        self.sign_in_event("CredentialVerification", "john.doe", "Failure", "PASSWORD", "john-2", hours(1));
    }

    fn give_keys(&mut self) {
        let keys = [
            (MANAGEMENT_KEY, "111122223333", "AWSReservedSSO_AdministratorAccess_0f1e2d3c4b5a6978/alex.admin"),
            (DELEGATED_KEY, "444455556666", "AWSReservedSSO_AdministratorAccess_1a2b3c4d5e6f7081/alex.admin"),
            (TARGET_KEY, "123456789012", "AWSReservedSSO_AdministratorAccess_2b3c4d5e6f708192/alex.admin"),
            (MEMBER_KEY, "555566667777", "AWSReservedSSO_ReadOnly_3c4d5e6f708192a3/john.doe"),
        ];
        for (key, account, session) in keys {
            let name = session.rsplit('/').next().unwrap_or_default();
            self.credentials.insert(
                key.into(),
                Credential {
                    account: account.into(),
                    arn: format!("arn:{}:sts::{account}:assumed-role/{session}", self.partition),
                    user_id: format!("{}:{name}", super::identifier::unique("AROA", &[session])),
                },
            );
        }
    }
}

/// The partition that a Region is in.
pub fn partition_of(region: &str) -> &'static str {
    match region.split('-').next() {
        Some("cn") => "aws-cn",
        Some("eusc") => "aws-eusc",
        Some("us") if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

fn aws_managed_policies(partition: &str) -> Vec<String> {
    let names = [
        "AdministratorAccess",
        "PowerUserAccess",
        "ReadOnlyAccess",
        "SecurityAudit",
        "AmazonRedshiftFullAccess",
        "AmazonRedshiftReadOnlyAccess",
        "AmazonS3ReadOnlyAccess",
        "job-function/ViewOnlyAccess",
        "job-function/Billing",
        "job-function/DatabaseAdministrator",
        "service-role/AWSLambdaBasicExecutionRole",
    ];
    names.map(|name| format!("arn:{partition}:iam::aws:policy/{name}")).into()
}
