//! The faults that can be found on somebody's own machine: the name of each, what it is in one line, and its page. They
//! are no rules: none of them proves that somebody is kept out.

/// Lists the faults once, so that none is without a page.
macro_rules! kinds {
    ($($kind:ident $id:literal $summary:literal)*) => {
        /// What sort of fault it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind {
            $(#[doc = $summary] $kind,)*
        }

        impl Kind {
            /// Every sort, in the order in which they stop the AWS CLI.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// Its name, by which scripts know it: kebab-case, and never reused for another.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$kind => $id,)*
                }
            }

            /// The fault in one line.
            pub const fn summary(self) -> &'static str {
                match self {
                    $(Self::$kind => $summary,)*
                }
            }

            /// What it means, how we know, how to fix: Markdown, and the project's documentation of the fault.
            pub const fn explain(self) -> &'static str {
                match self {
                    $(Self::$kind => include_str!(concat!("../../docs/machine/", $id, ".md")),)*
                }
            }
        }
    };
}

kinds! {
    ConfigFileBroken "config-file-broken" "the AWS CLI cannot read the config file at all"
    KeysIncomplete "keys-incomplete" "half of a key is set, in the environment or in a file"
    KeysOutrankProfile "keys-outrank-profile" "keys in the environment are used instead of the profile that a variable names"
    SectionHeaderWrong "section-header-wrong" "the AWS CLI passes over a section, since its header is no profile's"
    SectionHidden "section-hidden" "a later section defines the same profile again, and the AWS CLI reads that one alone"
    LineIndented "line-indented" "a line is indented, and so became a part of the value above it"
    RoleSourceMissing "role-source-missing" "a profile has a role to assume, and nothing says with whose credentials"
    RoleSourceContradicts "role-source-contradicts" "a profile takes credentials for its role from two places at once"
    RoleSourceUnknown "role-source-unknown" "a profile takes credentials for its role from a profile that is not there"
    RoleSourceLoop "role-source-loop" "profiles take credentials from each other in a circle"
    RoleSourceEmpty "role-source-empty" "a profile takes credentials for its role from a profile that has none"
    CredentialSourceUnknown "credential-source-unknown" "a profile takes credentials for its role from a source that the AWS CLI does not know"
    WebIdentityRoleMissing "web-identity-role-missing" "a profile has a web identity and no role for it to assume"
    SsoSessionUndefined "sso-session-undefined" "a profile signs in by a session that the config file does not define"
    SsoSettingsMissing "sso-settings-missing" "a profile or session lacks a setting that signing in takes"
    SsoSettingsContradict "sso-settings-contradict" "a profile and its session say two things of the same"
    SsoStartUrlWrong "sso-start-url-wrong" "the start URL is not that of the organization's access portal"
    SsoRegionWrong "sso-region-wrong" "the access portal is looked for in a Region in which it is not"
    SsoAccountIdWrong "sso-account-id-wrong" "the account is not named by its 12 digits, or by others"
    SsoRoleNameWrong "sso-role-name-wrong" "the permission set that a profile names is none that the person has in the account"
    PermissionSetNotListed "permission-set-not-listed" "the access portal does not list a permission set that may well be assigned"
    SignInMissing "sign-in-missing" "the AWS CLI is not signed in"
    SignInExpired "sign-in-expired" "the sign-in has run out"
    SignInRefused "sign-in-refused" "the access portal does not take the sign-in"
    PortalListsNothing "portal-lists-nothing" "the access portal lists nothing where Identity Center assigns something"
}

impl Kind {
    /// The fault of this name.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.id() == id)
    }
}
