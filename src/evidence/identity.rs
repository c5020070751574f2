//! What the identity store, Identity Center and AWS Organizations say about people, groups and accounts.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Fact;
use super::recording::required;

/// Who asks: the answer of `sts:GetCallerIdentity`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caller {
    /// The caller's account, 12 digits.
    pub account: String,
    /// The caller's ARN.
    pub arn: String,
}

/// The organization, where the caller's account is in one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// `o-…`
    pub id: String,
    /// The management account, 12 digits.
    pub management_account: String,
    /// `ALL` or `CONSOLIDATED_BILLING`, which knows no policies.
    #[serde(deserialize_with = "required")]
    pub feature_set: Option<String>,
}

/// An Identity Center instance that the caller can see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// `arn:aws:sso:::instance/ssoins-…`; holds neither account nor Region.
    pub arn: String,
    /// `d-…` or a UUID.
    pub identity_store_id: String,
    /// The account that owns it. Only the management account's instance holds permission sets for the organization.
    #[serde(deserialize_with = "required")]
    pub owner_account: Option<String>,
    /// `ACTIVE`, `CREATE_IN_PROGRESS`, `CREATE_FAILED`, `DELETE_IN_PROGRESS`, or a value newer than this program.
    #[serde(deserialize_with = "required")]
    pub status: Option<String>,
    /// AWS's words for a status that is not ACTIVE.
    #[serde(deserialize_with = "required")]
    pub status_reason: Option<String>,
    /// The only Region that answers questions about permission sets and assignments.
    #[serde(deserialize_with = "required")]
    pub primary_region: Option<String>,
    /// The Region that listed it.
    pub listed_in: String,
    /// Every Region that it is in, the primary one too; absent where AWS does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regions: Option<Vec<InstanceRegion>>,
}

/// A Region that an instance is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstanceRegion {
    /// `eu-west-1`
    pub region: String,
    /// `ACTIVE`, `ADDING`, `REMOVING`, or a value newer than this program.
    #[serde(deserialize_with = "required")]
    pub status: Option<String>,
}

impl Instance {
    /// The Region to put every question about assignments to.
    pub fn region(&self) -> &str {
        self.primary_region.as_deref().unwrap_or(&self.listed_in)
    }

    /// The Regions in which people sign in to it, the primary one first. One that is being added or removed may have
    /// let somebody in, too.
    pub fn sign_in_regions(&self) -> Vec<&str> {
        let mut regions = vec![self.region()];
        for one in self.regions.iter().flatten() {
            if !regions.contains(&one.region.as_str()) {
                regions.push(&one.region);
            }
        }
        regions
    }

    /// The Regions in which `AssumeRoleWithSAML` may be logged: those of the STS endpoints, which are the instance's own
    /// and that of the global endpoint. The other partitions have no global endpoint.
    pub fn sts_regions(&self) -> Vec<&str> {
        let mut regions = self.sign_in_regions();
        if self.partition() == "aws" && !regions.contains(&"us-east-1") {
            regions.push("us-east-1");
        }
        regions
    }

    /// The partition (`aws`, `aws-us-gov`, …) its ARNs and those of its accounts live in.
    pub fn partition(&self) -> &str {
        self.arn.split(':').nth(1).unwrap_or("aws")
    }

    /// The Region in which the partition's global services are kept, IAM among them; `None` for a partition that is
    /// not known.
    pub fn global_region(&self) -> Option<&'static str> {
        match self.partition() {
            "aws" => Some("us-east-1"),
            "aws-us-gov" => Some("us-gov-west-1"),
            "aws-cn" => Some("cn-north-1"),
            "aws-eusc" => Some("eusc-de-east-1"),
            _ => None,
        }
    }
}

/// What only `DescribeInstance` tells of the instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstanceDetails {
    /// Whether the instance supports permission sets; absent where the service does not send the flag, which is not
    /// "no".
    #[serde(deserialize_with = "required")]
    pub permission_sets_enabled: Option<bool>,
}

/// The attributes for access control: what Identity Center passes on as session tags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessControlAttributes {
    /// `ENABLED`, `CREATION_IN_PROGRESS`, `CREATION_FAILED`, or a value newer than this program.
    #[serde(deserialize_with = "required")]
    pub status: Option<String>,
    /// The tags' keys, each with where its value is taken from, as `${path:…}`.
    pub sources: BTreeMap<String, Vec<String>>,
}

/// An account, as AWS Organizations describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// 12 digits.
    pub id: String,
    /// Its name; unique to nothing.
    #[serde(deserialize_with = "required")]
    pub name: Option<String>,
    /// `ACTIVE`, `SUSPENDED`, `PENDING_ACTIVATION`, `PENDING_CLOSURE`, `CLOSED`, or a value newer than this program.
    /// Read from `State`; from the retired `Status` only where `State` is absent.
    #[serde(deserialize_with = "required")]
    pub state: Option<String>,
    /// When it joined the organization.
    #[serde(deserialize_with = "required")]
    pub joined: Option<Timestamp>,
    /// `o-…/r-…/ou-…/<account>/`: what stands above it, the root first.
    #[serde(deserialize_with = "required")]
    pub path: Option<String>,
}

/// Who made something in the identity store, and who last changed it when, as far as AWS says; earlier versions of idc did
/// not keep it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Touched {
    /// Who made it: the id of a principal with the name of its session, or an account's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// When it was last changed, where that was after it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<Timestamp>,
    /// Who last changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
}

impl Touched {
    /// Whether AWS says nothing of the kind.
    pub fn is_untold(&self) -> bool {
        *self == Self::default()
    }
}

/// By what a user was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LookupBy {
    /// The user name they sign in with.
    UserName,
    /// The e-mail address in the identity store.
    Email,
    /// The user id.
    UserId,
}

impl LookupBy {
    /// The word for it in a sentence.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::UserName => "user name",
            Self::Email => "e-mail",
            Self::UserId => "user id",
        }
    }
}

/// One exact look-up of the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserLookup {
    /// What was compared.
    pub by: LookupBy,
    /// With what.
    pub value: String,
    /// The user id; `None` where nobody matches.
    pub found: Fact<Option<String>>,
}

/// A user of the identity store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// GUID, in older stores behind a 10 digit prefix.
    pub id: String,
    /// The sign-in name. Identity Center uses it as role session name.
    #[serde(deserialize_with = "required")]
    pub user_name: Option<String>,
    /// The name shown.
    #[serde(deserialize_with = "required")]
    pub display_name: Option<String>,
    /// E-mail addresses (AWS allows one).
    pub emails: Vec<String>,
    /// `ENABLED`, `DISABLED`, or a value newer than this program; absent where AWS does not say.
    #[serde(deserialize_with = "required")]
    pub status: Option<String>,
    /// The issuers of external ids: there are any only where an external identity provider sent the user.
    pub external_issuers: Vec<String>,
    /// Attributes that may become session tags, by the path under which Identity Center knows them.
    pub attributes: BTreeMap<String, String>,
    /// Whether addresses, telephone numbers and the enterprise extension were read too; earlier versions of idc did not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub extended: bool,
    /// When they were made, where AWS says; earlier versions of idc did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Timestamp>,
    /// Who made them, and who last changed them when.
    #[serde(default, skip_serializing_if = "Touched::is_untold")]
    pub touched: Touched,
}

/// Users read to find close names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserScan {
    /// Users whose names are close to what was typed, closest first.
    pub close: Vec<User>,
    /// How many users were read.
    pub read: usize,
    /// Whether more users were left unread.
    pub capped: bool,
    /// How many of those read came from an external identity provider.
    pub external: usize,
}

/// A user's membership in a group. Groups hold users only: the store knows no nested groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    /// The group.
    pub group_id: String,
    /// When the user was added, where AWS says.
    #[serde(deserialize_with = "required")]
    pub created: Option<Timestamp>,
    /// Who added them.
    #[serde(default, skip_serializing_if = "Touched::is_untold")]
    pub touched: Touched,
}

/// Somebody in a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The user.
    pub user_id: String,
    /// When they were added, where AWS says.
    #[serde(deserialize_with = "required")]
    pub created: Option<Timestamp>,
}

/// A group of the identity store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// Its name.
    #[serde(deserialize_with = "required")]
    pub name: Option<String>,
    /// The issuers of external ids: there are any only where an external identity provider sent the group.
    pub external_issuers: Vec<String>,
    /// When it was made, where AWS says; earlier versions of idc did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Timestamp>,
    /// Who made it, and who last changed it when.
    #[serde(default, skip_serializing_if = "Touched::is_untold")]
    pub touched: Touched,
}
