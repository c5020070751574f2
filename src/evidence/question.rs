//! What was asked, and the forms in which people type or paste it.

use jiff::SignedDuration;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use super::recording::required;
use crate::wording::clean;
use crate::wording::shell::{option, shell};

/// What stands in the place of the user's name where people ask about themselves and give none. Somebody may be called
/// so: whether a name was given is for [`Oneself`](super::Oneself) to tell.
pub const YOURSELF: &str = "you";

/// The account as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountRef {
    /// 12 digits.
    Id(String),
    /// Anything else is taken for a name.
    Name(String),
}

impl AccountRef {
    /// The digits or the name.
    pub fn text(&self) -> &str {
        match self {
            Self::Id(text) | Self::Name(text) => text,
        }
    }
}

/// What was asked: one person, one account, and what narrows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The user name, e-mail or user id, as typed.
    pub user: String,
    /// The account.
    pub account: AccountRef,
    /// Only this permission set: its name or ARN.
    #[serde(deserialize_with = "required")]
    pub permission_set: Option<String>,
    /// Only paths through this group: its name.
    #[serde(deserialize_with = "required")]
    pub group: Option<String>,
    /// How far back CloudTrail is read.
    pub since: SignedDuration,
    /// The profile of the caller, as it was given; fix commands repeat it.
    #[serde(deserialize_with = "required")]
    pub profile: Option<String>,
    /// The profile for the target account, as it was given.
    #[serde(deserialize_with = "required")]
    pub target_profile: Option<String>,
    /// The role for the target account, as it was given.
    #[serde(deserialize_with = "required")]
    pub target_role: Option<String>,
}

impl Question {
    /// Whether it is about one permission set or one group alone: then nothing is said of other ways.
    pub const fn is_narrowed(&self) -> bool {
        self.permission_set.is_some() || self.group.is_some()
    }

    /// The command that asks it of this user and account; none where a word of it cannot be shown as it is.
    pub fn typed(&self, user: &str, account: &str) -> Option<String> {
        if [user, account].iter().any(|word| word.starts_with('-')) {
            return None;
        }
        let mut words: Vec<String> = ["idc", "why", user, account].map(str::to_owned).into();
        let options = [
            ("--permission-set", &self.permission_set),
            ("--group", &self.group),
            ("--profile", &self.profile),
            ("--target-profile", &self.target_profile),
            ("--target-role", &self.target_role),
        ];
        words.extend(options.into_iter().filter_map(|(name, value)| Some(option(name, value.as_ref()?))).flatten());
        // What is shown of such a name is not the name.
        words.iter().all(|word| clean(word) == word.as_str()).then(|| shell(&words))
    }

    /// What narrows it, as the end of a clause: ` with ReadOnly through group Auditors`.
    pub fn narrowed(&self) -> String {
        let with = self.permission_set.as_ref().map(|set| format!(" with {set}")).unwrap_or_default();
        let through = self.group.as_ref().map(|group| format!(" through group {group}")).unwrap_or_default();
        format!("{with}{through}")
    }
}

/// What an ACCOUNT argument tells: the account, and with a role or a portal link the permission set too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pasted {
    /// The account.
    pub account: AccountRef,
    /// The permission set's name.
    pub permission_set: Option<String>,
}

impl std::str::FromStr for Pasted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("an account is 12 digits, a name, a role ARN or an access-portal link".to_owned());
        }
        if text.starts_with("arn:") {
            return from_arn(text);
        }
        if let Some(id) = parameter(text, "account_id") {
            let permission_set = parameter(text, "role_name");
            let permission_set = permission_set.map(|name| permission_set_of_role(&name).unwrap_or(&name).to_owned());
            return account_id(&id)
                .map(|account| Self { account, permission_set })
                .ok_or_else(|| format!("account_id={} in the link is not an account id", clean(&id)));
        }
        if let Some(host) = text.split_once("://").map(|(_, rest)| rest)
            && let Some((alias, _)) = host.split_once(".signin.aws.amazon.com")
        {
            return match account_id(alias).filter(|_| alias.len() == 12) {
                Some(account) => Ok(Self { account, permission_set: None }),
                None => Err(format!(
                    "{} is an account alias, which is known inside the account alone: give its 12 digits or its name",
                    clean(alias)
                )),
            };
        }
        if text.contains("://") {
            return Err("the link names no account: it should hold account_id=…".to_owned());
        }
        let digits = text.chars().filter(char::is_ascii_digit).count();
        if text.chars().all(|c| c.is_ascii_digit() || c == '-' || c == ' ') && digits > 12 {
            return Err(format!("an account id has 12 digits; this has {digits}"));
        }
        let account = account_id(text).unwrap_or_else(|| AccountRef::Name(text.to_owned()));
        Ok(Self { account, permission_set: None })
    }
}

/// Reads 12 digits, also with dashes or spaces between them, or fewer: spreadsheets and shells drop leading zeros.
fn account_id(text: &str) -> Option<AccountRef> {
    let digits: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    let fits = (1..=12).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit());
    fits.then(|| AccountRef::Id(format!("{digits:0>12}")))
}

/// `arn:aws:iam::123456789012:role/…/AWSReservedSSO_X_0123456789abcdef`, `arn:aws:sts::…:assumed-role/…/session`,
/// or any other ARN that names an account.
fn from_arn(arn: &str) -> Result<Pasted, String> {
    let fields: Vec<&str> = arn.splitn(6, ':').collect();
    let [_, _, service, _, account, resource] = fields[..] else {
        return Err("the ARN is cut short: it should hold six fields between colons".to_owned());
    };
    // An Organizations ARN carries the management account in its account field and the account itself at its end.
    let account = if service == "organizations" { resource.rsplit('/').next().unwrap_or("") } else { account };
    let id = account_id(account).filter(|_| account.len() == 12).ok_or("the ARN names no account")?;
    let permission_set = resource.split('/').find_map(permission_set_of_role).map(str::to_owned);
    Ok(Pasted { account: id, permission_set })
}

/// The value of a query parameter, wherever in the link it stands (the portal puts them behind `#`).
fn parameter(link: &str, name: &str) -> Option<String> {
    link.split(['?', '&', '#']).find_map(|pair| {
        let value = pair.strip_prefix(name)?.strip_prefix('=')?;
        Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
    })
}

/// The permission set that a role of Identity Center was made from: `AWSReservedSSO_<name>_<16 hex digits>`.
/// The suffix is cut from the right, because names may hold `_` and hex digits themselves.
pub fn permission_set_of_role(role_name: &str) -> Option<&str> {
    let rest = role_name.strip_prefix("AWSReservedSSO_")?;
    let (name, suffix) = rest.rsplit_once('_')?;
    let hex = suffix.len() == 16 && suffix.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
    (hex && !name.is_empty()).then_some(name)
}

/// The name of the session of an `AWSReservedSSO_…` role, from the caller's ARN: Identity Center makes it of the user
/// name.
pub fn session_of_permission_set(arn: &str) -> Option<&str> {
    let (_, resource) = arn.split_once(":assumed-role/")?;
    let (role, session) = resource.split_once('/')?;
    permission_set_of_role(role).and(Some(session))
}

/// Whose session a role's ARN names, of which permission set and in which account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The user name.
    pub user: String,
    /// The account.
    pub account: String,
    /// The permission set's name.
    pub permission_set: String,
}

/// The session of a permission set whose ARN is in a text: in an error message, it stands between other words.
pub fn session_in(text: &str) -> Option<Session> {
    let mut arns = text.split(char::is_whitespace).filter(|word| word.starts_with("arn:"));
    arns.find_map(|arn| {
        let Pasted { account: AccountRef::Id(account), permission_set } = from_arn(arn).ok()? else { return None };
        let user = session_of_permission_set(arn).filter(|user| !user.is_empty())?;
        Some(Session { user: user.to_owned(), account, permission_set: permission_set? })
    })
}

/// The account of a role's ARN, and the permission set that the role was made from; `None` where it is no role's ARN.
pub fn account_and_set_of_role(text: &str) -> Option<(String, Option<String>)> {
    let resource = text.splitn(6, ':').nth(5).filter(|_| text.starts_with("arn:"))?;
    if !resource.starts_with("role/") && !resource.starts_with("assumed-role/") {
        return None;
    }
    match from_arn(text).ok()? {
        Pasted { account: AccountRef::Id(id), permission_set } => Some((id, permission_set)),
        Pasted { account: AccountRef::Name(_), .. } => None,
    }
}

/// Whether the text has the form of a user id: a GUID, perhaps behind the identity store's 10 hex digits.
pub fn is_user_id(text: &str) -> bool {
    let hex = |part: &str, length: usize| part.len() == length && part.chars().all(|c| c.is_ascii_hexdigit());
    let parts: Vec<&str> = text.split('-').collect();
    let guid = match parts.len() {
        5 => &parts[..],
        6 if hex(parts[0], 10) => &parts[1..],
        _ => return false,
    };
    guid.iter().zip([8, 4, 4, 4, 12]).all(|(part, length)| hex(part, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Option<String> {
        match text.parse::<Pasted>() {
            Ok(Pasted { account: AccountRef::Id(id), permission_set }) => {
                Some(permission_set.map_or(id.clone(), |set| format!("{id} {set}")))
            }
            _ => None,
        }
    }

    #[test]
    fn reads_what_people_type_and_paste() {
        for (typed, meant) in [
            ("123456789012", "123456789012"),
            ("1234-5678-9012", "123456789012"),
            (" 1234 5678 9012 ", "123456789012"),
            ("12345678", "000012345678"),
            ("arn:aws:iam::123456789012:role/Admin", "123456789012"),
            ("https://123456789012.signin.aws.amazon.com/console", "123456789012"),
            (
                "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_A_b_7243976e43c75fc5",
                "123456789012 A_b",
            ),
            (
                "arn:aws-us-gov:sts::123456789012:assumed-role/AWSReservedSSO_X_7243976e43c75fc5/jane.doe",
                "123456789012 X",
            ),
            ("arn:aws:organizations::111122223333:account/o-exampleorg/123456789012", "123456789012"),
            (
                "https://d-9067f0c1d2.awsapps.com/start/#/console?account_id=123456789012&role_name=Power%20User",
                "123456789012 Power User",
            ),
        ] {
            assert_eq!(id(typed).as_deref(), Some(meant), "{typed}");
        }
    }

    #[test]
    fn takes_other_words_for_names_and_refuses_what_cannot_be_meant() {
        assert_eq!("prod-data".parse::<Pasted>().map(|p| p.account), Ok(AccountRef::Name("prod-data".to_owned())));
        for wrong in [
            "",
            "1234567890123",
            "arn:aws:iam::role",
            "https://example.awsapps.com/start",
            "https://acme.signin.aws.amazon.com/",
        ] {
            assert!(wrong.parse::<Pasted>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn cuts_a_role_name_from_the_right() {
        assert_eq!(permission_set_of_role("AWSReservedSSO_Admin_ReadOnly_7243976e43c75fc5"), Some("Admin_ReadOnly"));
        let hex_like = "AWSReservedSSO_aaaaaaaaaaaaaaaa_7243976e43c75fc5";
        assert_eq!(permission_set_of_role(hex_like), Some("aaaaaaaaaaaaaaaa"));
        assert_eq!(permission_set_of_role("AWSReservedSSO_Admin"), None);
        assert_eq!(permission_set_of_role("Admin_7243976e43c75fc5"), None);
    }

    #[test]
    fn finds_the_user_in_the_session_of_a_permission_set() {
        let arn = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_7243976e43c75fc5/jane.doe@example.com";
        assert_eq!(session_of_permission_set(arn), Some("jane.doe@example.com"));
        for other in
            ["arn:aws:sts::111122223333:assumed-role/Admin/jane.doe", "arn:aws:iam::111122223333:user/jane.doe", ""]
        {
            assert_eq!(session_of_permission_set(other), None, "{other}");
        }
    }

    #[test]
    fn reads_a_session_out_of_an_error_message() {
        let arn = "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Red_shift_7243976e43c75fc5/jane.doe";
        let found = session_in(&format!("User: {arn} is not authorized to perform: s3:ListBuckets"));
        let session =
            Session { user: "jane.doe".into(), account: "123456789012".into(), permission_set: "Red_shift".into() };
        assert_eq!((found, session_in(arn)), (Some(session.clone()), Some(session)));
        let others =
            ["arn:aws:sts::123456789012:assumed-role/Admin/x", "arn:aws:iam::123456789012:user/jane", "jane.doe"];
        assert!(others.into_iter().all(|other| session_in(other).is_none()));
        assert_eq!(
            account_and_set_of_role("arn:aws:iam::123456789012:role/Admin"),
            Some(("123456789012".into(), None))
        );
        assert_eq!(account_and_set_of_role("arn:aws:sso:::permissionSet/ssoins-1/ps-1"), None);
    }

    #[test]
    fn tells_user_ids_from_names() {
        assert!(is_user_id("9d976f61-3b89-4b98-88db-2ea3bbc1f3fa"));
        assert!(is_user_id("976710cc5d-9d976f61-3b89-4b98-88db-2ea3bbc1f3fa"));
        assert!(!is_user_id("jane.doe"));
        assert!(!is_user_id("9d976f61-3b89-4b98-88db"));
    }
}
